"""登记线索 on the page, and a warning that becomes a clue."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from anxin.clues.models import Clue
from anxin.monitoring.models import Warning
from anxin.registry.models import Region
from tests.monitoring.warnings import a_warning
from tests.web.cases import a_clue

WORDS = "我们14个木工在东台安置房工地做事，从7月到9月的工资18.6万元一直没有发。"


@pytest.fixture
def said(world) -> dict[str, str]:
    return {
        "channel": "telephone",
        "kind": "complaint",
        "text": WORDS,
        "region": "990101",
        "name": "钱某人",
        "phone": "13900007777",
        "on": "2026-11-20",
    }


def body(answer) -> str:
    return answer.content.decode()


def test_a_call_is_written_down_in_one_form(sign_in, said, now):
    client = sign_in("inspector")
    assert "登记线索" in body(client.get("/clues"))
    page = body(client.get(reverse("clue-new")))
    assert 'value="990101"' in page
    said["on"] = f"{now.date()}"
    answer = client.post(reverse("clue-new"), said, follow=True)
    clue = Clue.objects.get()
    assert f"已登记，编号{clue.number}" in body(answer) and (clue.channel, clue.kind) == (
        "telephone",
        "complaint",
    )


def test_a_project_is_chosen_by_a_part_of_its_name(sign_in, said, world, now):
    said |= {"about_text": "东台", "on": f"{now.date()}"}
    sign_in("clerk").post(reverse("clue-new"), said)
    assert Clue.objects.get().project == world.here


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": ""}, "投诉要写明投诉人的姓名"),
        ({"region": "000000"}, "没有这个地区代码"),
        ({"region": "990102"}, "不在您负责的范围"),
        ({"text": ""}, "请填写这一项"),
        ({"on": "2099-01-01"}, "不能晚于"),
        ({"about_text": "没有这个项目"}, "没有找到"),
    ],
)
def test_a_refusal_keeps_what_was_typed(sign_in, said, changes, says, now):
    said |= {"on": f"{now.date()}"} | changes
    answer = sign_in("inspector").post(reverse("clue-new"), said)
    assert answer.status_code == 422 and says in body(answer) and "13900007777" in body(answer)
    assert not Clue.objects.exists()


def test_a_report_needs_no_name(sign_in, said, now):
    sign_in("inspector").post(
        reverse("clue-new"), said | {"kind": "report", "name": "", "on": f"{now.date()}"}
    )
    assert Clue.objects.get().kind == "report"


def test_what_may_be_the_same_is_shown_before_saving_and_saved_when_it_is_not(sign_in, said, world, now):
    earlier = a_clue(world, now, 电话="13900007777")
    client = sign_in("inspector")
    said["on"] = f"{now.date()}"
    shown = client.post(reverse("clue-new"), said)
    assert shown.status_code == 422 and earlier.number in body(shown) and "同一个电话" in body(shown)
    assert Clue.objects.count() == 1
    client.post(reverse("clue-new"), said | {"seen": [earlier.pk]})
    assert Clue.objects.count() == 2


def test_places_are_offered_within_ones_scope_alone(sign_in, world):
    Region.objects.get_or_create(code="990102001", defaults={"name": "别处街道"})
    assert "别处街道" not in body(sign_in("inspector").get(reverse("clue-new")))


# --- a warning


def to_clue(client, warning):
    return client.post(reverse("warning-clue", args=[warning.pk]), follow=True)


def test_a_warning_of_unpaid_wages_becomes_a_clue_once(sign_in, world):
    client, warning = sign_in("inspector"), a_warning(world.here, rule="W03", people=36, amount_fen=5_000_000)
    assert "转为线索</button>" in body(client.get(reverse("warning", args=[warning.pk])))
    assert "预警已转为线索" in body(to_clue(client, warning))
    clue = Clue.objects.get()
    assert (clue.channel, clue.project, clue.people, clue.amount_fen) == ("sweep", world.here, 36, 5_000_000)
    again = to_clue(client, warning)
    assert f"已转为线索{clue.number}" in body(again) and Clue.objects.count() == 1
    assert again.redirect_chain[-1][0] == reverse("clue", args=[clue.pk])


@pytest.mark.parametrize("rule", ["W01", "P02"])
def test_a_warning_about_something_else_does_not(sign_in, world, rule):
    client, warning = sign_in("inspector"), a_warning(world.here, rule=rule)
    assert "转为线索</button>" not in body(client.get(reverse("warning", args=[warning.pk])))
    assert "只有工资逾期" in body(to_clue(client, warning)) and not Clue.objects.exists()


def test_a_cleared_warning_does_not(sign_in, world, now):
    warning = a_warning(world.here, rule="W03")
    Warning.objects.filter(pk=warning.pk).update(
        state="cleared", cleared_on=now.date() - dt.timedelta(days=1)
    )
    assert "只有工资逾期" in body(to_clue(sign_in("inspector"), warning)) and not Clue.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("outsider", 404), ("clerk", 403)])
def test_another_district_or_duty_turns_no_warning_into_a_clue(sign_in, world, who, status):
    assert to_clue(sign_in(who), a_warning(world.here, rule="W03")).status_code == status
    assert not Clue.objects.exists()
