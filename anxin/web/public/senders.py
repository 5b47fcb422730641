"""Who sends, as far as a page for strangers knows: the address, and a random mark of the phone that opened the form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict

from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from anxin.channels import limits
from anxin.channels.limits import Sender
from anxin.channels.refusing import AlreadyTold, Busy, OneMoreStep, OtherWords, TooMany
from anxin.kernel.refusal import Refused
from anxin.registry.models import Region
from anxin.web.public import second_step
from anxin.web.public.second_step import Step
from anxin.web.visitor import address_of

_COOKIE, _SALT = "anxin-phone", "public-form"
_KEPT = dt.timedelta(days=365)
#: between the mark and the moment; never in a mark
_SINCE = "|"


def opened(phone: str, now: dt.datetime) -> str:
    """What the form carries back: which phone opened it, and when."""
    return signing.dumps([phone, int(now.timestamp())], salt=_SALT)


def sender_of(request: HttpRequest, now: dt.datetime) -> Sender:
    """The sender of a form; one that never opened the page has no mark."""
    address = address_of(request)
    try:
        phone, moment = signing.loads(request.POST.get("opened", ""), salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return Sender(address)
    # The cookie is the same for every form that this phone opens; without it each opening counts for itself, and all of
    # these at one address together for a part of what the address has.
    # A cookie can be had fresh for every form as well: only one of which a form was taken a while ago makes a phone known.
    kept, taken = mark_of(request)
    known = taken is not None and now - taken >= limits.KNOWN_AFTER
    return Sender(
        address, kept or str(phone), dt.datetime.fromtimestamp(moment, dt.UTC), forgetful=not kept,
        fresh=bool(kept) and not known, stepped=not known and second_step.done(request.POST, now),
    )  # fmt: skip


def mark_of(request: HttpRequest) -> tuple[str, dt.datetime | None]:
    """The random mark of this phone, where it keeps cookies, and since when a form of it has been taken."""
    said = str(request.get_signed_cookie(_COOKIE, default="", salt=_SALT))
    phone, _, taken = said.partition(_SINCE)
    return phone, dt.datetime.fromtimestamp(int(taken), dt.UTC) if taken.isdecimal() else None


def remember(response: HttpResponse, phone: str, taken: dt.datetime | None = None) -> None:
    """Leave the mark with the phone, and since when a form of it has been taken; signed, so that nobody writes it themselves."""
    said = f"{phone}{_SINCE}{int(taken.timestamp())}" if taken is not None else phone
    response.set_signed_cookie(_COOKIE, said, salt=_SALT, max_age=_KEPT, httponly=True, samesite="Lax")


def remember_taken(request: HttpRequest, response: HttpResponse, now: dt.datetime) -> None:
    """A form of this phone was taken; the first time counts. A phone without a cookie gets none by it."""
    phone, taken = mark_of(request)
    if phone:
        remember(response, phone, taken or now)


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
    return _again_page(request, "public/busy.html", refusal, goes_again)


def step_page(
    request: HttpRequest, refusal: OneMoreStep, goes_again: Sequence[str], step: Step
) -> HttpResponse:
    """The same with the second step: the button pressed goes along as the answer."""
    return _again_page(request, "public/step.html", refusal, goes_again, step=step)


def _again_page(
    request: HttpRequest, template: str, refusal: TooMany, goes_again: Sequence[str], **more: object
) -> HttpResponse:
    typed = [(name, request.POST[name]) for name in goes_again if request.POST.get(name)]
    context = {"sentence": refusal.sentence, "typed": typed, "lost_files": bool(request.FILES), **more}
    response = render(request, template, context, status=too_many(refusal))
    response["Retry-After"] = str(refusal.seconds)
    return response


def refusal_as_json(refusal: Refused, step: Step | None = None) -> JsonResponse:
    """A refusal for the script: what to show, at which field, and whether to try again by itself or ask for one step more."""
    told: dict[str, object] = {"refusal": refusal.sentence, "field": refusal.field or ""}
    if step is not None:
        told["step"] = asdict(step)
    if isinstance(refusal, TooMany):
        response = JsonResponse(told | {"seconds": refusal.seconds}, status=too_many(refusal))
        response["Retry-After"] = str(refusal.seconds)
        return response
    if isinstance(refusal, AlreadyTold):
        return JsonResponse(told | {"already": True}, status=409)
    return JsonResponse(told | {"other": isinstance(refusal, OtherWords)}, status=422)
