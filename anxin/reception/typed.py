"""A list of people as it is typed at the desk: one person a line, in whatever order the cells come."""

from __future__ import annotations

import re

from anxin.clues.claimant_rows import Said
from anxin.kernel.identifiers import clean_identifier
from anxin.kernel.money import MoneyError, parse_yuan
from anxin.kernel.refusal import Refused

_MOST_LINES = 500
_BETWEEN = re.compile(r"[,，;；、\t]+")
_ID = re.compile(r"\d{14,18}[\dXx]?")
_PHONE = re.compile(r"1\d{10}")
_SUM = re.compile(r"[¥￥]?[\d,.]+(元|万元|万)?")


def people_of(text: str) -> list[Said]:
    """The people of the lines; ``row`` is the line's number. Raises :class:`Refused` naming the line.

    A cell is an ID number, a telephone or a sum by its form; of the others the first is the name, the second the trade.
    """
    people = []
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [cell.strip() for cell in _cells(line) if cell.strip()]
        if cells:
            people.append(_person(number, cells))
    if len(people) > _MOST_LINES:
        raise Refused(
            f"一次最多打{_MOST_LINES}人，更多的请先登记，再在人员名单里导入 Excel。", field="people_list"
        )
    return people


def _cells(line: str) -> list[str]:
    return _BETWEEN.split(line) if _BETWEEN.search(line) else line.split()


def _person(number: int, cells: list[str]) -> Said:
    words: list[str] = []
    found: dict[str, str] = {}
    fen: int | None = None
    for cell in cells:
        plain = clean_identifier(cell)
        if _PHONE.fullmatch(plain):
            found.setdefault("phone", plain)
        elif _ID.fullmatch(plain):
            found.setdefault("id_number", plain)
        elif _SUM.fullmatch(cell) and fen is None:
            fen = _yuan(number, cell)
        else:
            words.append(cell)
    if not words:
        raise Refused(f"名单第{number}行没有姓名，请补上。", field="people_list")
    return Said(
        name=words[0],
        trade=" ".join(words[1:]),
        amounts={} if fen is None else {"worker": fen},
        row=number,
        **found,
    )


def _yuan(number: int, cell: str) -> int | None:
    try:
        return parse_yuan(cell)
    except MoneyError as error:
        raise Refused(f"名单第{number}行：{error}", field="people_list") from None
