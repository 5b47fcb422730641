"""我的调解文书: what the worker signed and the organisation sealed, the plan of payment, the notice of an end, each to keep."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.evidence.files import FileDamaged
from anxin.kernel.refusal import Refused
from anxin.mediation import own_papers, satisfaction
from anxin.mediation.paper_turns import filename
from anxin.web import clock
from anxin.web.found import or_404
from anxin.web.handing_out import handed_out
from anxin.web.worker.policy import worker_page
from anxin.workforce.models import Worker
from anxin.workforce.signin import worker_actor


@worker_page()
def listing(request: HttpRequest, worker: Worker) -> HttpResponse:
    return _listed(request, worker)


@worker_page()
def file(request: HttpRequest, worker: Worker, pk: int) -> HttpResponse:
    """The whole signed file, free of charge, at any time."""
    paper = or_404(own_papers.of_worker(worker.id_hash).filter(pk=pk).first())
    try:
        data = own_papers.hand_out(paper, to=worker_actor(worker), who="本人", now=clock.now())
    except FileDamaged as problem:
        return _listed(request, worker, problem=str(problem))
    return handed_out(data, filename(paper), plain="mediation")


@worker_page(methods=("POST",))
def grade(request: HttpRequest, worker: Worker, pk: int) -> HttpResponse:
    """满意, 基本满意 or 不满意 about an own mediation, agreed or failed."""
    paper = or_404(own_papers.of_worker(worker.id_hash).filter(pk=pk).first())
    try:
        satisfaction.say(
            paper,
            satisfaction.Side.WORKER,
            request.POST.get("grade", ""),
            who=worker_actor(worker),
            now=clock.now(),
            id_hash=worker.id_hash,
        )
    except Refused as refusal:
        return _listed(request, worker, problem=str(refusal))
    return redirect("worker:mediation")


def _listed(request: HttpRequest, worker: Worker, problem: str = "") -> HttpResponse:
    rows = list(own_papers.of_worker(worker.id_hash).prefetch_related("share__instalments"))
    context = {
        "rows": rows,
        "asked": satisfaction.asked(rows, satisfaction.Side.WORKER, worker.id_hash),
        "grades": satisfaction.Grade.choices,
        "today": clock.today(),
        "problem": problem,
    }
    return render(request, "worker/mediation.html", context, status=422 if problem else 200)
