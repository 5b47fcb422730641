"""Who may see and work a reception: it belongs to a place, and to no trade."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from anxin.accounts.access import HANDLE, IMPORT, VIEW, any_of, scopes
from anxin.accounts.models import User
from anxin.kernel.refusal import Refused
from anxin.reception.models import Duty, Promise, Visit

__all__ = [
    "places_of",
    "require_desk",
    "require_planner",
    "visible_duties",
    "visible_promises",
    "visible_visits",
    "works_at",
]


def visible_duties(user: User) -> QuerySet[Duty]:
    """The roster this person may see."""
    return Duty.objects.filter(_within(user)).select_related("region", "clue")


def visible_visits(user: User) -> QuerySet[Visit]:
    """The visits this person may see."""
    return Visit.objects.filter(_within(user)).select_related("region", "duty", "clue")


def visible_promises(user: User) -> QuerySet[Promise]:
    """The promises this person may see."""
    return Promise.objects.filter(_within(user)).select_related("region", "visit__clue")


def works_at(user: User, region: str, *permissions: str) -> bool:
    """Whether this person works the desk there: whoever handles matters or takes in files of the whole place."""
    wanted = permissions or (HANDLE, IMPORT)
    return any(region.startswith(place) for one in wanted for place in places_of(user, one))


def places_of(user: User, permission: str) -> list[str]:
    """The codes of the places in which this person has the permission for everything, not for one trade."""
    return [one.region for one in scopes(user, permission) if not (one.industry or one.organisation)]


def require_desk(user: User, region: str) -> None:
    """Raises :class:`Refused` for who does not work the desk there."""
    if not works_at(user, region):
        raise Refused("这个接访地点不在您负责的范围内，请由当地登记。", field="region")


def require_planner(user: User, region: str) -> None:
    """Raises :class:`Refused` for who does not plan the roster there."""
    if not works_at(user, region, HANDLE):
        raise Refused("您没有安排这个地区接访的权限，请联系负责该地区的同事。", field="region")


def _within(user: User) -> Q:
    places = places_of(user, VIEW)
    return any_of(Q(region__code__startswith=place) if place else Q() for place in places)
