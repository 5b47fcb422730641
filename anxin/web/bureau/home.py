"""工作台: what needs me today? Every row opens the thing and says the next step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.evidence.models import ImportBatch
from anxin.monitoring.models import Warning
from anxin.monitoring.queries import Counts, WarningFilters, counts, warning_page
from anxin.registry.access import visible_projects
from anxin.web import clock
from anxin.web.bureau.batches import waiting_batches
from anxin.web.policy import page, user_of

#: rows of each heading; the number beside it leads to all of them
_ROWS = 6


@dataclass(frozen=True)
class Heading:
    """One kind of work: its number, where all of it is, and its first rows."""

    title: str
    number: int
    url: str
    step: str
    warnings: Sequence[Warning]
    hot: bool = False


@page()
def home(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    if not (access.may(user, access.VIEW) or access.may(user, access.IMPORT)):
        if access.may(user, access.AUDIT):
            return redirect("journal")
        return redirect("people") if access.may(user, access.MANAGE) else redirect("account")
    today = clock.today()
    handles = access.may(user, access.HANDLE)
    numbers = counts(user, on=today)
    headings = _headings(user, numbers) if handles else []
    files: list[ImportBatch] = list(waiting_batches(user)[: _ROWS + 1])
    context = {
        "today": today,
        "headings": headings,
        "counts": numbers,
        "files": files[:_ROWS],
        "more_files": len(files) > _ROWS,
        "may_import": access.may(user, access.IMPORT),
        "handles": handles,
        "no_projects": not visible_projects(user).exists(),
        "nothing": not files and not any(heading.number for heading in headings),
    }
    return render(request, "bureau/home.html", context)


def _headings(user: User, numbers: Counts) -> list[Heading]:
    """The kinds of work, most pressing first; a warning is listed under the first that fits."""
    wanted = (
        ("已超期", numbers.overdue, {"due": "overdue"}, "请尽快处置并记录结果", True),
        ("今天到期", numbers.due_today, {"due": "today"}, "今天内处置或申请消除", True),
        ("等我决定", numbers.to_decide, {"waiting": "decide"}, "看依据，同意消除或退回", False),
        ("退回给我", numbers.returned, {"waiting": "returned"}, "补充依据后重新申请", False),
        ("交办给我", numbers.mine, {"mine": "1", "sort": "due"}, "核实情况并记录", False),
        ("新的红色", numbers.new_red, {"level": "4", "state": "open"}, "先知悉，再交办", True),
    )
    seen: set[int] = set()
    return [_heading(user, seen, *parts) for parts in wanted]


def _heading(
    user: User, seen: set[int], title: str, number: int, query: dict[str, str], step: str, hot: bool
) -> Heading:
    url = f"{reverse('warnings')}?{urlencode(query)}"
    if not number:
        return Heading(title, 0, url, step, (), hot)
    found = warning_page(user, WarningFilters.read(query), on=clock.today(), limit=_ROWS + len(seen))
    rows = [warning for warning in found.items if warning.pk not in seen][:_ROWS]
    seen.update(warning.pk for warning in rows)
    return Heading(title, number, url, step, rows, hot)
