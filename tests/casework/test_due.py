"""What follows by itself when last days go by; once, whatever is missed or repeated."""

from __future__ import annotations

import pytest

from anxin.casework import tasks
from anxin.casework.due import run_due
from anxin.casework.models import DailyRun, Matter, OversightMark, Step
from anxin.casework.statuses import Standing, status
from anxin.evidence.models import JournalEntry
from anxin.notices.models import Notice
from tests.casework.conftest import day
from tests.monitoring import factories as make


def run(world, on):
    return run_due(day(on), now=make.at(on, 3), law=world.law)


def test_on_the_last_day_nothing_happens(world):
    world.matter()
    assert run(world, "2026-03-09").missed == 0
    assert not OversightMark.objects.exists()


def test_missed_limit_is_marked_once_with_the_sentence_of_the_table(world):
    matter = world.matter()
    report = run(world, "2026-03-10")
    assert (report.missed, report.marks, report.failed) == (1, 1, 0)
    mark = OversightMark.objects.get()
    assert (mark.sentence, mark.raised_on, mark.settled_on) == (
        "逾期未决定，列入督办。",
        day("2026-03-10"),
        None,
    )
    entries = JournalEntry.objects.count()
    assert run(world, "2026-03-11").missed == 0
    assert OversightMark.objects.count() == 1
    assert JournalEntry.objects.count() == entries
    step = matter.steps.get(kind=Step.Kind.MISSED)
    assert (step.note, step.to_state) == ("逾期未决定，列入督办。", "registered")
    told = set(Notice.objects.filter(kind="oversight").values_list("to__username", flat=True))
    assert told == {"leader", "inspector", "colleague"}


def test_made_up_for_settles_the_mark_which_stays(world):
    matter = world.matter()
    run(world, "2026-03-10")
    world.take(matter, "refuse", "2026-03-12")
    mark = OversightMark.objects.get()
    assert mark.settled_on == day("2026-03-12")


def test_done_in_time_and_entered_late_counts_as_done_in_time(world):
    matter = world.matter()
    run(world, "2026-03-10")
    world.take(matter, "refuse", "2026-03-09")
    clock = matter.deadlines.get(clock="decide")
    assert status(clock, day("2026-03-20"), world.law.calendar).standing is Standing.MET
    assert OversightMark.objects.get().settled_on is not None


def test_a_partys_right_is_no_oversight_and_the_next_step_follows(world):
    matter = world.matter()
    world.take(matter, "refuse", "2026-03-05")
    assert run(world, "2026-03-12").steps == 0
    report = run(world, "2026-03-13")
    assert (report.steps, report.marks) == (1, 0)
    matter.refresh_from_db()
    assert matter.state == "closed"
    step = matter.steps.get(kind=Step.Kind.AUTOMATIC)
    assert (step.transition, step.on, step.actor) == ("give_up", day("2026-03-13"), "system")
    assert run(world, "2026-03-14").steps == 0


def test_days_without_a_run_are_made_up_for(world):
    matter = world.matter()
    world.take(matter, "refuse", "2026-03-05")
    run(world, "2026-04-20")
    assert matter.steps.get(kind=Step.Kind.AUTOMATIC).on == day("2026-03-13")


def test_paused_limits_are_not_missed(world):
    matter = world.accepted()
    world.take(matter, "suspend", "2026-03-09", pause_reason="鉴定")
    assert run(world, "2026-12-01").missed == 0


def test_one_matter_that_fails_stops_no_other(world, monkeypatch):
    from anxin.casework import due

    broken, whole = world.matter(), world.matter()
    original = due._note_missed

    def failing(found, *arguments):
        if found.matter.pk == broken.pk:
            raise ValueError("broken")
        return original(found, *arguments)

    monkeypatch.setattr(due, "_note_missed", failing)
    report = run(world, "2026-03-10")
    assert (report.missed, report.failed) == (1, 1)
    assert OversightMark.objects.get().matter == whole
    monkeypatch.undo()
    assert run(world, "2026-03-11").missed == 1


def test_the_day_is_queued_once_and_again_only_when_lost(world, settings):
    settings.ANXIN_NIGHTLY_HOUR = 2
    assert not tasks.enqueue_due_daily(make.at("2026-03-10", 1))
    assert tasks.enqueue_due_daily(make.at("2026-03-10", 2))
    assert not tasks.enqueue_due_daily(make.at("2026-03-10", 2))
    assert tasks.enqueue_due_daily(make.at("2026-03-10", 4))
    tasks.run_day(day("2026-03-10"), now=make.at("2026-03-10", 4))
    assert DailyRun.objects.get().finished_at is not None
    assert not tasks.enqueue_due_daily(make.at("2026-03-10", 9))
    assert tasks.enqueue_due_daily(make.at("2026-03-11", 2))


@pytest.mark.parametrize("automatic", [True, False])
def test_steps_that_happen_by_themselves_ask_for_their_papers_afterwards(world, automatic):
    """special: the shipped tables have automatic steps with papers; what they need becomes a task."""
    from tests.casework.walking import Walker

    found = next(
        (table, step)
        for table in world.law.procedures()
        for step in table.transitions
        if step.automatic and step.documents and not table.state(step.to).final
        and all(key == "open" for key in table.clock(step.automatic.clock).starts)
        and table.initial.key in step.from_
    )  # fmt: skip
    table, step = found
    walker = Walker(world, table, slow=False)
    if not automatic:
        assert not walker.matter.tasks.filter(kind="paper").exists()
        return
    assert walker.step(step) == ""
    matter = Matter.objects.get(pk=walker.matter.pk)
    wanted = {f"补附文书：{world.law.document(kind).name}" for kind in step.documents}
    assert set(matter.tasks.filter(kind="paper", state="open").values_list("title", flat=True)) == wanted
    world.paper(matter, step.documents[0])
    assert matter.tasks.filter(kind="paper", state="done").count() == 1
