"""The lead desk: the list, one clue, what people do on it, and what is hidden from whom."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from anxin.clues.models import Clue, Likeness, Merge
from anxin.clues.models_learning import LearntModel
from tests.web.cases import a_clue

AGAIN = "东台安置房工地众力劳务欠我们14个木工工资18.6万元，三个月没发钱，联系电话13900005678。"
OTHER = "小区门口的路灯坏了一个星期，晚上出行不安全，请尽快维修。"


@pytest.fixture
def clues(world, now) -> list[Clue]:
    """A claim, the same again, and something else."""
    told = [("GD-1", ""), ("GD-2", AGAIN), ("GD-3", OTHER)]
    return [a_clue(world, now, number, text) for number, text in told]


def act(client, clue, action, **said):
    return client.post(reverse("clue-act", args=[clue.pk, action]), said)


def body(answer) -> str:
    return answer.content.decode()


def test_the_desk_shows_each_part_with_its_number(sign_in, clues):
    client = sign_in("inspector")
    page = body(client.get("/clues"))
    assert page.index(clues[0].number) < page.index(clues[2].number)
    for part, shown in (("wages", [0, 1]), ("other", [2]), ("new", [0, 1, 2])):
        page = body(client.get("/clues", {"part": part}))
        assert [one for one in range(3) if clues[one].number in page] == shown


def test_an_empty_desk_says_what_to_do(sign_in, world):
    assert "导入工单" in body(sign_in("clerk").get("/clues"))
    page = body(sign_in("leader").get("/clues"))
    assert "还没有线索" in page and "导入工单" not in page
    assert "没有符合条件" in body(sign_in("leader").get("/clues", {"text": "x"}))


def test_the_list_is_exported_without_contacts(sign_in, clues):
    answer = sign_in("inspector").get("/clues/export.xlsx", {"part": "wages"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    shown = [dict(zip(rows[2], row, strict=True)) for row in rows[3:]]
    assert {row["来件编号"] for row in shown} == {"GD-1", "GD-2"}
    assert {row["金额（元）"] for row in shown} == {186000}
    assert "13900001234" not in str(rows) and "13900005678" not in str(rows)


def test_a_clue_says_in_plain_words_what_it_is_and_marks_what_it_rests_on(sign_in, clues):
    page = body(sign_in("inspector").get(reverse("clue", args=[clues[0].pk])))
    assert "2026-11-19经12345热线投诉：众力劳务欠14人工资186,000.00元" in page
    assert '<mark title="写明了人数">14个木工</mark>' in page
    assert "赵**" in page and "139****1234" in page and "13900001234" not in page


def test_numbers_within_the_words_are_masked(sign_in, clues):
    page = body(sign_in("inspector").get(reverse("clue", args=[clues[1].pk])))
    assert "13900005678" not in page and "139****5678" in page


def test_a_correction_shows_the_persons_value_beside_the_machines(sign_in, clues):
    client = sign_in("inspector")
    answer = act(client, clues[0], "correct", field="people", value="15", why="电话回访核实")
    assert answer.status_code == 302
    page = body(client.get(answer["Location"]))
    assert (
        "机器判读：14人" in page
        and "某inspector更正：电话回访核实" in page
        and "人数由“14人”更正为“15人”" in page
    )


def test_a_refused_correction_keeps_what_was_typed(sign_in, clues):
    answer = act(sign_in("inspector"), clues[0], "correct", field="people", value="许多", why="电话回访核实")
    assert answer.status_code == 422
    assert "应为1到" in body(answer) and 'value="许多"' in body(answer)
    assert Clue.objects.get(pk=clues[0].pk).people == 14


def test_a_reading_is_agreed_with(sign_in, clues):
    client = sign_in("inspector")
    assert "判读无误" in body(client.get(reverse("clue", args=[clues[2].pk])))
    act(client, clues[2], "confirm")
    page = body(client.get(reverse("clue", args=[clues[2].pk])))
    assert "某inspector已于" in page and "未看" not in page


def test_two_clues_are_merged_and_taken_apart_from_either_page(sign_in, clues):
    client, pair = sign_in("inspector"), Likeness.objects.get()
    page = body(client.get(reverse("clue", args=[clues[1].pk])))
    assert clues[0].number in page and "金额相同" in page
    act(client, clues[1], "merge", likeness=pair.pk)
    assert "同一件事的线索" in body(client.get(reverse("clue", args=[clues[0].pk])))
    refused = act(client, clues[0], "unmerge", likeness=pair.pk, why="错")
    assert refused.status_code == 422 and "不少于4个字" in body(refused)
    act(client, clues[0], "unmerge", likeness=pair.pk, why="是两个班组的事")
    assert Merge.objects.get().ended_why == "是两个班组的事"
    assert not Clue.objects.filter(dispute__isnull=False).exists()
    assert "撤销与" in body(client.get(reverse("clue", args=[clues[1].pk])))


def test_a_clue_that_nobody_proposed_is_merged_by_its_number_and_taken_apart(sign_in, clues):
    client = sign_in("inspector")
    assert "并入另一条线索" in body(client.get(reverse("clue", args=[clues[2].pk])))
    refused = act(client, clues[2], "merge-other", number="990101〔2026〕线索99999号", why="同一个班组的事")
    page = body(refused)
    assert refused.status_code == 422 and "没有找到编号为" in page
    assert 'value="990101〔2026〕线索99999号"' in page and 'value="同一个班组的事"' in page
    act(client, clues[2], "merge-other", number=clues[0].number, why="同一个班组的事")
    assert Clue.objects.get(pk=clues[2].pk).dispute == clues[0]
    page = body(client.get(reverse("clue", args=[clues[0].pk])))
    assert "某inspector提出：同一个班组的事" in page and clues[2].number in page
    pair = Likeness.objects.get(first=clues[0], second=clues[2])
    act(client, clues[0], "unmerge", likeness=pair.pk, why="是两个班组的事")
    assert Clue.objects.get(pk=clues[2].pk).dispute is None


def test_a_pair_can_be_kept_apart(sign_in, clues):
    client, pair = sign_in("inspector"), Likeness.objects.get()
    act(client, clues[0], "refuse", likeness=pair.pk)
    assert "不是同一件事" in body(client.get(reverse("clue", args=[clues[0].pk])))
    pair.refresh_from_db()
    assert pair.state == "refused"


def test_a_pair_of_other_clues_is_not_decided_here(sign_in, clues):
    answer = act(sign_in("inspector"), clues[2], "merge", likeness=Likeness.objects.get().pk)
    assert answer.status_code == 422 and "已经不在了" in body(answer)
    assert not Merge.objects.exists()


def test_who_may_only_look_sees_no_buttons_and_no_contact(sign_in, clues):
    client = sign_in("clerk")
    page = body(client.get(reverse("clue", args=[clues[0].pk])))
    assert "更正人数" not in page and "并案</button>" not in page and "申请查看" not in page
    assert "并入另一条线索" not in page
    assert act(client, clues[0], "confirm").status_code == 403
    typed = {"number": clues[2].number, "why": "同一个班组的事"}
    assert act(client, clues[0], "merge-other", **typed).status_code == 403
    assert not Merge.objects.exists()
    assert client.post(reverse("opening-ask", args=[clues[0].pk])).status_code == 403


def test_what_lies_in_another_district_does_not_exist(sign_in, clues):
    client = sign_in("outsider")
    assert clues[0].number not in body(client.get("/clues"))
    assert client.get(reverse("clue", args=[clues[0].pk])).status_code == 404
    assert act(client, clues[0], "confirm").status_code == 404
    assert client.post(reverse("opening-ask", args=[clues[0].pk])).status_code == 404


def test_an_unknown_act_does_not_exist(sign_in, clues):
    assert act(sign_in("inspector"), clues[0], "burn").status_code == 404


def test_a_clue_is_found_by_either_number_within_ones_scope(sign_in, clues):
    inspector, number = sign_in("inspector"), clues[0].number
    for text in (number, "GD-1"):
        answer = inspector.post(reverse("search"), {"text": text})
        assert answer.url == reverse("clue", args=[clues[0].pk])
    page = body(inspector.post(reverse("search"), {"text": "GD-"}))
    assert all(clue.number in page for clue in clues)
    assert "没有找到" in body(sign_in("outsider").post(reverse("search"), {"text": number}))


def test_the_desk_counts_wage_clues_that_nobody_has_yet(sign_in, clues):
    page = body(sign_in("inspector").get(reverse("home")))
    assert (
        "待派欠薪线索" in page and 'part=wages&amp;state=new" class=""><span class="today-number">2<' in page
    )
    assert "待派欠薪线索" not in body(sign_in("clerk").get(reverse("home")))


def test_a_model_is_asked_for_by_one_leader_and_decided_by_another(sign_in, clues):
    client = sign_in("leader")
    assert "还没有训练过" in body(client.get(reverse("clue-model")))
    client.post(reverse("clue-model-ask"), {"question": "construction"})
    assert client.post(reverse("clue-model-ask"), {"question": "colour"}).status_code == 404
    page = body(client.get(reverse("clue-model")))
    assert "训练中" in page or "没有训练成" in page
    assert sign_in("inspector").post(reverse("clue-model-ask")).status_code == 403
    learnt = LearntModel.objects.get()
    refused = client.post(reverse("clue-model-decide", args=[learnt.pk, "use"]))
    assert refused.status_code == 422 and "不能启用" in body(refused)
    assert sign_in("inspector").post(reverse("clue-model-decide", args=[learnt.pk, "use"])).status_code == 403
