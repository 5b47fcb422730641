"""Businesses: E01 to E09 and W18. Their rows carry what was measured; it is folded and graded again."""

from __future__ import annotations

from collections.abc import Iterator

from checker.reading import Row
from checker.working import Check

Words = Iterator[str]
_SIGN = "has_"


def _happened(row: Row) -> Words:
    """What happened did so by the evaluated day."""
    on = row.since("last_on")
    if on is not None and on < 0:
        yield "发生在所看的日子之后"


def _measured(row: Row) -> Words:
    """What was measured is no negative number."""
    for name in ("concerned", "arrears_months", "claims", "lost", "drop_percent", "signs", "complaints"):
        value = row.values.get(name)
        if value is not None and value < 0:
            yield f"“{name}”是负数"


def _lost(row: Row) -> Words:
    yield from _measured(row)
    if row["lost"] <= 0:
        yield "人数没有减少"


def _combined(row: Row) -> Words:
    yield from _measured(row)
    if sum(bool(value) for name, value in row.values.items() if name.startswith(_SIGN)) != row["signs"]:
        yield "异常项数不对"


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

CHECKS = {
    "E01": Check(_measured, {"arrears_months": "max", "concerned": "max", "at_month": "max"}),
    "E02": Check(
        _lost,
        {
            "concerned": "max",
            "staying": "max",
            "lost": "max",
            "lost_percent": "max",
            "leavers": "max",
            "at_month": "max",
        },
    ),
    "E03": Check(_measured, {"claims": "max", "claim_percent": "max", "concerned": "max", "at_month": "max"}),
    "E04": Check(
        _happened, {"concerned": "sum", "formal": "sum", "leads": "sum", "disputes": "sum", "last_on": "max"}
    ),
    "E05": Check(_happened, {"orders": "sum", "enforced_yuan": "sum", "last_on": "max"}),
    "E06": Check(_happened, {"severity": "max", "staffed": "max", "concerned": "max", "last_on": "max"}),
    "E07": Check(
        _measured,
        {
            "drop_percent": "max",
            "low_months": "max",
            "meters": "sum",
            "water_percent": "max",
            "power_percent": "max",
            "at_month": "max",
        },
    ),
    "E08": Check(_measured, {"linked": "sum", "signs": "max", "concerned": "max"}),
    "E09": Check(_happened, {"entries": "sum", "concerned": "max", "last_on": "max"}),
    "W18": Check(
        _combined,
        {
            "signs": "sum",
            "complaints": "max",
            "concerned": "max",
            **{f"{_SIGN}{name}": "max" for name in _SIGNS},
        },
    ),
}
