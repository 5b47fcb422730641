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
from anxin.evidence.journal import SYSTEM
from anxin.mediation.agreeing import describe_party
from anxin.mediation.models import MediationCase
from tests.mediation.conftest import ADDRESS, IDS, TODAY, Said, at, centre  # noqa: F401
from tests.support.browser import accessibility_problems, arrived, press, sign_in

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


def test_a_clue_is_mediated_and_a_missed_instalment_goes_to_the_court(chosen_page, chosen_clock, office):
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
    for box in page.locator("form[action$='/confirm'] input[type=checkbox]").all():
        box.check()
    page.fill("#c-how", "当面阅读后签名")
    submit(page, "confirm", "协议今天生效")
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
