"""Labour cost, special accounts, and wage deposits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from anxin.funds.deposit_state import Happened, state_of
from anxin.funds.judging import Moment, judged
from anxin.funds.labour_cost import Term, due_fen, term_of
from anxin.funds.models import (
    AccountBalance,
    AccountEvent,
    DepositAssessment,
    DepositEvent,
    Disbursement,
    LabourCostTerm,
    ProgressAmount,
    SpecialAccount,
    WageDeposit,
)
from anxin.kernel.months import Month
from anxin.local_law import queries as local_law
from anxin.monitoring.snapshot.view import CHUNK, Row, Rows, View, plain


def _disbursements(view: View) -> Iterable[Row]:
    """What arrived for each period; what was due is the agreed share of that month's progress where it is known."""
    terms: dict[int, list[Term]] = {}
    shares = view.rows(LabourCostTerm).filter(share_of=LabourCostTerm.ShareOf.PROGRESS)
    for project, first, cycle, day, share in shares.order_by("pk").values_list(
        "project_id", "first_month", "cycle_months", "due_day", "share_bp"
    ):
        agreed = Term(Month.parse(first), cycle, day, progress_share_bp=share)
        terms.setdefault(project, []).append(agreed)
    progress = {
        (project, month): fen
        for project, month, fen in view.rows(ProgressAmount).values_list("project_id", "month", "amount_fen")
    }
    rows = view.rows(Disbursement).filter(paid_on__lte=view.as_of).order_by("pk")
    for key, project, month, stated, paid, day in rows.values_list(
        "pk", "project_id", "month", "due_fen", "paid_fen", "paid_on"
    ).iterator(CHUNK):
        term = term_of(terms[project], Month.parse(month), 1) if project in terms else None
        yield key, project, month, due_fen(term, progress.get((project, month)), stated), paid, day


def _account_outflows(view: View) -> Iterable[Row]:
    """Judged by the law of the moment of the sweep: it only says which bank fees are small."""
    moment = Moment(view.as_of, view.known_at, view.project_ids)
    for row in judged(moment, local_law.current()):
        yield row.entry_id, row.project_id, row.booked_on, row.amount_fen, row.fate


def _deposit_uses(view: View) -> Iterable[Row]:
    """What was taken from each deposit, the oldest use made good first."""
    events: dict[tuple[int, int], list[Happened]] = {}
    kinds = [DepositEvent.Kind.USED, DepositEvent.Kind.TOPPED_UP]
    for deposit, project, key, kind, day, fen in (
        view.rows(DepositEvent, "deposit__project_id")
        .filter(kind__in=kinds, on__lte=view.as_of)
        .order_by("pk")
        .values_list("deposit_id", "deposit__project_id", "pk", "kind", "on", "amount_fen")
    ):
        events.setdefault((deposit, project), []).append(Happened(key, kind, day, fen or 0))
    for (_deposit, project), happened in events.items():
        for use in state_of(0, happened).uses:
            yield use.key, project, use.on, use.amount_fen, use.open_fen


def _special_accounts(view: View) -> Iterable[Row]:
    filed = _steps(view, AccountEvent.Kind.FILED)
    noticed = _steps(view, AccountEvent.Kind.NOTICE)
    rows = view.rows(SpecialAccount).filter(opened_on__lte=view.as_of).order_by("pk")
    for pk, original, project, opened, closed in rows.values_list(
        "pk", "original_id", "project_id", "opened_on", "closed_on"
    ).iterator(CHUNK):
        gone = closed if closed and closed <= view.as_of else None
        line = original or pk
        yield project, opened, filed.get(line), gone, noticed.get(line)


def _steps(view: View, kind: str) -> dict[int, dt.date]:
    """Line of an account → the day of its latest step of this kind."""
    steps = view.rows(AccountEvent, "account__project_id").filter(kind=kind, on__lte=view.as_of)
    return dict(steps.order_by("on", "pk").values_list("account_id", "on").iterator(CHUNK))


def _account_balances(view: View) -> Iterable[Row]:
    """As the bank stated them; several accounts of one project are added up by the rules."""
    found = view.rows(AccountBalance, "account__project_id").filter(view.in_days("on"), on__lte=view.as_of)
    rows = found.order_by("pk")
    return rows.values_list("account__project_id", "on", "balance_fen").iterator(CHUNK)


TABLES: dict[str, Rows] = {
    "labour_cost_terms": plain(
        LabourCostTerm, "project_id", "cycle_months", "due_day", "monthly_fen", "first_month"
    ),
    "disbursements": _disbursements,
    "wage_deposits": plain(
        WageDeposit, "pk", "project_id", "kind", "amount_fen", "valid_from", "valid_until", "released_on"
    ),
    "special_accounts": _special_accounts,
    "account_balances": _account_balances,
    "account_outflows": _account_outflows,
    "deposit_uses": _deposit_uses,
    "deposit_assessments": plain(DepositAssessment, "project_id", "amount_fen", until="on"),
}
