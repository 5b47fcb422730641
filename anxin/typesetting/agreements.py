"""Contracts as PDF: a filled letter, with room at the foot of its last page where both parties sign.

Not in the style of official papers: parties read it on a telephone. It needs one face only, which comes with the
Python packages, so a contract can be made where the faces of letters are not installed.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import json
import threading
from importlib.resources import files
from pathlib import Path

import typst

from anxin.typesetting.letters import Letter

#: left, bottom, right, top in points from the lower left corner of the last page
Box = tuple[int, int, int, int]
_FOOT = 86
_ROOM = 112
EMPLOYER_BOX: Box = (78, _FOOT, 288, _FOOT + 104)
WORKER_BOX: Box = (320, _FOOT + 16, 515, _FOOT + 80)
_BEIJING = dt.timezone(dt.timedelta(hours=8))
#: a compiler serves one caller at a time
_turn = threading.Lock()


def agreement_pdf(letter: Letter) -> bytes:
    """The contract without signatures; the same letter gives the same bytes on every machine."""
    said = json.dumps({**dataclasses.asdict(letter), "date": None, "room": _ROOM}).encode()
    moment = dt.datetime.combine(letter.date, dt.time(), _BEIJING)
    with _turn:
        made = _compiler().compile(  # type: ignore[type-var]
            input={"main.typ": _source(), "letter.json": said}, format="pdf", timestamp=moment
        )
    assert isinstance(made, bytes)
    return made


@functools.cache
def _source() -> bytes:
    return files("anxin.typesetting").joinpath("agreement.typ").read_bytes()


@functools.cache
def _compiler() -> typst.Compiler:
    import pylopdf_fonts_zh_cn

    folder = Path(pylopdf_fonts_zh_cn.__file__).parent
    return typst.Compiler(font_paths=[folder], ignore_system_fonts=True)
