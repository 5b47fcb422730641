"""查进度: whoever holds a receipt reads how far it is, and answers the office. The number never stands in an address.

After the sixteen digits a ticket goes to and fro instead of them, signed, for two hours: the page works without
cookies and without a session, and a phone that is handed on does not show the receipt.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from anxin.channels import answering, own_word
from anxin.channels.limits import Sender
from anxin.channels.models import Submission
from anxin.channels.refusing import ELSEWHERE, Busy, TooMany
from anxin.kernel.refusal import Refused
from anxin.referral.models import Satisfaction
from anxin.referral.services import say_satisfied, seen, worker_says
from anxin.web import clock
from anxin.web.policy import page
from anxin.web.public import admission, listening, senders
from anxin.web.public.standing import StandingShown, standing_of
from anxin.web.visitor import address_of

_SALT, _HOURS = "receipt-page", 2
#: how much of the receipt's hash a ticket carries
_MARK = 16
#: what goes along when something is to be sent again: no more than the page itself asks for
_GOES_AGAIN = ("ticket", "key", "text", "word", "words", "own", "grade", "satisfied_words")


def _admitted(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """What is sent takes one of the places of the public form, and is told at once where there is none."""

    @wraps(view)
    def within(request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return view(request)
        try:
            admission.FORMS.refuse_when_full()
            request.POST  # noqa: B018 read before a turn is taken: a slow phone must not hold one
            with admission.FORMS.place():
                return view(request)
        except Busy as refusal:
            return _busy(request, refusal)

    return within


def _busy(request: HttpRequest, refusal: Busy) -> HttpResponse:
    """Who looks up hears it beside their number; what somebody wrote goes along to be sent again."""
    if "ticket" in request.POST:
        return senders.busy_page(request, refusal, _GOES_AGAIN)
    sentence = f"现在查的人太多，请过{refusal.in_words}再点一次“查看”；{ELSEWHERE}"
    context = {"refusal": sentence, "typed": request.POST.get("receipt", "")[:40]}
    response = render(request, "public/receipt_ask.html", context, status=503)
    response["Retry-After"] = str(refusal.seconds)
    return response


@csrf_exempt
@page(methods=("GET", "POST"), public=True)
@_admitted
def receipt(request: HttpRequest) -> HttpResponse:
    """The sixteen digits are asked for (GET); what became of it (POST)."""
    typed = request.POST.get("receipt", "")
    if request.method != "POST":
        return _ask(request)
    try:
        found = answering.find(typed, sender=Sender(address_of(request)), now=clock.now())
    except Refused as refusal:
        return _ask(request, status=422, refusal=refusal.sentence, typed=typed[:40])
    return _show(request, found)


@csrf_exempt
@page(methods=("POST",), public=True)
@_admitted
def say(request: HttpRequest) -> HttpResponse:
    """A message by whoever holds the receipt."""
    found = _by_ticket(request)
    if found is None:
        return _too_late(request)
    text = request.POST.get("text", "")
    try:
        answering.answer(found, text, key=request.POST.get("key", ""), now=clock.now())
    except Refused as refusal:
        status = 429 if isinstance(refusal, TooMany) else 422
        return _show(request, found, status=status, refusal=refusal.sentence, typed=text)
    return _show(request, found, done="留言已收到，承办人会看到。")


@csrf_exempt
@page(methods=("POST",), public=True)
@_admitted
def word(request: HttpRequest) -> HttpResponse:
    """钱已收到, or 不同意: the word of whoever told us on the result. Saying nothing is no consent.

    A helper may say for the worker that something is wrong; that the money has come says only the worker.
    """
    found = _by_ticket(request)
    if found is None or found.clue is None:
        return _too_late(request)
    agrees, words = request.POST.get("word") == "yes", request.POST.get("words", "")
    try:
        if not agrees and len(words.strip()) < answering.SHORTEST:
            raise Refused("请写一句哪里不对，例如：只收到一半，还差3000元。")
        if agrees and found.helped and not own_word.may_be_proved(found):
            own_word.pass_on(found, now=clock.now(), key=request.POST.get("key", ""))
            return _show(request, found, done=own_word.NOT_CONFIRMED)
        if agrees:
            _own(request, found)
        worker_says(found.clue, agrees, words, clock.now())
    except Refused as refusal:
        return _show(request, found, status=422, refusal=refusal.sentence, words_typed=words)
    found.clue.refresh_from_db()
    done = "谢谢您，已记下：钱已收到。" if agrees else "已记下：您不同意这个结果，会重新核实。"
    return _show(request, found, done=done)


@csrf_exempt
@page(methods=("POST",), public=True)
@_admitted
def satisfied(request: HttpRequest) -> HttpResponse:
    """满意, 基本满意 or 不满意 once it is concluded; who is not content is shown how it is opened again."""
    found = _by_ticket(request)
    if found is None or found.clue is None:
        return _too_late(request)
    grade, words = request.POST.get("grade", ""), request.POST.get("satisfied_words", "")
    try:
        _own(request, found)
        if found.helped:
            # their own number has shown that it is the worker who reads the result
            seen(found.clue, now=clock.now())
        made = say_satisfied(found.clue, grade, words, now=clock.now())
    except Refused as refusal:
        typed = {"satisfied_typed": words}
        return _show(request, found, status=422, refusal=refusal.sentence, **typed)
    if made.grade == Satisfaction.Grade.NOT:
        done = "已记下：您不满意。要重新核实的，请在“处理结果”里写一句哪里不对，再点“不同意，请重新核实”。"
        return _show(request, found, done=done, words_typed=words)
    return _show(request, found, done=f"谢谢您，已记下：{made.get_grade_display()}。")


def _own(request: HttpRequest, found: Submission) -> None:
    """Of a form that was filled in for somebody: their own number again. Raises :class:`Refused`."""
    sender = Sender(address_of(request))
    own_word.refuse_other_than_own(found, request.POST.get("own", ""), sender=sender, now=clock.now())


def _by_ticket(request: HttpRequest) -> Submission | None:
    try:
        pk, mark = signing.loads(request.POST.get("ticket", ""), salt=_SALT, max_age=_HOURS * 3600)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    rows = Submission.objects.select_related("clue__region", "region", "code__project__region")
    return (
        None if senders.from_elsewhere(request) else rows.filter(pk=pk, receipt_hash__startswith=mark).first()
    )


def _too_late(request: HttpRequest) -> HttpResponse:
    sentence = "这一页打开得太久了，请重新输入回执号。"
    return _ask(request, status=422, refusal=sentence)


def _ask(request: HttpRequest, *, status: int = 200, **more: str) -> HttpResponse:
    context = {"sounds": listening.sounds("receipt.ask", "receipt.lost"), **more}
    return render(request, "public/receipt_ask.html", context, status=status)


def _read(found: Submission) -> StandingShown:
    """What the page says. A result that whoever told us reads here for the first time is told by it; a helper is not them."""
    standing = standing_of(found)
    if standing.untold and not found.helped and found.clue is not None and seen(found.clue, now=clock.now()):
        standing = standing_of(found)
    return standing


def _show(request: HttpRequest, found: Submission, *, status: int = 200, **more: Any) -> HttpResponse:
    messages, standing = answering.conversation(found), _read(found)
    context = {
        "submission": found,
        "standing": standing,
        "messages_shown": [(one.from_office, answering.text_of(one), one.at) for one in messages],
        "asked": bool(messages) and messages[-1].from_office,
        # a receipt that was given out anew ends the pages that were opened with the one before
        "ticket": signing.dumps([found.pk, found.receipt_hash[:_MARK]], salt=_SALT),
        "key": secrets.token_urlsafe(16),
        "longest": answering.LONGEST,
        "grades": Satisfaction.Grade.choices,
        "asks_own": own_word.asks_own(found),
        "unproved": found.helped and not own_word.may_be_proved(found),
        "grade_words": dict(Satisfaction.Grade.choices).get(standing.satisfied, ""),
        "sounds": listening.sounds("receipt.paid", "receipt.satisfied"),
        **more,
    }
    response = render(request, "public/standing.html", context, status=status)
    answering.seen(found, now=clock.now())
    return response
