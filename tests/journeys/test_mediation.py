"""From a clue to mediation: applied for, met, agreed with a plan, an instalment missed, judicial confirmation opened."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.accounts.models import User
from anxin.casework.tasks import run_day
from anxin.clues.claimants import add_claimant
from anxin.clues.intake import Voice
from anxin.clues.registering import register_clue
from anxin.clues.services import triage_new
from anxin.demo.people import checked
from anxin.evidence.journal import SYSTEM
from anxin.mediation.agreeing import describe_party
from anxin.mediation.models import MediationCase, MediationPaper
from tests.mediation.conftest import ADDRESS, IDS, TODAY, Said, at, centre  # noqa: F401
from tests.support.browser import PHONE, WECHAT, accessibility_problems, arrived, opened, press, sign_in

PASSWORD = "Qinghe-2026-anxin"
WORDS = "我在安置房工地给某建工公司做木工，1月和2月的工资一共12000.50元一直没有发。"


@pytest.fixture
def office(transactional_db, chosen_clock, centre):  # noqa: F811
    """A clue with one person on its list."""
    for person in User.objects.all():
        person.set_password(PASSWORD)
        person.save()
    voice = Voice(
        "visit",
        "complaint",
        centre.region.code,
        at(TODAY, 8),
        WORDS,
        title="讨要两个月工资",
        employer=centre.firm,
    )
    centre.clue = register_clue(voice, by=centre.inspector, now=at(TODAY, 8))
    triage_new(actor=SYSTEM, now=at(TODAY, 8))
    said = Said("赵某某", IDS[0], "13900000001", amounts={"worker": 1_200_050})
    add_claimant(centre.clue, said, by=centre.inspector, now=at(TODAY, 8))
    return centre


def submit(page, action: str, says: str) -> None:
    """Send the form of one act, opened where it is folded, and wait for what the page then says."""
    form = page.locator(f"form[action$='/{action}']").first
    form.locator("button[type=submit]").first.click()
    arrived(page, says)


def unfold(page, words: str) -> None:
    folded = page.locator("details", has_text=words).first
    if folded.get_attribute("open") is None:
        folded.locator("summary").first.click()


def sign_from_the_screen(page, browser, url: str, signer) -> None:
    """The code on the mediator's screen, opened on a telephone of one's own, read to the end and signed."""
    page.locator(f"form[action*='/link']:has(input[value='{signer.pk}'])").locator("button").click()
    arrived(page, "扫码签名")
    address = page.locator("#code a").inner_text()
    with opened(browser, url, PHONE, user_agent=WECHAT) as phone:
        phone.goto(address)
        assert "请您阅读并签名" in phone.content() and "两个月没有发工资" not in phone.content()
        press(phone, "我是本人，打开协议书", "双方自愿达成协议")
        with opened(browser, url, PHONE) as another:
            another.goto(address)
            arrived(another, "已经在另一部手机上打开")
        assert accessibility_problems(phone) == []
        phone.locator("#record-end").scroll_into_view_if_needed()
        press(phone, "全文看完了，去签名", "填对了验证码，就是您本人签的名")
        press(phone, "发验证码", "短信里的验证码")
        phone.locator("[name=consent]").check()
        phone.get_by_label("短信里的验证码").fill(phone.locator(".good strong").inner_text())
        press(phone, "签名", "上签了名")
        assert phone.script_errors == []


def test_a_clue_is_mediated_and_a_missed_instalment_goes_to_the_court(
    chosen_page, chosen_clock, office, browser
):
    page, first = chosen_page, TODAY + dt.timedelta(days=10)
    chosen_clock.set(str(TODAY), 9)
    sign_in(page, "inspector", PASSWORD)
    page.goto(f"/clues/{office.clue.pk}")
    page.get_by_role("link", name="申请调解").click()
    arrived(page, "人员名单里的 1 人")
    page.fill("#id_facts", "在安置房工地做木工，两个月没有发工资")
    page.fill("#id_employer_address", "云州市建设路18号")
    page.fill("#id_employer_head", "周大成")
    press(page, "登记申请", "已登记调解申请")
    assert accessibility_problems(page) == []
    case = MediationCase.objects.get()
    page.locator("#assign label", has_text="某town调解组织").locator("input").check()
    page.fill("#a-why", "当事人住在镇上")
    submit(page, "assign", "已指派")

    sign_in(page, "shi", PASSWORD, lands_on=r"/mediation/mine$")
    page.get_by_role("link", name="某建工公司").first.click()
    arrived(page, "约定一次调解")
    page.fill("#s-day", str(TODAY))
    page.fill("#s-hour", "14:00")
    page.fill("#s-place", "镇调解室")
    submit(page, "appoint", "已约定调解时间")
    chosen_clock.set(str(TODAY), 15)
    page.reload()
    arrived(page, "登记笔录")
    for name, words in (
        ("present", "双方到场"), ("worker_said", "要求付清两个月工资"), ("employer_said", "金额没有异议，分两期付"),
        ("result", "同意分两期付清"),
    ):  # fmt: skip
        page.locator(f"form[action$='/hold'] [name={name}]").fill(words)
    submit(page, "hold", "已登记笔录")

    describe_party(
        case.parties.get(), id_number="", phone="", address=ADDRESS, by=office.shi, now=at(TODAY, 15)
    )
    unfold(page, "双方谈成了")
    page.fill("#d-days", f"{first} {first + dt.timedelta(days=30)}")
    submit(page, "draft", "已拟定协议")
    arrived(page, "还没有准备签名文件")
    page.get_by_role("link", name="签名和盖章").click()
    arrived(page, "生成协议书，准备签名")
    page.fill("#a-en", "周某")
    page.fill("#a-ep", "19900008888")
    page.fill("#a-mi", checked("99010119790823004"))
    submit(page, "prepare", "劳动者1号还没有签名")
    assert accessibility_problems(page) == []
    url = page.url.split("/mediation")[0]
    people = list(MediationPaper.objects.get().signers.order_by("number"))
    for one in people[:2]:
        sign_from_the_screen(page, browser, url, one)
        page.goto(f"{url}/mediation/cases/{case.pk}/signing")
    form = page.locator("form[action$='/tablet']").last
    form.locator("xpath=ancestor::details").locator("summary").click()
    form.locator("[name=id_number]").fill(checked("99010119790823004"))
    form.locator("[name=witness]").fill("马某")
    form.locator("[name=consent]").check()
    form.locator("button").click()
    arrived(page, "签名已齐，盖章后今天生效")
    submit(page, "seal", "协议今天生效")
    page.get_by_role("link", name="验证印章和签名").click()
    arrived(page, "文件没有被改动，已有4个签名，都在")
    assert accessibility_problems(page) == []
    page.goto(f"{url}/mediation/cases/{case.pk}")
    assert "6,000.25" in page.locator("#money").inner_text()

    late = first + dt.timedelta(days=1)
    now = chosen_clock.set(str(late), 9)
    run_day(late, now=now)
    sign_in(page, "inspector", PASSWORD)
    page.goto(f"/mediation/cases/{case.pk}")
    arrived(page, "没有履行，往哪里走")
    assert "逾期" in page.locator("#money").inner_text()
    press(page, "转司法确认", "已转司法确认")
    made = case.handoffs.get()
    assert made.owed_fen == 1_200_050 and made.matter.procedure == "mediation_force"
    page.goto(f"/matters/{made.matter_id}")
    arrived(page, "司法确认申请书")
    assert accessibility_problems(page) == []
