"""待告知: conclusions that stand and whose worker nobody has told yet, the longest first; late ones said aloud."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.clues.models import Clue
from anxin.evidence.workbooks import Column, table_workbook
from anxin.local_law import queries as local_law
from anxin.referral.access import merged_to_be_told, waiting_to_be_told
from anxin.referral.informing import late_of, tell_by
from anxin.referral.models import Conclusion
from anxin.web import clock, lists
from anxin.web.policy import page, user_of

PAGE = 40
EXPORT_LIMIT = 20_000
#: ``merged``: callers whose clue was merged into another; each is told as well
PARTS = {
    "": "全部待告知",
    "late": "逾期没有告知",
    "tried": "打过电话没有联系上",
    "merged": "并案的其他反映人",
}
_COLUMNS = (
    Column("线索编号"),
    Column("来件编号", "text", 18),
    Column("渠道", "text", 12),
    Column("地区", "text", 14),
    Column("承办单位", "text", 24),
    Column("结论", "text", 24),
    Column("核实的情况和结果", "text", 50),
    Column("从哪天起该告知", "date", 16),
    Column("最晚告知", "date", 14),
    Column("是否逾期", "text", 10),
    Column("没有联系上的次数", "number", 12),
)


@dataclass(frozen=True)
class Waiting:
    """One caller who is to be told: by the key of the page, of which clue, of what, until when, tried how often in vain."""

    key: int
    clue: Clue
    of: Conclusion
    until: dt.date | None
    late: bool
    tries: int


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    """What this person sees of it, by the key of the conclusion."""
    user, today, part = user_of(request), clock.today(), lists.chosen_part(request, PARTS)
    after = lists.whole_number(request.GET.get("after"))
    late = late_keys(user)
    rows = _rows(user, part, late, after=after or 0, most=PAGE + 1)
    shown = rows[:PAGE]
    context: dict[str, Any] = {
        "rows": shown,
        "next_key": shown[-1].key if len(rows) > PAGE else None,
        "part": part,
        "parts": list(PARTS.items()),
        "all": waiting_to_be_told(user).count(),
        "late": len(late),
        "merged": merged_to_be_told(user).count(),
        "today": today,
    }
    return render(request, "bureau/clue_untold.html", context)


@page(access.VIEW)
def export(request: HttpRequest) -> HttpResponse:
    """The list as a workbook; nothing in it names who told us."""
    user, today, part = user_of(request), clock.today(), lists.chosen_part(request, PARTS)
    late = late_keys(user)
    table = [
        [
            one.clue.number, one.clue.sender_number, one.clue.get_channel_display(), one.clue.region.name,
            one.of.referral.matter.lead.name if one.of.referral is not None else "", one.of.name, one.of.words,
            clock.local(one.of.stands_since).date(), one.until, "是" if one.late else "否", one.tries,
        ]
        for one in _rows(user, part, late, most=EXPORT_LIMIT)
    ]  # fmt: skip
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today}"
    title = f"结论告知清单（{PARTS[part]}）"
    return lists.workbook_response(table_workbook(title, subtitle, _COLUMNS, table), "结论告知清单", today)


def late_keys(user: User) -> set[int]:
    """Keys of what this person sees and should have been told before today; one query."""
    rows = waiting_to_be_told(user).only("at", "reviewed_at", "clue__region_id").select_related(None)
    rows = rows.select_related("clue").order_by()
    return late_of(rows[:EXPORT_LIMIT], local_law.current(), clock.today())


def _rows(user: User, part: str, late: set[int], *, after: int = 0, most: int) -> list[Waiting]:
    """From ``after`` on by the key; two queries at most."""
    law, today = local_law.current(), clock.today()
    if part != "merged":
        found = _found(user, part, late).filter(pk__gt=after)[:most]
        return [
            Waiting(one.pk, one.clue, one, tell_by(one, law), one.pk in late, one.tries)  # type: ignore[attr-defined]
            for one in found
        ]
    vain = Q(tellings_of_result__reached=False, tellings_of_result__conclusion=F("told_of"))
    clues = list(
        merged_to_be_told(user)
        .annotate(tries=Count("tellings_of_result", filter=vain))
        .filter(pk__gt=after)
        .order_by("pk")[:most]
    )
    told_of = {one.pk: one.told_of for one in clues}  # type: ignore[attr-defined]
    read = Conclusion.objects.select_related("clue__region", "referral__matter__lead")
    standing = read.in_bulk(told_of.values())
    overdue = late_of(standing.values(), law, today)
    return [
        Waiting(one.pk, one, of, tell_by(of, law), of.pk in overdue, one.tries)
        for one in clues
        if (of := standing.get(told_of[one.pk])) is not None
    ]


def _found(user: User, part: str, late: set[int]) -> QuerySet[Conclusion]:
    tries = Count("tellings", filter=Q(tellings__reached=False))
    rows = waiting_to_be_told(user).annotate(tries=tries).order_by("pk")
    if part == "late":
        return rows.filter(pk__in=late)
    return rows.filter(tries__gt=0) if part == "tried" else rows
