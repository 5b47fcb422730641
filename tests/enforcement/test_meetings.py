"""Meetings: an agenda drawn from matters, minutes, and decisions that become tasks."""

from __future__ import annotations

import pytest

from anxin.casework.queries import matter_overview
from anxin.enforcement import joint
from anxin.enforcement.access import visible_meetings
from anxin.enforcement.meetings import decide, hold_meeting, plan_meeting, put_on_agenda, take_off_agenda
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from tests.casework.conftest import day
from tests.monitoring import factories as make

PLANNED, HELD = make.at("2026-03-03"), make.at("2026-03-05", 11)


def planned(world, *matters, **fields):
    values = {"title": "专班第3次会商", "on": day("2026-03-05"), "convenor": world.lead, "region": world.region,
              "by": world.inspector, "now": PLANNED, "matters": matters, **fields}  # fmt: skip
    return plan_meeting(**values)


def held(world, *matters):
    return hold_meeting(
        planned(world, *matters),
        attended="人社、住建、公安",
        minutes="逐件会商。",
        by=world.inspector,
        now=HELD,
    )


def decided(world, meeting, matter, **fields):
    values = {"text": "住建约谈总包单位", "body": world.helper_body, "due_on": day("2026-03-12"),
              "by": world.inspector, "now": HELD, **fields}  # fmt: skip
    return decide(meeting, matter, **values)


def test_a_decision_becomes_a_task_of_the_body_with_its_day(world):
    matter = world.matter()
    made = decided(world, held(world, matter), matter)
    assert (made.task.title, made.task.for_organisation, made.task.due_on) == (
        "住建约谈总包单位", world.helper_body, day("2026-03-12"),
    )  # fmt: skip
    told = matter_overview(matter, day("2026-03-05"), world.law, beside=joint.BESIDE)
    given = joint.given(world.inspector, matter, told.given)
    assert [(one.task, one.meeting) for one in given] == [(made.task, made.meeting)]
    assert JournalEntry.objects.filter(action="meeting.decided").count() == 1


def test_nothing_is_decided_before_the_minutes_or_about_what_was_not_on_the_agenda(world):
    matter, other = world.matter(), world.matter()
    meeting = planned(world, matter)
    with pytest.raises(Refused, match="先登记会议纪要"):
        decided(world, meeting, matter)
    meeting = hold_meeting(meeting, attended="人社", minutes="会商", by=world.inspector, now=HELD)
    with pytest.raises(Refused, match="不在这次会议的议程上"):
        decided(world, meeting, other)


def test_a_meeting_to_come_has_no_minutes_yet(world):
    meeting = planned(world, world.matter())
    with pytest.raises(Refused, match="还没有召开"):
        hold_meeting(meeting, attended="人社", minutes="会商", by=world.inspector, now=PLANNED)


def test_a_meeting_without_matters_has_nothing_to_write_down(world):
    with pytest.raises(Refused, match="还没有事项"):
        hold_meeting(planned(world), attended="人社", minutes="会商", by=world.inspector, now=HELD)


def test_the_agenda_holds_each_matter_once_and_is_closed_with_the_minutes(world):
    matter = world.matter()
    meeting = planned(world, matter)
    with pytest.raises(Refused, match="已经在议程上"):
        put_on_agenda(meeting, matter, question="", by=world.inspector, now=PLANNED)
    take_off_agenda(meeting.agenda.get(), by=world.inspector, now=PLANNED)
    put_on_agenda(meeting, matter, question="总包何时付款", by=world.inspector, now=PLANNED)
    hold_meeting(meeting, attended="人社", minutes="会商", by=world.inspector, now=HELD)
    with pytest.raises(Refused, match="不再改动"):
        put_on_agenda(meeting, world.matter(), question="", by=world.inspector, now=HELD)


def test_bodies_of_the_matters_see_only_theirs_of_the_agenda_and_others_nothing(world):
    mine, other = world.matter(supporting=[world.helper_body]), world.matter()
    meeting = held(world, mine, other)
    told = joint.meeting_told(world.helper, visible_meetings(world.helper).get())
    assert [item.matter for item in told.agenda] == [mine]
    assert not told.whole
    assert not told.leads
    assert joint.meeting_told(world.inspector, meeting).whole
    assert not visible_meetings(world.stranger).exists()


def test_only_the_calling_body_writes(world):
    meeting = planned(world, world.matter(supporting=[world.helper_body]))
    for person in (world.helper, world.stranger, world.clerk):
        with pytest.raises(Refused, match="权限"):
            hold_meeting(meeting, attended="人社", minutes="会商", by=person, now=HELD)
    with pytest.raises(Refused, match="权限"):
        planned(world, by=world.stranger)


def test_what_is_out_of_sight_or_closed_is_not_put_on_the_agenda(world):
    far = world.matter(region=world.elsewhere.region, lead=world.elsewhere, by=world.stranger)
    with pytest.raises(Refused, match="没有这件事项"):
        planned(world, far)
