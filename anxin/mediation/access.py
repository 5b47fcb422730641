"""Who sees and works which cases, organisations and rosters.

A case is seen like its matter; the mediator who has it sees and works it without a grant for the lead body, and nothing
else. Organisations, rosters and requests for aid belong to places and to no trade.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from anxin.accounts.access import DECIDE, HANDLE, MEDIATE, VIEW, in_places, may, scopes
from anxin.accounts.models import User
from anxin.casework.access import acts_on, visible_matters
from anxin.casework.models import Matter
from anxin.kernel.refusal import Refused
from anxin.mediation.models import AidDuty, AidRequest, MediationBody, MediationCase, Mediator

_SHOWN = (
    "matter__lead",
    "matter__region",
    "matter__handler",
    "region",
    "employer",
    "clue",
    "body",
    "mediator__user",
)


def visible_cases(user: User, permission: str = VIEW) -> QuerySet[MediationCase]:
    """The cases this person may see, with what lists show: by their matters, or because they mediate them now."""
    condition = Q(matter__in=visible_matters(user, permission).values("pk"))
    if may(user, MEDIATE):
        condition |= Q(mediator__user=user)
    return MediationCase.objects.filter(condition).select_related(*_SHOWN)


def visible_case(user: User, pk: int) -> MediationCase | None:
    """One case, or ``None`` where it does not exist for this person."""
    return visible_cases(user).filter(pk=pk).first()


def mediates(user: User, matter: Matter) -> bool:
    """Whether the matter is a case that this person mediates now, by a role that lets them."""
    if not may(user, MEDIATE):
        return False
    return MediationCase.objects.filter(matter=matter, mediator__user=user).exists()


def works(user: User, case: MediationCase) -> bool:
    """Whether this person leads sessions, writes agreements and records payments of the case."""
    return handles(user, case) or (
        case.mediator is not None and case.mediator.user_id == user.pk and may(user, MEDIATE)
    )


def handles(user: User, case: MediationCase) -> bool:
    """Whether this person assigns the case and takes it on to the court or to arbitration: the lead body's people."""
    return acts_on(user, HANDLE, case.matter) or acts_on(user, DECIDE, case.matter)


def require_works(user: User, case: MediationCase) -> None:
    """Raises :class:`Refused` for who does not work the case."""
    if not works(user, case):
        raise Refused("这件调解不由您办理，请联系承办的调解员或牵头单位。")


def require_handles(user: User, case: MediationCase) -> None:
    """Raises :class:`Refused` for who is not of the lead body."""
    if not handles(user, case):
        raise Refused(f"这一步由牵头单位{case.matter.lead}办理，您没有权限。")


def places(user: User, permission: str) -> list[str]:
    """The codes of the places in which this person has the permission for everything, not for one trade."""
    return [one.region for one in scopes(user, permission) if not (one.industry or one.organisation)]


def visible_bodies(user: User) -> QuerySet[MediationBody]:
    """The organisations of this person's places."""
    return MediationBody.objects.filter(in_places(user, VIEW)).select_related("region", "employer")


def visible_mediators(user: User) -> QuerySet[Mediator]:
    """The mediators of this person's places."""
    return Mediator.objects.filter(in_places(user, VIEW, "body__region")).select_related(
        "body__region", "user"
    )


def visible_duties(user: User) -> QuerySet[AidDuty]:
    """The duty roster of this person's places."""
    return AidDuty.objects.filter(in_places(user, VIEW)).select_related("region")


def visible_requests(user: User) -> QuerySet[AidRequest]:
    """The requests for aid that this person may see: by their matters."""
    seen = visible_matters(user).values("pk")
    return AidRequest.objects.filter(matter__in=seen).select_related("matter", "region", "duty")
