"""待告知: conclusions that stand and whose worker nobody has told yet, the longest first; late ones said aloud."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.evidence.workbooks import Column, table_workbook
from anxin.local_law import queries as local_law
from anxin.referral.access import waiting_to_be_told
from anxin.referral.informing import late_of, tell_by
from anxin.referral.models import Conclusion
from anxin.web import clock, lists
from anxin.web.policy import page, user_of

PAGE = 40
EXPORT_LIMIT = 20_000
PARTS = {"": "全部待告知", "late": "逾期没有告知", "tried": "打过电话没有联系上"}
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


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    """What this person sees of it, by the key of the conclusion."""
    user, law, today, part = (
        user_of(request),
        local_law.current(),
        clock.today(),
        lists.chosen_part(request, PARTS),
    )
    after = lists.whole_number(request.GET.get("after"))
    late = late_keys(user)
    found = _found(user, part, late)
    if after is not None:
        found = found.filter(pk__gt=after)
    rows = list(found[: PAGE + 1])
    shown = rows[:PAGE]
    context: dict[str, Any] = {
        "rows": [(one, tell_by(one, law), one.pk in late) for one in shown],
        "next_key": shown[-1].pk if len(rows) > PAGE else None,
        "part": part,
        "parts": list(PARTS.items()),
        "all": waiting_to_be_told(user).count(),
        "late": len(late),
        "today": today,
    }
    return render(request, "bureau/clue_untold.html", context)


@page(access.VIEW)
def export(request: HttpRequest) -> HttpResponse:
    """The list as a workbook; nothing in it names who told us."""
    user, law, today, part = (
        user_of(request),
        local_law.current(),
        clock.today(),
        lists.chosen_part(request, PARTS),
    )
    late = late_keys(user)
    table = [
        [
            one.clue.number, one.clue.sender_number, one.clue.get_channel_display(), one.clue.region.name,
            one.referral.matter.lead.name if one.referral is not None else "", one.name, one.words,
            clock.local(one.stands_since).date(), tell_by(one, law), "是" if one.pk in late else "否",
            one.tries,  # type: ignore[attr-defined]
        ]
        for one in _found(user, part, late)[:EXPORT_LIMIT]
    ]  # fmt: skip
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today}"
    title = f"结论告知清单（{PARTS[part]}）"
    return lists.workbook_response(table_workbook(title, subtitle, _COLUMNS, table), "结论告知清单", today)


def late_keys(user: User) -> set[int]:
    """Keys of what this person sees and should have been told before today; one query."""
    rows = waiting_to_be_told(user).only("at", "reviewed_at", "clue__region_id").select_related(None)
    rows = rows.select_related("clue").order_by()
    return late_of(rows[:EXPORT_LIMIT], local_law.current(), clock.today())


def _found(user: User, part: str, late: set[int]) -> QuerySet[Conclusion]:
    tries = Count("tellings", filter=Q(tellings__reached=False))
    rows = waiting_to_be_told(user).annotate(tries=tries).order_by("pk")
    if part == "late":
        return rows.filter(pk__in=late)
    return rows.filter(tries__gt=0) if part == "tried" else rows
