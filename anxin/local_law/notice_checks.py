"""Does an imported year agree with the law on public holidays and with itself?

全国年节及纪念日放假办法: 13 days since 2025 (《国务院关于修改〈全国年节及纪念日放假办法〉的决定》), 11 before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from anxin.local_law.notice_table import OFF, WORK, Mark

#: first day of 春节, then 清明, 端午, 中秋, as month and day: astronomy, not decided by anybody
_MOVING = {
    2025: ("0129", "0404", "0531", "1006"), 2026: ("0217", "0405", "0619", "0925"),
    2027: ("0206", "0405", "0609", "0915"), 2028: ("0126", "0404", "0528", "1003"),
    2029: ("0213", "0404", "0616", "0922"), 2030: ("0203", "0405", "0605", "0912"),
    2031: ("0123", "0405", "0624", "1001"), 2032: ("0211", "0404", "0612", "0919"),
    2033: ("0131", "0404", "0601", "0908"), 2034: ("0219", "0405", "0620", "0927"),
    2035: ("0208", "0405", "0610", "0916"), 2036: ("0128", "0404", "0530", "1004"),
    2037: ("0215", "0404", "0618", "0924"), 2038: ("0204", "0405", "0607", "0913"),
    2039: ("0124", "0405", "0527", "1002"), 2040: ("0212", "0404", "0614", "0920"),
}  # fmt: skip
_SINCE_13 = 2025


@dataclass(frozen=True)
class Check:
    """One thing that was looked at, and what was found, in a sentence."""

    title: str
    passed: bool
    detail: str


@dataclass(frozen=True)
class Counts:
    """``off_on_workdays``: days off that would otherwise be worked."""

    days_off: int
    off_on_workdays: int
    make_up: int


def counts(marks: Sequence[Mark]) -> Counts:
    off = [mark.day for mark in marks if mark.kind == OFF]
    return Counts(
        days_off=len(off),
        off_on_workdays=sum(day.weekday() < 5 for day in off),
        make_up=sum(mark.kind == WORK for mark in marks),
    )


def checks(year: int, marks: Sequence[Mark]) -> list[Check]:
    """Everything that should hold of an ordinary year; what does not is for a person to look at."""
    return [_statutory(year, marks), _make_up(marks), _contiguous(marks), _balance(year, marks)]


def statutory_days(year: int) -> dict[dt.date, str]:
    """The public holidays of a year that are known beforehand; without a table of that year only the fixed ones."""
    days = {dt.date(year, 1, 1): "元旦", dt.date(year, 5, 1): "劳动节"}
    days |= {dt.date(year, 10, number): "国庆节" for number in (1, 2, 3)}
    if year >= _SINCE_13:
        days[dt.date(year, 5, 2)] = "劳动节"
    if year in _MOVING:
        spring, qingming, dragon, autumn = (_moving(year, text) for text in _MOVING[year])
        days |= {spring + dt.timedelta(days=number): "春节" for number in (-1, 0, 1, 2)}
        days |= {qingming: "清明节", dragon: "端午节"}
        days.setdefault(autumn, "中秋节")
    return days


def _moving(year: int, text: str) -> dt.date:
    return dt.date(year, int(text[:2]), int(text[2:]))


def _statutory(year: int, marks: Sequence[Mark]) -> Check:
    wanted = statutory_days(year)
    off = {mark.day for mark in marks if mark.kind == OFF}
    missing = [f"{day:%m-%d}（{name}）" for day, name in sorted(wanted.items()) if day not in off]
    title = f"法定节假日{len(wanted)}天都在放假日内"
    if missing:
        return Check(title, False, f"这些法定节假日没有列为放假：{'、'.join(missing)}。")
    if year not in _MOVING:
        return Check(title, True, "只核对了公历固定的节日；农历节日和清明请对照通知原文。")
    return Check(title, True, "元旦、春节、清明、劳动节、端午、中秋、国庆均在内。")


def _make_up(marks: Sequence[Mark]) -> Check:
    wrong = [str(mark.day) for mark in marks if mark.kind == WORK and mark.day.weekday() < 5]
    if wrong:
        return Check("调休上班日都是周六或周日", False, f"这些上班日本来就是工作日：{'、'.join(wrong)}。")
    return Check("调休上班日都是周六或周日", True, "没有写错的上班日。")


def _contiguous(marks: Sequence[Mark]) -> Check:
    by_festival: dict[str, list[dt.date]] = {}
    for mark in marks:
        if mark.kind == OFF:
            by_festival.setdefault(mark.festival or "（未写节日）", []).append(mark.day)
    broken = [
        name
        for name, days in by_festival.items()
        if (max(days) - min(days)).days + 1 != len(days) and name != "（未写节日）"
    ]
    title = "每个节日的放假日连成一段"
    if broken:
        return Check(title, False, f"{'、'.join(broken)}的放假日中间断开，请核对有没有漏行或写错日期。")
    if "（未写节日）" in by_festival:
        return Check(title, False, "有放假日没有写节日，无法逐个核对。")
    return Check(title, True, f"共{len(by_festival)}个节日，各自连续。")


def _balance(year: int, marks: Sequence[Mark]) -> Check:
    """A make-up day gives back one day off in exchange, so what remains is the number of public holidays."""
    found = counts(marks)
    wanted = 13 if year >= _SINCE_13 else 11
    balance = found.off_on_workdays - found.make_up
    title = "占用的工作日减去调休上班日等于法定天数"
    said = f"放假占用工作日{found.off_on_workdays}天，调休上班{found.make_up}天，相差{balance}天"
    if balance == wanted:
        return Check(title, True, f"{said}，与法定{wanted}天一致。")
    return Check(title, False, f"{said}，法定为{wanted}天；有跨年调休或临时增加假日时会不同，请核对。")
