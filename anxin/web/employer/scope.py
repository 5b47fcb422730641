"""What of the portal a clerk reaches: one's own employer's projects and payrolls; anything else does not exist."""

from __future__ import annotations

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.http import Http404

from anxin.accounts.access import actor, employers_of
from anxin.accounts.models import Grant, User
from anxin.agency.access import own_runs
from anxin.agency.models import PayOrder, PayrollRun, RunLine
from anxin.evidence.models import ImportBatch
from anxin.registry.access import employer_projects
from anxin.registry.models import Employer, Participation, Project
from anxin.web.found import or_404

GENERAL = Participation.Role.GENERAL_CONTRACTOR
#: roles in a project that have people to pay
PAYING = (GENERAL, Participation.Role.SUBCONTRACTOR, Participation.Role.LABOUR_COMPANY)


def own_projects(user: User) -> QuerySet[Project]:
    """The projects on which this person's employer has people to pay.

    ``general`` of each: whether it is the general contractor there, which sees everybody's lines and approves.
    """
    as_general = Participation.objects.filter(
        project=OuterRef("pk"), employer__uscc__in=employers_of(user), role=GENERAL
    )
    return employer_projects(user, *PAYING).annotate(general=Exists(as_general))


def project_or_404(user: User, pk: int, among: QuerySet[Project] | None = None) -> Project:
    """One of :func:`own_projects` (as ``among`` has them) with its region and responsible body."""
    projects = own_projects(user) if among is None else among
    return or_404(projects.select_related("region", "responsible").filter(pk=pk).first())


def general_projects(user: User) -> set[int]:
    """Keys of the projects on which this person's employer is general contractor."""
    return set(employer_projects(user, GENERAL).values_list("pk", flat=True))


def employers_to_pay(user: User, project: Project) -> list[Employer]:
    """For whom this person may make a payroll: everybody for the general contractor, else the own employer."""
    found = Employer.objects.filter(
        participations__project=project, participations__role__in=PAYING
    ).distinct()
    if project.pk not in general_projects(user):
        found = found.filter(uscc__in=employers_of(user))
    return list(found.order_by("name", "pk"))


def run_or_404(user: User, pk: int) -> PayrollRun:
    return or_404(own_runs(user).select_related("project__region", "employer").filter(pk=pk).first())


def line_or_404(user: User, pk: int) -> RunLine:
    found = (
        RunLine.objects.filter(pk=pk, run__in=own_runs(user))
        .select_related("run__project__region", "run__employer", "worker")
        .first()
    )
    if found is None:
        raise Http404
    return found


def order_or_404(user: User, pk: int) -> PayOrder:
    found = (
        PayOrder.objects.filter(pk=pk, run__in=own_runs(user))
        .select_related("run__project__region", "run__employer", "bank", "file")
        .first()
    )
    if found is None:
        raise Http404
    return found


def own_uploads(user: User) -> QuerySet[ImportBatch]:
    """All deliveries for projects where one's employer is general contractor, else the own employer's alone."""
    colleagues = Grant.objects.filter(employer__in=employers_of(user))
    keys = colleagues.values_list(Concat(Value("user:"), Cast("user_id", CharField())), flat=True)
    return ImportBatch.objects.filter(
        Q(project_code__in=employer_projects(user, GENERAL).values("code"))
        | Q(delivered_by__in=keys)
        | Q(delivered_by=actor(user).key)
    )


def upload_or_404(user: User, pk: int) -> ImportBatch:
    return or_404(own_uploads(user).select_related("file").filter(pk=pk).first())
