"""Each warning against what its rows say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from checker.reading import Claim
from checker.rules import CHECKS
from checker.working import same, worked_out

_SAID = {"level": "级别", "people": "人数", "amount_fen": "金额", "days": "天数", "due": "到期日"}


@dataclass(frozen=True)
class Verdict:
    claim: Claim
    faults: tuple[str, ...]


def judge(claims: Iterable[Claim]) -> Iterator[Verdict]:
    """A verdict on every warning. All of one evaluation belong together: some count months in a row."""
    every = list(claims)
    overdue: dict[tuple[object, ...], set[int]] = defaultdict(set)
    for claim in every:
        if claim["month"] and (claim["days"] or 0) >= 1:
            overdue[(*claim.place, claim.as_of)].add(_index(claim["month"]))
    for claim in every:
        months = overdue[(*claim.place, claim.as_of)]
        yield Verdict(claim, tuple(_faults(claim, _in_a_row(claim, months))))


def _index(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:])


def _in_a_row(claim: Claim, months: set[int]) -> int:
    """How many overdue months in a row end with that of the warning."""
    if not claim["month"]:
        return 0
    here, count = _index(claim["month"]), 0
    while here - count in months:
        count += 1
    return count


def _faults(claim: Claim, periods: int) -> Iterator[str]:
    check = CHECKS.get(claim["rule"])
    if check is None:
        yield "没有这条规则的核对方法"
        return
    if not claim.rows:
        yield "没有一行证据"
        return
    try:
        for number, row in enumerate(claim.rows, start=1):
            if row["subject_id"] != claim["subject_id"] or row["month"] != claim["month"]:
                yield f"第{number}行属于别的主体或月份"
            yield from (f"第{number}行{words}" for words in check.row(row))
        yield from check.whole(claim)
        told = worked_out(claim, check, periods)
    except (KeyError, TypeError, ValueError) as problem:
        yield f"证据行无法核算：{problem}"
        return
    for name, words in _SAID.items():
        if not same(told[name], claim[name]):
            yield f"{words}应为{told[name]}，预警写的是{claim[name]}"
    for name, value in told["measures"].items():
        if name in claim["measures"] and not same(value, claim["measures"][name]):
            yield f"“{name}”应为{value}，预警写的是{claim['measures'][name]}"
