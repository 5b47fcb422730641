"""待复核: conclusions, and closings without the worker's word, that wait for a second person."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.evidence.workbooks import Column, table_workbook
from anxin.referral.access import to_review, waiting_for_review
from anxin.referral.models import Conclusion
from anxin.web import clock, lists
from anxin.web.policy import page, user_of

PAGE = 40
EXPORT_LIMIT = 20_000
PARTS = {"": "等我复核", "all": "全部待复核"}
SILENT_WHY = "劳动者逾期没有答复，提请按“未获确认”办结。"
_COLUMNS = (
    Column("线索编号"),
    Column("地区", "text", 14),
    Column("承办单位", "text", 24),
    Column("结论", "text", 24),
    Column("人数", "number", 8),
    Column("核定金额", "yuan", 16),
    Column("核实的情况和结果", "text", 50),
    Column("为什么要复核", "text", 40),
    Column("提请人", "text", 12),
    Column("提请时间", "time", 18),
)


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    """What waits, the longest first: for this person's word, or all that they see."""
    user, part = user_of(request), lists.chosen_part(request, PARTS)
    after = lists.whole_number(request.GET.get("after"))
    found = _found(user, part)
    if after is not None:
        found = found.filter(pk__gt=after)
    rows = list(found[: PAGE + 1])
    shown = rows[:PAGE]
    context = {
        "rows": [(one, *_asked(one)) for one in shown],
        "next_key": shown[-1].pk if len(rows) > PAGE else None,
        "part": part,
        "parts": list(PARTS.items()),
        "waiting": to_review(user).count(),
    }
    return render(request, "bureau/clue_reviews.html", context)


@page(access.VIEW)
def export(request: HttpRequest) -> HttpResponse:
    """The list as a workbook."""
    user, today, part = user_of(request), clock.today(), lists.chosen_part(request, PARTS)
    table = []
    for one in _found(user, part)[:EXPORT_LIMIT]:
        who, at, why = _asked(one)
        body = one.referral.now.lead.name if one.referral is not None else ""
        table.append(
            [one.clue.number, one.clue.region.name, body, one.name, one.people, one.amount_fen, one.words, why, who,
             clock.local(at)]
        )  # fmt: skip
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today}"
    title = f"结论复核清单（{PARTS[part]}）"
    return lists.workbook_response(table_workbook(title, subtitle, _COLUMNS, table), "结论复核清单", today)


def _found(user: User, part: str) -> QuerySet[Conclusion]:
    return (waiting_for_review(user) if part == "all" else to_review(user)).order_by("pk")


def _asked(one: Conclusion) -> tuple[str, dt.datetime, str]:
    """Who asked for the second person, when, and why."""
    if one.standing == Conclusion.Standing.SILENT and one.silent_at is not None:
        return one.silent_by_name, one.silent_at, SILENT_WHY
    return one.by_name, one.at, one.review_why
