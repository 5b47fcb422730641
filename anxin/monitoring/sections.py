"""The parts in which warnings are shown: wages at risk, a duty on paper missing, signs of forgery.

They never stand in one undivided list. A missing notice board beside unpaid people makes both look alike, and
a sign of forgery is advice to a person, not a warning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Q

from anxin.monitoring.models import Warning

T = TypeVar("T")

ADVICE = "advice"
#: key of the address → title, in the order in which an office reads them
SECTIONS: dict[str, str] = {**{family.value: family.label for family in Warning.Family}, ADVICE: "造假线索"}
#: what stands under the title of a part
HINTS: dict[str, str] = {
    "wages": "工人的工资没有到账，或者有到不了账的危险。",
    "paper": "法律要求的制度、手续或材料没有落实。",
    ADVICE: "数据里的疑点，供人工核实，不是认定，不计入预警。",
}


@dataclass(frozen=True)
class Section(Generic[T]):
    """One part with its rows; parts without rows are left out."""

    key: str
    title: str
    hint: str
    items: Sequence[T]


def section_of(warning: Warning) -> str:
    """The part a warning belongs to."""
    return ADVICE if warning.advice else warning.family


def in_section(key: str) -> Q:
    """The filter for one part; an unknown key filters nothing."""
    if key == ADVICE:
        return Q(advice=True)
    return Q(family=key, advice=False) if key in SECTIONS else Q()


def _itself(warning: Warning) -> Warning:
    return warning


def by_section(items: Iterable[T], warning: Callable[[T], Warning]) -> list[Section[T]]:
    """``items`` in their parts, each in the order it had; ``warning`` says which warning an item is about."""
    found: dict[str, list[T]] = {key: [] for key in SECTIONS}
    for item in items:
        found[section_of(warning(item))].append(item)
    return [Section(key, SECTIONS[key], HINTS[key], rows) for key, rows in found.items() if rows]


def divided(warnings: Iterable[Warning]) -> list[Section[Warning]]:
    """Warnings in their parts."""
    return by_section(warnings, _itself)
