"""Accounts, deposits and owners' guarantees of the whole place: what is there, and what runs out next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.accounts import access
from anxin.evidence.workbooks import Column, table_workbook
from anxin.funds import outflows, queries_accounts, queries_deposits
from anxin.funds.judging import Moment, judged
from anxin.funds.models import SpecialAccount, WageDeposit
from anxin.funds.queries_deposits import LapseFilters
from anxin.kernel.masking import mask_card
from anxin.local_law import queries as local_law
from anxin.web import clock, lists
from anxin.web.policy import page, user_of
from anxin.workforce.queries import masked

PAGE = 40
EXPORT_LIMIT = 20_000
WITHIN = (("0", "已到期"), ("10", "10日内到期"), ("30", "30日内到期"), ("60", "60日内到期"))
_SPANS = {"0": -1, "10": 10, "30": 30, "60": 60}
#: cash has no last day and stands behind every day
_FOREVER = dt.date(9999, 12, 31)


@page(access.VIEW)
def accounts(request: HttpRequest) -> HttpResponse:
    """专用账户: one row each, with balance and suspect outflows."""
    user, filters = user_of(request), _filters(request)
    found = queries_deposits.standing_accounts(user, filters)
    after = lists.whole_number(request.GET.get("after"))
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found[: PAGE + 1])
    shown = rows[:PAGE]
    context = {
        **_frame(request, filters, "accounts"),
        "rows": _account_rows(shown),
        "next_key": shown[-1].pk if len(rows) > PAGE else None,
        "kinds": (("open", "在用"), ("closed", "已销户")),
    }
    return render(request, "bureau/money_accounts.html", context)


@page(access.VIEW)
def deposits(request: HttpRequest) -> HttpResponse:
    """保证金: those that end first in front."""
    user, filters, today = user_of(request), _filters(request), clock.today()
    rows, next_key = _by_last_day(queries_deposits.ending_deposits(user, filters, today), request)
    context = {
        **_frame(request, filters, "deposits"),
        "rows": queries_deposits.deposit_rows(rows),
        "next_key": next_key,
        "kinds": WageDeposit.Kind.choices,
        "spans": WITHIN,
    }
    return render(request, "bureau/money_deposits.html", context)


@page(access.VIEW)
def guarantees(request: HttpRequest) -> HttpResponse:
    """工程款支付担保: those that end first in front."""
    user, filters, today = user_of(request), _filters(request), clock.today()
    rows, next_key = _by_last_day(queries_deposits.ending_guarantees(user, filters, today), request)
    context = {
        **_frame(request, filters, "guarantees"), "rows": rows, "next_key": next_key, "spans": WITHIN,
    }  # fmt: skip
    return render(request, "bureau/money_guarantees.html", context)


@page(access.VIEW)
def export(request: HttpRequest, what: str) -> HttpResponse:
    """One of the three lists, as it is filtered, as a workbook."""
    make = {"accounts": _accounts_table, "deposits": _deposits_table, "guarantees": _guarantees_table}.get(
        what
    )
    if make is None:
        raise Http404
    user, today = user_of(request), clock.today()
    title, columns, rows = make(request)
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today}　金额单位：元"
    return lists.workbook_response(table_workbook(title, subtitle, columns, rows), title, today)


Table = tuple[str, Sequence[Column], list[list[Any]]]


def _accounts_table(request: HttpRequest) -> Table:
    found = queries_deposits.standing_accounts(user_of(request), _filters(request))[:EXPORT_LIMIT]
    columns = (
        Column("项目"), Column("地区", "text", 12), Column("开户银行"), Column("账号", "text", 12),
        Column("开户日期", "date", 12), Column("销户日期", "date", 12), Column("银行余额", "yuan", 16),
        Column("余额日期", "date", 12), Column("待核查支出（笔）", "number", 14), Column("待核查支出（元）", "yuan", 16),
    )  # fmt: skip
    rows = [
        [
            row["account"].project.name, row["account"].project.region.name, str(row["account"].bank or ""),
            row["number"], row["account"].opened_on, row["account"].closed_on,
            row["balance"].balance_fen if row["balance"] else None, row["balance"].on if row["balance"] else None,
            row["suspects"], row["suspect_fen"],
        ]
        for row in _account_rows(list(found))
    ]  # fmt: skip
    return "工资专用账户", columns, rows


def _deposits_table(request: HttpRequest) -> Table:
    found = _ordered(queries_deposits.ending_deposits(user_of(request), _filters(request), clock.today()))
    columns = (
        Column("项目"), Column("地区", "text", 12), Column("形式", "text", 12), Column("机构"), Column("编号"),
        Column("金额", "yuan", 16), Column("现有", "yuan", 16), Column("尚未补足", "yuan", 16),
        Column("生效", "date", 12), Column("有效期至", "date", 12),
    )  # fmt: skip
    rows = [
        [
            row.deposit.project.name, row.deposit.project.region.name, row.deposit.get_kind_display(),
            str(row.deposit.institution or ""), row.deposit.number, row.deposit.amount_fen, row.state.held_fen,
            row.state.open_fen, row.deposit.valid_from, row.deposit.valid_until,
        ]
        for row in queries_deposits.deposit_rows(list(found[:EXPORT_LIMIT]))
    ]  # fmt: skip
    return "工资保证金", columns, rows


def _guarantees_table(request: HttpRequest) -> Table:
    found = _ordered(queries_deposits.ending_guarantees(user_of(request), _filters(request), clock.today()))
    columns = (
        Column("项目"), Column("地区", "text", 12), Column("形式", "text", 12), Column("机构"), Column("编号"),
        Column("担保金额", "yuan", 16), Column("生效", "date", 12), Column("有效期至", "date", 12),
    )  # fmt: skip
    rows = [
        [
            one.project.name, one.project.region.name, one.get_kind_display(), str(one.institution or ""),
            one.number, one.amount_fen, one.valid_from, one.valid_until,
        ]
        for one in found[:EXPORT_LIMIT]
    ]  # fmt: skip
    return "工程款支付担保", columns, rows


def _account_rows(shown: list[SpecialAccount]) -> list[dict[str, Any]]:
    balances = queries_accounts.latest_balances(shown)
    projects = tuple({one.project_id for one in shown})
    suspects: dict[int, list[int]] = {}
    for row in judged(Moment(clock.today(), clock.now(), projects), local_law.current()) if projects else ():
        if row.fate in outflows.SUSPECT:
            suspects.setdefault(row.account_id, []).append(row.amount_fen)
    return [
        {
            "account": one,
            "number": masked(one.number, mask_card),
            "balance": balances.get(one.line_id),
            "suspects": len(suspects.get(one.line_id, ())),
            "suspect_fen": sum(suspects.get(one.line_id, ())),
        }
        for one in shown
    ]


def _ordered(found: QuerySet[Any]) -> QuerySet[Any]:
    return found.order_by(F("valid_until").asc(nulls_last=True), "pk")


def _by_last_day(found: QuerySet[Any], request: HttpRequest) -> tuple[list[Any], str | None]:
    """One page by last day and number; the key of a page is the pair of its last row."""
    place = _place(request.GET.get("after", ""))
    if place is not None:
        day, key = place
        behind = Q(valid_until__isnull=True, pk__gt=key)
        if day != _FOREVER:
            behind = Q(valid_until__isnull=True) | Q(valid_until__gt=day) | Q(valid_until=day, pk__gt=key)
        found = found.filter(behind)
    rows = list(_ordered(found)[: PAGE + 1])
    if len(rows) <= PAGE:
        return rows, None
    last = rows[PAGE - 1]
    return rows[:PAGE], f"{last.valid_until or _FOREVER}.{last.pk}"


def _place(text: str) -> tuple[dt.date, int] | None:
    day, _, key = text.partition(".")
    number = lists.whole_number(key)
    try:
        return (dt.date.fromisoformat(day), number) if number is not None else None
    except ValueError:
        return None


def _filters(request: HttpRequest) -> LapseFilters:
    get = request.GET.get
    return LapseFilters(
        text=(get("text") or "").strip(),
        region=get("region") or "",
        kind=get("kind") or "",
        within=_SPANS.get(get("within") or ""),
    )


def _frame(request: HttpRequest, filters: LapseFilters, tab: str) -> dict[str, Any]:
    return {
        "filters": filters,
        "within": request.GET.get("within", ""),
        "regions": lists.region_choices(user_of(request)),
        "narrowed": any((filters.text, filters.region, filters.kind, filters.within is not None)),
        "money_tab": tab,
        "today": clock.today(),
    }
