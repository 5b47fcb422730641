"""What a clue's page shows of the form that it was made of: one query, however many files and messages there are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from anxin.channels.models_voice import Submission
from anxin.clues.models import Clue


@dataclass(frozen=True)
class FileTold:
    pk: int
    kind: str
    name: str
    added_at: dt.datetime


@dataclass(frozen=True)
class MessageTold:
    """``text`` is whole."""

    from_office: bool
    by_name: str
    at: dt.datetime
    seen_at: dt.datetime | None
    text: str


@dataclass(frozen=True)
class VoiceOfClue:
    trade: str
    helped: bool
    #: when and by whom the receipt that holds was given out; empty where the phone got it with its form
    issued_at: dt.datetime | None
    issued_by_name: str
    files: list[FileTold] = field(default_factory=list)
    messages: list[MessageTold] = field(default_factory=list)

    @property
    def answered(self) -> bool:
        """Whether whoever told us has written a message."""
        return any(not one.from_office for one in self.messages)


def voice_of(clue: Clue) -> VoiceOfClue | None:
    """What stands behind the clue's receipt, with files and messages, the oldest first; ``None`` where it has none."""
    files, messages = (
        ("pk", "kind", "name", "added_at"),
        ("pk", "from_office", "by_name", "at", "seen_at", "text"),
    )
    rows = list(
        Submission.objects.filter(clue=clue).values(
            "trade",
            "helped",
            "issued_at",
            "issued_by_name",
            *(f"files__{name}" for name in files),
            *(f"messages__{name}" for name in messages),
        )
    )
    if not rows:
        return None
    # Every file stands beside every message: few of either, so that one question is cheaper than three.
    found = {row["files__pk"]: FileTold(*(row[f"files__{name}"] for name in files)) for row in rows}
    said = {
        row["messages__pk"]: MessageTold(
            row["messages__from_office"],
            row["messages__by_name"],
            row["messages__at"],
            row["messages__seen_at"],
            row["messages__text"].open(),
        )
        for row in rows
        if row["messages__pk"] is not None
    }
    return VoiceOfClue(
        rows[0]["trade"],
        rows[0]["helped"],
        rows[0]["issued_at"],
        rows[0]["issued_by_name"],
        [found[pk] for pk in sorted(pk for pk in found if pk is not None)],
        [said[pk] for pk in sorted(said)],
    )
