"""A group at the window, in a real browser: a number, called, registered once with its names, a promise, an answer."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from anxin.accounts.models import Grant, Role, User
from anxin.clues.models import Clue
from anxin.reception.models import Promise, Visit
from anxin.registry.models import Region
from tests.monitoring.factories import id_number
from tests.support.browser import accessibility_problems, arrived, sign_in

PASSWORD = "Qinghe-2026-anxin"
WORDS = "我们3个木工在东台安置房工地给众力劳务做事，从7月到9月的工资一直没有发。"


@pytest.fixture
def inspector(transactional_db) -> User:
    region = Region.objects.create(code="990101", name="云城区")
    user = User.objects.create_user("lin", password=PASSWORD, display_name="林监察", office="云城区人社局")
    Grant.objects.create(user=user, role=Role.INSPECTOR, region=region.code)
    return user


def test_a_group_is_received_registered_promised_and_answered(live_console, page, inspector):
    sign_in(page, "lin", PASSWORD)
    page.get_by_role("link", name="线索与案件", exact=True).click()
    page.get_by_role("link", name="接访", exact=True).click()
    page.fill("#n-people", "3")
    page.fill("#n-about", "木工班讨要工资")
    page.fill("#n-speaker", "钱某人")
    page.get_by_role("button", name="取号").click()
    arrived(page, page.get_by_text("已取号：1号"))
    page.get_by_role("button", name="叫下一号").click()
    arrived(page, page.get_by_text("请 1 号"))
    page.get_by_role("button", name="开始接谈").click()
    page.get_by_role("link", name="登记诉求和名单").click()
    page.fill("#id_text", WORDS)
    # a wrong check digit first: nothing is saved, the line is named, what was typed stays
    page.fill("#id_people_list", f"钱某人 {id_number(1)} 12000\n李某 990102198503070030\n孙某 8000.50")
    page.get_by_role("button", name="登记", exact=True).click()
    arrived(page, page.get_by_text("第2行"))
    assert not Clue.objects.exists()
    page.fill("#id_people_list", f"钱某人 {id_number(1)} 12000\n李某 {id_number(2)} 9000\n孙某 8000.50")
    page.get_by_role("button", name="登记", exact=True).click()
    arrived(page, page.get_by_text("名单3人"))
    # the receipt is shown once, to be read out or printed
    assert re.search(r"\d{4} \d{4} \d{4} \d{4}", page.locator(".slip").inner_text())
    assert accessibility_problems(page) == []
    page.get_by_role("link", name="回到这批来访").click()
    page.get_by_text("开承诺单", exact=True).click()
    page.fill("#p-what", "约总包单位对账并电话答复")
    page.fill("#p-due", f"{timezone.localdate() + dt.timedelta(days=3)}")
    page.fill("#p-who", "林监察")
    page.get_by_role("button", name="开单").click()
    arrived(page, page.get_by_text("请打印两份"))
    page.fill("#l-answer", "三天内约总包单位对账后答复")
    page.get_by_role("button", name="结束接访").click()
    arrived(page, page.get_by_text("接访结束"))
    assert accessibility_problems(page) == []
    visit, clue = Visit.objects.get(), Clue.objects.get()
    assert (visit.state, visit.clue, clue.people, clue.amount_fen) == ("left", clue, 3, 2_900_050)
    page.get_by_role("link", name="约总包单位对账并电话答复").click()
    arrived(page, page.get_by_text("来访事项承诺单"))
    assert Promise.objects.get().responsible == "林监察" and "钱某人" not in page.content()
    page.goto(f"{live_console.url}/clues/{clue.pk}/claimants")
    assert page.get_by_text("¥29,000.50").count() >= 1 and accessibility_problems(page) == []
    assert [error for error in page.script_errors if "422" not in error] == []


def test_the_queue_works_on_a_phone(live_console, phone_page, inspector):
    page = phone_page
    sign_in(page, "lin", PASSWORD)
    page.goto(f"{live_console.url}/reception")
    page.fill("#n-people", "2")
    page.fill("#n-about", "工资打到别人卡上")
    page.get_by_role("button", name="取号").click()
    arrived(page, page.get_by_text("已取号：1号"))
    page.get_by_role("button", name=re.compile("^叫号")).click()
    arrived(page, page.get_by_text("请 1 号"))
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"] and accessibility_problems(page) == []
    assert page.script_errors == []
