"""What runs by itself: punches into days, open people against a changed roster, a look for silent gates."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from anxin.workforce.alarms import Watched, watch_gates
from anxin.workforce.deriving import derive_days, resolve_open, waiting_projects


@task()
def derive_task() -> None:
    """Put all new punches into days; a run that is cut off leaves whole projects done and the others waiting."""
    for project in waiting_projects():
        derive_days(project, now=timezone.now())


@task()
def catch_up_task(project_ids: list[int]) -> None:
    """The rosters of these projects have changed: open punches may have found their person."""
    for project in project_ids:
        if resolve_open(project):
            derive_days(project, now=timezone.now())


def look_after_gates(now: dt.datetime) -> Watched:
    """The scheduler's look: silent gates at once, new punches by the worker. May be asked every minute."""
    watched = watch_gates(now)
    waiting = DBTaskResult.objects.ready().filter(task_path=derive_task.module_path)
    if not waiting.exists() and waiting_projects():
        derive_task.enqueue()
    return watched
