"""What was promised, and what of it has arrived."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Max, Q, QuerySet, Sum

from anxin.funds.models import BankReceipt, ReceiptMatch
from anxin.monitoring.snapshot.view import CHUNK, Row, Rows, View
from anxin.payroll.models import Payroll, PayrollLine


def _payroll_lines(view: View) -> Iterable[Row]:
    rows = view.rows(PayrollLine, "payroll__project_id").filter(view.in_months("month")).order_by("pk")
    for row in rows.values_list(
        "pk",
        "payroll__project_id",
        "worker_id",
        "person_key",
        "month",
        "gross_fen",
        "deduction_fen",
        "net_fen",
        "days_worked",
        "card_hash",
        "row_number",
    ).iterator(CHUNK):
        worker, days, card, position = row[2], row[8], row[9], row[10]
        yield (
            *row[:2],
            None if worker is None else str(worker),
            *row[3:8],
            None if days is None else float(days),
            card or None,
            None,  # a pay list names teams, not trades
            position,
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
    matched = _counted_matches(view).values_list("line__payroll__project_id", "line__month")
    found.update(matched.distinct().order_by())
    return sorted(found)


TABLES: dict[str, Rows] = {
    "payroll_lines": _payroll_lines,
    "payroll_months": _payroll_months,
    "payments": _payments,
    "receipt_months": _receipt_months,
}
