"""The console in a real Chromium at both widths: nothing overflows, nothing is logged, everybody can use it."""

from __future__ import annotations

import re

import pytest

from anxin.connections.models import ApiCall
from anxin.connections.services import issue_key
from anxin.monitoring.models import WarningRow
from anxin.registry.models import Employer, Organisation, Participation
from tests.support.browser import accessibility_problems, sign_in
from tests.web.conftest import PASSWORD


@pytest.fixture(autouse=True)
def fixed_day():
    """The console runs in its own process and reads the real clock."""


@pytest.fixture(params=["page", "phone_page"])
def screen(request, transactional_db):
    return request.getfixturevalue(request.param)


@pytest.fixture
def furnished(transactional_db, world):
    WarningRow.objects.create(
        warning=world.warning,
        worker_key=str(world.workers[0].pk),
        amount_fen=600_000,
        keys=f"payroll_line:{world.lines[0].pk}",
    )
    owner = Employer.objects.create(uscc="91990101MA0000001P", name="某城市建设投资集团有限公司")
    Participation.objects.create(project=world.here, employer=owner, role="owner")
    return world


def enter(screen, name: str) -> None:
    sign_in(screen, name, PASSWORD, lands_on=r"/(system/\w+)?$")


def check(screen, address: str) -> list[str]:
    screen.goto(address)
    found = []
    wide = screen.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        found.append(f"{address}: {wide} px too wide")
    found += [f"{address}: {problem}" for problem in accessibility_problems(screen)]
    return found


def test_every_page_fits_is_silent_and_usable_by_everybody(screen, furnished):
    enter(screen, "inspector")
    site, person = furnished.here.pk, furnished.workers[0].pk
    problems = []
    for address in (
        "/",
        "/warnings",
        f"/warnings/{furnished.warning.pk}",
        "/projects",
        f"/projects/{site}",
        f"/projects/{site}/wages",
        f"/projects/{site}/wages/2026-10",
        f"/projects/{site}/roster",
        f"/projects/{site}/funds",
        f"/projects/{site}/liability",
        f"/projects/{site}/liability/facts/paid",
        f"/projects/{site}/edit",
        f"/workers/{person}",
        f"/reveal/worker/{person}",
        "/imports",
        "/imports/new",
        "/account",
        "/account/second-factor",
        "/notices",
        "/notices/settings",
    ):
        problems += check(screen, address)
    assert problems == []
    assert screen.script_errors == []


def test_system_pages_fit_too(screen, furnished, actor, now):
    problems = []
    bank = Organisation.objects.create(code="SLYH", name="示例银行", kind="bank")
    key, _ = issue_key(title="试通", organisation=bank, scopes=["accounts.read"], actor=actor, now=now)
    call = {"method": "GET", "path": "/api/v1/accounts", "status": 403, "code": "scope_missing"}
    ApiCall.objects.create(key=key, at=now, request_bytes=0, milliseconds=3, **call)
    for name, addresses in (
        ("admin", ("/system/people", f"/system/people/{furnished.clerk.pk}", "/system/people/new")),
        (
            "admin",
            (
                "/system/keys",
                "/system/keys/new",
                f"/system/keys/{key.pk}",
                "/system/keys/guide",
                "/system/calls",
            ),
        ),
        ("auditor", ("/system/journal", "/system/sweeps")),
    ):
        enter(screen, name)
        for address in addresses:
            problems += check(screen, address)
        screen.context.clear_cookies()
    assert problems == []
    assert screen.script_errors == []


def test_a_month_of_the_chart_opens_its_lines(page, furnished):
    enter(page, "inspector")
    page.goto(f"/projects/{furnished.here.pk}/wages")
    chart = page.locator("[data-chart] canvas")
    chart.wait_for()
    box = chart.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.6)
    page.wait_for_url(re.compile(r"/wages/2026-10$"))
    assert page.script_errors == []


def test_a_note_is_written_in_place_without_reloading(page, furnished):
    enter(page, "inspector")
    page.goto(f"/warnings/{furnished.warning.pk}")
    page.evaluate("window.stillHere = true")
    page.locator("summary", has_text=re.compile("^记录$")).click()
    page.fill("#note-text", "已电话联系总包单位")
    page.get_by_role("button", name="记录", exact=True).click()
    page.locator(".history", has_text="已电话联系总包单位").wait_for()
    assert page.evaluate("window.stillHere") is True
    assert page.script_errors == []


def test_the_keyboard_reaches_the_text_and_the_menu(phone_page, furnished):
    enter(phone_page, "inspector")
    phone_page.keyboard.press("Tab")
    assert phone_page.evaluate("document.activeElement.className") == "skip"
    phone_page.locator(".phone-menu summary").focus()
    phone_page.keyboard.press("Enter")
    assert phone_page.locator(".phone-menu .door", has_text="预警").is_visible()
    phone_page.keyboard.press("Escape")
    assert not phone_page.locator(".phone-menu .door", has_text="预警").is_visible()
