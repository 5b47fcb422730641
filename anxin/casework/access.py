"""Who may see and act on which matters: the lead body acts, supporting bodies see.

A grant reaches a matter through its region's subtree, its industry and its lead body. Whoever works for a
supporting body sees the matter wherever it lies, because the body was asked to help.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import F, Q, QuerySet

from anxin.accounts.access import HANDLE, VIEW, Scope, any_of, scopes
from anxin.accounts.models import User
from anxin.casework.models import Matter, Task
from anxin.registry.models import Organisation

__all__ = [
    "acts_on",
    "given_to",
    "may_see",
    "register_working",
    "visible_matter",
    "visible_matters",
    "works_for",
    "works_on",
]

#: by procedure: who works on a matter besides the people of its lead body (the mediator it was given to)
_working: dict[str, Callable[[User, Matter], bool]] = {}


def register_working(procedure: str, works: Callable[[User, Matter], bool]) -> None:
    """Let a package above say who, without a grant for the lead body, takes the steps and attaches papers."""
    _working[procedure] = works


def visible_matters(user: User, permission: str = VIEW) -> QuerySet[Matter]:
    """The matters this person may see (``VIEW``), or act on with another permission; with what lists show."""
    conditions = [_lead(scope) for scope in scopes(user, permission)]
    if permission == VIEW:
        conditions += [_supporting(scope) for scope in scopes(user, permission)]
    return Matter.objects.filter(any_of(conditions)).select_related(
        "region", "lead", "handler", "project", "employer"
    )


def visible_matter(user: User, matter_id: int) -> Matter | None:
    """One matter, or ``None`` where it does not exist or lies outside this person's scope."""
    return visible_matters(user).filter(pk=matter_id).first()


def acts_on(user: User, permission: str, matter: Matter) -> bool:
    """Whether this person holds the permission for the matter's lead body there."""
    return any(
        scope.covers(region=matter.region_id, industry=matter.industry, organisation=matter.lead.code)
        for scope in scopes(user, permission)
    )


def works_on(user: User, matter: Matter) -> bool:
    """Whether this person takes the officer's steps of the matter: by a grant, or because it was given to them."""
    if acts_on(user, HANDLE, matter):
        return True
    works = _working.get(matter.procedure)
    return works is not None and works(user, matter)


def may_see(user: User, matter: Matter) -> bool:
    """Whether this person may look at the matter: of its lead body or of a supporting one."""
    return acts_on(user, VIEW, matter) or any(
        _supports(scope, body, matter) for scope in scopes(user, VIEW) for body in matter.supporting.all()
    )


def works_for(user: User, permission: str, body: Organisation, matter: Matter) -> bool:
    """Whether this person acts for the body in this matter: for the lead body as on the matter, for another
    one by the body's own name, or by its place and kind."""
    if body.pk == matter.lead_id:
        return acts_on(user, permission, matter)
    return any(_of_body(scope, body, matter.industry) for scope in scopes(user, permission))


def given_to(user: User, permission: str) -> Q:
    """The tasks given to bodies for which this person acts; the same as :func:`works_for`, for many."""
    led = Q(for_organisation=F("matter__lead"), matter__in=visible_matters(user, permission).values("pk"))
    others = any_of(_tasks_of(scope) for scope in scopes(user, permission)) & ~Q(
        for_organisation=F("matter__lead")
    )
    return Q(kind=Task.Kind.DECISION) & (led | others)


def _of_body(scope: Scope, body: Organisation, industry: str) -> bool:
    if scope.industry not in ("", industry):
        return False
    if scope.organisation:
        return scope.organisation == body.code
    in_place = not scope.region or (body.region_id or "").startswith(scope.region)
    return in_place and body.kind in _kinds(scope)


def _tasks_of(scope: Scope) -> Q:
    condition = Q(matter__industry=scope.industry) if scope.industry else Q()
    if scope.organisation:
        return condition & Q(for_organisation__code=scope.organisation)
    if scope.region:
        condition &= Q(for_organisation__region__code__startswith=scope.region)
    return condition & Q(for_organisation__kind__in=_kinds(scope))


def _kinds(scope: Scope) -> tuple[str, ...]:
    """Whoever answers for one trade works for its authority, whoever answers for all for the bureau or a town."""
    kinds = Organisation.Kind
    return (kinds.INDUSTRY_AUTHORITY,) if scope.industry else (kinds.BUREAU, kinds.TOWN)


def _lead(scope: Scope) -> Q:
    condition = Q()
    if scope.region:
        condition &= Q(region__code__startswith=scope.region)
    if scope.industry:
        condition &= Q(industry=scope.industry)
    if scope.organisation:
        condition &= Q(lead__code=scope.organisation)
    return condition


def _supporting(scope: Scope) -> Q:
    """A sub-query, not a join: a matter with three supporting bodies is one row."""
    bodies = Organisation.objects.all()
    if scope.organisation:
        bodies = bodies.filter(code=scope.organisation)
    if scope.region:
        here = Q(region__code__startswith=scope.region)
        bodies = bodies.filter(here | Q(region__isnull=True)) if scope.organisation else bodies.filter(here)
    asked = Matter.supporting.through.objects.filter(organisation__in=bodies).values("matter")
    condition = Q(pk__in=asked)
    return condition & Q(industry=scope.industry) if scope.industry else condition


def _supports(scope: Scope, body: Organisation, matter: Matter) -> bool:
    """The same as :func:`_supporting`, for one body of one matter."""
    if scope.industry not in ("", matter.industry) or scope.organisation not in ("", body.code):
        return False
    if not scope.region:
        return True
    return body.region_id.startswith(scope.region) if body.region_id else bool(scope.organisation)
