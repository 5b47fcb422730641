"""Who sends, as far as a page for strangers knows: the address, and a random mark of the phone that opened the form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from anxin.channels.limits import Sender
from anxin.channels.refusing import AlreadyTold, Busy, OtherWords, TooMany
from anxin.kernel.refusal import Refused
from anxin.registry.models import Region
from anxin.web.visitor import address_of

_COOKIE, _SALT = "anxin-phone", "public-form"
_KEPT = dt.timedelta(days=365)


def opened(phone: str, now: dt.datetime) -> str:
    """What the form carries back: which phone opened it, and when."""
    return signing.dumps([phone, int(now.timestamp())], salt=_SALT)


def sender_of(request: HttpRequest) -> Sender:
    """The sender of a form; one that never opened the page has no mark."""
    address = address_of(request)
    try:
        phone, moment = signing.loads(request.POST.get("opened", ""), salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return Sender(address)
    # The cookie is the same for every form that this phone opens; without it each opening counts for itself.
    return Sender(address, phone_of(request) or str(phone), dt.datetime.fromtimestamp(moment, dt.UTC))


def phone_of(request: HttpRequest) -> str:
    """The random mark of this phone, where it keeps cookies."""
    return str(request.get_signed_cookie(_COOKIE, default="", salt=_SALT))


def remember(response: HttpResponse, phone: str) -> None:
    response.set_signed_cookie(_COOKIE, phone, salt=_SALT, max_age=_KEPT, httponly=True, samesite="Lax")


def from_elsewhere(request: HttpRequest) -> bool:
    """Whether another site's page sends this, as newer browsers tell."""
    return request.headers.get("Sec-Fetch-Site", "") == "cross-site"


def wants_json(request: HttpRequest) -> bool:
    """Whether the page's script asks, which shows the answer itself."""
    return request.headers.get("Accept", "") == "application/json"


def known_region(code: str) -> str:
    """The code of a registered place, else nothing."""
    known = code.isalnum() and len(code) <= 12 and Region.objects.filter(pk=code).exists()
    return code if known else ""


def too_many(refusal: TooMany) -> int:
    """The status: 503 where the office is busy, 429 where this sender has come too often."""
    return 503 if isinstance(refusal, Busy) else 429


def busy_page(request: HttpRequest, refusal: Busy, goes_again: Sequence[str]) -> HttpResponse:
    """For a phone without the script: what was typed goes along hidden, and one button sends it again. Asks for nothing."""
    typed = [(name, request.POST[name]) for name in goes_again if request.POST.get(name)]
    context = {"sentence": refusal.sentence, "typed": typed, "lost_files": bool(request.FILES)}
    response = render(request, "public/busy.html", context, status=too_many(refusal))
    response["Retry-After"] = str(refusal.seconds)
    return response


def refusal_as_json(refusal: Refused) -> JsonResponse:
    """A refusal for the script: what to show, at which field, and whether to try again by itself."""
    told = {"refusal": refusal.sentence, "field": refusal.field or ""}
    if isinstance(refusal, TooMany):
        response = JsonResponse(told | {"seconds": refusal.seconds}, status=too_many(refusal))
        response["Retry-After"] = str(refusal.seconds)
        return response
    if isinstance(refusal, AlreadyTold):
        return JsonResponse(told | {"already": True}, status=409)
    return JsonResponse(told | {"other": isinstance(refusal, OtherWords)}, status=422)
