"""An arbitration in front of its tribunal: set, heard, the record signed from the screen by those present, awarded."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess

import pytest

from anxin.accounts.models import User
from anxin.arbitration.models import ArbitrationCase, Award
from anxin.casework.models import Matter
from anxin.evidence.journal import Actor
from anxin.local_law import services as local_law
from tests.hearings.conftest import TODAY, a_case, at, court, formed  # noqa: F401
from tests.support.browser import PHONE, WECHAT, accessibility_problems, arrived, opened, press, sign_in

PASSWORD = "Qinghe-2026-anxin"
HEARD = dt.date(2026, 4, 20)
SAID = """独任仲裁员许某：现在开庭。请申请人陈述请求和理由。
申请人赵某甲：在工地做木工，1月做了24天，每天300元，只付了3000元。
被申请人代理人周某：金额没有异议，工程款没有结清。"""


@pytest.fixture
def commission(transactional_db, chosen_clock, court):  # noqa: F811
    """A simple case with its tribunal; the city has recorded its minimum wage by two people."""
    chosen_clock.set(str(TODAY), 12)
    for person in User.objects.all():
        person.set_password(PASSWORD)
        person.save()
    wage = local_law.propose_value(
        key="wage_payment.min_wage_monthly", region="990101", region_name="虚构区", valid_from=dt.date(2026, 1, 1), value=2000,
        source_title="关于调整最低工资标准的通知", source_number="虚政发〔2025〕3号", actor=Actor("user:1", "某甲"), now=at(TODAY, 8),
    )  # fmt: skip
    local_law.confirm(wage, actor=Actor("user:2", "某乙"), now=at(TODAY, 9))
    court.case = formed(court, a_case(court, "arbitration_simple"), of=("xu",))
    return court


def submit(page, action: str, says: str, row: int | None = None) -> None:
    """Send the form of one act, opened where it is folded, and wait for what the page then says."""
    which = f"form[action*='/{action}']" + (f":has(input[name=row][value='{row}'])" if row else "")
    form = page.locator(which).first
    folded = form.locator("xpath=ancestor::details").first
    if form.locator("xpath=ancestor::details").count() and folded.get_attribute("open") is None:
        folded.locator("summary").first.click()
    form.locator("button[type=submit]").first.click()
    arrived(page, says)


def fill(page, action: str, **values: str) -> None:
    form = page.locator(f"form[action*='/{action}']").first
    folded = form.locator("xpath=ancestor::details")
    if folded.count() and folded.first.get_attribute("open") is None:
        folded.first.locator("summary").first.click()
    for name, value in values.items():
        box = form.locator(f"[name={name}]")
        box.select_option(value) if box.evaluate("one => one.tagName") == "SELECT" else box.fill(value)


def sign_from_the_screen(page, browser, url: str, signer, secretly: bool = False) -> None:
    """The code on the room's screen, opened on a telephone of one's own, read to the end and signed."""
    submit(page, "link", "扫码签名", signer.pk)
    address = page.locator("#code a").inner_text()
    assert page.locator("#code svg").is_visible()
    with opened(browser, url, PHONE, user_agent=WECHAT) as phone:
        phone.goto(address)
        assert "现在开庭" not in phone.content()
        press(phone, "我是本人，打开笔录", "现在开庭")
        with opened(browser, url, PHONE) as another:
            another.goto(address)
            arrived(another, "已经在另一部手机上打开")
            assert "现在开庭" not in another.content()
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390
        assert accessibility_problems(phone) == []
        phone.locator("#record-end").scroll_into_view_if_needed()
        press(phone, "全文看完了，去签名", "填对了验证码，就是您本人签的名")
        press(phone, "发验证码", "短信里的验证码")
        phone.get_by_label("我看过全文，记录属实，同意签名").check()
        phone.get_by_label("短信里的验证码").fill(phone.locator(".good strong").inner_text())
        assert accessibility_problems(phone) == []
        press(phone, "签名", "您在某区仲裁院")
        assert phone.script_errors == []


def test_an_arbitration_is_heard_its_record_signed_and_an_award_made(
    chosen_page, chosen_clock, commission, browser, tmp_path
):
    page, case = chosen_page, commission.case
    sign_in(page, "officer", PASSWORD)
    page.goto(f"/arbitration/cases/{case.pk}/hearings")
    fill(page, "set", begins_at=f"{HEARD}T09:00", minutes="90", room=str(commission.rooms[0].pk))
    submit(page, "set", "5个工作日")
    assert accessibility_problems(page) == []

    chosen_clock.set(str(HEARD), 9)
    sign_in(page, "xu_user", PASSWORD, lands_on=r"/arbitration/mine$")
    page.get_by_role("link", name="记笔录").click()
    submit(page, "start", "还没有记录")
    hearing = case.hearings.get()
    record = hearing.record
    fill(page, "rewrite", text=SAID)
    submit(page, "rewrite", "工程款没有结清")
    absent = record.signers.filter(side="applicant").order_by("number").last()
    submit(page, "drop", "待签", absent.pk)
    fill(page, "signer", side="respondent", name="周某", phone="19900008888")
    submit(page, "signer", "周某")
    fill(page, "close", present="申请人赵某甲到庭；被申请人代理人周某到庭。")
    submit(page, "close", "已定稿")
    assert accessibility_problems(page) == []

    url = page.url.split("/arbitration")[0]
    for one in record.signers.exclude(side="respondent").order_by("number"):
        sign_from_the_screen(page, browser, url, one)
        page.goto(f"{url}/arbitration/hearings/{hearing.pk}/record")
    agent = record.signers.get(side="respondent")
    form = page.locator(f"form[action$='/refuse']:has(input[name=row][value='{agent.pk}'])")
    form.locator("xpath=ancestor::details").locator("summary").click()
    form.locator("[name=why]").fill("代理人称须请示公司，不签")
    submit(page, "refuse", "拒签", agent.pk)
    submit(page, "finish", "存入案卷")
    with page.expect_download() as started:
        page.get_by_role("link", name="下载笔录").click()
    started.value.save_as(tmp_path / "record.pdf")
    if shutil.which("pdfsig"):
        said = subprocess.run(
            ["pdfsig", "-nocert", "record.pdf"], cwd=tmp_path, check=True, capture_output=True, text=True
        )
        assert said.stdout.count("Signature is Valid") >= 3

    # the steps are the matter's own: their journey is another
    Matter.objects.filter(pk=case.matter_id).update(state="heard")
    page.goto(f"/arbitration/cases/{case.pk}")
    fill(page, "claim", month="2026-01", days="24", rate="300", paid="3000", source="本人的记工本")
    submit(page, "claim", "已列入这一项请求")
    submit(page, "find-rest", "支持")
    arrived(page, "不超过12个月最低工资24,000.00元")
    submit(page, "decide", "终局裁决")
    arrived(page, "支付4,200.00元")
    assert accessibility_problems(page) == []
    assert page.script_errors == []
    award = Award.objects.get()
    assert (award.finality, award.part, award.ceiling_fen) == ("final", False, 2_400_000)
    assert ArbitrationCase.objects.get() == award.case
