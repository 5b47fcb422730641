"""From rows to what the warning should have said: people, amount, days, measures, level."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from checker.reading import Claim, Row

#: what is wrong with one row, each in a sentence
RowCheck = Callable[[Row], Iterable[str]]
#: what is wrong with the rows taken together
WholeCheck = Callable[[Claim], Iterable[str]]

_LIMITS: dict[str, Callable[[Any, Any], bool]] = {
    "min": lambda measured, limit: measured >= limit,
    "max": lambda measured, limit: measured <= limit,
    "above": lambda measured, limit: measured > limit,
    "below": lambda measured, limit: measured < limit,
}
_FOLDS: dict[str, Callable[[list[Any]], Any]] = {"sum": sum, "max": max, "min": min}
#: a share is a quotient of whole numbers, and two engines may round its last digit apart
_CLOSE = 1e-9


@dataclass(frozen=True)
class Check:
    """How one rule is checked. ``measures``: column of the rows → how it is folded."""

    row: RowCheck
    measures: Mapping[str, str] = field(default_factory=dict)
    #: further measures of the grading table, worked out from people, rows and measures
    derived: Callable[[Mapping[str, Any]], Mapping[str, Any]] = lambda _known: {}
    whole: WholeCheck = lambda _claim: ()


def fold(values: Iterable[Any], how: str) -> Any:
    """The values folded; what is unknown is left out, and nothing known is unknown."""
    known = [value for value in values if value is not None]
    return _FOLDS[how](known) if known else None


def worked_out(claim: Claim, check: Check, periods: int) -> dict[str, Any]:
    """Everything the warning should say."""
    rows = claim.rows
    measures = {name: fold((row[name] for row in rows), how) for name, how in check.measures.items()}
    persons = {row["person"] for row in rows} - {None}
    people = measures["concerned"] if "concerned" in measures else len(persons)
    told: dict[str, Any] = {
        "people": people or None,
        "amount_fen": fold((row["amount_fen"] for row in rows), "sum"),
        "days": fold((row["days"] for row in rows), "max"),
        "due": fold((row["due"] for row in rows), "min"),
    }
    known = {**told, "people": len(persons), "rows": len(rows), "periods": periods, **measures}
    told["measures"] = measures
    told["level"] = level(claim["grading"]["steps"], {**known, **check.derived(known)})
    return told


def level(steps: Iterable[Mapping[str, Any]], measured: Mapping[str, Any]) -> str | None:
    """The level of the first step whose conditions all hold. What is unknown meets no condition."""
    for step in steps:
        if all(_meets(measured.get(name), limits) for name, limits in step["when"].items()):
            return str(step["level"])
    return None


def _meets(measured: Any, limits: Mapping[str, Any]) -> bool:
    return measured is not None and all(_LIMITS[name](measured, limit) for name, limit in limits.items())


def same(one: Any, other: Any) -> bool:
    if isinstance(one, float) or isinstance(other, float):
        return one is not None and other is not None and abs(one - other) <= _CLOSE * max(1.0, abs(one))
    return bool(one == other)
