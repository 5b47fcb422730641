"""What people do about joint work on a matter's page: give tasks, say what came of them, put it before a meeting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.casework import giving
from anxin.casework.models import Matter, Task
from anxin.kernel.refusal import Refused
from anxin.web import clock, lists
from anxin.web.bureau.matter_acts import day_of
from anxin.web.bureau.matters import find_matter, show
from anxin.web.bureau.meetings import body_of
from anxin.web.policy import page, user_of


@page(access.HANDLE, access.DECIDE, methods=("POST",))
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """One act of joint work on a matter; a refusal is said on top of its page, with what was typed."""
    matter = find_matter(request, pk)
    if action not in _ACTS:
        raise Http404
    what, done = _ACTS[action]
    try:
        what(request, matter, user_of(request), clock.now())
    except Refused as refusal:
        return show(request, find_matter(request, pk), refusal=refusal, where=f"joint-{action}")
    messages.success(request, done)
    return redirect("matter", pk=pk)


def _give(request: HttpRequest, matter: Matter, user: User, now: dt.datetime) -> None:
    due_on = day_of(request.POST.get("due_on", ""), "完成日期", "due_on")
    text = request.POST.get("text", "")
    giving.give_task(matter, title=text, body=body_of(request), due_on=due_on, by=user, now=now)


def _finish(request: HttpRequest, matter: Matter, user: User, now: dt.datetime) -> None:
    giving.finish_task(_task(request, matter), note=request.POST.get("note", ""), by=user, now=now)


def _drop(request: HttpRequest, matter: Matter, user: User, now: dt.datetime) -> None:
    giving.drop_task(_task(request, matter), why=request.POST.get("note", ""), by=user, now=now)


#: name in the address → what it does, and what is said when it is done
_ACTS: dict[str, tuple[Callable[[HttpRequest, Matter, User, dt.datetime], None], str]] = {
    "give": (_give, "任务已交办。"),
    "finish": (_finish, "已登记完成。"),
    "drop": (_drop, "任务已收回。"),
}


def _task(request: HttpRequest, matter: Matter) -> Task:
    number = lists.whole_number(request.POST.get("task"))
    task = Task.objects.filter(matter=matter, pk=number).first() if number else None
    if task is None:
        raise Refused("没有这项任务，请刷新页面。")
    return task
