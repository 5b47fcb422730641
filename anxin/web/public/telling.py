"""The public form: what a phone sends, with a script or without, and the receipt it gets back.

Nothing here is signed in: there is no session that somebody else's page could ride on, so a form that has lain on a
phone for days, without its cookie, is still taken. Pages of other sites are refused by what the browser says of them.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from anxin.channels import adding, codes, receipts, taking_in
from anxin.channels.forms import LONGEST, TRADES, FormTold, unnamed
from anxin.channels.models import Submission, SubmissionFile
from anxin.channels.refusing import AlreadyTold, Busy, OneMoreStep, OtherWords, TooMany
from anxin.channels.submitting import Given, code_behind, submission_of, submit
from anxin.evidence import doors
from anxin.kernel.refusal import Refused
from anxin.registry.queries import counties
from anxin.web import clock, receiving
from anxin.web.policy import page
from anxin.web.public import admission, listening, second_step, senders

#: the phone's own recorder, after its owner has said yes
_MAY_RECORD = "camera=(), microphone=(self), geolocation=()"
#: what a form that is to be sent again carries with it
_GOES_AGAIN = ("key", "opened", "kind", "region", "helped", "trade", *LONGEST)
_KINDS = {"photos": SubmissionFile.Kind.PICTURE, "voice": SubmissionFile.Kind.SOUND}


@csrf_exempt
@page(methods=("GET", "POST"), public=True)
def form(request: HttpRequest, token: str = "") -> HttpResponse:
    """The form (GET), and what was filled in (POST)."""
    if request.method != "POST":
        return _form(request, token)
    if senders.from_elsewhere(request):
        return _refused(request, token, Refused("请从工地的二维码打开这一页再提交。"))
    try:
        admission.FORMS.refuse_when_full()
        request.POST  # noqa: B018 read before a turn is taken: a slow phone must not hold one
        with admission.FORMS.place():
            given, as_report = _submit(request, token)
    except Refused as refusal:
        return _refused(request, token, refusal)
    taking_in.queue(now=clock.now())
    response = _taken(request, given, as_report)
    if not given.repeated:  # the same form again is no second proof, from whichever phone it comes
        senders.remember_taken(request, response, clock.now())
    return response


def _taken(request: HttpRequest, given: Given, as_report: bool) -> HttpResponse:
    if senders.wants_json(request):
        told = {"receipt": receipts.shown(given.receipt), "repeated": given.repeated}
        return JsonResponse(told | ({"as_report": True} if as_report else {}))
    context = {
        "receipt": receipts.shown(given.receipt),
        "as_report": as_report,
        "sounds": listening.sounds("receipt."),
    }
    return render(request, "public/receipt.html", context)


@csrf_exempt
@page(methods=("POST",), public=True)
def add_file(request: HttpRequest) -> HttpResponse:
    """One picture or recording of a form that was sent before, under the word of its phone."""
    try:
        admission.FORMS.refuse_when_full()
        came = bool(request.FILES)  # read before a turn is taken, as a form is
        with admission.FORMS.place():
            return _kept(request, came)
    except Refused as refusal:
        return senders.refusal_as_json(refusal)


def _kept(request: HttpRequest, came: bool) -> JsonResponse:
    submission = submission_of(request.POST.get("key", ""))
    kind = request.POST.get("kind", "")
    sent = receiving.sent(request, "file", adding.DOORS.get(kind, doors.PHOTO)) if came else None
    if submission is None or sent is None or senders.from_elsewhere(request):
        raise Refused("没有找到这份表，照片和录音没有收下。", field="file")
    prepared = adding.prepare(kind, sent.data)
    kept = adding.add(submission, prepared, key=request.POST.get("file_key", ""), now=clock.now())
    return JsonResponse({"name": kept.name})


def _submit(request: HttpRequest, token: str) -> tuple[Given, bool]:
    """The receipt, and whether a complaint without name and telephone was taken as a report."""
    if request.POST.get("website"):  # hidden from people; the page comes back without it
        raise Refused("这一份没有提交成功，请再点一次“提交”。")
    code = code_behind(token)
    prepared = _files(request)
    told = _told(request, code is not None, [one.kind for _, one in prepared])
    given = submit(
        told,
        key=request.POST.get("key", ""),
        code=code,
        sender=senders.sender_of(request, clock.now()),
        now=clock.now(),
        with_files=_adder(prepared) if prepared else None,
    )
    return given, unnamed(told)


def _adder(prepared: list[tuple[str, adding.Prepared]]) -> Any:
    def add(submission: Submission) -> None:
        for key, one in prepared:
            adding.add(submission, one, key=key, now=submission.received_at)

    return add


def _files(request: HttpRequest) -> list[tuple[str, adding.Prepared]]:
    """Without a script all files come with the form."""
    adding.check_number(
        [kind for name, kind in _KINDS.items() for _ in range(receiving.number_of(request, name))]
    )
    prepared = [
        adding.prepare(kind, one.data)
        for name, kind in _KINDS.items()
        for one in receiving.sent_many(request, name, adding.DOORS[kind])
    ]
    return [(f"with-form-{place}", one) for place, one in enumerate(prepared)]


def _told(request: HttpRequest, placed: bool, kinds: list[str]) -> FormTold:
    post = request.POST
    return FormTold(
        kind=post.get("kind", ""),
        region="" if placed else senders.known_region(post.get("region", "")),
        helped=post.get("helped") == "yes",
        spoken=SubmissionFile.Kind.SOUND in kinds or post.get("voice_follows") == "yes",
        pictured=SubmissionFile.Kind.PICTURE in kinds or post.get("photos_follow") == "yes",
        trade=post.get("trade", ""),
        **{name: post.get(name, "") for name in LONGEST},
    )


def _form(request: HttpRequest, token: str, refusal: Refused | None = None) -> HttpResponse:
    found = codes.resolve(token) if token else None
    typed = request.POST if request.method == "POST" else {}
    phone, taken = senders.mark_of(request)
    phone = phone or secrets.token_urlsafe(12)
    context = {
        "site": found if found and found.current else None,
        "unknown": bool(token) and (found is None or not found.current),
        "regions": counties() if found is None else [],
        # where a replaced code hangs now, nobody knows
        "ask_site": found is None or not found.current,
        "token": token if found else "",
        "trades": TRADES.items(),
        "longest": LONGEST,
        "key": _key(request, refusal),
        "opened": senders.opened(phone, clock.now()),
        "most_pictures": adding.PICTURES_AT_MOST,
        "typed": typed,
        "refusal": refusal,
        "refused_field": refusal.field if refusal else "",
        "lost_files": bool(refusal and request.FILES),
        "sounds": listening.sounds("form.", "receipt."),
    }
    status = 200 if refusal is None else (senders.too_many(refusal) if isinstance(refusal, TooMany) else 422)
    response = render(request, "public/form.html", context, status=status)
    response["Permissions-Policy"] = _MAY_RECORD
    if isinstance(refusal, TooMany):
        response["Retry-After"] = str(refusal.seconds)
    senders.remember(response, phone, taken)
    return response


def _key(request: HttpRequest, refusal: Refused | None) -> str:
    """A form that comes back keeps its word; only one that was sent already with other words gets a new one."""
    if request.method == "POST" and not isinstance(refusal, OtherWords):
        return request.POST.get("key", "")[:80] or secrets.token_urlsafe(24)
    return secrets.token_urlsafe(24)


def _refused(request: HttpRequest, token: str, refusal: Refused) -> HttpResponse:
    step = None
    if isinstance(refusal, OneMoreStep):
        step = second_step.ask(request.POST.get("key", ""), clock.now())
    if senders.wants_json(request):
        return senders.refusal_as_json(refusal, step)
    if isinstance(refusal, OneMoreStep) and step is not None:
        return senders.step_page(request, refusal, _GOES_AGAIN, step)
    if isinstance(refusal, Busy):
        return senders.busy_page(request, refusal, _GOES_AGAIN)
    if isinstance(refusal, AlreadyTold):
        return render(request, "public/already.html", {"sentence": refusal.sentence})
    return _form(request, token, refusal)
