"""What people do with a mediation, one act a button; a refusal stands on the page with what was typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from anxin.accounts import access
from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.casework.paper_files import PAPERS
from anxin.casework.services import attach
from anxin.evidence.journal import record
from anxin.funds.models import BankReceipt
from anxin.kernel.money import MoneyError, parse_yuan
from anxin.kernel.refusal import Refused, worded
from anxin.law import Law
from anxin.local_law import queries as local_law
from anxin.mediation import agreeing, applying, climbing, following, paying, sessions, telling
from anxin.mediation.access import require_works
from anxin.mediation.models import Agreement, Handoff, MediationBody, MediationCase, Mediator, Payment
from anxin.web import clock, lists, receiving
from anxin.web.bureau.mediation_case import find_case, show
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

_GONE = "这一条已经不在了，请刷新页面。"


@page(access.HANDLE, access.DECIDE, access.MEDIATE, methods=("POST",))
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """One act on one case, and back to its page."""
    case, user = find_case(request, pk), user_of(request)
    if action == "reveal":
        return _reveal(request, case, user)
    known = or_404(_ACTS.get(action))
    what, done = known
    try:
        said = what(request, case, user, clock.now(), local_law.current())
    except Refused as refusal:
        where = f"{action}-{request.POST.get('row', '')}".rstrip("-")
        return show(request, find_case(request, pk), refusal=refusal, where=where)
    messages.success(request, said or done)
    return redirect("mediation-case", pk=pk)


def _reveal(request: HttpRequest, case: MediationCase, user: User) -> HttpResponse:
    """The parties in full on this one answer, for a purpose that goes into the journal."""
    try:
        require_works(user, case)
        purpose = worded(request.POST.get("purpose", ""), "请写明为什么要看当事人信息", field="purpose")
    except Refused as refusal:
        return show(request, case, refusal=refusal, where="reveal")
    record(
        actor=actor(user), action="mediation.parties_seen", object_type="mediation_case", object_id=case.pk,
        summary=f"{case}：查看当事人信息，用于：{purpose}", now=clock.now(),
    )  # fmt: skip
    return show(request, case, shown=True)


def _assign(request: HttpRequest, case: MediationCase, user: User, now: dt.datetime, law: Law) -> None:
    body_pk, _, mediator_pk = request.POST.get("choice", "").partition("-")
    body = MediationBody.objects.filter(pk=lists.whole_number(body_pk) or 0).first()
    if body is None:
        raise Refused("请选择调解组织。", field="choice")
    other = lists.whole_number(request.POST.get("mediator")) or lists.whole_number(mediator_pk)
    mediator = Mediator.objects.filter(pk=other).first() if other else None
    applying.assign(
        case,
        body=body,
        mediator=mediator,
        by=user,
        now=now,
        today=clock.today(),
        law=law,
        why=request.POST.get("why", ""),
    )


def _employer(request: HttpRequest, case: MediationCase, user: User, now: dt.datetime, law: Law) -> None:
    post = request.POST
    agreeing.describe_employer(
        case, code=post.get("code", ""), address=post.get("address", ""), head=post.get("head", ""), phone=post.get("phone", ""),
        by=user, now=now,
    )  # fmt: skip


def _party(request: HttpRequest, case: MediationCase, user: User, now: dt.datetime, law: Law) -> None:
    post, row = request.POST, lists.whole_number(request.POST.get("row")) or 0
    party = case.parties.filter(pk=row).first()
    if party is None:
        raise Refused(_GONE)
    agreeing.describe_party(
        party,
        id_number=post.get("id_number", ""),
        phone=post.get("phone", ""),
        address=post.get("address", ""),
        by=user,
        now=now,
    )


def _appoint(request: HttpRequest, case: MediationCase, user: User, now: dt.datetime, law: Law) -> None:
    post = request.POST
    at = _moment(post.get("day", ""), post.get("hour", ""))
    sessions.appoint(
        case, at=at, place=post.get("place", ""), online=post.get("online") == "on", by=user, now=now
    )


def _hold(request: HttpRequest, case: MediationCase, user: User, now: dt.datetime, law: Law) -> None:
    post = request.POST
    said = sessions.Said(
        *(post.get(name, "") for name in ("present", "worker_said", "employer_said", "result"))
    )
    sessions.hold(_session(request, case), said, by=user, now=now, law=law)


def _not_held(request: HttpRequest, case: MediationCase, user: User, now: dt.datetime, law: Law) -> None:
    post = request.POST
    sessions.not_held(
        _session(request, case), state=post.get("state", ""), why=post.get("why", ""), by=user, now=now
    )


def _draft(request: HttpRequest, case: MediationCase, user: User, now: dt.datetime, law: Law) -> None:
    post = request.POST
    days = agreeing.days_of(post.get("days", ""))
    plans, agreed = {}, {}
    for party in case.parties.order_by("number"):
        own = post.get(f"plan-{party.pk}", "").strip()
        total = _yuan(post.get(f"total-{party.pk}", ""), f"{party}当事人的金额")
        agreed[party.pk] = total
        plans[party.pk] = agreeing.plan_of(own) if own else agreeing.in_parts(total, days)
    agreeing.draft(
        case, plans, facts=post.get("facts", ""), other=post.get("other", ""), manner=post.get("manner", ""), by=user, now=now,
        today=clock.today(), law=law, agreed=agreed,
    )  # fmt: skip


def _withdraw(request: HttpRequest, case: MediationCase, user: User, now: dt.datetime, law: Law) -> None:
    agreeing.withdraw(_agreement(case), why=request.POST.get("why", ""), by=user, now=now)


def _pay(request: HttpRequest, case: MediationCase, user: User, now: dt.datetime, law: Law) -> None:
    post = request.POST
    found = paying.instalments_of(case).filter(pk=lists.whole_number(post.get("row")) or 0).first()
    if found is None:
        raise Refused(_GONE)
    proof, document = post.get("proof", ""), None
    receipt = BankReceipt.objects.filter(pk=lists.whole_number(post.get("receipt")) or 0).first()
    if proof == Payment.Proof.DOCUMENT and (sent := receiving.sent(request, "file", PAPERS)) is not None:
        document = attach(
            case.matter,
            kind="payment_proof",
            data=sent.data,
            filename=sent.name,
            by=user,
            now=now,
            law=law,
        )
    given: dict[str, Any] = {}
    if proof != Payment.Proof.RECEIPT:
        given = {
            "amount_fen": _yuan(post.get("amount", ""), "到账金额"),
            "paid_on": _day(post.get("paid_on", "")),
        }
    paying.pay(
        found,
        proof=proof,
        by=user,
        now=now,
        law=law,
        receipt=receipt,
        document=document,
        said=post.get("said", ""),
        **given,
    )


def _take_back(request: HttpRequest, case: MediationCase, user: User, now: dt.datetime, law: Law) -> None:
    rows = Payment.objects.filter(instalment__share__agreement__case=case)
    found = (
        rows.select_related("instalment__share__agreement__case")
        .filter(pk=lists.whole_number(request.POST.get("row")) or 0)
        .first()
    )
    if found is None:
        raise Refused(_GONE)
    paying.take_back(found, why=request.POST.get("why", ""), by=user, now=now)


def _hand_on(request: HttpRequest, case: MediationCase, user: User, now: dt.datetime, law: Law) -> str:
    made: Handoff = following.hand_on(
        case, request.POST.get("route", ""), by=user, now=now, today=clock.today(), law=law
    )
    return f"已转{made.get_route_display()}：{made.matter}，当事人、所欠金额和文书都已带过去。"


def _end(request: HttpRequest, case: MediationCase, user: User, now: dt.datetime, law: Law) -> None:
    climbing.end_without_agreement(
        case, why=request.POST.get("why", ""), by=user, now=now, today=clock.today(), law=law
    )


def _told(request: HttpRequest, case: MediationCase, user: User, now: dt.datetime, law: Law) -> None:
    found = case.tellings.filter(pk=lists.whole_number(request.POST.get("row")) or 0).first()
    if found is None:
        raise Refused(_GONE)
    telling.told(found, how=request.POST.get("how", ""), by=user, now=now)


#: name in the address → what it does, and what is said when it is done
_ACTS: dict[str, tuple[Callable[[HttpRequest, MediationCase, User, dt.datetime, Law], str | None], str]] = {
    "assign": (_assign, "已指派，双方要告知的内容列在下面。"),
    "employer": (_employer, "已记下用人单位的信息。"),
    "party": (_party, "已记下当事人的信息。"),
    "appoint": (_appoint, "已约定调解时间，请告知双方。"),
    "hold": (_hold, "已登记笔录，请到场的人签名。"),
    "not-held": (_not_held, "已登记。"),
    "draft": (_draft, "已拟定协议，请双方阅读后签名。"),
    "withdraw": (_withdraw, "已撤回协议，可以重新拟定。"),
    "pay": (_pay, "已登记到账。"),
    "take-back": (_take_back, "已撤下这一笔。"),
    "hand-on": (_hand_on, ""),
    "end": (_end, "已终结调解，告知书已附卷。"),
    "told": (_told, "已记下怎样告知的。"),
}


def _session(request: HttpRequest, case: MediationCase) -> Any:
    found = (
        case.sessions.select_related("case")
        .filter(pk=lists.whole_number(request.POST.get("row")) or 0)
        .first()
    )
    if found is None:
        raise Refused(_GONE)
    return found


def _agreement(case: MediationCase) -> Agreement:
    found = case.agreements.filter(withdrawn_at__isnull=True).first()
    if found is None:
        raise Refused("现在没有拟好的协议，请刷新页面。")
    return found


def _moment(day: str, hour: str) -> dt.datetime:
    try:
        return timezone.make_aware(dt.datetime.fromisoformat(f"{day}T{hour}"))
    except ValueError:
        raise Refused("请填写调解的日期和时间。", field="at") from None


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused("请按 2026-11-21 的样子填写日期。", field="paid_on") from None


def _yuan(text: str, what: str) -> int:
    try:
        fen = parse_yuan(text)
    except MoneyError as error:
        raise Refused(f"{what}：{error}", field="amount") from None
    if fen is None:
        raise Refused(f"请填写{what}，单位是元。", field="amount")
    return fen
