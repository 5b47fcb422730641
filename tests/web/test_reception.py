"""接访 on the pages: a number, one registration of a group, a promise slip, the roster inside and outside."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from anxin.clues.models import Claimant, Clue
from anxin.reception.models import Duty, Promise, Visit
from tests.monitoring.factories import id_number
from tests.web.cases import a_clue

WORDS = "我们木工班在东台安置房工地做事，从7月到9月的工资18.6万元一直没有发。"


def body(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def visit(sign_in, world) -> Visit:
    said = {"region": "990101", "people": "14", "about": "木工班讨要工资", "speaker": "钱某人"}
    sign_in("clerk").post(reverse("reception-number"), said)
    return Visit.objects.get()


def step(client, visit, action, **said):
    return client.post(reverse("visit-act", args=[visit.pk, action]), said, follow=True)


def group(client, visit, now, **more):
    said = {
        "channel": "visit", "kind": "complaint", "text": WORDS, "region": "990101", "name": "钱某人",
        "phone": "13900007777", "on": f"{now.date()}",
        "people_list": f"钱某人，{id_number(1)}，12000\n李某 8000", **more,
    }  # fmt: skip
    return client.post(reverse("visit-group", args=[visit.pk]), said, follow=True)


def test_from_a_number_to_a_clue_with_its_people_a_promise_and_an_answer(sign_in, visit, now):
    client = sign_in("inspector")
    hall = body(client.get(reverse("reception")))
    assert "今天 1 批次、14 人次" in hall and "叫下一号" in hall
    assert "请 1 号" in body(client.post(reverse("reception-next"), {"region": "990101"}, follow=True))
    step(client, visit, "received")
    assert 'value="钱某人"' in body(client.get(reverse("visit-group", args=[visit.pk])))
    assert "名单2人" in body(group(client, visit, now))
    clue = Clue.objects.get()
    assert (clue.channel, clue.people, Claimant.objects.count()) == ("visit", 2, 2)
    due = now.date() + dt.timedelta(days=3)
    answer = step(client, visit, "promise", what="约总包单位对账", due_on=f"{due}", responsible="林某")
    assert "请打印两份" in body(answer)
    made = Promise.objects.get()
    slip = body(client.get(reverse("promise", args=[made.pk])))
    assert "来访事项承诺单" in slip and f"{due} 前" in slip and "钱**" in slip and "钱某人" not in slip
    assert "接访结束" in body(step(client, visit, "leave", answer="周一对账，周三前答复"))
    client.post(reverse("promise-keep", args=[made.pk]), {"words": "已对账答复", "on": f"{now.date()}"})
    assert "已兑现" in body(client.get(reverse("promises"), {"part": "kept"}))


def test_a_group_that_came_before_is_pointed_out_and_joined(sign_in, visit, world, now):
    earlier = a_clue(world, now, 电话="13900007777")
    client = sign_in("inspector")
    shown = group(client, visit, now)
    assert shown.status_code == 422 and "同一个电话" in body(shown) and Clue.objects.count() == 1
    assert f"已并入线索{earlier.number}" in body(group(client, visit, now, join=earlier.pk))
    visit.refresh_from_db()
    assert visit.clue == earlier and earlier.claimants.count() == 2


def test_a_wrong_line_of_the_list_is_named_and_nothing_is_saved(sign_in, visit, now):
    answer = group(sign_in("inspector"), visit, now, people_list="李某 990102198503070030")
    assert answer.status_code == 422 and "第1行" in body(answer) and not Clue.objects.exists()


def test_an_overdue_promise_stands_on_the_tab(sign_in, visit, world, now):
    client = sign_in("inspector")
    step(client, visit, "received")
    step(client, visit, "promise", what="约总包单位对账", due_on=f"{now.date()}", responsible="林某")
    Promise.objects.update(due_on=now.date() - dt.timedelta(days=1))
    assert "1 张承诺单已逾期" in body(client.get(reverse("reception")))
    assert "约总包单位对账" in body(client.get(reverse("promises"), {"part": "overdue"}))


def test_the_register_is_exported_with_groups_and_persons(sign_in, visit):
    answer = sign_in("leader").get(reverse("visits-export"))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert "1批次" in rows[1][0] and "14人次" in rows[1][0] and rows[-1][5] == 14
    assert "钱某人" not in str(rows)


def test_a_refused_number_keeps_what_was_typed(sign_in, world):
    said = {"region": "990101", "people": "许多", "about": "木工班讨要工资"}
    answer = sign_in("clerk").post(reverse("reception-number"), said)
    assert answer.status_code == 422 and "几个人" in body(answer) and 'value="木工班讨要工资"' in body(answer)


# --- the roster


def plan(client, now, **more):
    said = {
        "kind": "leader", "region": "990101", "on": f"{now.date()}", "place": "区人社局接访室", "leader": "周某",
        "post": "副局长", **more,
    }  # fmt: skip
    return client.post(reverse("duty-new"), said, follow=True)


def test_the_roster_is_read_by_everybody_once_published_and_not_before(sign_in, world, now):
    client, stranger = sign_in("inspector"), Client()
    assert "已列入" in body(plan(client, now))
    assert "周某" not in body(stranger.get("/jf/"))
    assert "已公布1次" in body(client.post(reverse("roster-publish"), follow=True))
    assert "周某" in body(stranger.get("/jf/")) and "区人社局接访室" in body(stranger.get("/jf/"))
    duty = Duty.objects.get()
    client.post(reverse("duty-act", args=[duty.pk, "cancel"]), {"why": "领导外出开会"})
    assert "领导外出开会" in body(stranger.get("/jf/"))


def test_a_field_visit_takes_a_clue_along_and_is_never_announced(sign_in, world, now):
    clue, client = a_clue(world, now), sign_in("inspector")
    plan(client, now, kind="field", clue=clue.number, plan="到工地找总包对账", leader="吴某")
    client.post(reverse("roster-publish"))
    assert "吴某" not in body(Client().get("/jf/"))
    duty = Duty.objects.get()
    client.post(reverse("duty-act", args=[duty.pk, "result"]), {"why": "总包同意周五发放"})
    assert "总包同意周五发放" in body(client.get(reverse("roster")))


@pytest.mark.parametrize(("who", "status"), [("outsider", 404), ("auditor", 403)])
def test_another_district_or_duty_works_nothing_here(sign_in, visit, now, who, status):
    client = sign_in(who)
    assert step(client, visit, "called").status_code == status
    assert client.get(reverse("visit", args=[visit.pk])).status_code == status
    assert group(client, visit, now).status_code == status
    visit.refresh_from_db()
    assert visit.state == "waiting" and not Clue.objects.exists()
