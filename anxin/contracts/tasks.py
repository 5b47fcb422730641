"""What takes longer than a page: making a thousand files, setting a thousand seals, telling a thousand people. Put back after
a crash, they go on."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from anxin.contracts import telling
from anxin.contracts.drafting import make_batch
from anxin.contracts.seals import seal_asked


@task()
def make_batch_task(batch_id: int) -> None:
    try:
        make_batch(batch_id, now=timezone.now())
    finally:  # what was sent before something went wrong was sent
        tell_task.enqueue()


@task()
def seal_task() -> None:
    try:
        seal_asked(now=timezone.now())
    finally:
        tell_task.enqueue()


@task()
def tell_task() -> None:
    """Tell whoever is still to be told. Where the gateway is silent, or another run has some in hand, it comes again."""
    while (portion := telling.tell_portion(now=timezone.now())) and not portion.silent:
        pass
    if telling.waiting().exists():
        tell_task.using(run_after=timezone.now() + telling.HOLDS).enqueue()
