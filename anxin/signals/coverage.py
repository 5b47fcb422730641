"""Sites that are known from elsewhere, held against the register: which are in it, and which are not.

A site is in the register where a person said so, where its number is a project's, or where one project of its
region has the same name. Names that are merely near are proposed to a person and never taken silently.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from anxin.kernel.identifiers import clean_identifier
from anxin.registry.models import Project, ProjectApproval
from anxin.signals.models import KnownSite, SiteDecision
from anxin.signals.names import NEAR, likeness, plain_site_name

#: how a site was found to be in the register
BY_PERSON, BY_NUMBER, BY_NAME = "person", "number", "name"


@dataclass(frozen=True)
class Site:
    """A known site and the project it is; without one, ``exempt`` may say why it needs none."""

    pk: int
    region_id: str
    source: str
    number: str
    name: str
    plain_name: str
    on: dt.date
    owner_name: str
    contractor_name: str
    contract_fen: int | None
    project_id: int | None
    #: how the project was found; empty where none was
    how: str
    #: why it is under no supervision, as a person decided; empty otherwise
    exempt: str

    @property
    def missing(self) -> bool:
        """Not in the register, and nobody has said that it need not be."""
        return self.project_id is None and not self.exempt


@dataclass(frozen=True)
class Proposal:
    """A project whose name is near."""

    project_id: int
    code: str
    name: str
    likeness: float


@dataclass(frozen=True)
class _Register:
    """The projects as sites are held against them."""

    by_number: dict[str, int]
    #: plain name → (project, region code)
    by_name: dict[str, list[tuple[int, str]]]


def sites(*, as_of: dt.date, known_at: dt.datetime | None = None, where: Q | None = None) -> list[Site]:
    """The sites known on the day, each with its project. A constant number of queries."""
    known = Q(superseded_at__isnull=True)
    projects, decided = Q(), Q(ended_at__isnull=True)
    if known_at is not None:
        known = Q(recorded_at__lte=known_at) & (known | Q(superseded_at__gt=known_at))
        projects = Q(recorded_at__lte=known_at)
        decided = Q(decided_at__lte=known_at) & (decided | Q(ended_at__gt=known_at))
    register = _register(projects)
    decisions = {
        (source, number): (project, reason)
        for source, number, project, reason in SiteDecision.objects.filter(decided).values_list(
            "source", "number", "project_id", "reason"
        )
    }
    rows = KnownSite.objects.filter(known, where or Q(), on__lte=as_of).order_by("on", "pk")
    return [
        Site(*row, *_match(row, register, decisions))
        for row in rows.values_list(
            "pk",
            "region_id",
            "source",
            "number",
            "name",
            "plain_name",
            "on",
            "owner_name",
            "contractor_name",
            "contract_fen",
        )
    ]


def proposals(site: Site, projects: Iterable[tuple[int, str, str, str]], limit: int = 3) -> list[Proposal]:
    """The nearest projects of the site's region, given as ``(id, code, name, region)``; the nearest first."""
    found = [
        Proposal(pk, code, name, near)
        for pk, code, name, region in projects
        if _same_place(site.region_id, region)
        and (near := likeness(site.plain_name, plain_site_name(name))) >= NEAR
    ]
    return sorted(found, key=lambda one: (-one.likeness, one.project_id))[:limit]


def _register(projects: Q) -> _Register:
    by_number: dict[str, int] = {}
    by_name: dict[str, list[tuple[int, str]]] = defaultdict(list)
    rows = Project.objects.filter(projects).order_by("pk")
    for pk, code, permit, name, region in rows.values_list(
        "pk", "code", "permit_number", "name", "region_id"
    ):
        by_name[plain_site_name(name)].append((pk, region))
        for number in (code, permit):
            if number:
                by_number.setdefault(clean_identifier(number), pk)
    approvals = ProjectApproval.objects.filter(superseded_at__isnull=True, project__in=rows.values("pk"))
    for pk, number in approvals.values_list("project_id", "number"):
        by_number.setdefault(clean_identifier(number), pk)
    return _Register(by_number, dict(by_name))


def _match(
    row: Sequence[object], register: _Register, decisions: Mapping[tuple[str, str], tuple[int | None, str]]
) -> tuple[int | None, str, str]:
    """Project, how it was found, and why none is needed."""
    region, source, number, plain_name = str(row[1]), str(row[2]), str(row[3]), str(row[5])
    if (source, number) in decisions:
        project, reason = decisions[(source, number)]
        return project, BY_PERSON if project else "", reason
    project = register.by_number.get(clean_identifier(number))
    if project is not None:
        return project, BY_NUMBER, ""
    same = [pk for pk, place in register.by_name.get(plain_name, ()) if _same_place(region, place)]
    # Two projects of one name: which of them it is, a person must say.
    return (same[0], BY_NAME, "") if len(same) == 1 else (None, "", "")


def _same_place(one: str, other: str) -> bool:
    """One region lies in the other."""
    return one.startswith(other) or other.startswith(one)
