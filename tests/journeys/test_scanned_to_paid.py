"""From a scanned board to money in the hand: a worker's phone and an officer's desk, side by side, to the fen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import timezone

from anxin.accounts.models import Grant, Role, User
from anxin.casework.models import Matter
from anxin.channels import codes, tokens
from anxin.clues.models import Clue
from anxin.evidence.journal import SYSTEM
from anxin.referral.models import Conclusion
from tests.evidence.test_pictures_and_sounds import with_camera_notes
from tests.journeys.handling_steps import as_, conclude, done, paid_by_word, with_passwords
from tests.journeys.phone_steps import as_a_clue, as_wide_as_the_phone, from_the_board
from tests.referral.conftest import city  # noqa: F401
from tests.support.browser import PHONE, WECHAT, accessibility_problems, arrived, opened, press

TOLD = "我在东台安置房工地给众力劳务做木工，9月和10月的工资一共18600.55元一直没有发。"
FIRST, REST, ALL = "9300.05", "9300.50", "18600.55"
PAID_IN_FULL = "属实，已付清"
ACCEPTED = "决定受理并立案"


@pytest.fixture
def board(live_console, city) -> str:  # noqa: F811
    """The board of the city's site; whoever handles it acts for the district's bureau alone."""
    handler = User.objects.create_user("handler", display_name="某承办人")
    Grant.objects.create(user=handler, role=Role.INSPECTOR, region="990101", organisation="QRS")
    with_passwords()
    (code,) = codes.issue_boards([city.site], actor=SYSTEM, now=timezone.now())
    return tokens.token_of(code.pk)


@pytest.fixture
def phone(live_console, browser):
    """A phone on which WeChat has opened what it scanned."""
    with opened(browser, live_console.url, PHONE, user_agent=WECHAT) as scanned:
        yield scanned


def tell(phone, board: str, picture) -> str:
    """Fill in the form with a photo; the sixteen digits."""
    from_the_board(phone, board)
    assert phone.get_by_text("东台安置房工程").first.is_visible(), "the site need not be typed"
    phone.fill("[name=owes]", "众力劳务")
    phone.fill("[name=much]", f"2个月，一共{ALL}元，就我一个")
    phone.fill("[name=text]", TOLD)
    phone.fill("[name=name]", "赵大宝")
    phone.fill("[name=phone]", "13900001234")
    phone.set_input_files("#photos", str(picture))
    phone.locator("#chosen img[src^=data]").wait_for()
    press(phone, "提交", "收到了，请记好回执号")
    arrived(phone, "附件都已收到")
    assert as_wide_as_the_phone(phone) and accessibility_problems(phone) == []
    return phone.locator("#number").inner_text()


def accept(page, paper: Path) -> None:
    """The matter's own step: open it, attach what it still asks for, take it."""
    paper.write_bytes(b"%PDF-1.4 paper")
    form = page.locator("#steps details", has_text=ACCEPTED)
    form.locator("summary").first.click()
    for field in form.locator("input[type=file]").all():
        field.set_input_files(str(paper))
    form.get_by_role("button", name=re.compile(f"：{ACCEPTED}")).click()
    arrived(page, page.locator(".notes", has_text=f"已办理“{ACCEPTED}”"))


def look_up(phone, receipt: str) -> None:
    phone.goto("/r")
    phone.fill("[name=receipt]", receipt)
    press(phone, "查看", "往来留言")
    assert as_wide_as_the_phone(phone)


def test_a_scanned_board_leads_to_money_that_the_worker_says_is_there(
    live_console, browser, phone, page, board, city, tmp_path  # noqa: F811
):  # fmt: skip
    picture = tmp_path / "记工本.jpg"
    picture.write_bytes(with_camera_notes())
    receipt = tell(phone, board, picture)
    assert re.fullmatch(r"\d{4}( \d{4}){3}", receipt)
    clue = as_a_clue(live_console)
    today = timezone.localdate().isoformat()

    # the desk: the site is filled in, the photo is there, the signed table says who has it
    as_(page, "desk", clue)
    page.goto(f"/clues/{clue.pk}")
    arrived(page, "往来消息")
    assert page.locator("dl.next-step").get_by_role("link", name="东台安置房工程").is_visible()
    assert page.locator(".voice-files li").count() == 1
    assert "赵大宝" not in page.content() and "13900001234" not in page.content()
    page.goto(f"/clues/{clue.pk}/handling")
    assert page.get_by_text("工程欠薪的投诉举报，人社牵头，行业主管部门协助").is_visible()
    press(page, "按表派给云城区人社局", "已派出")
    look_up(phone, receipt)
    assert (
        phone.get_by_text("已经交给云城区人社局办理").is_visible()
        and not phone.get_by_text("钱已收到").count()
    )

    # the handler: money with its proof, and a conclusion that says it is all
    as_(page, "handler", clue)
    press(page, "接收", "已接收")
    paid_by_word(page, "赵大宝", FIRST, "电话里本人说9月的已到账", today)
    assert (
        "赵大宝" not in page.locator("#money").inner_text()
        and "¥9,300.05" in page.locator("#money").inner_text()
    )
    conclude(
        page, PAID_IN_FULL, "worker_receipt", people="1", amount=FIRST, words="核对了9月的工资，已发到本人。"
    )
    assert page.get_by_text("少于线索所说的18,600.55元").first.is_visible(), (
        "half of what is claimed is not all of it: somebody else has to look"
    )
    assert Conclusion.objects.get().standing == "review"

    # the leader takes it for the whole: the worker is asked
    as_(page, "head", clue)
    press(page, "同意", "复核意见已登记")

    # the worker does not agree, and says why
    look_up(phone, receipt)
    arrived(phone, "核对了9月的工资，已发到本人。")
    assert phone.get_by_text("¥9,300.05").is_visible() and accessibility_problems(phone) == []
    press(phone, "不同意，请重新核实", "请写一句哪里不对")
    phone.fill("#words", f"10月的{REST}元没有给")
    press(phone, "不同意，请重新核实", "您不同意这个结果，会重新核实")
    assert phone.get_by_text("已经交给云城区人社局办理").is_visible()
    assert phone.get_by_text(clue.number).is_visible(), "opened again under the same number"

    # the handler: the reason is read, the rest is paid, concluded again
    as_(page, "handler", clue)
    assert (
        page.get_by_text(f"10月的{REST}元没有给").is_visible()
        and page.get_by_text("劳动者不同意").is_visible()
    )
    paid_by_word(page, "赵大宝", REST, "电话里本人说10月的也到账了", today)
    conclude(
        page,
        PAID_IN_FULL,
        "worker_receipt",
        people="1",
        amount=ALL,
        words="又核对了10月的工资，两个月都已发到本人。",
    )

    # the leader: the complaint is accepted with its papers, on the matter's page
    as_(page, "head", clue)
    page.goto(f"/matters/{Matter.objects.get().pk}")
    accept(page, tmp_path / "受理.pdf")
    live_console.drain()

    # the worker has the money, and the clue is closed
    look_up(phone, receipt)
    assert (
        phone.get_by_text("两个月都已发到本人").is_visible() and phone.get_by_text("¥18,600.55").is_visible()
    )
    press(phone, "钱已收到，同意", "已记下：钱已收到")
    assert phone.get_by_text("您确认了结果，这件事已经办结。").is_visible()
    assert phone.get_by_text("（还没有）").count() == 0, "every step of the way is done"
    press(phone, "满意", "谢谢您，已记下：满意")
    assert phone.get_by_text("您的评价：满意").is_visible() and accessibility_problems(phone) == []
    number = clue.number
    clue = Clue.objects.get()
    assert (clue.state, clue.number) == ("closed", number)
    page.goto(f"/clues/{clue.pk}/handling")
    done(page, "已销号")

    # counted: one person, to the fen, and the row behind each number
    as_(page, "head", clue)
    page.goto("/statistics")
    counted = {
        row.locator("td").first.inner_text(): row for row in page.locator("table tr:has(td.say)").all()
    }
    assert "1 人" in counted["确认付清人数"].inner_text() and "100.0%" in counted["满意率"].inner_text()
    assert "¥18,600.55" in counted["证明到账金额"].inner_text()
    assert "100.0%" in counted["重新打开率"].inner_text() and "100.0%" in counted["确认付清率"].inner_text()
    counted["证明到账金额"].get_by_role("link", name="¥18,600.55").first.click()
    arrived(page, number)
    assert page.script_errors == []
    assert [error for error in phone.script_errors if "422" not in error] == []
