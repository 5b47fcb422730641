"""法规与期限 · 本地数值与确认: what is to be confirmed, what this bureau has recorded, and the second person's yes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.refusal import Refused
from anxin.law.checklist import REASONS, CheckItem, checklist
from anxin.law.words import brief_words, value_words
from anxin.local_law import access as law_access
from anxin.local_law import overlay, queries, services
from anxin.local_law.models import CalendarYear, Confirmation, LocalValue, State, TwoPersonRecord
from anxin.local_law.wording import CONFIDENCE_WORDS
from anxin.registry.access import regions_within
from anxin.registry.models import Region
from anxin.web import clock, lists
from anxin.web.bureau import law_settings_calendar as calendar_page
from anxin.web.bureau.law_settings_told import told_of
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

PAGE = 50
EXPORT_LIMIT = 20_000
MODELS: dict[str, type[TwoPersonRecord]] = {
    "values": LocalValue,
    "checks": Confirmation,
    "calendars": CalendarYear,
}
TITLES = {"values": "本地数值", "checks": "核对记录", "calendars": "工作日历"}
_REASON_TITLES = {"unconfirmed": "待核", "stale": "满一年未核对", "missing": "待当地填写"}
_DONE = {
    "confirm": "已确认，从现在起按它计算。",
    "refuse": "已记录不同意和原因。",
    "withdraw": "已撤回。",
}


@dataclass(frozen=True)
class ToConfirm:
    """One line of the list to confirm; ``waiting`` is the open proposal about it, if any."""

    item: CheckItem
    place: str
    value: str
    confidence: str
    waiting: TwoPersonRecord | None


@page(access.VIEW, access.LAW)
def to_confirm(request: HttpRequest) -> HttpResponse:
    """What a person still has to look at, for one region: to confirm, to check again, to fill in."""
    user = user_of(request)
    region, reason, text = (
        _asked_region(request, user),
        request.GET.get("reason", ""),
        request.GET.get("text", ""),
    )
    items = _items(region)
    counts = {one: sum(item.reason == one for item in items) for one in REASONS}
    if reason in REASONS:
        items = [item for item in items if item.reason == reason]
    if text.strip():
        keys = set(queries.matching_keys(text))
        items = [item for item in items if item.key in keys]
    start = lists.whole_number(request.GET.get("after")) or 0
    shown = _lines(items[start : start + PAGE])
    context = {
        "tab": "to-confirm",
        "rows": shown,
        "reasons": [
            (name, _REASON_TITLES[name], counts[name], words.removeprefix("待核："))
            for name, words in REASONS.items()
        ],
        "reason": reason,
        "text": text,
        "region": region,
        "regions": region_choices(user),
        "next_key": start + PAGE if len(items) > start + PAGE else None,
        "shown": len(shown),
        "waiting": queries.waiting(),
        "may_propose": access.may(user, access.LAW),
    }
    return render(request, "bureau/law_settings_to_confirm.html", context)


@page(access.VIEW, access.LAW)
def listing(request: HttpRequest, sort: str) -> HttpResponse:
    """The records of one sort: values or confirmations."""
    if sort not in ("values", "checks"):
        raise Http404
    user, filters = user_of(request), _filters(request)
    after = lists.whole_number(request.GET.get("after"))
    found = queries.page_of(_rows(sort, filters), after=after, limit=PAGE)
    context = {
        "tab": sort,
        "sort": sort,
        "title": TITLES[sort],
        "records": told_of(found.items),
        "next_key": found.next_after,
        "shown": len(found.items),
        "filters": filters,
        "states": State.choices,
        "waiting": queries.waiting(),
        "may_propose": access.may(user, access.LAW),
    }
    return render(request, "bureau/law_settings_records.html", context)


@page(access.VIEW, access.LAW)
def record(request: HttpRequest, sort: str, pk: int) -> HttpResponse:
    """One record with its history, and what this person may do with it."""
    return _record_page(request, find(sort, pk), sort)


@page(access.LAW, methods=("POST",))
def act(request: HttpRequest, sort: str, pk: int, action: str) -> HttpResponse:
    """Confirm, refuse or withdraw. What the service refuses stands on the page."""
    user, one = user_of(request), find(sort, pk)
    if action not in _DONE:
        raise Http404
    if action not in allowed_actions(user, one):
        if one.is_open and one.proposed_by == access.actor(user).key:
            refusal = "这一条是您自己提出的，须由另一位有权限的同事确认。"
            return _record_page(request, one, sort, refusal=refusal)
        raise PermissionDenied
    by: dict[str, Any] = {"actor": access.actor(user), "now": clock.now()}
    try:
        if action == "confirm":
            services.confirm(one, doubts_settled=request.POST.get("doubts_settled") == "on", **by)
        else:
            decide = services.refuse if action == "refuse" else services.withdraw
            decide(one, reason=request.POST.get("reason", ""), **by)
    except Refused as refusal:
        return _record_page(request, find(sort, pk), sort, refusal=str(refusal))
    messages.success(request, _DONE[action])
    return redirect("law-settings-record", sort=sort, pk=pk)


def _record_page(request: HttpRequest, one: TwoPersonRecord, sort: str, *, refusal: str = "") -> HttpResponse:
    user = user_of(request)
    context: dict[str, Any] = {
        "tab": sort,
        "sort": sort,
        "title": TITLES[sort],
        "record": one,
        "told": told_of([one])[0],
        "actions": allowed_actions(user, one),
        "own": one.is_open and one.proposed_by == access.actor(user).key,
        "refusal": refusal,
        "typed": request.POST.get("reason", ""),
        "waiting": queries.waiting(),
    }
    if isinstance(one, CalendarYear):
        context |= calendar_page.preview(one)
    else:
        context |= _beside(one)
    name = "calendar" if isinstance(one, CalendarYear) else "record"
    return render(request, f"bureau/law_settings_{name}.html", context, status=422 if refusal else 200)


def find(sort: str, pk: int) -> Any:
    """A record of one sort, or 404."""
    model = MODELS.get(sort)
    return or_404(model._default_manager.filter(pk=pk).first() if model else None)


def allowed_actions(user: User, one: TwoPersonRecord) -> set[str]:
    """Which of confirm, refuse and withdraw this person may press."""
    own = one.proposed_by == access.actor(user).key
    if one.is_open:
        if own:
            return {"withdraw"}
        return {"confirm", "refuse"} if may_decide(user, one) else set()
    return {"withdraw"} if one.is_in_force and may_decide(user, one) else set()


def may_decide(user: User, one: TwoPersonRecord) -> bool:
    """Whether this person may be the second one for this record."""
    if isinstance(one, LocalValue):
        return law_access.may_decide(user, one.region)
    region = one.region if isinstance(one, Confirmation) else ""
    return law_access.may_decide_vouching(user, region)


def _beside(one: Any) -> dict[str, Any]:
    """What stands in the files for the same question, and the earlier records about it."""
    law = overlay.shipped()
    known = one.key in law.keys()  # noqa: SIM118
    beside = [
        (value.region_name or value.region or "全国", value, value_words(value.value, value.unit))
        for value in (law.timeline(one.key) if known else [])
        if one.region.startswith(value.region)
    ]
    history = type(one)._default_manager.filter(key=one.key, region=one.region).exclude(pk=one.pk)
    orphan = isinstance(one, Confirmation) and not overlay.covers(one, law)
    return {
        "known": known and not orphan,
        "parameter": law.parameter(one.key) if known else None,
        "beside": beside,
        "history": told_of(history.order_by("-pk")[:20]),
    }


def _filters(request: HttpRequest) -> dict[str, str]:
    asked = {name: request.GET.get(name, "") for name in ("state", "text", "key")}
    return asked | {"state": asked["state"] if asked["state"] in State.values else ""}


def _rows(sort: str, filters: dict[str, str]) -> QuerySet[Any]:
    wanted = queries.local_values if sort == "values" else queries.confirmations
    return wanted(**filters)


def _items(region: str) -> list[CheckItem]:
    return checklist(queries.current(), clock.today(), region)


def _lines(items: Sequence[CheckItem]) -> list[ToConfirm]:
    """With the value and the open proposal about each; a few queries for all."""
    law, keys = queries.current(), {item.key for item in items}
    values = {
        (value.key, value.region, value.from_): brief_words(value.value, value.unit)
        for key in keys
        for value in law.timeline(key)
    }
    open_checks = {
        (one.key, one.region, one.value_from): one
        for one in Confirmation.objects.filter(state=State.PROPOSED, key__in=keys)
    }
    open_values = {one.key: one for one in LocalValue.objects.filter(state=State.PROPOSED, key__in=keys)}
    names = dict(Region.objects.filter(code__in={item.region for item in items}).values_list("code", "name"))
    lines = []
    for item in items:
        at = (item.key, item.region, item.from_ or dt.date.min)
        waiting = open_values.get(item.key) if item.from_ is None else open_checks.get(at)
        place = item.region_name or names.get(item.region) or item.region or "全国"
        confidence = "" if item.from_ is None else CONFIDENCE_WORDS.get(item.confidence, item.confidence)
        lines.append(ToConfirm(item, place, values.get(at, "由地方规定"), confidence, waiting))
    return lines


def region_choices(user: User) -> list[tuple[str, str]]:
    """Cities and counties whose law this person may want to see, by code."""
    permission = access.LAW if access.may(user, access.LAW) else access.VIEW
    found = regions_within(user, permission).values_list("code", "name")
    return [(code, f"{name}（{code}）") for code, name in found if len(code) <= 6]


def _asked_region(request: HttpRequest, user: User) -> str:
    """The region in the address where it exists, else one's own: the shortest code there is."""
    asked = request.GET.get("region")
    known = [code for code, _ in region_choices(user)]
    if asked is not None and (asked == "" or asked in known):
        return asked
    cities = [code for code in known if len(code) >= 4] or known
    return min(cities, key=lambda code: (len(code), code), default="")


@page(access.VIEW, access.LAW)
def export(request: HttpRequest, what: str) -> HttpResponse:
    """The lists as workbooks."""
    user, today = user_of(request), clock.today()
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today}"
    if what == "to-confirm":
        title, columns, rows = _to_confirm_sheet(_asked_region(request, user))
    elif what in ("values", "checks"):
        title, columns, rows = _records_sheet(what, _filters(request))
    else:
        raise Http404
    return lists.workbook_response(table_workbook(title, subtitle, columns, rows), title, today)


Sheet = tuple[str, tuple[Column, ...], list[list[Any]]]


def _to_confirm_sheet(region: str) -> Sheet:
    columns = (
        Column("事由", "text", 14),
        Column("名称", "text", 36),
        Column("键名", "text", 36),
        Column("地区", "text", 16),
        Column("生效日", "date"),
        Column("数值", "text", 40),
        Column("核对情况", "text", 20),
        Column("上次核对", "date"),
        Column("说明", "text", 50),
    )
    rows = [
        [
            _REASON_TITLES[line.item.reason],
            line.item.name,
            line.item.key,
            line.place,
            line.item.from_,
            line.value,
            line.confidence,
            line.item.checked_on,
            line.item.note,
        ]
        for line in _lines(_items(region))
    ]
    return "法规数值待核清单", columns, rows


def _records_sheet(sort: str, filters: dict[str, str]) -> Sheet:
    columns = (
        Column("编号", "number", 8),
        Column("名称", "text", 36),
        Column("键名", "text", 36),
        Column("地区", "text", 20),
        Column("生效日", "date"),
        Column("截止日", "date"),
        Column("数值", "text", 40),
        Column("计算规则", "text", 30),
        Column("依据", "text", 50),
        Column("状态", "text", 10),
        Column("提出人", "text", 12),
        Column("提出时间", "time", 18),
        Column("确认人", "text", 12),
        Column("确认时间", "time", 18),
        Column("结束原因", "text", 30),
    )
    rows = []
    for told in told_of(_rows(sort, filters)[:EXPORT_LIMIT]):
        one = told.record
        rows.append(
            [
                one.pk,
                told.name,
                one.key,
                told.place,
                getattr(one, "valid_from", None) or getattr(one, "value_from", None),
                getattr(one, "valid_until", None),
                told.value,
                told.counting,
                told.paper,
                one.get_state_display(),
                one.proposed_by_name,
                clock.local(one.proposed_at),
                one.confirmed_by_name,
                clock.local(one.confirmed_at) if one.confirmed_at else None,
                one.ended_reason,
            ]
        )
    return f"{TITLES[sort]}清单", columns, rows
