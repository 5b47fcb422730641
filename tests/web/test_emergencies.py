"""紧急事件: the call, the page on the spot, and the drill."""

from __future__ import annotations

import io

import openpyxl
import pytest

from anxin.casework.models import Matter
from anxin.enforcement.models import Emergency
from anxin.registry.models import Organisation
from tests.web.cases import a_clue, an_emergency
from tests.web.test_warnings import text

CALL = {
    "place": "东台安置房门口",
    "people": "25",
    "what": "瓦工班堵住大门",
    "region": "990101",
    "report_hours": "2",
}
TEAM = {
    "hr-name": "林某某",
    "hr-phone": "13900001111",
    "police-name": "王某某",
    "police-phone": "13900002222",
}


@pytest.fixture(autouse=True)
def bureau_of_the_place(world):
    Organisation.objects.filter(code="HR").update(region=world.here.region)


def test_a_call_of_three_fields_opens_the_matter_and_leads_to_the_spot(sign_in, world):
    answer = sign_in("inspector").post("/emergencies/new", CALL)
    found = Emergency.objects.get()
    assert answer["Location"] == f"/emergencies/{found.pk}"
    assert found.matter.lead == world.body
    page = text(sign_in("inspector").get(answer["Location"]))
    for said in ("东台安置房门口，约25人：瓦工班堵住大门", "下次续报", "每2小时一次", "还没有人", "打开事项"):
        assert said in page, said
    assert "现场处置页" in text(sign_in("inspector").get(f"/matters/{found.matter_id}"))


def test_the_form_says_that_the_place_has_no_number_of_its_own(sign_in, world):
    assert "当地没有登记续报间隔" in text(sign_in("inspector").get("/emergencies/new"))


def test_what_is_missing_is_said_beside_its_field_and_nothing_is_opened(sign_in, world):
    answer = sign_in("inspector").post("/emergencies/new", {**CALL, "people": "", "report_hours": ""})
    assert answer.status_code == 422
    answer = sign_in("inspector").post("/emergencies/new", {**CALL, "report_hours": ""})
    assert "请按本地预案填写几小时后续报" in text(answer)
    assert not Matter.objects.exists()


def test_from_a_clue_nothing_is_typed_twice(sign_in, world, now):
    clue = a_clue(world, now, text="我们20个木工在东台安置房工地被拖欠工资18万元，再不给钱我们就去堵路。")
    client = sign_in("inspector")
    page = client.get(f"/emergencies/new?clue={clue.pk}").content.decode()
    assert f'name="clue" value="{clue.pk}"' in page
    assert 'value="20"' in page
    client.post("/emergencies/new", {**CALL, "clue": clue.pk})
    assert Emergency.objects.get().clue == clue
    assert "打开现场处置页" in text(client.get(f"/clues/{clue.pk}"))
    outsider = sign_in("outsider").get(f"/emergencies/new?clue={clue.pk}").content.decode()
    assert 'name="clue"' not in outsider


def test_entries_team_and_end_are_written_on_the_page(sign_in, world, now):
    found = an_emergency(world, now)
    client, place = sign_in("inspector"), f"/emergencies/{found.pk}"
    client.post(f"{place}/team", TEAM)
    client.post(f"{place}/entry", {"text": "三方到场", "people": "12", "owed_fen": "18.6万", "report": "on"})
    page = text(client.get(place))
    for said in ("139****1111", "王**", "三方到场", "¥186,000.00", "人数 12"):
        assert said in page, said
    assert "13900001111" not in page
    client.post(f"{place}/end", {"how": "工人散去"})
    page = text(client.get(place))
    assert "现场处置已结束" in page
    assert "登记现场情况" not in page


def test_a_wrong_telephone_is_refused_with_what_was_typed(sign_in, world, now):
    found = an_emergency(world, now)
    answer = sign_in("inspector").post(f"/emergencies/{found.pk}/team", {**TEAM, "police-phone": "打不通"})
    assert answer.status_code == 422
    assert "派出所到场人员的电话应为3至12位数字" in text(answer)
    assert 'value="王某某"' in answer.content.decode()


def test_a_full_telephone_asks_for_the_purpose(sign_in, world, now):
    found = an_emergency(world, now)
    client = sign_in("inspector")
    client.post(f"/emergencies/{found.pk}/team", TEAM)
    address = f"/reveal/responder/{found.responders.get(office='police').pk}"
    assert "13900002222" in text(client.post(address, {"field": "phone", "purpose": "电话联系到场"}))
    assert sign_in("outsider").post(address, {"field": "phone", "purpose": "电话联系到场"}).status_code == 404
    assert sign_in("clerk").get(address).status_code == 403


def test_a_clerk_reads_and_writes_nothing(sign_in, world, now):
    found = an_emergency(world, now)
    page = text(sign_in("clerk").get(f"/emergencies/{found.pk}"))
    assert "登记现场情况" not in page
    assert sign_in("clerk").post(f"/emergencies/{found.pk}/entry", {"text": "看过"}).status_code == 403


def test_a_drill_says_so_on_top_and_is_in_no_list_of_real_ones(sign_in, world, now):
    client = sign_in("inspector")
    client.post("/emergencies/new", {**CALL, "drill": "on"})
    found = Emergency.objects.get()
    assert not Matter.objects.exists()
    assert "以下都是演练，不是真实事件" in text(client.get(f"/emergencies/{found.pk}"))
    assert "东台安置房门口" not in text(client.get("/emergencies"))
    assert "没有正在处置的紧急事件" in text(client.get("/emergencies"))
    assert "东台安置房门口" in text(client.get("/emergencies?shown=drills"))
    assert "东台安置房门口" not in text(client.get("/matters"))


def test_an_overdue_report_is_shown_in_the_list_and_the_workbook_opens(sign_in, world, now):
    an_emergency(world, now.replace(hour=8), report_hours=1)
    client = sign_in("inspector")
    assert "续报已逾期" in text(client.get("/emergencies"))
    answer = client.get("/emergencies/export.xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[3][3] == "东台安置房售楼部门口"
    assert "西河" not in str(rows)
