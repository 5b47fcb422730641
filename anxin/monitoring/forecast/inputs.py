"""From what is known of a coming pay day to the numbers a model reads, with names that people understand."""

from __future__ import annotations

import calendar
import datetime as dt
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Input:
    """One number of the model. ``raises``: a higher value means that a miss is more likely."""

    name: str
    title: str
    value: Callable[[Row], float | None]


def need_fen(row: Row) -> int | None:
    """What the pay day will ask for: the month's own payroll, else the last bill scaled by attendance.

    Empty before any payroll was delivered.
    """
    if row.get("promised_fen"):
        return int(row["promised_fen"])
    if not row.get("bill_fen"):
        return None
    return round(row["bill_fen"] * _growth(row))


def _growth(row: Row) -> float:
    """Attendance of the present month, as if whole, over that of the month of the last bill; within reason."""
    worked, before = row.get("present_worked"), row.get("bill_worked")
    if not worked or not before or row["present_month"] != row["month"]:
        return 1.0
    year, month = (int(part) for part in row["month"].split("-"))
    whole = calendar.monthrange(year, month)[1]
    as_of: dt.date = row["due"] - dt.timedelta(days=row["ahead"])
    passed = min(whole, (as_of - row["month_first"]).days + 1)
    if passed < 10:
        return 1.0
    return float(min(2.0, max(0.3, worked * whole / passed / before)))


def keeps_word(row: Row) -> float | None:
    """Share of the agreed labour cost of the last months that has arrived."""
    owed = row.get("owed_fen")
    return None if not owed else min(1.0, (row.get("disbursed_fen") or 0) / owed)


def expected_fen(row: Row) -> int:
    """What may be counted on until the pay day: the agreed sums, as far as the owner has kept word so far."""
    word = keeps_word(row)
    return round((row.get("expected_fen") or 0) * (1.0 if word is None else word))


def free_fen(row: Row) -> int | None:
    """The balance without what earlier pay days still ask for."""
    if row.get("balance_fen") is None:
        return None
    return int(row["balance_fen"]) - int(row.get("open_fen") or 0)


def covered(row: Row) -> float | None:
    """Balance and expected inflow over the need; 1 means enough."""
    need, free = need_fen(row), free_fen(row)
    if not need or free is None:
        return None
    return max(0.0, free + expected_fen(row)) / need


def _log(share: float | None) -> float | None:
    """Bounded logarithm: half and twice as much weigh alike."""
    return None if share is None else max(-3.0, min(2.0, math.log(max(share, 1e-3))))


def _balance_log(row: Row) -> float | None:
    need, free = need_fen(row), free_fen(row)
    return _log(max(0.0, free) / need) if need and free is not None else None


def _since_disbursed(row: Row) -> float | None:
    day = row.get("disbursed_on")
    if day is None:
        return None
    as_of: dt.date = row["due"] - dt.timedelta(days=row["ahead"])
    return min(4.0, (as_of - day).days / 30)


def _inflow_log(row: Row) -> float | None:
    need, inflow = need_fen(row), row.get("inflow_fen")
    return _log(inflow / need) if need and inflow is not None else None


#: less than four fifths by the day is a missed pay day
_MISSED = 0.2


def _missed(column: str) -> Callable[[Row], float | None]:
    def value(row: Row) -> float | None:
        share = row.get(column)
        return None if share is None else float(share > _MISSED)

    return value


def _short_again(row: Row) -> float | None:
    """Both together say more than each: the money is short, and it went wrong the last time."""
    share, enough = row.get("last_late_share"), covered(row)
    if share is None or enough is None:
        return None
    return float(share > _MISSED) * max(0.0, 1.0 - enough)


def _over_need(column: str) -> Callable[[Row], float | None]:
    def value(row: Row) -> float | None:
        need = need_fen(row)
        return min(3.0, (row.get(column) or 0) / need) if need else None

    return value


def _share(column: str) -> Callable[[Row], float | None]:
    def value(row: Row) -> float | None:
        share = row.get(column)
        return None if share is None else float(share)

    return value


def _capped(column: str) -> Callable[[Row], float | None]:
    def value(row: Row) -> float | None:
        months = row.get(column)
        return None if months is None else float(min(6, months))

    return value


INPUTS: tuple[Input, ...] = (
    Input("covered", "余额加预计到账够发几成", lambda row: _log(covered(row))),
    Input("balance", "现有余额够发几成", _balance_log),
    Input("word", "建设单位近几期人工费到账比例", keeps_word),
    Input("since", "距上一次人工费到账", _since_disbursed),
    Input("inflow", "近四十天到账的人工费够发几成", _inflow_log),
    Input("last_missed", "上一次没有按时发出", _missed("last_late_share")),
    Input("short_again", "上一次没有按时发出，余额又不够", _short_again),
    Input("last_late", "上一次发薪的拖延比例", _share("last_late_share")),
    Input("late", "近三个月发薪的拖延比例", _share("late_share")),
    Input("open", "以前月份还欠着的", _over_need("open_fen")),
    Input("clues", "近两个月的反映", lambda row: math.log1p(row.get("clues") or 0)),
    Input("contractor", "总包单位其他项目的拖延比例", _share("contractor_late_share")),
    Input("owner", "建设单位其他项目的拖延比例", _share("owner_late_share")),
    Input("lists", "已过发薪日而没有工资表的月份", lambda row: float(min(3, row.get("missing_lists") or 0))),
    Input("firm", "总包单位社保欠缴月数", _capped("contractor_insurance_arrears")),
    Input(
        "troubles", "总包单位近半年涉诉、欠税等", lambda row: math.log1p(row.get("contractor_troubles") or 0)
    ),
    Input("diverted", "近三个月转作他用的钱", _over_need("diverted_fen")),
    Input("ahead", "离发薪日的天数", lambda row: row["ahead"] / 30),
)


def vector(row: Row) -> list[float | None]:
    """The numbers in the order of ``INPUTS``; ``None`` where the source is missing."""
    return [one.value(row) for one in INPUTS]
