"""Who may see and work which emergencies and meetings.

An emergency is seen as its matter is, a drill by the place it is held in. A meeting is seen by whoever works where it is
called, and by the bodies of the matters on its agenda, which see of the agenda only those matters.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from anxin.accounts.access import DECIDE, HANDLE, VIEW, Scope, any_of, scopes
from anxin.accounts.models import User
from anxin.casework.access import visible_matters
from anxin.enforcement.models import AgendaItem, Emergency, Meeting

__all__ = [
    "may_lead",
    "may_work",
    "visible_emergencies",
    "visible_emergency",
    "visible_meeting",
    "visible_meetings",
]


def visible_emergencies(user: User, permission: str = VIEW) -> QuerySet[Emergency]:
    """The emergencies this person may see, or act on with another permission; drills among them."""
    real = Q(matter__in=visible_matters(user, permission).values("pk"))
    held_here = any_of(_here(scope, "lead") for scope in scopes(user, permission))
    return Emergency.objects.filter(real | (Q(drill=True) & held_here)).select_related(
        "matter", "region", "lead", "project", "employer", "clue", "opened_by"
    )


def visible_emergency(user: User, emergency_id: int, permission: str = VIEW) -> Emergency | None:
    """One emergency, or ``None`` where it does not exist or lies outside this person's scope."""
    return visible_emergencies(user, permission).filter(pk=emergency_id).first()


def may_work(user: User, emergency: Emergency) -> bool:
    """Whether this person writes into it."""
    return visible_emergencies(user, HANDLE).filter(pk=emergency.pk).exists()


def visible_meetings(user: User) -> QuerySet[Meeting]:
    """The meetings this person may see."""
    called_here = any_of(_here(scope, "convenor") for scope in scopes(user, VIEW))
    items = AgendaItem.objects.filter(matter__in=visible_matters(user).values("pk"))
    return Meeting.objects.filter(called_here | Q(pk__in=items.values("meeting"))).select_related(
        "convenor", "region", "planned_by"
    )


def visible_meeting(user: User, meeting_id: int) -> Meeting | None:
    """One meeting, or ``None`` where it does not exist or lies outside this person's scope."""
    return visible_meetings(user).filter(pk=meeting_id).first()


def may_lead(user: User, meeting: Meeting) -> bool:
    """Whether this person works for whoever called the meeting, there."""
    return any(
        scope.covers(region=meeting.region_id, industry=meeting.industry, organisation=meeting.convenor.code)
        for permission in (HANDLE, DECIDE)
        for scope in scopes(user, permission)
    )


def _here(scope: Scope, body: str) -> Q:
    """What stands in the place, trade and body of a grant."""
    condition = Q()
    if scope.region:
        condition &= Q(region__code__startswith=scope.region)
    if scope.industry:
        condition &= Q(industry=scope.industry)
    if scope.organisation:
        condition &= Q(**{f"{body}__code": scope.organisation})
    return condition
