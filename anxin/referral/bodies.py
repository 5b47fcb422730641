"""From kinds of bodies to the bodies of a place: who is registered there, and who answers where nobody is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from anxin.kernel.refusal import Refused
from anxin.referral.routing import Route
from anxin.registry.models import Organisation, Project

_DIGITS = {"province": 2, "city": 4, "county": 6}
_TOWN_DIGITS = 9
_TRADES = {
    "housing": ("住建", "住房", "建设"),
    "transport": ("交通",),
    "water": ("水务", "水利"),
    "other": ("工信", "工业和信息化", "发展和改革"),
}
_SAYS = {"wage_office": "人社部门", "industry": "行业主管部门", "town": "镇街"}
_LEVELS = {"province": "省级", "city": "市级", "county": "县级"}


@dataclass(frozen=True)
class Body:
    """A registered body as routing sees it; ``trades``: industries whose projects it answers for."""

    pk: int
    name: str
    kind: str
    #: significant digits; empty where it belongs to no place
    region: str
    trades: frozenset[str]


@dataclass(frozen=True)
class Resolved:
    """The bodies of a route. ``notes``: sentences about every body that was meant but is not registered."""

    lead: Body
    supporting: tuple[Body, ...]
    notes: tuple[str, ...]


def bodies_of(place: str) -> list[Body]:
    """The authorities that may answer for a place: its own and those of the places above it; two queries."""
    above = [place[:length] for length in (2, 4, 6, 9, 12) if length <= len(place)]
    kinds = Organisation.Kind
    rows = list(
        Organisation.objects.filter(kind__in=[kinds.BUREAU, kinds.INDUSTRY_AUTHORITY, kinds.TOWN])
        .filter(Q(region__in=above) | Q(region__isnull=True))
        .order_by("pk")
    )
    pairs = (
        Project.objects.filter(responsible__in=[row.pk for row in rows], region__code__startswith=place[:4])
        .order_by()
        .values_list("responsible_id", "industry")
        .distinct()
    )
    trades: dict[int, set[str]] = {}
    for body, industry in pairs:
        trades.setdefault(body, set()).add(industry)
    return [
        Body(row.pk, row.name, row.kind, row.region_id or "", frozenset(trades.get(row.pk, ())))
        for row in rows
    ]


def resolve(
    route: Route, bodies: Sequence[Body], *, place: str, industry: str, responsible: int | None = None
) -> Resolved:
    """The bodies that a route means in this place.

    ``responsible``: the body that answers for the project in question, which goes before others of its kind. Where a
    body is not registered the wage office answers and a sentence says so. Raises :class:`Refused` where there is no
    wage office at all.
    """
    notes: list[str] = []
    office = _office(bodies, place[: _DIGITS[route.level]], route.level, notes)
    found: dict[str, Body | None] = {"wage_office": office}
    for kind in {route.lead, *route.supporting} - {"wage_office"}:
        found[kind] = (
            _town(bodies, place)
            if kind == "town"
            else _authority(bodies, route, place, industry, responsible)
        )
        if found[kind] is None:
            then = "由人社部门代为牵头" if kind == route.lead else "未列入协办"
            notes.append(f"本地没有登记可对应的{_SAYS[kind]}，{then}。")
    lead = found[route.lead] or office
    helpers: list[Body] = []
    for kind in route.supporting:
        body = found[kind]
        if body is not None and body.pk != lead.pk and body not in helpers:
            helpers.append(body)
    return Resolved(lead, tuple(helpers), tuple(notes))


def _office(bodies: Sequence[Body], wanted: str, level: str, notes: list[str]) -> Body:
    """The bureau of the place at the level asked, else the nearest above, else the nearest below."""
    offices = [body for body in bodies if body.kind == Organisation.Kind.BUREAU]
    if not offices:
        raise Refused("本地没有登记人社部门，无法派单；请先在“单位”中登记。")
    above = [body for body in offices if wanted.startswith(body.region)]
    nearest = max(above, key=lambda body: (len(body.region), -body.pk)) if above else None
    if nearest is None:
        nearest = min(offices, key=lambda body: (len(body.region), body.pk))
    if nearest.region != wanted:
        notes.append(f"没有登记{_LEVELS[level]}人社部门，由{nearest.name}负责。")
    return nearest


def _town(bodies: Sequence[Body], place: str) -> Body | None:
    towns = [
        body
        for body in bodies
        if body.kind == Organisation.Kind.TOWN
        and len(body.region) >= _TOWN_DIGITS
        and place.startswith(body.region)
    ]
    return max(towns, key=lambda body: (len(body.region), -body.pk), default=None)


def _authority(
    bodies: Sequence[Body], route: Route, place: str, industry: str, responsible: int | None
) -> Body | None:
    """The authority of the trade: the project's own, else the nearest one of the place that answers for it."""
    authorities = [body for body in bodies if body.kind == Organisation.Kind.INDUSTRY_AUTHORITY]
    for body in authorities:
        if body.pk == responsible:
            return body
    highest = place[: _DIGITS[route.level]]
    fitting = [
        body
        for body in authorities
        if place.startswith(body.region)
        and (industry in body.trades or any(word in body.name for word in _TRADES.get(industry, ())))
    ]
    # of the level asked where there is one, else the nearest to the place
    return max(
        fitting,
        key=lambda body: (body.region == highest, industry in body.trades, len(body.region), -body.pk),
        default=None,
    )
