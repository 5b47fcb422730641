"""Labour cost, wages, balances and outflows: W01 to W05, P01 to P03, W12, G01 to G03, G06."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checker.reading import Claim, Row
from checker.working import Check, same

Words = Iterator[str]
_FEN = 100
_AGREED = {"nominal": "max", "provisional": "max"}


def late(row: Row) -> Words:
    """``days`` are the days past the due day."""
    if row["days"] != row.since("due"):
        yield f"到期日{row['due']}到{row.as_of}应为{row.since('due')}天，写的是{row['days']}天"


def pay_day(row: Row) -> Words:
    """The due day is the agreed day, or the last working day before it, and it has come."""
    yield from late(row)
    nominal, due = row.day("nominal"), row.day("due")
    if nominal is None or due is None or due != row.calendar.on_or_before(nominal):
        yield f"发薪日{row['nominal']}遇休息日提前后不是{row['due']}"
    if due is None or due > row.as_of:
        yield "发薪日还没有到"


def amounts(row: Row, owed: Any) -> Words:
    if row["amount_fen"] != owed:
        yield f"金额应为{owed}分，写的是{row['amount_fen']}分"


def paid_percent(known: Mapping[str, Any]) -> dict[str, Any]:
    promised = known.get("promised_fen") or known.get("required_fen")
    return {"paid_percent": known["paid_fen"] * 100 / promised} if promised else {}


def covered(known: Mapping[str, Any]) -> dict[str, Any]:
    attended = known["attended"]
    return {"covered_percent": (attended - known["people"]) * 100 / attended} if attended else {}


def share(known: Mapping[str, Any]) -> dict[str, Any]:
    return {"share_percent": known["people"] * 100 / known["listed"]} if known["listed"] else {}


def _w01(row: Row) -> Words:
    yield from late(row)
    yield from amounts(row, row["required_fen"])
    if row["paid_fen"] > 0:
        yield "已有拨付，不是未拨付"
    due = row.day("due")
    if due and row["working_days_left"] != row.calendar.between(row.as_of, due):
        yield "剩余工作日数不对"


def _w02(row: Row) -> Words:
    yield from late(row)
    yield from amounts(row, row["required_fen"] - row["paid_fen"])
    if not 0 < row["paid_fen"] < row["required_fen"] or row["days"] < 1:
        yield "不是到期后只拨付了一部分"


def _w03(row: Row) -> Words:
    yield from pay_day(row)
    yield from amounts(row, row["promised_fen"])
    if row["paid_fen"] > 0 or row["promised_fen"] <= 0:
        yield "不是应发而一分未到账"


def _p01(row: Row) -> Words:
    yield from pay_day(row)
    yield from amounts(row, row["promised_fen"] - row["paid_fen"])
    if not 0 < row["paid_fen"] < row["promised_fen"]:
        yield "不是只到账了一部分"


def _w04(row: Row) -> Words:
    days = row.since("due")
    if row["days"] != max(days or 0, 0):
        yield "逾期天数不对"
    if row["attended_days"] <= 0:
        yield "没有出勤"
    if row.month >= row.as_of.isoformat()[:7]:
        yield "该月还没有过完"
    if not row["payroll_delivered"] and not (days or 0) > 0:
        yield "没有工资表，而发薪日还没有过"


def _w04_whole(claim: Claim) -> Words:
    people = len({row["person"] for row in claim.rows})
    if any(people <= row["unidentified_lines"] for row in claim.rows):
        yield "缺工资记录的人数没有超过对不上的工资记录，无法判断"


_W04 = Check(
    row=_w04,
    measures={
        "attended": "max",
        "attended_days": "sum",
        "unidentified_lines": "max",
        "payroll_delivered": "max",
        **_AGREED,
    },
    derived=covered,
    whole=_w04_whole,
)


def _p02(row: Row) -> Words:
    yield from amounts(row, row["net_fen"])
    if row["unidentified"] != (row["worker_key"] is None):
        yield "是否对应到实名制人员不对"


def _w05(row: Row) -> Words:
    yield from amounts(row, row["minimum_fen"] - row["net_fen"])
    if row["net_fen"] >= row["minimum_fen"]:
        yield "实发不低于最低工资标准"
    if row["working_days"] != row.calendar.in_month(row.month):
        yield "当月工作日数不对"
    if row["days_worked"] < row["working_days"]:
        yield "不是全勤"
    if row["minimum_since"][:10] > f"{row.month}-01":
        yield "当月一日该标准还没有施行"


def _p03(row: Row) -> Words:
    yield from amounts(row, row["payee_fen"] + row["purpose_fen"] + row["unproved_fen"])
    if sum(1 for name in ("payee_fen", "purpose_fen", "unproved_fen") if row[name]) != 1:
        yield "支出的去向应当只有一种"
    yuan = max(row["amount_fen"] // _FEN, 1)
    diverted = 0 if row["unproved_fen"] else yuan
    if (row["diverted_yuan"], row["unproved_yuan"]) != (diverted, yuan - diverted):
        yield "折成元的数额不对"
    if row["days"] != row.since("booked_on") or row["booked_on"][:7] != row.month:
        yield "记账日期与天数或月份不符"


def _w12(row: Row) -> Words:
    need, balance = row["need_fen"], row["balance_fen"]
    yield from amounts(row, need - balance)
    yield from late(row)
    if not balance < need or need <= 0:
        yield "余额够发"
    elif not same(row["balance_percent"], balance * 100 / need):
        yield "余额占比不对"
    nominal = row.day("nominal")
    if nominal is None or row["due"] != row.calendar.on_or_before(nominal).isoformat():
        yield "发薪日不对"
    if row.since("balance_on") is None or row.since("balance_on") < 0:  # type: ignore[operator]
        yield "余额日期不对"


def _g01(row: Row) -> Words:
    yield from late(row)
    yield from amounts(row, row["promised_fen"])
    if row["paid_fen"] > 0 or row["days"] < 1:
        yield "不是两个月都没有发放"
    due = row["due"]
    year, month = int(row.month[:4]), int(row.month[5:]) + 1
    if due[:7] != f"{year + (month > 12):04d}-{(month - 1) % 12 + 1:02d}":
        yield "次月不对"


def _g02(row: Row) -> Words:
    yield from amounts(row, row["floor_fen"] * row["concerned"] - row["total_fen"])
    if row["amount_fen"] <= 0:
        yield "人均不低于下限"


def _g03(row: Row) -> Words:
    yield from pay_day(row)
    if row["attended_days"] <= 0 or row["days"] < 1:
        yield "没有出勤，或者发薪日还没有过"


_LABOUR_COST = {"required_fen": "sum", "paid_fen": "sum", "working_days_left": "min", "cycle_months": "max"}
_LINES = {"promised_fen": "sum", "paid_fen": "sum", "receipts_delivered": "max", **_AGREED}

CHECKS = {
    "W01": Check(_w01, _LABOUR_COST, paid_percent),
    "W02": Check(_w02, _LABOUR_COST, paid_percent),
    "W03": Check(_w03, _LINES, paid_percent),
    "P01": Check(_p01, _LINES, paid_percent),
    "W04": _W04,
    "G06": _W04,
    "P02": Check(_p02, {"net_fen": "sum", "unidentified": "sum", "listed": "max"}, share),
    "W05": Check(
        _w05,
        {
            "minimum_fen": "max",
            "minimum_since": "max",
            "minimum_source": "max",
            "working_days": "max",
            "net_fen": "min",
        },
    ),
    "P03": Check(
        _p03,
        {
            "payee_fen": "sum",
            "purpose_fen": "sum",
            "unproved_fen": "sum",
            "diverted_yuan": "sum",
            "unproved_yuan": "sum",
        },
    ),
    "W12": Check(
        _w12,
        {
            "balance_fen": "min",
            "balance_on": "max",
            "balance_percent": "min",
            "need_fen": "max",
            "estimated": "max",
            **_AGREED,
        },
    ),
    "G01": Check(_g01, {"concerned": "max", "paid_fen": "sum"}),
    "G02": Check(_g02, {"total_fen": "sum", "concerned": "max", "floor_fen": "max"}),
    "G03": Check(_g03, {"attended": "max", **_AGREED}, covered),
}
