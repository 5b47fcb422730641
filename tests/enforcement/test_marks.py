"""Marks put by people: who looks at a matter since when; public projects suggest a dual investigation."""

from __future__ import annotations

import pytest

from anxin.casework.models import Matter
from anxin.enforcement import marks
from anxin.enforcement.daylist import day_list
from anxin.enforcement.marks import candidates, end_mark, put_mark, visible_marks
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.registry.models import Employer, Participation
from tests.casework.conftest import day
from tests.monitoring import factories as make

PUT = make.at("2026-03-05")


def put(world, matter, **fields):
    values = {"kind": "leader", "who": "陈某某副局长", "since": day("2026-03-04"), "why": "人数多、拖欠久",
              "by": world.leader, "now": PUT, **fields}  # fmt: skip
    return put_mark(matter, **values)


def public(world, **fields) -> Matter:
    project = make.project(f"P{len(fields)}{fields}"[:30], region_code="990102", **fields)
    return world.matter("complaint_intake", project=project, on=day("2026-03-02"))


def test_a_mark_says_who_since_when_why_and_by_whom(world):
    matter = world.matter()
    mark = put(world, matter)
    assert (mark.who, mark.since, mark.by_name) == ("陈某某副局长", day("2026-03-04"), "某leader")
    assert marks.shown(marks.with_marks(Matter.objects.all()).get()) == [("领导包案", "陈某某副局长")]
    assert JournalEntry.objects.get(action="mark.put").object_id == str(matter.pk)
    key = day_list(world.inspector, day("2026-03-05"), law=world.law).key
    assert [list(why) for _, why in key] == [["领导包案（陈某某副局长）"]]


def test_one_of_a_kind_stands_at_a_time_and_several_kinds_together(world):
    matter = world.matter()
    first = put(world, matter)
    with pytest.raises(Refused, match="已由陈某某副局长领导包案"):
        put(world, matter, who="另一位")
    put(world, matter, kind="listed", who="市治欠办")
    end_mark(first, on=day("2026-03-05"), result="已付清", by=world.leader, now=PUT)
    put(world, matter, who="另一位")
    assert visible_marks(world.inspector).count() == 2
    assert visible_marks(world.inspector, standing=False).get().result == "已付清"


def test_an_ended_mark_is_not_ended_again_and_no_mark_ends_before_it_begins(world):
    mark = put(world, world.matter())
    with pytest.raises(Refused, match="结束日期"):
        end_mark(mark, on=day("2026-03-03"), result="已付清", by=world.leader, now=PUT)
    end_mark(mark, on=day("2026-03-05"), result="已付清", by=world.leader, now=PUT)
    with pytest.raises(Refused, match="已经登记过结果"):
        end_mark(mark, on=day("2026-03-05"), result="再登记", by=world.leader, now=PUT)


def test_only_a_leader_puts_and_ends_and_strangers_see_none(world):
    matter = world.matter()
    for person in (world.inspector, world.clerk, world.stranger):
        with pytest.raises(Refused, match="领导决定"):
            put(world, matter, by=person)
    mark = put(world, matter)
    with pytest.raises(Refused, match="领导决定"):
        end_mark(mark, on=day("2026-03-05"), result="已付清", by=world.inspector, now=PUT)
    assert not visible_marks(world.stranger).exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"kind": "other"}, "kind"), ({"who": " "}, "who"), ({"why": ""}, "why"),
     ({"since": day("2026-03-06")}, "since"), ({"since": day("2026-03-01")}, "since")],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field(world, fields, field):
    with pytest.raises(Refused) as refused:
        put(world, world.matter(), **fields)
    assert refused.value.field == field


def test_public_money_suggests_a_dual_investigation_with_the_reason(world):
    government, state = public(world, government_invested=True), public(world, state_invested=True)
    public(world)
    found = {one.pk: marks.reason(one) for one in candidates(world.leader)}
    assert found == {government.pk: "政府投资项目欠薪", state.pk: "国有企业投资项目欠薪"}
    assert not candidates(world.stranger).exists()


def test_a_project_whose_owner_is_a_public_body_is_picked_out_by_itself(world):
    """12: a public institution; 91: a business, of whose name only “maybe” follows; who only builds it owns nothing."""
    found = {}
    for code, uscc, name, role in (
        ("PUB", "12990101MB00000016", "某区第三中学", "owner"),
        ("BIZ", "91990101MA0000009P", "某市城投集团有限公司", "owner"),
        ("SUB", "119901010000000014", "某区住建局", "subcontractor"),
    ):
        project = make.project(code, region_code="990102")
        owner = Employer.objects.create(uscc=uscc, name=name)
        Participation.objects.create(project=project, employer=owner, role=role)
        found[code] = world.matter("complaint_intake", project=project, on=day("2026-03-02"))
    suggested = {one.pk: marks.reason(one) for one in candidates(world.leader)}
    why = "政府投资项目欠薪（建设单位某区第三中学是机关事业单位）"
    maybe = "可能是国有企业投资项目欠薪（建设单位某市城投集团有限公司的名称里有“城投”，请核实后在项目页勾选）"
    assert suggested == {found["PUB"].pk: why, found["BIZ"].pk: maybe}
    single = Matter.objects.get(pk=found["PUB"].pk)
    assert "建设单位某区第三中学是事业单位（信用代码以12开头）" in marks.reason(single)
    assert marks.reason(Matter.objects.get(pk=found["BIZ"].pk)) == maybe
    assert not marks.reason(Matter.objects.get(pk=found["SUB"].pk))


def test_what_is_or_was_looked_into_or_is_no_arrears_is_not_suggested(world):
    looked_into = public(world, government_invested=True)
    mark = put(world, looked_into, kind="dual", who="区纪委监委")
    assert not candidates(world.leader).exists()
    end_mark(mark, on=day("2026-03-05"), result="没有发现失职", by=world.leader, now=PUT)
    assert not candidates(world.leader).exists()
    project = make.project("OTHER", region_code="990102", government_invested=True)
    world.matter("project_onboarding", project=project)
    assert not candidates(world.leader).exists()
