"""A case in a real browser: opened, investigated, its limit missed, seen among one's tasks with the steps that
led to the date, put under oversight, decided by the leader, closed. The console reads the real clock, so every
day is counted back from today.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django.utils import timezone

from anxin.accounts.models import Grant, Role, User
from anxin.casework.models import Matter
from anxin.casework.tasks import run_day
from anxin.law import load
from anxin.registry.models import Employer, Organisation, Participation, Project, Region
from tests.support.browser import accessibility_problems, arrived, sign_in

PASSWORD = "Qinghe-2026-anxin"
#: more than sixty working days, whatever holidays lie between
LONG_AGO = 130


@pytest.fixture
def office(transactional_db) -> Project:
    """A county with an inspector and a leader, and one project with its contractor."""
    city = Region.objects.create(code="9901", name="云州市")
    county = Region.objects.create(code="990101", name="清河县", parent=city)
    body = Organisation.objects.create(code="QH-HR", name="清河县人社局", kind="bureau", region=county)
    for username, name, role in (("lin", "林监察", Role.INSPECTOR), ("chen", "陈局长", Role.LEADER)):
        user = User.objects.create_user(username, password=PASSWORD, display_name=name, office=body.name)
        Grant.objects.create(user=user, role=role, region="990101")
    project = Project.objects.create(
        code="QH-001", name="清河安置房项目", region=county, industry="housing", responsible=body,
        recorded_at=timezone.now(),
    )  # fmt: skip
    firm = Employer.objects.create(uscc="91990101MA0000009P", name="清河建工公司")
    Participation.objects.create(project=project, employer=firm, role="general_contractor")
    return project


def open_case(page, on: dt.date) -> None:
    page.get_by_role("link", name="线索与案件", exact=True).click()
    page.get_by_role("link", name="事项", exact=True).click()
    page.get_by_role("link", name="开始一件事项").first.click()
    page.fill("#f-text", "监察案件")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name="劳动保障监察案件").click()
    arrived(page, page.locator("#id_about_text"))  # whose choices come by script
    page.fill("#id_title", "两个班组反映三个月没有发工资")
    page.locator("#id_about_text").press_sequentially("清河安置")
    page.get_by_label("清河安置房项目").check()
    page.fill("#id_on", on.isoformat())
    page.get_by_role("button", name="开始", exact=True).click()
    page.wait_for_url(re.compile(r"/matters/\d+$"))


def take(page, step: str, on: dt.date, *papers: Path) -> None:
    """Open the form of a step, give its day and papers, send it."""
    form = page.locator("#steps details", has_text=step)
    form.locator("summary").first.click()
    form.get_by_label("办理日期").fill(on.isoformat())
    for field, paper in zip(form.locator("input[type=file]").all(), papers, strict=True):
        field.set_input_files(str(paper))
    form.get_by_role("button", name=re.compile(f"：{step}")).click()
    arrived(page, page.locator(".notes", has_text=f"已办理“{step}”"))


def name_inspectors(page) -> None:
    """From the matter's page to 办案辅助 and back: a case is not assigned before two inspectors are named."""
    matter = page.url
    page.get_by_role("link", name="办案辅助").first.click()
    page.wait_for_url(re.compile(r"/inspection$"))
    for row, (name, card) in enumerate((("林监察", "QH-01"), ("周监察", "QH-02"))):
        page.fill(f"#name-{row}", name)
        page.fill(f"#card-{row}", card)
    page.get_by_role("button", name="指定", exact=True).click()
    page.get_by_text("执法证号 QH-02").wait_for()
    page.goto(matter)


def working_days_late(due: dt.date, today: dt.date) -> int:
    calendar = load().calendar
    days = (due + dt.timedelta(days=number) for number in range(1, (today - due).days + 1))
    return sum(map(calendar.presumed_workday, days))


def test_a_case_from_its_opening_to_its_end(page, office, tmp_path):
    paper = tmp_path / "文书.pdf"
    paper.write_bytes(b"%PDF-1.4 paper")
    today = timezone.localdate()
    opened = today - dt.timedelta(days=LONG_AGO)

    sign_in(page, "lin", PASSWORD)
    open_case(page, opened)
    matter = Matter.objects.get()
    assert (matter.project, matter.lead.name) == (office, "清河县人社局")
    assert "现为“已立案”" in page.locator("h1").inner_text()
    assert "不得少于2名监察员" in page.locator("main").inner_text()
    name_inspectors(page)
    take(page, "指派监察员调查", opened + dt.timedelta(days=3), paper)
    assert page.locator(".path").inner_text().split() == ["已立案", "调查中"]
    assert "请提请有决定权限的领导办理" in page.locator("main").inner_text()

    # The night's run notes what went by.
    due = matter.deadlines.get(clock="investigation").due_on
    assert due < today
    run_day(today, now=timezone.now())

    page.get_by_role("link", name="我的待办").first.click()
    row = page.locator("tbody tr", has_text="案件调查期限")
    late = working_days_late(due, today)
    assert f"已逾期{late}个工作日" in row.inner_text()
    assert "《劳动保障监察条例》第十七条" in row.inner_text()
    arrived(page, row)  # the window of a date comes by script
    row.locator(".due-link").click()
    window = page.locator("dialog[open]")
    window.locator(".due-steps").wait_for()
    said = window.inner_text()
    assert "60个工作日" in said
    assert f"{due.year}年{due.month}月{due.day}日" in said
    assert window.locator("td.day-last").first.inner_text().startswith(str(due.day))
    assert accessibility_problems(page) == []
    page.keyboard.press("Escape")
    assert not page.locator("dialog[open]").is_visible()
    page.goto(row.locator(".due-link").get_attribute("href"))
    assert "60个工作日" in page.locator("main").inner_text()  # the same as a page of its own

    sign_in(page, "chen", PASSWORD)
    page.goto("/matters?oversight=1")
    page.get_by_role("link", name="两个班组反映三个月没有发工资").click()
    page.wait_for_url(re.compile(r"/matters/\d+$"))
    assert "列入督办" in page.locator("main").inner_text()
    form = page.locator("#steps details", has_text="情况复杂，批准延长")
    form.locator("summary").first.click()
    form.get_by_label("延长多少").fill("30")
    form.get_by_label("批准延长的文书编号").fill("批〔2026〕1号")
    form.locator("input[type=file]").set_input_files(str(paper))
    form.get_by_role("button", name=re.compile("：情况复杂")).click()
    page.locator("#steps .alert-danger").wait_for()
    assert "已经过期" in page.locator("#steps .alert-danger").inner_text()  # too late for an extension
    page.reload()
    take(page, "查无违法事实，撤销立案", today, paper)

    sign_in(page, "lin", PASSWORD)
    page.goto(f"/matters/{matter.pk}")
    take(page, "结案归档", today, paper, paper)
    arrived(page, page.locator("h1", has_text="办结，结果为“结案归档”"))
    assert "逾期完成" in page.locator("#clocks").inner_text()
    page.get_by_role("link", name="我的待办").first.click()
    assert "没有等您办理的事" in page.locator("main").inner_text()
    assert [error for error in page.script_errors if "422" not in error] == []


def test_without_script_the_same_forms_and_links_work(live_console, browser, office, tmp_path):
    paper = tmp_path / "文书.pdf"
    paper.write_bytes(b"%PDF-1.4 paper")
    context = browser.new_context(base_url=live_console.url, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    try:
        sign_in(page, "lin", PASSWORD)
        page.goto("/matters/new?procedure=inspection_case")
        page.fill("#id_title", "没有脚本也能立案")
        page.fill("#id_about_text", "清河")
        page.get_by_role("button", name="开始", exact=True).click()
        page.get_by_text("找到不止一个，请在下面选择。").wait_for()  # the project and its contractor
        page.get_by_label("清河安置房项目").check()
        page.get_by_role("button", name="开始", exact=True).click()
        page.wait_for_url(re.compile(r"/matters/\d+$"))
        name_inspectors(page)
        take(page, "指派监察员调查", timezone.localdate(), paper)
        page.locator("#clocks .due-link").first.click()
        page.wait_for_url(re.compile(r"/due/clock/\d+$"))
        assert page.locator(".due-month").count() >= 2
    finally:
        context.close()


def test_the_pages_fit_a_phone_and_can_be_used_by_everybody(phone_page, office, tmp_path):
    sign_in(phone_page, "lin", PASSWORD)
    phone_page.goto("/matters/new?procedure=complaint_intake")
    phone_page.fill("#id_title", "一个名称很长的事项，" * 6)
    phone_page.get_by_role("button", name="开始", exact=True).click()
    phone_page.wait_for_url(re.compile(r"/matters/\d+$"))
    matter = Matter.objects.get()
    clock = matter.deadlines.get()
    problems = []
    for address in ("/tasks", "/matters", "/matters/new", "/matters/new?procedure=legal_aid",
                    f"/matters/{matter.pk}", f"/due/clock/{clock.pk}", "/"):  # fmt: skip
        phone_page.goto(address)
        wide = phone_page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        problems += [f"{address}: {wide} px too wide"] if wide > 0 else []
        problems += [f"{address}: {problem}" for problem in accessibility_problems(phone_page)]
    assert problems == []
    assert phone_page.script_errors == []
