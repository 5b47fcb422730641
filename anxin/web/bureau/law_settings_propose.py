"""法规与期限 · proposing a local value, and that a recorded value was held against its paper."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.kernel.refusal import Refused
from anxin.law import Law, LawError, Value
from anxin.law.parameters import Parameter
from anxin.law.words import value_words
from anxin.local_law import access as law_access
from anxin.local_law import overlay, queries, services, shapes
from anxin.local_law.wording import CONFIDENCE_WORDS, KIND_WORDS
from anxin.registry.access import regions_within
from anxin.registry.models import Region
from anxin.web import clock
from anxin.web.bureau.law_settings_forms import CheckForm, ValueForm
from anxin.web.policy import page, user_of

_FOUND = 40
#: suggestions under the region field
_REGIONS = 500


@page(access.LAW, methods=("GET", "POST"))
def new_value(request: HttpRequest) -> HttpResponse:
    """First the parameter is looked for; then its form, with what the files hold beside it."""
    law, user = queries.current(), user_of(request)
    key = request.GET.get("key", "")
    if key not in law.keys():  # noqa: SIM118
        return _search(request, law)
    parameter = law.parameter(key)
    region = request.GET.get("region", "") or _own_region(user)
    examples = shapes.examples(law, key)
    base, holds_here = _base(law, parameter, region, examples, request.GET.get("as", ""))
    form = ValueForm(
        request.POST or None,
        parameter=parameter,
        base=base,
        examples=examples,
        prefilled=holds_here,
        initial={"region": region},
    )
    if request.method == "POST" and form.is_valid() and (done := _propose(request, form, parameter)):
        return done
    context = {
        "tab": "values",
        "form": form,
        "parameter": parameter,
        "kind": KIND_WORDS[parameter.kind],
        "beside": _beside(law, parameter, region),
        "other_shape": _other_shape(base, examples),
        "regions": regions_within(user, access.LAW)[:_REGIONS],
        "waiting": queries.waiting(),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "bureau/law_settings_value_new.html", context, status=status)


def _search(request: HttpRequest, law: Law) -> HttpResponse:
    text = request.GET.get("text", "")
    keys = queries.matching_keys(text) if text.strip() else []
    today = clock.today()
    region = _own_region(user_of(request))
    rows = [(law.parameter(key), said_value(law, key, today, region)) for key in keys[:_FOUND]]
    context = {
        "tab": "values",
        "text": text,
        "rows": rows,
        "more": max(len(keys) - _FOUND, 0),
        "waiting": queries.waiting(),
    }
    return render(request, "bureau/law_settings_search.html", context)


def said_value(law: Law, key: str, on: dt.date, region: str) -> str:
    """The value in force in words, or why there is none."""
    try:
        value = law.value(key, on, region)
    except LawError as problem:
        return str(problem)
    return value_words(value.value, value.unit)


def _propose(request: HttpRequest, form: ValueForm, parameter: Parameter) -> HttpResponse | None:
    user, values = user_of(request), form.arguments()
    region = Region.objects.filter(code=values["region"]).first()
    try:
        if region is None:
            raise Refused("没有这个地区代码，请从列表中选择。", field="region")
        if not law_access.may_set(user, region.code):
            raise Refused("您只能为自己管辖范围内的地区提出数值，请核对地区代码。", field="region")
        record = services.propose_value(
            key=parameter.key, region_name=region.name, actor=access.actor(user), now=clock.now(), **values
        )
    except Refused as refusal:
        form.refuse(str(refusal), refusal.field)
        return None
    messages.success(request, "已提出，等另一位有权限的同事确认后生效。")
    return redirect("law-settings-record", sort="values", pk=record.pk)


@page(access.LAW, methods=("GET", "POST"))
def new_check(request: HttpRequest) -> HttpResponse:
    """Propose that one recorded value (``key``, ``region``, ``from``, ``case`` in the address) agrees with its paper."""
    user = user_of(request)
    value = _asked_value(request)
    if not law_access.may_vouch(user, value.region):
        raise PermissionDenied
    form = CheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            record = services.propose_confirmation(
                key=value.key,
                region=value.region,
                value_from=value.from_,
                only_for=value.only_for,
                actor=access.actor(user),
                now=clock.now(),
                **form.cleaned_data,
            )
        except Refused as refusal:
            form.refuse(str(refusal), refusal.field)
        else:
            messages.success(request, "已记录，等另一位有权限的同事确认后生效。")
            return redirect("law-settings-record", sort="checks", pk=record.pk)
    context = {
        "tab": "to-confirm",
        "form": form,
        "value": value,
        "words": value_words(value.value, value.unit),
        "confidence": CONFIDENCE_WORDS.get(value.confidence, value.confidence),
        "kind": KIND_WORDS[value.kind],
        "waiting": queries.waiting(),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "bureau/law_settings_check_new.html", context, status=status)


def _asked_value(request: HttpRequest) -> Value:
    law = overlay.shipped()
    asked = {name: request.GET.get(name, "") for name in ("key", "region", "from", "case")}
    try:
        wanted = (asked["region"], dt.date.fromisoformat(asked["from"]), asked["case"])
        found = law.timeline(asked["key"])
    except ValueError as problem:  # a malformed day, or an unknown key
        raise Http404 from problem
    for value in found:
        if (value.region, value.from_, value.only_for) == wanted:
            return value
    raise Http404


def _beside(law: Law, parameter: Parameter, region: str) -> list[tuple[str, Value, str, str]]:
    """What is recorded for the nation and for the places the region lies in."""
    return [
        (
            value.region_name or value.region or "全国",
            value,
            value_words(value.value, value.unit),
            CONFIDENCE_WORDS.get(value.confidence, value.confidence),
        )
        for value in law.timeline(parameter.key)
        if region.startswith(value.region)
    ]


def _base(law: Law, parameter: Parameter, region: str, examples: list[Any], shape: str) -> tuple[Any, bool]:
    """The value whose structure the form takes, and whether it is what holds in the region.

    Another place's value only lends its structure: its numbers must not be taken over by mistake.
    """
    plain = next((one for one in examples if _plain(one)), None)
    if shape == "number":
        return plain, False
    if shape == "parts":
        return next((one for one in examples if not _plain(one)), plain), False
    try:
        value = law.value(parameter.key, clock.today(), region)
    except LawError:
        return (examples[0] if examples else None), False
    # The nation gives a range, within which a place sets one number.
    if not value.region and _is_range(value.value) and plain is not None:
        return plain, False
    return value.value, True


def _other_shape(base: Any, examples: list[Any]) -> tuple[str, str] | None:
    """The other way the value may be written, where both occur: (``as``, words for the link)."""
    if _plain(base) and any(not _plain(one) for one in examples):
        return "parts", "改为分项填写"
    if not _plain(base) and any(_plain(one) or _is_range(one) for one in examples):
        return "number", "改为填一个数"
    return None


def _plain(value: Any) -> bool:
    return not isinstance(value, dict | list)


def _is_range(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and set(value) <= {"min", "max"}


def _own_region(user: User) -> str:
    """The region suggested at first: one's own, or the first city where it is all."""
    own = law_access.own_regions(user)
    if own and own[0]:
        return own[0]
    cities = Region.objects.filter(code__regex=r"^\d{4}$").order_by("code").values_list("code", flat=True)
    return cities.first() or ""
