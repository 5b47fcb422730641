"""The ledger's layout on a page: ordered, looked at, tried, proposed by one and signed by another, then exported."""

from __future__ import annotations

import io
import re

import openpyxl
from django.urls import reverse

from anxin.referral.models import SignedTable, State
from anxin.referral.shipped import shipped
from anxin.web.bureau.ledger_layout_form import of_entries, of_post
from tests.web.cases import a_clue

EDIT = "/referral/ledger/edit"
FIELDS = {
    "title": "〔地区〕根治欠薪台账",
    "line": "〔单位〕　〔起〕至〔止〕",
    "paper": "A4横向",
    "sign-name-1": "填表人",
    "sign-words-1": "〔导出人〕",
    "sign-name-2": "分管领导",
    "on-people": "1", "at-people": "20", "name-people": "涉及人数", "group-people": "基本情况", "width-people": "9",
    "on-employer": "1", "at-employer": "10", "name-employer": "欠薪单位", "group-employer": "", "width-employer": "30",
    "on-blank1": "1", "at-blank1": "", "name-blank1": "备注", "width-blank1": "12",
}  # fmt: skip
PAPER = {
    "region": "990101",
    "valid_from": "2026-11-20",
    "source_title": "台账格式",
    "source_number": "云治欠办〔2026〕1号",
}


def first_sheet(answer):
    return openpyxl.load_workbook(io.BytesIO(answer.content)).active


def headings(sheet) -> list[str]:
    return [cell.value for cell in sheet[3]]


def test_the_form_of_a_layout_gives_the_same_layout_back():
    entries = [{name: value for name, value in entry.items() if value} for entry in shipped("ledger").entries]
    typed = of_entries(entries)
    assert typed.entries == entries
    said = {"title": typed.title, "line": typed.line, "paper": typed.paper}
    for number, (label, words) in enumerate(typed.signing, start=1):
        said |= {f"sign-name-{number}": label, f"sign-words-{number}": words}
    for line in typed.lines:
        said |= {f"at-{line.key}": line.at, f"name-{line.key}": line.name, f"width-{line.key}": line.width}
        said |= {f"group-{line.key}": line.group, **({f"on-{line.key}": "1"} if line.taken else {})}
    assert of_post(said).entries == entries


def test_what_is_typed_is_shown_as_it_will_be_printed(sign_in, world, now):
    a_clue(world, now)
    page = sign_in("leader").post(EDIT, FIELDS | {"do": "look"}).content.decode()
    shown = re.search(r'<table class="table ledger-preview">.*?</table>', page, re.S)[0]
    assert re.findall(r"<th[^>]*>([^<]+)", shown) == ["欠薪单位", "基本情况", "备注", "涉及人数"]
    assert "根治欠薪台账" in shown and "填表人：某leader" in shown and "分管领导：　" in shown
    assert not SignedTable.objects.exists(), "looking proposes nothing"
    sheet = first_sheet(sign_in("leader").post(EDIT, FIELDS | {"do": "try"}))
    assert headings(sheet)[:2] == ["欠薪单位", "基本情况"] and "只供试看" in sheet["A2"].value


def test_what_cannot_be_is_said_and_nothing_typed_is_lost(sign_in, world):
    answer = sign_in("admin").post(EDIT, FIELDS | PAPER | {"width-people": "999", "do": "propose"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "“涉及人数”的列宽请填3到80的整数" in page
    assert 'value="欠薪单位"' in page and 'value="999"' in page and 'value="云治欠办〔2026〕1号"' in page
    assert not SignedTable.objects.exists()
    answer = sign_in("admin").post(EDIT, FIELDS | PAPER | {"source_title": "", "do": "propose"})
    assert answer.status_code == 422 and "请写明依据哪份文件" in answer.content.decode()


def test_one_proposes_another_signs_and_then_the_ledger_is_so(sign_in, world):
    export = reverse("ledger-export")
    admin, leader, inspector = sign_in("admin"), sign_in("leader"), sign_in("inspector")
    answer = admin.post(EDIT, FIELDS | PAPER | {"do": "propose"})
    record = SignedTable.objects.get()
    assert answer["Location"] == reverse("referral-version", args=["ledger", record.pk])
    assert "新增：欠薪单位" in admin.get(answer["Location"]).content.decode()
    assert first_sheet(inspector.get(export))["A1"].value == "欠薪线索办理台账", "not before it is signed"
    looked = first_sheet(leader.get(export, {"layout": record.pk}))
    assert headings(looked)[0] == "欠薪单位" and f"按第{record.pk}号版式（待确认）" in looked["A2"].value
    leader.post(reverse("referral-act", args=["ledger", record.pk, "sign"]))
    assert SignedTable.objects.get().state == State.CONFIRMED
    sheet = first_sheet(inspector.get(export))
    assert sheet["A1"].value.endswith("根治欠薪台账") and headings(sheet)[0] == "欠薪单位"
    assert (
        "版式" not in sheet["A2"].value and "填表人：某inspector" in [row[0].value for row in sheet.rows][-1]
    )
    assert "涉及人数" in inspector.get("/referral/ledger").content.decode()


def test_who_only_looks_sees_the_layout_and_cannot_change_it(sign_in, world):
    client = sign_in("inspector")
    page = client.get("/referral/ledger").content.decode()
    assert "现行：随系统提供的台账版式" in page and "在页面上改" not in page
    assert client.get(EDIT).status_code == 403 and client.post(EDIT, FIELDS).status_code == 403
    assert client.get(reverse("ledger-export"), {"layout": 999}).status_code == 404


def test_a_layout_costs_as_many_queries_as_any_page(sign_in, world, now, django_assert_max_num_queries):
    a_clue(world, now)
    client = sign_in("leader")
    with django_assert_max_num_queries(15):
        assert client.get(EDIT).status_code == 200
    with django_assert_max_num_queries(15):
        assert client.get("/referral/ledger").status_code == 200
