"""Who sees which reports: a grid worker their own and nothing else, an officer those of their places and projects."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from anxin.accounts.access import REPORT, VIEW, any_of, scopes
from anxin.accounts.models import Grant, Role, User
from anxin.clues.access import told_within
from anxin.grid.models import GridReport
from anxin.registry.models import Project, Region

_SHOWN = ("region", "project__region", "clue__dispute", "board_check", "known_site")


def own_reports(user: User) -> QuerySet[GridReport]:
    """What this person has reported."""
    return GridReport.objects.filter(by=user).select_related(*_SHOWN)


def visible_reports(user: User, permission: str = VIEW) -> QuerySet[GridReport]:
    """The reports of this person's places; who answers for a trade or a body sees those about its projects."""
    conditions = [told_within(scope) for scope in scopes(user, permission)]
    return GridReport.objects.filter(any_of(conditions)).select_related(*_SHOWN)


def visible_grants(user: User) -> QuerySet[Grant]:
    """The grids of open accounts within the places that this person answers for as a whole."""
    places = [scope for scope in scopes(user, VIEW) if not (scope.industry or scope.organisation)]
    here = any_of(Q(region__startswith=scope.region) if scope.region else Q() for scope in places)
    return Grant.objects.filter(here, role=Role.GRID_WORKER, user__is_active=True).select_related("user")


def own_sites(user: User) -> QuerySet[Project]:
    """The unfinished sites of this person's grid."""
    return Project.objects.filter(_own(user, "region__code")).exclude(state=Project.State.COMPLETED)


def own_regions(user: User) -> list[Region]:
    """The grids of this person, by code."""
    codes = [scope.region for scope in scopes(user, REPORT)]
    return list(Region.objects.filter(code__in=codes).order_by("code"))


def _own(user: User, path: str) -> Q:
    # "" would be everywhere: granting refuses it, and it is nobody's grid here
    grids = [scope.region for scope in scopes(user, REPORT) if scope.region]
    return any_of(Q(**{f"{path}__startswith": region}) for region in grids)
