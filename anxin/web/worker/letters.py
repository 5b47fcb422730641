"""我的文书: letters that a body served on the worker here; opening one is kept and journalled."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.evidence import files
from anxin.evidence.models import StoredFile
from anxin.kernel.refusal import Refused
from anxin.letters import worker_portal
from anxin.letters.life import State
from anxin.letters.models import WorkerCopy
from anxin.letters.queries import kind_name
from anxin.letters.sealing import filename
from anxin.web import clock
from anxin.web.found import or_404
from anxin.web.handing_out import handed_out
from anxin.web.worker.policy import worker_page
from anxin.workforce.models import Worker

#: nobody reads more on a telephone; the latest first
_MOST = 100


@worker_page()
def listing(request: HttpRequest, worker: Worker) -> HttpResponse:
    return _list(request, worker)


@worker_page(methods=("POST",))
def file(request: HttpRequest, worker: Worker, pk: int) -> HttpResponse:
    """The sealed letter, by a press of a button: a page that is fetched ahead opens nothing."""
    copy = _own(worker, pk)
    if copy.letter.sealed_file is None or copy.letter.state == State.REPLACED:
        raise Http404
    return _handed(request, worker, copy, copy.letter.sealed_file, filename(copy.letter), opens=True)


@worker_page(methods=("POST",))
def proof(request: HttpRequest, worker: Worker, pk: int) -> HttpResponse:
    """送达回证 of the own service."""
    copy = _own(worker, pk)
    found = copy.service.proof
    return _handed(request, worker, copy, found.file, found.filename, opens=False)


@worker_page(methods=("POST",))
def paper(request: HttpRequest, worker: Worker, pk: int) -> HttpResponse:
    """申请纸质文书 of the own letter."""
    try:
        worker_portal.ask_paper(_own(worker, pk), now=clock.now())
    except Refused as refusal:
        return _list(request, worker, str(refusal), status=422)
    return redirect("worker:letters")


def _list(request: HttpRequest, worker: Worker, problem: str = "", *, status: int = 200) -> HttpResponse:
    rows = worker_portal.received(worker).order_by("-pk")[:_MOST]
    context = {
        "rows": [(one, kind_name(one.letter.kind), one.letter.state == State.REPLACED) for one in rows],
        "problem": problem,
    }
    return render(request, "worker/letters.html", context, status=status)


def _own(worker: Worker, pk: int) -> WorkerCopy:
    return or_404(worker_portal.received(worker).filter(pk=pk).first())


def _handed(
    request: HttpRequest, worker: Worker, copy: WorkerCopy, kept: StoredFile, name: str, *, opens: bool
) -> HttpResponse:
    try:
        data = files.read(kept)
    except files.FileDamaged:
        return _list(request, worker, "文件暂时打不开，请联系发文单位。", status=503)
    if opens:
        worker_portal.opened(copy, now=clock.now())
    return handed_out(data, name, show=True, plain="letter")
