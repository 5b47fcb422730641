"""办理: a clue's way from the desk to its end: who has it, what came out, what was paid, what the worker said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.casework import services as casework
from anxin.casework.models import Document
from anxin.casework.paper_files import PAPERS
from anxin.clues.models import Claimant, Clue
from anxin.evidence import doors
from anxin.funds.models import BankReceipt
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.local_law import queries as local_law
from anxin.referral import queries, services
from anxin.referral.access import seen_clue
from anxin.referral.claims import people_of
from anxin.referral.models import Conclusion, Recovered
from anxin.referral.texting import text_conclusion
from anxin.registry.models import Organisation
from anxin.web import clock, lists, receiving
from anxin.web.bureau.clue_work_shown import shown
from anxin.web.bureau.typed_money import day_of, fen_of
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

_WAITS = "结论已登记，等另一人复核；复核同意以前不告知反映人，也不办结。"
Act = Callable[[HttpRequest, Clue, User, dt.datetime, Law], object]


@page(access.VIEW)
def work(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _find(request, pk))


@page(access.HANDLE, access.DECIDE, methods=("POST",))
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """One act; a refusal is shown beside its form with what was typed."""
    clue, user = _find(request, pk), user_of(request)
    if action not in _ACTS:
        raise Http404
    what, done = _ACTS[action]
    try:
        made = what(request, clue, user, clock.now(), local_law.current())
    except Refused as refusal:
        return _show(request, _find(request, pk), refusal=str(refusal), where=action)
    waits = isinstance(made, Conclusion) and made.standing == Conclusion.Standing.REVIEW
    messages.success(request, _WAITS if waits else done)
    return redirect("clue-work", pk=pk)


def _show(request: HttpRequest, clue: Clue, *, refusal: str = "", where: str = "") -> HttpResponse:
    context: dict[str, Any] = {
        "clue": clue,
        "refusal": refusal,
        "where": where,
        "typed": request.POST if refusal else {},
        "chosen": lists.whole_number(request.GET.get("claimant")),
        **shown(user_of(request), clue, on=clock.today(), law=local_law.current()),
    }
    return render(request, "bureau/clue_work.html", context, status=422 if refusal else 200)


def _find(request: HttpRequest, pk: int) -> Clue:
    return or_404(seen_clue(user_of(request), pk))


def _refer(request: HttpRequest, clue: Clue, user: User, now: dt.datetime, law: Law) -> None:
    lead = _body(request) if request.POST.get("lead") else None
    services.refer(clue, lead=lead, why=request.POST.get("why", ""), by=user, now=now, law=law)


def _accept(request: HttpRequest, clue: Clue, user: User, now: dt.datetime, law: Law) -> None:
    services.accept(clue, by=user, now=now, law=law)


def _return(request: HttpRequest, clue: Clue, user: User, now: dt.datetime, law: Law) -> None:
    services.return_(clue, why=request.POST.get("why", ""), by=user, now=now, law=law)


def _redirect(request: HttpRequest, clue: Clue, user: User, now: dt.datetime, law: Law) -> None:
    services.redirect(clue, _body(request), why=request.POST.get("why", ""), by=user, now=now, law=law)


def _conclude(request: HttpRequest, clue: Clue, user: User, now: dt.datetime, law: Law) -> Conclusion:
    """The paper that comes with the form and the conclusion: both or neither."""
    post, sent = request.POST, receiving.sent(request, "paper", PAPERS)
    paper = doors.taken(sent.data, sent.name, PAPERS) if sent is not None else None
    with transaction.atomic():
        if paper is not None:
            _attach(clue, paper, post.get("kind", ""), user, now, law)
        return services.conclude(
            clue, post.get("name", ""), words=post.get("words", ""), people=_people(post.get("people", "")),
            amount_fen=fen_of(post.get("amount", ""), "amount"), by=user, now=now, law=law,
        )  # fmt: skip


def _answer(request: HttpRequest, clue: Clue, user: User, now: dt.datetime, law: Law) -> Conclusion:
    post = request.POST
    return services.answer(clue, post.get("name", ""), words=post.get("words", ""), by=user, now=now, law=law)


def _review(request: HttpRequest, clue: Clue, user: User, now: dt.datetime, law: Law) -> None:
    post = request.POST
    if post.get("agrees") not in ("yes", "no"):
        raise Refused("请选择同意还是退回。", field="agrees")
    services.review(clue, agrees=post["agrees"] == "yes", words=post.get("words", ""), by=user, now=now)


def _heard(request: HttpRequest, clue: Clue, user: User, now: dt.datetime, law: Law) -> None:
    post = request.POST
    if post.get("agrees") not in ("yes", "no"):
        raise Refused("请选择劳动者同意还是不同意。", field="agrees")
    services.worker_says(
        clue, post["agrees"] == "yes", post.get("words", ""), now, heard_by=user, how=post.get("how", "")
    )


def _tell(request: HttpRequest, clue: Clue, user: User, now: dt.datetime, law: Law) -> None:
    post = request.POST
    if post.get("reached") not in ("yes", "no"):
        raise Refused("请选择有没有联系上本人。", field="reached")
    services.tell(
        _whom(request, clue), post.get("way", ""), by=user, now=now, reached=post["reached"] == "yes",
        number=post.get("number", ""), words=post.get("words", ""),
    )  # fmt: skip


def _text(request: HttpRequest, clue: Clue, user: User, now: dt.datetime, law: Law) -> None:
    text_conclusion(clue, by=user, now=now)


def _whom(request: HttpRequest, clue: Clue) -> Clue:
    """Who is told: whoever this clue is from, or the caller of one that was merged into it."""
    pk = lists.whole_number(request.POST.get("whom")) or clue.pk
    if pk == clue.pk:
        return clue
    found = Clue.objects.filter(pk=pk, dispute=clue, referrals__isnull=True).first()
    if found is None:
        raise Refused("请重新选择告知的是哪一位反映人。", field="whom")
    return found


def _silent(request: HttpRequest, clue: Clue, user: User, now: dt.datetime, law: Law) -> None:
    services.ask_to_close(clue, by=user, now=now, law=law)


def _recover(request: HttpRequest, clue: Clue, user: User, now: dt.datetime, law: Law) -> None:
    post, proof = request.POST, request.POST.get("proof", "")
    receipt = lists.whole_number(post.get("receipt"))
    document = lists.whole_number(post.get("document"))
    services.add_recovered(
        clue,
        proof=proof,
        receipt=BankReceipt.objects.filter(pk=receipt).first() if receipt else None,
        document=Document.objects.filter(pk=document).first() if document else None,
        person=post.get("person", ""),
        claimant=_claimant(clue, post),
        paper_fen=fen_of(post.get("paper", ""), "paper"),
        amount_fen=fen_of(post.get("amount", ""), "amount"),
        paid_on=day_of(post.get("paid_on", "")),
        said=post.get("said", ""),
        by=user,
        now=now,
    )


def _claimant(clue: Clue, post: QueryDict) -> Claimant | None:
    """Who of the list was chosen: picked, or typed by the list's number; ``None``: whom the name fits."""
    pk, number = lists.whole_number(post.get("claimant")), lists.whole_number(post.get("number"))
    if not pk and not number:
        return None
    found = next((one for one in people_of(clue) if pk == one.pk or (not pk and number == one.number)), None)
    if found is None:
        raise Refused("名单里没有这个人，请核对序号后重新选择。", field="claimant")
    return found


def _assign(request: HttpRequest, clue: Clue, user: User, now: dt.datetime, law: Law) -> None:
    number = lists.whole_number(request.POST.get("row"))
    row = Recovered.objects.select_related("clue").filter(pk=number, clue=clue).first() if number else None
    claimant = _claimant(clue, request.POST)
    if row is None or claimant is None:
        raise Refused("请选择这一笔是名单上谁拿到的。", field="claimant")
    services.assign(row, claimant, by=user, now=now)


def _unrecover(request: HttpRequest, clue: Clue, user: User, now: dt.datetime, law: Law) -> None:
    number = lists.whole_number(request.POST.get("row"))
    row = Recovered.objects.select_related("clue").filter(pk=number, clue=clue).first() if number else None
    if row is None:
        raise Refused("没有这一笔，请刷新页面。")
    services.withdraw_recovered(row, why=request.POST.get("why", ""), by=user, now=now)


#: name in the address → what it does, and what is said when it is done
_ACTS: dict[str, tuple[Act, str]] = {
    "refer": (_refer, "已派出，事项已开始，期限从收到线索之日起算。"),
    "accept": (_accept, "已接收，从现在起由本单位答复。"),
    "return": (_return, "已退单。"),
    "redirect": (_redirect, "已改派；在接收以前，仍由首问单位答复。"),
    "conclude": (_conclude, "结论已登记。"),
    "answer": (_answer, "已答复并办结。"),
    "review": (_review, "复核意见已登记。"),
    "heard": (_heard, "劳动者的意见已登记。"),
    "tell": (_tell, "已登记。"),
    "text": (_text, "短信已发出，记为已告知；从今天起等劳动者确认。"),
    "silent": (_silent, "已提请按“未获确认”办结，等另一人复核。"),
    "recover": (_recover, "到账已登记。"),
    "assign": (_assign, "这一笔已对应到名单上的人。"),
    "unrecover": (_unrecover, "这一笔已撤下，不再计入。"),
}


def _body(request: HttpRequest) -> Organisation:
    number = lists.whole_number(request.POST.get("lead"))
    found = Organisation.objects.filter(pk=number).first() if number else None
    if found is None:
        raise Refused("请选择派给哪个单位。", field="lead")
    return found


def _attach(clue: Clue, paper: doors.Taken, kind: str, user: User, now: dt.datetime, law: Law) -> None:
    referral = queries.work(clue).referral
    if referral is None:
        raise Refused("这条线索还没有派出，请先派单。")
    casework.attach_taken(
        referral.now, paper, kind=kind, by=user, now=now, law=law, dated=timezone.localdate(now)
    )


def _people(text: str) -> int | None:
    if not text.strip():
        return None
    number = lists.whole_number(text.strip())
    if not number or number > 100_000:
        raise Refused("人数应为1到100000的整数；不知道的请留空。", field="people")
    return number
