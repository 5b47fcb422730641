"""How far something is, in words that a person would say: what has been done, who has it, until when."""

from __future__ import annotations

from dataclasses import dataclass, field

from anxin.channels.models import Submission
from anxin.clues.masking import opened
from anxin.clues.models import Clue
from anxin.kernel.money import format_yuan
from anxin.referral import queries as referral


@dataclass(frozen=True)
class StandingShown:
    """``steps`` of the way: ``(word, done)``; ``facts``: ``(what, how)``."""

    sentence: str
    steps: list[tuple[str, bool]]
    facts: list[tuple[str, str]] = field(default_factory=list)
    #: the result as it was told
    words: str = ""
    #: whoever told us is asked whether they agree; and whether they may say that they do not
    waits_for_word: bool = False
    may_disagree: bool = False
    #: it is concluded: they are asked whether they are content; what they said of it, in words and as a key
    asks_satisfied: bool = False
    satisfied: str = ""
    satisfied_said: str = ""
    #: nobody has told them the result yet but this page
    untold: bool = False


_WAY = ("已收到", "已交给承办单位", "有了结果", "已办结")
#: what waits for a second person has no result yet: it is with the body that has it, where one has
_PLACE = {
    Clue.State.NEW: 1,
    Clue.State.REFERRED: 2,
    Clue.State.REVIEW: 1,
    Clue.State.CONCLUDED: 3,
    Clue.State.CLOSED: 4,
}
_CLOSED = "这件事已经办结。工资没有真正拿到的，请在下面留言告诉我们。"


def standing_of(submission: Submission) -> StandingShown:
    """From what the desk and the handlers did; before it is a clue it has been received, and that is all."""
    clue = submission.clue
    if clue is None:
        return StandingShown("您反映的情况已经收到，正在登记，一两分钟后可以看到进度。", _steps(1))
    told = referral.standing(clue)
    done = _PLACE[Clue.State(clue.state)]
    if told.body:
        done = max(done, 2)
    if told.conclusion:
        done = max(done, 3)
    # Closed without a result that was told: by the desk, as no matter of wages or part of another one.
    silent = clue.state == Clue.State.CLOSED and not told.conclusion
    return StandingShown(
        _CLOSED if silent else told.sentence,
        _steps(done),
        _facts(told),
        told.words,
        told.waits_for_word,
        told.may_disagree,
        told.asks_satisfied,
        told.satisfied.grade if told.satisfied else "",
        opened(told.satisfied.words) if told.satisfied else "",
        told.untold,
    )


def _facts(told: referral.Standing) -> list[tuple[str, str]]:
    facts = [("承办单位", told.body), ("结果", told.conclusion)]
    if told.due_on is not None:
        facts.insert(1, ("最晚办到", f"{told.due_on:%Y}年{told.due_on.month}月{told.due_on.day}日"))
    if told.people:
        facts.append(("涉及人数", f"{told.people}人"))
    if told.amount_fen:
        facts.append(("涉及金额", format_yuan(told.amount_fen)))
    return [(what, how) for what, how in facts if how]


def _steps(done: int) -> list[tuple[str, bool]]:
    return [(word, place < done) for place, word in enumerate(_WAY)]
