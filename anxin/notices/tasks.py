"""The worker's part: sending what is queued, whenever something is due."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from anxin.notices.delivering import due, retry_due


@task()
def deliver_task() -> None:
    """Send what is due; running twice at once or again after a crash sends nothing twice."""
    retry_due(timezone.now())


def enqueue_due(now: dt.datetime) -> bool:
    """Queue the task when something is due and none waits already; may be asked every minute."""
    waiting = DBTaskResult.objects.ready().filter(task_path=deliver_task.module_path)
    if waiting.exists() or not due(now).exists():
        return False
    deliver_task.enqueue()
    return True
