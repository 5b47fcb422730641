"""The lead desk in a real browser: a hotline's list comes in, is read, looked through, corrected and merged."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from anxin.accounts.models import Grant, Role, User
from anxin.clues.models import Clue
from anxin.clues.services import triage_new
from anxin.evidence.imports import accept_batch, open_batch
from anxin.evidence.journal import SYSTEM
from anxin.registry.models import Region
from tests.clues.conftest import HEADINGS, OTHER, ticket
from tests.signals.conftest import table
from tests.support.browser import accessibility_problems, arrived, sign_in

PASSWORD = "Qinghe-2026-anxin"
AGAIN = "东台安置房工地众力劳务欠我们14个木工工资18.6万元，三个月没发钱，再不给我就跳楼。"


@pytest.fixture
def tickets(transactional_db, tmp_path):
    """An inspector of a county, and the hotline's list of the day."""
    region = Region.objects.create(code="990101", name="云城区")
    user = User.objects.create_user("lin", password=PASSWORD, display_name="林监察", office="云城区人社局")
    Grant.objects.create(user=user, role=Role.INSPECTOR, region=region.code)
    rows = (
        ticket("GD-1", title="木工班工资"),
        ticket("GD-2", AGAIN, title="又来反映"),
        ticket("GD-3", OTHER, title="路灯不亮"),
    )
    path = tmp_path / "工单.csv"
    path.write_bytes(table(HEADINGS, *rows))
    return path


def take_in(page, path) -> None:
    page.get_by_role("link", name="线索与案件", exact=True).click()
    page.get_by_role("link", name="导入工单").first.click()
    page.set_input_files("input[type=file]", str(path))
    page.get_by_role("button", name="上传并预览").click()
    page.get_by_role("button", name=re.compile("^接收")).click()
    arrived(page, page.get_by_text(re.compile(r"已接收 \d+ 行")))


def test_a_list_is_taken_in_read_corrected_and_two_tickets_become_one_dispute(live_console, page, tickets):
    sign_in(page, "lin", PASSWORD)
    take_in(page, tickets)
    live_console.drain()
    page.get_by_role("link", name="查看线索").click()
    assert [text.strip() for text in page.locator("td.say > a").all_inner_texts()] == [
        "又来反映",
        "木工班工资",
        "路灯不亮",
    ]
    page.get_by_role("link", name=re.compile("^欠薪")).click()
    page.get_by_role("link", name="木工班工资").click()
    arrived(page, page.locator("mark", has_text="14个"))
    page.get_by_text("更正人数").click()
    page.fill("#v-people", "15")
    page.fill("#w-people", "名单上是15人")
    page.locator("form", has=page.locator("#v-people")).get_by_role("button", name="更正").click()
    arrived(page, page.get_by_text("机器判读：14人"))
    page.get_by_role("button", name="并案", exact=True).click()
    arrived(page, page.get_by_text("同一件事的线索"))
    assert Clue.objects.filter(dispute__isnull=False).count() == 1
    page.get_by_text("撤销并案").first.click()
    page.locator("[id^=u-]").fill("是两个班组的事")
    page.get_by_role("button", name="撤销并案").click()
    arrived(page, page.get_by_text("撤销与").first)
    assert not Clue.objects.filter(dispute__isnull=False).exists()
    assert page.script_errors == []


def test_the_desk_fits_a_phone_and_can_be_used_by_everybody(live_console, phone_page, tickets):
    data, now = tickets.read_bytes(), timezone.now()
    batch = open_batch(kind="hotline", data=data, filename="工单.csv", actor=SYSTEM, now=now)
    accept_batch(batch.pk, actor=SYSTEM, now=now)
    triage_new(actor=SYSTEM, now=now)
    sign_in(phone_page, "lin", PASSWORD)
    problems = []
    for address in ("/clues", "/clues?text=none", f"/clues/{Clue.objects.get(sender_number='GD-2').pk}"):
        phone_page.goto(address)
        wide = phone_page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        problems += [f"{address}: {wide} px too wide"] if wide > 0 else []
        problems += [f"{address}: {problem}" for problem in accessibility_problems(phone_page)]
    assert problems == []
    assert phone_page.script_errors == []
