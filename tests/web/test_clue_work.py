"""The working page of a clue and the statistics: what is shown, to whom, and what a refusal looks like."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from anxin.clues.models import Clue
from anxin.referral.models import Conclusion, Referral
from tests.web.cases import a_clue


@pytest.fixture
def clue(world, now) -> Clue:
    return a_clue(world, now)


def body(answer) -> str:
    return answer.content.decode()


def post(client, clue, action, **said):
    return client.post(reverse("clue-work-act", args=[clue.pk, action]), said)


def test_the_page_says_who_should_have_it_and_which_rows_said_so(sign_in, clue):
    page = body(sign_in("inspector").get(reverse("clue-work", args=[clue.pk])))
    assert "按表派给某区人社局" in page and "集体讨薪和紧急事项" in page
    page = body(sign_in("clerk").get(reverse("clue-work", args=[clue.pk])))
    assert "按表派给" not in page and "等分派岗派单" in page


def test_a_refusal_stands_on_the_page_with_what_was_typed(sign_in, clue, world):
    client = sign_in("inspector")
    assert post(client, clue, "refer").status_code == 302
    assert Referral.objects.get().matter.lead == world.body
    answer = post(client, clue, "conclude", name="不属实", words="核对了工资表，没有发现拖欠。")
    assert answer.status_code == 422
    assert "须附上《线索核查情况表》" in body(answer) and "核对了工资表，没有发现拖欠。" in body(answer)
    assert not Conclusion.objects.exists()


def test_an_officer_is_told_before_and_after_that_an_answer_waits_for_another(sign_in, clue):
    """The clue was read as wages owed; corrected to no, answered, agreed to by a leader."""
    client = sign_in("inspector")
    where = reverse("clue-work", args=[clue.pk])
    page = body(client.get(reverse("clue", args=[clue.pk])))
    assert "由“是”改为“否”的，直接答复时须另一人复核" in page
    correction = {"field": "arrears", "value": "no", "why": "电话里说不是工资"}
    client.post(reverse("clue-act", args=[clue.pk, "correct"]), correction)
    page = body(client.get(where))
    assert "要由另一位领导复核，同意后才办结" in page and "更正理由：电话里说不是工资" in page
    assert "答复，送另一人复核" in page and "答复并办结" not in page
    said = {"name": "不是工资问题，已直接答复", "words": "电话告知了反映人怎样办理。"}
    answer = client.post(reverse("clue-work-act", args=[clue.pk, "answer"]), said, follow=True)
    assert "已登记，等另一人复核" in body(answer) and "已答复并办结" not in body(answer)
    assert "等另一人复核。" in body(answer) and 'name="agrees"' not in body(answer)
    assert clue.number in body(client.get("/clues?state=review")) and "待复核" in body(client.get("/clues"))
    assert clue.number not in body(client.get("/clues?state=new"))
    export = client.get(reverse("clues-export"), {"state": "review"}).content
    cells = CalamineWorkbook.from_filelike(io.BytesIO(export)).get_sheet_by_index(0).to_python()
    assert any(clue.number in row and "待复核" in row for row in cells)
    leader = sign_in("leader")
    assert clue.number in body(leader.get("/clues/reviews"))
    assert "不再算欠薪线索" in body(leader.get(where))
    post(leader, clue, "review", agrees="yes")
    clue.refresh_from_db()
    assert clue.state == "closed" and "直接答复。" in body(leader.get(where))


def test_a_plain_question_says_that_it_closes_at_once(sign_in, world, now):
    clue = a_clue(world, now, "GD-3", "请问市图书馆周末几点开门，少儿阅览室要不要预约？")
    assert clue.arrears is False
    page = body(sign_in("inspector").get(reverse("clue-work", args=[clue.pk])))
    assert "答复并办结" in page and "复核" not in page.split('id="conclude"')[1].split("</form>")[0]


def test_whoever_lies_outside_finds_nothing_and_a_clerk_changes_nothing(sign_in, clue):
    assert sign_in("outsider").get(reverse("clue-work", args=[clue.pk])).status_code == 404
    assert post(sign_in("outsider"), clue, "refer").status_code == 404
    assert post(sign_in("clerk"), clue, "refer").status_code == 403
    assert post(sign_in("inspector"), clue, "nothing").status_code == 404


def test_numbers_stand_with_their_definition_and_open_their_rows(sign_in, clue):
    client = sign_in("leader")
    page = body(client.get("/statistics"))
    assert "分母：期间收到的欠薪线索条数" in page and "0.0%" in page
    page = body(client.get("/statistics/rows", {"show": "closure", "of": "rest"}))
    assert clue.number in page
    page = body(client.get("/statistics/rows", {"show": "closure", "of": "part"}))
    assert clue.number not in page and "没有这样的行" in page
    assert client.get("/statistics/rows", {"show": "nothing"}).status_code == 404
    assert "没有收到欠薪线索" in body(sign_in("outsider").get("/statistics"))


def test_numbers_and_ledger_come_as_workbooks(sign_in, clue):
    client = sign_in("leader")
    data = client.get("/statistics/export.xlsx").content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert rows[2][0] == "指标" and rows[3][0] == "办结率" and rows[3][4] == "1"
    data = client.get("/statistics/ledger.xlsx").content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert rows[4][1] == clue.number and "13900001234" not in str(rows)
