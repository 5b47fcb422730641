"""Which projects a person may see or act on."""

from __future__ import annotations

from django.db.models import QuerySet

from anxin.accounts.access import IMPORT, VIEW, scopes, within
from anxin.accounts.models import User
from anxin.registry.models import Project, Region


def visible_projects(user: User, permission: str = VIEW) -> QuerySet[Project]:
    """The projects on which this person has the permission; none without a grant."""
    return Project.objects.filter(within(user, permission))


def find_visible(user: User, project_id: int, permission: str = VIEW) -> Project | None:
    """One project with its region and responsible body, or ``None`` outside the person's scope."""
    return (
        visible_projects(user, permission)
        .select_related("region", "responsible")
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
