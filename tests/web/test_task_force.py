"""专班 in the console: the day's list, meetings, and joint work on a matter's page."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.accounts.models import Grant, User
from anxin.casework.models import Matter, Task
from anxin.enforcement.models import Meeting
from anxin.registry.models import Organisation
from anxin.signals.models import PaymentOrder
from tests.web.cases import a_case, a_matter, a_meeting, an_emergency, take
from tests.web.test_warnings import text


@pytest.fixture
def matter(world, now):
    Organisation.objects.filter(code="HR").update(region=world.here.region)
    return a_matter(world, now)


@pytest.fixture
def authority(world) -> Organisation:
    return Organisation.objects.create(
        code="ZJ", name="某区住建局", kind="industry_authority", region=world.here.region
    )


@pytest.fixture
def housing(authority, people) -> User:
    """Somebody of the body that helps."""
    user = User.objects.create_user("housing", display_name="某住建")
    Grant.objects.create(user=user, role="inspector", organisation="ZJ")
    people["housing"] = user
    return user


def give(client, matter, authority, **fields):
    values = {"text": "约谈总包单位", "body": authority.pk, "due_on": "2026-11-20", **fields}
    return client.post(f"/matters/{matter.pk}/joint/give", values)


def test_a_task_is_given_seen_and_done_on_one_page_by_two_bodies(sign_in, matter, authority, housing):
    give(sign_in("inspector"), matter, authority)
    helper = sign_in("housing")
    assert "约谈总包单位" in text(helper.get("/tasks"))
    assert "约谈总包单位" in text(helper.get("/task-force"))
    page = text(helper.get(f"/matters/{matter.pk}"))
    assert "登记完成" in page
    assert "收回" not in page
    task = Task.objects.get(kind="decision")
    helper.post(f"/matters/{matter.pk}/joint/finish", {"task": task.pk, "note": "已约谈，总包书面承诺"})
    assert "已约谈，总包书面承诺" in text(sign_in("inspector").get(f"/matters/{matter.pk}"))
    assert "约谈总包单位" not in text(helper.get("/tasks"))


def test_a_refusal_is_said_with_what_was_typed(sign_in, matter, authority):
    answer = give(sign_in("inspector"), matter, authority, due_on="2026-11-01")
    assert answer.status_code == 422
    assert "已经过去" in text(answer)
    assert 'value="约谈总包单位"' in answer.content.decode()


def test_who_may_not_gives_and_ends_nothing(sign_in, matter, authority, housing):
    give(sign_in("inspector"), matter, authority)
    task = Task.objects.get(kind="decision")
    assert give(sign_in("outsider"), matter, authority).status_code == 404
    assert give(sign_in("clerk"), matter, authority).status_code == 403
    assert give(sign_in("housing"), matter, authority).status_code == 422
    sign_in("housing").post(f"/matters/{matter.pk}/joint/drop", {"task": task.pk, "note": "不办"})
    task.refresh_from_db()
    assert task.state == "open"


def test_a_meeting_from_the_matter_to_the_decision(sign_in, matter, authority):
    client = sign_in("inspector")
    client.post("/meetings/new", {"title": "第4次会商", "on": "2026-11-20", "matter": matter.pk})
    meeting = Meeting.objects.get()
    place = f"/meetings/{meeting.pk}"
    assert "木工班反映没有结清工资" in text(client.get(place))
    client.post(f"{place}/hold", {"attended": "人社、住建", "minutes": "总包先付生活费。"})
    answer = client.post(
        f"{place}/decide",
        {"matter": matter.pk, "text": "督促付款", "body": authority.pk, "due_on": "2026-11-27"},
    )
    assert answer.status_code == 302
    page = text(client.get(place))
    for said in ("总包先付生活费。", "督促付款", "某区住建局", "2026-11-27", "办理中"):
        assert said in page, said
    assert "第4次会商议定" in text(client.get(f"/matters/{matter.pk}"))


def test_what_is_missing_is_said_on_the_meetings_page(sign_in, world, now, matter):
    meeting = a_meeting(world, now, matter)
    answer = sign_in("inspector").post(f"/meetings/{meeting.pk}/hold", {"attended": "人社", "minutes": ""})
    assert answer.status_code == 422
    assert "请填写会议纪要" in text(answer)
    assert sign_in("clerk").post(f"/meetings/{meeting.pk}/hold", {}).status_code == 403
    assert sign_in("outsider").get(f"/meetings/{meeting.pk}").status_code == 404


def test_a_helping_body_reads_the_meeting_of_its_matter_without_the_rest(
    sign_in, world, now, matter, authority, housing
):
    matter.supporting.add(authority)
    meeting = a_meeting(world, now, matter)
    client = sign_in("inspector")
    client.post(f"/meetings/{meeting.pk}/add", {"matter": a_matter(world, now, title="瓦工班的事").pk})
    client.post(f"/meetings/{meeting.pk}/hold", {"attended": "人社、住建", "minutes": "逐件会商。"})
    page = text(sign_in("housing").get(f"/meetings/{meeting.pk}"))
    assert "木工班反映没有结清工资" in page
    for hidden in ("瓦工班的事", "逐件会商", "议定并交办"):
        assert hidden not in page
    assert sign_in("housing").post(f"/meetings/{meeting.pk}/decide", {}).status_code == 403


def test_the_days_list_shows_what_is_late_and_its_workbook_opens(sign_in, matter):
    client = sign_in("inspector")
    page = text(client.get("/task-force"))
    assert "已逾期2个工作日" in page
    assert "某区人社局" in page
    assert client.get("/task-force/export.xlsx").status_code == 200
    assert "今天没有要调度的事" in text(sign_in("outsider").get("/task-force"))


def test_a_matter_is_put_before_a_meeting_that_is_called_already(sign_in, world, now, matter):
    meeting = a_meeting(world, now, a_matter(world, now, title="另一件"))
    client = sign_in("inspector")
    assert "专班第3次会商" in text(client.get(f"/meetings/new?matter={matter.pk}"))
    client.post("/meetings/new", {"matter": matter.pk, "meeting": meeting.pk, "question": "何时付款"})
    assert meeting.agenda.filter(matter=matter, question="何时付款").exists()
    page = text(client.get(f"/matters/{matter.pk}"))
    assert "待会商" in page
    assert "专班第3次会商" in page


def test_joint_work_costs_the_matters_page_no_query(
    sign_in, world, now, matter, authority, django_assert_max_num_queries
):
    client = sign_in("inspector")
    client.get(f"/matters/{matter.pk}")
    with django_assert_max_num_queries(100) as before:
        client.get(f"/matters/{matter.pk}")
    asked = len(before.captured_queries)
    for number in range(3):
        give(client, matter, authority, text=f"第{number}项")
    a_meeting(world, now, matter)
    with django_assert_max_num_queries(asked):
        client.get(f"/matters/{matter.pk}")


def test_a_leader_marks_a_public_project_and_says_what_came_of_it(sign_in, world, matter):
    world.here.government_invested = True
    world.here.save()
    leader, place = sign_in("leader"), f"/matters/{matter.pk}/marks"
    assert "建议一案双查：政府投资项目欠薪" in text(leader.get(f"/matters/{matter.pk}"))
    assert "政府投资项目欠薪" in text(leader.get("/marks"))
    mark = {"kind": "dual", "who": "区纪委监委", "since": "2026-11-19", "why": "政府投资项目欠薪"}
    assert sign_in("inspector").post(place, mark).status_code == 403
    assert "请填写由谁包案" in text(leader.post(place, {**mark, "who": ""}))
    leader.post(place, mark)
    page = text(leader.get(f"/matters/{matter.pk}"))
    assert "一案双查：区纪委监委" in page
    assert "建议一案双查" not in page
    assert leader.get("/marks/export.xlsx").status_code == 200
    leader.post(
        place, {"mark": matter.marks.get().pk, "ended_on": "2026-11-20", "result": "建设单位已补足资金"}
    )
    assert "建设单位已补足资金" in text(leader.get("/marks?shown=ended"))
    assert sign_in("outsider").get(place).status_code == 404


def test_a_count_opens_its_rows_and_a_click_drafts_and_another_opens_the_interview(
    sign_in, world, now, authority, matter
):
    an_emergency(world, now)
    client = sign_in("inspector")
    page = text(client.get("/thresholds"))
    for said in ("某建工公司", "集体欠薪纠纷", "1起，看是哪些", "怎样计数", "并案的几条算一条"):
        assert said in page, said
    draft = {"kind": "collective", "employer": world.firm.pk, "month": "2026-11", "region": "990101"}
    answer = client.post("/thresholds/draft", draft)
    assert answer.status_code == 302
    assert "的通报（草稿）" in text(client.get(answer["Location"]))
    client.post(f"{answer['Location']}/interview", {"supporting": [authority.pk]})
    opened = Matter.objects.get(procedure="interview")
    assert list(opened.supporting.all()) == [authority]
    assert "已开始约谈" in text(client.get("/thresholds"))
    assert client.get("/thresholds/export.xlsx").status_code == 200
    assert sign_in("outsider").get(answer["Location"]).status_code == 404
    assert client.post("/thresholds/draft", {**draft, "month": "2026-10"}).status_code == 422


def test_the_help_to_an_inspector_names_two_holds_the_line_and_keeps_the_reason(sign_in, world, now, matter):
    case = a_case(world, now)
    client, place = sign_in("inspector"), f"/matters/{case.pk}/inspection"
    assert "不得少于2名监察员" in text(client.get(f"/matters/{case.pk}"))
    assert "人数不够" in text(client.get(place))
    answer = client.post(f"{place}/inspectors", {"name": ["林某某", ""], "certificate": ["A1", ""]})
    assert answer.status_code == 422
    client.post(f"{place}/inspectors", {"name": ["林某某", "赵某某"], "certificate": ["A1", "A2"]})
    owed = {"people": "12", "months": "4", "total_fen": "15万", "single_fen": "2.5万", "source": "欠薪明细表"}
    assert "合计金额应在" in text(client.post(f"{place}/arrears", {**owed, "total_fen": "1万"}))
    client.post(f"{place}/arrears", owed)
    page = text(client.get(place))
    for said in (
        "在办",
        "12人合计150,000.00元",
        "还没有责令支付",
        "涉嫌犯罪案件移送书",
        "第三十三条",
        "恶意欠薪不适用",
    ):
        assert said in page, said
    opinion = {"outcome": "lighter", "malicious": "yes", "reason": "已经付清大部分，积极配合。"}
    assert "恶意欠薪不适用三张清单" in text(client.post(f"{place}/leniency", opinion))
    client.post(
        f"{place}/leniency", {**opinion, "malicious": "no", "condition": ["违法行为轻微"], "answer": ["met"]}
    )
    assert "已经付清大部分，积极配合。" in text(client.get(place))
    assert sign_in("clerk").post(f"{place}/arrears", owed).status_code == 403
    assert sign_in("outsider").get(place).status_code == 404
    assert client.get(f"/matters/{matter.pk}/inspection").status_code == 404


def test_a_case_that_reaches_the_line_offers_the_transfer_and_it_carries_all(sign_in, world, now, matter):
    case = a_case(world, now)
    client, place = sign_in("inspector"), f"/matters/{case.pk}/inspection"
    for key in ("assign", "order"):
        take(case, key, by=world.inspector, on=now.date(), now=now)
    owed = {"people": "12", "months": "4", "total_fen": "15万", "single_fen": "2.5万", "source": "欠薪明细表"}
    client.post(f"{place}/arrears", owed)
    order = PaymentOrder.objects.create(
        number="令1", employer=case.employer, project=case.project, region=world.here.region, served_on=now.date(),
        due_on=now.date(), recorded_at=now,
    )  # fmt: skip
    waits = text(client.get(place))
    assert "达到标准" not in waits and "要等到这一天过后" in waits
    PaymentOrder.objects.filter(pk=order.pk).update(due_on=now.date() - dt.timedelta(days=1))
    answer = client.get(place)
    assert "达到标准" in text(answer)
    link = f"/matters/new?procedure=crime_transfer&amp;follows={case.pk}"
    assert link in answer.content.decode()
    assert world.here.name in client.get(link.replace("&amp;", "&")).content.decode()


@pytest.mark.parametrize(("answers", "kept"), [(("met", "unknown"), "met"), (("met", "unmet"), "unknown")])
def test_a_condition_of_two_provisions_is_answered_once_and_a_contradiction_counts_as_none(
    sign_in, world, now, answers, kept
):
    case = a_case(world, now)
    opinion = {"outcome": "waived", "malicious": "no", "reason": "已经付清，积极配合，没有后果。"}
    sign_in("inspector").post(
        f"/matters/{case.pk}/inspection/leniency",
        {**opinion, "condition": ["及时改正", "及时改正"], "answer": list(answers)},
    )
    grounds = case.leniency_opinions.get().grounds
    found = [one["state"] for ground in grounds for one in ground["conditions"] if one["words"] == "及时改正"]
    assert found == [kept, kept]
