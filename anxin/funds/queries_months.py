"""A project's money by wage month: promised, proved paid, and the last labour cost that arrived, in one query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import CharField, Count, F, IntegerField, Q, Sum, Value

from anxin.funds.models import Disbursement
from anxin.funds.queries import counting_matches, paid_of_line
from anxin.payroll.models import PayrollLine
from anxin.payroll.queries import of_payrolls, of_projects, payrolls_of
from anxin.registry.models import Project

_PROMISED, _PAID, _ARRIVED = "promised", "paid", "arrived"
#: in the columns of people, where a part of the query has none
_NOBODY = Value(0, output_field=IntegerField())


@dataclass(frozen=True)
class MonthMoney:
    """One wage month: people and fen of the payroll, and of what receipts prove."""

    month: str
    people: int
    promised_fen: int
    unidentified: int
    paid_people: int
    paid_fen: int


@dataclass(frozen=True)
class ProjectMoney:
    """The months with a payroll, oldest first, and ``(month, fen)`` of the last labour cost that arrived."""

    months: Sequence[MonthMoney]
    last_disbursement: tuple[str, int] | None


def project_money(project: Project) -> ProjectMoney:
    """Everything by wage month (not by day of payment), from what stands now."""
    payrolls = payrolls_of([project.pk])
    promised = (
        PayrollLine.objects.filter(of_payrolls(payrolls), superseded_at__isnull=True)
        .values(kind=Value(_PROMISED, output_field=CharField()), on_month=F("month"))
        .annotate(people=Count("id"), fen=Sum("net_fen"), nameless=Count("id", filter=Q(worker__isnull=True)))
    )
    paid = (
        counting_matches()
        .filter(of_payrolls(payrolls, "line__"), line__superseded_at__isnull=True)
        .values(kind=Value(_PAID, output_field=CharField()), on_month=F("line__month"))
        .annotate(people=Count("line", distinct=True), fen=Sum("amount_fen"), nameless=_NOBODY)
    )
    standing = Disbursement.objects.filter(project=project, superseded_at__isnull=True)
    last = standing.order_by("-month", "-paid_on", "-id").values("pk")[:1]
    arrived = Disbursement.objects.filter(pk__in=last).values(
        kind=Value(_ARRIVED, output_field=CharField()),
        on_month=F("month"),
        people=_NOBODY,
        fen=F("paid_fen"),
        nameless=_NOBODY,
    )
    found: dict[str, dict[str, tuple[int, int, int]]] = {_PROMISED: {}, _PAID: {}, _ARRIVED: {}}
    names = ("kind", "on_month", "people", "fen", "nameless")
    for kind, month, people, fen, nameless in promised.values_list(*names).union(
        paid.values_list(*names), arrived.values_list(*names), all=True
    ):
        found[kind][month] = (people, int(fen), nameless)
    months = []
    for month, (people, fen, nameless) in sorted(found[_PROMISED].items()):
        paid_people, paid_fen, _ = found[_PAID].get(month, (0, 0, 0))
        months.append(MonthMoney(month, people, fen, nameless, paid_people, paid_fen))
    return ProjectMoney(months, next(((m, fen) for m, (_, fen, _) in found[_ARRIVED].items()), None))


def owed(project: Project) -> tuple[int, int]:
    """Payroll lines that have not arrived whole, and how many fen are missing on them."""
    open_lines = (
        PayrollLine.objects.filter(of_projects([project.pk]), superseded_at__isnull=True)
        .annotate(paid=paid_of_line(counting_matches()))
        .filter(net_fen__gt=F("paid"))
        .values_list("net_fen", "paid")
    )
    missing = [net - paid for net, paid in open_lines]
    return len(missing), sum(missing)
