"""签合同: the whole text in large type or read aloud, read to its end; then a yes, a code, and the file to keep."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.contracts import acting, certificates, papers, signatures
from anxin.contracts.access import worker_contracts
from anxin.contracts.models import Contract
from anxin.evidence.files import FileDamaged
from anxin.evidence.journal import record
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.notices.channels.base import NotDelivered
from anxin.notices.codes import code_channel
from anxin.web import clock
from anxin.web.context import demo_data_loaded
from anxin.web.handing_out import handed_out
from anxin.web.own_phone import phone_way
from anxin.web.policy import page
from anxin.web.visitor import device_words
from anxin.web.worker.policy import worker_of, worker_page
from anxin.workforce.models import Worker
from anxin.workforce.signin import VALID, worker_actor
from anxin.workforce.site_codes import current_site_code

#: the contract to open after signing in
NEXT = "worker-next-contract"
_State = Contract.State
#: what the worker can still answer
TO_SIGN = (_State.SENT, _State.READ)
_KEPT = (_State.WORKER_SIGNED, _State.IN_FORCE, _State.REPLACED, _State.ENDED)


@page(public=True)
def scanned(request: HttpRequest, token: str) -> HttpResponse:
    """A code on another device: it opens the contract for whom it is, after signing in, and says nothing to anybody else."""
    contract = Contract.objects.select_related("project").filter(token=token, sent_at__isnull=False).first()
    worker = worker_of(request)
    if contract is None:
        if worker is None:  # whoever tries out tokens is asked who they are, like everybody
            return redirect("worker:sign-in")
        raise Http404
    if worker is None:
        request.session[NEXT] = contract.pk
        code = current_site_code(contract.project)
        return redirect("worker:scanned", code=code.code) if code else redirect("worker:sign-in")
    if contract.worker_id != worker.pk:
        return render(request, "worker/contract_other.html", {"worker": worker}, status=403)
    return redirect("worker:contract", pk=contract.pk)


@worker_page(methods=("GET", "POST"))
def contract(request: HttpRequest, worker: Worker, pk: int) -> HttpResponse:
    """The whole text; below its end the worker says that it was read, or that there will be no signature, and why."""
    found, refusal = _own(worker, pk), ""
    if request.method == "POST":
        try:
            if request.POST.get("word") == "read":
                acting.read_to_end(found, by=worker_actor(worker), now=clock.now())
                return redirect("worker:contract-sign", pk=pk)
            acting.refuse(found, worker=worker, words=request.POST.get("words", ""), now=clock.now())
            return redirect("worker:contracts")
        except Refused as refused:
            refusal = refused.sentence
    context = {
        "contract": found,
        "words": papers.words_of(found),
        "to_sign": found.state in TO_SIGN,
        "judged": papers.judged(found, clock.now()) if found.state in _KEPT else (),
        "refusal": refusal,
    }
    return render(request, "worker/contract.html", context, status=422 if refusal else 200)


@worker_page(methods=("GET", "POST"))
def sign(request: HttpRequest, worker: Worker, pk: int) -> HttpResponse:
    """One question: the code from the phone, and the yes that goes with it."""
    found = _own(worker, pk)
    if found.state == _State.SENT:
        return redirect("worker:contract", pk=pk)
    if found.state != _State.READ:
        return redirect("worker:contracts")
    shown = refusal = ""
    asked = False
    if request.method == "POST":
        try:
            if request.POST.get("word") == "code":
                shown, asked = _send_code(found, worker), True
            else:
                asked = True
                signatures.sign_with_code(
                    found,
                    worker=worker,
                    code=request.POST.get("code", ""),
                    consent=request.POST.get("consent") == "yes",
                    device=device_words(request),
                    now=clock.now(),
                )
                return redirect("worker:contract", pk=pk)
        except Refused as refused:
            refusal = refused.sentence
        except NotDelivered:
            refusal, asked = "短信暂时发不出去，请过几分钟再试一次。", False
    context = {
        "contract": found, "asked": asked, "shown": shown, "refusal": refusal, "minutes": VALID.seconds // 60,
        "consent": request.POST.get("consent") == "yes", "way": phone_way(),
    }  # fmt: skip
    return render(request, "worker/contract_sign.html", context, status=422 if refusal else 200)


def _send_code(found: Contract, worker: Worker) -> str:
    channel = code_channel(invented_people=demo_data_loaded())
    if channel is None:
        raise Refused("本市还没有开通手机验证码。请带身份证到项目部，用平板当面签。")
    asked = signatures.ask_code(found, worker=worker, now=clock.now())
    return channel.send(phone=asked.phone, code=asked.code, minutes=VALID.seconds // 60, now=clock.now())


@worker_page()
def file(request: HttpRequest, worker: Worker, pk: int) -> HttpResponse:
    """The whole file, free of charge, at any time."""
    found = _own(worker, pk)
    try:
        data = papers.read(found)
    except (FileDamaged, Refused) as problem:
        return render(
            request, "worker/contract_other.html", {"worker": worker, "problem": str(problem)}, status=422
        )
    return _handed(found, worker, "劳动合同", data)


@worker_page()
def certificate(request: HttpRequest, worker: Worker, pk: int) -> HttpResponse:
    """The certificate that an own contract has ended, for the next employer and the unemployment office."""
    found = _own(worker, pk)
    try:
        data = certificates.certificate(found, local_law.current())
    except Refused as problem:
        return render(
            request, "worker/contract_other.html", {"worker": worker, "problem": str(problem)}, status=422
        )
    return _handed(found, worker, "解除（终止）劳动合同证明", data)


def _handed(found: Contract, worker: Worker, what: str, data: bytes) -> HttpResponse:
    """The file, free of charge; that it was taken is journalled."""
    record(
        actor=worker_actor(worker),
        action="contract.downloaded",
        object_type="contract",
        object_id=found.pk,
        summary=f"本人下载{what}{found.number}",
        now=clock.now(),
        after={"project_ids": [found.project_id]},
    )
    return handed_out(data, f"{what}{found.number}.pdf", plain="contract")


def _own(worker: Worker, pk: int) -> Contract:
    found = (
        worker_contracts(worker).select_related("project", "employer", "worker", "file").filter(pk=pk).first()
    )
    if found is None:
        raise Http404
    return found
