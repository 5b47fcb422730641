"""What other packages know about a project, as it stood on a day and was known at a moment."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce

from anxin.funds.models import (
    AccountBalance,
    AccountEntry,
    BankReceipt,
    DepositEvent,
    Disbursement,
    LabourCostTerm,
    ReceiptMatch,
    SpecialAccount,
    WageDeposit,
)
from anxin.funds.queries import paid_of_line
from anxin.kernel.months import Month
from anxin.law import LawError, WorkCalendar, pay_day
from anxin.payroll.models import PayrollLine
from anxin.payroll.queries import of_projects
from anxin.registry.models import Project
from anxin.workforce.models import Enrolment

#: what an event does to the sum that can still be drawn
_SIGNS: Mapping[str, int] = {DepositEvent.Kind.USED: -1, DepositEvent.Kind.TOPPED_UP: 1}


@dataclass(frozen=True)
class View:
    """One project at two dates."""

    project: Project
    as_of: dt.date
    known_at: dt.datetime

    def known(self, prefix: str = "") -> Q:
        """Rows that had arrived and had not yet been replaced."""
        return Q(**{f"{prefix}recorded_at__lte": self.known_at}) & (
            Q(**{f"{prefix}superseded_at__isnull": True}) | Q(**{f"{prefix}superseded_at__gt": self.known_at})
        )


@dataclass
class Owed:
    """What one employer owes by payrolls and receipts; ``employer`` empty where the roster does not say."""

    employer: str
    workers: set[str]
    months: set[str]
    fen: int = 0


def owed_by_employer(view: View, calendar: WorkCalendar) -> dict[str, Owed]:
    """Unpaid net wages of months whose pay day is over, by the employer of the roster; three queries."""
    lines = (
        PayrollLine.objects.filter(view.known(), of_projects([view.project.pk]), net_fen__gt=0)
        .annotate(paid=paid_of_line(_counted_matches(view)))
        .values_list("month", "worker_id", "person_key", "net_fen", "paid")
    )
    employers = _employers(view)
    over: dict[str, bool] = {}
    found: dict[str, Owed] = {}
    for month, worker, person, net, paid in lines:
        if month not in over:
            over[month] = _is_over(view, month, calendar)
        if not over[month] or net <= paid:
            continue
        employer = employers.get(worker, "") if worker else ""
        owed = found.setdefault(employer, Owed(employer, set(), set()))
        owed.workers.add(person)
        owed.months.add(month)
        owed.fen += net - int(paid)
    return found


def _counted_matches(view: View) -> QuerySet[ReceiptMatch]:
    """The matches that count as payment of a line."""
    return ReceiptMatch.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=view.known_at),
        Q(receipt__paid_on__isnull=True) | Q(receipt__paid_on__lte=view.as_of),
        view.known("receipt__"),
        state__in=[ReceiptMatch.State.EXACT, ReceiptMatch.State.CONFIRMED],
        recorded_at__lte=view.known_at,
        receipt__project=view.project,
        receipt__outcome=BankReceipt.Outcome.PAID,
    )


def _employers(view: View) -> Mapping[int, str]:
    rows = (
        Enrolment.objects.filter(view.known(), project=view.project)
        .order_by("id")
        .values_list("worker_id", "employer__name", "employer_name")
    )
    return {worker: registered or written for worker, registered, written in rows if registered or written}


def _is_over(view: View, month: str, calendar: WorkCalendar) -> bool:
    """Whether the month's wages were due; without an agreed pay day at the end of the month after."""
    wage_month = Month.parse(month)
    due = wage_month.plus(1).last_day
    if view.project.pay_day is not None:
        try:
            due = pay_day(wage_month, view.project.pay_day, view.project.pay_month_offset, calendar).due
        except LawError:  # a year without a calendar: the agreed day itself
            due = wage_month.plus(view.project.pay_month_offset).day(view.project.pay_day)
    return due < view.as_of


def account_balance(view: View) -> int | None:
    """What the project's open special accounts hold: the bank's latest balance and the bookings after it."""
    line = OuterRef("line")
    stated = AccountBalance.objects.filter(view.known(), account_id=line, on__lte=view.as_of)
    latest = stated.order_by("-on", "-id")
    booked = AccountEntry.objects.filter(
        view.known(), account_id=line, booked_on__lte=view.as_of, booked_on__gt=OuterRef("stated_on")
    )
    signed = Case(When(direction=AccountEntry.Direction.IN, then=F("amount_fen")), default=-F("amount_fen"))
    moved = booked.order_by().values("account").annotate(fen=Sum(signed)).values("fen")
    found = (
        SpecialAccount.objects.filter(view.known(), project=view.project, opened_on__lte=view.as_of)
        .filter(Q(closed_on__isnull=True) | Q(closed_on__gt=view.as_of))
        .annotate(line=Coalesce("original_id", "pk"))
        .annotate(stated_on=Subquery(latest.values("on")[:1]))
        .annotate(stated_fen=Subquery(latest.values("balance_fen")[:1]), moved=Subquery(moved))
        .values_list("line", "stated_fen", "moved")
    )
    held = {line: stated + int(moved or 0) for line, stated, moved in found if stated is not None}
    return max(sum(held.values()), 0) if held else None


def deposit_available(view: View) -> tuple[str, int] | None:
    """Kind and what can still be drawn of the deposits that stand; ``None`` where none was ever recorded."""
    deposits = list(WageDeposit.objects.filter(view.known(), project=view.project).order_by("id"))
    if not deposits:
        return None
    changes: dict[int, int] = defaultdict(int)
    last: dict[int, dt.date] = {}
    ended: set[int] = set()
    kinds = DepositEvent.Kind
    for deposit, kind, fen, until in (
        DepositEvent.objects.filter(
            view.known(), deposit_id__in=[one.line_id for one in deposits], on__lte=view.as_of
        )
        .order_by("on", "id")
        .values_list("deposit_id", "kind", "amount_fen", "valid_until")
    ):
        changes[deposit] += _SIGNS.get(kind, 0) * (fen or 0)
        if kind == kinds.RENEWED and until:
            last[deposit] = until
        if kind == kinds.RELEASED:
            ended.add(deposit)
    total, words = 0, []
    for one in deposits:
        until = last.get(one.line_id, one.valid_until)
        released = one.released_on is not None and one.released_on <= view.as_of
        lapsed = until is not None and until < view.as_of
        if one.valid_from > view.as_of or released or lapsed or one.line_id in ended:
            continue
        total += max(one.amount_fen + changes[one.line_id], 0)
        words.append(one.get_kind_display())
    return "、".join(dict.fromkeys(words)) or "工资保证金", total


def labour_cost_paid(view: View) -> bool | None:
    """Whether all labour cost whose amount is known reached the account; ``None`` where nothing is known."""
    due: dict[str, int] = _agreed_labour_cost(view)
    paid: dict[str, int] = defaultdict(int)
    rows = Disbursement.objects.filter(
        view.known(), project=view.project, paid_on__lte=view.as_of
    ).values_list("month", "due_fen", "paid_fen")
    for month, due_fen, paid_fen in rows:
        due[month] = max(due.get(month, 0), due_fen or 0)
        paid[month] += paid_fen
    if not any(due.values()):
        return None
    return all(paid[month] >= wanted for month, wanted in due.items())


def _agreed_labour_cost(view: View) -> dict[str, int]:
    """What the agreed terms made due by month up to the day; the latest term of a month counts."""
    due: dict[str, int] = {}
    for term in LabourCostTerm.objects.filter(view.known(), project=view.project).order_by(
        "first_month", "id"
    ):
        month = Month.parse(term.first_month)
        while month.day(term.due_day) < view.as_of:
            if term.monthly_fen:
                due[str(month)] = term.monthly_fen
            month = month.plus(1)
    return due
