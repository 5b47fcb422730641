"""What pages read about payroll runs: lists, one run's lines with what was said and paid, orders. People masked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum

from anxin.agency import steps
from anxin.agency.lines import problem_of, told
from anxin.agency.models import Objection, PayOrder, PayOrderLine, PayrollRun, RunLine, RunStep
from anxin.agency.states import (
    ANSWERED,
    ANSWERS,
    CONFIRMED,
    CONTESTED,
    MONEY,
    UNKNOWN,
    Words,
    last_orders,
    money_state,
    words_of,
)
from anxin.agency.wages import Deduction, deductions_of
from anxin.formats.codes import return_codes, word_of
from anxin.kernel.masking import mask_card, mask_name
from anxin.kernel.paging import Page
from anxin.workforce.queries import masked


@dataclass(frozen=True)
class RunRow:
    """One run in a list: how many people, how much, what workers said, what was paid."""

    run: PayrollRun
    title: str
    people: int
    net_fen: int
    paid_fen: int
    returned: int
    open_objections: int


@dataclass(frozen=True)
class LineState:
    """One line, masked, with the worker's answer and where the money is; ``told`` shows how it came about."""

    line: RunLine
    name: str
    card: str
    deductions: tuple[Deduction, ...]
    told: str
    problem: tuple[str, str] | None
    answer: str
    words: Words
    money: str
    order_line: PayOrderLine | None

    @property
    def answer_words(self) -> str:
        return ANSWERS[self.answer]

    @property
    def money_words(self) -> str:
        return MONEY[self.money]

    @property
    def fault_words(self) -> str:
        """Why the bank sent it back, or nothing."""
        last = self.order_line
        return word_of(last.fault) if last is not None and last.fault else ""

    @property
    def advice(self) -> str:
        """What to do about it, in a sentence."""
        last = self.order_line
        return return_codes()[last.fault].advice if last is not None and last.fault in return_codes() else ""

    @property
    def came_back(self) -> bool:
        return self.money in (PayOrderLine.State.RETURNED, PayOrderLine.State.REVERSED)


@dataclass(frozen=True)
class Totals:
    """The sums of a run, which agree with its lines: paid + returned + with the bank + not sent = net."""

    people: int
    days: Decimal
    gross_fen: int
    deduction_fen: int
    net_fen: int
    paid_fen: int
    returned_fen: int
    open_fen: int
    unsent_fen: int
    answers: dict[str, int]

    @property
    def confirmed(self) -> int:
        return self.answers.get(CONFIRMED, 0)

    @property
    def not_confirmed(self) -> int:
        """Nobody of these has said yes to the figures as they stand."""
        return self.people - self.confirmed

    @property
    def unknown(self) -> int:
        return self.answers.get(UNKNOWN, 0)

    @property
    def answered(self) -> int:
        return self.answers.get(ANSWERED, 0)

    @property
    def contested(self) -> int:
        return self.answers.get(CONTESTED, 0)


def run_page(runs: QuerySet[PayrollRun], after: int | None = None, limit: int = 50) -> Page[RunRow]:
    """Runs of a visible set, newest first; ``after`` is the last run id of the page before."""
    found = _standing(runs)
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found[: limit + 1])
    page = rows[:limit]
    return Page(run_rows(page), page[-1].pk if len(rows) > limit else None)


def standing_runs(runs: QuerySet[PayrollRun]) -> list[PayrollRun]:
    """All runs of a visible set that were not withdrawn, newest first, with project and employer."""
    return list(_standing(runs))


def _standing(runs: QuerySet[PayrollRun]) -> QuerySet[PayrollRun]:
    standing = runs.exclude(state=PayrollRun.State.WITHDRAWN)
    return standing.select_related("project", "employer").order_by("-id")


def run_rows(runs: Sequence[PayrollRun]) -> list[RunRow]:
    """Rows for runs read with their project and employer; two queries however many."""
    ids = [run.pk for run in runs]
    of_run = RunLine.objects.filter(run_id=OuterRef("pk")).order_by().values("run_id")
    objected = Objection.objects.filter(line__run_id=OuterRef("pk"), state=Objection.State.OPEN).order_by()
    sums = {
        run_id: (people or 0, int(net or 0), open_ones or 0)
        for run_id, people, net, open_ones in PayrollRun.objects.filter(pk__in=ids)
        .order_by()
        .values_list(
            "pk",
            Subquery(of_run.annotate(people=Count("id")).values("people")),
            Subquery(of_run.annotate(net=Sum("net_fen")).values("net")),
            Subquery(objected.values("line__run_id").annotate(number=Count("id")).values("number")),
        )
    }
    states = PayOrderLine.State
    paid, latest = Counter[int](), dict[int, tuple[int, str]]()
    for run_id, line, state, fen in (
        PayOrderLine.objects.filter(run_line__run_id__in=ids)
        .exclude(state=states.CANCELLED)
        .order_by("id")
        .values_list("run_line__run_id", "run_line_id", "state", "amount_fen")
    ):
        latest[line] = run_id, state
        if state == states.PAID:
            paid[run_id] += fen
    returned = Counter(
        run_id for run_id, state in latest.values() if state in (states.RETURNED, states.REVERSED)
    )
    rows = []
    for run in runs:
        people, net, open_ones = sums[run.pk]
        rows.append(RunRow(run, steps.title(run), people, net, paid[run.pk], returned[run.pk], open_ones))
    return rows


def line_states(
    run: PayrollRun, lines: Sequence[RunLine] | None = None, *, paid_days: Decimal | None = None
) -> list[LineState]:
    """Every line of a run (or these of it) with what was said and where the money is; a few queries in all.

    ``paid_days``: 月计薪天数 of the run's month, where the caller knows it already.
    """
    rows = list(run.lines.order_by("position", "id")) if lines is None else list(lines)
    ids = [row.pk for row in rows]
    words, orders = words_of(ids), last_orders(ids)
    paid_days = steps.paid_days_of(run) if paid_days is None else paid_days
    return [_line_state(row, words.get(row.pk, Words()), orders.get(row.pk), paid_days) for row in rows]


def _line_state(row: RunLine, said: Words, order: PayOrderLine | None, paid_days: Decimal) -> LineState:
    return LineState(
        line=row,
        name=mask_name(row.name),
        card=masked(row.bank_card, mask_card),
        deductions=deductions_of(row.deductions),
        told=told(row, paid_days),
        problem=problem_of(row, paid_days),
        answer=said.answer(row.digest),
        words=said,
        money=money_state(row, order),
        order_line=order,
    )


def totals(states: Sequence[LineState]) -> Totals:
    """The sums of these lines."""

    def net(*money: str) -> int:
        return sum(one.line.net_fen for one in states if one.money in money)

    of = PayOrderLine.State
    return Totals(
        people=len(states),
        days=sum((one.line.attended_days for one in states), Decimal(0)),
        gross_fen=sum(one.line.gross_fen for one in states),
        deduction_fen=sum(one.line.deduction_fen for one in states),
        net_fen=sum(one.line.net_fen for one in states),
        paid_fen=net(of.PAID),
        returned_fen=net(of.RETURNED, of.REVERSED),
        open_fen=net(of.OPEN),
        unsent_fen=net("not_sent"),
        answers=dict(Counter(one.answer for one in states)),
    )


def steps_of(run: PayrollRun) -> list[RunStep]:
    """The run's history, oldest first."""
    return list(run.steps.order_by("id"))


def orders_of(run: PayrollRun) -> list[PayOrder]:
    """The run's orders, latest first, each with counts of its lines by state (``counts``)."""
    orders = list(run.orders.select_related("bank", "file").order_by("-number"))
    found: dict[int, dict[str, tuple[int, int]]] = {order.pk: {} for order in orders}
    rows = (
        PayOrderLine.objects.filter(order__in=orders)
        .values_list("order_id", "state")
        .annotate(Count("id"), Sum("amount_fen"))
        .order_by()
    )
    for order_id, state, count, fen in rows:
        found[order_id][state] = (count, int(fen))
    for order in orders:
        order.counts = found[order.pk]  # type: ignore[attr-defined]
    return orders


def objections_of(runs: QuerySet[PayrollRun], *, open_only: bool = True) -> QuerySet[Objection]:
    """Objections to the lines of a visible set of runs, the longest waiting first."""
    found = Objection.objects.filter(line__run__in=runs).select_related(
        "line__run__project", "line__run__employer"
    )
    if open_only:
        found = found.filter(state=Objection.State.OPEN)
    return found.order_by("at", "id")


def worker_lines(worker_id: int) -> QuerySet[RunLine]:
    """A worker's own lines that were shown to workers, latest first: what the worker's phone may open."""
    return (
        RunLine.objects.filter(worker_id=worker_id, run__state__in=steps.ASKED)
        .select_related("run__project", "run__employer")
        .order_by("-run__month", "-id")
    )
