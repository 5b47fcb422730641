"""A calendar that comes in, or a value that changes, moves due days; it is said what moved."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.casework.models import Matter, OversightMark, Step
from anxin.casework.recomputing import recompute
from anxin.evidence import journal
from anxin.evidence.models import JournalEntry
from anxin.law import Overlay, load
from anxin.law.procedures import OPEN
from anxin.local_law import actions
from anxin.notices.models import Notice
from tests.casework.conftest import day
from tests.casework.tables import FixtureLaw, tables
from tests.casework.walking import Walker
from tests.monitoring import factories as make

NOW = make.at("2026-12-20")
NEXT_YEAR = {
    2027: {
        "notice": "虚构〔2026〕1号",
        "days": [
            (dt.date(2027, 1, 1), "off", "元旦"),
            (dt.date(2027, 1, 4), "off", "元旦"),
            (dt.date(2027, 1, 9), "work", "元旦"),
        ],
    }
}


def with_calendar() -> FixtureLaw:
    return FixtureLaw(load(overlay=Overlay(calendars=NEXT_YEAR)), tables())


def with_value(days: int, region: str = "990102") -> FixtureLaw:
    value = {
        "key": "inspection.complaint_decision_days", "region": region, "name": "虚构区", "from": dt.date(2026, 1, 1),
        "value": days, "source": "虚构文件1号",
    }  # fmt: skip
    return FixtureLaw(load(overlay=Overlay(local_values=(value,))), tables())


def late_in_the_year(world) -> Matter:
    return world.matter(on=day("2026-12-28"), now=make.at("2026-12-28"))


def test_a_year_not_yet_published_is_provisional_until_its_calendar_is_in(world):
    matter = late_in_the_year(world)
    before = matter.deadlines.get()
    assert (before.due_on, before.provisional) == (day("2027-01-05"), True)  # 29, 30, 31, 4, 5
    moved = recompute("导入2027年日历", law=with_calendar(), now=NOW)
    after = matter.deadlines.get()
    assert (after.due_on, after.provisional) == (day("2027-01-06"), False)
    assert [(item.was, item.due) for item in moved] == [(day("2027-01-05"), day("2027-01-06"))]
    matter.refresh_from_db()
    assert (matter.next_due_on, matter.version) == (day("2027-01-06"), 1)
    assert matter.tasks.get().due_on == day("2027-01-06")
    step = matter.steps.get(kind=Step.Kind.RECOMPUTED)
    assert (step.note, step.effects[0]["was"], step.effects[0]["due"]) == (
        "导入2027年日历", "2027-01-05", "2027-01-06",
    )  # fmt: skip
    entry = JournalEntry.objects.get(action="matter.recomputed")
    assert entry.after["moved"] == [
        {
            "matter": matter.number,
            "deadline": after.pk,
            "clock": "decide",
            "from": "2027-01-05",
            "to": "2027-01-06",
        }
    ]


def test_doing_it_again_changes_nothing(world):
    late_in_the_year(world)
    law = with_calendar()
    recompute("日历", law=law, now=NOW)
    entries = JournalEntry.objects.count()
    assert recompute("日历", law=law, now=NOW) == []
    assert JournalEntry.objects.count() == entries


def test_a_local_value_moves_only_its_parameter_in_its_region(world):
    here, there = world.matter(), world.matter(region=make.region("990103"))
    law = with_value(3)
    key = "inspection.complaint_decision_days"
    moved = recompute("本地数值", law=law, now=NOW, parameter=key, region="990102")
    assert [item.deadline.matter_id for item in moved] == [here.pk]
    assert here.deadlines.get().due_on == day("2026-03-05")
    assert there.deadlines.get().due_on == day("2026-03-09")
    assert recompute("别的", law=with_value(2), now=NOW, parameter="inspection.investigation_days") == []


def test_what_was_met_is_history_and_stays(world):
    matter = world.matter()
    world.take(matter, "refuse", "2026-03-05")
    recompute("本地数值", law=with_value(3), now=NOW)
    assert matter.deadlines.get(clock="decide").due_on == day("2026-03-09")


def test_a_pause_is_kept_through_it(world):
    matter = world.accepted()
    world.take(matter, "suspend", "2026-03-09", pause_reason="鉴定")
    recompute("日历", law=with_calendar(), now=NOW)
    assert matter.tasks.get(state="open", key__startswith="clock").due_on is None
    matter.refresh_from_db()
    assert matter.next_due_on is None


def test_a_limit_that_is_not_late_any_more_needs_no_oversight(world):
    from anxin.casework.due import run_due

    matter = world.matter()
    run_due(day("2026-03-10"), now=make.at("2026-03-10"), law=world.law)
    recompute("本地数值", law=with_value(20), now=make.at("2026-03-11"))
    mark = OversightMark.objects.get()
    assert mark.settled_on == day("2026-03-11")
    assert matter.deadlines.get().missed_on is None
    report = run_due(day("2026-04-10"), now=make.at("2026-04-10"), law=with_value(20))
    assert report.marks == 1
    assert OversightMark.objects.get().settled_on is None


def test_it_costs_the_same_for_many(world, django_assert_max_num_queries):
    for _ in range(12):
        late_in_the_year(world)
    with django_assert_max_num_queries(25):
        assert len(recompute("日历", law=with_calendar(), now=NOW)) == 12


@pytest.mark.parametrize("action", actions.LAW_CHANGED)
def test_every_change_of_the_law_queues_it(world, action, monkeypatch):
    from anxin.casework import tasks

    queued = []
    monkeypatch.setattr(tasks.recompute_task.__class__, "enqueue", lambda self, *args: queued.append(args))
    entry = journal.record(
        actor=journal.SYSTEM, action=action, object_type="local_value", object_id=1, summary="确认本地数值",
        now=NOW, after={"key": "inspection.complaint_decision_days", "region": "990102"},
    )  # fmt: skip
    assert queued == [("确认本地数值", "inspection.complaint_decision_days", "990102", str(entry.sequence))]


def test_whoever_works_on_what_moved_is_told_once_how_many(world, monkeypatch):
    from anxin.casework import tasks

    for _ in range(3):
        late_in_the_year(world)
    world.matter(region=make.region("990201"), lead=world.elsewhere, by=world.stranger)
    monkeypatch.setattr(tasks, "current", with_calendar)
    for _ in range(2):
        tasks.recompute_task.func("导入2027年日历", "", "", "77")
    told = Notice.objects.filter(kind="law_changed")
    assert sorted(told.values_list("to__username", "title", "count")) == [
        (name, "3个期限已重新计算", 3) for name in ("colleague", "inspector", "leader")
    ]


def test_a_limit_left_to_localities_is_counted_once_the_bureau_has_recorded_it(world):
    key = "channels.clue_platform_deadline_days"
    table = next(
        table for table in world.law.procedures() if key in {clock.parameter for clock in table.clocks}
    )
    clock = next(clock for clock in table.clocks if clock.parameter == key)
    walker = Walker(world, table, slow=False)
    if OPEN not in clock.starts:
        walker.problems[clock.starts[0]] = ""
        walker.straight(clock.starts[0])
    matter = walker.matter
    deadline = matter.deadlines.get(clock=clock.key)
    assert (deadline.due_on, "由当地按正式文件补录" in deadline.problem) == (None, True)
    value = {"key": key, "region": "990102", "name": "虚构区", "from": dt.date(2026, 1, 1), "value": 5,
             "source": "虚构文件2号"}  # fmt: skip
    law = FixtureLaw(load(overlay=Overlay(local_values=(value,))), tables())
    recompute("本地数值", law=law, now=NOW, parameter=key, region="990102")
    deadline.refresh_from_db()
    assert deadline.due_on is not None
    assert deadline.problem == ""
