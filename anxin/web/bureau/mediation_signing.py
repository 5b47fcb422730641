"""The papers of one mediation at the mediator's desk: who signs, the code for each, the tablet, the scan, the number and seal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.evidence.files import FileDamaged
from anxin.evidence.journal import record
from anxin.evidence.sealing import plain
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.letters import turn_files
from anxin.local_law import queries as local_law
from anxin.mediation import preparing, stamping
from anxin.mediation.access import visible_case, works
from anxin.mediation.models import Agreement, MediationCase, MediationPaper, PaperSigner, Party, Session
from anxin.mediation.models_papers import BY_HAND
from anxin.mediation.paper_turns import PAPER_OF_SIGNER, TURNS, filename, together
from anxin.mediation.preparing import Named
from anxin.web import clock, lists, receiving
from anxin.web.bureau import turn_pages
from anxin.web.found import or_404
from anxin.web.handing_out import handed_out
from anxin.web.policy import page, user_of
from anxin.web.site_board import public_address

#: of many workers so many are ticked by themselves: the others are spoken for
_FIRST = 5
_GONE = "这一条已经不在了，请刷新页面。"


@page(access.HANDLE, access.DECIDE, access.MEDIATE)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Papers and signers, for who works the case; it names people in full, so the look is journalled."""
    case = _found(request, pk)
    _seen(request, case, "查看文书签名情况")
    return _show(request, case)


@page(access.HANDLE, access.DECIDE, access.MEDIATE)
def file(request: HttpRequest, pk: int, paper: int) -> HttpResponse:
    """One paper with the signatures that are there."""
    case = _found(request, pk)
    found = _paper(case, paper)
    try:
        data = turn_files.read(found)
    except (Refused, FileDamaged) as problem:
        return _show(request, case, refusal=Refused(str(problem)))
    _seen(request, case, f"下载{found.noun}")
    return handed_out(data, filename(found), plain="mediation")


@page(access.HANDLE, access.DECIDE, access.MEDIATE, methods=("POST",))
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """One act on one paper, and back to the page; a refusal keeps what was typed."""
    case, user, now = _found(request, pk), user_of(request), clock.now()
    row = request.POST.get("row", "")
    try:
        if action == "link":
            one = _signer(request, case)
            token = TURNS.make_link(one, by=user, now=now)
            return _show(request, case, code=(one, public_address(request, "public:record", token)))
        if (known := _ACTS.get(action)) is None:
            raise Http404
        known[0](request, case, user, now, local_law.current())
    except Refused as refusal:
        return _show(request, _found(request, pk), refusal=refusal, where=f"{action}-{row}".rstrip("-"))
    messages.success(request, known[1])
    return redirect("mediation-signing", pk=pk)


def _prepare(request: HttpRequest, case: MediationCase, user: User, now: dt.datetime, law: Law) -> None:
    preparing.prepare_agreement(
        _agreement(case), employer=_named(request, "employer"), mediator=_named(request, "mediator"), by=user, now=now,
        law=law,
    )  # fmt: skip


def _prepare_record(
    request: HttpRequest, case: MediationCase, user: User, now: dt.datetime, law: Law
) -> None:
    session = case.sessions.filter(pk=lists.whole_number(request.POST.get("row")) or 0).first()
    if session is None:
        raise Refused(_GONE)
    employer = _named(request, "employer")
    preparing.prepare_record(
        session, parties=_keys(request, "party"), employer=employer if employer.name.strip() else None,
        mediator=_named(request, "mediator"), by=user, now=now, law=law,
    )  # fmt: skip


def _tablet(request: HttpRequest, case: MediationCase, user: User, now: dt.datetime, law: Law) -> None:
    TURNS.sign_at_tablet(
        _signer(request, case), id_number=request.POST.get("id_number", ""), witness=request.POST.get("witness", ""),
        consent="consent" in request.POST, by=user, now=now,
    )  # fmt: skip


def _refuse(request: HttpRequest, case: MediationCase, user: User, now: dt.datetime, law: Law) -> None:
    one = _signer(request, case)
    if one.paper.session_id is None:
        raise Refused("不愿签协议书的，就是没有达成协议：请撤回协议，重新拟定或者终结调解。")
    TURNS.note_refusal(one, why=request.POST.get("why", ""), by=user, now=now)


def _scan(request: HttpRequest, case: MediationCase, user: User, now: dt.datetime, law: Law) -> None:
    sent = receiving.chosen(request, "file", stamping.SCAN, "请选择扫描件或者照片。")
    stamping.attach_scan(
        _paper(case, lists.whole_number(request.POST.get("row")) or 0), data=sent.data, name=sent.name,
        signed=_keys(request, "signed"), by=user, now=now,
    )  # fmt: skip


def _seal(request: HttpRequest, case: MediationCase, user: User, now: dt.datetime, law: Law) -> None:
    stamping.seal_agreement(_agreement(case), by=user, now=now, law=law)


def _seal_record(request: HttpRequest, case: MediationCase, user: User, now: dt.datetime, law: Law) -> None:
    paper = _paper(case, lists.whole_number(request.POST.get("row")) or 0)
    stamping.seal_record(paper, by=user, now=now, law=law)


_Act = Callable[[HttpRequest, MediationCase, User, dt.datetime, Law], None]
#: name in the address → what it does, and what is said when it is done
_ACTS: dict[str, tuple[_Act, str]] = {
    "prepare": (_prepare, "协议书已生成，请双方和调解员逐个扫码签名，或者打印签名后附扫描件。"),
    "prepare-record": (_prepare_record, "笔录已生成，请到场的人逐个扫码签名。"),
    "tablet": (_tablet, "已当面签名，见证人写进了签名。"),
    "refuse": (_refuse, "已记明拒绝签名的情况。"),
    "scan": (_scan, "已附扫描件，并记下谁签了名。"),
    "seal": (_seal, "已编号并盖章，协议今天生效，付款计划开始跟踪，协议书和送达记录已附卷。"),
    "seal-record": (_seal_record, "笔录已编号、盖章，存入案卷。"),
}


def _show(
    request: HttpRequest, case: MediationCase, *, refusal: Refused | None = None, where: str = "",
    code: tuple[PaperSigner, str] | None = None,
) -> HttpResponse:  # fmt: skip
    law, papers = local_law.current(), _papers(case)
    verify = lists.whole_number(request.GET.get("verify"))
    agreement = case.agreements.filter(withdrawn_at__isnull=True).first()
    copies = [one for one in papers if agreement and one.share and one.share.agreement_id == agreement.pk]
    records = {one.session_id: one for one in papers if one.session_id}
    missing = stamping.lacking(copies) if agreement and agreement.effective_on is None else []
    context = {
        "case": case,
        "agreement": agreement,
        "copies": [_shown(one, verify) for one in copies],
        "missing": missing,
        "may_prepare": agreement is not None
        and agreement.effective_on is None
        and not any(signer.signed_at for one in copies for signer in one.signers.all()),
        "may_seal": agreement is not None and agreement.effective_on is None and not missing,
        "article": law.cite("labour_arbitration_law", 14),
        "sessions": [
            (one, _shown(records[one.pk], verify) if one.pk in records else None)
            for one in case.sessions.filter(state=Session.State.HELD).order_by("-at")
        ],
        "parties": _parties(request, case, where),
        "signed_typed": request.POST.getlist("signed") if refusal else [],
        "code_for": code[0] if code else None,
        "code_copies": len(together(code[0])) + 1 if code else 0,
        **turn_pages.code_shown(code, "签名"),
        "refusal": refusal,
        "where": where,
        "typed": request.POST if refusal else {},
    }
    response = render(request, "bureau/mediation_signing.html", context, status=422 if refusal else 200)
    response["Cache-Control"] = "no-store"
    return response


def _parties(request: HttpRequest, case: MediationCase, where: str) -> list[tuple[Party, str, bool]]:
    """Who may sign the record, and whether that is ticked: as it was typed, else the first few."""
    typed = set(_keys(request, "party")) if where.startswith("prepare-record") else None
    return [
        (one, plain(one.name), one.number <= _FIRST if typed is None else one.pk in typed)
        for one in case.parties.order_by("number")
    ]


def _papers(case: MediationCase) -> list[MediationPaper]:
    rows = case.signed_papers.select_related("share__party", "share__agreement", "session", "file", "body")
    return list(rows.prefetch_related("signers").order_by("share__party__number", "pk"))


def _shown(paper: MediationPaper, verify: int | None) -> dict[str, Any]:
    """``verify``: the one paper whose file is verified now. It takes a second for each, and there may be hundreds."""
    signers = sorted(paper.signers.all(), key=lambda one: one.number)
    open_ = paper.sealed_at is None
    return {
        "row": paper,
        "key": str(paper.pk),
        "signers": [turn_pages.shown(one, how=stamping.method_words(one)) for one in signers],
        "may_sign": open_ and paper.scanned_at is None,
        "may_scan": open_ and not any(one.signed_at and one.method != BY_HAND for one in signers),
        "all_done": all(one.signed_at or one.refused_at for one in signers),
        "some_signed": any(one.signed_at for one in signers),
        "judged": turn_pages.judged(paper) if paper.sealed_at and paper.pk == verify else [],
    }


def _found(request: HttpRequest, pk: int) -> MediationCase:
    """The case that this person works, else 404."""
    user = user_of(request)
    case = visible_case(user, pk)
    if case is None or not works(user, case):
        raise Http404
    return case


def _paper(case: MediationCase, pk: int) -> MediationPaper:
    rows = case.signed_papers.select_related(
        "share__party", "share__agreement", "session", "file", "unsigned"
    )
    return or_404(rows.filter(pk=pk).first())


def _signer(request: HttpRequest, case: MediationCase) -> PaperSigner:
    number = lists.whole_number(request.POST.get("row")) or 0
    rows = PaperSigner.objects.select_related(*PAPER_OF_SIGNER)
    found = rows.filter(pk=number, paper__case=case).first()
    if found is None:
        raise Refused(_GONE)
    return found


def _agreement(case: MediationCase) -> Agreement:
    found = case.agreements.filter(withdrawn_at__isnull=True).first()
    if found is None:
        raise Refused("没有拟好的协议，请先拟定。")
    found.case = case
    return found


def _named(request: HttpRequest, side: str) -> Named:
    return Named(*(request.POST.get(f"{side}_{one}", "") for one in ("name", "phone", "id")))


def _keys(request: HttpRequest, name: str) -> list[int]:
    return [number for text in request.POST.getlist(name) if (number := lists.whole_number(text))]


def _seen(request: HttpRequest, case: MediationCase, what: str) -> None:
    record(
        actor=actor(user_of(request)), action="mediation.seen", object_type="mediation_case", object_id=case.pk,
        summary=f"{case}：{what}", now=clock.now(),
    )  # fmt: skip
