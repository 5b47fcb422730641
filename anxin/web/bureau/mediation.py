"""调解: counts by level with the rows behind each, the list of cases, and a mediator's own day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.accounts import access
from anxin.evidence.workbooks import Column
from anxin.mediation import results
from anxin.mediation.access import visible_cases
from anxin.mediation.models import Instalment, Level, PartyTold, Session, Stage
from anxin.mediation.paying import overdue
from anxin.web import clock, lists
from anxin.web.policy import page, user_of

PAGE, EXPORTED = 40, 5000
_AHEAD = dt.timedelta(days=7)
_SHOWN = 100
_NUMBERS = ("begun", "open", "ended", "agreed", "failed", "climbed", "performed")


@page(access.VIEW)
def overview(request: HttpRequest) -> HttpResponse:
    """The four levels, each number one click from its rows; the money that is overdue above all."""
    user, today = user_of(request), clock.today()
    found = results.by_level(user)
    cases = visible_cases(user).values("pk")
    late = Instalment.objects.filter(
        overdue(today), share__agreement__case__in=cases, share__agreement__effective_on__isnull=False
    )
    waiting = visible_cases(user).filter(body__isnull=True, matter__closed_on__isnull=True).count()
    sums = results.sums_by_level(user)
    context = {
        "levels": [(one, Level(str(one.key)).label, sums.get(str(one.key), results.Sums())) for one in found],
        "meanings": results.MEANINGS.values(),
        "twice": results.TWICE,
        "all": {name: sum(getattr(one, name) for one in found) for name in _NUMBERS},
        "late": late.count(),
        "late_cases": late.order_by().values("share__agreement__case").distinct().count(),
        "waiting": waiting,
        "may_open": access.may(user, access.HANDLE),
    }
    return render(request, "bureau/mediation.html", context)


@page(access.VIEW)
def export(request: HttpRequest) -> HttpResponse:
    columns = [Column("层级", "text", 14)] + [
        Column(title, "number", 12)
        for title in (
            "受理",
            "在调解",
            "已有结果",
            "达成协议",
            "调解不成",
            "到期转上一级",
            "付清",
            "达成协议合计天数",
        )
    ]
    columns += [
        Column(title, "yuan" if name.endswith("_fen") else "number", 14)
        for name, (title, _) in results.MEANINGS.items()
    ]
    user = user_of(request)
    sums = results.sums_by_level(user)
    rows = [
        [
            Level(str(one.key)).label,
            *(getattr(one, name) for name in (*_NUMBERS, "days")),
            *(getattr(sums.get(str(one.key), results.Sums()), name) for name in results.MEANINGS),
        ]
        for one in results.by_level(user)
    ]
    said = "；".join(f"{title}：{words}" for title, words in results.MEANINGS.values())
    return lists.table_response(request, "调解分级统计", columns, rows, about=f"{said}。{results.TWICE}")


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    """The stages behind a number, the latest first, by key; cases that wait for somebody under their own part."""
    part, level = _asked(request)
    after = lists.whole_number(request.GET.get("after"))
    rows: list[Any]
    if part in ("waiting", "late"):
        cases = _cases(request, part).order_by("-pk")
        rows = list((cases.filter(pk__lt=after) if after else cases)[: PAGE + 1])
        shown = [(one, None) for one in rows[:PAGE]]
    else:
        found = _stages(request)
        rows = list((found.filter(pk__lt=after) if after else found)[: PAGE + 1])
        shown = [(one.case, one) for one in rows[:PAGE]]
    context = {
        "part": part,
        "parts": [
            *((key, title) for key, (title, _) in results.PARTS.items()),
            ("waiting", "待指派"),
            ("late", "分期款逾期"),
        ],
        "level": level,
        "levels": Level.choices,
        "rows": shown,
        "next_key": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "today": clock.today(),
        "may_open": access.may(user_of(request), access.HANDLE),
    }
    return render(request, "bureau/mediation_cases.html", context)


@page(access.VIEW)
def listing_export(request: HttpRequest) -> HttpResponse:
    part, _ = _asked(request)
    columns = [
        Column("编号", "text", 30), Column("用人单位"), Column("人数", "number", 8), Column("请求金额", "yuan", 14),
        Column("申请日期", "date", 12), Column("层级", "text", 12), Column("调解组织"), Column("调解员", "text", 10),
        Column("开始", "date", 12), Column("期限", "date", 12), Column("结束", "date", 12), Column("结果", "text", 14),
    ]  # fmt: skip
    if part in ("waiting", "late"):
        pairs: list[tuple[Any, Stage | None]] = [
            (one, None) for one in _cases(request, part).order_by("-pk")[:EXPORTED]
        ]
    else:
        pairs = [(one.case, one) for one in _stages(request)[:EXPORTED]]
    rows = [
        [
            case.matter.number, case.employer_name, case.people, case.claimed_fen, case.applied_on,
            *(
                [
                    stage.get_level_display(), stage.body.name, stage.mediator.name if stage.mediator else "", stage.started_on,
                    stage.due_on, stage.ended_on, stage.get_outcome_display(),
                ]
                if stage
                else [case.get_level_display(), case.body.name if case.body else "", case.mediator.name if case.mediator else "",
                      None, case.stage_due_on, None, ""]
            ),
        ]
        for case, stage in pairs
    ]  # fmt: skip
    return lists.table_response(request, "调解案件清单", columns, rows)


@page(access.MEDIATE)
def mine(request: HttpRequest) -> HttpResponse:
    """A mediator's day: what is appointed, whose time runs out, what is due, whom to tell."""
    user, today = user_of(request), clock.today()
    cases = list(visible_cases(user).order_by("stage_due_on", "-pk")[:_SHOWN])
    keys = [one.pk for one in cases]
    sessions = Session.objects.filter(case__in=keys, state=Session.State.APPOINTED).select_related(
        "case__matter"
    )
    told = PartyTold.objects.filter(case__in=keys, told_at__isnull=True).select_related("case__matter")
    context = {
        "today": today,
        "open": [one for one in cases if one.stage_due_on or one.matter.state == "performing"],
        "others": [one for one in cases if not (one.stage_due_on or one.matter.state == "performing")],
        "sessions": list(sessions.order_by("at")[:_SHOWN]),
        "dues": list(_plans(keys, today)[:_SHOWN]),
        "tellings": list(told.order_by("pk")[:_SHOWN]),
    }
    return render(request, "bureau/mediation_mine.html", context)


@page(access.MEDIATE)
def mine_export(request: HttpRequest) -> HttpResponse:
    columns = [
        Column("编号", "text", 30), Column("用人单位"), Column("人数", "number", 8), Column("请求金额", "yuan", 14),
        Column("申请日期", "date", 12), Column("层级", "text", 12), Column("期限", "date", 12),
    ]  # fmt: skip
    rows = [
        [
            one.matter.number,
            one.employer_name,
            one.people,
            one.claimed_fen,
            one.applied_on,
            one.get_level_display(),
            one.stage_due_on,
        ]
        for one in visible_cases(user_of(request)).order_by("stage_due_on", "-pk")[:EXPORTED]
    ]
    return lists.table_response(request, "我的调解案件", columns, rows)


def _plans(cases: list[int], today: dt.date) -> QuerySet[Instalment]:
    """Instalments that are overdue or fall due within a week."""
    rows = Instalment.objects.filter(
        share__agreement__case__in=cases, share__agreement__effective_on__isnull=False, paid_on__isnull=True,
        due_on__lte=today + _AHEAD,
    )  # fmt: skip
    return rows.select_related("share__party", "share__agreement__case__matter").order_by("due_on", "pk")


def _asked(request: HttpRequest) -> tuple[str, str]:
    part, level = request.GET.get("part", ""), request.GET.get("level", "")
    known = {*results.PARTS, "waiting", "late"}
    return part if part in known else "", level if level in Level.values else ""


def _stages(request: HttpRequest) -> QuerySet[Stage]:
    part, level = _asked(request)
    rows = results.in_part(results.stages(user_of(request)), part, level)
    return rows.select_related("case__matter", "case__region", "body", "mediator").order_by("-pk")


def _cases(request: HttpRequest, part: str) -> QuerySet[Any]:
    rows = visible_cases(user_of(request))
    if part == "waiting":
        return rows.filter(body__isnull=True, matter__closed_on__isnull=True)
    late = Instalment.objects.filter(
        overdue(clock.today()),
        share__agreement__effective_on__isnull=False,
        share__agreement__withdrawn_at__isnull=True,
    )
    return rows.filter(pk__in=late.values("share__agreement__case"))
