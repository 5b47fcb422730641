"""A clue is linked by hand by looking for the name; its own word is remembered, listed, exported and taken back."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from anxin.clues.triaging import hold_again
from anxin.evidence.journal import SYSTEM
from anxin.registry.models import Alias
from tests.monitoring import factories as make
from tests.web.cases import a_clue

RED = "红星工地欠我们12个人工资8万元，三个月没发。"


@pytest.fixture
def clue(world, now):
    return a_clue(world, now, "GD-1", RED)


@pytest.fixture
def alias(world, now) -> Alias:
    return Alias.objects.create(
        project=world.here, region=world.here.region, name="红星工地", core="红星", source="线索1号",
        by_name="某人", at=now,
    )  # fmt: skip


def act(client, clue, action, **said):
    return client.post(reverse("clue-act", args=[clue.pk, action]), said)


def body(answer) -> str:
    return answer.content.decode()


def exported(client) -> list[list[object]]:
    file = io.BytesIO(client.get(reverse("aliases-export")).content)
    return CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()


def link(client, clue, text, **said):
    return act(client, clue, "correct", field="project", find=text, why="到工地看过", **said)


def test_a_clue_is_linked_by_name_and_its_word_is_remembered(sign_in, world, clue, now):
    client = sign_in("inspector")
    before = body(client.get(reverse("clue", args=[clue.pk])))
    assert "按登记名称查找" in before and "记作别名" not in before
    assert link(client, clue, "东台").status_code == 302
    page = body(client.get(reverse("clue", args=[clue.pk])))
    assert "来件把它叫作“<strong>红星工地</strong>”" in page and "就对应到“东台安置房工程”" in page
    assert "记作别名</button>" not in body(sign_in("clerk").get(reverse("clue", args=[clue.pk])))
    assert act(client, clue, "remember", field="project").status_code == 302
    assert Alias.objects.get().project == world.here
    hold_again(clue.pk, actor=SYSTEM, now=now)
    assert "记作别名</button>" not in body(client.get(reverse("clue", args=[clue.pk])))
    later = a_clue(world, now, "GD-2", RED)
    assert later.project == world.here
    assert "别名“红星工地”（某inspector" in body(client.get(reverse("clue", args=[later.pk])))


def test_of_several_a_person_chooses_and_nothing_elsewhere_is_offered(sign_in, world, clue):
    other = make.project("HERE2", region_code="990101", name="东台安置房二期")
    client = sign_in("inspector")
    answer = link(client, clue, "东台")
    assert answer.status_code == 422 and "找到不止一个" in body(answer)
    assert f'<option value="{other.pk}"' in body(answer) and 'value="到工地看过"' in body(answer)
    assert link(client, clue, "", value=str(other.pk)).status_code == 302
    clue.refresh_from_db()
    assert clue.project == other
    for text in ("西河", "没有这个工地"):
        answer = link(client, clue, text)
        assert answer.status_code == 422 and "辖区内没有找到" in body(answer)
    assert (
        act(client, clue, "correct", field="project", value=str(world.there.pk), why="到工地看过").status_code
        == 422
    )


def test_a_name_that_is_only_like_it_is_looked_at_by_a_person(sign_in, world, clue):
    answer = link(sign_in("inspector"), clue, "东苔安置房")
    assert (
        answer.status_code == 422
        and "第一个相近" in body(answer)
        and "东台安置房工程（HERE）" in body(answer)
    )


def test_what_cannot_be_remembered_says_why_in_its_place(sign_in, world, clue):
    client = sign_in("inspector")
    link(client, clue, "东台")
    Alias.objects.create(
        project=world.there,
        region=world.here.region,
        name="红星",
        core="红星",
        by_name="某人",
        at=clue.recorded_at,
    )
    answer = act(client, clue, "remember", field="project")
    assert answer.status_code == 422 and "合于几家的不能记" in body(answer)
    assert act(sign_in("clerk"), clue, "remember", field="project").status_code == 403
    assert act(sign_in("outsider"), clue, "remember", field="project").status_code == 404


def test_the_list_the_page_and_the_workbook_show_it_within_scope(sign_in, world, alias):
    for who in ("inspector", "clerk", "leader"):
        client = sign_in(who)
        assert "红星工地" in body(client.get(reverse("aliases")))
        page = body(client.get(reverse("project", args=[world.here.pk])))
        assert "红星工地" in page and ("去掉“红星工地”" in page) == (who != "clerk")
    outside = sign_in("outsider")
    assert "红星工地" not in body(outside.get(reverse("aliases")))
    assert "还没有别名" in body(outside.get(reverse("aliases")))
    inspector = sign_in("inspector")
    assert "没有符合条件" in body(inspector.get(reverse("aliases"), {"text": "青禾"}))
    rows = exported(inspector)
    shown = dict(zip(rows[2], rows[3], strict=True))
    assert (shown["别名"], shown["登记名称"], shown["记下的人"]) == ("红星工地", "东台安置房工程", "某人")
    assert "红星工地" not in str(exported(outside))


def test_it_is_taken_back_with_a_reason_and_stays_on_record(sign_in, world, alias):
    client, address = sign_in("inspector"), reverse("alias-end", args=[alias.pk])
    assert sign_in("clerk").post(address, {"why": "是另一个工地"}).status_code == 403
    assert sign_in("outsider").post(address, {"why": "是另一个工地"}).status_code == 404
    refused = client.post(address, {"why": "错"})
    assert refused.status_code == 422 and "不少于4个字" in body(refused)
    answer = client.post(address, {"why": "是另一个工地", "back": "entry"})
    assert answer.url == reverse("project", args=[world.here.pk])
    client.get(reverse("aliases"))  # the word that it is done has been read
    assert "红星工地" not in body(client.get(reverse("project", args=[world.here.pk])))
    assert "是另一个工地" in body(client.get(reverse("aliases"), {"part": "ended"}))
    assert "红星工地" not in body(client.get(reverse("aliases")))


def test_an_employers_page_has_them_too(sign_in, world, now):
    firm = world.firm
    firm.region = world.here.region
    firm.save()
    Alias.objects.create(
        employer=firm, region=world.here.region, name="老李的班组", core="老李的班组", source="线索2号",
        by_name="某人", at=now,
    )  # fmt: skip
    assert "老李的班组" in body(sign_in("inspector").get(reverse("employer", args=[firm.pk])))
    assert reverse("employer", args=[firm.pk]) in body(sign_in("inspector").get(reverse("aliases")))
