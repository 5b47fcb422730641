"""The whole at a glance: open warnings by district, week by week, and the numbers for a leader. No person in them."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Length, Substr, TruncWeek

from anxin.accounts.access import VIEW, scopes
from anxin.accounts.models import User
from anxin.monitoring.access import visible_warnings
from anxin.monitoring.models import Level, Warning
from anxin.monitoring.project_standing import UNPAID_RULES
from anxin.monitoring.queries import Levels, awake
from anxin.monitoring.sections import ADVICE, SECTIONS, in_section
from anxin.registry.access import regions_within, visible_projects
from anxin.registry.models import Project, Region

#: digits of a district's code, and of its city's
DISTRICT, CITY = 6, 4
_WEEK = dt.timedelta(days=7)
_OPEN = ~Q(state=Warning.State.CLEARED)
#: steps of a tile's bar: how much of the fullest district's number it has
_STEPS = 10


@dataclass(frozen=True)
class Standing:
    """What is open of one part in one district."""

    levels: Levels
    #: 0 for none, else 1 to 10: how much of the fullest district's number it is
    fill: int
    #: the gravest open level, 0 for none
    worst: int


@dataclass(frozen=True)
class Tile:
    """One district with what is open there, part by part."""

    code: str
    name: str
    parts: Mapping[str, Standing]


@dataclass(frozen=True)
class Group:
    """A city with its districts; ``name`` is empty where the bureau has only one."""

    name: str
    tiles: list[Tile]


@dataclass(frozen=True)
class Districts:
    """The tidy grid. ``elsewhere``: by part, the open warnings whose place is no district."""

    groups: list[Group]
    elsewhere: Mapping[str, int]

    @property
    def tiles(self) -> list[Tile]:
        return [tile for group in self.groups for tile in group.tiles]


@dataclass(frozen=True)
class Week:
    """A week from Monday: what stood open at its end by level, and what came and went in it."""

    first: dt.date
    #: the last day counted: a Sunday, or the day asked for in a week that is not over
    last: dt.date
    open: Levels
    opened: int
    cleared: int


@dataclass(frozen=True)
class Part:
    """The numbers of one part for the wall. ``overdue`` leaves out what is muted, as the list does."""

    key: str
    title: str
    levels: Levels
    overdue: int
    cleared_this_month: int


@dataclass(frozen=True)
class Numbers:
    """What a leader sees at a glance."""

    parts: list[Part]
    sites: int
    #: of wages that did not arrive: once a worker and month
    unpaid_people: int
    unpaid_fen: int


def districts(user: User) -> Districts:
    """The districts this person answers for with what is open in them; four queries however many."""
    found: dict[str, dict[str, Counter[int]]] = {key: defaultdict(Counter) for key in SECTIONS}
    elsewhere: Counter[str] = Counter()
    for code, key, level, number in _by_place(user):
        if len(code) == DISTRICT:
            found[key][code][level] += number
        else:
            elsewhere[key] += number
    names = _district_names(user, {code for places in found.values() for code in places})
    full = {
        key: max((levels.total() for levels in places.values()), default=0) for key, places in found.items()
    }
    tiles = [
        Tile(code, name, {key: _standing(found[key].get(code, Counter()), full[key]) for key in SECTIONS})
        for code, name in names.items()
    ]
    return Districts(_grouped(tiles), elsewhere)


def _by_place(user: User) -> list[tuple[str, str, int, int]]:
    """(district, part, level, how many); an empty district where none is recorded."""
    place = Substr(Coalesce("project__region_id", "employer__region_id", Value("")), 1, DISTRICT)
    rows = visible_warnings(user).filter(_OPEN).order_by().annotate(place=place)
    counted = rows.values_list("place", "family", "advice", "level").annotate(number=Count("pk"))
    return [
        (code, ADVICE if advice else family, level, number) for code, family, advice, level, number in counted
    ]


def _district_names(user: User, with_warnings: set[str]) -> dict[str, str]:
    """Code → name of the districts within the scopes; of a street the district it lies in."""
    above = {scope.region[:DISTRICT] for scope in scopes(user, VIEW) if len(scope.region) > DISTRICT}
    own = regions_within(user, VIEW).annotate(digits=Length("code")).filter(digits=DISTRICT)
    rest = Region.objects.filter(code__in=above | with_warnings)
    pairs = [*own.values_list("code", "name"), *rest.values_list("code", "name")]
    return dict(sorted(pairs))


def _standing(numbers: Counter[int], full: int) -> Standing:
    return Standing(
        levels=_levels(numbers),
        fill=-(-numbers.total() * _STEPS // full) if full else 0,
        worst=max((level for level, number in numbers.items() if number), default=0),
    )


def _levels(numbers: Mapping[int, int]) -> Levels:
    return Levels(
        all=sum(numbers.values()),
        **{level.name.lower(): numbers.get(level, 0) for level in Level},
    )


def _grouped(tiles: list[Tile]) -> list[Group]:
    cities: dict[str, list[Tile]] = defaultdict(list)
    for tile in tiles:
        cities[tile.code[:CITY]].append(tile)
    if len(cities) < 2:
        return [Group("", tiles)] if tiles else []
    names = dict(Region.objects.filter(code__in=cities).values_list("code", "name"))
    return [Group(names.get(code, code), found) for code, found in cities.items()]


def trends(user: User, *, on: dt.date, weeks: int) -> dict[str, list[Week]]:
    """The last ``weeks`` weeks of every part, oldest first; two queries.

    A warning counts from the day it was first seen to the day it was cleared, with the level it has now or had last:
    of a warning that came back, the time between is counted as open.
    """
    rows = visible_warnings(user).order_by()
    came = _by_week(rows.filter(first_seen__lte=on), "first_seen")
    went = _by_week(rows.filter(state=Warning.State.CLEARED, cleared_on__lte=on), "cleared_on")
    return {key: _weeks(came[key], went[key], on, weeks) for key in SECTIONS}


_ByWeek = dict[dt.date, Counter[int]]


def _weeks(came: _ByWeek, went: _ByWeek, on: dt.date, weeks: int) -> list[Week]:
    first = on - dt.timedelta(days=on.weekday()) - (weeks - 1) * _WEEK
    standing: Counter[int] = Counter()
    for sign, flow in ((1, came), (-1, went)):
        for week, levels in flow.items():
            if week < first:
                standing.update({level: sign * number for level, number in levels.items()})
    told = []
    for number in range(weeks):
        monday = first + number * _WEEK
        opened, cleared = came.get(monday, Counter()), went.get(monday, Counter())
        standing.update(opened)
        standing.subtract(cleared)
        last = min(monday + dt.timedelta(days=6), on)
        told.append(Week(monday, last, _levels(standing), opened.total(), cleared.total()))
    return told


def _by_week(rows: QuerySet[Warning], day: str) -> dict[str, _ByWeek]:
    found: dict[str, _ByWeek] = {key: defaultdict(Counter) for key in SECTIONS}
    counted = rows.annotate(week=TruncWeek(day)).values_list("week", "family", "advice", "level")
    for week, family, advice, level, number in counted.annotate(number=Count("pk")):
        found[ADVICE if advice else family][week][level] += number
    return found


def numbers(user: User, *, on: dt.date) -> Numbers:
    """The counters of the wall; two queries. Signs of forgery stand apart, as everywhere."""
    asked: dict[str, Any] = {}
    for key in SECTIONS:
        here = in_section(key)
        asked |= {
            f"{key}_{level.name.lower()}": Count("pk", filter=here & _OPEN & Q(level=level))
            for level in Level
        }
        asked[f"{key}_all"] = Count("pk", filter=here & _OPEN)
        asked[f"{key}_overdue"] = Count("pk", filter=here & _OPEN & awake(on) & Q(act_by__lt=on))
        gone = Q(state=Warning.State.CLEARED, cleared_on__gte=on.replace(day=1))
        asked[f"{key}_cleared"] = Count("pk", filter=here & gone)
    unpaid = _OPEN & Q(advice=False, rule__in=UNPAID_RULES)
    found = visible_warnings(user).aggregate(
        **asked, people=Sum("people", filter=unpaid), money=Sum("amount_fen", filter=unpaid)
    )
    return Numbers(
        parts=[_part(key, title, found) for key, title in SECTIONS.items()],
        sites=visible_projects(user).filter(state=Project.State.IN_PROGRESS).count(),
        unpaid_people=int(found["people"] or 0),
        unpaid_fen=int(found["money"] or 0),
    )


def _part(key: str, title: str, found: Mapping[str, int]) -> Part:
    names = ("all", *(level.name.lower() for level in Level))
    return Part(
        key=key,
        title=title,
        levels=Levels(**{name: found[f"{key}_{name}"] for name in names}),
        overdue=found[f"{key}_overdue"],
        cleared_this_month=found[f"{key}_cleared"],
    )
