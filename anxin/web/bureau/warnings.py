"""预警: the list, one warning, and what people do with it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.evidence import files
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.monitoring import concluding, handling, muting, slips
from anxin.monitoring.access import may_on_warning, open_actions
from anxin.monitoring.exports import warnings_workbook
from anxin.monitoring.handling import ATTACHMENTS
from anxin.monitoring.models import Level, Warning, WarningEvent
from anxin.monitoring.project_standing import UNPAID_RULES
from anxin.monitoring.queries import (
    WarningFilters,
    assignable_users,
    explain,
    history,
    section_counts,
    visible,
    visible_warning,
    warning_page,
)
from anxin.monitoring.sections import HINTS, SECTIONS
from anxin.registry.models import Organisation
from anxin.registry.queries import organisations
from anxin.typesetting.templates import template
from anxin.web import clock, lists, receiving
from anxin.web.bureau import clue_new
from anxin.web.bureau.due import duty_of
from anxin.web.bureau.shared_graph import sign_of
from anxin.web.found import or_404
from anxin.web.handing_out import handed_out
from anxin.web.lists import Column, Columns
from anxin.web.policy import page, user_of

COLUMNS = (
    Column("level", "级别"),
    Column("what", "预警事项"),
    Column("project", "项目或单位"),
    Column("people", "人数"),
    Column("amount", "金额"),
    Column("due", "处置期限"),
    Column("state", "状态"),
    Column("who", "承办"),
    Column("month", "月份", shown=False),
    Column("days", "最长逾期", shown=False),
    Column("region", "地区", shown=False),
    Column("industry", "行业", shown=False),
    Column("responsible", "主管单位", shown=False),
    Column("rule", "规则", shown=False),
    Column("opened", "发出日期", shown=False),
)
SORTS = (("level", "按级别"), ("due", "按处置期限"), ("amount", "按金额"), ("newest", "按发出日期"))
AGES = ((7, "7天以上"), (15, "15天以上"), (30, "30天以上"), (60, "60天以上"), (90, "90天以上"))
EVIDENCE_ROWS = 20
#: word in the address → kind of paper
_SLIPS = {"raised": slips.SLIP, "climbed": slips.ESCALATION}


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    user, today = user_of(request), clock.today()
    filters = WarningFilters.read(request.GET)
    numbers = section_counts(user, filters, on=today)
    filters = replace(filters, family=_family(filters, numbers))
    found = warning_page(user, filters, on=today, after=request.GET.get("after", ""))
    columns = Columns(request, "warnings", COLUMNS)
    context = {
        "filters": filters,
        "parts": [(key, title, numbers[key]) for key, title in SECTIONS.items()],
        "hint": HINTS[filters.family],
        "warnings": found.items,
        "next_key": found.next_after,
        "columns": columns,
        "today": today,
        "handles": access.may(user, access.HANDLE),
        "narrowed": _narrowed(request.GET),
        "parties": _parties() if access.may(user, access.HANDLE) else None,
        **_choices(user),
    }
    return columns.remember(render(request, "bureau/warnings.html", context))


def _family(filters: WarningFilters, numbers: dict[str, int]) -> str:
    """The part asked for, else the first that has something: the parts never stand in one list."""
    if filters.family in SECTIONS:
        return filters.family
    return next((key for key in SECTIONS if numbers[key]), next(iter(SECTIONS)))


@page(access.VIEW)
def export(request: HttpRequest) -> HttpResponse:
    """The filtered list as a workbook."""
    user, today = user_of(request), clock.today()
    data = warnings_workbook(user, WarningFilters.read(request.GET), on=today, office=lists.office_of(user))
    return lists.workbook_response(data, "欠薪预警清单", today)


@page(access.HANDLE, methods=("POST",))
def many(request: HttpRequest) -> HttpResponse:
    """One action on the picked rows: all of them or none."""
    user = user_of(request)
    asked = (lists.whole_number(value) for value in request.POST.getlist("ids"))
    ids = [one for one in asked if one is not None]
    if not ids:
        messages.error(request, "请先在列表左侧勾选预警。")
        return redirect(_back(request))
    if visible(user).filter(pk__in=ids).count() != len(set(ids)):
        raise Http404
    try:
        if request.POST.get("action") == "assign":
            parties = _chosen_parties(request)
            count = handling.assign_many(ids, user=user, now=clock.now(), **parties)
            messages.success(request, f"已交办{count}条预警。")
        else:
            count = handling.acknowledge_many(ids, user=user, now=clock.now())
            messages.success(request, f"已知悉{count}条预警。")
    except Refused as refusal:
        messages.error(request, f"{refusal}所选预警都没有改动。")
    return redirect(_back(request))


@page(access.VIEW)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _find(request, pk))


@page(access.HANDLE, access.CLEAR, methods=("POST",))
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """One step on one warning; a refusal is shown on the page with what was typed."""
    warning, user = _find(request, pk), user_of(request)
    if action not in _STEPS:
        raise Http404
    if not may_on_warning(user, access.HANDLE, warning):
        raise PermissionDenied
    try:
        _STEPS[action](request, warning.pk, user)
    except Refused as refusal:
        return _show(request, warning, refusal=str(refusal), action=action)
    messages.success(request, _DONE[action])
    return redirect("warning", pk=warning.pk)


@page(access.VIEW)
def slip(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """预警单 or 预警升级单 as a PDF, with masked names as on the page."""
    warning = _find(request, pk)
    if kind not in _SLIPS or warning.advice:
        raise Http404
    try:
        data = slips.slip(warning, _SLIPS[kind], on=clock.today(), law=local_law.current())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("warning", pk=pk)
    return handed_out(data, f"{template(_SLIPS[kind]).name}{pk}.pdf", show=True, plain="slip")


@page(access.VIEW)
def attachment(request: HttpRequest, pk: int, event: int) -> HttpResponse:
    """Download what somebody attached; never shown inside the page."""
    warning = _find(request, pk)
    found = warning.events.select_related("file").filter(pk=event, file__isnull=False).first()
    if found is None or found.file is None:
        raise Http404
    try:
        data = files.read(found.file)
    except files.FileDamaged as damage:
        messages.error(request, f"{damage}请联系系统管理员从备份恢复。")
        return redirect("warning", pk=pk)
    return handed_out(data, found.filename or found.file.name)


def _find(request: HttpRequest, pk: int) -> Warning:
    return or_404(visible_warning(user_of(request), pk))


def _show(request: HttpRequest, warning: Warning, *, refusal: str = "", action: str = "") -> HttpResponse:
    user, law = user_of(request), local_law.current()
    actions = {one.name for one in open_actions(user, warning)}
    mute = muting.current(warning)
    events: list[WarningEvent] = list(history(warning))
    rows_after = lists.whole_number(request.GET.get("rows_after")) or 0
    context: dict[str, Any] = {
        "warning": warning,
        "told": explain(warning, rows_after=rows_after, rows_limit=EVIDENCE_ROWS, events=events),
        "rows_after": rows_after,
        "events": events,
        "asked": next((e for e in reversed(events) if e.kind == WarningEvent.Kind.CLEARING_ASKED), None),
        "actions": actions,
        "waits_for_other": warning.state == Warning.State.CLEARING and warning.asked_by_id == user.pk,
        "step": _next_step(warning, user, actions),
        "may_open": may_on_warning(user, access.HANDLE, warning),
        "mute": mute,
        "mute_actions": muting.mute_actions(user, warning, mute),
        "mute_days": muting.longest(clock.today(), warning.subject.region_id or "", law),
        "duty": duty_of(warning),
        "duty_day": warning.explanation.get("due"),
        "today": clock.today(),
        "refusal": refusal,
        "refused_action": action,
        "typed": request.POST if refusal else {},
        "sign": sign_of(warning) if warning.advice else None,
        **clue_new.panel(request, warning),
    }
    if actions & {"ask_clearing", "conclude"}:
        context["conclusions"] = concluding.offered(warning, on=clock.today(), law=law)
    if "assign" in actions:
        context["parties"] = {"people": assignable_users(warning), "organisations": _bodies()}
    return render(request, "bureau/warning.html", context, status=422 if refusal else 200)


def _next_step(warning: Warning, user: User, actions: set[str]) -> str:
    """What happens next, in words, for the person who looks."""
    state = Warning.State
    if warning.state == state.CLEARED and warning.hand_cleared:
        return "已同意消除，无需处理；以后人数、金额或级别变重时会自动重开。"
    if warning.state == state.CLEARED:
        return "已消除，无需处理；事实再次出现时会自动重开。"
    if warning.muted_until is not None and warning.muted_until >= clock.today():
        return f"静默至{warning.muted_until.isoformat()}，期满或变重时自动恢复；仍计入统计。"
    if warning.state == state.CLEARING:
        if "agree" in actions:
            return "请核对依据，同意消除或退回申请。"
        return "等待另一位同事决定是否同意消除。"
    if "acknowledge" in actions:
        return "请先知悉，再核实或交办。"
    if warning.returned:
        return "消除申请被退回，请补充依据后重新申请。"
    if warning.state == state.ASSIGNED:
        return "承办方核实并督促整改，办结后申请消除。" if actions else "由承办方核实并督促整改。"
    return "请核实情况，交办或督促整改。" if actions else "等待处置。"


def _acknowledge(request: HttpRequest, pk: int, user: User) -> None:
    handling.acknowledge(pk, user=user, now=clock.now(), text=_text(request))


def _assign(request: HttpRequest, pk: int, user: User) -> None:
    handling.assign(pk, user=user, now=clock.now(), text=_text(request), **_chosen_parties(request))


def _note(request: HttpRequest, pk: int, user: User) -> None:
    handling.note(pk, user=user, now=clock.now(), text=_text(request))


def _attach(request: HttpRequest, pk: int, user: User) -> None:
    data, name = _file(request)
    if data is None:
        raise Refused("请选择要上传的附件。")
    handling.attach(pk, user=user, now=clock.now(), data=data, filename=name, text=_text(request))


def _ask(request: HttpRequest, pk: int, user: User) -> None:
    data, name = _file(request)
    handling.ask_clearing(
        pk,
        user=user,
        now=clock.now(),
        text=_text(request),
        conclusion=request.POST.get("conclusion", ""),
        data=data,
        filename=name,
    )


def _conclude(request: HttpRequest, pk: int, user: User) -> None:
    chosen = request.POST.get("conclusion", "")
    handling.conclude(pk, user=user, now=clock.now(), conclusion=chosen, text=_text(request))


def _agree(request: HttpRequest, pk: int, user: User) -> None:
    handling.decide_clearing(pk, user=user, now=clock.now(), approve=True, text=_text(request))


def _refuse(request: HttpRequest, pk: int, user: User) -> None:
    handling.decide_clearing(pk, user=user, now=clock.now(), approve=False, text=_text(request))


def _reopen(request: HttpRequest, pk: int, user: User) -> None:
    handling.reopen(pk, user=user, now=clock.now(), text=_text(request))


def _ask_mute(request: HttpRequest, pk: int, user: User) -> None:
    try:
        until = dt.date.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        until = None
    muting.ask_mute(pk, user=user, now=clock.now(), reason=_text(request), until=until)


def _agree_mute(request: HttpRequest, pk: int, user: User) -> None:
    muting.decide_mute(pk, user=user, now=clock.now(), approve=True, text=_text(request))


def _refuse_mute(request: HttpRequest, pk: int, user: User) -> None:
    muting.decide_mute(pk, user=user, now=clock.now(), approve=False, text=_text(request))


def _unmute(request: HttpRequest, pk: int, user: User) -> None:
    muting.unmute(pk, user=user, now=clock.now(), text=_text(request))


_STEPS = {
    "ask_mute": _ask_mute,
    "agree_mute": _agree_mute,
    "refuse_mute": _refuse_mute,
    "unmute": _unmute,
    "acknowledge": _acknowledge,
    "assign": _assign,
    "note": _note,
    "attach": _attach,
    "ask_clearing": _ask,
    "agree": _agree,
    "refuse": _refuse,
    "reopen": _reopen,
    "conclude": _conclude,
}
_DONE = {
    "ask_mute": "静默申请已提交，等待另一位同事决定。",
    "agree_mute": "已同意静默，到期或变重时自动恢复。",
    "refuse_mute": "已退回静默申请。",
    "unmute": "静默已结束，恢复处置。",
    "acknowledge": "已标记知悉。",
    "assign": "已交办。",
    "note": "已记录。",
    "attach": "附件已保存。",
    "ask_clearing": "消除申请已提交，等待另一位同事决定。",
    "agree": "已同意消除。",
    "refuse": "已退回消除申请。",
    "reopen": "已重开。",
    "conclude": "结论已保存，计入规则的准确率。",
}


def _text(request: HttpRequest) -> str:
    return request.POST.get("text", "").strip()


def _file(request: HttpRequest) -> tuple[bytes | None, str]:
    sent = receiving.sent(request, "file", ATTACHMENTS)
    return (sent.data, sent.name) if sent is not None else (None, "")


def _chosen_parties(request: HttpRequest) -> dict[str, Any]:
    """The person and the body picked in an assign form."""
    person = lists.whole_number(request.POST.get("to_user"))
    body = lists.whole_number(request.POST.get("to_organisation"))
    return {
        "to_user": User.objects.filter(pk=person, is_active=True).first() if person else None,
        "to_organisation": Organisation.objects.filter(pk=body).first() if body else None,
    }


def _bodies() -> list[Organisation]:
    kinds = Organisation.Kind
    return list(organisations(kinds.BUREAU, kinds.INDUSTRY_AUTHORITY, kinds.TOWN))


def _parties() -> dict[str, Any]:
    """Whom a selection may be handed to; each row's own scope is checked when it is."""
    roles = [role for role, may in access.MAY.items() if access.HANDLE in may]
    people = (
        User.objects.filter(is_active=True, grants__role__in=roles).distinct().order_by("display_name", "pk")
    )
    return {"people": list(people), "organisations": _bodies()}


def _choices(user: User) -> dict[str, Any]:
    rules = visible(user).order_by().values_list("rule", "explanation__title").distinct()
    return {
        "levels": list(reversed(Level.choices)),
        "states": Warning.State.choices,
        "sorts": SORTS,
        "ages": AGES,
        "rules": [(",".join(UNPAID_RULES), "工资没有到手（W03、P01）"), *sorted(set(rules))],
        "regions": lists.region_choices(user),
        "industries": lists.industry_choices(),
        "organisations": lists.organisation_choices(user),
    }


def _narrowed(query: QueryDict) -> bool:
    """Whether the list is narrowed beyond what it starts with."""
    return any(query.get(name) for name in query if name not in {"after", "sort", "show", "family"})


def _back(request: HttpRequest) -> str:
    target = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        return target
    return reverse("warnings")
