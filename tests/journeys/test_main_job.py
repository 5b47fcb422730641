"""The main job in a real browser: pay files in, an explained warning out, followed until the money has arrived.

Worked out by hand from the files of ``sheets.py``: seven people were promised 35,953.00元 for September 2026; the
agreed pay day, 17 October 2026, is a Saturday, so wages were due on Friday the 16th; eight people worked, so one
has attendance without a payroll line. After the bank's first file (four people, 20,097.50元) three people are
still owed 15,855.50元.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from pathlib import Path

import openpyxl
import pytest
from django.utils import timezone

from anxin.accounts.models import Grant, Role, User
from anxin.registry.models import Organisation, Project, Region
from tests.journeys import sheets
from tests.support.browser import arrived, press, sign_in

PASSWORD = "Qinghe-2026-anxin"
WAGES_UNPAID = "W03"


@pytest.fixture
def site(transactional_db) -> Project:
    """A county, two inspectors, and one project whose pay day is the 17th of the next month."""
    moment = timezone.make_aware(dt.datetime(2026, 1, 5, 9))
    city = Region.objects.create(code="9901", name="云州市")
    county = Region.objects.create(code="990101", name="清河县", parent=city)
    body = Organisation.objects.create(code="QH-HR", name="清河县人社局", kind="bureau", region=county)
    for username, name in (("lin", "林监察"), ("zhao", "赵监察")):
        user = User.objects.create_user(username, password=PASSWORD, display_name=name)
        Grant.objects.create(user=user, role=Role.INSPECTOR, region="990101")
    return Project.objects.create(
        code="QH-001",
        name="清河安置房项目",
        region=county,
        industry="housing",
        responsible=body,
        commencement=dt.date(2026, 8, 1),
        permit_on=dt.date(2026, 7, 1),
        pay_day=17,
        pay_month_offset=1,
        recorded_at=moment,
    )


def deliver(page, live_console, project: Project, kind: str, name: str, data: bytes, folder: Path) -> str:
    """Upload, look at the preview, accept; returns what the preview said."""
    path = folder / name
    path.write_bytes(data)
    page.goto("/imports/new")
    page.select_option("select[name=kind]", kind)
    page.select_option("select[name=project]", project.code)
    page.set_input_files("input[type=file]", str(path))
    page.get_by_role("button", name="上传并预览").click()
    page.wait_for_url(re.compile(r"/imports/\d+"))
    preview = page.locator("main").inner_text()
    page.get_by_role("button", name=re.compile("^接收")).click()
    arrived(page, page.get_by_text(re.compile(r"已接收 \d+ 行")))
    live_console.drain()  # the sweep that follows by itself
    return preview


def open_warning(page, project: Project, title: str) -> None:
    page.goto(f"/projects/{project.pk}/warnings")
    page.get_by_role("link", name=re.compile(title)).first.click()
    page.wait_for_url(re.compile(r"/warnings/\d+"))


def test_pay_files_in__warning_explained_handed_over_and_cleared_by_receipts(
    page, live_console, site, tmp_path
):
    sign_in(page, "lin", PASSWORD)
    preview = deliver(page, live_console, site, "roster", "花名册.xlsx", sheets.roster(), tmp_path)
    assert "8 行，8 人" in preview
    deliver(page, live_console, site, "attendance", "9月考勤.xlsx", sheets.attendance(), tmp_path)
    preview = deliver(page, live_console, site, "payroll", "9月工资表.xlsx", sheets.payroll(), tmp_path)
    assert "7 行，7 人" in preview
    assert "¥35,953.00" in preview
    assert "2026年9月" in preview

    # The sweep ran by itself. The warning says it in one sentence, with people, money, and how the day was reached.
    open_warning(page, site, "35,953.00元")
    told = page.locator("main").inner_text()
    assert "7名工人" in told
    assert "2026年10月16日（原定10月17日，遇休息日提前）" in told
    assert "《保障农民工工资支付条例》第十四条" in told
    assert "9月工资表.xlsx" in told  # each row names its file
    warning = page.url

    # Who worked without a line on the payroll: the eighth.
    page.goto(f"/projects/{site.pk}/warnings")
    assert page.get_by_role("link", name=re.compile("有考勤的8人中，1人没有工资记录")).count() == 1

    # Handed over to a colleague.
    page.goto(warning)
    page.locator("summary", has_text=re.compile("^交办$")).click()
    page.locator("#to-user").select_option(label="赵监察")
    page.fill("#assign-text", "请核实总包单位的付款安排。")
    press(page, "交办", "请核实总包单位的付款安排。")
    assert "赵监察" in page.locator(".next-step").inner_text()

    # The bank paid four: three are left.
    deliver(page, live_console, site, "receipts", "代发1.csv", sheets.receipts(range(4)), tmp_path)
    page.goto(warning)
    sentence = page.locator("h1.sentence").inner_text()
    assert "3名工人" in sentence
    assert "15,855.50元" in sentence

    # The rest arrives; facts clear the warning, and its history stays.
    deliver(page, live_console, site, "receipts", "代发2.csv", sheets.receipts(range(4, 7)), tmp_path)
    page.goto(warning)
    told = page.locator("main").inner_text()
    assert "已消除" in told
    assert "事实消除" in told

    # The list, exported, opens as a workbook and still names the cleared warning.
    page.goto("/warnings?state=cleared")
    with page.expect_download() as download:
        page.get_by_role("link", name="导出 Excel").click()
    book = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert any("清河安置房项目" in text for text in cells)
    assert page.script_errors == []


def test_same_file_twice__page_says_so_and_nothing_changes(page, live_console, site, tmp_path):
    from anxin.payroll.models import PayrollLine

    sign_in(page, "lin", PASSWORD)
    deliver(page, live_console, site, "payroll", "9月工资表.xlsx", sheets.payroll(), tmp_path)
    before = list(PayrollLine.objects.values_list("pk", "net_fen", "superseded_at"))
    page.goto("/imports/new")
    page.select_option("select[name=kind]", "payroll")
    page.select_option("select[name=project]", site.code)
    page.set_input_files("input[type=file]", str(tmp_path / "9月工资表.xlsx"))
    page.get_by_role("button", name="上传并预览").click()
    page.get_by_text("接收过，未作任何改动").first.wait_for()
    assert list(PayrollLine.objects.values_list("pk", "net_fen", "superseded_at")) == before
    assert len(before) == 7
