"""Letters as PDF/A. The same letter gives the same bytes on every machine and on every day."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import json
import threading
from pathlib import Path
from typing import cast

import typst

from anxin.kernel.days import day_words
from anxin.typesetting import faces
from anxin.typesetting.letters import Letter
from anxin.typesetting.seals import as_svg

SOURCE = Path(__file__).with_name("letter.typ")
#: seals of authorities are 42 mm wide, those of firms 40 mm
SEAL_MM = 42
_BEIJING = dt.timezone(dt.timedelta(hours=8))
#: a compiler serves one caller at a time
_turn = threading.Lock()


def pdf(letter: Letter, *, seal: bytes | None = None, seal_mm: float = SEAL_MM) -> bytes:
    """The letter as PDF/A-2b; ``seal`` is a picture (SVG, PNG, JPEG) laid over issuer and date.

    Raises :class:`FacesMissing` where the faces are not installed, :class:`~anxin.typesetting.errors.LetterError` where the seal is no picture.
    """
    inputs = {"letter": json.dumps(_data(letter, seal, seal_mm), ensure_ascii=False)}
    moment = dt.datetime.combine(letter.date, dt.time(), _BEIJING)
    with _turn:
        made = _compiler().compile(
            format="pdf",
            sys_inputs=inputs,
            timestamp=moment,
            pdf_standards="a-2b",
        )
    return cast("bytes", made)  # a PDF is one file; only pictures of pages come as several


@functools.cache
def _compiler() -> typst.Compiler:
    """One a process: reading the faces takes longer than setting a letter."""
    folders = sorted({str(path.parent) for path in faces.files()})
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    return typst.Compiler(str(SOURCE), root=str(SOURCE.parent), font_paths=fonts, ignore_system_fonts=True)


def _data(letter: Letter, seal: bytes | None, seal_mm: float) -> dict[str, object]:
    data = dataclasses.asdict(letter)
    day = letter.date
    return data | {
        "date": [day.year, day.month, day.day],
        "date_words": day_words(day),
        "seal": as_svg(seal) if seal else None,
        "seal_mm": seal_mm,
    }
