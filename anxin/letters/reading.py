"""Before the seal, its keeper goes through the letter as it was issued; without that :mod:`anxin.letters.sealing` refuses."""

from __future__ import annotations

import datetime as dt
from typing import Any

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.evidence import files, readings
from anxin.evidence.models import FileReading
from anxin.kernel.refusal import Refused
from anxin.letters import content, turn_files
from anxin.letters.judging import require
from anxin.letters.life import Act
from anxin.letters.models import Letter
from anxin.signing.parties import Extent, Reading

NOT_READ = "您还没有看完这份文书，不能用印。请先打开全文，从头看到最后一行。"


def open_words(letter: Letter, *, by: User, now: dt.datetime) -> turn_files.Shown:
    """The words of the issued file, on the keeper's screen. Raises :class:`Refused`, also where the kept file is damaged."""
    require(letter, Act.SEALED, by)
    try:
        files.read(_issued(letter))
    except files.FileDamaged as damage:
        raise Refused(f"{damage}请联系系统管理员从备份恢复。") from damage
    readings.opened(_issued(letter).sha256, **_said(letter, by, now))
    return turn_files.blocks(content.words_of(letter.content))


def read_to_end(letter: Letter, *, by: User, now: dt.datetime) -> None:
    """Its last line was on the keeper's screen. Raises :class:`Refused`."""
    require(letter, Act.SEALED, by)
    readings.ended(_issued(letter).sha256, **_said(letter, by, now))


def reading_of(letter: Letter, by: User) -> FileReading | None:
    """This keeper's reading of the issued file; ``None`` where it has not ended."""
    return readings.read_by(actor(by), _issued(letter).sha256, Extent.BEFORE_SEAL)


def required(letter: Letter, by: User) -> Reading:
    """The reading that goes into the signature. Raises :class:`Refused` where there is none."""
    found = reading_of(letter, by)
    if found is None:
        raise Refused(NOT_READ)
    return readings.as_reading(found)


def _issued(letter: Letter) -> Any:
    assert letter.issued_file is not None
    return letter.issued_file


def _said(letter: Letter, by: User, now: dt.datetime) -> dict[str, Any]:
    about, what = ("letter", letter.pk), f"{letter.number}全文（用印前）"
    return {"extent": Extent.BEFORE_SEAL, "by": actor(by), "about": about, "what": what, "now": now}
