"""The record of one hearing at the desk: writing, closing, the code for each signer, the tablet, refusals, the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.arbitration import record_papers, record_signing, recording, stepping
from anxin.arbitration.access import visible_hearings, works
from anxin.arbitration.models import Hearing, HearingRecord, Signer
from anxin.evidence.files import FileDamaged
from anxin.evidence.journal import record as journal
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.local_law import queries as local_law
from anxin.web import clock, lists
from anxin.web.bureau import turn_pages
from anxin.web.handing_out import handed_out
from anxin.web.policy import page, user_of
from anxin.web.site_board import public_address

_GONE = "这一条已经不在了，请刷新页面。"


@page(access.HANDLE, access.DECIDE, access.ARBITRATE)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The record as it stands, for who works the case; it names people in full, so the look is journalled."""
    hearing = _found(request, pk)
    if hasattr(hearing, "record"):
        _seen(request, hearing, "查看庭审笔录")
    return _show(request, hearing)


@page(access.HANDLE, access.DECIDE, access.ARBITRATE)
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file with the signatures that are there."""
    hearing = _found(request, pk)
    found = _record(hearing)
    try:
        data = record_papers.read(found)
    except (Refused, FileDamaged) as problem:
        return _show(request, hearing, refusal=Refused(str(problem)))
    _seen(request, hearing, "下载庭审笔录")
    return handed_out(data, f"庭审笔录{hearing.begins_at:%Y%m%d}.pdf", plain="record")


@page(access.HANDLE, access.DECIDE, access.ARBITRATE, methods=("POST",))
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """One act on the record, and back to its page; a refusal keeps what was typed."""
    hearing, user, now = _found(request, pk), user_of(request), clock.now()
    row = request.POST.get("row", "")
    try:
        if action == "start":
            recording.start(hearing, by=user, now=now)
        elif action == "link":
            one = _signer(request, hearing)
            address = public_address(
                request, "public:record", record_signing.make_link(one, by=user, now=now)
            )
            return _show(request, hearing, code=(one, address))
        elif (known := _ACTS.get(action)) is not None:
            known(request, _record(hearing), user, now, local_law.current())
        else:
            raise Http404
    except Refused as refusal:
        return _show(request, _found(request, pk), refusal=refusal, where=f"{action}-{row}".rstrip("-"))
    moved = stepping.standing(hearing.case, local_law.current()) if action == "finish" else ""
    messages.success(request, _DONE.get(action, "已记下。") + moved)
    return redirect("arbitration-record", pk=pk)


def _add(request: HttpRequest, found: HearingRecord, user: User, now: dt.datetime, law: Law) -> None:
    recording.add(
        found,
        who=request.POST.get("who", ""),
        text=request.POST.get("text", ""),
        version=_version(request),
        by=user,
    )


def _rewrite(request: HttpRequest, found: HearingRecord, user: User, now: dt.datetime, law: Law) -> None:
    recording.rewrite(found, text=request.POST.get("text", ""), version=_version(request), by=user)


def _add_signer(request: HttpRequest, found: HearingRecord, user: User, now: dt.datetime, law: Law) -> None:
    said = {name: request.POST.get(name, "") for name in ("side", "name", "phone", "id_number")}
    recording.add_signer(found, **said, by=user)


def _drop_signer(request: HttpRequest, found: HearingRecord, user: User, now: dt.datetime, law: Law) -> None:
    recording.drop_signer(_signer(request, found.hearing), by=user)


def _close(request: HttpRequest, found: HearingRecord, user: User, now: dt.datetime, law: Law) -> None:
    recording.close(
        found, present=request.POST.get("present", ""), version=_version(request), by=user, now=now, law=law
    )


def _reopen(request: HttpRequest, found: HearingRecord, user: User, now: dt.datetime, law: Law) -> None:
    recording.reopen(found, by=user, now=now)


def _tablet(request: HttpRequest, found: HearingRecord, user: User, now: dt.datetime, law: Law) -> None:
    record_signing.sign_at_tablet(
        _signer(request, found.hearing), id_number=request.POST.get("id_number", ""), witness=request.POST.get("witness", ""),
        consent="consent" in request.POST, by=user, now=now,
    )  # fmt: skip


def _refuse(request: HttpRequest, found: HearingRecord, user: User, now: dt.datetime, law: Law) -> None:
    record_signing.note_refusal(
        _signer(request, found.hearing), why=request.POST.get("why", ""), by=user, now=now
    )


def _finish(request: HttpRequest, found: HearingRecord, user: User, now: dt.datetime, law: Law) -> None:
    record_signing.finish(found, by=user, now=now, law=law)


_ACTS: dict[str, Callable[[HttpRequest, HearingRecord, User, dt.datetime, Law], None]] = {
    "add": _add,
    "rewrite": _rewrite,
    "signer": _add_signer,
    "drop": _drop_signer,
    "close": _close,
    "reopen": _reopen,
    "tablet": _tablet,
    "refuse": _refuse,
    "finish": _finish,
}
_DONE = {
    "start": "已开庭，可以记笔录了。",
    "close": "笔录已定稿，请到庭人员逐个扫码签名。",
    "reopen": "已退回修改。",
    "tablet": "已当面签名，见证人写进了签名。",
    "refuse": "已记明拒绝签名的情况。",
    "finish": "签名结束，笔录和签名情况说明已存入案卷。",
}


def _show(
    request: HttpRequest, hearing: Hearing, *, refusal: Refused | None = None, where: str = "",
    code: tuple[Signer, str] | None = None,
) -> HttpResponse:  # fmt: skip
    found: HearingRecord | None = getattr(hearing, "record", None)
    signers = list(found.signers.order_by("number")) if found else []
    context = {
        "hearing": hearing,
        "case": hearing.case,
        "record": found,
        "may_start": hearing.state == Hearing.State.SET
        and hearing.begins_at <= clock.now() + dt.timedelta(hours=1),
        "signers": [turn_pages.shown(one) for one in signers],
        "all_done": bool(signers) and all(one.signed_at or one.refused_at for one in signers),
        "some_signed": any(one.signed_at for one in signers),
        "sides": Signer.Side.choices,
        "said": recording.said(found) if found else [],
        "text": _typed(request, found, where),
        "judged": turn_pages.judged(found) if found and found.file_id else [],
        "by_hand": False,
        "writing": found is not None and found.state == HearingRecord.State.WRITING,
        "signing": found is not None and found.state == HearingRecord.State.CLOSED,
        "at": turn_pages.addresses("arbitration-record-act", hearing.pk),
        **turn_pages.code_shown(code, "签庭审笔录"),
        "refusal": refusal,
        "where": where,
        "typed": request.POST if refusal else {},
    }
    response = render(request, "bureau/arbitration_record.html", context, status=422 if refusal else 200)
    response["Cache-Control"] = "no-store"
    return response


def _typed(request: HttpRequest, found: HearingRecord | None, where: str) -> str:
    """The whole text for the field in which it may be changed; what was refused stays there."""
    if where == "rewrite":
        return request.POST.get("text", "")
    return "\n".join(f"{who}：{text}" for who, text in recording.said(found)) if found else ""


def _found(request: HttpRequest, pk: int) -> Hearing:
    """The hearing of a case that this person works, else 404."""
    user = user_of(request)
    found = (
        visible_hearings(user)
        .select_related("case__matter__lead", "room", "circuit", "record__file", "record__unsigned")
        .filter(pk=pk)
        .first()
    )
    if found is None or not works(user, found.case):
        raise Http404
    return found


def _record(hearing: Hearing) -> HearingRecord:
    found: HearingRecord | None = getattr(hearing, "record", None)
    if found is None:
        raise Refused("还没有开始记笔录，请先点“开庭，开始记录”。")
    found.hearing = hearing
    return found


def _signer(request: HttpRequest, hearing: Hearing) -> Signer:
    number = lists.whole_number(request.POST.get("row")) or 0
    found = Signer.objects.filter(pk=number, record=_record(hearing)).first()
    if found is None:
        raise Refused(_GONE)
    found.record = _record(hearing)
    return found


def _version(request: HttpRequest) -> int:
    return lists.whole_number(request.POST.get("version")) or 0


def _seen(request: HttpRequest, hearing: Hearing, what: str) -> None:
    journal(
        actor=actor(user_of(request)), action="arbitration.record_seen", object_type="arbitration_case",
        object_id=hearing.case_id, summary=f"{hearing.case}：{what}", now=clock.now(),
    )  # fmt: skip
