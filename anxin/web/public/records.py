"""签庭审笔录 on one's own telephone: the code on the room's screen opens one record for one signer, on the first telephone
that opens it, for an hour. Opening is a press of a button and is journalled; the signature takes a code to the known number."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.arbitration import record_papers, record_signing
from anxin.arbitration.models import SigningLink
from anxin.evidence.sealing import Sealed
from anxin.kernel.masking import mask_name, mask_phone
from anxin.kernel.refusal import Refused
from anxin.mediation.sealed import plain
from anxin.notices.channels.base import NotDelivered
from anxin.notices.codes import code_channel
from anxin.web import clock
from anxin.web.context import demo_data_loaded
from anxin.web.policy import page
from anxin.web.visitor import device_words
from anxin.workforce.signin import VALID


@page(methods=("GET", "POST"), public=True)
def record(request: HttpRequest, token: str) -> HttpResponse:
    """One address, one question at a time: open, read to the end, then the code and the yes."""
    link = record_signing.link_of(token, clock.now())
    if link is None:
        return _kept(render(request, "public/record_gone.html", status=404))
    mine = record_signing.is_device(link, request.COOKIES.get(_cookie(link), ""))
    word = request.POST.get("word", "") if request.method == "POST" else ""
    if not mine:
        return _kept(_open(request, link) if word == "open" else _first(request, link))
    if word == "read":
        record_signing.read_to_end(link.signer, now=clock.now())
        return _kept(redirect("public:record", token=token))
    if link.signer.read_at is None or word == "again":
        return _kept(_text(request, link))
    return _kept(_sign(request, link, word))


def _first(request: HttpRequest, link: SigningLink, refusal: str = "") -> HttpResponse:
    """Which record it is and for whom; the name is masked, and nothing of the record is told yet."""
    context = {
        "link": link,
        "case": link.signer.record.hearing.case,
        "name": mask_name(plain(link.signer.name)),
        "taken": bool(link.device_hash),
        "refusal": refusal,
    }
    return render(request, "public/record.html", context, status=409 if link.device_hash else 200)


def _open(request: HttpRequest, link: SigningLink) -> HttpResponse:
    try:
        secret = record_signing.claim(link, now=clock.now())
    except Refused as refusal:
        return _first(request, link, refusal.sentence)
    response = redirect(request.path)
    response.set_cookie(
        _cookie(link), secret, max_age=record_signing.LINK_HOLDS.seconds, path=request.path, httponly=True, samesite="Lax",
        secure=request.is_secure(),
    )  # fmt: skip
    return response


def _text(request: HttpRequest, link: SigningLink) -> HttpResponse:
    """The whole text; below its end the signer says that it was read."""
    context = {"signer": link.signer, "words": record_papers.shown_words(link.signer.record)}
    return render(request, "public/record_text.html", context)


def _sign(request: HttpRequest, link: SigningLink, word: str) -> HttpResponse:
    """The code to the known telephone and the yes; or what is wrong with the record."""
    signer, shown, refusal, asked, said = link.signer, "", "", word == "sign", ""
    try:
        if word == "code":
            shown, asked = _send(link), True
        elif word == "wrong":
            record_signing.object_to(signer, words=request.POST.get("words", ""), now=clock.now())
            said = "已告诉书记员。不予补正的，您的申请会记下来附卷。"
        elif word == "sign":
            record_signing.sign_with_code(
                link, code=request.POST.get("code", ""), consent=request.POST.get("consent") == "yes",
                device=device_words(request), now=clock.now(),
            )  # fmt: skip
            response = render(request, "public/record_signed.html", {"case": signer.record.hearing.case})
            response.delete_cookie(_cookie(link), path=request.path)
            return response
    except Refused as refused:
        refusal = refused.sentence
    except NotDelivered:
        refusal, asked = "短信暂时发不出去，请稍后再试，或者在书记员处用平板签。", False
    context = {
        "asked": asked,
        "shown": shown,
        "said": said,
        "refusal": refusal,
        "phone": mask_phone(signer.phone.open()) if isinstance(signer.phone, Sealed) else "",
        "minutes": VALID.seconds // 60,
        "consent": request.POST.get("consent") == "yes",
        "words": request.POST.get("words", "") if refusal else "",
    }
    return render(request, "public/record_sign.html", context, status=422 if refusal else 200)


def _send(link: SigningLink) -> str:
    channel = code_channel(invented_people=demo_data_loaded())
    if channel is None:
        raise Refused("本市还没有开通手机验证码。请带身份证到书记员处，用平板当面签。")
    asked = record_signing.ask_code(link.signer, now=clock.now())
    return channel.send(phone=asked.phone, code=asked.code, minutes=VALID.seconds // 60, now=clock.now())


def _cookie(link: SigningLink) -> str:
    return f"anxin-record-{link.pk}"


def _kept(response: HttpResponse) -> HttpResponse:
    """Nobody on the way keeps it, and the link is told to no other page."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    return response
