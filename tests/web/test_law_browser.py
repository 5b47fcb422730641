"""法规与期限 in a real Chromium at both widths: it fits, everybody can use it, and a due date is worked out in place."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from tests.web.test_browser import check, enter

PAGES = (
    "/law",
    "/law?subject=wage_deposit&region=35",
    "/law/values/wage_deposit.differentiation",
    "/law/values/wage_payment.min_wage_monthly?region=510121",
    "/law/deadline?key=inspection.investigation_days&start=2026-03-02&extend=30",
    "/law/statutes",
    "/law/procedures",
    "/law/procedures/inspection_case",
)
DAY = dt.date(2026, 9, 28)


@pytest.fixture(autouse=True)
def fixed_day():
    """The console runs in its own process and reads the real clock."""


@pytest.fixture(params=["page", "phone_page"])
def screen(request, transactional_db, world):
    screen = request.getfixturevalue(request.param)
    enter(screen, "inspector")
    return screen


def days(screen, mark: str) -> list[int]:
    """The numbers of the drawn days with a mark, in their order."""
    cells = screen.locator(f".due-calendar td.day-{mark}").all_inner_texts()
    return [int(re.match(r"\d+", text.strip())[0]) for text in cells]


def test_the_law_pages_fit_are_silent_and_usable_by_everybody(screen):
    assert [problem for page in PAGES for problem in check(screen, page)] == []
    assert screen.script_errors == []


def test_a_due_date_is_worked_out_in_place_and_its_days_are_drawn(screen):
    screen.goto("/law/deadline?region=")
    screen.evaluate("window.stillHere = true")
    screen.select_option("#d-key", "inspection.complaint_decision_days")
    screen.fill("#d-start", DAY.isoformat())
    screen.get_by_role("button", name="计算").click()
    screen.locator(".due-big", has_text="2026年10月10日（星期六）").wait_for()
    assert screen.evaluate("window.stillHere") is True
    assert screen.locator(".due-month caption").all_inner_texts() == ["2026年9月", "2026年10月"]
    assert days(screen, "start") == [28]
    assert days(screen, "counted") == [29, 30, 8, 9, 10]
    assert days(screen, "last") == [10]
    assert "国庆节放假10月1日至10月7日不计" in screen.locator(".due-steps").inner_text()
    assert screen.script_errors == []


def test_the_answer_has_an_address_that_shows_it_again(screen):
    screen.goto("/law/deadline?region=")
    screen.select_option("#d-key", "wage_deposit.deposit_days")
    screen.fill("#d-start", DAY.isoformat())
    screen.get_by_role("button", name="计算").click()
    screen.locator(".due-big").wait_for()
    screen.wait_for_url(re.compile("start=2026-09-28"))
    answer = screen.locator(".due-big").inner_text()
    screen.reload()
    assert screen.locator(".due-big").inner_text() == answer
    assert screen.input_value("#d-start") == DAY.isoformat()


def test_the_lengths_of_a_provision_appear_once_it_is_chosen(screen):
    screen.goto(f"/law/deadline?region=&start={DAY}")
    assert screen.locator("#d-part").count() == 0
    screen.select_option("#d-key", "penalty.publish_decision_days")
    screen.locator("#d-part").wait_for()
    assert "请指明其中一种" in screen.locator("#answer").inner_text()
    screen.select_option("#d-part", label="许可和处罚决定")
    screen.locator(".due-big", has_text="到期日").wait_for()
    assert screen.script_errors == []


def test_a_refusal_stands_where_the_answer_would(screen):
    screen.goto(f"/law/deadline?key=inspection.investigation_days&start={DAY}&region=")
    screen.locator("summary", has_text="中止、延长").click()
    screen.fill("#d-extend", "31")
    screen.get_by_role("button", name="计算").click()
    screen.get_by_role("alert").filter(has_text="最多可延长30个工作日").wait_for()
    assert screen.script_errors == []
