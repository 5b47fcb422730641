"""规则回测: what rules would have said in a past period, as they are or with other numbers, and how often right."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.monitoring import backtesting, trials
from anxin.monitoring.models import Backtest
from anxin.monitoring.rule_book import rule_choices
from anxin.web import clock, lists
from anxin.web.bureau import backtest_report
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

PAGE = 30
#: days that the form offers at first
_OFFERED = 60
_RUNNING = (Backtest.State.WAITING, Backtest.State.RUNNING)


@page(access.VIEW, access.LAW)
def listing(request: HttpRequest) -> HttpResponse:
    found = Backtest.objects.select_related("asked_by").defer("report").order_by("-pk")
    after = lists.whole_number(request.GET.get("after"))
    rows = list((found.filter(pk__lt=after) if after else found)[: PAGE + 1])
    shown = rows[:PAGE]
    context = {
        "backtests": shown,
        "next_key": shown[-1].pk if len(rows) > PAGE else None,
        "may_ask": access.may(user_of(request), access.LAW),
    }
    return render(request, "bureau/backtests.html", context)


@page(access.LAW, methods=("GET", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    """The form; with ``try`` it has the numbers of that rule's grading table as fields."""
    refusal = ""
    if request.method == "POST":
        try:
            return _ask(request)
        except Refused as problem:
            refusal = str(problem)
    typed = request.POST if request.method == "POST" else request.GET
    today = clock.today()
    tried = typed.get("try", "")
    rule, table = _tried(request, tried)
    context = {
        "refusal": refusal,
        "first": typed.get("first") or (today - dt.timedelta(days=_OFFERED)).isoformat(),
        "last": typed.get("last") or today.isoformat(),
        "chosen": set(typed.getlist("rules")),
        "sections": rule_choices(),
        "tried": tried if rule else "",
        "rule": rule,
        "steps": trials.steps_of(table, typed.dict()) if table else [],
        "longest": backtesting.LONGEST_DAYS,
    }
    return render(request, "bureau/backtest_new.html", context, status=422 if refusal else 200)


def _ask(request: HttpRequest) -> HttpResponse:
    user, posted = user_of(request), request.POST
    first, last = _day(posted.get("first", ""), "开始日期"), _day(posted.get("last", ""), "结束日期")
    rules = posted.getlist("rules")
    rule, table = _tried(request, posted.get("try", ""))
    changes: list[dict[str, Any]] = []
    if rule and table:
        law = local_law.current()
        changes = trials.changes(
            rule,
            table,
            posted.dict(),
            unit=law.parameter(rule.grading).unit,
            first=first,
            region=trials.bureau_region(user),
        )
        if not changes:
            raise Refused(f"{rule.code}的数值没有改动。请改至少一个数，或选“不换数值”。", field="try")
        if rules and rule.code not in rules:
            rules.append(rule.code)
    trial = backtesting.ask(user=user, first=first, last=last, now=clock.now(), rules=rules, changes=changes)
    messages.success(request, "已排队，完成后在本页显示结果；可以先离开。")
    return redirect("backtest", pk=trial.pk)


def _tried(request: HttpRequest, code: str) -> tuple[Any, list[dict[str, Any]] | None]:
    from anxin.monitoring.rules import RULES

    rule = RULES.get(code)
    if rule is None:
        return None, None
    region = trials.bureau_region(user_of(request))
    return rule, trials.table_of(local_law.current(), rule, on=clock.today(), region=region)


@page(access.VIEW, access.LAW)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    trial = _find(pk)
    context: dict[str, Any] = {"backtest": trial, "rules_words": "、".join(trial.rules) or "全部规则"}
    if trial.state == Backtest.State.DONE:
        context |= backtest_report.context(trial, user_of(request))
    return render(request, "bureau/backtest.html", context)


@page(access.VIEW, access.LAW)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Polled while the worker runs it; has the page fetched again when it has ended."""
    trial = _find(pk)
    if trial.state not in _RUNNING:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    return render(request, "parts/backtest_progress.html", {"backtest": trial})


@page(access.VIEW, access.LAW)
def export(request: HttpRequest, pk: int) -> HttpResponse:
    trial, user = _find(pk), user_of(request)
    if trial.state != Backtest.State.DONE:
        raise Http404
    data = backtest_report.workbook(trial, user, lists.office_of(user), clock.today())
    return lists.workbook_response(data, f"规则回测{trial.pk}_", clock.today())


def _find(pk: int) -> Backtest:
    return or_404(Backtest.objects.select_related("asked_by").filter(pk=pk).first())


def _day(text: str, what: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Refused(f"请填写{what}，形如2026-11-20。", field="first") from None
