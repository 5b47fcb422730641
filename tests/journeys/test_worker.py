"""A worker on a cheap phone (320 px wide), from the code on the board to a yes and a no; scripts on and off."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from anxin.agency.models_words import WorkerWord
from anxin.evidence.journal import Actor
from anxin.evidence.sealing import Sealed
from anxin.workforce.models import AttendanceDay
from anxin.workforce.site_codes import issue_site_code
from tests.monitoring import factories as make
from tests.support.browser import accessibility_problems, arrived, patient, press

SMALLEST = {"width": 320, "height": 568}
#: all that a first visit may bring to the phone (bytes)
FIRST_PAGE = 60 * 1024


@pytest.fixture
def site(transactional_db):
    """One worker with a wage of last month and a few days of this one, as of today."""
    now, today = timezone.now(), timezone.localdate()
    project = make.project("QH-001", name="清河安置房项目三期南区地下车库及配套商业工程")
    worker = make.worker(1, name="阿卜杜热合曼·买买提")
    worker.phone = Sealed.of("19900001234")
    worker.save()
    make.enrol(
        project, worker, trade="木工", agreed_wage="300元/天", bank_card=Sealed.of("9900880000000000019")
    )
    for back in range(min(today.day, 3)):
        AttendanceDay.objects.create(
            project=project,
            worker=worker,
            day=today - dt.timedelta(days=back),
            share=1,
            recorded_at=make.EARLY,
        )
    last = (today.replace(day=1) - dt.timedelta(days=1)).strftime("%Y-%m")
    wage = make.line(project, last, worker, net_fen=612_345)
    code = issue_site_code(project, actor=Actor("user:1", "某人"), now=now)
    return project, worker, wage, code.code


def small_phone(browser, url: str, *, scripts: bool):
    context = browser.new_context(
        base_url=url,
        viewport=SMALLEST,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        is_mobile=True,
        has_touch=True,
        java_script_enabled=scripts,
    )
    patient(context)
    return context.new_page()


def fits(page) -> None:
    """Nothing to push sideways, nothing too small to read or to touch."""
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= SMALLEST["width"], f"{page.url} is {wide} px wide"
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, a.go, input:not([type=hidden]), .rows a')]
            .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 47.5)
            .map((one) => one.outerHTML.slice(0, 100))"""
    )
    assert small == []


def enter(page, code: str) -> None:
    page.goto(f"/w/s/{code}")
    page.get_by_label("您叫什么名字？").fill("阿卜杜热合曼•买买提")
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("身份证号的最后6位是多少？").fill(make.id_number(1)[-6:])
    page.get_by_role("button", name="获取验证码").click()
    shown = page.locator(".good strong").inner_text()
    page.get_by_label("请输入验证码").fill(shown)
    page.get_by_role("button", name="进入").click()
    arrived(page, page.get_by_role("heading", name=re.compile("您好")))


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_worker_says_yes_to_a_wage_and_no_to_a_day(scripts, site, live_console, browser):
    project, worker, wage, code = site
    page = small_phone(browser, live_console.url, scripts=scripts)
    enter(page, code)
    assert "¥6,123.45" in page.locator("main").inner_text()
    page.get_by_role("link", name="看每个月工资").click()
    page.get_by_role("link", name=re.compile("6,123.45")).click()
    press(page, "没有问题，我确认", "您已确认这个月的工资")
    assert WorkerWord.objects.get(promise=wage).state == "said"

    page.goto("/w/days")
    page.locator(f"a[href='/w/day/{timezone.localdate():%Y-%m-%d}']").click()
    press(page, "我只干了半天", "已转给项目部核对")
    word = WorkerWord.objects.get(day__isnull=False)
    assert (word.worker, word.project, word.says) == (worker, project, "我只干了半天")
    page.get_by_role("button", name="退出").click()
    page.wait_for_url(re.compile("sign-in"))
    page.goto("/w/wages")
    assert page.url.endswith("/w/sign-in")
    page.context.close()


def test_every_page_fits_the_smallest_phone_and_is_usable_by_everybody(site, live_console, browser):
    wage, code = site[2], site[3]
    page = small_phone(browser, live_console.url, scripts=True)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: message.type == "error" and errors.append(message.text))
    found = []

    def look(address: str = "") -> None:
        if address:
            page.goto(address)
        fits(page)
        found.extend(f"{page.url}: {problem}" for problem in accessibility_problems(page))

    look("/w/sign-in")
    look(f"/w/s/{code}")
    enter(page, code)
    look()
    today = timezone.localdate()
    for address in (
        "/w/days",
        f"/w/day/{today:%Y-%m-%d}",
        "/w/wages",
        f"/w/wages/pay/{wage.pk}",
        "/w/contracts",
    ):
        look(address)
    page.goto(f"/w/wages/pay/{wage.pk}")
    page.locator("details summary").click()
    look()
    assert (found, errors) == ([], [])
    page.context.close()


def test_a_first_visit_is_small(site, live_console, browser):
    page = small_phone(browser, live_console.url, scripts=True)
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(len(answer.body()) if answer.status < 300 else 0))
    page.goto(f"/w/s/{site[3]}")
    page.wait_for_load_state("networkidle")
    assert 0 < sum(sizes) < FIRST_PAGE
    page.context.close()
