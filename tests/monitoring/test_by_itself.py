"""Sweeps that nobody asks for: after something arrived, and every night."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from anxin.evidence import journal
from anxin.monitoring import tasks
from anxin.monitoring.handlers import ACTIONS
from anxin.monitoring.models import NightlyRun, Sweep, TouchedProject, Warning
from tests.monitoring import factories as make
from tests.monitoring.test_sweep import unpaid_site

pytestmark = pytest.mark.django_db


def happened(actor, now, action: str = "import.accepted", **after):
    journal.record(
        actor=actor, action=action, object_type="import_batch", object_id=1, summary="", now=now, after=after
    )


def queued(name: str) -> int:
    return DBTaskResult.objects.filter(task_path__endswith=name).count()


@pytest.mark.parametrize("action", ACTIONS)
def test_what_arrives_about_a_project_queues_a_sweep_of_it(action, actor, now):
    site = make.project()
    happened(actor, now, action, project_ids=[site.pk])
    assert queued("sweep_touched_task") == 1
    assert list(TouchedProject.objects.values_list("project_id", flat=True)) == [site.pk]


def test_other_entries_and_unknown_projects_queue_nothing(actor, now):
    happened(actor, now, "import.delivered", project_ids=[make.project().pk])
    happened(actor, now, project_ids=[987654])
    happened(actor, now)
    assert queued("sweep_touched_task") == 0


def test_a_refused_transaction_leaves_no_task_behind(actor, now):
    site = make.project()
    with pytest.raises(RuntimeError), transaction.atomic():
        happened(actor, now, project_ids=[site.pk])
        raise RuntimeError("power cut")
    assert queued("sweep_touched_task") == 0 and not TouchedProject.objects.exists()


def test_twenty_files_in_a_row_cost_one_sweep_and_other_projects_stay_untouched(actor, now):
    site, _ = unpaid_site(code="P1")
    unpaid_site(code="P2")
    for _ in range(20):
        happened(actor, now, project_ids=[site.pk])
    tasks.sweep_touched()
    tasks.sweep_touched()
    [run] = Sweep.objects.all()
    assert (run.trigger, run.project_ids) == (Sweep.Trigger.IMPORT, [site.pk])
    assert set(Warning.objects.values_list("project__code", flat=True)) == {"P1"}
    assert not TouchedProject.objects.exists()


def test_a_killed_sweep_leaves_its_projects_noted(actor, now, monkeypatch):
    happened(actor, now, project_ids=[make.project().pk])

    def killed(**_):
        raise KeyboardInterrupt

    monkeypatch.setattr(tasks, "sweep", killed)
    with pytest.raises(KeyboardInterrupt):
        tasks.sweep_touched()
    assert TouchedProject.objects.count() == 1


@pytest.mark.parametrize(
    ("moments", "nights"),
    [
        # asked every minute: once
        (["2026-11-20T02:00", "2026-11-20T02:01", "2026-11-20T23:59"], 1),
        # before the hour the night before is meant
        (["2026-11-20T01:59", "2026-11-20T02:00"], 2),
        (["2026-11-20T02:00", "2026-11-21T01:59", "2026-11-21T02:00"], 2),
        # off for a week: one sweep makes up for it
        (["2026-11-13T02:00", "2026-11-20T09:00", "2026-11-20T09:01"], 2),
    ],
)
def test_one_sweep_is_queued_per_night(moments, nights):
    for text in moments:
        moment = dt.datetime.fromisoformat(text).replace(tzinfo=make.SHANGHAI)
        Sweep.objects.create(**_manifest(moment))  # whatever was queued has come to its end
        tasks.enqueue_due_nightly(moment)
    assert queued("sweep_all_task") == nights


def test_a_nightly_sweep_that_came_to_no_end_is_queued_again_a_few_times():
    start = make.at("2026-11-20", 2)
    times = [start + dt.timedelta(hours=n) for n in range(20)]
    assert sum(tasks.enqueue_due_nightly(moment) for moment in times) == tasks.ATTEMPTS
    assert NightlyRun.objects.get().attempts == tasks.ATTEMPTS


def test_a_nightly_sweep_that_ended_is_not_queued_again():
    start = make.at("2026-11-20", 2)
    assert tasks.enqueue_due_nightly(start)
    Sweep.objects.create(**_manifest(start + dt.timedelta(minutes=1)))
    assert not tasks.enqueue_due_nightly(start + dt.timedelta(hours=5))


def test_the_queued_tasks_can_be_called():
    unpaid_site()
    tasks.sweep_all_task.func()
    tasks.sweep_touched_task.func()
    [run] = Sweep.objects.all()
    assert run.trigger == Sweep.Trigger.NIGHTLY and run.opened >= 1


def _manifest(moment: dt.datetime) -> dict:
    return {
        "trigger": Sweep.Trigger.NIGHTLY,
        "as_of": moment.date(),
        "known_at": moment,
        "code_version": "0",
        "parameters_hash": "0",
        "rules": [],
        **dict.fromkeys(
            ("facts", "findings", "gaps", "opened", "continued", "worsened", "cleared", "milliseconds"), 0
        ),
        "started_at": moment,
    }
