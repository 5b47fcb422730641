"""What takes longer than a page: making a thousand files, setting a thousand seals. Put back after a crash, they go on."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from anxin.contracts.drafting import make_batch
from anxin.contracts.seals import seal_asked


@task()
def make_batch_task(batch_id: int) -> None:
    make_batch(batch_id, now=timezone.now())


@task()
def seal_task() -> None:
    seal_asked(now=timezone.now())
