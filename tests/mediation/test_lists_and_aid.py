"""Lists of a centre as files, the roster of legal aid, and requests with their answer's clock."""

from __future__ import annotations

import csv
import io

import pytest

from anxin.accounts.access import actor
from anxin.evidence.imports import accept_batch, open_batch
from anxin.kernel.refusal import Refused
from anxin.letters import sources
from anxin.mediation import aid
from anxin.mediation.letter_facts import known
from anxin.mediation.models import AidDuty, AidRequest, MediationBody, Mediator
from tests.mediation.conftest import TODAY, at


def deliver(centre, kind, rows, by="clerk"):
    """The batch after its good rows were accepted."""
    who = actor(getattr(centre, by))
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(rows[0].keys())
    table.writerows(row.values() for row in rows)
    batch = open_batch(
        kind=kind, data=written.getvalue().encode(), filename=f"{kind}.csv", actor=who, now=at(TODAY)
    )
    return accept_batch(batch.pk, actor=who, now=at(TODAY), recognition=batch.recognition)


def body(**cells):
    return {
        "组织编号": "Z-1", "调解组织": "河东社区调解站", "层级": "社区", "区划代码": "990101001", "村社区名称": "河东社区",
        "统一社会信用代码": "", "品牌工作室": "", **cells,
    }  # fmt: skip


def test_organisations_come_in_and_the_same_file_changes_nothing(centre):
    rows = [
        body(),
        body(
            组织编号="Z-2",
            调解组织="某建工公司调解委员会",
            层级="企业",
            统一社会信用代码="91990101MA0000009P",
        ),
        body(组织编号="Z-3", 区划代码="990102"),
        body(组织编号="Z-4", 层级="企业", 统一社会信用代码="91990102MA0000009X"),
        body(组织编号="Z-5", 村社区名称=""),
    ]
    batch = deliver(centre, "mediation_bodies", rows)
    assert set(MediationBody.objects.filter(code__startswith="Z").values_list("code", flat=True)) == {
        "Z-1",
        "Z-2",
    }
    assert batch.rows_rejected == 3
    changed = deliver(centre, "mediation_bodies", [body(品牌工作室="一家亲"), *rows[1:]])
    assert MediationBody.objects.get(code="Z-1").brand == "一家亲"
    assert changed.rows_rejected == 3
    assert MediationBody.objects.filter(code__startswith="Z").count() == 2


def test_mediators_need_an_organisation_of_ones_own_place(centre):
    rows = [
        {"调解员编号": "M-1", "姓名": "石某", "组织编号": "T-town", "擅长": "工程建设欠薪,群体性争议", "语言和方言": "苗语 粤语", "账号": ""},
        {"调解员编号": "M-2", "姓名": "石某", "组织编号": "没有", "擅长": "", "语言和方言": "", "账号": ""},
        {"调解员编号": "M-3", "姓名": "石某", "组织编号": "T-town", "擅长": "打官司", "语言和方言": "", "账号": ""},
        {"调解员编号": "M-4", "姓名": "石某", "组织编号": "T-town", "擅长": "", "语言和方言": "", "账号": "inspector"},
        {"调解员编号": "M-5", "姓名": "石某", "组织编号": "T-town", "擅长": "", "语言和方言": "", "账号": "shi"},
    ]  # fmt: skip
    batch = deliver(centre, "mediators", rows)
    assert batch.rows_rejected == 4
    made = Mediator.objects.get(code="M-1")
    assert made.language_list == ["苗语", "粤语"] and made.skill_list == ["工程建设欠薪", "群体性争议"]


def test_a_duty_needs_two_people_of_ones_own_place(centre):
    duty = {
        "日期": "2026-04-02",
        "区划代码": "990101",
        "地点": "联处中心",
        "值班律师": "方律师",
        "值班干部": "林某",
    }
    rows = [duty, {**duty, "地点": "二楼", "值班干部": "方律师"}, {**duty, "区划代码": "990102"}]
    assert deliver(centre, "aid_duties", rows).rows_rejected == 2
    deliver(centre, "aid_duties", [{**duty, "值班律师": "何律师"}])
    assert AidDuty.objects.get().lawyer == "何律师"
    assert [one.place for one in aid.on_duty(centre.inspector, TODAY)] == ["联处中心"]
    assert aid.on_duty(centre.outsider, TODAY) == []


def ask(centre, **fields):
    values = {
        "region": centre.region, "group": "migrant", "name": "赵某某", "phone": "13900000001", "about": "讨要两个月工资，需要代理仲裁",
        "asked_on": TODAY, "by": centre.inspector, "now": at(TODAY), "law": centre.law, **fields,
    }  # fmt: skip
    return aid.request_aid(**values)


def test_a_migrant_worker_needs_no_means_test_and_the_answer_has_its_day(centre):
    made = ask(centre)
    assert made.exempt and "第四十二条" in made.basis
    clock = made.matter.deadlines.get(clock="examine")
    assert clock.due_on is not None and clock.due_on > TODAY
    assert made.matter.documents.get().kind == "legal_aid_application"
    assert made.name.open() == "赵某某"


def test_the_letters_of_a_request_begin_with_who_asked_for_what(centre):
    made = ask(centre)
    found = known(made.matter)
    assert (found["applicant"], found["applied_on"]) == ("赵某某", TODAY.isoformat())
    assert found["about"] == "讨要两个月工资，需要代理仲裁。"
    assert sources.known(made.matter, None)["applicant"] == "赵某某"
    made.matter.procedure = "mediation"
    assert known(made.matter) == {}


def test_others_are_examined_and_who_works_elsewhere_records_nothing(centre):
    assert not ask(centre, group="injured").exempt
    for fields, field in (({"group": "x"}, "group"), ({"name": ""}, "name"), ({"about": "钱"}, "about")):
        with pytest.raises(Refused) as refusal:
            ask(centre, **fields)
        assert refusal.value.field == field
    with pytest.raises(Refused):
        ask(centre, by=centre.outsider)
    assert AidRequest.objects.count() == 1
