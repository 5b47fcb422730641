"""Contracts, and all papers that people sign, as PDF: a filled letter, with room at the foot of its last page for the stamps.

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
from anxin.typesetting.templates import templates

#: left, bottom, right, top in points from the lower left corner of the last page
Box = tuple[int, int, int, int]
_FOOT = 86
_ROOM = 112
EMPLOYER_BOX: Box = (78, _FOOT, 288, _FOOT + 104)
WORKER_BOX: Box = (320, _FOOT + 16, 515, _FOOT + 80)
_BEIJING = dt.timezone(dt.timedelta(hours=8))
#: a compiler serves one caller at a time
_turn = threading.Lock()


#: a record is signed by many: three in a line at the foot of the last page
MOST_SIGNERS = 18
_ACROSS, _LINE, _BOX = 3, 62, (140, 54)


def boxes_for(number: int) -> tuple[int, list[Box]]:
    """The room that so many signatures take at the foot of the last page, in points, and the place of each in turn."""
    if not 1 <= number <= MOST_SIGNERS:
        raise ValueError(f"there is room for 1 to {MOST_SIGNERS} signatures")
    lines = -(-number // _ACROSS)
    boxes: list[Box] = []
    for n in range(number):
        left = 74 + (n % _ACROSS) * (_BOX[0] + 8)
        bottom = _FOOT + (lines - 1 - n // _ACROSS) * _LINE
        boxes.append((left, bottom, left + _BOX[0], bottom + _BOX[1]))
    return lines * _LINE + 4, boxes


def agreement_pdf(letter: Letter, *, room: int = _ROOM) -> bytes:
    """The paper without signatures; the same letter gives the same bytes on every machine.

    ``room``: how many points stay free at the foot of the last page.
    """
    more = {"date": None, "room": room, "number_label": _number_label(letter)}
    said = json.dumps(dataclasses.asdict(letter) | more).encode()
    moment = dt.datetime.combine(letter.date, dt.time(), _BEIJING)
    with _turn:
        made = _compiler().compile(  # type: ignore[type-var]
            input=_sources() | {"letter.json": said}, format="pdf", timestamp=moment
        )
    assert isinstance(made, bytes)
    return made


def _number_label(letter: Letter) -> str:
    """What the kind of paper calls its number: 合同编号 of a contract, 文号 of what a register counts, else 编号."""
    one = templates().get(letter.key)
    number = one.fields.get("number") if one else None
    return number.label if number else "编号"


@functools.cache
def _sources() -> dict[str, bytes]:
    folder = files("anxin.typesetting")
    names = {"main.typ": "agreement.typ", "tables.typ": "tables.typ"}
    return {name: folder.joinpath(file).read_bytes() for name, file in names.items()}


@functools.cache
def _compiler() -> typst.Compiler:
    import pylopdf_fonts_zh_cn

    folder = Path(pylopdf_fonts_zh_cn.__file__).parent
    return typst.Compiler(font_paths=[folder], ignore_system_fonts=True)
