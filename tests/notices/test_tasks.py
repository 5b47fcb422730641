"""The scheduler and the worker bring it out."""

from __future__ import annotations

import pytest
from django_tasks_db.models import DBTaskResult

from anxin.cli.main import main
from anxin.notices.models import Delivery
from anxin.notices.tasks import deliver_task, enqueue_due


def waiting() -> int:
    return DBTaskResult.objects.ready().filter(task_path=deliver_task.module_path).count()


def test_nothing_is_queued_when_nothing_is_due(lin, tell, now):
    tell(lin)
    assert enqueue_due(now) is False
    assert waiting() == 0


def test_what_is_due_is_queued_once_however_often_one_looks(mail, lin, tell, now, later):
    tell(lin)
    assert enqueue_due(now) is True
    assert enqueue_due(later(minutes=1)) is False
    assert waiting() == 1


def test_a_task_lost_with_its_worker_does_not_stop_the_next(mail, lin, tell, now, later):
    tell(lin)
    enqueue_due(now)
    DBTaskResult.objects.update(status="RUNNING")
    assert enqueue_due(later(minutes=1)) is True


@pytest.mark.django_db(transaction=True)
def test_the_scheduler_looks_after_notices_too(mail, lin, tell):
    from django.utils import timezone

    tell(lin, now=timezone.now())
    assert main(["scheduler", "--once"]) == 0
    assert waiting() == 1


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_delivers(live_console, lin):
    """The worker's process knows of no mail server: what is queued is tried and waits, and says why."""
    from django.utils import timezone

    from anxin.notices import services

    [notice] = services.send_many(
        [services.Message(to=lin, kind="task_due", title="将到期", once_key="a")], now=timezone.now()
    )
    Delivery.objects.create(notice=notice, channel="webhook", next_try=timezone.now())
    assert enqueue_due(timezone.now())
    live_console.drain()
    row = Delivery.objects.get(channel="webhook")
    assert (row.state, row.attempts) == ("queued", 1)
    assert "ANXIN_WEBHOOK_URL" in row.sentence
