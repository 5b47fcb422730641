"""我的工资: every month's wage, how it was worked out, where the money is, and the worker's yes or no to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.agency import queries as agency
from anxin.agency import services
from anxin.agency.models import Channel, RunLine
from anxin.agency.models_words import WorkerWord
from anxin.agency.slips import slip_of
from anxin.agency.states import CONFIRMED, CONTESTED
from anxin.agency.words import words_to_promises
from anxin.funds.queries import LinePaid, paid_by_line
from anxin.kernel.refusal import Refused
from anxin.payroll.models import PayrollLine
from anxin.payroll.queries import own_lines
from anxin.web import clock
from anxin.web.found import or_404
from anxin.web.worker.policy import worker_page
from anxin.workforce.models import Worker
from anxin.workforce.signin import worker_actor

#: one touch says what is wrong; whoever answers reads these words
DOUBTS = ("天数不对", "单价不对", "扣款不对", "钱没有收到", "不是我的银行卡", "其他问题")
_NOT_YET = "您还没有确认"
_WORD_STATES = {
    WorkerWord.State.SAID: "您已确认",
    WorkerWord.State.OPEN: "您有异议，等待答复",
    WorkerWord.State.ANSWERED: "异议已答复，请您看看",
}
_ANSWERS = {"unknown": _NOT_YET, CONFIRMED: "您已确认", CONTESTED: "您有异议，等待答复"}


@dataclass(frozen=True)
class OwnWage:
    """One month's wage at one site: ``kind`` and ``pk`` are its address, ``to_answer`` that a word is wanted."""

    kind: str
    pk: int
    month: str
    project: str
    net_fen: int
    standing: str
    answer: str
    to_answer: bool


def own_wages(worker: Worker) -> list[OwnWage]:
    """Everything this worker was or is to be paid, the latest month first."""
    asked = list(agency.worker_lines(worker.pk))
    promised = {row.payroll_line_id for row in asked}
    plain = [line for line in own_lines(worker) if line.pk not in promised]
    ids = [line.pk for line in plain]
    paid, words = paid_by_line(ids), words_to_promises(worker, ids)
    found = list(_asked(asked))
    found += [_promised(line, paid.get(line.pk), words.get(line.pk)) for line in plain]
    return sorted(found, key=lambda wage: wage.month, reverse=True)


def _asked(rows: list[RunLine]) -> Iterable[OwnWage]:
    for run, lines in groupby(rows, key=lambda row: row.run):
        for state in agency.line_states(run, list(lines)):
            answer = _ANSWERS.get(state.answer, "异议已答复，请您看看")
            yield OwnWage(
                "run",
                state.line.pk,
                run.month,
                run.project.name,
                state.line.net_fen,
                state.money_words,
                answer,
                state.answer not in (CONFIRMED, CONTESTED),
            )


def _promised(line: PayrollLine, paid: LinePaid | None, word: WorkerWord | None) -> OwnWage:
    return OwnWage(
        "pay",
        line.pk,
        line.payroll.month,
        line.payroll.project.name,
        line.net_fen,
        paid_words(line, paid),
        _WORD_STATES[WorkerWord.State(word.state)] if word else _NOT_YET,
        word is None or word.state == WorkerWord.State.ANSWERED,
    )


def paid_words(line: PayrollLine, paid: LinePaid | None) -> str:
    """Where the money of a delivered payroll's line is."""
    if paid is None:
        return "没有查到银行发放记录"
    on = f"{paid.last_paid_on:%Y-%m-%d}" if paid.last_paid_on else ""
    return f"{on}已到账" if paid.paid_fen >= line.net_fen else f"{on}到账一部分"


@worker_page()
def listing(request: HttpRequest, worker: Worker) -> HttpResponse:
    wages = own_wages(worker)
    several = len({wage.project for wage in wages}) > 1
    return render(request, "worker/wages.html", {"wages": wages, "several_sites": several})


@worker_page(methods=("GET", "POST"))
def slip(request: HttpRequest, worker: Worker, pk: int) -> HttpResponse:
    """A line that is being made here: how it came about, and one touch for yes or no."""
    line = or_404(agency.worker_lines(worker.pk).filter(pk=pk).first())
    refusal = ""
    if request.method == "POST":
        actor, now = worker_actor(worker), clock.now()
        try:
            if request.POST.get("word") == "yes":
                services.confirm_line(line, channel=Channel.OWN_PHONE, actor=actor, now=now)
            else:
                says = _says(request)
                services.contest_line(line, says=says, channel=Channel.OWN_PHONE, actor=actor, now=now)
            return redirect("worker:slip", pk=pk)
        except Refused as refused:
            refusal = refused.sentence
    context = {"slip": slip_of(line), "refusal": refusal, "doubts": DOUBTS}
    return render(request, "worker/slip.html", context, status=422 if refusal else 200)


@worker_page(methods=("GET", "POST"))
def promise(request: HttpRequest, worker: Worker, pk: int) -> HttpResponse:
    """A line of a payroll that came in a file: what was promised and paid, and one touch for yes or no."""
    line = or_404(next((one for one in own_lines(worker) if one.pk == pk), None))
    refusal = ""
    if request.method == "POST":
        actor, now = worker_actor(worker), clock.now()
        try:
            if request.POST.get("word") == "yes":
                services.confirm_promise(line, worker=worker, actor=actor, now=now)
            else:
                services.contest_promise(line, worker=worker, says=_says(request), actor=actor, now=now)
            return redirect("worker:promise", pk=pk)
        except Refused as refused:
            refusal = refused.sentence
    paid = paid_by_line([line.pk]).get(line.pk)
    context = {
        "line": line,
        "paid": paid,
        "standing": paid_words(line, paid),
        "word": words_to_promises(worker, [line.pk]).get(line.pk),
        "refusal": refusal,
        "doubts": DOUBTS,
    }
    return render(request, "worker/promise.html", context, status=422 if refusal else 200)


def _says(request: HttpRequest) -> str:
    """The touched words and those that were typed; words that are no button's are not taken for one."""
    touched = [text for text in request.POST.getlist("doubt") if text in DOUBTS]
    typed = request.POST.get("says", "").strip()[:300]
    return "；".join([*touched, typed]).strip("；")
