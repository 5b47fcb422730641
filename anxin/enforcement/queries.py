"""What people read about emergencies. Every function costs a constant number of queries; lists page by key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from anxin.accounts.models import User
from anxin.enforcement.access import visible_emergencies, visible_emergency
from anxin.enforcement.models import Emergency, EmergencyEntry, Responder

__all__ = ["EmergencyPage", "Spot", "emergencies", "emergency_page", "spot", "visible_emergency"]

PAGE = 40
#: what the list shows
SHOWN = {"open": "处置中", "ended": "已结束", "drills": "演练"}


@dataclass(frozen=True)
class EmergencyPage:
    """One page of the list. ``next_after`` asks for the next one; ``None`` on the last."""

    items: list[Emergency]
    next_after: str | None


@dataclass(frozen=True)
class Spot:
    """An emergency with whom to call and what happened."""

    entries: Sequence[EmergencyEntry]
    #: office → who is there now
    team: Mapping[str, Responder]
    #: people who were there before
    earlier: Sequence[Responder]
    #: offices nobody has named yet, in words
    missing: Sequence[str]
    overdue: bool


def emergencies(user: User, shown: str = "open") -> QuerySet[Emergency]:
    """Those that go on, those that have ended, or the drills: a drill is in no other list."""
    rows = visible_emergencies(user)
    if shown == "drills":
        return rows.filter(drill=True)
    return rows.filter(drill=False, ended_at__isnull=shown == "open")


def emergency_page(user: User, shown: str, *, after: str = "", limit: int = PAGE) -> EmergencyPage:
    """One page of the list, the latest first."""
    rows = emergencies(user, shown)
    if after.isdecimal() and len(after) <= 18:
        rows = rows.filter(pk__lt=int(after))
    items = list(rows.order_by("-pk")[: limit + 1])
    return EmergencyPage(items[:limit], str(items[limit - 1].pk) if len(items) > limit else None)


def spot(emergency: Emergency, now: dt.datetime) -> Spot:
    """Everything on an emergency's page besides itself; two queries."""
    people = list(emergency.responders.order_by("-pk"))
    team = {one.office: one for one in people if one.until is None}
    due = emergency.next_report_at
    return Spot(
        entries=list(emergency.entries.order_by("-at", "-pk")),
        team=team,
        earlier=[one for one in people if one.until is not None],
        missing=[label for value, label in Responder.Office.choices if value not in team],
        overdue=due is not None and due < now,
    )
