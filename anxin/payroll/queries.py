"""What pages read about payrolls: what was promised, month by month and person by person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from anxin.accounts.models import User
from anxin.kernel.masking import mask_card, mask_name
from anxin.kernel.months import Month
from anxin.kernel.paging import Page
from anxin.payroll.models import Payroll, PayrollLine
from anxin.registry.access import visible_projects
from anxin.registry.models import Project
from anxin.workforce.models import Worker
from anxin.workforce.queries import masked


@dataclass(frozen=True)
class LineRow:
    """One payroll line, masked. ``source`` is ``file name 第N行`` or empty."""

    line_id: int
    worker_id: int | None
    name: str
    team: str
    days_worked: Decimal | None
    gross_fen: int
    deduction_fen: int | None
    net_fen: int
    bank_card: str
    batch_id: int | None
    source: str


@dataclass(frozen=True)
class WageRow:
    """What one worker was promised for one month on one visible project."""

    line_id: int
    project: Project
    month: str
    days_worked: Decimal | None
    gross_fen: int
    net_fen: int


def of_projects(project_ids: Iterable[int]) -> Q:
    """The condition that lines belong to these projects; asks for the payrolls first.

    The months are named beside the payrolls, so that PostgreSQL looks the lines up in the pieces of those months.
    """
    payrolls = payrolls_of(project_ids)
    return Q(month__in=sorted(set(payrolls.values())), payroll_id__in=sorted(payrolls))


def payrolls_of(project_ids: Iterable[int]) -> dict[int, str]:
    """The month of each payroll of these projects, by its number."""
    return dict(Payroll.objects.filter(project_id__in=project_ids).values_list("pk", "month"))


def of_payrolls(payrolls: Mapping[int, str], path: str = "") -> Q:
    """The condition that lines, or what leads to them by ``path`` (``line__``), are of these payrolls.

    Numbers are named month by month, so that PostgreSQL expects of each piece the lines of its own payrolls: expecting
    more, it reads all that was ever paid to find what was paid on a few of them.
    """
    by_month: dict[str, list[int]] = defaultdict(list)
    for pk, month in payrolls.items():
        by_month[month].append(pk)
    found = Q(pk__in=())
    for month, numbers in sorted(by_month.items()):
        found |= Q((f"{path}month", month), (f"{path}payroll_id__in", numbers))
    return found


def lines(project: Project, month: Month, after: int | None = None, limit: int = 50) -> Page[LineRow]:
    """The current lines of one month by key; ``after`` is the last line id of the page before."""
    found = (
        PayrollLine.objects.filter(payroll__project=project, month=str(month), superseded_at__isnull=True)
        .select_related("batch")
        .order_by("id")
    )
    if after is not None:
        found = found.filter(pk__gt=after)
    rows = list(found[: limit + 1])
    more = len(rows) > limit
    return Page([_line_row(row) for row in rows[:limit]], rows[limit - 1].pk if more else None)


def _line_row(row: PayrollLine) -> LineRow:
    return LineRow(
        line_id=row.pk,
        worker_id=row.worker_id,
        name=mask_name(row.name),
        team=row.team,
        days_worked=row.days_worked,
        gross_fen=row.gross_fen,
        deduction_fen=row.deduction_fen,
        net_fen=row.net_fen,
        bank_card=masked(row.bank_card, mask_card),
        batch_id=row.batch_id,
        source=f"{row.batch.filename} 第{row.row_number}行" if row.batch else "",
    )


def worker_wages(worker: Worker, user: User) -> list[WageRow]:
    """What the worker was promised on the projects this person may see, latest month first."""
    found = (
        PayrollLine.objects.filter(
            worker=worker, superseded_at__isnull=True, payroll__project__in=visible_projects(user)
        )
        .select_related("payroll__project")
        .order_by("-month", "-id")
    )
    return [
        WageRow(row.pk, row.payroll.project, row.month, row.days_worked, row.gross_fen, row.net_fen)
        for row in found
    ]


def own_lines(worker: Worker) -> list[PayrollLine]:
    """What the worker was promised, on every project, latest month first: for the worker's own eyes."""
    found = PayrollLine.objects.filter(worker=worker, superseded_at__isnull=True)
    return list(found.select_related("payroll__project").order_by("-month", "-id"))
