"""Duties on paper: W06, W07, W08, W11 and W20."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from checker.reading import Row
from checker.rules.wages import amounts, late
from checker.working import Check

Words = Iterator[str]
_PERCENT = 100
_KINDS = {"opening": "opening_days", "filing": "filing_days", "closed": "closed_early"}


def working_late(row: Row) -> Words:
    """``days`` are the working days past the due day."""
    due = row.day("due")
    if due is None or row["days"] != row.calendar.between(due, row.as_of):
        yield f"到期日{row['due']}以后的工作日数不对，写的是{row['days']}"


def _w06(row: Row) -> Words:
    yield from late(row)
    told = [name for name in _KINDS.values() if row[name] is not None]
    if told != [_KINDS.get(row["missing"])]:
        yield "缺的是哪一项与所写的量不符"
    elif row["missing"] == "closed":
        if row["closed_early"] != 1 or row["days"] < 0:
            yield "账户还没有撤销"
    elif row[told[0]] != row["days"]:
        yield "所写的天数不对"
    due, since = row.day("due"), row.day("since")
    if due is None or since is None or due < since:
        yield "到期日早于起算日"
    if row["missing"] == "filing" and row["days"] < 1:
        yield "备案期限还没有过"


def _w07(row: Row) -> Words:
    if row["replenish_late"]:
        yield from _replenished(row)
        return
    yield from working_late(row)
    yield from amounts(row, row["required_fen"] - row["held_fen"])
    if row["short_fen"] != row["amount_fen"] or row["amount_fen"] <= 0:
        yield "差额不对"
    if not row["assessed"]:
        full = round(row["contract_fen"] * row["ratio_percent"] / _PERCENT)
        cap = row["cap_fen"]
        if abs(row["required_fen"] - (full if cap is None else min(full, cap))) > 1:
            yield "应存数额与合同价款、比例、上限不符"
    permit, limit = row.day("permit_on"), row["limit_days"]
    if permit is not None:
        calendar = row.calendar
        working = row["limit_unit"] == "工作日"
        due = (
            calendar.after(permit, limit)
            if working
            else calendar.on_or_after(permit + dt.timedelta(days=limit))
        )
        if due.isoformat() != row["due"]:
            yield f"存储期限应为{due}，写的是{row['due']}"


def _replenished(row: Row) -> Words:
    yield from amounts(row, row["replenish_fen"])
    due = row.day("due")
    if due is None or due >= row.as_of or row["replenish_due"] != row["due"]:
        yield "补足期限还没有过"
    elif row["days"] is not None:
        yield from working_late(row)


def _w08(row: Row) -> Words:
    yield from late(row)
    if row["valid_until"] != row["due"]:
        yield "到期日不是保函的最后一天"


def _w11(row: Row) -> Words:
    if row["days"] != row.since("fix_by") or row["fix_days"] != row["days"] or row["due"] != row["fix_by"]:
        yield "限改日期与天数不符"
    if not row["no_board"] and row["missing_items"] <= 0:
        yield "告示牌没有缺失"
    checked = row.since("checked_on")
    if checked is None or checked < 0:
        yield "检查日期在所看的日子之后"


def _w20(row: Row) -> Words:
    yield from working_late(row)
    if row["since"] != row["due"] or row["of_rule"] == "W20" or row["days"] < 1:
        yield "不是派单后满一个工作日没有反馈"


_DEPOSIT = {
    "short_fen": "sum",
    "assessed": "max",
    "replenish_late": "sum",
    "replenish_fen": "sum",
    "replenish_due": "min",
    "contract_fen": "max",
    "ratio_percent": "max",
    "ratio_is_minimum": "max",
    "ratio_source": "max",
    "cap_fen": "max",
    "required_fen": "max",
    "held_fen": "max",
    "permit_on": "max",
}

CHECKS = {
    "W06": Check(_w06, {"opening_days": "max", "filing_days": "max", "closed_early": "sum", "since": "min"}),
    "W07": Check(_w07, _DEPOSIT),
    "W08": Check(_w08),
    "W11": Check(_w11, {"checked_on": "max", "missing_items": "max", "no_board": "max", "fix_days": "max"}),
    "W20": Check(_w20, {"of_level": "max"}),
}
