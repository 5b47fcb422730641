"""From the records to the fate of every outflow of special accounts, as known at a moment.

A constant number of queries for any number of accounts; only workers whose card or name stands in a booking are
asked for.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, Sum

from anxin.evidence import bulk
from anxin.funds import outflows
from anxin.funds.models import AccountEntry, AccountEvent, BankReceipt
from anxin.funds.outflows import Inflow, Known, Outflow
from anxin.kernel.money import FEN_PER_YUAN
from anxin.law import Law, LawError
from anxin.payroll.models import PayrollLine
from anxin.payroll.queries import of_projects
from anxin.workforce.models import Enrolment
from anxin.workforce.people import plain_name

FEE_LIMIT = "funds.fee_limit"
NOTICE = "special_account.cancel_publicity_days"


@dataclass(frozen=True)
class Moment:
    """The day looked at and what had arrived by when; ``project_ids`` ``None``: all."""

    as_of: dt.date
    known_at: dt.datetime
    project_ids: tuple[int, ...] | None = None

    def known(self) -> Q:
        return Q(recorded_at__lte=self.known_at) & (
            Q(superseded_at__isnull=True) | Q(superseded_at__gt=self.known_at)
        )

    def here(self, path: str) -> Q:
        return Q() if self.project_ids is None else Q(**{f"{path}__in": self.project_ids})


@dataclass(frozen=True)
class Judged:
    """One outflow with its fate."""

    entry_id: int
    account_id: int
    project_id: int
    booked_on: dt.date
    amount_fen: int
    fate: str


@dataclass
class _Project:
    """What of one project enters the judgement."""

    region: str = ""
    out: list[Outflow] = field(default_factory=list)
    came: list[Inflow] = field(default_factory=list)
    account_of: dict[int, int] = field(default_factory=dict)
    hashes: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    paid: dict[dt.date, int] = field(default_factory=dict)
    free_from: dt.date | None = None


def judged(moment: Moment, law: Law) -> list[Judged]:
    """The outflows up to the day with their fates, by project, day and key."""
    projects = _with_bookings(moment)
    if not projects:
        return []
    _add_workers(projects, moment)
    _add_results(projects, moment)
    _add_notices(projects, moment, law)
    rows = []
    for project_id, one in sorted(projects.items()):
        known = Known(
            one.hashes, one.names, one.paid, _fee_limit(law, moment.as_of, one.region), one.free_from
        )
        fates = outflows.judge(one.out, one.came, known)
        rows += [
            Judged(
                out.key, one.account_of[out.key], project_id, out.booked_on, out.amount_fen, fates[out.key]
            )
            for out in sorted(one.out, key=lambda out: (out.booked_on, out.key))
        ]
    return rows


def _with_bookings(moment: Moment) -> dict[int, _Project]:
    found = AccountEntry.objects.filter(
        moment.known(), moment.here("account__project_id"), booked_on__lte=moment.as_of
    ).values_list(
        "pk", "account_id", "account__project_id", "account__project__region_id", "direction", "booked_on",
        "kind", "amount_fen", "counterparty", "counterparty_hash", "purpose", "is_reversal", "reverses_id",
    )  # fmt: skip
    rows = list(found.order_by("pk"))
    taken_back = {row[-1] for row in rows if row[-1] is not None}
    projects: dict[int, _Project] = defaultdict(_Project)
    for (
        key, account, project, region, direction, day, kind, fen, name, card, purpose, reversal, _reverses,
    ) in rows:  # fmt: skip
        one = projects[project]
        one.region = region
        if reversal:
            continue
        if direction == AccountEntry.Direction.IN:
            one.came.append(Inflow(day, fen, plain_name(name), card))
            continue
        one.account_of[key] = account
        one.out.append(Outflow(key, day, kind, fen, plain_name(name), card, purpose, key in taken_back))
    return {project: one for project, one in projects.items() if one.out}


def _add_workers(projects: dict[int, _Project], moment: Moment) -> None:
    """Which cards and names of the bookings are those of the project's workers."""
    cards = {out.account_hash for one in projects.values() for out in one.out if out.account_hash}
    names = {out.name for one in projects.values() for out in one.out if out.name}
    ids = sorted(projects)
    line = PayrollLine.objects.filter(moment.known(), of_projects(ids))
    enrolled = Enrolment.objects.filter(moment.known(), project_id__in=ids)
    both = [("card", one) for one in sorted(cards)] + [("name", one) for one in sorted(names)]
    for piece in bulk.chunks(both):
        some_cards = {one for kind, one in piece if kind == "card"}
        some_names = {one for kind, one in piece if kind == "name"}
        on_lists = line.filter(Q(card_hash__in=some_cards) | Q(name__in=some_names))
        on_rosters = enrolled.filter(Q(card_hash__in=some_cards) | Q(worker__name__in=some_names))
        for project, card, name in (
            *on_lists.values_list("payroll__project_id", "card_hash", "name").distinct(),
            *on_rosters.values_list("project_id", "card_hash", "worker__name").distinct(),
        ):
            if card in some_cards:
                projects[project].hashes.add(card)
            if name in some_names:
                projects[project].names.add(plain_name(name))


def _add_results(projects: dict[int, _Project], moment: Moment) -> None:
    """What the bank's pay results say was paid, by day."""
    paid = (
        BankReceipt.objects.filter(
            moment.known(),
            project_id__in=sorted(projects),
            outcome=BankReceipt.Outcome.PAID,
            paid_on__lte=moment.as_of,
        )
        .values_list("project_id", "paid_on")
        .annotate(fen=Sum("amount_fen"))
        .order_by()
    )
    for project, day, fen in paid:
        if day is not None:
            projects[project].paid[day] = int(fen)


def _add_notices(projects: dict[int, _Project], moment: Moment, law: Law) -> None:
    """From which day what is left on an account may go back to the contractor: its notice has run unchallenged."""
    steps = AccountEvent.objects.filter(
        moment.known(), account__project_id__in=sorted(projects), on__lte=moment.as_of
    )
    kinds = AccountEvent.Kind
    for project, kind, day in steps.order_by("on", "id").values_list("account__project_id", "kind", "on"):
        one = projects[project]
        if kind == kinds.NOTICE:
            one.free_from = _end_of_notice(law, day, one.region)
        elif kind in (kinds.CHALLENGED, kinds.REFUSED):
            one.free_from = None


def _end_of_notice(law: Law, day: dt.date, region: str) -> dt.date | None:
    try:
        return law.deadline(NOTICE, day, region).act_from
    except LawError:
        return None


def _fee_limit(law: Law, on: dt.date, region: str) -> int:
    try:
        return int(law.value(FEE_LIMIT, on=on, region=region).value) * FEN_PER_YUAN
    except LawError:
        return 0


def fates_of(account_id: int, rows: Iterable[Judged]) -> dict[int, str]:
    """The fates of one account's outflows by entry."""
    return {row.entry_id: row.fate for row in rows if row.account_id == account_id}


def suspects(rows: Sequence[Judged]) -> list[Judged]:
    """The outflows that were not wages, or that nobody has shown to be."""
    return [row for row in rows if row.fate in outflows.SUSPECT]
