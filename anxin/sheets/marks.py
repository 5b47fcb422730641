"""What one cell of an attendance grid says: a tick, a word, hours, times, or a symbol that the legend explains.

Rules, so that anyone can count again: a tick or a word of presence is 1 day, 半天 is 0.5, absence and rest are 0.
Numbers in a sheet that never passes 3 are days (1, 0.5, 1.5); otherwise they are hours: above 4 hours is 1 day,
up to 4 hours is 0.5. Clock times are no mark: they are passages, kept as such (``Mark.times``) and turned into days
by the day rule of those who import them. In three rows per person the first two are morning and afternoon, half a day
each, and the third holds overtime hours.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from anxin.sheets.dates import parse_times
from anxin.sheets.texts import half_width, is_blank, squeeze
from anxin.sheets.workbook import Cell

ONE, HALF, ZERO = Decimal(1), Decimal("0.5"), Decimal(0)
#: the largest number that still reads as days; hours of a day are more
MAX_DAY_UNITS = Decimal(3)
_HALF_DAY_HOURS = 4

_PRESENT_SYMBOLS = frozenset("✓√✔☑✅vV●■⊙P全勤")
_ABSENT_SYMBOLS = frozenset("✗×✘✖xX╳☒❌○◯〇□/-—NA")
_HALF_WORDS = re.compile(r"半天|半日|半勤|半$|^半|上午$|下午$")
_ABSENT_WORDS = re.compile(
    r"休|假|旷|缺勤|未出勤|未到|停工|离职|未打卡|无排班|^[事病年婚产丧工探]$|空$|退场|没来|不在|^未"
)
_PRESENT_WORDS = re.compile(
    r"出勤|正常|全勤|^到|到岗|在岗|[白夜早中晚长]班|^[白夜早中晚班勤]$|加班|出差|外勤|公出|外出|迟到|早退|补卡|缺卡|上班|打卡|全天|培训|值班|在场"
)
_NUMBER = re.compile(r"^(\d+(?:\.\d+)?)(?:个?小时|H|工时|时|工|天)?$")
_PLUS = re.compile(r"^(.+?)(?:\+|加班|加)(\d+(?:\.\d+)?)(?:个?小时|H|时)?$")
_LEGEND_WORD = r"出勤|上班|正常|在岗|全天|全勤|白班|夜班|加班|出差|外勤|公出|迟到|早退|半天|半日|休息|公休|轮休|休假|放假|年假|年休|事假|病假|婚假|丧假|产假|工伤|旷工|缺勤|调休|探亲|离职"
_SYMBOL = r"[^\w\s\u4e00-\u9fff,。、;:()\"'“”]|[A-Za-z]|[〇○]"
_LEGEND = (
    re.compile(rf"^({_LEGEND_WORD})(?:[:=\-为用]|打|记)*[(\"“'‘]?({_SYMBOL})[)\"”'’]?$"),
    re.compile(rf"^[(\"“'‘]?({_SYMBOL})[)\"”'’]?(?:[:=\-]|表示|代表|为)*({_LEGEND_WORD})$"),
)


class Meaning(Enum):
    PRESENT = "present"
    HALF = "half"
    ABSENT = "absent"


@dataclass(frozen=True)
class Mark:
    """``fraction`` of a day; ``None`` with ``number`` set until the sheet's unit (days or hours) is known.

    ``times`` in the order written, and then no fraction: the cell holds passages.
    """

    fraction: Decimal | None
    hours: Decimal | None = None
    overtime: Decimal | None = None
    times: tuple[dt.time, ...] = ()
    number: Decimal | None = None


def read_legend(lines: Iterable[Iterable[Cell]]) -> dict[str, Meaning]:
    """Symbols that the sheet explains itself: ``出勤√ 休息○ 事假△`` or ``√：出勤``."""
    legend: dict[str, Meaning] = {}
    for cells in lines:
        for cell in cells:
            if not isinstance(cell, str) or len(cell) < 2:
                continue
            text = re.sub(r"^\s*(?:图例|符号|说明|备注|注|考勤符号|标记)[^:]{0,4}[::]", "", half_width(cell))
            text = re.sub(r"\s*([:=])\s*", r"\1", text)
            for token in re.split(r"[\s,、;。|]+", text):
                for order, pattern in enumerate(_LEGEND):
                    match = pattern.match(token)
                    if match:
                        word, symbol = match.groups() if order == 0 else match.groups()[::-1]
                        legend.setdefault(symbol.upper(), _meaning(word))
    return legend


def _meaning(word: str) -> Meaning:
    if _HALF_WORDS.search(word):
        return Meaning.HALF
    return (
        Meaning.ABSENT if _ABSENT_WORDS.search(word) or word == "工伤" or word == "探亲" else Meaning.PRESENT
    )


def read_mark(cell: Cell, legend: dict[str, Meaning]) -> Mark | None:
    """The mark in a filled cell, or ``None`` when it cannot be understood."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if isinstance(cell, float) and 0 < cell < 1 and cell not in (0.25, 0.5, 0.75) and len(repr(cell)) > 6:
            return Mark(None, times=tuple(parse_times(cell)))
        return (
            Mark(None, number=Decimal(repr(cell)).normalize() if cell >= 0 else None) if cell >= 0 else None
        )
    if isinstance(cell, dt.datetime | dt.time):
        return Mark(None, times=tuple(parse_times(cell)))
    if isinstance(cell, dt.timedelta):
        hours = Decimal(int(cell.total_seconds())) / 3600
        return Mark(None, number=hours) if hours else Mark(ZERO)
    if isinstance(cell, bool):
        return Mark(ONE if cell else ZERO)
    return _read_text(str(cell), legend)


def _read_text(cell: str, legend: dict[str, Meaning]) -> Mark | None:
    text = squeeze(cell)
    if text in legend:
        return Mark(_fraction(legend[text]))
    times = parse_times(cell)
    if times:
        return Mark(None, times=tuple(times))
    match = _NUMBER.match(text)
    if match:
        return Mark(None, number=Decimal(match[1]))
    match = _PLUS.match(text)
    if match:
        base = _read_text(match[1], legend)
        if base:
            return Mark(base.fraction, base.hours, Decimal(match[2]), base.times, base.number)
    if len(text) <= 3 and all(c in _PRESENT_SYMBOLS or c in _ABSENT_SYMBOLS or c in legend for c in text):
        return _symbols(text, legend)
    if _HALF_WORDS.search(text):
        return Mark(HALF)
    if _ABSENT_WORDS.search(text) and not re.search(r"加班|出勤", text):
        return Mark(ZERO)
    if _PRESENT_WORDS.search(text):
        return Mark(ONE)
    return None


def _symbols(text: str, legend: dict[str, Meaning]) -> Mark:
    """One symbol is the day; two are morning and afternoon, half a day each."""
    parts = [
        _fraction(legend[c]) if c in legend else (ONE if c in _PRESENT_SYMBOLS else ZERO)
        for c in (text if len(text) == 2 else text[:1])
    ]
    return Mark(sum(parts, ZERO) / len(parts))


def _fraction(meaning: Meaning) -> Decimal:
    return {Meaning.PRESENT: ONE, Meaning.HALF: HALF, Meaning.ABSENT: ZERO}[meaning]


def hours_between(first: dt.time, last: dt.time) -> Decimal:
    """A stretch of overtime written as its beginning and end; an end before the beginning is after midnight."""
    minutes = (last.hour * 60 + last.minute) - (first.hour * 60 + first.minute)
    return (Decimal(minutes % 1440) / 60).quantize(Decimal("0.01"))


def fraction_of_hours(hours: Decimal) -> Decimal:
    """Hours as part of a day: none, half (up to 4), whole."""
    if hours <= 0:
        return ZERO
    return HALF if hours <= _HALF_DAY_HOURS else ONE


def settled(mark: Mark, numbers_are_days: bool) -> Mark:
    """A mark with its fraction decided, once it is known whether the sheet counts days or hours."""
    if mark.number is None:
        return mark
    if numbers_are_days:
        return Mark(mark.number, None, mark.overtime)
    return Mark(fraction_of_hours(mark.number), mark.number, mark.overtime)


def only_marks(cells: Iterable[Cell], legend: dict[str, Meaning]) -> bool:
    """Whether all filled cells are marks of attendance."""
    return all(is_blank(cell) or read_mark(cell, legend) is not None for cell in cells)
