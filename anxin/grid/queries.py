"""What is read of reports: how each stands, and by grid how many came and how many proved right.

A report is concluded when an officer said whether it was so, or when the conclusion of its clue stands (told to the
worker or answered). It was right when that says so. A clue merged into another stands as that one does.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from anxin.accounts.models import Grant, User
from anxin.clues.models import Clue
from anxin.grid.access import visible_grants, visible_reports
from anxin.grid.models import GridReport
from anxin.referral.conclusion_list import OUTCOMES
from anxin.referral.models import Conclusion
from anxin.registry.models import Region

#: how far back a report counts as recent
RECENT = dt.timedelta(days=30)
#: outcomes of a conclusion that say wages were owed
RIGHT = ("settled", "partial", "filed", "transferred")
_STANDING = Conclusion.Standing
_STANDS = (_STANDING.TOLD, _STANDING.CONFIRMED, _STANDING.SILENT, _STANDING.UNCONFIRMED, _STANDING.ANSWERED)
_TRUE, _FALSE = "true", "false"
_CONCLUDED = Q(found__isnull=False)
_RIGHT = Q(found__in=(*RIGHT, _TRUE))
#: parts of the list
PARTS: Mapping[str, str] = {
    "": "全部",
    "recent": "近30天",
    "waiting": "待核实",
    "concluded": "已有结论",
    "right": "属实",
}
_STATES = {
    Clue.State.NEW: "已转为线索，等待分派",
    Clue.State.REFERRED: "已分派，正在办理",
    Clue.State.REVIEW: "已有结论，等另一人复核",
    Clue.State.CONCLUDED: "已有结论，正在确认",
    Clue.State.CLOSED: "已办结",
}


@dataclass(frozen=True)
class Stands:
    """How one report stands, in words. ``right``: ``None`` until it is concluded."""

    words: str
    right: bool | None = None


@dataclass
class Town:
    """One grid: who reports there and what came of it. ``right`` of ``concluded`` proved right."""

    code: str
    name: str
    workers: int = 0
    silent: int = 0
    recent: int = 0
    total: int = 0
    concluded: int = 0
    right: int = 0


@dataclass(frozen=True)
class Reporter:
    """A grid worker in one grid, and what they have reported from there."""

    user: User
    region: str
    region_name: str
    total: int = 0
    recent: int = 0
    last: dt.datetime | None = None


def with_found(rows: QuerySet[GridReport]) -> QuerySet[GridReport]:
    """Rows with ``found``: ``true``, ``false``, the outcome of the clue's conclusion, or null while open."""
    standing = Conclusion.objects.filter(ended_at__isnull=True, standing__in=_STANDS)
    lead = Coalesce(OuterRef("clue__dispute_id"), OuterRef("clue_id"))
    return rows.annotate(
        found=Case(
            When(proved=True, then=Value(_TRUE)),
            When(proved=False, then=Value(_FALSE)),
            default=Subquery(standing.filter(clue_id=lead).values("outcome")[:1]),
            output_field=CharField(),
        )
    )


def standing(report: GridReport) -> Stands:
    """How a report of :func:`with_found` stands; no query where its clue is at hand."""
    if report.proved is not None:
        return Stands("核实属实" if report.proved else "核实不属实", report.proved)
    found: str | None = report.found  # type: ignore[attr-defined]
    if found is not None:
        return Stands(f"已有结论：{OUTCOMES.get(found, found)}", found in RIGHT)
    if report.clue is not None:
        lead = report.clue.dispute or report.clue
        return Stands(_STATES[Clue.State(lead.state)])
    if report.board_check_id is not None:
        return Stands("已记入告示牌检查，等待核实")
    return Stands("已列入未纳管工地，等待核实")


def in_part(rows: QuerySet[GridReport], part: str, now: dt.datetime) -> QuerySet[GridReport]:
    """Rows of :func:`with_found` narrowed to one of :data:`PARTS`."""
    conditions = {
        "recent": Q(received_at__gt=now - RECENT),
        "waiting": Q(clue__isnull=True, proved__isnull=True),
        "concluded": _CONCLUDED,
        "right": _RIGHT,
    }
    return rows.filter(conditions.get(part, Q()))


def towns(user: User, *, now: dt.datetime) -> list[Town]:
    """Every grid within the scope that has a grid worker or a report, by code; four queries."""
    found: dict[str, Town] = defaultdict(lambda: Town("", ""))
    rows: QuerySet[GridReport, Any] = with_found(visible_reports(user)).order_by().values("region_id")
    counted: Iterable[dict[str, Any]] = rows.annotate(
        total=Count("pk"),
        recent=Count("pk", filter=Q(received_at__gt=now - RECENT)),
        concluded=Count("pk", filter=_CONCLUDED),
        right=Count("pk", filter=_RIGHT),
    )
    for row in counted:
        code = row.pop("region_id")
        found[code] = Town(code, "", **row)
    for grant in _with_numbers(visible_grants(user), now):
        town = found[grant.region]
        town.workers += 1
        town.silent += not grant.total  # type: ignore[attr-defined]
    names = _names(found)
    for code, town in found.items():
        town.code, town.name = code, names.get(code, code)
    return [found[code] for code in sorted(found)]


def reporters(user: User, *, now: dt.datetime, region: str = "", silent: bool = False) -> list[Reporter]:
    """The grid workers within the scope, by grid and name; those who never reported alone with ``silent``."""
    grants: QuerySet[Any, Any] = _with_numbers(visible_grants(user), now)
    if region:
        grants = grants.filter(region__startswith=region)
    if silent:
        grants = grants.filter(total=0)
    found = list(grants.order_by("region", "user__display_name", "pk"))
    names = _names({grant.region for grant in found})
    return [
        Reporter(
            grant.user,
            grant.region,
            names.get(grant.region, grant.region),
            grant.total,  # type: ignore[attr-defined]
            grant.recent,  # type: ignore[attr-defined]
            grant.last,  # type: ignore[attr-defined]
        )
        for grant in found
    ]


def report_of(clue: Clue) -> GridReport | None:
    """The grid worker's report that this clue came from; asks nothing for clues of other channels."""
    if clue.channel != Clue.Channel.GRID:
        return None
    return GridReport.objects.filter(clue=clue).select_related("region").first()


def waiting_number(user: User) -> int:
    """How many reports wait for an officer's word within the scope; one query."""
    return visible_reports(user).filter(clue__isnull=True, proved__isnull=True).count()


def _with_numbers(grants: QuerySet[Grant], now: dt.datetime) -> QuerySet[Grant, Any]:
    """Grants with ``total``, ``recent`` and ``last`` of the reports that their person made from that grid."""
    own = GridReport.objects.filter(by=OuterRef("user_id"), region=OuterRef("region")).order_by()
    every = own.values("by").annotate(n=Count("pk"))
    recent = own.filter(received_at__gt=now - RECENT).values("by").annotate(n=Count("pk"))
    last = own.values("by").annotate(at=Max("received_at"))
    return grants.annotate(
        total=Coalesce(Subquery(every.values("n")), 0),
        recent=Coalesce(Subquery(recent.values("n")), 0),
        last=Subquery(last.values("at")),
    )


def _names(codes: Iterable[str]) -> dict[str, str]:
    return dict(Region.objects.filter(code__in=list(codes)).values_list("code", "name"))
