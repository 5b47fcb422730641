"""Who sees and works which arbitration cases: seen like their matters, worked by the lead body's people."""

from __future__ import annotations

from django.db.models import QuerySet

from anxin.accounts.access import DECIDE, HANDLE, VIEW
from anxin.accounts.models import User
from anxin.arbitration.models import PROCEDURES, ArbitrationCase
from anxin.casework.access import acts_on, visible_matters
from anxin.casework.models import Matter
from anxin.kernel.refusal import Refused


def visible_cases(user: User, permission: str = VIEW) -> QuerySet[ArbitrationCase]:
    """The cases this person may see, with what lists show."""
    seen = visible_matters(user, permission).values("pk")
    return ArbitrationCase.objects.filter(matter__in=seen).select_related(
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
