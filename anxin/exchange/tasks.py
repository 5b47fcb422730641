"""The worker's part: filling the queue and draining it. Each may run twice: the second time finds nothing to do."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from anxin.exchange.models import Platform
from anxin.exchange.uploads import draining, filling

#: so often every project is looked through for what the reactions missed
CATCH_UP = dt.timedelta(hours=24)


@task()
def upload_task() -> None:
    """Send what is due and ask for receipts."""
    draining.drain(timezone.now())


@task()
def fill_task(project_ids: list[int]) -> None:
    """Queue what is new or changed of these projects."""
    if filling.fill_projects(project_ids, now=timezone.now()):
        enqueue_upload()


@task()
def fill_all_task(platform_id: int) -> None:
    """Queue what is new or changed of all projects for one platform."""
    platform = Platform.objects.filter(pk=platform_id, enabled=True).first()
    if platform is not None and filling.fill_all(platform, now=timezone.now()):
        enqueue_upload()


def enqueue_upload() -> None:
    """Queue the sending where none waits already."""
    if not _waiting(upload_task.module_path):
        upload_task.enqueue()


def enqueue_due(now: dt.datetime) -> bool:
    """Queue what is due: sending, and once a day the catching up; may be asked every minute."""
    found = False
    for platform in Platform.objects.filter(enabled=True).order_by("pk"):
        late = platform.filled_at is None or platform.filled_at <= now - CATCH_UP
        if late and not _waiting(fill_all_task.module_path):
            fill_all_task.enqueue(platform.pk)
            found = True
    if not _waiting(upload_task.module_path) and draining.anything_due(now):
        upload_task.enqueue()
        found = True
    return found


def _waiting(path: str) -> bool:
    return DBTaskResult.objects.ready().filter(task_path=path).exists()
