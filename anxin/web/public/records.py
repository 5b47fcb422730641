"""签名 on one's own telephone, of a hearing's record or of another paper that is signed in turn: the code on the desk's screen
opens one paper for one signer, on the first telephone that opens it, for an hour. Opening is a press of a button and is journalled; the signature takes a code to the known number."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.evidence.sealing import Sealed, plain
from anxin.kernel.masking import mask_name, mask_phone
from anxin.kernel.refusal import Refused
from anxin.letters.turns import LINK_HOLDS, Turns, find
from anxin.notices.channels.base import NotDelivered
from anxin.notices.codes import code_channel
from anxin.web import clock
from anxin.web.context import demo_data_loaded
from anxin.web.own_phone import phone_way
from anxin.web.policy import page
from anxin.web.visitor import device_words
from anxin.workforce.signin import VALID


@page(methods=("GET", "POST"), public=True)
def record(request: HttpRequest, token: str) -> HttpResponse:
    """One address, one question at a time: open, read to the end, then the code and the yes."""
    found = find(token, clock.now())
    if found is None:
        return _kept(render(request, "public/record_gone.html", status=404))
    turns, link = found
    mine = turns.is_device(link, request.COOKIES.get(_cookie(turns, link), ""))
    word = request.POST.get("word", "") if request.method == "POST" else ""
    if not mine:
        return _kept(_open(request, turns, link) if word == "open" else _first(request, turns, link))
    if word == "read":
        turns.read_to_end(link.signer, now=clock.now())
        return _kept(redirect("public:record", token=token))
    if link.signer.read_at is None or word == "again":
        return _kept(_text(request, turns, link))
    return _kept(_sign(request, turns, link, word))


def _about(turns: Turns, link: Any) -> dict[str, Any]:
    """What every page of one signature names."""
    paper = turns.paper(link.signer)
    return {
        "title": turns.title(paper),
        "noun": paper.noun,
        "desk": turns.desk,
        "matter": turns.matter(paper),
    }


def _first(request: HttpRequest, turns: Turns, link: Any, refusal: str = "") -> HttpResponse:
    """Which paper it is and for whom; the name is masked, and nothing of the paper is told yet."""
    context = {
        **_about(turns, link),
        "link": link,
        "name": mask_name(plain(link.signer.name)),
        "taken": bool(link.device_hash),
        "refusal": refusal,
    }
    return render(request, "public/record.html", context, status=409 if link.device_hash else 200)


def _open(request: HttpRequest, turns: Turns, link: Any) -> HttpResponse:
    try:
        secret = turns.claim(link, now=clock.now())
    except Refused as refusal:
        return _first(request, turns, link, refusal.sentence)
    response = redirect(request.path)
    response.set_cookie(
        _cookie(turns, link), secret, max_age=LINK_HOLDS.seconds, path=request.path, httponly=True, samesite="Lax",
        secure=request.is_secure(),
    )  # fmt: skip
    return response


def _text(request: HttpRequest, turns: Turns, link: Any) -> HttpResponse:
    """The whole text; below its end the signer says that it was read."""
    words = turns.words(link.signer)
    return render(request, "public/record_text.html", {**_about(turns, link), "words": words})


def _sign(request: HttpRequest, turns: Turns, link: Any, word: str) -> HttpResponse:
    """The code to the known telephone and the yes; or what is wrong with the paper."""
    signer, shown, refusal, asked, said = link.signer, "", "", word == "sign", ""
    try:
        if word == "code":
            shown, asked = _send(turns, link), True
        elif word == "wrong":
            turns.object_to(signer, words=request.POST.get("words", ""), now=clock.now())
            said = f"已告诉{turns.desk}。不予补正的，您的申请会记下来附卷。"
        elif word == "sign":
            turns.sign_with_code(
                link, code=request.POST.get("code", ""), consent=request.POST.get("consent") == "yes",
                device=device_words(request), now=clock.now(),
            )  # fmt: skip
            response = render(request, "public/record_signed.html", _about(turns, link))
            response.delete_cookie(_cookie(turns, link), path=request.path)
            return response
    except Refused as refused:
        refusal = refused.sentence
    except NotDelivered:
        refusal, asked = f"短信暂时发不出去，请稍后再试，或者在{turns.desk}处用平板签。", False
    context = {
        **_about(turns, link),
        "asked": asked,
        "shown": shown,
        "said": said,
        "refusal": refusal,
        "phone": mask_phone(signer.phone.open()) if isinstance(signer.phone, Sealed) else "",
        "minutes": VALID.seconds // 60,
        "consent": request.POST.get("consent") == "yes",
        "way": phone_way(),
        "words": request.POST.get("words", "") if refusal else "",
    }
    return render(request, "public/record_sign.html", context, status=422 if refusal else 200)


def _send(turns: Turns, link: Any) -> str:
    channel = code_channel(invented_people=demo_data_loaded())
    if channel is None:
        raise Refused(f"本市还没有开通手机验证码。请带身份证到{turns.desk}处，用平板当面签。")
    asked = turns.ask_code(link.signer, now=clock.now())
    return channel.send(phone=asked.phone, code=asked.code, minutes=VALID.seconds // 60, now=clock.now())


def _cookie(turns: Turns, link: Any) -> str:
    return f"anxin-{turns.prefix}-{link.pk}"


def _kept(response: HttpResponse) -> HttpResponse:
    """Nobody on the way keeps it, and the link is told to no other page."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    return response
