"""A limit that was missed and then counts anew: watched again, told again; and what cannot stop a missed one."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.casework.due import run_due
from anxin.casework.models import EventDate, Matter, OversightMark
from anxin.casework.tasklist import TaskFilters, my_tasks, task_counts
from anxin.kernel.refusal import Refused
from anxin.notices.models import Notice
from tests.casework.conftest import day
from tests.monitoring import factories as make


def night(world, on: str) -> None:
    run_due(day(on), now=make.at(on), law=world.law)


def mark_of(matter: Matter) -> OversightMark:
    return matter.oversight.select_related("deadline").get()


def test_a_missed_limit_that_begins_anew_leaves_oversight(world):
    matter = world.matter()
    world.take(matter, "ask_papers", "2026-03-04")
    night(world, "2026-03-12")
    assert mark_of(matter).settled_on is None

    world.take(matter, "complete", "2026-03-20")
    mark = mark_of(matter)
    assert (mark.deadline.due_on, mark.deadline.missed_on) == (day("2026-03-27"), None)
    assert mark.settled_on == day("2026-03-20")


def test_missed_a_second_time_it_is_overseen_and_told_again(world):
    matter = world.matter()
    world.take(matter, "ask_papers", "2026-03-04")
    night(world, "2026-03-12")
    world.take(matter, "complete", "2026-03-20")
    first = Notice.objects.filter(kind="oversight", to=world.leader).count()

    night(world, "2026-03-30")
    mark = mark_of(matter)
    assert (mark.deadline.missed_on, mark.settled_on) == (day("2026-03-28"), None)
    assert matter.steps.filter(kind="missed").count() == 2
    assert Notice.objects.filter(kind="oversight", to=world.leader).count() == first + 1

    night(world, "2026-03-31")
    assert Notice.objects.filter(kind="oversight", to=world.leader).count() == first + 1


def test_a_pause_entered_late_for_a_day_in_time_ends_oversight(world):
    matter = world.accepted()
    night(world, "2026-06-05")
    assert mark_of(matter).settled_on is None
    world.take(matter, "suspend", "2026-06-01", pause_reason="等待鉴定")
    deadline = mark_of(matter).deadline
    assert (deadline.paused_since, deadline.missed_on) == (day("2026-06-01"), None)
    assert mark_of(matter).settled_on == day("2026-06-01")


def test_a_pause_after_the_last_day_does_not_hide_that_it_is_overdue(world):
    matter = world.accepted()
    world.take(matter, "suspend", "2026-06-10", pause_reason="等待鉴定")
    deadline = matter.deadlines.get(clock="investigate")
    assert (deadline.paused_since, deadline.due_on) == (None, day("2026-06-02"))
    assert not deadline.pauses.exists()
    night(world, "2026-06-11")
    assert mark_of(matter).deadline.clock == "investigate"


def test_a_pause_on_the_last_day_still_stops_it(world):
    matter = world.accepted()
    world.take(matter, "suspend", "2026-06-02", pause_reason="等待鉴定")
    assert matter.deadlines.get(clock="investigate").paused_since == day("2026-06-02")


@pytest.mark.parametrize("name", ["无人过问之日", "名" * 500])
def test_a_day_that_nothing_counts_from_is_not_kept(world, name):
    matter = world.matter()
    with pytest.raises(Refused, match="这里不登记") as caught:
        world.take(matter, "ask_papers", "2026-03-04", events={name: day("2026-03-03")})
    assert caught.value.field == "events"
    with pytest.raises(Refused, match="这里不登记"):
        world.matter(events={name: day("2026-03-01")})
    assert not EventDate.objects.exists()


def test_a_day_that_a_clock_counts_from_is_kept(world):
    world.matter("test_hearing", events={"听证会": day("2026-03-31")})
    assert EventDate.objects.get().name == "听证会"


@pytest.mark.parametrize("on", ["0001-01-01", "1999-12-31"])
def test_an_opening_day_that_can_only_be_a_slip_is_refused(world, on):
    with pytest.raises(Refused, match="太早") as caught:
        world.matter(on=day(on), at=make.at("2026-03-02"))
    assert caught.value.field == "on"
    assert not Matter.objects.exists()


def test_the_first_day_that_is_no_slip_is_taken(world):
    assert world.matter(on=dt.date(2000, 1, 1)).opened_on == dt.date(2000, 1, 1)


def test_tasks_of_a_closed_account_wait_for_the_body(world):
    matter = world.matter(handler=world.colleague)
    today = matter.opened_on

    def seen(**filters) -> list[tuple[int, bool]]:
        found = my_tasks(world.inspector, today, law=world.law, filters=TaskFilters(**filters))
        return [(row.link_id, row.mine) for row in found.items]

    assert seen() == []  # a colleague has it
    world.colleague.is_active = False
    world.colleague.save()
    assert seen() == seen(whose="office") == [(matter.pk, False)]
    assert seen(whose="mine") == []
    assert task_counts(world.inspector, today).all == 1
    assert my_tasks(world.stranger, today, law=world.law).items == []
