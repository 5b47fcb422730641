"""Levels from the dated grading tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anxin.law import DataError, DatedAnswer, Law, Value
from anxin.monitoring.rules.framework import SEVERITY, Level, Threshold

_COMPARISONS = {
    "min": lambda measured, limit: measured >= limit,
    "max": lambda measured, limit: measured <= limit,
    "above": lambda measured, limit: measured > limit,
    "below": lambda measured, limit: measured < limit,
}


def grade(table: Value, measures: Mapping[str, Any]) -> Threshold | None:
    """The first step of the table whose conditions all hold, or ``None`` below the mildest.

    A measure that is unknown (``None``) meets no condition. Raises
    :class:`~anxin.law.DataError` for a table that is not a grading.
    """
    for step in table.value:
        if all(_holds(measures.get(name), limits, table.key) for name, limits in step["when"].items()):
            return Threshold(
                key=table.key,
                level=_level(step["level"], table.key),
                words=step["words"],
                conditions=tuple(
                    {"measure": name, "limits": dict(limits), "measured": measures.get(name)}
                    for name, limits in step["when"].items()
                ),
                since=table.from_,
                kind=table.kind,
                confidence=table.confidence,
            )
    return None


def lowest_limit(table: Value, measure: str) -> int:
    """The smallest ``min`` of a measure in a grading table: what lies below is not worth a row."""
    limits = [step["when"][measure]["min"] for step in table.value if "min" in step["when"].get(measure, {})]
    if not limits:
        raise DataError(f"分级表“{table.key}”没有“{measure}”的下限，请补充。")
    return min(limits)


def _holds(measured: Any, limits: Mapping[str, float], key: str) -> bool:
    strange = set(limits) - set(_COMPARISONS)
    if strange:
        raise DataError(f"分级表“{key}”有不认识的条件：{'、'.join(sorted(strange))}。")
    return measured is not None and all(_COMPARISONS[name](measured, limit) for name, limit in limits.items())


def _level(text: str, key: str) -> Level:
    for level in SEVERITY:
        if level == text:
            return level
    raise DataError(f"分级表“{key}”的级别“{text}”不对，应为 {'、'.join(SEVERITY)} 之一。")


@dataclass(frozen=True)
class ActStep:
    """One step of dealing with a warning and the day by which it is to be done."""

    what: str
    by: dt.date
    provisional: bool
    words: str


@dataclass(frozen=True)
class ActWithin:
    """What is to be done by when; ``by`` is the day of the last step."""

    steps: tuple[ActStep, ...]
    by: dt.date
    provisional: bool
    reference: str
    confidence: str


def act_within(law: Law, level: Level, opened_on: dt.date, region: str = "") -> ActWithin:
    """The dates by which a warning opened on a day is to be dealt with (policy table, by level).

    The opening day is not counted. Raises :class:`~anxin.law.LawError` before the table is in force.
    """
    table = law.value("warning.act_within", on=opened_on, region=region)
    steps = tuple(_step(law, entry, opened_on) for entry in table.value[level])
    return ActWithin(steps, steps[-1].by, steps[-1].provisional, table.reference, table.confidence)


def _step(law: Law, entry: Mapping[str, Any], opened_on: dt.date) -> ActStep:
    if "working_days" in entry:
        days, unit = entry["working_days"], "个工作日"
        answer = law.calendar.add_working_days(opened_on, days)
    else:
        days, unit = entry["natural_days"], "日"
        answer = DatedAnswer(opened_on + dt.timedelta(days=days), provisional=False)
    return ActStep(entry["what"], answer.day, answer.provisional, f"{days}{unit}内{entry['what']}")
