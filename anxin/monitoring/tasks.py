"""Sweeps that run by themselves: soon after something arrived, and every night."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from anxin.evidence import bulk
from anxin.evidence.months import ensure_months
from anxin.local_law import queries as local_law
from anxin.monitoring import accuracy, backtesting, muting
from anxin.monitoring.employers import grade_employers
from anxin.monitoring.escalating import escalate
from anxin.monitoring.forecasting import forecast_pay_days
from anxin.monitoring.models import NightlyRun, Sweep, TouchedEmployer, TouchedProject
from anxin.monitoring.snapshot.signals import with_linked
from anxin.monitoring.sweeping import sweep
from anxin.monitoring.warning_clues import take_in_warnings, tell_clues
from anxin.registry.models import Employer

#: a nightly sweep that has not come to an end after this time is queued again
PATIENCE = dt.timedelta(hours=2)
ATTEMPTS = 5
#: so often a sweep is begun anew because another one, with later knowledge, was faster
_OVERTAKEN = 3
#: touched employers looked at in one sweep
_AT_ONCE = 2000


class Overtaken(RuntimeError):
    """Other sweeps were always faster; the touched projects stay noted for the next one."""


@task()
def sweep_touched_task() -> None:
    """Sweep what was touched since the last time; nothing to do where another task has been here."""
    sweep_touched()


@task()
def sweep_all_task() -> None:
    """Room for the coming months' rows; the nightly sweep of everybody; then what was muted long enough comes back,
    idle warnings climb, coming pay days are forecast, employers are graded, and on the first of a month how often each
    rule was right is counted."""
    now = timezone.now()
    ensure_months(timezone.localdate(now))
    _sweep_now(Sweep.Trigger.NIGHTLY, None)
    now = timezone.now()
    look_after_warnings(on=timezone.localdate(now), now=now)
    forecast_pay_days(as_of=timezone.localdate(now), now=now)
    if Employer.objects.exists():
        # The month's grades are made anew each night, and stay as they were on its last one.
        grade_employers(as_of=timezone.localdate(now), now=now)
    if timezone.localdate(now).day == 1:
        accuracy.count(on=timezone.localdate(now), now=now)


def look_after_warnings(*, on: dt.date, now: dt.datetime) -> None:
    """What a day brings by itself; may run again on the same day."""
    muting.end_due(on=on, now=now)
    escalate(on=on, now=now, law=local_law.current())


@task()
def backtest_task(pk: int) -> None:
    """Run a back-test that somebody asked for."""
    backtesting.run(pk, now=timezone.now())


@task()
def clues_task() -> None:
    """Warnings that are to become clues by themselves do, and clues hear what became of their warnings; once is enough."""
    now = timezone.now()
    tell_clues(now=now)
    take_in_warnings(on=timezone.localdate(now), now=now, law=local_law.current())


def sweep_touched() -> Sweep | None:
    """Sweep the touched projects and employers in one go and forget that they were touched.

    With an employer those are looked at that it is linked with: its trouble is a sign of theirs. All of them are
    graded anew.
    """
    projects = dict(TouchedProject.objects.values_list("pk", "project_id"))
    touched = dict(TouchedEmployer.objects.order_by("pk").values_list("pk", "employer_id")[:_AT_ONCE])
    if not projects and not touched:
        return None
    employers = sorted(with_linked(sorted(set(touched.values()))))
    run = _sweep_now(Sweep.Trigger.IMPORT, sorted(set(projects.values())), employers)
    if employers:
        now = timezone.now()
        grade_employers(as_of=timezone.localdate(now), now=now, employer_ids=employers)
    _forget(TouchedProject, projects)
    _forget(TouchedEmployer, touched)
    if len(touched) == _AT_ONCE:  # there may be more of them
        sweep_touched_task.enqueue()
    return run


def _forget(model: type[TouchedProject] | type[TouchedEmployer], rows: Iterable[int]) -> None:
    for piece in bulk.chunks(rows, 500):
        model._default_manager.filter(pk__in=piece).delete()


def enqueue_due_nightly(now: dt.datetime) -> bool:
    """Queue the nightly sweep when its hour has come; returns whether it did. May be asked every minute.

    One sweep per local day. A night that was missed because the machine was off is made up for by the first
    call afterwards: a sweep looks at today, so one makes up for several. A sweep that did not come to an end
    is queued again, a few times.
    """
    local = timezone.localtime(now)
    day = local.date() if local.hour >= settings.ANXIN_NIGHTLY_HOUR else local.date() - dt.timedelta(days=1)
    with transaction.atomic():
        run, _ = NightlyRun.objects.get_or_create(day=day, defaults={"enqueued_at": now})
        run = NightlyRun.objects.select_for_update().get(pk=run.pk)
        if run.attempts and not _failed(run, now):
            return False
        run.attempts, run.enqueued_at = run.attempts + 1, now
        run.save()
        sweep_all_task.enqueue()
    return True


def _failed(run: NightlyRun, now: dt.datetime) -> bool:
    if run.attempts >= ATTEMPTS or now - run.enqueued_at < PATIENCE:
        return False
    done = Sweep.objects.filter(trigger=Sweep.Trigger.NIGHTLY, started_at__gte=run.enqueued_at)
    return not done.exists()


def _sweep_now(
    trigger: str, project_ids: Sequence[int] | None, employer_ids: Sequence[int] | None = None
) -> Sweep:
    for _ in range(_OVERTAKEN):
        now = timezone.now()
        run = sweep(
            as_of=timezone.localdate(now),
            known_at=now,
            trigger=trigger,
            now=now,
            project_ids=project_ids,
            employer_ids=employer_ids,
        )
        if not run.rehearsal:
            return run
    raise Overtaken("其他扫描一直先完成，本次扫描将在稍后重新进行。")
