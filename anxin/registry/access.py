"""Which projects a person may see or act on."""

from __future__ import annotations

from django.db.models import QuerySet

from anxin.accounts.access import IMPORT, VIEW, employers_of, institutions_of, scopes, within
from anxin.accounts.models import User
from anxin.registry.models import Employer, Organisation, Participation, Project, Region


def visible_projects(user: User, permission: str = VIEW) -> QuerySet[Project]:
    """The projects on which this person has the permission; none without a grant."""
    return Project.objects.filter(within(user, permission))


def find_visible(user: User, project_id: int, permission: str = VIEW) -> Project | None:
    """One project with its region, the regions above it, and its responsible body; ``None`` outside the person's scope."""
    return (
        visible_projects(user, permission)
        .select_related("region__parent__parent__parent", "responsible")
        .filter(pk=project_id)
        .first()
    )


def may_register(user: User, *, region: str, industry: str, organisation: str = "") -> bool:
    """Whether this person may register a project there: whoever delivers its facts may also name it."""
    return any(
        scope.covers(region=region, industry=industry, organisation=organisation)
        for scope in scopes(user, IMPORT)
    )


def regions_within(user: User, permission: str = VIEW) -> QuerySet[Region]:
    """The regions this person may choose from, by code."""
    regions = Region.objects.none()
    for scope in scopes(user, permission):
        regions = regions | Region.objects.filter(code__startswith=scope.region)
    return regions.order_by("code")


def own_employers(user: User) -> QuerySet[Employer]:
    """The employers this person works for as a payroll clerk."""
    return Employer.objects.filter(uscc__in=employers_of(user))


def own_institutions(user: User) -> QuerySet[Organisation]:
    """The banks, insurers and guarantors this person works for as an operator."""
    kinds = Organisation.Kind
    return Organisation.objects.filter(
        code__in=institutions_of(user), kind__in=[kinds.BANK, kinds.INSURER, kinds.GUARANTOR]
    )


def employer_projects(user: User, *roles: str) -> QuerySet[Project]:
    """The projects in which this person's employer plays a role (one of ``roles``, else any)."""
    parts = Participation.objects.filter(employer__uscc__in=employers_of(user))
    if roles:
        parts = parts.filter(role__in=roles)
    return Project.objects.filter(pk__in=parts.values("project_id"))


def find_employer_project(user: User, project_id: int, *roles: str) -> Project | None:
    """One project of this person's employer with its region and responsible body, or ``None``."""
    return (
        employer_projects(user, *roles).select_related("region", "responsible").filter(pk=project_id).first()
    )
