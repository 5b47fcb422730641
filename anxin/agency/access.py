"""Who sees which payroll runs and orders, and who may do what with one."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from anxin.accounts.access import VIEW, any_of, employers_of, within
from anxin.accounts.models import User
from anxin.agency.deciding import may_not_approve
from anxin.agency.models import PayOrder, PayrollRun
from anxin.agency.models_words import WorkerWord
from anxin.registry.models import Employer, Participation
from anxin.workforce.models import Enrolment

_GENERAL = Participation.Role.GENERAL_CONTRACTOR


def visible_runs(user: User) -> QuerySet[PayrollRun]:
    """The bureau's within its scope; a general contractor's on its projects; else one's own employer's."""
    return PayrollRun.objects.filter(any_of([_bureau(user), _of_employer(user)]))


def own_runs(user: User) -> QuerySet[PayrollRun]:
    """The runs that this person's employer sees: all of a project it is general contractor of, else its own."""
    return PayrollRun.objects.filter(_of_employer(user))


def bank_orders(codes: list[str]) -> QuerySet[PayOrder]:
    """The orders that these institutions have been given: never one that is only being prepared."""
    return PayOrder.objects.filter(bank__code__in=codes).exclude(_NOT_GIVEN)


_NOT_GIVEN = Q(state__in=[PayOrder.State.PREPARED, PayOrder.State.CANCELLED])


def general_contractor_of(user: User, run: PayrollRun) -> Employer | None:
    """This person's employer, where it is the general contractor of the run's project."""
    return Employer.objects.filter(
        uscc__in=employers_of(user), participations__project=run.project_id, participations__role=_GENERAL
    ).first()


def why_not_approve(user: User, run: PayrollRun) -> str:
    """Why this person may not approve the run (a sentence), or nothing."""
    if general_contractor_of(user, run) is None:
        return "审核由施工总承包单位的劳资专管员办理。"
    return may_not_approve(run, f"user:{user.pk}")


def visible_words(user: User) -> QuerySet[WorkerWord]:
    """Workers' words beside any run: the bureau's within its scope, the general contractor's on its projects,
    another employer's of the people whom it has enrolled there."""
    return WorkerWord.objects.filter(any_of([_bureau(user), _words_of_employer(user)])).select_related(
        "worker", "project", "promise__payroll"
    )


def own_words(user: User) -> QuerySet[WorkerWord]:
    """The words that this person's employer sees and answers."""
    return WorkerWord.objects.filter(_words_of_employer(user)).select_related(
        "worker", "project", "promise__payroll"
    )


def _words_of_employer(user: User) -> Q:
    own = employers_of(user)
    if not own:
        return Q(pk__in=[])
    general = Participation.objects.filter(employer__uscc__in=own, role=_GENERAL)
    enrolled = Enrolment.objects.filter(
        employer__uscc__in=own,
        superseded_at__isnull=True,
        project=OuterRef("project"),
        worker=OuterRef("worker"),
    )
    return Q(project_id__in=general.values("project_id")) | Q(Exists(enrolled))


def _bureau(user: User) -> Q:
    return within(user, VIEW, "project__")


def _of_employer(user: User) -> Q:
    own = employers_of(user)
    if not own:
        return Q(pk__in=[])
    general = Participation.objects.filter(employer__uscc__in=own, role=_GENERAL)
    return Q(employer__uscc__in=own) | Q(project_id__in=general.values("project_id"))
