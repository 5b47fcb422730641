"""Businesses: E01 to E09 and W18. Their rows are worked out anew from what was reported of the business."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from checker import signs
from checker.firms import Firm, Told
from checker.reading import Claim, Row
from checker.working import Check, same

Words = Iterator[str]
_SIGN = "has_"
_SIGNS = (
    "arrears",
    "staff",
    "claims",
    "disputes",
    "enforcement",
    "registration",
    "utilities",
    "contagion",
    "dishonesty",
    "tax",
)


def _nobody(row: Row) -> Words:
    """Rows about a business name no person and count no days."""
    for name in ("person", "worker_key", "days"):
        if row[name] is not None:
            yield f"“{name}”应为空"


def _rests_on(rows: Callable[[Told], Iterator[dict[str, Any]]]) -> Callable[[Claim], Words]:
    """The rows must be those that the reports give, no more, no fewer, and no other values."""

    def compare(claim: Claim) -> Words:
        expected = {_named(row): row for row in rows(Told(claim))}
        given = {_named(row.values): row for row in claim.rows}
        if len(given) != len(claim.rows):
            yield "有重复的证据行"
        for name in sorted(expected.keys() - given.keys()):
            yield f"按部门数据应有一行证据“{name[0]}”，预警没有"
        for name in sorted(given.keys() - expected.keys()):
            yield f"证据“{name[0]}”按部门数据算不出来"
        for name in sorted(expected.keys() & given.keys()):
            for column, value in expected[name].items():
                if not same(value, given[name][column]):
                    yield f"证据“{name[0]}”的“{column}”应为{value}，证据写的是{given[name][column]}"

    return compare


def _named(row: Any) -> tuple[str, str]:
    """What tells the rows of one warning apart: its source, and the sign or meter where several have one source."""
    kind = next((name for name in _SIGNS if row.get(f"{_SIGN}{name}")), "")
    meter = next((name for name in ("water_percent", "power_percent") if row.get(name) is not None), "")
    return str(row["keys"]), kind or meter


def _of(sign: Callable[[Firm], Iterator[dict[str, Any]]]) -> Callable[[Claim], Words]:
    return _rests_on(lambda told: sign(told.itself))


def _check(whole: Callable[[Claim], Words], **measures: str) -> Check:
    return Check(_nobody, measures, whole=whole)


CHECKS = {
    "E01": _check(_of(signs.arrears), arrears_months="max", concerned="max", at_month="max"),
    "E02": _check(
        _of(signs.staff),
        concerned="max",
        staying="max",
        lost="max",
        lost_percent="max",
        leavers="max",
        at_month="max",
    ),
    "E03": _check(_of(signs.claims), claims="max", claim_percent="max", concerned="max", at_month="max"),
    "E04": _check(
        _of(signs.disputes), concerned="sum", formal="sum", leads="sum", disputes="sum", last_on="max"
    ),
    "E05": _check(_of(signs.enforcement), orders="sum", enforced_yuan="sum", last_on="max"),
    "E06": _check(_of(signs.registration), severity="max", staffed="max", concerned="max", last_on="max"),
    "E07": _check(
        _of(signs.utilities),
        drop_percent="max",
        low_months="max",
        meters="sum",
        water_percent="max",
        power_percent="max",
        at_month="max",
    ),
    "E08": _check(_rests_on(signs.contagion), linked="sum", signs="max", concerned="max"),
    "E09": _check(_of(signs.dishonesty), entries="sum", concerned="max", last_on="max"),
    "W18": _check(
        _rests_on(signs.combined),
        signs="sum",
        complaints="max",
        concerned="max",
        **{f"{_SIGN}{name}": "max" for name in _SIGNS},
    ),
}
