"""系统 · 机构接入: sample, columns, trial, second look; who may, and what is shown of people."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anxin.connections.models import InstitutionLayout
from anxin.registry.models import Organisation
from tests.connections.test_layouts import COLUMNS, sample
from tests.support.deliveries import bank_card, receipts
from tests.web.test_warnings import text

pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def bank(world):
    return Organisation.objects.create(code="SLYH", name="示例银行", kind="bank")


def upload(client, data: bytes, name: str = "样本.xlsx", **fields):
    values = {
        "what": "receipts",
        "organisation": "SLYH",
        "name": "代发回执",
        "file": SimpleUploadedFile(name, data),
    }
    return client.post("/system/layouts/new", {**values, **fields})


@pytest.fixture
def layout(bank, sign_in):
    answer = upload(sign_in("clerk"), sample())
    assert answer.status_code == 302, text(answer)
    return InstitutionLayout.objects.get()


def form(**changes):
    values = {"sheet": "Sheet1", "header_first": "1", "header_last": "1", "unit": "元"}
    values |= {f"column-{letter}": name for name, letter in COLUMNS.items()}
    return {**values, **changes}


def test_sample_is_shown_by_column_with_people_masked(layout, sign_in):
    page = text(sign_in("clerk").get(f"/system/layouts/{layout.pk}"))
    assert "各列是什么" in page and "甲" in page
    assert "王**" in page
    assert "王小明" not in page and bank_card(1) not in page


def test_check_says_what_would_become_of_each_row_and_keeps_nothing(layout, sign_in):
    client = sign_in("clerk")
    page = text(client.post(f"/system/layouts/{layout.pk}/mapping", form(check="1")))
    assert "银行尚在处理" in page and "请先点“保存对应”" in page
    missing = text(client.post(f"/system/layouts/{layout.pk}/mapping", form(check="1", **{"column-D": ""})))
    assert "还没有指出哪一列是金额" in missing
    twice = text(
        client.post(f"/system/layouts/{layout.pk}/mapping", form(check="1", **{"column-A": "amount"}))
    )
    assert "都指定为金额" in twice
    layout.refresh_from_db()
    assert layout.mapping["columns"] == {}


def test_walk_from_sample_to_live_takes_two_people(layout, sign_in):
    clerk = sign_in("clerk")
    address = f"/system/layouts/{layout.pk}"
    assert clerk.post(f"{address}/mapping", form()).status_code == 302
    clerk.post(f"{address}/test")
    assert "等另一位同事看过后启用" in text(clerk.get(address))
    clerk.post(f"{address}/live")
    layout.refresh_from_db()
    assert layout.stage == "tested"
    colleague = sign_in("inspector")
    assert "看过无误，启用" in text(colleague.get(address))
    colleague.post(f"{address}/live")
    layout.refresh_from_db()
    assert (layout.stage, layout.live_by_name) == ("live", "某inspector")
    again = text(clerk.get(address))
    assert "各列是什么" not in again and "每一行的结果" in again


def test_upload_that_follows_says_whose_layout_it_used(layout, sign_in):
    address = f"/system/layouts/{layout.pk}"
    sign_in("clerk").post(f"{address}/mapping", form())
    sign_in("clerk").post(f"{address}/test")
    sign_in("inspector").post(f"{address}/live")
    values = {"kind": "receipts", "project": "HERE", "file": SimpleUploadedFile("11月.xlsx", sample("结果"))}
    answer = sign_in("clerk").post("/imports/new", values)
    page = text(sign_in("clerk").get(answer["Location"]))
    assert "示例银行“代发回执”第1版" in page


def test_trial_and_list_go_out_as_workbooks_with_people_masked(layout, sign_in):
    client = sign_in("clerk")
    client.post(f"/system/layouts/{layout.pk}/mapping", form())
    trial = openpyxl.load_workbook(
        io.BytesIO(client.get(f"/system/layouts/{layout.pk}/trial.xlsx").content)
    ).active
    said = [str(cell.value) for row in trial.iter_rows() for cell in row]
    assert "王**" in said and "王小明" not in said
    listed = openpyxl.load_workbook(io.BytesIO(client.get("/system/layouts/export.xlsx").content)).active
    assert "示例银行" in [cell.value for row in listed.iter_rows() for cell in row]


def test_unreadable_sample_is_refused_beside_the_file(bank, sign_in):
    answer = upload(sign_in("clerk"), b"%PDF-1.4")
    assert answer.status_code == 422
    assert "样本读不出来" in text(answer)
    assert not InstitutionLayout.objects.exists()


def test_order_format_is_drafted_and_shown_written(bank, sign_in):
    values = {"what": "orders", "organisation": "SLYH", "name": "代发文件", "format_key": "wage_file"}
    answer = sign_in("clerk").post("/system/layouts/new", values)
    page = text(sign_in("clerk").get(answer["Location"]))
    assert "AXGZ|1|PAY|SHIXIE-0001" in page


def test_layouts_are_listed_for_who_manages_but_their_samples_are_not_shown(layout, sign_in):
    assert "示例银行" in text(sign_in("admin").get("/system/layouts"))
    assert sign_in("admin").get(f"/system/layouts/{layout.pk}").status_code == 403
    assert sign_in("leader").get("/system/layouts").status_code == 403


def test_empty_list_says_what_to_do(sign_in):
    page = text(sign_in("clerk").get("/system/layouts"))
    assert "还没有接入机构文件" in page


def test_layout_that_is_not_there_is_not_found(sign_in):
    assert sign_in("clerk").get("/system/layouts/99").status_code == 404
    assert sign_in("clerk").post("/system/layouts/99/test").status_code == 404


def test_known_columns_stand_chosen_from_the_start(bank, sign_in):
    upload(sign_in("clerk"), receipts(("王小明", 1, 5000)))
    page = text(sign_in("clerk").get(f"/system/layouts/{InstitutionLayout.objects.get().pk}"))
    assert 'value="amount" selected' in page
