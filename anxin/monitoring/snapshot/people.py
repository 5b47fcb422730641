"""Who is on site, and on which days."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Max, Min, Q, QuerySet, Sum
from django.utils import timezone

from anxin.monitoring.snapshot.gates import clock, moments_looked_at
from anxin.monitoring.snapshot.view import CHUNK, Row, Rows, View, checked, month_of
from anxin.payroll.models import PayrollLine
from anxin.signals.models import CardFlow
from anxin.workforce.models import AttendanceDay, AttendanceMonth, Enrolment, Worker


def _attendance(view: View) -> Iterable[Row]:
    days = (
        view.rows(AttendanceDay)
        .filter(view.in_days("day"), day__lte=view.as_of, share__gt=0)
        .values_list("project_id", "worker_id", month_of("day"))
        .annotate(days=Sum("share"), first=Min("day"), last=Max("day"))
        .order_by()
    )
    seen: set[Row] = set()
    for project, worker, month, share, first, last in days.iterator(CHUNK):
        seen.add((project, worker, month))
        yield project, str(worker), checked(month), round(float(share), 2), first, last
    # Daily rows say more than a monthly total, so they win where both were delivered.
    for project, worker, month, total in (
        _monthly(view)
        .filter(view.in_months("month"), days__gt=0)
        .values_list("project_id", "worker_id", "month", "days")
    ):
        if (project, worker, month) not in seen:
            yield project, str(worker), month, float(total), None, None


def _monthly(view: View) -> QuerySet[AttendanceMonth]:
    return view.rows(AttendanceMonth).filter(month__lte=view.month)


def _attendance_months(view: View) -> Iterable[Row]:
    by_day = view.rows(AttendanceDay).filter(day__lte=view.as_of)
    found = {
        (project, checked(month))
        for project, month in by_day.values_list("project_id", month_of("day")).distinct().order_by()
    }
    found.update(_monthly(view).values_list("project_id", "month").distinct().order_by())
    return sorted(found)


def _enrolments(view: View) -> Iterable[Row]:
    payees = _payees(view)
    rows = view.rows(Enrolment).filter(_entered(view)).order_by("pk")
    for row in rows.values_list(
        "project_id",
        "worker_id",
        "entry",
        "exit",
        "employer_id",
        "team",
        "trade",
        "contract_from",
        "card_hash",
        "worker__phone_hash",
        "payee_hash",
    ).iterator(CHUNK):
        project, worker, entry, left, employer, team, trade, contract, card, phone, payee = row
        gone = left if left and left <= view.as_of else None
        known = (card or None, phone or None, payees.get(payee, payee) or None)
        yield project, str(worker), entry, gone, True, employer, team, trade, contract, *known


def _payees(view: View) -> dict[str, str]:
    """Keyed hash of an ID number → the worker, of those who may receive for others. Who is no worker keeps the hash."""
    named = view.rows(Enrolment).exclude(payee_hash="").order_by().values("payee_hash")
    workers = Worker.objects.filter(id_hash__in=named).values_list("id_hash", "pk")
    return {mark: str(pk) for mark, pk in workers}


def _cards(view: View) -> Iterable[Row]:
    """Wage cards of the roster: one row a card and person, as the latest of the rosters says."""
    rows = view.rows(Enrolment).exclude(card_hash="").filter(_entered(view)).order_by("pk")
    found: dict[tuple[str, int], Row] = {}
    for card, worker, opened, branch, series, serial in rows.values_list(
        "card_hash", "worker_id", "card_opened_on", "card_branch", "card_series", "card_serial"
    ).iterator(CHUNK):
        found[card, worker] = (card, str(worker), opened, branch or None, series or None, serial)
    return found.values()


def _card_flows(view: View) -> Iterable[Row]:
    """What left the cards, of named sites those on their rosters and pay lists; the last months only, like punches."""
    zone = timezone.get_default_timezone()
    first, until = moments_looked_at(view, zone)
    rows = CardFlow.objects.filter(view.known(), view.in_days("at", zone), at__gte=first, at__lt=until)
    if view.project_ids is not None:
        enrolled = view.rows(Enrolment).exclude(card_hash="").order_by().values("card_hash")
        listed = view.rows(PayrollLine, "payroll__project_id").exclude(card_hash="").order_by()
        rows = rows.filter(Q(card_hash__in=enrolled) | Q(card_hash__in=listed.values("card_hash")))
    for card, at, fen, to in (
        rows.order_by("pk").values_list("card_hash", "at", "amount_fen", "to_hash").iterator(CHUNK)
    ):
        yield card, clock(at, zone), fen, to


def _entered(view: View) -> Q:
    return Q(entry__isnull=True) | Q(entry__lte=view.as_of)


TABLES: dict[str, Rows] = {
    "attendance": _attendance,
    "attendance_months": _attendance_months,
    "enrolments": _enrolments,
    "cards": _cards,
    "card_flows": _card_flows,
}
