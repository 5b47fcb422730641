"""What pages read about wage deposits and owners' guarantees: their state, events, and what runs out when."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from anxin.accounts.models import User
from anxin.funds.deposit_state import DepositState, Happened, state_of
from anxin.funds.models import (
    DepositAssessment,
    DepositEvent,
    PaymentGuarantee,
    SpecialAccount,
    WageDeposit,
)
from anxin.registry.access import visible_projects
from anxin.registry.models import Project


@dataclass(frozen=True)
class DepositRow:
    """A deposit with what it holds now and its events, oldest first."""

    deposit: WageDeposit
    state: DepositState
    events: Sequence[DepositEvent]

    def open_of(self, event: DepositEvent) -> int:
        """What of this use has not been made good; 0 for any other event."""
        return next((use.open_fen for use in self.state.uses if use.key == event.pk), 0)


def deposit_rows(deposits: Sequence[WageDeposit]) -> list[DepositRow]:
    """The deposits with their state; one query for any number of them."""
    by_line: dict[int, list[DepositEvent]] = defaultdict(list)
    lines = [deposit.line_id for deposit in deposits]
    for event in DepositEvent.objects.filter(deposit_id__in=lines, superseded_at__isnull=True).order_by(
        "on", "id"
    ):
        by_line[event.deposit_id].append(event)
    rows = []
    for deposit in deposits:
        events = by_line[deposit.line_id]
        money = [Happened(one.pk, one.kind, one.on, one.amount_fen) for one in events if one.amount_fen]
        rows.append(DepositRow(deposit, state_of(deposit.amount_fen, money), events))
    return rows


def find_standing_deposit(project: Project, deposit_id: int) -> WageDeposit | None:
    """One deposit of the project as it stands; an old record's number leads to its successor."""
    found = WageDeposit.objects.filter(project=project).select_related("institution", "project__region")
    asked = found.filter(pk=deposit_id).first()
    if asked is None:
        return None
    line = Q(pk=asked.line_id) | Q(original_id=asked.line_id)
    return found.filter(line, superseded_at__isnull=True).first()


def payment_guarantees(project: Project) -> list[PaymentGuarantee]:
    """The owner's guarantees, the one that runs longest first."""
    return list(
        project.payment_guarantees.filter(superseded_at__isnull=True)
        .select_related("institution")
        .order_by("-valid_until", "-id")
    )


def assessment_of(project: Project) -> DepositAssessment | None:
    """What was last fixed as the project's deposit."""
    return project.deposit_assessments.filter(superseded_at__isnull=True).order_by("-id").first()


@dataclass(frozen=True)
class LapseFilters:
    """What narrows the lists of accounts and deposits; an empty part narrows nothing."""

    text: str = ""
    region: str = ""
    kind: str = ""
    #: days from today within which it ends; ``None``: whenever
    within: int | None = None


def ending_deposits(user: User, filters: LapseFilters, today: dt.date) -> QuerySet[WageDeposit]:
    """Deposits that are held, those that end first in front; cash without a last day comes last."""
    found = WageDeposit.objects.filter(
        project__in=visible_projects(user), superseded_at__isnull=True, released_on__isnull=True
    ).select_related("project__region", "institution")
    if filters.kind:
        found = found.filter(kind=filters.kind)
    return _narrowed(found, filters, today)


def ending_guarantees(user: User, filters: LapseFilters, today: dt.date) -> QuerySet[PaymentGuarantee]:
    """Owners' guarantees that run, those that end first in front."""
    found = PaymentGuarantee.objects.filter(
        project__in=visible_projects(user), superseded_at__isnull=True, released_on__isnull=True
    ).select_related("project__region", "institution")
    return _narrowed(found, filters, today)


def standing_accounts(user: User, filters: LapseFilters) -> QuerySet[SpecialAccount]:
    """Special accounts of visible projects, newest first; ``kind`` is ``open`` or ``closed``."""
    found = SpecialAccount.objects.filter(
        project__in=visible_projects(user), superseded_at__isnull=True
    ).select_related("project__region", "bank")
    if filters.kind in ("open", "closed"):
        found = found.filter(closed_on__isnull=filters.kind == "open")
    return _of_place(found, filters).order_by("-id")


def _narrowed(found: QuerySet, filters: LapseFilters, today: dt.date) -> QuerySet:  # type: ignore[type-arg]
    if filters.within is not None:
        found = found.filter(valid_until__lte=today + dt.timedelta(days=filters.within))
    return _of_place(found, filters)


def _of_place(found: QuerySet, filters: LapseFilters) -> QuerySet:  # type: ignore[type-arg]
    if filters.text:
        named = Q(project__name__icontains=filters.text) | Q(project__code__istartswith=filters.text)
        found = found.filter(named)
    if filters.region:
        found = found.filter(project__region__code__startswith=filters.region)
    return found
