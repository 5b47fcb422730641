"""Sweeps that nobody asks for: after something arrived, and every night."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult
from stdnum.cn import uscc

from anxin.evidence import imports, journal
from anxin.monitoring import tasks
from anxin.monitoring.handlers import ACTIONS
from anxin.monitoring.models import EmployerGrade, NightlyRun, Sweep, TouchedEmployer, TouchedProject, Warning
from anxin.registry.models import Employer
from tests.monitoring import factories as make
from tests.monitoring.test_sweep import unpaid_site

pytestmark = pytest.mark.django_db
_CODES = [
    body + str(uscc.calc_check_digit(body)) for body in (f"91990101MB{number:07d}" for number in (1, 2, 3))
]


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


def events_file(actor, now, *rows: str, kind: str = "events"):
    heads = {
        "events": "编号,统一社会信用代码,种类,日期,止,人数,金额",
        "links": "统一社会信用代码,关联单位代码,关系,起,止",
    }
    batch = imports.open_batch(
        kind=kind, data="\n".join((heads[kind], *rows)).encode(), filename=f"{kind}.csv", actor=actor, now=now
    )
    return imports.accept_batch(batch.pk, actor=actor, now=now, recognition=batch.recognition)


@pytest.fixture
def firms(home, every_rule_warns) -> list[Employer]:
    """Three firms with valid codes, registered in one district."""
    return [
        Employer.objects.create(uscc=code, name=f"示例公司{number}", region=make.region("990101"))
        for number, code in enumerate(_CODES, 1)
    ]


def test_an_accepted_file_sweeps_the_employers_it_tells_of_and_no_others(actor, now, firms):
    events_file(actor, now, f"E1,{_CODES[0]},失信,2026-10-08,,,", f"E2,{_CODES[1]},失信,2026-10-08,,,")
    assert queued("sweep_touched_task") == 1
    assert set(TouchedEmployer.objects.values_list("employer", flat=True)) == {firms[0].pk, firms[1].pk}
    Warning.objects.all().delete()
    tasks.sweep_touched()
    assert set(Warning.objects.filter(rule="E09").values_list("employer", flat=True)) == {
        firms[0].pk,
        firms[1].pk,
    }
    assert set(EmployerGrade.objects.values_list("employer", flat=True)) == {firms[0].pk, firms[1].pk}
    assert not TouchedEmployer.objects.exists()


def test_the_same_file_again_touches_nobody(actor, now, firms):
    row = f"E1,{_CODES[0]},失信,2026-10-08,,,"
    events_file(actor, now, row)
    tasks.sweep_touched()
    events_file(actor, now, row)
    assert not TouchedEmployer.objects.exists()
    assert tasks.sweep_touched() is None


def test_those_an_employer_is_linked_with_are_looked_at_with_it(actor, now, firms):
    events_file(actor, now, f"{_CODES[2]},{_CODES[0]},同一股东,,", kind="links")
    tasks.sweep_touched()
    events_file(actor, now, f"E1,{_CODES[0]},失信,2026-10-08,,,")
    tasks.sweep_touched()
    assert Warning.objects.get(rule="E08").employer == firms[2]


def test_a_case_that_is_withdrawn_clears_the_warning_soon_after(actor, now, firms):
    events_file(actor, now, f"E1,{_CODES[0]},失信,2026-10-08,,,")
    tasks.sweep_touched()
    events_file(actor, now, f"E1,{_CODES[0]},失信,2026-10-08,2026-10-20,,")
    tasks.sweep_touched()
    assert Warning.objects.get(rule="E09").state == Warning.State.CLEARED


def test_a_month_of_a_whole_city_is_left_to_the_night(actor, now, firms, monkeypatch):
    monkeypatch.setattr(imports, "_EMPLOYERS_NAMED", 1)
    events_file(actor, now, f"E1,{_CODES[0]},失信,2026-10-08,,,", f"E2,{_CODES[1]},失信,2026-10-08,,,")
    assert queued("sweep_touched_task") == 0


def test_many_touched_employers_are_swept_in_several_goes(actor, now, firms, monkeypatch):
    monkeypatch.setattr(tasks, "_AT_ONCE", 1)
    events_file(actor, now, f"E1,{_CODES[0]},失信,2026-10-08,,,", f"E2,{_CODES[1]},失信,2026-10-08,,,")
    tasks.sweep_touched()
    assert TouchedEmployer.objects.count() == 1 and queued("sweep_touched_task") == 2


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
