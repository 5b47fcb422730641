"""规则库 on the screen, mutes, warnings about employers, and the parts that never stand in one list."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.monitoring.models import Mute, RuleStage, Warning
from tests.monitoring import employers as firms
from tests.monitoring.warnings import a_warning


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def firm_warning(world) -> Warning:
    firm = firms.employer(1, region_code="990101", name="东湖电子厂")
    return a_warning(
        None, rule="W05", employer=firm, project=None, month="", sentence="东湖电子厂欠缴社会保险费。"
    )


def test_every_rule_says_its_part_stage_and_open_warnings(sign_in, world):
    page = text(sign_in("inspector").get("/rules"))
    for said in ("W03", "工资风险", "制度缺失", "正式", "随系统"):
        assert said in page
    assert sign_in("inspector").get("/rules/export.xlsx").status_code == 200


def test_a_rule_says_its_law_its_grades_and_how_it_clears(sign_in, world):
    page = text(sign_in("inspector").get("/rules/W03"))
    for said in ("保障农民工工资支付条例", "逾期超过60日", "怎样消除", "没有改变过阶段"):
        assert said in page
    assert "改变阶段</summary>" not in page
    assert sign_in("inspector").get("/rules/X99").status_code == 404


def test_one_leader_proposes_and_not_the_same_confirms(sign_in, world, now):
    leader = sign_in("leader")
    form = {"stage": "shadow", "from_day": now.date().isoformat(), "reason": "误报太多"}
    assert leader.post("/rules/W03/stage", form).status_code == 302
    record = RuleStage.objects.get()
    answer = leader.post(f"/rules/W03/stage/{record.pk}", {"answer": "agree"})
    assert answer.status_code == 422 and "另一位同事" in text(answer)
    record.asked_by = world.inspector
    record.save()
    assert leader.post(f"/rules/W03/stage/{record.pk}", {"answer": "agree"}).status_code == 302
    assert "试运行" in text(leader.get("/rules/W03"))


def test_a_proposal_without_reason_is_refused_and_keeps_what_was_typed(sign_in, world, now):
    form = {"stage": "retired", "from_day": now.date().isoformat(), "reason": " "}
    answer = sign_in("leader").post("/rules/W03/stage", form)
    assert answer.status_code == 422 and "理由" in text(answer)
    assert not RuleStage.objects.exists()


def test_an_inspector_may_not_propose(sign_in, world):
    assert sign_in("inspector").post("/rules/W03/stage", {}).status_code == 403


def test_a_warning_is_muted_by_two_people_and_shown_as_such(sign_in, world, now):
    until = (now.date() + dt.timedelta(days=5)).isoformat()
    where = f"/warnings/{world.warning.pk}"
    client = sign_in("inspector")
    assert client.post(f"{where}/ask_mute", {"until": until, "text": "等回单"}).status_code == 302
    assert "申请人不能自行决定" in text(client.get(where))
    second = sign_in("colleague")
    assert second.post(f"{where}/agree_mute", {}).status_code == 302
    assert f"静默至 {until}" in text(second.get(where))
    assert f'/warnings/{world.warning.pk}"' not in text(second.get("/warnings?family=wages"))
    assert f'/warnings/{world.warning.pk}"' in text(second.get("/warnings?family=wages&state=muted"))
    assert "1 条静默中" in text(second.get("/"))
    assert Mute.objects.get().state == Mute.State.AGREED


def test_a_mute_without_an_end_is_refused_on_the_page(sign_in, world):
    answer = sign_in("inspector").post(f"/warnings/{world.warning.pk}/ask_mute", {"text": "等回单"})
    assert answer.status_code == 422 and "截止日期" in text(answer)


def test_a_warning_about_an_employer_has_its_page_and_none_elsewhere(sign_in, world, firm_warning):
    page = text(sign_in("inspector").get(f"/warnings/{firm_warning.pk}"))
    for said in ("东湖电子厂", "该单位全部预警", "对该单位开始一件事项"):
        assert said in page
    assert sign_in("outsider").get(f"/warnings/{firm_warning.pk}").status_code == 404
    listed = text(sign_in("inspector").get(f"/warnings?employer={firm_warning.employer.uscc}"))
    assert "东湖电子厂欠缴社会保险费" in listed


def test_a_matter_about_an_employer_begins_from_its_warning(sign_in, world, firm_warning):
    client = sign_in("inspector")
    page = text(client.get(f"/matters/new?employer={firm_warning.employer_id}"))
    assert f"employer={firm_warning.employer_id}" in page
    form = text(client.get(f"/matters/new?employer={firm_warning.employer_id}&procedure=complaint_intake"))
    assert "东湖电子厂" in form
    elsewhere = sign_in("outsider").get(
        f"/matters/new?employer={firm_warning.employer_id}&procedure=complaint_intake"
    )
    assert "东湖电子厂" not in text(elsewhere)


def test_the_clerk_of_the_firm_reads_its_warning_with_what_clears_it(sign_in, world):
    about = a_warning(None, employer=world.firm, project=None, month="", sentence="本单位欠缴社会保险费。")
    a_warning(None, employer=world.firm, project=None, advice=True, sentence="疑似虚构工人。")
    page = text(sign_in("payroll_clerk").get("/employer/"))
    assert about.sentence in page and about.explanation["clears"] in page
    assert "疑似虚构工人" not in page


def test_the_parts_never_stand_in_one_list(sign_in, world):
    site = world.here
    a_warning(site, family="paper", rule="W07", sentence="没有存储工资保证金。")
    a_warning(site, advice=True, rule="F01", sentence="三人共用一张银行卡。")
    client = sign_in("inspector")
    wages = text(client.get("/warnings"))
    assert world.warning.sentence in wages
    assert "没有存储工资保证金" not in wages and "三人共用一张银行卡" not in wages
    assert "没有存储工资保证金" in text(client.get("/warnings?family=paper"))
    advice = text(client.get("/warnings?family=advice"))
    assert "三人共用一张银行卡" in advice and "不计入预警" in advice
    whole = text(client.get(f"/projects/{site.pk}/warnings"))
    order = [
        whole.index(said) for said in (world.warning.sentence, "没有存储工资保证金", "三人共用一张银行卡")
    ]
    assert order == sorted(order)
    for title in ("工资风险", "制度缺失", "造假线索"):
        assert f'aria-label="{title}"' in whole


def test_a_sign_has_a_day_to_look_into_it_and_is_never_late(sign_in, world):
    late = {"act_by": dt.date(2026, 11, 2), "level": 4}
    sign = a_warning(
        world.here,
        advice=True,
        rule="F01",
        sentence="三人共用一张银行卡。",
        assigned_to=world.inspector,
        **late,
    )
    due = a_warning(world.here, sentence="木工班没有领到工资。", assigned_to=world.inspector, **late)
    client = sign_in("inspector")
    for address in (f"/warnings/{sign.pk}", "/warnings?family=advice"):
        assert "建议核实" in text(client.get(address)) and "已超期" not in _without_filter(
            client.get(address)
        )
    assert "已超期" in text(client.get(f"/warnings/{due.pk}"))
    assert sign.sentence not in text(client.get("/warnings?family=advice&due=overdue"))
    tasks = {row.title: left[0] for row, left in client.get("/tasks").context["rows"]}
    assert "已逾期" in tasks[due.sentence] and tasks[sign.sentence] == ""
    assert sign.sentence not in text(client.get("/tasks?due=overdue"))


def _without_filter(answer) -> str:
    """The page without the choice of the filter, which offers what is late in every part."""
    return text(answer).replace('<option value="overdue">已超期</option>', "")


def test_only_who_may_ask_for_a_back_test_is_offered_one(sign_in, world, now):
    sign_in("leader").post(
        "/rules/W03/stage", {"stage": "shadow", "from_day": now.date().isoformat(), "reason": "误报太多"}
    )
    assert "换个数值试试" in text(sign_in("leader").get("/rules/W03"))
    assert "换个数值试试" not in text(sign_in("inspector").get("/rules/W03"))
