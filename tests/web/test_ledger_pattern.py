"""The bureau's own workbook on its page: uploaded, read, confirmed column by column, signed by another, filled."""

from __future__ import annotations

import io
import re

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from anxin.evidence.models import StoredFile
from anxin.referral.models import SignedTable
from tests.referral.ledger_patterns import a_pattern
from tests.web.cases import a_clue
from tests.web.test_ledger_layout import PAPER

PATTERN = "/referral/ledger/pattern"


def upload(client, data: bytes | None = None, name: str = "本局台账.xlsx"):
    return client.post(PATTERN, {"file": SimpleUploadedFile(name, data or a_pattern()), "do": "read"})


def form_of(answer) -> dict[str, str]:
    """What the page's form would send as it stands."""
    page = answer.content.decode()
    kept = re.findall(r'<input type="hidden" name="(kept|read)" value="([^"]+)"', page)
    chosen = re.findall(r'name="(column-\w+)".*?</select>', page, re.S)
    selects = {name: re.search(rf'name="{name}".*?</select>', page, re.S)[0] for name in chosen}
    fields = {
        name: (re.search(r'value="(\w+)" selected', text) or ["", ""])[1] for name, text in selects.items()
    }
    return dict(kept) | fields | {"sheet": "台账", "row": "3"}


def sheet_of(answer):
    return openpyxl.load_workbook(io.BytesIO(answer.content))["台账"]


def test_a_workbook_is_read_confirmed_signed_and_then_filled(sign_in, world, now):
    a_clue(world, now)
    admin, leader, export = sign_in("admin"), sign_in("leader"), reverse("ledger-export")
    form = form_of(upload(admin))
    assert form["column-B"] == "employer" and form["column-D"] == "claimed_wan" and form["column-F"] == ""
    form["column-E"] = "strike_day"
    looked = admin.post(PATTERN, form | {"do": "look"})
    assert looked.status_code == 200 and form_of(looked)["column-E"] == "strike_day", "as the person chose"
    tried = sheet_of(admin.post(PATTERN, form | {"do": "try"}))
    assert tried["B2"].value == "欠薪单位" and "只供试看" in str(tried.cell(tried.max_row, 1).value)
    assert not SignedTable.objects.exists()
    answer = admin.post(PATTERN, form | PAPER | {"do": "propose"})
    record = SignedTable.objects.get()
    assert (record.pattern_sheet, record.pattern_row, record.pattern.name) == ("台账", 3, "本局台账.xlsx")
    assert "填在本局的表样里" in leader.get(answer["Location"]).content.decode()
    leader.post(reverse("referral-act", args=["ledger", record.pk, "sign"]))
    assert "台账" not in openpyxl.load_workbook(io.BytesIO(leader.get(export).content)), (
        "the city has its own"
    )
    sheet = sheet_of(leader.get(export, {"region": "990101"}))
    assert sheet["A1"].value.endswith("2026-11-20）") and sheet["A4"].value == 1
    assert sheet["A6"].value == "填表人：某leader　　审核人："
    assert "现行的版式填在本局的表样里" in leader.get("/referral/ledger/edit?region=990101").content.decode()


def test_what_cannot_be_read_is_said_and_the_row_may_be_named(sign_in, world):
    admin = sign_in("admin")
    answer = upload(admin, b"a,b\n1,2\n", "台账.csv")
    assert answer.status_code == 422 and "请用 .xlsx 文件" in answer.content.decode()
    assert not StoredFile.objects.exists(), "what is no workbook is not kept"
    book = openpyxl.Workbook()
    book.active["A2"] = "甲栏"
    buffer = io.BytesIO()
    book.save(buffer)
    answer = upload(admin, buffer.getvalue())
    page = answer.content.decode()
    assert answer.status_code == 422 and "没有认出表头" in page
    kept = re.search(r'name="kept" value="([^"]+)"', page)[1]
    page = admin.post(PATTERN, {"kept": kept, "row": "2", "do": "read"}).content.decode()
    assert "甲栏" in page
    answer = admin.post(PATTERN, {"kept": kept, "row": "2", "do": "look", "sheet": "Sheet"})
    assert answer.status_code == 422 and "各列都是空白列" in answer.content.decode()


def test_a_column_under_another_unit_is_refused_and_nothing_chosen_is_lost(sign_in, world):
    admin = sign_in("admin")
    form = form_of(upload(admin)) | {"column-D": "claimed"}
    answer = admin.post(PATTERN, form | PAPER | {"do": "propose"})
    assert answer.status_code == 422 and "单位不一致" in answer.content.decode()
    assert form_of(answer)["column-D"] == "claimed" and not SignedTable.objects.exists()


def test_nobody_else_may_and_no_other_file_can_be_named(sign_in, world):
    form = form_of(upload(sign_in("admin")))
    inspector = sign_in("inspector")
    assert inspector.get(PATTERN).status_code == 403 and upload(inspector).status_code == 403
    answer = sign_in("leader").post(PATTERN, form | {"kept": "WzEsICJ4Il0:forged", "do": "try"})
    assert answer.status_code == 422 and "请选择本局的台账表样" in answer.content.decode()
