"""Counts and lists: how far a batch has come, who of a roster has no contract, how much of a site is covered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from anxin.accounts.models import User
from anxin.contracts.models import Contract, ContractBatch
from anxin.registry.access import visible_projects
from anxin.registry.models import Project
from anxin.workforce.models import Enrolment

_State = Contract.State


@dataclass(frozen=True)
class StateCount:
    """How many contracts of a batch are in a state."""

    state: str
    word: str
    number: int


def by_state(contracts: QuerySet[Contract]) -> list[StateCount]:
    """The states that occur, in the order of a contract's life."""
    found = dict(contracts.order_by().values_list("state").annotate(Count("pk")))
    return [
        StateCount(state.value, state.label, found[state.value]) for state in _State if state.value in found
    ]


def progress(batch: ContractBatch) -> tuple[int, int]:
    """(made or failed, all) of a batch."""
    counts = batch.contracts.aggregate(all=Count("pk"), waiting=Count("pk", filter=Q(state=_State.WAITING)))
    return counts["all"] - counts["waiting"], counts["all"]


@dataclass(frozen=True)
class Coverage:
    """One site: people on it today, with a contract signed here and in force, with any contract on file, and since when the first is without."""

    project: Project
    present: int
    in_force: int
    on_file: int
    first_without: dt.date | None

    @property
    def without(self) -> int:
        return self.present - self.on_file

    @property
    def share(self) -> float | None:
        """Of those present: a signed contract in force, electronic or on file."""
        return self.on_file / self.present if self.present else None


def present(on: dt.date) -> QuerySet[Enrolment]:
    """Rows of current rosters of people who are on site that day, as the rule W09 counts them."""
    return Enrolment.objects.filter(superseded_at__isnull=True).filter(
        Q(entry__isnull=True) | Q(entry__lte=on), Q(exit__isnull=True) | Q(exit__gt=on)
    )


def with_contract(rows: QuerySet[Enrolment], on: dt.date) -> QuerySet[Any]:
    """``here``: a contract in force signed here; ``held``: that, or one on file that has begun and not run out."""
    mine = Contract.objects.filter(
        project=OuterRef("project"), worker=OuterRef("worker"), state=_State.IN_FORCE, begins_on__lte=on
    ).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))
    on_file = Q(contract_from__lte=on) & (Q(contract_until__isnull=True) | Q(contract_until__gte=on))
    return rows.annotate(here=Exists(mine)).annotate(
        held=Case(When(Q(here=True) | on_file, then=Value(1)), default=Value(0), output_field=IntegerField())
    )


def coverage(user: User, on: dt.date, projects: Iterable[int] | None = None) -> list[Coverage]:
    """Every site of the scope that has people today, the least covered first; two queries."""
    sites = visible_projects(user)
    if projects is not None:
        sites = sites.filter(pk__in=list(projects))
    rows = with_contract(present(on).filter(project__in=sites), on).order_by()
    counted = rows.values("project").annotate(
        people=Count("worker", distinct=True),
        electronic=Count("worker", distinct=True, filter=Q(here=True)),
        signed=Count("worker", distinct=True, filter=Q(held=1)),
        first=Min(Case(When(held=0, then="entry"), output_field=DateField())),
    )
    by_site = {one["project"]: one for one in counted}
    found = [
        Coverage(site, one["people"], one["electronic"], one["signed"], one["first"])
        for site in sites.filter(pk__in=by_site).select_related("region")
        if (one := by_site[site.pk])
    ]
    return sorted(found, key=lambda one: (one.share or 0, -one.present, one.project.pk))
