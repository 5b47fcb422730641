"""Complaints, arbitration and orders to pay: W14 to W17, Z01 and Z02."""

from __future__ import annotations

from collections.abc import Iterator

from checker.reading import Row
from checker.rules.paper import working_late
from checker.rules.wages import late
from checker.working import Check, same

Words = Iterator[str]
_PERCENT = 100


def _received(row: Row) -> Words:
    received = row.since("received_on")
    if received is None or received < 0:
        yield "收到的日子在所看的日子之后"
    if row["concerned"] < 1:
        yield "涉及人数不到一人"


def _counted(row: Row) -> Words:
    yield from _received(row)
    if row["clues"] != 1:
        yield "一行应当是一件线索"


def _of_month(row: Row) -> Words:
    if row["received_on"][:7] != row.month:
        yield "不是该月收到的"


def _w15(row: Row) -> Words:
    yield from _received(row)
    if row["days"] != row.since("received_on") or row["people_in_case"] != row["concerned"]:
        yield "天数或单案人数不对"


def _z01(row: Row) -> Words:
    yield from _counted(row)
    yield from _of_month(row)


def _z02(row: Row) -> Words:
    yield from _received(row)
    yield from _of_month(row)
    if row["cases"] != 1 or row["people_in_case"] != row["concerned"]:
        yield "件数或单案人数不对"


def _w16(row: Row) -> Words:
    yield from late(row)
    if row["concerned"] != max(row.number("order_people"), 1):
        yield "人数不对"
    if not same(row["limit_percent"], _criminal_share(row)):
        yield f"占数额较大标准的比例应为{_criminal_share(row):.1f}%，写的是{row['limit_percent']}"


def _criminal_share(row: Row) -> float:
    """The larger of the two shares whose condition is met, once the order has run out."""
    amount, people = row["amount_fen"], row["concerned"]
    if row["days"] < 1 or amount is None:
        return 0.0
    shares = [0.0]
    if row.number("order_months") >= row["single_months"] and row["single_limit_fen"]:
        shares.append(amount * _PERCENT / people / row["single_limit_fen"])
    if people >= row["group_people"] and row["group_limit_fen"]:
        shares.append(amount * _PERCENT / row["group_limit_fen"])
    return max(shares)


def _w17(row: Row) -> Words:
    yield from working_late(row)
    served, due = row.day("served_on"), row.day("due")
    if served is None or due is None or served > row.as_of or due >= row.as_of:
        yield "文书期限还没有满"


_CLUES = {"clues": "sum", "concerned": "sum", "extreme": "sum"}

CHECKS = {
    "W14": Check(_counted, _CLUES),
    "W15": Check(_w15, {"concerned": "sum", "people_in_case": "max", "extreme": "sum"}),
    "W16": Check(_w16, {"concerned": "sum", "limit_percent": "max", "limit_is_minimum": "max"}),
    "W17": Check(_w17, {"concerned": "sum"}),
    "Z01": Check(_z01, _CLUES),
    "Z02": Check(_z02, {"concerned": "sum", "people_in_case": "max", "cases": "sum"}),
}
