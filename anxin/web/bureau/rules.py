"""规则库: every rule, what it says, its law, and in which stage it is; stages are proposed and confirmed here."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.monitoring import rule_accuracy, rule_book, services, stages
from anxin.monitoring.models import RuleStage
from anxin.monitoring.sections import HINTS, SECTIONS
from anxin.web import clock, lists
from anxin.web.bureau.backtest_report import rate
from anxin.web.found import or_404
from anxin.web.policy import page, user_of


@page(access.VIEW, access.LAW)
def listing(request: HttpRequest) -> HttpResponse:
    rows = rule_book.rule_rows(user_of(request), on=clock.today(), now=clock.now())
    parts = [
        (title, HINTS[key], [row for row in rows if row.section == key]) for key, title in SECTIONS.items()
    ]
    context = {"parts": [part for part in parts if part[2]], "waiting": list(stages.waiting())}
    return render(request, "bureau/rules.html", context)


@page(access.VIEW, access.LAW)
def export(request: HttpRequest) -> HttpResponse:
    user, today = user_of(request), clock.today()
    columns = (
        Column("编号", "text", 8),
        Column("规则"),
        Column("类别", "text", 12),
        Column("对象", "text", 8),
        Column("阶段", "text", 10),
        Column("起始日期", "date", 12),
        Column("未消除预警", "number", 12),
        Column("试运行发现", "number", 12),
        Column("怎样消除", "text", 60),
    )
    rows = [
        [
            row.rule.code, row.rule.title, row.section_title, row.subject, row.stage_title, row.since,
            row.open, row.shadow, row.rule.clears,
        ]
        for row in rule_book.rule_rows(user, on=today, now=clock.now())
    ]  # fmt: skip
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today}"
    return lists.workbook_response(table_workbook("预警规则", subtitle, columns, rows), "预警规则", today)


@page(access.VIEW, access.LAW)
def accuracy_export(request: HttpRequest) -> HttpResponse:
    """Every figure within one's scope, of one rule or all: by district and quarter, from both sources."""
    user, today = user_of(request), clock.today()
    columns = (
        Column("规则", "text", 8),
        Column("地区", "text", 14),
        Column("来源", "text", 10),
        Column("季度", "text", 14),
        Column("期间", "text", 26),
        Column("发出", "number", 8),
        Column("有结论", "number", 8),
        Column("可判断", "number", 8),
        Column("属实", "number", 8),
        Column("准确率（95%区间）", "text", 20),
        Column("个案", "number", 8),
        Column("发出过预警", "number", 10),
        Column("查全率（95%区间）", "text", 20),
        Column("提前天数", "number", 10),
    )
    rows = [
        [
            code, line.place, line.source, line.quarter, line.period, line.fired, line.concluded, line.judged,
            line.true, rate(line.precision, line.interval), line.cases, line.found,
            rate(line.recall, line.recall_interval), line.lead_days_median,
        ]
        for code, line in rule_accuracy.within_scope(user, request.GET.get("rule", "")[:12])
    ]  # fmt: skip
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today}"
    return lists.workbook_response(table_workbook("规则准确率", subtitle, columns, rows), "规则准确率", today)


@page(access.VIEW, access.LAW)
def detail(request: HttpRequest, code: str) -> HttpResponse:
    return _show(request, code)


@page(access.LAW, methods=("POST",))
def propose(request: HttpRequest, code: str) -> HttpResponse:
    """Propose a stage; a refusal is shown on the page with what was typed."""
    try:
        services.propose_stage(
            rule=code,
            stage=request.POST.get("stage", ""),
            from_day=_day(request.POST.get("from_day", "")),
            reason=request.POST.get("reason", ""),
            user=user_of(request),
            now=clock.now(),
        )
    except Refused as refusal:
        return _show(request, code, refusal=str(refusal))
    messages.success(request, "已提议，等待另一位同事确认。")
    return redirect("rule", code=code)


@page(access.CONFIRM_LAW, methods=("POST",))
def decide(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Confirm or refuse as the second person."""
    if not RuleStage.objects.filter(pk=pk, rule=code).exists():
        raise Http404
    agree = request.POST.get("answer") == "agree"
    try:
        services.confirm_stage(
            pk, user=user_of(request), now=clock.now(), agree=agree, text=request.POST.get("text", "")
        )
    except Refused as refusal:
        return _show(request, code, refusal=str(refusal))
    messages.success(request, "已确认，自生效日期起的扫描按新阶段进行。" if agree else "已退回。")
    return redirect("rule", code=code)


def _show(request: HttpRequest, code: str, *, refusal: str = "") -> HttpResponse:
    user, today = user_of(request), clock.today()
    row = or_404(rule_book.rule_row(user, code, on=today, now=clock.now()))
    law = local_law.current()
    history: list[RuleStage] = list(stages.history(code)[:50])
    asked = next((one for one in history if one.answer == RuleStage.Answer.ASKED), None)
    confirms = access.may(user, access.CONFIRM_LAW)
    context: dict[str, Any] = {
        "row": row,
        "rule": row.rule,
        "articles": rule_book.articles(row.rule, law),
        "grades": rule_book.grades(row.rule, law),
        "parameters": rule_book.parameters(row.rule, law, today),
        "responsible": _responsible(row.rule.responsible),
        "history": history,
        "asked": asked,
        "may_decide": asked is not None and confirms and asked.asked_by_id != user.pk,
        "may_propose": asked is None and access.may(user, access.LAW),
        "may_try": access.may(user, access.LAW),
        "may_list": access.may(user, access.VIEW),
        "next": stages.possible(row.stage),
        **_accuracy(user, code),
        "today": today,
        "refusal": refusal,
        "typed": request.POST if refusal else {},
    }
    return render(request, "bureau/rule.html", context, status=422 if refusal else 200)


def _accuracy(user: User, code: str) -> dict[str, Any]:
    """The lines of 有多准, each with its rates in words; the simulated city last."""
    lines = rule_accuracy.of_rule(user, code)
    simulated = rule_accuracy.simulated(code)
    whole = [line for line in lines if not line.quarter] + ([simulated.line] if simulated else [])
    return {
        "accuracy": [_in_words(line) for line in whole],
        "quarters": [_in_words(line) for line in lines if line.quarter],
        "simulated_command": simulated.command if simulated else "",
    }


def _in_words(line: rule_accuracy.Accuracy) -> dict[str, Any]:
    return {
        "line": line,
        "precision": rate(line.precision, line.interval),
        "recall": rate(line.recall, line.recall_interval),
    }


def _responsible(key: str) -> str:
    from anxin.monitoring.rules.framework import RESPONSIBLE_NAMES

    return dict(RESPONSIBLE_NAMES).get(key, key)  # type: ignore[call-overload,no-any-return]


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Refused("请填写生效日期，形如2026-11-20。", field="from_day") from None
