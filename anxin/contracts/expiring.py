"""Contracts that run out: which have, which will soon, whose people are still on site; the renewal starts from there.

A fixed term that has run out ends the contract by law (劳动合同法第四十四条第一款第一项), whatever anybody records. Who works on
without a new one in writing is owed double wages from the second month (第八十二条第一款).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from anxin.contracts.models import Contract
from anxin.contracts.queries import present
from anxin.law import Law
from anxin.local_law import queries as local_law
from anxin.registry.models import Employer, Project

#: days before the end from which a clerk is reminded; a bureau may set its own
NOTICE = "casework.contract_ending_notice_days"


def notice_days(on: dt.date, law: Law | None = None) -> int:
    """How many days before its end a contract comes on the list; ``law`` where the caller has it at hand."""
    return int((law or local_law.current()).value(NOTICE, on).value)


def running_out(contracts: QuerySet[Contract], on: dt.date) -> QuerySet[Any]:
    """In force on paper, run out or to run out within the notice.

    ``on_site``: the person is there today; ``renewing``: a new one is on its way.
    """
    renewal = Contract.objects.filter(previous=OuterRef("pk"), state__in=Contract.OPEN)
    return _within_notice(contracts, on).annotate(on_site=_there(on), renewing=Exists(renewal))


def _within_notice(contracts: QuerySet[Contract], on: dt.date, law: Law | None = None) -> QuerySet[Contract]:
    until = on + dt.timedelta(days=notice_days(on, law))
    return contracts.filter(state=Contract.State.IN_FORCE, ends_on__lte=until)


def _there(on: dt.date) -> Exists:
    return Exists(present(on).filter(project=OuterRef("project"), worker=OuterRef("worker")))


@dataclass(frozen=True)
class Running:
    """How many have run out with people still there, have run out, and will soon."""

    worked_on: int
    ended: int
    soon: int

    @property
    def all(self) -> int:
        return self.ended + self.soon


def counted(rows: QuerySet[Any], on: dt.date) -> Running:
    """Of :func:`running_out`, in one query."""
    past = Q(ends_on__lt=on)
    found = rows.aggregate(
        worked_on=Count("pk", filter=past & Q(on_site=True)), ended=Count("pk", filter=past), soon=Count("pk", filter=~past)
    )  # fmt: skip
    return Running(**found)


def with_running(employers: QuerySet[Employer], on: dt.date, law: Law) -> QuerySet[Any]:
    """Each with ``worked_on``, ``run_out`` and ``soon``, for a page that reads its employers anyway: no query more."""
    mine = _within_notice(Contract.objects.filter(employer=OuterRef("pk")), on, law)
    past = mine.filter(ends_on__lt=on)
    return employers.annotate(
        worked_on=_number(past.filter(_there(on))),
        run_out=_number(past),
        soon=_number(mine.filter(ends_on__gte=on)),
    )


def _number(rows: QuerySet[Contract]) -> Coalesce:
    return Coalesce(
        Subquery(rows.order_by().values("employer").annotate(number=Count("pk")).values("number")), 0
    )


@dataclass(frozen=True)
class SiteRunning:
    """One site of one employer: how many can be renewed there in one action."""

    project: Project
    employer_id: int
    people: int


def to_renew(rows: QuerySet[Any]) -> list[SiteRunning]:
    """Where people are still on site and no renewal is on its way: two queries."""
    chosen = rows.filter(on_site=True, renewing=False).order_by()
    counts = list(
        chosen.values("project", "employer").annotate(people=Count("pk")).order_by("-people", "project")
    )
    projects = Project.objects.in_bulk([one["project"] for one in counts])
    return [SiteRunning(projects[one["project"]], one["employer"], one["people"]) for one in counts]
