"""行刑衔接: who is on the list, in which order, and how far each case is on its way to the police."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.casework.models import Matter
from anxin.casework.succession import go_on
from anxin.enforcement.crime_list import LEVELS, CrimeFilters, crime_page, crime_rows, waiting
from anxin.enforcement.inspection import record_arrears
from anxin.local_law import queries as local_law
from anxin.signals.models import PaymentOrder
from tests.casework.conftest import day
from tests.enforcement.test_inspection import filed, firm, investigated, ordered, owed, step
from tests.monitoring import factories as make

__all__ = ["firm"]


def rows(user, on="2026-04-20", hour=12, **filters):
    return crime_rows(user, CrimeFilters(**filters), make.at(on, hour), local_law.current())


def transferred(world, matter, on="2026-04-20") -> Matter:
    return go_on(
        Matter.objects.select_related("lead").get(pk=matter.pk), "crime_transfer", by=world.inspector,
        now=make.at(on), law=local_law.current(), title="涉嫌拒不支付劳动报酬", region=world.region,
        lead=world.lead, on=day(on),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "level"),
    [
        ({}, "met"),
        # one person: 3 months and 20,000; between the nation's 5,000 and 20,000 the province decides
        ({"people": 2, "single_fen": 1_999_999, "total_fen": 2_500_000}, "unknown"),
        ({"people": 2, "single_fen": 400_000, "total_fen": 500_000}, "near"),
        ({"people": 2, "single_fen": 399_999, "total_fen": 500_000}, None),
        ({"people": 2, "single_fen": 500_000, "total_fen": 600_000, "months": 2}, "near"),
        ({"people": 2, "single_fen": 500_000, "total_fen": 600_000, "months": 1}, None),
        # ten people together: 30,000
        ({"people": 8, "months": 0, "single_fen": 310_000, "total_fen": 2_400_000}, "near"),
        ({"people": 7, "months": 0, "single_fen": 350_000, "total_fen": 2_400_000}, None),
        ({"people": 8, "months": 0, "single_fen": 300_000, "total_fen": 2_399_999}, None),
    ],
)
def test_a_case_is_listed_from_four_fifths_of_every_number_on(world, firm, fields, level):
    matter = filed(world, firm)
    owed(world, matter, **fields)
    assert [(one.matter, one.level) for one in rows(world.inspector)] == ([(matter, level)] if level else [])


def test_each_number_stands_beside_what_it_has_to_reach(world, firm):
    matter = filed(world, firm)
    owed(world, matter)
    [row] = rows(world.inspector)
    single, group = row.amounts
    assert [(one.unit, one.has, one.needs) for one in group.measures] == [
        ("人", 12, 10), ("元", row.watch.arrears.total_fen, 3_000_000),
    ]  # fmt: skip
    assert [one.unit for one in single.measures] == ["个月", "元"] and single.measures[0].needs == 3
    assert row.order.state == "unmet" and "责令支付文书及送达证据" in row.watch.missing


def test_of_people_found_one_by_one_the_nearest_to_the_line_is_measured(world, firm):
    matter = filed(world, firm)
    lines = [{"fen": 3_000_000, "months": 1}, {"fen": 450_000, "months": 4}, {"fen": None, "months": 9}]
    record_arrears(
        Matter.objects.get(pk=matter.pk), people=2, months=4, total_fen=3_450_000, single_fen=3_000_000,
        source="调查笔录", by=world.inspector, now=make.at("2026-03-03"), lines=lines,
    )  # fmt: skip
    [row] = rows(world.inspector)
    assert row.level == "near" and [one.has for one in row.amounts[0].measures] == [4, 450_000]


def test_the_list_follows_a_case_from_the_order_to_the_answer_of_the_police(world, firm):
    matter = investigated(world, firm)
    owed(world, matter)
    assert [one.rank for one in rows(world.inspector)] == [5]
    step(world, matter, "order", "2026-04-01")
    assert "补登付款期限" in rows(world.inspector)[0].standing
    ordered(firm)  # until 10 April
    [running] = rows(world.inspector, "2026-04-10")
    assert (running.rank, running.due, running.standing) == (3, day("2026-04-10"), "等责令支付期满")
    [over] = rows(world.inspector, "2026-04-11")
    assert over.rank == 1 and over.watch.reached and not over.transfer
    assert waiting(world.inspector, day("2026-04-11"), local_law.current()) == 1

    begun = transferred(world, matter)
    [row] = rows(world.inspector)
    assert row.matter == begun and row.transfer == "比对标准" and row.rank == 1
    assert waiting(world.inspector, day("2026-04-20"), local_law.current()) == 0
    step(world, begun, "form_team", "2026-04-20")
    step(world, begun, "report", "2026-04-21", events={"正职负责人接到移送报告之日": day("2026-04-21")})
    [row] = rows(world.inspector, "2026-04-21")
    assert (row.own.clock, row.own.due_on, row.rank) == ("approval", day("2026-04-24"), 2)
    step(world, begun, "approve", "2026-04-23", by=world.leader, at=make.at("2026-04-23", 9))
    [row] = rows(world.inspector, "2026-04-23", 12)
    assert (row.own.clock, row.own.due_at, row.rank) == ("sending", make.at("2026-04-24", 9), 2)
    # the 24 hours run out on the minute, not at the end of the day
    assert rows(world.inspector, "2026-04-24", 8)[0].rank == 2
    assert rows(world.inspector, "2026-04-24", 10)[0].rank == 0
    step(world, begun, "send", "2026-04-24")
    step(world, begun, "receive", "2026-04-24", at=make.at("2026-04-24", 12))
    [row] = rows(world.inspector, "2026-04-24", 13)
    assert row.own is None and (row.police.clock, row.police.due_on) == ("police_review", day("2026-04-27"))
    assert (row.rank, row.standing) == (4, "等公安答复")
    late = rows(world.inspector, "2026-04-28")[0]
    assert late.rank == 0 and "检察院" in late.standing
    step(world, begun, "file", "2026-04-27")
    assert rows(world.inspector, "2026-04-27")[0].own.clock == "handover"


def test_a_case_that_came_back_from_the_transfer_is_a_case_again(world, firm):
    matter = investigated(world, firm)
    owed(world, matter)
    step(world, matter, "order", "2026-04-01")
    begun = transferred(world, matter)
    step(world, begun, "fall_short", "2026-04-20")
    assert [one.matter for one in rows(world.inspector)] == [matter]


def test_what_is_paid_leaves_nothing_to_transfer(world, firm):
    matter = investigated(world, firm)
    owed(world, matter)
    step(world, matter, "order", "2026-04-01")
    ordered(firm, paid_on=day("2026-04-09"))
    [row] = rows(world.inspector)
    assert row.rank == 5 and not row.watch.reached and "已登记履行" in row.order.why


def test_only_who_sees_the_case_sees_its_row(world, firm):
    matter = filed(world, firm)
    owed(world, matter)
    assert rows(world.inspector) and not rows(world.stranger)
    assert waiting(world.stranger, day("2026-04-20"), local_law.current()) == 0


def test_filters_keep_what_they_name(world, firm):
    met, near = filed(world, firm), filed(world, firm, title="瓦工班的工资")
    owed(world, met)
    owed(world, near, people=2, single_fen=400_000, total_fen=500_000)
    assert [one.matter for one in rows(world.inspector)] == [met, near]
    assert [one.matter for one in rows(world.inspector, level="near")] == [near]
    assert [one.matter for one in rows(world.inspector, text="瓦工")] == [near]
    assert not rows(world.inspector, transfer="yes") and len(rows(world.inspector, transfer="no")) == 2
    assert not rows(world.inspector, region="44") and len(rows(world.inspector, region="99")) == 2
    assert CrimeFilters.read({"level": "x", "transfer": "x"}) == CrimeFilters()
    assert set(LEVELS) == {"met", "unknown", "near"}


def test_pages_go_by_key_and_miss_and_double_nothing(world, firm, django_assert_max_num_queries):
    matters = [filed(world, firm) for _ in range(5)]
    for one in matters:
        owed(world, one)
    now, law, seen, after = make.at("2026-04-20"), local_law.current(), [], ""
    while True:
        with django_assert_max_num_queries(6):
            told = crime_page(world.inspector, CrimeFilters(), now, law, after=after, limit=2)
        seen += [one.matter.pk for one in told.rows]
        if told.next_after is None:
            break
        after = told.next_after
    assert sorted(seen) == [one.pk for one in matters] and len(seen) == 5
    assert len(crime_page(world.inspector, CrimeFilters(), now, law, after="nonsense").rows) == 5


def test_an_order_of_another_employer_is_not_this_cases(world, firm):
    matter = investigated(world, firm)
    owed(world, matter)
    step(world, matter, "order", "2026-04-01")
    other = type(firm).objects.create(uscc="91990102MA00000028", name="另一公司", region=firm.region)
    ordered(other)
    assert rows(world.inspector)[0].order.until is None
    PaymentOrder.objects.update(employer=firm)
    assert rows(world.inspector)[0].order.until == dt.date(2026, 4, 10)
