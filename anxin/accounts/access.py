"""What each role may do, and where: the one place that answers "may this person see that row?"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from anxin.accounts.models import Grant, Role, User
from anxin.evidence.journal import Actor

VIEW = "view"  # projects, warnings, imports; people masked
HANDLE = "handle"  # acknowledge, assign, note, ask to clear a warning
CLEAR = "clear"  # decide that a warning is cleared or re-opened
DECIDE = "decide"  # take the steps of a matter that only a leader may take
IMPORT = "import"  # deliver and accept files
UNMASK = "unmask"  # see an identifier in full, with a purpose
MANAGE = "manage"  # accounts and scopes
AUDIT = "audit"  # read the journal
LAW = "law"  # propose local values, confirmations and calendar years
CONFIRM_LAW = "confirm_law"  # be the second person for what another has proposed
EMPLOYER = "employer"  # work in the employer portal, for one's own employer
BANK = "bank"  # work in the bank portal, for one's own institution
# the acts of a letter's life, each a right of its own; who may not be the same person as who stands in letters.life
DRAFT = "draft_letter"  # write a letter, send it to review, give it up
REVIEW = "review_letter"  # 核稿
ISSUE = "issue_letter"  # 签发: give it its number
SEAL = "seal_letter"  # 用印: keep the office's seal
SERVE = "serve_letter"  # 送达, with its proof
MEDIATE = "mediate"  # mediate the cases that were given to oneself, and no others
ARBITRATE = "arbitrate"  # hear the cases on whose tribunal one sits, and no others
REPORT = "report"  # report what one saw on the round of one's own grid, and read what came of it

#: Duties that must not meet are kept apart: who manages accounts sees no people, who audits changes nothing.
MAY: dict[str, frozenset[str]] = {
    Role.LEADER: frozenset(
        {VIEW, HANDLE, CLEAR, DECIDE, UNMASK, LAW, CONFIRM_LAW, DRAFT, REVIEW, ISSUE, SERVE}
    ),
    Role.INSPECTOR: frozenset({VIEW, HANDLE, CLEAR, IMPORT, UNMASK, DRAFT, REVIEW, SERVE}),
    # the seal is kept by who neither writes nor decides
    Role.CLERK: frozenset({VIEW, IMPORT, SEAL}),
    Role.AUDITOR: frozenset({AUDIT}),
    Role.ADMIN: frozenset({MANAGE, LAW}),
    Role.PAYROLL_CLERK: frozenset({EMPLOYER}),
    Role.BANK_OPERATOR: frozenset({BANK}),
    Role.GRID_WORKER: frozenset({REPORT}),
    Role.MEDIATOR: frozenset({MEDIATE}),
    Role.ARBITRATOR: frozenset({ARBITRATE}),
}

#: roles outside the bureau → the part of the grant that says for whom they work
WORKS_FOR: dict[str, str] = {Role.PAYROLL_CLERK: "employer", Role.BANK_OPERATOR: "institution"}
#: who works outside the bureau never acts for it from the same account
OUTSIDE: frozenset[str] = frozenset({*WORKS_FOR, Role.GRID_WORKER, Role.MEDIATOR, Role.ARBITRATOR})


@dataclass(frozen=True)
class Scope:
    """The rows one grant covers; an empty part means all."""

    region: str
    industry: str
    organisation: str

    def covers(self, *, region: str, industry: str, organisation: str) -> bool:
        return (
            region.startswith(self.region)
            and self.industry in ("", industry)
            and self.organisation in ("", organisation)
        )

    def q(self, prefix: str) -> Q:
        """A filter on rows that reach a project through ``prefix`` (``""``, ``"project__"``)."""
        condition = Q()
        if self.region:
            condition &= Q(**{f"{prefix}region__code__startswith": self.region})
        if self.industry:
            condition &= Q(**{f"{prefix}industry": self.industry})
        if self.organisation:
            condition &= Q(**{f"{prefix}responsible__code": self.organisation})
        return condition


def scopes(user: User, permission: str) -> list[Scope]:
    """Where this person has the permission; empty means nowhere."""
    if not user.is_active:
        return []
    return [
        Scope(grant.region, grant.industry, grant.organisation)
        for grant in _grants(user)
        if permission in MAY[grant.role]
    ]


def may(user: User, permission: str) -> bool:
    """Whether this person has the permission anywhere at all."""
    return bool(scopes(user, permission))


def may_on(user: User, permission: str, project: Any) -> bool:
    """Whether this person has the permission on this project (``region_id``, ``industry``, ``responsible``)."""
    organisation = project.responsible.code if project.responsible_id else ""
    return any(
        scope.covers(region=project.region_id, industry=project.industry, organisation=organisation)
        for scope in scopes(user, permission)
    )


def within(user: User, permission: str, prefix: str = "") -> Q:
    """The filter for the rows this person may act on; matches nothing where there is no grant."""
    return any_of(scope.q(prefix) for scope in scopes(user, permission))


def may_on_employer(user: User, permission: str, employer: Any) -> bool:
    """Whether this person has the permission on an employer as a whole (``region_id``); see
    :func:`within_employers`."""
    return keeps_place(user, permission, employer.region_id or "")


def within_employers(user: User, permission: str, prefix: str = "") -> Q:
    """The filter for rows that reach an employer through ``prefix``.

    An employer belongs to no trade and to no body's projects: only who answers for a whole place sees the
    employers of that place. One without a recorded place is seen by those whose place is everywhere.
    """
    return in_places(user, permission, f"{prefix}region")


def _of_places(user: User, permission: str) -> list[Scope]:
    return [scope for scope in scopes(user, permission) if not (scope.industry or scope.organisation)]


def in_places(user: User, permission: str, path: str = "region") -> Q:
    """The filter for rows that lie in places which this person answers for as a whole, whatever the trade."""
    return any_of(
        Q(**{f"{path}__code__startswith": one.region}) if one.region else Q()
        for one in _of_places(user, permission)
    )


def keeps_place(user: User, permission: str, region: str) -> bool:
    """Whether this person has the permission for the place (a code of GB/T 2260) as a whole."""
    return any(region.startswith(one.region) for one in _of_places(user, permission))


def any_of(conditions: Iterable[Q]) -> Q:
    """The disjunction, where an empty ``Q`` means "everything" and no condition at all "nothing"."""
    found = list(conditions)
    if not found:
        return Q(pk__in=[])
    if any(not condition for condition in found):
        return Q()
    result = found[0]
    for condition in found[1:]:
        result |= condition
    return result


def employers_of(user: User) -> list[str]:
    """Unified social credit codes of the employers this person works for as a payroll clerk."""
    return _works_for(user, Role.PAYROLL_CLERK)


def institutions_of(user: User) -> list[str]:
    """Codes of the banks, insurers and guarantors this person works for as an operator."""
    return _works_for(user, Role.BANK_OPERATOR)


def _works_for(user: User, role: str) -> list[str]:
    if not user.is_active:
        return []
    return sorted({getattr(grant, WORKS_FOR[role]) for grant in _grants(user) if grant.role == role} - {""})


def actor(user: User) -> Actor:
    return Actor(f"user:{user.pk}", str(user))


def with_grants(grants: QuerySet[Grant]) -> list[User]:
    """The people of these grants, each once in the order of the rows, with their grants at hand; one query.

    The rows must hold all grants of whom they name.
    """
    people: dict[int, User] = {}
    for grant in grants.select_related("user"):
        user = people.setdefault(grant.user_id, grant.user)
        user.__dict__.setdefault("_anxin_grants", []).append(grant)
    return list(people.values())


def colleagues() -> list[User]:
    """Everybody who is active and may do anything at all, by name; one query."""
    return with_grants(Grant.objects.filter(user__is_active=True).order_by("user__display_name", "user_id"))


def _grants(user: User) -> list[Any]:
    # Read once per request: the user object lives as long as the request does.
    if not hasattr(user, "_anxin_grants"):
        user._anxin_grants = list(user.grants.all())  # type: ignore[attr-defined]
    return user._anxin_grants  # type: ignore[attr-defined]
