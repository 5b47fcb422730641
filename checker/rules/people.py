"""People: W09, W10, W13, W19, G04 and G05."""

from __future__ import annotations

from collections.abc import Iterator

from checker.reading import Row
from checker.rules.wages import amounts, late, share
from checker.working import Check

Words = Iterator[str]


def _w09(row: Row) -> Words:
    if row["unsigned"] + row["unregistered"] != 1:
        yield "未签合同与未登记应当只占一项"
    if row["days"] != row.since("entry"):
        yield "进场天数不对"
    if row["unsigned"] and (row["days"] is None or row["days"] < 0):
        yield "还没有进场"


def _w10(row: Row) -> Words:
    last, site = row.day("last_seen"), row.day("site_seen")
    if last is None or site is None or row["days"] != (site - last).days:
        yield "没有考勤的天数不对"
    if site is not None and site > row.as_of:
        yield "工地最后有考勤的日子在所看的日子之后"
    if row["paid_absent"]:
        yield from amounts(row, row["paid_fen"])
        if not row["paid_fen"]:
            yield "没有仍在发薪的记录"
    elif row["amount_fen"] is not None:
        yield "不算仍在发薪而写了金额"


def _outlier(row: Row) -> Words:
    yield from amounts(row, row["month_fen"])
    over_month, over_year = row["month_fen"] > row["month_limit_fen"], row["year_fen"] > row["year_limit_fen"]
    if (row["over_month"], row["over_year"], row["over_both"]) != (
        over_month,
        over_year,
        over_month and over_year,
    ):
        yield "是否超过限额不对"
    if row["year_fen"] < row["month_fen"]:
        yield "全年累计小于单月"


def _w13(row: Row) -> Words:
    yield from _outlier(row)
    if row["month_fen"] <= row["notice_fen"]:
        yield "没有超过提示数额"


def _g04(row: Row) -> Words:
    yield from _outlier(row)
    if not row["over_month"] and not row["over_year"]:
        yield "没有超过限额"


def _leaver(row: Row) -> Words:
    yield from late(row)
    yield from amounts(row, row["open_fen"])
    still_open = row["open_fen"] > 0 or row["unlisted_months"] > 0
    if row["open_days"] != (row["days"] if still_open else 0):
        yield "账面未付清的天数不对"
    if bool(row["contested"]) != (row["contested_on"] is not None) and row["contested"]:
        yield "没有反映欠薪的日期"
    if row["handling"] and not row["contested"]:
        yield "没有反映欠薪而写成正在处理"
    if row["silent"] != 1 - row["handling"]:
        yield "是否正在处理不对"


def _g05(row: Row) -> Words:
    yield from _leaver(row)
    if not row["contested"] and row["days"] < 1:
        yield "离场当天"


_OUTLIERS = {
    "month_fen": "max",
    "year_fen": "max",
    "over_month": "sum",
    "over_year": "sum",
    "over_both": "sum",
    "month_limit_fen": "max",
    "year_limit_fen": "max",
}
_LEAVERS = {
    "contested": "sum",
    "handling": "sum",
    "silent": "sum",
    "open_days": "max",
    "unlisted_months": "sum",
}

CHECKS = {
    "W09": Check(_w09, {"unsigned": "sum", "unregistered": "sum", "listed": "max"}, share),
    "W10": Check(_w10, {"site_seen": "max", "paid_absent": "sum"}),
    "W13": Check(_w13, _OUTLIERS),
    "G04": Check(_g04, _OUTLIERS),
    "W19": Check(_leaver, _LEAVERS),
    "G05": Check(_g05, _LEAVERS),
}
