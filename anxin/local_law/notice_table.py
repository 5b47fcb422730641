"""Reading the State Council's notice from a small table, however the office has laid it out.

Understood: one row per day; one row per stretch (起, 止); one row per festival with a column of days off and a
column of make-up days; and the sentences of the notice pasted into cells.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from anxin.kernel.refusal import Refused
from anxin.local_law.notice_dates import NoticeError, days_in, span
from anxin.sheets import Sheet, SheetRefused, read_workbook
from anxin.sheets.dates import DateError, parse_date
from anxin.sheets.workbook import Cell

OFF, WORK = "off", "work"
#: a table of one year is small; this is somebody's payroll
_MOST_ROWS = 500
_HEADER_WITHIN = 15
#: a notice may name days of the last days of the year before
_EARLIEST = (12, 20)
FESTIVALS = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
_HEADERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("kind", re.compile(r"(?=.*放假)(?=.*上班)|^(类型|类别|安排|性质|说明|kind|type)$", re.I)),
    ("festival", re.compile(r"节日|假日名|节假日|名称|^(假日|假期|festival|holiday|name)$", re.I)),
    ("work", re.compile(r"上班|补班")),
    ("off", re.compile(r"放假|休假")),
    ("start", re.compile(r"^(起|自|开始|起始|从|from|start)|起日", re.I)),
    ("end", re.compile(r"^(止|至|到|结束|截止|终止|to|until|end)|止日", re.I)),
    ("day", re.compile(r"日期|时间|^(日|day|date)$", re.I)),
)
_WORK_WORDS = re.compile(r"上班|补班|^work$", re.I)
_OFF_WORDS = re.compile(r"放假|休假|休息|^休$|^off$|^holiday$", re.I)


@dataclass(frozen=True)
class Mark:
    """One day as the notice has it: ``kind`` is ``off`` or ``work``; ``where`` says which row it came from."""

    day: dt.date
    kind: str
    festival: str
    where: str = ""


def read_notice(data: bytes, filename: str, year: int) -> list[Mark]:
    """The days of a notice, by day, each once. Raises :class:`Refused` with a sentence naming the row."""
    try:
        book = read_workbook(data, filename)
    except SheetRefused as refusal:
        raise Refused(str(refusal), field="file") from refusal
    marks: list[Mark] = []
    for sheet in book.sheets:
        if sheet.visible:
            marks += _sheet(sheet, year)
    if not marks:
        raise Refused(
            "表里没有读到放假或上班的日期。请用“节日、起、止、放假或上班”四列的表，或把通知原文粘贴到单元格里。",
            field="file",
        )
    return _each_once(marks, year)


def _sheet(sheet: Sheet, year: int) -> list[Mark]:
    if len(sheet.rows) > _MOST_ROWS:
        raise Refused(f"“{sheet.name}”有{len(sheet.rows)}行，不像一年的放假安排，请核对文件。", field="file")
    header = _header(sheet)
    reader = _rows(sheet, header, year) if header else _sentences(sheet, year)
    return list(reader)


def _header(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """The first row whose cells name at least two columns, one of them days."""
    for index, row in enumerate(sheet.rows[:_HEADER_WITHIN]):
        columns: dict[str, int] = {}
        for at, cell in enumerate(row):
            name = _column(cell)
            if name and name not in columns:
                columns[name] = at
        if len(columns) >= 2 and columns.keys() & {"day", "start", "off", "work"}:
            return index, columns
    return None


def _column(cell: Cell) -> str:
    if not isinstance(cell, str) or len(cell) > 20:
        return ""
    text = re.sub(r"\s+", "", cell)
    return next((name for name, pattern in _HEADERS if text and pattern.search(text)), "")


def _rows(sheet: Sheet, header: tuple[int, dict[str, int]], year: int) -> Iterator[Mark]:
    top, columns = header
    festival = ""
    for index, row in enumerate(sheet.rows[top + 1 :], start=top + 2):
        cells = {name: row[at] for name, at in columns.items()}
        if all(_blank(cell) for cell in cells.values()):
            continue
        where = f"第{index}行"
        # A festival over several rows is written once, in a merged cell.
        festival = str(cells.get("festival", "")).strip() or festival
        try:
            for kind, days in _row_days(cells, year):
                for day in days:
                    yield Mark(day, kind, festival, where)
        except NoticeError as problem:
            raise Refused(f"{where}：{problem}，请改正后重新导入。", field="file") from problem


def _row_days(cells: dict[str, Cell], year: int) -> Iterator[tuple[str, list[dt.date]]]:
    if "kind" not in cells and cells.keys() & {"off", "work"}:
        for kind in (OFF, WORK):
            if not _blank(cells.get(kind, "")):
                yield kind, _days(cells[kind], year)
        return
    first, last = cells.get("start", ""), cells.get("end", "")
    if not _blank(first):
        begun = _days(first, year)
        ended = begun if _blank(last) else _days(last, year)
        if not begun or not ended:
            raise NoticeError(f"起止日期“{first}”“{last}”读不出来")
        yield _kind(cells), span(begun[0], ended[-1])
        return
    cell = cells.get("day", cells.get("off", ""))
    days = _days(cell, year)
    if not days:
        if _blank(cells.get("kind", "")):
            return  # a remark under the table
        raise NoticeError(f"日期“{cell}”读不出来，应形如 {year}-10-01")
    yield _kind(cells), days


def _kind(cells: dict[str, Cell]) -> str:
    said = str(cells.get("kind", "")).strip()
    works, rests = bool(_WORK_WORDS.search(said)), bool(_OFF_WORDS.search(said))
    if works == rests:
        raise NoticeError(f"“{said or '（空）'}”看不出是放假还是上班，请写“放假”或“上班”")
    return WORK if works else OFF


def _days(cell: Cell, year: int) -> list[dt.date]:
    if isinstance(cell, dt.datetime):
        return [cell.date()]
    if isinstance(cell, dt.date):
        return [cell]
    if isinstance(cell, int | float):
        try:
            day = parse_date(cell)
        except DateError as problem:
            raise NoticeError(f"日期“{cell:g}”读不出来") from problem
        return [day] if day else []
    return days_in(str(cell), year)


def _sentences(sheet: Sheet, year: int) -> Iterator[Mark]:
    """The words of the notice itself: every sentence says either 放假 or 上班 of the days it names."""
    for index, row in enumerate(sheet.rows, start=1):
        for cell in row:
            if not isinstance(cell, str):
                continue
            festival = ""
            for sentence in re.split(r"[。；;\n]", cell):
                named = [name for name in FESTIVALS if name in sentence.split("：")[0].split(":")[0]]
                festival = "、".join(_full_name(name) for name in named) or festival
                yield from _sentence(sentence, festival, year, f"第{index}行")


def _sentence(sentence: str, festival: str, year: int, where: str) -> Iterator[Mark]:
    plain = re.sub(r"[（(][^（()）]*[)）]", "", sentence)
    works, rests = "上班" in plain, "放假" in plain
    if not festival or works == rests:
        return
    try:
        for day in days_in(plain.partition("：")[2] or plain, year):
            yield Mark(day, WORK if works else OFF, festival, where)
    except NoticeError as problem:
        raise Refused(f"{where}：{problem}，请改正后重新导入。", field="file") from problem


def _full_name(name: str) -> str:
    return name if name in ("元旦", "春节") else f"{name}节"


def _each_once(marks: list[Mark], year: int) -> list[Mark]:
    by_day: dict[dt.date, Mark] = {}
    for mark in marks:
        before = mark.day.year == year - 1 and (mark.day.month, mark.day.day) >= _EARLIEST
        if mark.day.year != year and not before:
            raise Refused(f"{mark.where}的{mark.day}不在{year}年内，请核对年份和文件。", field="file")
        other = by_day.setdefault(mark.day, mark)
        if other.kind != mark.kind:
            raise Refused(
                f"{mark.day}在{other.where}和{mark.where}一处是放假、一处是上班，请按通知改正后重新导入。",
                field="file",
            )
    if not any(day.year == year for day in by_day):
        raise Refused(f"表里没有{year}年的日期，请核对年份。", field="file")
    return [by_day[day] for day in sorted(by_day)]


def _blank(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()
