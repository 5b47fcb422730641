"""The payroll clerk's month in a real browser: from attendance to the last payment, with a second person between.

Worked out by hand: three people with twenty days at 300元 are 18,000.00元. One objects, two days are added for a
reason, so 18,600.00元 are approved by the second person and sent. The bank pays one, returns two (a wrong card, a
limit); both go again and arrive. The bank's first file once more changes nothing.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from anxin.accounts.models import Grant, Role, User
from anxin.agency import services
from anxin.agency.models import Channel, PayOrder, PayrollRun
from anxin.funds.models import BankReceipt
from anxin.funds.queries_months import project_money
from tests.agency import factories as make
from tests.agency.test_results import table
from tests.support.browser import press, sign_in

PASSWORD = "Yunzhou-9901-laozi"


@pytest.fixture
def place(transactional_db):
    site = make.site(3)
    for username, name in (("tang", "唐专管"), ("luo", "罗审核")):
        user = User.objects.create_user(username, password=PASSWORD, display_name=name, office="虚构总包")
        Grant.objects.create(user=user, role=Role.PAYROLL_CLERK, employer=make.GENERAL_USCC)
    return site


def sign_out(page) -> None:
    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url(re.compile("sign-in"))


def draft(page, place) -> PayrollRun:
    page.goto(f"/employer/payrolls/new?project={place.project.pk}&month=2026-10")
    page.select_option("select[name=employer]", label=place.sub.name)
    press(page, "按考勤编制", "已按考勤和约定工资编制")
    return PayrollRun.objects.get()


def upload_results(page, folder: Path, order: PayOrder, outcomes: list[str], says: str) -> None:
    path = folder / f"{order.reference}.xlsx"
    path.write_bytes(table(order, outcomes))
    page.goto(f"/employer/orders/{order.pk}")
    page.set_input_files("input[name=file]", str(path))
    press(page, "上传结果", says)


def test_octobers_payroll_from_attendance_to_the_last_payment(page, place, tmp_path):
    sign_in(page, "tang", PASSWORD, lands_on=r"/employer/$")
    run = draft(page, place)
    page.locator("[data-total]").get_by_text("¥18,000.00").wait_for()
    press(page, "交工人确认", "已交工人确认")

    first, second, _ = make.lines(run)
    services.contest_line(
        first, says="少算两天", channel=Channel.OWN_PHONE, actor=make.worker_actor(first), now=make.NOW
    )
    make.confirm(second)

    page.goto("/employer/")
    page.get_by_role("link", name=re.compile("少算两天")).click()
    page.fill("textarea[name=answer]", "核对监控，10月28日、29日在场，补两天")
    page.get_by_text("采纳，更正这一行").click()
    page.fill(f"input[name=quantity-{first.pk}]", "22")
    page.fill(f"input[name=reason-{first.pk}]", "漏打卡两天，监控为证")
    press(page, "采纳并更正", "已答复")

    page.goto(f"/employer/payrolls/{run.pk}")
    page.locator("[data-total]").get_by_text("¥18,600.00").wait_for()
    page.fill("input[name=unanswered_note]", "两人已电话告知，尚未答复")
    press(page, "报总包审核", "已报总包审核")
    page.get_by_text("请由另一人审核").wait_for()
    sign_out(page)

    sign_in(page, "luo", PASSWORD, lands_on=r"/employer/$")
    page.goto(f"/employer/payrolls/{run.pk}")
    page.once("dialog", lambda dialog: dialog.accept())
    press(page, "审核通过", "审核通过，工资表已成立")
    page.get_by_role("link", name="检查并报银行").click()
    page.get_by_text("本次可报 3 笔，共 18,600.00元").wait_for()
    press(page, "生成代发单", "代发单已生成")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("下载代发文件")).click()
    assert Path(download.value.path()).read_bytes().count(b"\nD|") == 3
    press(page, "已报送银行", "已记录报送")

    order = PayOrder.objects.get()
    outcomes = ["paid", "returned", "returned"]
    upload_results(page, tmp_path, order, outcomes, "到账1笔，退回2笔")
    for number, line in enumerate(order.lines.filter(state="returned").order_by("sequence")):
        page.goto(f"/employer/lines/{line.run_line_id}")
        page.fill("input[name=bank_card]", make.card(80 + number))
        press(page, "更正收款信息", "收款信息已更正")
    page.goto(f"/employer/payrolls/{run.pk}/bank")
    page.get_by_text("本次可报 2 笔").wait_for()
    press(page, "生成代发单", "代发单已生成")
    press(page, "已报送银行", "已记录报送")
    again = PayOrder.objects.get(number=2)
    upload_results(page, tmp_path, again, ["paid", "paid"], "到账2笔")
    page.goto(f"/employer/payrolls/{run.pk}")
    page.get_by_text("已全部发放").first.wait_for()

    before = BankReceipt.objects.count()
    upload_results(page, tmp_path, order, outcomes, "没有新的结果")
    assert BankReceipt.objects.count() == before
    paid = {one.month: one.paid_fen for one in project_money(place.project).months}
    assert paid["2026-10"] == 1_860_000
    assert page.script_errors == []


def test_a_block_from_excel_is_pasted_and_the_sums_follow(page, place):
    sign_in(page, "tang", PASSWORD, lands_on=r"/employer/$")
    run = draft(page, place)
    one, two, three = make.lines(run)
    cell = page.locator(f"input[name=rate-{one.pk}]")
    cell.focus()
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            document.activeElement.dispatchEvent(
                new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        "310\t20\t100\r\n320\t20\t\r\n330.5\t20\t\r\n",
    )
    assert page.input_value(f"input[name=rate-{three.pk}]") == "330.5"
    page.locator("[data-total]").get_by_text("¥19,310.00").wait_for()
    cell.press("Enter")
    assert page.evaluate("document.activeElement.name") == f"rate-{two.pk}"
    for line in (one, two, three):
        page.fill(f"input[name=reason-{line.pk}]", "按补充协议调整日工资")
    press(page, "保存", "已保存，改动3行")
    assert [line.net_fen for line in make.lines(run)] == [630_000, 640_000, 661_000]
    assert page.script_errors == []


def test_a_run_on_a_phone_stays_within_the_screen(phone_page, place):
    page = phone_page
    sign_in(page, "tang", PASSWORD, lands_on=r"/employer/$")
    run = make.approved(place)
    for address in (
        "/employer/",
        "/employer/payrolls",
        f"/employer/payrolls/{run.pk}",
        f"/employer/projects/{place.project.pk}",
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
