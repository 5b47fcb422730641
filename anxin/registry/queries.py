"""What pages read about projects, employers and places. Every function costs a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from anxin.accounts.access import VIEW
from anxin.accounts.models import User
from anxin.kernel.paging import Page
from anxin.registry.access import visible_projects
from anxin.registry.models import Employer, Organisation, Participation, Project, ProjectApproval, Region

#: roles in the order in which an office names them
ROLE_ORDER = list(Participation.Role)


@dataclass(frozen=True)
class ProjectFilters:
    """What narrows a list of projects; an empty part narrows nothing.

    ``region`` is a code whose subtree counts, ``responsible`` an organisation's code, ``text`` a part of the
    project's name or code or of a participant's name or USCC.
    """

    text: str = ""
    region: str = ""
    industry: str = ""
    state: str = ""
    responsible: str = ""
    employer: int | None = None


@dataclass(frozen=True)
class RoleGroup:
    """The employers that play one role in a project."""

    role: str
    title: str
    employers: Sequence[Employer]


@dataclass(frozen=True)
class ProjectOverview:
    """The registered part of a project's page; the other packages add theirs."""

    project: Project
    region_path: Sequence[Region]
    roles: Sequence[RoleGroup]
    approvals: Sequence[ProjectApproval]

    def employers(self, role: str) -> Sequence[Employer]:
        """The employers in ``role``; empty where none is registered."""
        return next((group.employers for group in self.roles if group.role == role), [])


def matching_projects(user: User, filters: ProjectFilters, permission: str = VIEW) -> QuerySet[Project]:
    """All visible projects that meet the filters, newest first, with region and responsible body."""
    found = visible_projects(user, permission).select_related("region", "responsible").order_by("-id")
    text = filters.text.strip()
    if text:
        takes_part = Participation.objects.filter(project=OuterRef("pk")).filter(
            Q(employer__name__icontains=text) | Q(employer__uscc=text.upper())
        )
        found = found.filter(Q(name__icontains=text) | Q(code__istartswith=text) | Exists(takes_part))
    if filters.region:
        found = found.filter(region__code__startswith=filters.region)
    if filters.industry:
        found = found.filter(industry=filters.industry)
    if filters.state:
        found = found.filter(state=filters.state)
    if filters.responsible:
        found = found.filter(responsible__code=filters.responsible)
    if filters.employer is not None:
        takes_part = Participation.objects.filter(project=OuterRef("pk"), employer=filters.employer)
        found = found.filter(Exists(takes_part))
    return found


def project_page(
    user: User, filters: ProjectFilters, after: int | None = None, limit: int = 30
) -> Page[Project]:
    """One page of :func:`matching_projects`; ``after`` is the last id of the page before.

    Each project carries ``general_contractors``, the names of its general contractors.
    """
    found = matching_projects(user, filters)
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found[: limit + 1])
    shown = rows[:limit]
    attach_general_contractors(shown)
    return Page(shown, shown[-1].pk if len(rows) > limit else None)


def attach_general_contractors(projects: Sequence[Project]) -> None:
    """Give each project ``general_contractors``, the names in the order of registration; one query."""
    names: dict[int, list[str]] = {project.pk: [] for project in projects}
    for project_id, name in (
        Participation.objects.filter(project__in=names, role=Participation.Role.GENERAL_CONTRACTOR)
        .order_by("id")
        .values_list("project_id", "employer__name")
    ):
        names[project_id].append(name)
    for project in projects:
        project.general_contractors = names[project.pk]  # type: ignore[attr-defined]


def project_overview(project: Project) -> ProjectOverview:
    """Place, participants by role and approvals of one project."""
    by_role: dict[str, list[Employer]] = {}
    for participation in project.participations.select_related("employer").order_by("id"):
        by_role.setdefault(participation.role, []).append(participation.employer)
    roles = [RoleGroup(role.value, role.label, by_role[role]) for role in ROLE_ORDER if role in by_role]
    approvals = list(project.approvals.filter(superseded_at__isnull=True).order_by("issued_on", "id"))
    return ProjectOverview(project, region_path(project.region), roles, approvals)


def region_path(region: Region) -> list[Region]:
    """The region and those above it, from the province down; no query where they came along with the project."""
    path = [region]
    while path[0].parent is not None:
        path.insert(0, path[0].parent)
    return path


def organisations(*kinds: str) -> QuerySet[Organisation]:
    """Organisations of the given kinds (all when none is given), by name, for choosing in a form."""
    found = Organisation.objects.order_by("name", "id")
    return found.filter(kind__in=kinds) if kinds else found


def counties() -> list[Region]:
    """The districts and counties that are registered, by code; the cities, where there are none."""
    known = Region.objects.order_by("code")
    return list(known.filter(code__regex=r"^\d{6}$")) or list(known.filter(code__regex=r"^\d{4}$"))
