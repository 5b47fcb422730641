"""Records of a bureau's own law in the words of a list, with a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from anxin.law import Law
from anxin.law.words import brief_words, value_words
from anxin.local_law import queries
from anxin.local_law.models import CalendarYear, Confirmation, LocalValue, TwoPersonRecord
from anxin.local_law.wording import counting_words
from anxin.registry.models import Region


@dataclass(frozen=True)
class Told:
    """A record in the words of a list."""

    record: Any
    name: str
    place: str
    value: str
    brief: str
    counting: str
    paper: str


def told_of(records: Iterable[TwoPersonRecord]) -> list[Told]:
    """Every record in words: the law and the names of places are read once for all."""
    found = list(records)
    law = queries.current()
    codes = {one.region for one in found if isinstance(one, Confirmation)}
    places = dict(Region.objects.filter(code__in=codes).values_list("code", "name"))
    return [_told(one, law, places) for one in found]


def _told(one: TwoPersonRecord, law: Law, places: Mapping[str, str]) -> Told:
    if isinstance(one, CalendarYear):
        return Told(one, f"{one.year}年放假安排", "全国", "", "", "", one.notice)
    assert isinstance(one, LocalValue | Confirmation)
    # A key that an upgrade no longer has stands for itself.
    name = law.parameter(one.key).name if one.key in law.keys() else one.key  # noqa: SIM118
    if isinstance(one, LocalValue):
        return Told(
            one,
            name,
            f"{one.region_name}（{one.region}）",
            value_words(one.value, one.unit),
            brief_words(one.value, one.unit),
            counting_words(one.counting),
            one.source,
        )
    place = _place(one.region, places)
    return Told(one, name, place, value_words(one.value), brief_words(one.value), "", one.document)


def _place(code: str, places: Mapping[str, str]) -> str:
    if not code:
        return "全国"
    return f"{places[code]}（{code}）" if code in places else f"地区{code}"
