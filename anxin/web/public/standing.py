"""How far something is, in words that a person would say: what has been done, who has it, until when."""

from __future__ import annotations

from dataclasses import dataclass

from anxin.channels.models import Submission
from anxin.clues.models import Clue


@dataclass(frozen=True)
class Standing:
    """``steps`` of the way: ``(word, done)``; ``sentence`` says where it is now."""

    sentence: str
    steps: list[tuple[str, bool]]


_WAY = ("已收到", "已交给承办单位", "有了结果", "已办结")
_SENTENCES = {
    Clue.State.NEW: "您反映的情况已经收到并登记，正在看是哪个单位负责，很快会交办。",
    Clue.State.REFERRED: "您反映的情况已经交给承办单位办理，承办人会核实情况，需要时会在这里留言或给您打电话。",
    Clue.State.CONCLUDED: "承办单位已经有了处理结果，正等着和您核对。",
    Clue.State.CLOSED: "这件事已经办结。工资没有真正拿到的，请在下面留言，可以重新办理。",
}
_PLACE = {Clue.State.NEW: 1, Clue.State.REFERRED: 2, Clue.State.CONCLUDED: 3, Clue.State.CLOSED: 4}


def standing_of(submission: Submission) -> Standing:
    """From the clue's state; before it is a clue it has been received, and that is all."""
    if submission.clue is None:
        return Standing("您反映的情况已经收到，正在登记，一两分钟后可以看到进度。", _steps(1))
    state = Clue.State(submission.clue.state)
    return Standing(_SENTENCES[state], _steps(_PLACE[state]))


def _steps(done: int) -> list[tuple[str, bool]]:
    return [(word, place < done) for place, word in enumerate(_WAY)]
