"""Days out of the words of a holiday notice: ``2月15日（周日）至23日``, ``2月14日、2月28日``, ``2027-10-01``."""

from __future__ import annotations

import datetime as dt
import re

_BRACKETS = re.compile(r"[（(][^（()）]*[)）]")
_TOKEN = re.compile(
    r"(?:(?P<year>\d{4})\s*[年./\-]\s*)?(?P<month>\d{1,2})\s*[月./\-]\s*(?P<day>\d{1,2})(?!\d)\s*[日号]?"
    r"|(?P<only>\d{1,2})\s*[日号]"
    r"|(?P<to>[至到~～—–\-]+)"
)
#: no holiday was ever longer than nine days; more is a slip
LONGEST = 16


class NoticeError(ValueError):
    """Words that name no sensible days; the message is a Chinese sentence without its full stop."""


def days_in(text: str, year: int) -> list[dt.date]:
    """All days named in a piece of a notice for ``year``, ranges written out. Raises :class:`NoticeError`.

    A December day before a January day is of the year before: ``12月31日至1月2日``.
    """
    found: list[dt.date] = []
    start: dt.date | None = None
    ranging, month, named = False, 0, year
    for token in _TOKEN.finditer(_BRACKETS.sub("", text)):
        if token["to"]:
            ranging = start is not None
            continue
        if token["only"]:
            if not month:
                raise NoticeError(f"“{text.strip()}”里的“{token[0].strip()}”没有写月份")
            day = _date(named, month, int(token["only"]), text)
        else:
            named = int(token["year"]) if token["year"] else year
            month = int(token["month"])
            day = _date(named, month, int(token["day"]), text)
        if ranging and start is not None:
            found = [*found[:-1], *span(start, day, text)]
        else:
            found.append(day)
        start, ranging = day, False
    return found


def span(first: dt.date, last: dt.date, text: str = "") -> list[dt.date]:
    """Both days and all between. Raises :class:`NoticeError`."""
    if last < first and first.month == 12 and last.month == 1:
        first = first.replace(year=last.year - 1)
    said = f"“{text.strip()}”" if text.strip() else f"{first}至{last}"
    if last < first:
        raise NoticeError(f"{said}的止日早于起日")
    if (last - first).days >= LONGEST:
        raise NoticeError(f"{said}超过{LONGEST}天，不像一次放假")
    return [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]


def _date(year: int, month: int, day: int, text: str) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise NoticeError(f"“{text.strip()}”里的{month}月{day}日不是有效的日期") from None
