"""What runs by itself: the day's run over due days and reminders, and recomputation after a change of the law."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from anxin.casework import daily
from anxin.casework.due import run_due
from anxin.casework.models import DailyRun
from anxin.casework.notifying import tell_moved
from anxin.casework.recomputing import recompute
from anxin.casework.reminding import remind
from anxin.channels.flags import watch_flags
from anxin.funds.expiry import remind as remind_of_ending
from anxin.local_law.queries import current

#: a run that has not come to an end after this time is queued again
PATIENCE = dt.timedelta(hours=1)
ATTEMPTS = 5


@task()
def daily_task() -> None:
    """Due days first, reminders after: what has just been missed is reminded of as overdue."""
    now = timezone.now()
    run_day(timezone.localdate(now), now=now)


@task()
def recompute_task(reason: str, parameter: str, region: str, occasion: str) -> None:
    """Work out anew what rests on a changed value; empty ``parameter``: everything.

    ``occasion`` names the change: whoever works on what moved is told once.
    """
    now = timezone.now()
    moved = recompute(reason, law=current(), now=now, parameter=parameter, region=region)
    tell_moved([item.deadline for item in moved], reason=reason, once_key=occasion, now=now)


def run_day(on: dt.date, *, now: dt.datetime) -> None:
    """The run of one day; may be done again, and tells nobody twice."""
    law = current()
    run_due(on, now=now, law=law)
    remind(on, now=now, law=law)
    remind_of_ending(on, now=now, law=law)
    watch_flags(now=now)
    daily.run_all(on, now, law)
    DailyRun.objects.filter(day=on).update(finished_at=now)


def enqueue_due_daily(now: dt.datetime) -> bool:
    """Queue the day's run once its hour has come; returns whether it did. May be asked every minute.

    One run per local day. A day on which the machine was off is made up for by the next run. A run that did
    not come to its end is queued again, a few times.
    """
    local = timezone.localtime(now)
    if local.hour < settings.ANXIN_NIGHTLY_HOUR:
        return False
    with transaction.atomic():
        DailyRun.objects.get_or_create(day=local.date(), defaults={"enqueued_at": now})
        run = DailyRun.objects.select_for_update().get(pk=local.date())
        if run.finished_at is not None or (run.attempts and not _lost(run, now)):
            return False
        run.attempts, run.enqueued_at = run.attempts + 1, now
        run.save()
        daily_task.enqueue()
    return True


def _lost(run: DailyRun, now: dt.datetime) -> bool:
    return run.attempts < ATTEMPTS and now - run.enqueued_at >= PATIENCE
