"""Who may see and work which emergencies: as their matter, and drills as the place they are held in."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from anxin.accounts.access import HANDLE, VIEW, Scope, any_of, scopes
from anxin.accounts.models import User
from anxin.casework.access import visible_matters
from anxin.enforcement.models import Emergency

__all__ = ["may_work", "visible_emergencies", "visible_emergency"]


def visible_emergencies(user: User, permission: str = VIEW) -> QuerySet[Emergency]:
    """The emergencies this person may see, or act on with another permission; drills among them."""
    real = Q(matter__in=visible_matters(user, permission).values("pk"))
    held_here = any_of(_drill(scope) for scope in scopes(user, permission))
    return Emergency.objects.filter(real | (Q(drill=True) & held_here)).select_related(
        "matter", "region", "lead", "project", "employer", "clue", "opened_by"
    )


def visible_emergency(user: User, emergency_id: int, permission: str = VIEW) -> Emergency | None:
    """One emergency, or ``None`` where it does not exist or lies outside this person's scope."""
    return visible_emergencies(user, permission).filter(pk=emergency_id).first()


def may_work(user: User, emergency: Emergency) -> bool:
    """Whether this person writes into it."""
    return visible_emergencies(user, HANDLE).filter(pk=emergency.pk).exists()


def _drill(scope: Scope) -> Q:
    condition = Q()
    if scope.region:
        condition &= Q(region__code__startswith=scope.region)
    if scope.industry:
        condition &= Q(industry=scope.industry)
    if scope.organisation:
        condition &= Q(lead__code=scope.organisation)
    return condition
