"""Claims as the records would have them: attendance days times the agreed daily wage, less what is proved paid.

A proposal, never a claim: a person takes a line or leaves it, and changes it afterwards. Each figure says where it comes from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from anxin.agency.wages import DAY, read_rate
from anxin.arbitration.claims import Line, due_of
from anxin.arbitration.models import Applicant, ArbitrationCase, Claim, Item
from anxin.evidence.sealing import finder
from anxin.funds.queries import paid_by_line
from anxin.kernel.money import sentence_yuan
from anxin.kernel.months import Month
from anxin.mediation.sealed import plain
from anxin.payroll.models import PayrollLine
from anxin.payroll.queries import of_projects
from anxin.registry.models import Project
from anxin.workforce.models import AttendanceDay, AttendanceMonth, Enrolment, Worker


@dataclass(frozen=True)
class Proposal:
    """One line that the records speak for. ``standing``: the same item and month is claimed already."""

    applicant: Applicant
    line: Line
    standing: bool

    @property
    def key(self) -> str:
        """By which the line is taken: it is worked out again then."""
        return f"{self.applicant.pk}-{self.line.month}"

    @property
    def owed_fen(self) -> int:
        return (self.line.due_fen or 0) - self.line.paid_fen


@dataclass(frozen=True)
class Proposed:
    """All proposals of a case; ``unknown``: applicants of whom the roster of the project knows nothing, and why there is none."""

    project: Project | None
    lines: Sequence[Proposal]
    unknown: Sequence[Applicant]


def proposed(case: ArbitrationCase) -> Proposed:
    """Read the roster, the attendance and the wages of the project of the case; eight queries, whatever the people."""
    applicants = list(case.applicants.order_by("number"))
    project = case.matter.project
    if project is None:
        return Proposed(None, (), applicants)
    hashed = finder("id")
    by_hash = {hashed(number): one for one in applicants if (number := plain(one.id_number))}
    workers = {
        one.pk: by_hash[one.id_hash]
        for one in Worker.objects.filter(id_hash__in=by_hash, enrolments__project=project).distinct()
    }
    keys = list(workers)
    days, rates, wages = _days(project, keys), _rates(project, keys), _wages(project, keys)
    claimed = set(
        Claim.objects.filter(applicant__case=case, item=Item.WAGE).values_list("applicant", "month")
    )
    found = []
    for worker, month in sorted(days.keys() | wages.keys(), key=lambda one: (workers[one[0]].number, one[1])):
        line = _line(month, days.get((worker, month)), rates.get(worker), wages.get((worker, month)))
        if line is not None:
            applicant = workers[worker]
            found.append(Proposal(applicant, line, (applicant.pk, month) in claimed))
    known = {one.pk for one in workers.values()}
    return Proposed(project, found, [one for one in applicants if one.pk not in known])


@dataclass
class _Wage:
    """What payrolls of a month promised a worker, and what of it is proved paid."""

    net_fen: int = 0
    paid_fen: int = 0


def _line(
    month: str, attended: tuple[Decimal, str] | None, rate: tuple[int, str] | None, wage: _Wage | None
) -> Line | None:
    """Days times rate where both are known, else the payroll's net sum; ``None`` where nothing is owed."""
    paid = wage.paid_fen if wage else 0
    paid_says = f"已付按银行回单{sentence_yuan(paid)}" if paid else "没有核到这个月的付款"
    if attended is not None and rate is not None and attended[0] > 0:
        days, rate_fen = attended[0], rate[0]
        due = due_of(days, rate_fen)
        source = f"天数按{attended[1]}，日工资按花名册约定“{rate[1]}”，{paid_says}"
        line = Line(Item.WAGE, month, days, rate_fen, due, paid, source)
    elif wage is not None and wage.net_fen > 0:
        line = Line(Item.WAGE, month, None, None, wage.net_fen, paid, f"应付按工资表实发数，{paid_says}")
    else:
        return None
    return line if (line.due_fen or 0) > line.paid_fen else None


def _days(project: Project, workers: list[int]) -> dict[tuple[int, str], tuple[Decimal, str]]:
    """Days by worker and month: single days where there are any, else the month's total of the file."""
    mine = {"project": project, "worker__in": workers, "superseded_at__isnull": True}
    found = {
        (worker, month): (_plain(days), "考勤月合计")
        for worker, month, days in AttendanceMonth.objects.filter(**mine).values_list(
            "worker", "month", "days"
        )
    }
    rows = AttendanceDay.objects.filter(**mine).annotate(month=TruncMonth("day")).values("worker", "month")
    for row in rows.annotate(days=Sum("share")).order_by():
        found[row["worker"], str(Month.of(row["month"]))] = (_plain(row["days"]), "逐日考勤")
    return found


def _plain(days: Decimal) -> Decimal:
    """Days to the tenth, as claims hold them; a quarter of a day goes down, never above what was worked."""
    return Decimal(days).quantize(Decimal("0.1"), rounding="ROUND_DOWN")


def _rates(project: Project, workers: list[int]) -> dict[int, tuple[int, str]]:
    """The agreed daily wage by worker with the roster's own words; another way of pay is left to a person."""
    rows = Enrolment.objects.filter(project=project, worker__in=workers, superseded_at__isnull=True)
    agreed: dict[int, set[tuple[int, str]]] = defaultdict(set)
    for worker, text in rows.values_list("worker", "agreed_wage"):
        rate = read_rate(text)
        if rate is not None and rate.unit == DAY:
            agreed[worker].add((rate.fen, text))
    # Two teams at two wages: nobody can say which day was whose.
    return {worker: next(iter(found)) for worker, found in agreed.items() if len(found) == 1}


def _wages(project: Project, workers: list[int]) -> dict[tuple[int, str], _Wage]:
    rows = PayrollLine.objects.filter(
        of_projects([project.pk]), worker__in=workers, superseded_at__isnull=True
    ).values_list("pk", "worker", "month", "net_fen")
    lines = list(rows)
    paid = paid_by_line([pk for pk, *_ in lines])
    found: dict[tuple[int, str], _Wage] = defaultdict(_Wage)
    for pk, worker, month, net in lines:
        sums = found[worker, month]
        sums.net_fen += net
        sums.paid_fen += paid[pk].paid_fen if pk in paid else 0
    return dict(found)
