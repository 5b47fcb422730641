"""Labour contracts of the invented city: a labour company has sent some; workers have signed, read, or said no."""

from __future__ import annotations

import datetime as dt

from anxin.accounts.access import employers_of
from anxin.accounts.models import User
from anxin.contracts import acting, drafting, reading, seals, signatures, telling
from anxin.contracts.models import Contract
from anxin.contracts.terms import own_rows
from anxin.demo.registering import Cast
from anxin.evidence.sealing import Sealed
from anxin.registry.models import Employer, Project
from anxin.typesetting.templates import template
from anxin.workforce.models import Enrolment
from anxin.workforce.signin import worker_actor

_PEOPLE = 9
_HOUR = dt.timedelta(hours=1)


def contracts(cast: Cast, *, now: dt.datetime) -> None:
    """Nine contracts of one employer: two in force, one to be sealed, one refused, one read, the others sent."""
    clerk = cast.users["pan"]
    employer = Employer.objects.get(uscc=employers_of(clerk)[0])
    found = _site(employer)
    if found is not None:
        _batch(employer, *found, clerk, "潘国梁", "云州市江北区码头路9号", now)


def _site(employer: Employer) -> tuple[Project, list[Enrolment]] | None:
    """The first site on which this employer's people have phones and agreed wages."""
    for project in Project.objects.filter(participations__employer=employer).distinct().order_by("pk"):
        rows = own_rows(project, employer).filter(
            exit__isnull=True, entry__isnull=False, worker__phone__isnull=False
        )
        people = list(rows.exclude(agreed_wage="").select_related("worker").order_by("pk")[:_PEOPLE])
        if people:
            return project, people
    return None


def _batch(
    employer: Employer,
    project: Project,
    people: list[Enrolment],
    clerk: User,
    head: str,
    address: str,
    now: dt.datetime,
) -> None:
    example = template("labour_contract").example()
    shared = {
        **{name: example[name] for name in ("hours", "insurance", "safety")},
        "employer_address": address,
        "employer_head": head,
        "worker_address": f"{project.name}工地宿舍",
        "place": f"{project.name}工地",
        "task": f"{project.name}主体结构施工",
    }
    started = drafting.start_batch(
        employer=employer, project=project, enrolments=[one.pk for one in people], shared=shared, begins_on=None,
        ends_on=None, text=None, send=True, user=clerk, now=now - 20 * _HOUR,
    )  # fmt: skip
    drafting.make_batch(started.batch.pk, now=now - 20 * _HOUR)
    # the last ones have acted; the first are left to whoever tries the phone
    sent = list(
        started.batch.contracts.filter(state=Contract.State.SENT).select_related("worker").order_by("-pk")
    )
    for contract in sent[:3]:
        _at_counter(contract, clerk, now - 10 * _HOUR)
    for contract in sent[3:4]:
        acting.read_to_end(contract, by=worker_actor(contract.worker), now=now - 9 * _HOUR)
    for contract in sent[4:5]:
        acting.refuse(
            contract,
            worker=contract.worker,
            words="工资和进场时说的不一样，请改了再签。",
            now=now - 9 * _HOUR,
        )
    if sealed := [one.pk for one in sent[:2]]:
        laid = reading.to_seal(clerk, sealed)
        reading.open_all(laid, user=clerk, now=now - 2 * _HOUR)
        reading.read_to_end(laid, user=clerk, now=now - 2 * _HOUR)
        acting.act("seal", sealed, user=clerk, now=now - 2 * _HOUR)
        seals.seal_asked(now=now - 2 * _HOUR)
    while telling.tell_portion(now=now - _HOUR):
        pass  # nobody is told: the people and their telephones are invented, whatever gateway is set


def _at_counter(contract: Contract, clerk: User, now: dt.datetime) -> None:
    number = contract.worker.id_number
    assert isinstance(number, Sealed)
    signatures.sign_at_counter(
        contract, id_number=number.open(), witness="周见证（演示）", consent=True, user=clerk, now=now
    )
