"""A rule's grading table with other numbers: what may be changed on a form, and the value on trial made of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from anxin.accounts.access import LAW, scopes
from anxin.accounts.models import User
from anxin.kernel.refusal import Refused
from anxin.law import Law, LawError
from anxin.law.words import value_words, word
from anxin.registry.models import Region

if TYPE_CHECKING:
    from anxin.monitoring.rules.framework import Rule

#: no threshold of any rule has more digits
_DIGITS = 12


@dataclass(frozen=True)
class Number:
    """One number of a step: its field on the form, what it limits, and what holds now."""

    name: str
    words: str
    value: int | float
    #: what somebody typed instead, as it stands in the field
    typed: str


@dataclass(frozen=True)
class Step:
    """One row of the table with the numbers that may be changed."""

    level: str
    words: str
    numbers: list[Number]


def bureau_region(user: User) -> str:
    """The place for which this person tries numbers: the widest they may set values for."""
    widest = min((scope.region for scope in scopes(user, LAW)), key=len, default="")
    if widest:
        return widest
    tops = Region.objects.filter(parent=None).order_by("code").values_list("code", flat=True)[:2]
    return tops[0] if len(tops) == 1 else ""


def table_of(law: Law, rule: Rule, *, on: dt.date, region: str) -> list[dict[str, Any]] | None:
    """The grading table in force, or ``None`` where there is none on that day."""
    try:
        table: list[dict[str, Any]] = law.value(rule.grading, on=on, region=region).value
    except LawError:
        return None
    return table


def steps_of(table: list[dict[str, Any]], typed: Mapping[str, str]) -> list[Step]:
    """The table as a form shows it."""
    return [
        Step(
            level=word(step["level"]),
            words=step["words"],
            numbers=[
                Number(
                    name := f"n-{row}-{measure}-{bound}",
                    f"{word(measure)}{word(bound)}",
                    value,
                    typed.get(name, str(value)),
                )
                for measure, limits in step["when"].items()
                for bound, value in limits.items()
            ],
        )
        for row, step in enumerate(table)
    ]


def changes(
    rule: Rule,
    table: list[dict[str, Any]],
    typed: Mapping[str, str],
    *,
    unit: str,
    first: dt.date,
    region: str,
) -> list[dict[str, Any]]:
    """The value on trial from ``first`` on; empty where no number differs. Raises :class:`Refused`."""
    tried = deepcopy(table)
    for row, step in enumerate(tried):
        for measure, limits in step["when"].items():
            for bound in limits:
                text = typed.get(f"n-{row}-{measure}-{bound}")
                if text is not None:
                    limits[bound] = _number(text, row, measure)
    if tried == table:
        return []
    if not region:
        raise Refused("您的管辖范围不是一个地区，不能试用数值；请由管辖一个地区的领导来试。", field="try")
    for step, old in zip(tried, table, strict=True):
        if step != old:  # the sentence of the step names the old number
            step["words"] = value_words(step["when"], unit)
    return [
        {
            "key": rule.grading,
            "region": region,
            "from": first.isoformat(),
            "value": tried,
            "source": "回测试用，未生效",
        }
    ]


def _number(text: str, row: int, measure: str) -> int:
    clean = text.strip().removeprefix("-")
    if not clean.isdecimal() or not clean.isascii() or len(clean) > _DIGITS:
        raise Refused(f"第{row + 1}档的“{word(measure)}”须是整数，请改过来。", field="try")
    return int(text.strip())
