"""工作台: what needs me today? Every row opens the thing and says the next step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.casework.tasklist import TaskRow, my_tasks, task_counts
from anxin.clues import queries as clue_queries
from anxin.enforcement import crime_list
from anxin.evidence.models import ImportBatch
from anxin.local_law import queries as local_law
from anxin.monitoring.models import Warning
from anxin.monitoring.queries import Counts, WarningFilters, counts, first_of_each
from anxin.monitoring.sections import Section, divided
from anxin.registry.access import visible_projects
from anxin.web import clock
from anxin.web.bureau.batches import waiting_batches
from anxin.web.bureau.matter_words import standing_of_task
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
    parts: Sequence[Section[Warning]] = ()
    hot: bool = False
    note: str = ""
    #: of its first rows, so many are listed under a kind before it
    above: int = 0


@page()
def home(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    if not (access.may(user, access.VIEW) or access.may(user, access.IMPORT)):
        if access.may(user, access.EMPLOYER):
            return redirect("employer:home")
        if access.may(user, access.BANK):
            return redirect("bank:home")
        if access.may(user, access.REPORT):
            return redirect("grid:home")
        if access.may(user, access.MEDIATE):
            return redirect("mediation-mine")
        if access.may(user, access.ARBITRATE):
            return redirect("arbitration-mine")
        if access.may(user, access.AUDIT):
            return redirect("journal")
        return redirect("people") if access.may(user, access.MANAGE) else redirect("account")
    today = clock.today()
    handles = access.may(user, access.HANDLE)
    numbers = counts(user, on=today)
    tasks = _tasks(user, today) if handles else None
    rows = _task_rows(user, today) if tasks and tasks.number else []
    listed = {row.link_id for row, _ in rows if row.link_kind == "warning"}
    headings = [*_headings(user, numbers, listed), _clues(user), _crime(user, today)] if handles else []
    files: list[ImportBatch] = list(waiting_batches(user)[: _ROWS + 1])
    context = {
        "today": today,
        "headings": headings,
        "tasks": tasks,
        "task_rows": rows,
        "counts": numbers,
        "files": files[:_ROWS],
        "more_files": len(files) > _ROWS,
        "may_import": access.may(user, access.IMPORT),
        "handles": handles,
        "no_projects": not visible_projects(user).exists(),
        "nothing": not files and not rows and not any(heading.number for heading in headings),
    }
    return render(request, "bureau/home.html", context)


def _tasks(user: User, today: dt.date) -> Heading:
    """我的待办: matters and warnings that wait for me by name or for my body."""
    numbers = task_counts(user, today)
    late = f"{numbers.overdue} 件已逾期" if numbers.overdue else ""
    soon = f"{numbers.due_today} 件今天到期" if numbers.due_today else ""
    note = "，".join(part for part in (late, soon) if part)
    return Heading("我的待办", numbers.all, reverse("tasks"), "", (), bool(numbers.overdue), note)


def _clues(user: User) -> Heading:
    """待派欠薪线索: read as wages owed, and nobody has them yet."""
    waiting = clue_queries.waiting(user)
    url = f"{reverse('clues')}?{urlencode({'part': 'wages', 'state': 'new'})}"
    note = f"{waiting.now} 条特急" if waiting.now else ""
    return Heading("待派欠薪线索", waiting.number, url, "", (), bool(waiting.now), note)


def _crime(user: User, today: dt.date) -> Heading:
    """达到刑事标准: an amount of the criminal line is reached, and nobody has begun to hand the case over."""
    number = crime_list.waiting(user, today, local_law.current())
    url = f"{reverse('crime-watch')}?{urlencode({'level': 'met', 'transfer': 'no'})}"
    return Heading("达到刑事数额未移送", number, url, "", (), bool(number))


def _task_rows(user: User, today: dt.date) -> list[tuple[TaskRow, tuple[str, str]]]:
    law = local_law.current()
    found = my_tasks(user, today, law=law, limit=_ROWS).items
    return [(row, standing_of_task(row, today, law.calendar)) for row in found]


def _headings(user: User, numbers: Counts, listed: set[int]) -> list[Heading]:
    """The kinds of warnings, most pressing first; a warning is listed once, under the first that fits."""
    wanted = (
        ("预警已超期", numbers.overdue, {"due": "overdue"}, "请尽快处置并记录结果", True),
        ("预警今天到期", numbers.due_today, {"due": "today"}, "今天内处置或申请消除", True),
        ("等我决定", numbers.to_decide, {"waiting": "decide"}, "看依据，同意消除或退回", False),
        ("等我决定静默", numbers.mutes_to_decide, {"waiting": "mute"}, "看理由和期限，同意或不同意", False),
        ("退回给我", numbers.returned, {"waiting": "returned"}, "补充依据后重新申请", False),
        ("新的红色", numbers.new_red, {"level": "4", "state": "open"}, "先知悉，再交办", True),
    )
    asked = [WarningFilters.read(query) for _, number, query, _, _ in wanted if number]
    # As many of each as could be listed already under those before it, and its own.
    found = first_of_each(user, asked, on=clock.today(), limit=_ROWS * len(asked) + len(listed))
    lists, seen, headings = iter(found), set(listed), []
    for title, number, query, step, hot in wanted:
        all_rows = next(lists) if number else ()
        rows = [one for one in all_rows if one.pk not in seen][:_ROWS]
        above = sum(one.pk in seen for one in all_rows)
        seen.update(one.pk for one in rows)
        url = f"{reverse('warnings')}?{urlencode(query)}"
        headings.append(Heading(title, number, url, step, divided(rows) if rows else (), hot, above=above))
    return headings
