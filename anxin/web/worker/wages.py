"""我的工资: every month's wage, where the money is, and the worker's own yes or no to it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.agency import queries as agency
from anxin.agency import services as words
from anxin.agency.models import Channel, RunLine
from anxin.agency.slips import slip_of
from anxin.agency.states import CONFIRMED, UNKNOWN
from anxin.funds.queries import LinePaid, paid_by_line
from anxin.kernel.masking import mask_card
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused
from anxin.payroll.models import PayrollLine
from anxin.payroll.queries import own_lines
from anxin.web import clock
from anxin.web.worker.policy import worker_page
from anxin.workforce.models import Worker
from anxin.workforce.queries import masked
from anxin.workforce.signin import worker_actor

#: one touch says what is wrong with a line; the clerk reads the words, the worker may add some
LINE_DOUBTS = {"days": "天数不对", "rate": "单价不对", "deduction": "扣款不对", "card": "银行卡不对", "other": "其他"}


@dataclass(frozen=True)
class OwnWage:
    """One month's wage at one site. ``run_line`` where it came about here and the worker is asked about it."""

    month: str
    project: str
    net_fen: int
    standing: str
    run_line: int | None
    line: int | None
    #: the worker's answer in words, and whether one is wanted
    answer: str
    to_answer: bool


def own_wages(worker: Worker) -> list[OwnWage]:
    """Everything this worker was or is to be paid, the latest month first; a few queries in all."""
    asked = list(agency.worker_lines(worker.pk))
    promised = {row.payroll_line_id for row in asked}
    plain = [line for line in own_lines(worker) if line.pk not in promised]
    paid = paid_by_line([line.pk for line in plain])
    found = [_asked(row, state) for row, state in zip(asked, agency.states_of(asked), strict=True)]
    found += [_promised(line, paid.get(line.pk)) for line in plain]
    return sorted(found, key=lambda wage: wage.month, reverse=True)


def _asked(row: RunLine, state: agency.LineState) -> OwnWage:
    return OwnWage(
        month=row.run.month,
        project=row.run.project.name,
        net_fen=row.net_fen,
        standing=state.money_words,
        run_line=row.pk,
        line=None,
        answer=state.answer_words,
        to_answer=state.answer not in (CONFIRMED,) and state.answer != "contested",
    )


def _promised(line: PayrollLine, paid: LinePaid | None) -> OwnWage:
    return OwnWage(
        month=line.payroll.month,
        project=line.payroll.project.name,
        net_fen=line.net_fen,
        standing=_paid_words(line, paid),
        run_line=None,
        line=line.pk,
        answer="",
        to_answer=False,
    )


def _paid_words(line: PayrollLine, paid: LinePaid | None) -> str:
    if paid is None:
        return "还没有查到银行发放记录"
    on = f"{paid.last_paid_on:%Y-%m-%d}" if paid.last_paid_on else ""
    if paid.paid_fen >= line.net_fen:
        return f"{on}已到账"
    return f"{on}只到账一部分"
