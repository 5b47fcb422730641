"""A worker signs in, one question a screen: which site, which name, last digits of the ID number, the code."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.contracts.access import worker_contracts
from anxin.kernel.refusal import Refused
from anxin.notices.channels.base import NotDelivered
from anxin.notices.codes import code_channel
from anxin.web import clock
from anxin.web.context import demo_data_loaded
from anxin.web.policy import page
from anxin.web.worker.policy import enter, leave, worker_of
from anxin.web.worker.signing import NEXT
from anxin.workforce import signin
from anxin.workforce.site_codes import find_site

#: what has been answered so far: ``site`` (code), ``name``, ``token``, ``shown`` (demonstration only)
_ANSWERS = "worker-sign-in"
_UNKNOWN_SITE = "没有这个工地码。请看工地的维权信息告示牌，工地码是6位字母和数字。"


@page(methods=("GET", "POST"), public=True)
def start(request: HttpRequest) -> HttpResponse:
    """Which site? Somebody who has signed in already goes on to their own page."""
    if request.method == "GET" and worker_of(request):
        return redirect("worker:home")
    if request.method == "GET":
        return _ask(request, "site")
    site = find_site(request.POST.get("site", ""))
    if site is None:
        return _ask(request, "site", _UNKNOWN_SITE, request.POST.get("site", ""))
    request.session[_ANSWERS] = {"site": site.code}
    return redirect("worker:sign-in-name")


@page(public=True)
def scanned(request: HttpRequest, code: str) -> HttpResponse:
    """The address in the QR code on the board: the first question is answered by it."""
    site = find_site(code)
    if site is None:
        return _ask(request, "site", _UNKNOWN_SITE, code[:12])
    request.session[_ANSWERS] = {"site": site.code}
    return redirect("worker:sign-in-name")


@page(methods=("GET", "POST"), public=True)
def name(request: HttpRequest) -> HttpResponse:
    answers = _answers(request)
    if "site" not in answers or find_site(answers["site"]) is None:
        return redirect("worker:sign-in")
    if request.method == "GET":
        return _ask(request, "name", typed=answers.get("name", ""))
    typed = request.POST.get("name", "").strip()[:60]
    if not typed:
        return _ask(request, "name", "请填写您的姓名。")
    request.session[_ANSWERS] = {**answers, "name": typed}
    return redirect("worker:sign-in-digits")


@page(methods=("GET", "POST"), public=True)
def digits(request: HttpRequest) -> HttpResponse:
    """The last digits; then a code goes to the phone on the roster, if there is such a person."""
    answers = _answers(request)
    site = find_site(answers.get("site", ""))
    if site is None or "name" not in answers:
        return redirect("worker:sign-in")
    channel = code_channel(invented_people=demo_data_loaded())
    if request.method == "GET" or channel is None:
        closed = "本市还没有开通手机验证码。请到项目部找劳资专管员查看您的出勤和工资。"
        return _ask(request, "digits", "" if channel else closed)
    try:
        asked = signin.ask_code(
            site.project, name=answers["name"], id_tail=request.POST.get("digits", ""), now=clock.now()
        )
        minutes = signin.VALID.seconds // 60
        shown = (
            channel.send(phone=asked.phone, code=asked.code, minutes=minutes, now=clock.now())
            if asked.code
            else ""
        )
    except Refused as refusal:
        return _ask(request, "digits", refusal.sentence)
    except NotDelivered:
        return _ask(request, "digits", "短信暂时发不出去，请过几分钟再试一次。")
    request.session[_ANSWERS] = {**answers, "token": asked.token, "shown": shown}
    return redirect("worker:sign-in-code")


@page(methods=("GET", "POST"), public=True)
def code(request: HttpRequest) -> HttpResponse:
    answers = _answers(request)
    if "token" not in answers:
        return redirect("worker:sign-in")
    if request.method == "GET":
        return _ask(request, "code")
    try:
        worker, project = signin.sign_in(
            token=answers["token"], code=request.POST.get("code", ""), now=clock.now()
        )
    except Refused as refusal:
        return _ask(request, "code", refusal.sentence)
    request.session.pop(_ANSWERS, None)
    enter(request, worker, project)
    wanted = request.session.pop(NEXT, None)
    if wanted and not worker_contracts(worker).filter(pk=wanted).exists():
        return render(request, "worker/contract_other.html", {"worker": worker}, status=403)
    if wanted:
        return redirect("worker:contract", pk=wanted)
    return redirect("worker:home")


@page(methods=("POST",), public=True)
def sign_out(request: HttpRequest) -> HttpResponse:
    leave(request)
    return redirect("worker:sign-in")


def _answers(request: HttpRequest) -> dict[str, Any]:
    return dict(request.session.get(_ANSWERS, {}))


def _ask(request: HttpRequest, question: str, refusal: str = "", typed: str = "") -> HttpResponse:
    """One question with its field; a refusal stands above it, with what was typed still there."""
    answers = _answers(request)
    site = find_site(answers.get("site", "")) if question != "site" else None
    context = {
        "question": question,
        "refusal": refusal,
        "typed": typed,
        "project": site.project.name if site else "",
        "shown": answers.get("shown", "") if question == "code" else "",
        "demo": demo_data_loaded(),
        "minutes": signin.VALID.seconds // 60,
    }
    return render(request, f"worker/ask_{question}.html", context, status=422 if refusal else 200)
