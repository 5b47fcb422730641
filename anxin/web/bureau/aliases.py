"""别名: what people call employers and sites besides their registered names, and how one is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.refusal import Refused
from anxin.registry import aliases
from anxin.registry.models import Alias
from anxin.web import clock, lists
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

PAGE = 40
EXPORT_LIMIT = 20_000
_PARTS = {"": "在用", "ended": "已去掉"}
_MOST_TEXT = 60
_COLUMNS = (
    Column("别名", "text", 24),
    Column("登记名称", "text", 40),
    Column("类别", "text", 10),
    Column("项目编码或信用代码", "text", 24),
    Column("在哪里用", "text", 16),
    Column("出处", "text", 30),
    Column("记下的人", "text", 12),
    Column("记下时间", "time", 18),
    Column("去掉的人", "text", 12),
    Column("去掉时间", "time", 18),
    Column("去掉的原因", "text", 40),
)


@dataclass(frozen=True)
class Shown:
    """One alias on a page."""

    alias: Alias
    may_end: bool
    #: the page of what it means is there for this person
    opens: bool


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    return _show(request)


@page(access.VIEW)
def export(request: HttpRequest) -> HttpResponse:
    """The list as a workbook; without a part both the standing and the ended ones."""
    user, today = user_of(request), clock.today()
    rows = [_row(one) for one in _found(request, user, everything="part" not in request.GET)[:EXPORT_LIMIT]]
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today}"
    return lists.workbook_response(table_workbook("别名清单", subtitle, _COLUMNS, rows), "别名清单", today)


@page(access.HANDLE, methods=("POST",))
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one back; to the page it was asked from."""
    user = user_of(request)
    alias = or_404(aliases.visible_aliases(user).filter(pk=pk).first())
    if not aliases.may_end(user, alias):
        raise PermissionDenied
    try:
        aliases.end(alias, why=request.POST.get("why", ""), by=user, now=clock.now())
    except Refused as refusal:
        return _show(request, refusal=str(refusal), refused=alias)
    messages.success(request, f"已去掉别名“{alias}”；以前凭它对应的线索不变。")
    if request.POST.get("back") != "entry":
        return redirect("aliases")
    return (
        redirect("project", alias.project_id) if alias.project_id else redirect("employer", alias.employer_id)
    )


def shown(user: User, known: Sequence[Alias]) -> list[Shown]:
    """The aliases as a page lists them to this person."""
    return [Shown(one, aliases.may_end(user, one), _opens(user, one)) for one in known]


def _opens(user: User, one: Alias) -> bool:
    """An employer without a place of this person's is known to them by its sites alone and has no page for them."""
    return one.employer_id is None or access.may_on_employer(user, access.VIEW, one.employer)


def _show(request: HttpRequest, *, refusal: str = "", refused: Alias | None = None) -> HttpResponse:
    user, after = user_of(request), lists.whole_number(request.GET.get("after"))
    found = _found(request, user)
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found[: PAGE + 1])
    items = rows[:PAGE]
    context: dict[str, Any] = {
        "money_tab": "aliases",
        "rows": shown(user, items),
        "next_key": items[-1].pk if len(rows) > PAGE else None,
        "part": _part(request),
        "parts": list(_PARTS.items()),
        "text": _text(request),
        "refusal": refusal,
        "refused": refused,
        "typed": request.POST.get("why", ""),
    }
    return render(request, "bureau/aliases.html", context, status=422 if refusal else 200)


def _found(request: HttpRequest, user: User, *, everything: bool = False) -> QuerySet[Alias]:
    found = aliases.visible_aliases(user).order_by("-pk")
    if not everything:
        found = found.filter(ended_at__isnull=_part(request) == "")
    return aliases.named(found, _text(request))


def _part(request: HttpRequest) -> str:
    part = request.GET.get("part", "")
    return part if part in _PARTS else ""


def _text(request: HttpRequest) -> str:
    return request.GET.get("text", "").strip()[:_MOST_TEXT]


def _row(one: Alias) -> list[object]:
    entry = one.project or one.employer
    assert entry is not None  # the database sees to it
    return [
        one.name,
        entry.name,
        "项目" if one.project else "用人单位",
        one.project.code if one.project else one.employer.uscc if one.employer else "",
        one.region.name,
        one.source,
        one.by_name,
        clock.local(one.at),
        one.ended_by_name,
        clock.local(one.ended_at) if one.ended_at else None,
        one.ended_why,
    ]
