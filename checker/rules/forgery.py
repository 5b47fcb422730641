"""Signs of forgery: F01 to F13. What a row shows must by itself be the sign, whatever the threshold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from checker.reading import Claim, Row
from checker.working import Check, RowCheck

Words = Iterator[str]
_TWO, _THREE = 2, 3
_MONTH = 31


def _says(holds: bool, words: str) -> Words:
    if not holds:
        yield words


def _f02(row: Row) -> Words:
    yield from _says(row["senders"] >= _THREE and row["span_minutes"] >= 0, "不足三人转入同一账户")


def _f04(row: Row) -> Words:
    yield from _says(row["overlap_days"] + row["filled_days"] > 0, "既没有重叠也没有补传")


def _f05(row: Row) -> Words:
    yield from _says(max(row["same_days"], row["copied_days"]) >= _TWO, "没有重复的时刻")


def _f08(row: Row) -> Words:
    yield from _says(0 < row["apart_lines"] <= row["same_lines"] <= row["listed"], "相同的人数不成立")


def _f09(row: Row) -> Words:
    yield from _says(row["in_row"] >= _THREE and row["entry_span"] > 0, "不是连号，或者同日进场")


def _f10(row: Row) -> Words:
    yield from _says(row["most_days"] > _MONTH, "两人天数合计没有超过一个月")
    yield from _says(row["both_days"] <= row["most_days"], "当月天数多于最多的一个月")
    yield from _says(row["same_card"] + row["same_phone"] > 0, "没有共用的银行卡或手机号")


def _f12(row: Row) -> Words:
    away = row["fate"] in {"other_payee", "not_wages"}
    yield from _says(row["amount_fen"] > 0 and (away or row["fate"] == "returned"), "不是转作他用")
    yield from _says(
        (row["outflows"], row["returned"]) == ((1, 0) if away else (0, 1)), "转出和转回的笔数不对"
    )


def _f13(row: Row) -> Words:
    above = row["days_worked"] - row["punched"]
    yield from _says(above > 0 and above == row["above_days"], "多出的天数不对")
    yield from _says(int(above * 100 / row["punched"]) == row["above_percent"], "多出的比例不对")


def _shares_of_cards(claim: Claim) -> Words:
    people: dict[str, set[str]] = defaultdict(set)
    said: dict[str, int] = {}
    for row in claim.rows:
        people[row["card"]].add(row["person"])
        said[row["card"]] = row["sharers"]
    for card, persons in people.items():
        yield from _says(len(persons) == said[card], "共用一张卡的人数与证据行不符")


def _plain(holds: str, words: str) -> RowCheck:
    """A row whose number in the column must be positive."""

    def check(row: Row) -> Words:
        yield from _says(row[holds] > 0, words)

    return check


CHECKS = {
    "F01": Check(_plain("sharers", "没有共用的人"), {"sharers": "max"}, whole=_shares_of_cards),
    "F02": Check(_f02, {"senders": "max", "span_minutes": "max"}),
    "F03": Check(_plain("gate_days", "闸机没有记录"), {"listed": "max", "gate_days": "max"}),
    "F04": Check(_f04, {"overlap_days": "sum", "filled_days": "sum"}),
    "F05": Check(_f05, {"same_days": "max", "copied_days": "max"}),
    "F06": Check(_plain("face_days", "没有相同的脸"), {"sharers": "max", "face_days": "max"}),
    "F07": Check(_plain("days", "没有停工期间的打卡"), {"there": "max", "reason": "max"}),
    "F08": Check(_f08, {"listed": "max", "same_lines": "max", "apart_lines": "max"}),
    "F09": Check(_f09, {"in_row": "max", "entry_span": "max", "absent": "sum", "moved": "sum"}),
    "F10": Check(_f10, {"most_days": "max"}),
    "F11": Check(_plain("gate_days", "闸机没有记录"), {"days_worked": "max", "punched": "max"}),
    "F12": Check(_f12, {"outflows": "sum", "returned": "sum"}),
    "F13": Check(_f13, {"above_days": "max", "above_percent": "max"}),
}
