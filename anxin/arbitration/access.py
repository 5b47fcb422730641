"""Who sees and works which arbitration cases: seen like their matters, worked by the lead body's people and the tribunal."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from anxin.accounts.access import ARBITRATE, DECIDE, HANDLE, VIEW, in_places, keeps_place, may
from anxin.accounts.models import User
from anxin.arbitration.models import PROCEDURES, ArbitrationCase, Arbitrator, CircuitDay, Hearing, Room, Seat
from anxin.casework.access import acts_on, visible_matters
from anxin.casework.models import Matter
from anxin.kernel.refusal import Refused


def visible_cases(user: User, permission: str = VIEW) -> QuerySet[ArbitrationCase]:
    """The cases this person may see, with what lists show: by their matters, or because they sit on the tribunal."""
    seen = Q(matter__in=visible_matters(user, permission).values("pk"))
    if may(user, ARBITRATE):
        mine = Seat.objects.filter(arbitrator__user=user, left_on__isnull=True)
        seen |= Q(pk__in=mine.values("tribunal__case"))
    return ArbitrationCase.objects.filter(seen).select_related(
        "matter__lead", "matter__region", "matter__project", "region", "employer"
    )


def visible_case(user: User, pk: int) -> ArbitrationCase | None:
    """One case, or ``None`` where it does not exist for this person."""
    return visible_cases(user).filter(pk=pk).first()


def handles(user: User, case: ArbitrationCase) -> bool:
    """Whether this person is of the commission that has the case."""
    return acts_on(user, HANDLE, case.matter) or acts_on(user, DECIDE, case.matter)


def require_handles(user: User, case: ArbitrationCase) -> None:
    """Raises :class:`Refused` for who is not of the commission that has the case."""
    if not handles(user, case):
        raise Refused(f"本件由{case.matter.lead}办理，您没有权限。")


def may_open(user: User, matter: Matter) -> bool:
    """Whether this person may fill in the case of a matter: of the body that leads it."""
    return acts_on(user, HANDLE, matter) or acts_on(user, DECIDE, matter)


def waiting_matters(user: User) -> QuerySet[Matter]:
    """Matters of an arbitration that this person handles and of which no case is filled in yet."""
    rows = visible_matters(user, HANDLE).filter(procedure__in=PROCEDURES, arbitration__isnull=True)
    return rows.filter(closed_on__isnull=True)


def sits(user: User, matter: Matter) -> bool:
    """Whether this person sits now on the tribunal that hears the matter, by a role that lets them."""
    if not may(user, ARBITRATE):
        return False
    return Seat.objects.filter(
        tribunal__case__matter=matter, arbitrator__user=user, left_on__isnull=True
    ).exists()


def works(user: User, case: ArbitrationCase) -> bool:
    """Whether this person sets hearings and keeps the record of the case: of the commission, or on its tribunal."""
    return handles(user, case) or sits(user, case.matter)


def require_works(user: User, case: ArbitrationCase) -> None:
    """Raises :class:`Refused` for who neither is of the commission nor sits on the tribunal."""
    if not works(user, case):
        raise Refused(f"本件由{case.matter.lead}和仲裁庭办理，您没有权限。")


def keeps(user: User, region: str) -> bool:
    """Whether this person keeps the roster, the rooms and the circuit days of the place."""
    return any(keeps_place(user, permission, region) for permission in (HANDLE, DECIDE))


def visible_arbitrators(user: User) -> QuerySet[Arbitrator]:
    """The roster of this person's places."""
    return Arbitrator.objects.filter(in_places(user, VIEW)).select_related("region", "body", "user")


def visible_rooms(user: User) -> QuerySet[Room]:
    """The rooms of this person's places."""
    return Room.objects.filter(in_places(user, VIEW)).select_related("region", "body")


def visible_circuit_days(user: User) -> QuerySet[CircuitDay]:
    """The circuit days of this person's places."""
    return CircuitDay.objects.filter(in_places(user, VIEW)).select_related("region", "body")


def visible_hearings(user: User) -> QuerySet[Hearing]:
    """The hearings of the cases that this person sees."""
    return Hearing.objects.filter(case__in=visible_cases(user).order_by().values("pk")).select_related(
        "case__matter__lead", "case__region", "room", "circuit"
    )
