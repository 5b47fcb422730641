"""The wage slip (工资条): what a worker is told about one month's wage, in words that need no explaining."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from anxin.agency import steps
from anxin.agency.attended import attended_days
from anxin.agency.models import Objection, PayOrderLine, RunLine
from anxin.agency.queries import LineState, line_states
from anxin.agency.wages import Deduction, deductions_of, plain
from anxin.kernel.masking import mask_card
from anxin.kernel.months import Month
from anxin.workforce.queries import masked


@dataclass(frozen=True)
class SlipDay:
    """One day of the month: ``share`` 1.00 a whole day, 0 where attendance shows nothing."""

    day: dt.date
    share: Decimal
    objection: Objection | None

    @property
    def words(self) -> str:
        if not self.share:
            return "没有考勤"
        return "一天" if self.share == 1 else f"{plain(self.share)}天"


@dataclass(frozen=True)
class Slip:
    """One worker's month on one project. The name is the worker's own: a slip is shown to its worker and printed."""

    state: LineState
    line: RunLine
    name: str
    project: str
    employer: str
    month: Month
    days: list[SlipDay]
    deductions: tuple[Deduction, ...]
    told: str
    card: str
    #: where the money is, in a sentence
    money: str


def slip_of(line: RunLine) -> Slip:
    """The slip of a line, whoever is going to be shown it; the caller has checked who may."""
    run = line.run
    month = Month.parse(run.month)
    state = line_states(run, [line])[0]
    shares = attended_days(run.project, month, [line.worker_id]).get(line.worker_id, {})
    objections = {one.day: one for one in state.words.objections if one.day}
    days = [
        SlipDay(
            month.day(number),
            shares.get(number, Decimal(0)),
            objections.get(month.day(number)),
        )
        for number in range(1, month.days + 1)
    ]
    return Slip(
        state=state,
        line=line,
        name=line.name,
        project=run.project.name,
        employer=run.employer.name,
        month=month,
        days=days,
        deductions=deductions_of(line.deductions),
        told=state.told,
        card=masked(line.bank_card, mask_card),
        money=_money_told(state),
    )


def _money_told(state: LineState) -> str:
    last = state.order_line
    if last is None:
        if state.line.net_fen <= 0:
            return "这个月没有要发放的金额。"
        return (
            "还没有报送银行。" if state.line.run.state in steps.PROMISED else "还没有审核，审核后报送银行。"
        )
    card = masked(last.bank_card, mask_card)
    if last.state == PayOrderLine.State.PAID:
        on = f"{last.paid_on:%Y-%m-%d}" if last.paid_on else ""
        return f"{on}已发到您的银行卡（{card}）。"
    if last.state == PayOrderLine.State.OPEN:
        return f"已报送银行，发到您的银行卡（{card}），等待银行结果。"
    return f"银行没有发成（{state.fault_words or '退回'}），工资会重新发放。{_to_worker(last.fault)}"


def _to_worker(fault: str) -> str:
    """What the worker can do about a return."""
    if fault in ("wrong_card", "closed", "frozen", "limit", "wrong_name"):
        return "请把本人名下能正常使用的银行卡号告诉劳资专管员。"
    return ""
