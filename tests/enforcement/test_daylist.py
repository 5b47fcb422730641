"""日调度: what is late, due today, newly red, under oversight or going on, by body."""

from __future__ import annotations

import io

import openpyxl

from anxin.casework.due import run_due
from anxin.casework.giving import give_task
from anxin.enforcement.daylist import day_list
from anxin.enforcement.exports import day_workbook
from anxin.monitoring.models import Warning
from tests.casework.conftest import OPENED, day
from tests.enforcement.test_emergencies import call
from tests.monitoring import factories as make
from tests.monitoring.warnings import a_warning


def told(world, person=None, on="2026-03-10"):
    return day_list(person or world.inspector, day(on), law=world.law)


def of(found, body):
    return next((one for one in found.bodies if one.body == body), None)


def test_what_is_due_or_late_stands_under_its_body(world):
    matter = world.matter()
    give_task(
        matter,
        title="约谈",
        body=world.helper_body,
        due_on=day("2026-03-10"),
        by=world.inspector,
        now=make.at("2026-03-02"),
    )
    found = told(world)
    assert [due.task.title for due in of(found, world.helper_body).today] == ["约谈"]
    late = of(told(world, on="2026-03-12"), world.helper_body).late
    assert [(due.task.title, due.late) for due in late] == [("约谈", 2)]
    assert told(world, on="2026-03-05").today == 0


def test_who_helps_sees_what_was_given_to_them_and_nothing_else(world):
    matter = world.matter(handler=world.inspector)
    give_task(
        matter,
        title="约谈",
        body=world.helper_body,
        due_on=day("2026-03-10"),
        by=world.inspector,
        now=make.at("2026-03-02"),
    )
    assert [one.body for one in told(world, world.helper).bodies] == [world.helper_body]
    assert {one.body for one in told(world, on="2026-04-10").bodies} == {world.helper_body, world.lead}
    assert told(world, world.stranger).nothing


def test_a_missed_limit_makes_a_key_matter(world):
    matter = world.matter()
    run_due(day("2026-04-10"), now=make.at("2026-04-10"), law=world.law)
    assert [(one, list(why)) for one, why in told(world, on="2026-04-10").key] == [(matter, ["期限逾期督办"])]


def test_red_since_yesterday_is_new_and_older_red_is_not(world, every_rule_warns):
    project = make.project("RED", region_code="990102")
    fresh, old = a_warning(project, level=4), a_warning(project, level=4, month="2026-01")
    Warning.objects.filter(pk=fresh.pk).update(opened_on=day("2026-03-09"))
    Warning.objects.filter(pk=old.pk).update(opened_on=day("2026-03-08"))
    assert list(told(world).red) == [fresh]


def test_real_emergencies_are_on_the_list_and_drills_are_not(world):
    real = call(world)
    call(world, drill=True)
    assert list(told(world).emergencies) == [real]


def test_the_workbook_holds_what_the_page_holds(world):
    call(world)
    data = day_workbook(world.inspector, on=OPENED, office="某局", law=world.law)
    rows = list(openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True))
    assert rows[0][0] == "专班日调度"
    assert "紧急事件" in [row[1] for row in rows[3:]]


def test_the_list_costs_the_same_with_many(world, django_assert_max_num_queries):
    for number in range(4):
        matter = world.matter()
        give_task(
            matter, title=f"第{number}项", body=world.helper_body, due_on=day("2026-03-05"), by=world.inspector,
            now=make.at("2026-03-02"),
        )  # fmt: skip
    with django_assert_max_num_queries(5):
        assert told(world).late >= 4
