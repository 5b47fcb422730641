"""What verification says of a file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from anxin.kernel.refusal import Refused

WHOLE_FILE = "whole file"


class Unreadable(Refused):
    """There is nothing to judge: not a PDF, encrypted, too large, or without a signature."""


@dataclass(frozen=True)
class Signature:
    """One signature or time stamp of a file. ``time`` is the time stamp's; ``claimed`` what the signer's clock said."""

    name: str
    time: dt.datetime | None
    covers: str
    trusted: bool
    #: why it is not trusted, in one sentence
    doubt: str = ""
    slot: str = ""
    reason: str = ""
    identity: dict[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "time": self.time.isoformat() if self.time else None,
            "covers": self.covers,
            "trusted": self.trusted,
            "doubt": self.doubt or None,
            "slot": self.slot or None,
            "reason": self.reason or None,
            "identity": self.identity,
        }


@dataclass(frozen=True)
class Verdict:
    """``changed`` are sentences saying what was changed after which signature, ``missing`` what has to come yet.

    A file is valid when nothing was changed and nothing is missing; whether those who signed are trusted is said of
    each signature. ``valid`` without ``trusted`` means: intact, but nobody vouches for the names.
    """

    signers: tuple[Signature, ...] = ()
    stamps: tuple[Signature, ...] = ()
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def valid(self) -> bool:
        return bool(self.signers or self.stamps) and not self.changed and not self.missing

    @property
    def trusted(self) -> bool:
        return self.valid and all(one.trusted for one in (*self.signers, *self.stamps))

    def as_json(self) -> dict[str, Any]:
        return {
            "valid": self.valid,
            "trusted": self.trusted,
            "signers": [one.as_json() for one in self.signers],
            "changed": list(self.changed) or None,
            "missing": list(self.missing) or None,
            "time_stamps": [one.as_json() for one in self.stamps],
            "notes": list(self.notes),
        }
