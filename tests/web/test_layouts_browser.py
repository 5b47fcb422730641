"""Joining a bank by its file in a real Chromium: from the sample to a delivery that finds its layout by itself."""

from __future__ import annotations

import re
import time

import pytest

from anxin.connections.models import InstitutionLayout
from anxin.evidence.models import ImportBatch
from anxin.registry.models import Organisation
from tests.connections.test_layouts import COLUMNS, HEADER, rows, sample
from tests.support.deliveries import workbook
from tests.web.test_browser import check, enter, fixed_day, screen  # noqa: F401 – fixtures

#: what the makers of the system promise: a new institution in ten minutes
_PROMISED_SECONDS = 600


@pytest.fixture
def bank(transactional_db, world):
    return Organisation.objects.create(code="SLYH", name="示例银行", kind="bank")


@pytest.fixture
def files(tmp_path):
    (tmp_path / "样本.xlsx").write_bytes(sample(title="示例银行代发结果"))
    later = rows(("钱五", 5, 4100, "成功"), ("孙六", 6, 4200, "成功"))
    (tmp_path / "11月代发结果.xlsx").write_bytes(workbook(HEADER, later, title="示例银行代发结果"))
    return tmp_path


def test_bank_is_joined_by_two_people_and_its_next_file_is_read(screen, bank, files):  # noqa: F811
    started = time.monotonic()
    enter(screen, "clerk")
    screen.goto("/system/layouts")
    screen.click("text=接入机构文件")
    screen.select_option("select[name=organisation] >> nth=0", "SLYH")
    screen.set_input_files("input[name=file]", files / "样本.xlsx")
    screen.get_by_role("button", name="上传样本").click()
    screen.wait_for_url(re.compile(r"/system/layouts/\d+$"))
    for name, letter in COLUMNS.items():
        with screen.expect_response(re.compile("/mapping$")):
            screen.select_option(f"select[name=column-{letter}]", name)
    # checked while it is being mapped: each row's fate stands there before anything is kept
    screen.wait_for_selector("#check >> text=银行尚在处理")
    assert InstitutionLayout.objects.get().mapping["columns"] == {}
    screen.get_by_role("button", name="保存对应").click()
    screen.wait_for_selector("text=已保存各列的对应")
    screen.get_by_role("button", name="试读通过").click()
    screen.wait_for_selector("text=等另一位同事看过后启用")
    address = screen.url
    screen.context.clear_cookies()
    enter(screen, "inspector")
    screen.goto(address)
    screen.get_by_role("button", name="看过无误").click()
    screen.wait_for_selector("text=今后收到这种文件会自动套用")
    screen.goto("/imports/new?kind=receipts&project=HERE")
    screen.set_input_files("input[name=file]", files / "11月代发结果.xlsx")
    screen.get_by_role("button", name="上传并预览").click()
    screen.wait_for_selector("text=示例银行“代发回执”第1版")
    assert time.monotonic() - started < _PROMISED_SECONDS
    assert ImportBatch.objects.get().rows_accepted == 2
    assert screen.script_errors == []


def test_pages_fit_and_are_usable_by_everybody(screen, bank, files):  # noqa: F811
    enter(screen, "clerk")
    problems = check(screen, "/system/layouts")
    problems += check(screen, "/system/layouts/new")
    screen.select_option("select[name=organisation] >> nth=0", "SLYH")
    screen.set_input_files("input[name=file]", files / "样本.xlsx")
    screen.get_by_role("button", name="上传样本").click()
    screen.wait_for_url(re.compile(r"/system/layouts/\d+$"))
    address = f"/system/layouts/{InstitutionLayout.objects.get().pk}"
    problems += check(screen, address)
    for name, letter in COLUMNS.items():
        screen.select_option(f"select[name=column-{letter}]", name)
    screen.get_by_role("button", name="保存对应").click()
    screen.wait_for_selector("text=已保存各列的对应")
    problems += check(screen, address)
    problems += check(screen, "/system/layouts")
    assert problems == []
    assert screen.script_errors == []
