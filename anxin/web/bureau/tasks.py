"""我的待办: everything with a due day that waits for me, in one list."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from anxin.accounts import access
from anxin.casework.exports import tasks_workbook
from anxin.casework.tasklist import KINDS, TaskFilters, my_tasks, task_counts
from anxin.clues.opening import deciding
from anxin.local_law import queries as local_law
from anxin.referral.access import merged_to_be_told, to_review, waiting_to_be_told
from anxin.web import clock, lists
from anxin.web.bureau.matter_words import standing_of_task
from anxin.web.policy import page, user_of

WHOSE = (("mine", "我的"), ("office", "本单位未指定人员的"))
DUE = (("overdue", "已逾期"), ("today", "今天到期"), ("week", "七天内到期"))


@page(access.HANDLE, access.DECIDE)
def listing(request: HttpRequest) -> HttpResponse:
    user, today, law = user_of(request), clock.today(), local_law.current()
    filters = TaskFilters.read(request.GET)
    found = my_tasks(user, today, law=law, filters=filters, after=request.GET.get("after", ""))
    context = {
        "filters": filters,
        "rows": [(row, standing_of_task(row, today, law.calendar)) for row in found.items],
        "next_key": found.next_after,
        "counts": task_counts(user, today),
        "narrowed": _narrowed(request.GET),
        "whose": WHOSE,
        "due_choices": DUE,
        "kinds": list(KINDS.items()),
        "today": today,
        "openings": deciding(user).count() if access.may(user, access.UNMASK) else 0,
        "reviews": to_review(user).count() if access.may(user, access.DECIDE) else 0,
        "untold": waiting_to_be_told(user, access.HANDLE).count() if access.may(user, access.HANDLE) else 0,
        "merged_untold": merged_to_be_told(user, access.HANDLE).count()
        if access.may(user, access.HANDLE)
        else 0,
    }
    return render(request, "bureau/tasks.html", context)


@page(access.HANDLE, access.DECIDE)
def export(request: HttpRequest) -> HttpResponse:
    """The filtered list as a workbook."""
    user, today = user_of(request), clock.today()
    data = tasks_workbook(
        user,
        on=today,
        office=lists.office_of(user),
        law=local_law.current(),
        filters=TaskFilters.read(request.GET),
    )
    return lists.workbook_response(data, "我的待办", today)


def _narrowed(query: QueryDict) -> bool:
    return any(query.get(name) for name in query if name != "after")
