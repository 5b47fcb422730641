"""From the records to the fact tables that rules read, as known at a moment.

Each table is one set-based query whose totals the database adds up; nothing here asks which database it
is. Months are cut from the ISO text of a date because that needs no function call per row.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Max, Min, Model, Q, QuerySet, Sum
from django.db.models.functions import Cast, Substr

from anxin.funds.deposit_state import Happened, state_of
from anxin.funds.judging import Moment, judged
from anxin.funds.labour_cost import Term, due_fen, term_of
from anxin.funds.models import (
    BankReceipt,
    DepositAssessment,
    DepositEvent,
    Disbursement,
    LabourCostTerm,
    ProgressAmount,
    ReceiptMatch,
    SpecialAccount,
    WageDeposit,
)
from anxin.kernel.months import Month
from anxin.local_law import queries as local_law
from anxin.payroll.models import Payroll, PayrollLine
from anxin.registry.models import Project
from anxin.workforce.models import AttendanceDay, AttendanceMonth, Enrolment

if TYPE_CHECKING:
    import pyarrow as pa

CHUNK = 20_000
_MONTH = re.compile(r"\d{4}-\d{2}")

Row = tuple[Any, ...]


@dataclass(frozen=True)
class View:
    """What the tables show: the day, what had arrived by when, and for which projects (``None``: all)."""

    as_of: dt.date
    known_at: dt.datetime
    project_ids: tuple[int, ...] | None = None

    def known(self, prefix: str = "") -> Q:
        """Rows that had arrived and had not yet been replaced at ``known_at``."""
        return Q(**{f"{prefix}recorded_at__lte": self.known_at}) & (
            Q(**{f"{prefix}superseded_at__isnull": True}) | Q(**{f"{prefix}superseded_at__gt": self.known_at})
        )

    def here(self, path: str = "project_id") -> Q:
        return Q() if self.project_ids is None else Q(**{f"{path}__in": self.project_ids})

    def rows(self, model: type[Model], path: str = "project_id") -> QuerySet[Any]:
        return model._default_manager.filter(self.known(), self.here(path))

    @property
    def month(self) -> str:
        return f"{self.as_of:%Y-%m}"


def take(
    *, as_of: dt.date, known_at: dt.datetime, project_ids: Sequence[int] | None = None
) -> dict[str, pa.Table]:
    """Every table of :mod:`anxin.monitoring.facts_schema`, exactly in its shape."""
    from anxin.monitoring import facts_schema

    view = View(as_of, known_at, None if project_ids is None else tuple(sorted(set(project_ids))))
    return {name: _table(facts_schema.SCHEMAS[name], rows(view)) for name, rows in _TABLES.items()}


def _table(schema: pa.Schema, rows: Iterable[Row]) -> pa.Table:
    import pyarrow as pa

    columns: Iterable[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [pa.array(column, type=field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _month_of(column: str) -> Substr:
    """``YYYY-MM`` of a date column."""
    return Substr(Cast(column, CharField(max_length=10)), 1, 7)


def _projects(view: View) -> Iterable[Row]:
    found = Project.objects.filter(view.here("pk"), recorded_at__lte=view.known_at).order_by("pk")
    for row in found.values_list(
        "pk",
        "region_id",
        "industry",
        "commencement",
        "completion",
        "contract_fen",
        "permit_on",
        "pay_day",
        "pay_month_offset",
        "state",
    ).iterator(CHUNK):
        completion, state = row[4], row[9]
        if completion is not None and completion > view.as_of:
            # On that day it was still being built, whatever the register says now.
            completion = None
            state = Project.State.IN_PROGRESS if state == Project.State.COMPLETED else state
        yield (*row[:4], completion, *row[5:9], str(state))


def _attendance(view: View) -> Iterable[Row]:
    days = (
        view.rows(AttendanceDay)
        .filter(day__lte=view.as_of, share__gt=0)
        .values_list("project_id", "worker_id", _month_of("day"))
        .annotate(days=Sum("share"), first=Min("day"), last=Max("day"))
        .order_by()
    )
    seen: set[Row] = set()
    for project, worker, month, share, first, last in days.iterator(CHUNK):
        seen.add((project, worker, month))
        yield project, str(worker), _checked(month), round(float(share), 2), first, last
    # Daily rows say more than a monthly total, so they win where both were delivered.
    for project, worker, month, total in (
        _monthly(view).filter(days__gt=0).values_list("project_id", "worker_id", "month", "days")
    ):
        if (project, worker, month) not in seen:
            yield project, str(worker), month, float(total), None, None


def _monthly(view: View) -> QuerySet[AttendanceMonth]:
    return view.rows(AttendanceMonth).filter(month__lte=view.month)


def _attendance_months(view: View) -> Iterable[Row]:
    by_day = view.rows(AttendanceDay).filter(day__lte=view.as_of)
    found = {
        (project, _checked(month))
        for project, month in by_day.values_list("project_id", _month_of("day")).distinct().order_by()
    }
    found.update(_monthly(view).values_list("project_id", "month").distinct().order_by())
    return sorted(found)


def _enrolments(view: View) -> Iterable[Row]:
    rows = view.rows(Enrolment).filter(Q(entry__isnull=True) | Q(entry__lte=view.as_of)).order_by("pk")
    for project, worker, entry, left in rows.values_list("project_id", "worker_id", "entry", "exit").iterator(
        CHUNK
    ):
        yield project, str(worker), entry, left if left and left <= view.as_of else None, True


def _payroll_lines(view: View) -> Iterable[Row]:
    rows = view.rows(PayrollLine, "payroll__project_id").order_by("pk")
    for row in rows.values_list(
        "pk",
        "payroll__project_id",
        "worker_id",
        "person_key",
        "payroll__month",
        "gross_fen",
        "deduction_fen",
        "net_fen",
        "days_worked",
    ).iterator(CHUNK):
        worker, days = row[2], row[8]
        yield (
            *row[:2],
            None if worker is None else str(worker),
            *row[3:8],
            None if days is None else float(days),
        )


def _payroll_months(view: View) -> Iterable[Row]:
    found = Payroll.objects.filter(view.here(), first_recorded_at__lte=view.known_at)
    return found.values_list("project_id", "month").order_by("project_id", "month").iterator(CHUNK)


def _counted_matches(view: View) -> QuerySet[ReceiptMatch]:
    """Matches that count as money arrived: not proposals, not ended, of receipts the bank paid."""
    arrived = Q(receipt__paid_on__lte=view.as_of) | Q(receipt__paid_on__isnull=True)
    return ReceiptMatch.objects.filter(
        arrived,
        view.known("receipt__"),
        view.here("line__payroll__project_id"),
        Q(ended_at__isnull=True) | Q(ended_at__gt=view.known_at),
        recorded_at__lte=view.known_at,
        state__in=[ReceiptMatch.State.EXACT, ReceiptMatch.State.CONFIRMED],
        receipt__outcome=BankReceipt.Outcome.PAID,
    )


def _payments(view: View) -> Iterable[Row]:
    matches = _counted_matches(view).values_list("line_id")
    return (
        matches.annotate(paid=Sum("amount_fen"), last=Max("receipt__paid_on"))
        .order_by("line_id")
        .iterator(CHUNK)
    )


def _receipt_months(view: View) -> Iterable[Row]:
    """Months a bank file was delivered for: as the file says, else as its matched lines say."""
    said = (
        view.rows(BankReceipt).filter(Q(paid_on__isnull=True) | Q(paid_on__lte=view.as_of)).exclude(month="")
    )
    found = set(said.values_list("project_id", "month").distinct().order_by())
    matched = _counted_matches(view).values_list("line__payroll__project_id", "line__payroll__month")
    found.update(matched.distinct().order_by())
    return sorted(found)


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


def _plain(model: type[Model], *columns: str, until: str = "") -> Callable[[View], Iterable[Row]]:
    """A table whose rows are the model's columns; ``until`` names the date that must not be after the day."""

    def rows(view: View) -> Iterable[Row]:
        found = view.rows(model)
        if until:
            found = found.filter(**{f"{until}__lte": view.as_of})
        return found.order_by("pk").values_list(*columns).iterator(CHUNK)

    return rows


def _checked(month: str) -> str:
    if not _MONTH.fullmatch(month):
        raise RuntimeError(
            f"数据库返回的日期格式不是 YYYY-MM-DD（得到“{month}”），请检查数据库的日期格式设置。"
        )
    return month


_TABLES: dict[str, Callable[[View], Iterable[Row]]] = {
    "projects": _projects,
    "attendance": _attendance,
    "attendance_months": _attendance_months,
    "enrolments": _enrolments,
    "payroll_lines": _payroll_lines,
    "payroll_months": _payroll_months,
    "payments": _payments,
    "receipt_months": _receipt_months,
    "labour_cost_terms": _plain(
        LabourCostTerm, "project_id", "cycle_months", "due_day", "monthly_fen", "first_month"
    ),
    "disbursements": _disbursements,
    "wage_deposits": _plain(
        WageDeposit, "pk", "project_id", "kind", "amount_fen", "valid_from", "valid_until", "released_on"
    ),
    "special_accounts": _plain(SpecialAccount, "project_id", "opened_on", until="opened_on"),
    "account_outflows": _account_outflows,
    "deposit_uses": _deposit_uses,
    "deposit_assessments": _plain(DepositAssessment, "project_id", "amount_fen", until="on"),
}
