"""The roster: planned by who handles there, seen outside once published, cancelled with why; results of the field."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from anxin.kernel.refusal import Refused
from anxin.reception.models import Duty
from anxin.reception.queries import public_roster, roster
from anxin.reception.services import (
    Planned,
    cancel_duty,
    plan_duty,
    publish_duties,
    record_result,
    take_number,
)
from tests.clues.conftest import ticket
from tests.reception.conftest import NOW, TODAY

PLAN = Planned(
    region="990101",
    kind="leader",
    on=TODAY,
    place="区人社局一楼接访室",
    leader="周某",
    post="副局长",
    departments="劳动监察、调解仲裁",
)


@pytest.fixture
def plan(office):
    def made(**changes) -> Duty:
        return plan_duty(replace(PLAN, **changes), by=office.inspector, today=TODAY, now=NOW)

    return made


def test_a_day_is_seen_outside_once_it_is_published(plan, office):
    duty = plan()
    assert public_roster(today=TODAY) == [] and list(roster(office.clerk, first=TODAY)) == [duty]
    assert publish_duties([duty], by=office.inspector, now=NOW) == 1
    assert public_roster(today=TODAY) == [duty]
    assert public_roster(today=TODAY + dt.timedelta(days=1)) == []
    with pytest.raises(Refused, match="没有等待公布"):
        publish_duties([duty], by=office.inspector, now=NOW)


def test_a_cancelled_day_stays_readable_with_why(plan, office):
    duty = plan()
    publish_duties([duty], by=office.inspector, now=NOW)
    cancel_duty(duty, why="领导外出开会", by=office.inspector, now=NOW)
    assert public_roster(today=TODAY)[0].cancelled_why == "领导外出开会"
    with pytest.raises(Refused, match="已经取消"):
        cancel_duty(duty, why="领导外出开会", by=office.inspector, now=NOW)


def test_a_day_on_which_somebody_came_is_not_cancelled(plan, office):
    duty = plan()
    assert take_number(region="990101", people=2, about="讨要工资", by=office.clerk, now=NOW).duty == duty
    with pytest.raises(Refused, match="已有来访"):
        cancel_duty(duty, why="领导外出开会", by=office.inspector, now=NOW)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"kind": "dinner"}, "接访方式"),
        ({"on": TODAY - dt.timedelta(days=1)}, "已经过去"),
        ({"place": " "}, "地点"),
        ({"leader": ""}, "接访领导"),
    ],
)
def test_a_day_that_cannot_be_right_is_refused(plan, changes, says):
    with pytest.raises(Refused, match=says):
        plan(**changes)


@pytest.mark.parametrize("who", ["outsider", "clerk"])
def test_who_does_not_handle_there_plans_publishes_and_cancels_nothing(plan, office, who):
    duty, by = plan(), getattr(office, who)
    for act in (
        lambda: plan_duty(PLAN, by=by, today=TODAY, now=NOW),
        lambda: publish_duties([duty], by=by, now=NOW),
        lambda: cancel_duty(duty, why="领导外出开会", by=by, now=NOW),
    ):
        with pytest.raises(Refused, match="没有安排这个地区接访的权限"):
            act()
    assert list(roster(office.outsider, first=TODAY)) == []


def test_a_field_visit_with_a_clue_has_a_plan_then_a_result_and_is_not_announced(told, plan, office):
    (clue,) = told(ticket("1"))
    with pytest.raises(Refused, match="写明计划"):
        plan(kind="field", clue=clue)
    duty = plan(kind="field", clue=clue, plan="到工地找总包对账，当面定下发放日期")
    publish_duties([duty], by=office.inspector, now=NOW)
    assert public_roster(today=TODAY) == []
    record_result(duty, result="总包同意周五发放", by=office.inspector, today=TODAY, now=NOW)
    duty.refresh_from_db()
    assert (duty.result, duty.result_by_name) == ("总包同意周五发放", "某inspector")


def test_only_the_field_takes_a_clue_and_only_ones_own(told, plan, office):
    here, there = told(ticket("1"), ticket("2", place="江北区"))
    with pytest.raises(Refused, match="只有下访"):
        plan(clue=here, plan="当面对账")
    with pytest.raises(Refused, match="没有这条线索"):
        plan(kind="field", clue=there, plan="当面对账")


def test_a_result_comes_after_the_day_and_only_from_the_field(plan, office):
    later = plan(kind="field", on=TODAY + dt.timedelta(days=2))
    with pytest.raises(Refused, match="还没有到"):
        record_result(later, result="总包同意发放", by=office.inspector, today=TODAY, now=NOW)
    with pytest.raises(Refused, match="只有下访"):
        record_result(plan(), result="总包同意发放", by=office.inspector, today=TODAY, now=NOW)
