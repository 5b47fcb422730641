"""Tasks given by people: to a body, until a day; done by that body; the procedure leaves them alone."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.casework import services
from anxin.casework.giving import drop_task, finish_task, give_task
from anxin.casework.models import Matter, Task
from anxin.casework.tasklist import my_tasks
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.notices.models import Notice
from tests.casework.conftest import OPENED, day
from tests.monitoring import factories as make

GIVEN = make.at("2026-03-03")


def given(world, matter, **fields):
    values = {"title": "核对总包单位的付款计划", "body": world.helper_body, "due_on": day("2026-03-10"),
              "by": world.inspector, "now": GIVEN, **fields}  # fmt: skip
    return give_task(matter, **values)


def titles(world, person):
    return [row.title for row in my_tasks(person, OPENED, law=world.law).items]


def test_a_task_makes_the_body_a_supporting_one_and_stands_in_its_list_alone(world):
    matter = world.matter()
    task = given(world, matter)
    assert list(matter.supporting.all()) == [world.helper_body]
    assert task.title in titles(world, world.helper)
    for person in (world.inspector, world.stranger):
        assert task.title not in titles(world, person)
    assert JournalEntry.objects.get(action="matter.task_given").after["body"] == "HELP"
    assert list(Notice.objects.filter(title__startswith="交办任务").values_list("to", flat=True)) == [
        world.helper.pk
    ]


def test_a_task_for_the_lead_body_waits_with_its_own_people(world):
    matter = world.matter(handler=None)
    task = given(world, matter, body=world.lead)
    assert not matter.supporting.exists()
    assert task.title in titles(world, world.inspector)
    assert task.title not in titles(world, world.helper)


def test_people_of_one_trade_work_for_its_authority_and_not_for_the_bureau(world):
    from anxin.accounts.models import Grant, User

    housing = User.objects.create(username="housing")
    Grant.objects.create(user=housing, role="inspector", region="9901", industry="housing")
    matter = world.matter()
    for_trade = given(world, matter)
    for_bureau = given(
        world, matter, body=make.organisation("BUR2", region=world.region, kind="bureau"), title="另一件"
    )
    assert for_trade.title in titles(world, housing)
    assert for_bureau.title not in titles(world, housing)
    assert for_bureau.title in titles(world, world.leader)


def test_the_body_says_what_came_of_it(world):
    task = finish_task(given(world, world.matter()), note="总包已付12万元", by=world.helper, now=GIVEN)
    assert (task.state, task.done_on, task.done_note) == ("done", day("2026-03-03"), "总包已付12万元")
    assert task.done_by_name == "某helper"
    assert task.title not in titles(world, world.helper)
    with pytest.raises(Refused, match="已经结束"):
        finish_task(task, note="再登记", by=world.helper, now=GIVEN)


def test_the_lead_body_may_write_down_what_it_was_told_and_strangers_may_not(world):
    task = given(world, world.matter())
    for person in (world.stranger, world.clerk):
        with pytest.raises(Refused, match="没有登记完成的权限"):
            finish_task(task, note="办好了", by=person, now=GIVEN)
    assert (
        finish_task(task, note="来电告知已办好", by=world.inspector, now=GIVEN).done_by_name == "某inspector"
    )


def test_without_a_word_nothing_is_done(world):
    with pytest.raises(Refused, match="完成情况"):
        finish_task(given(world, world.matter()), note="  ", by=world.helper, now=GIVEN)


def test_only_the_lead_body_takes_a_task_back(world):
    task = given(world, world.matter())
    with pytest.raises(Refused, match="牵头单位"):
        drop_task(task, why="不用了", by=world.helper, now=GIVEN)
    assert drop_task(task, why="情况有变", by=world.inspector, now=GIVEN).state == Task.State.DROPPED


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"title": " "}, "text"), ({"due_on": dt.date(2026, 3, 2)}, "due_on")],
)
def test_a_task_says_what_and_until_a_day_to_come(world, fields, field):
    with pytest.raises(Refused) as refused:
        given(world, world.matter(), **fields)
    assert refused.value.field == field


def test_a_bank_or_somebody_who_only_helps_gives_and_takes_no_tasks(world):
    matter = world.matter()
    with pytest.raises(Refused, match="不能承担任务"):
        given(world, matter, body=make.organisation("BANK", kind="bank"))
    services.set_supporting(matter, [world.helper_body], by=world.inspector, now=GIVEN)
    with pytest.raises(Refused, match="牵头"):
        given(world, matter, by=world.helper)


def test_steps_and_another_handler_leave_given_tasks_alone(world):
    matter = world.matter()
    task = given(world, matter)
    world.paper(matter, "case_filing_approval", by=world.leader)
    world.take(matter, "accept", "2026-03-05", by=world.leader)
    services.assign(matter, to=world.colleague, by=world.inspector, now=make.at("2026-03-05"))
    task.refresh_from_db()
    assert (task.state, task.for_user, task.for_organisation) == ("open", None, world.helper_body)


def test_a_body_with_work_left_stays_a_supporting_one(world):
    matter = world.matter()
    task = given(world, matter)
    with pytest.raises(Refused, match="交办任务没有完成"):
        services.set_supporting(matter, [], by=world.inspector, now=GIVEN)
    finish_task(task, note="办好了", by=world.helper, now=GIVEN)
    services.set_supporting(matter, [], by=world.inspector, now=GIVEN)
    assert not Matter.objects.get(pk=matter.pk).supporting.exists()


def test_a_task_of_the_procedure_is_not_done_by_a_word(world):
    matter = world.matter()
    with pytest.raises(Refused, match="办理步骤"):
        finish_task(matter.tasks.first(), note="办好了", by=world.inspector, now=GIVEN)
