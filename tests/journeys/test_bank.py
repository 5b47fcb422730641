"""A bank operator's morning in a real browser: a batch, its results with a return, the same file once more."""

from __future__ import annotations

import pytest

from anxin.accounts.models import Grant, Role, User
from anxin.funds.models import BankReceipt
from anxin.funds.queries_months import project_money
from tests.agency import factories as make
from tests.agency.test_results import table
from tests.support.browser import press, sign_in

PASSWORD = "Yunzhou-9901-yinhang"


@pytest.fixture
def order(transactional_db):
    site = make.site(3)
    user = User.objects.create_user("jin", password=PASSWORD, display_name="金经办", office="虚构银行")
    Grant.objects.create(user=user, role=Role.BANK_OPERATOR, institution=site.bank.code)
    return make.sent(site)


def upload(page, path, says: str) -> None:
    page.set_input_files("input[name=file]", str(path))
    press(page, "上传结果", says)


def test_batch_is_taken_and_its_results_count_once(page, order, tmp_path):
    sign_in(page, "jin", PASSWORD, lands_on=r"/bank/$")

    page.get_by_role("link", name=order.reference).click()
    with page.expect_download() as taken:
        page.get_by_role("link", name="下载代发文件").click()
    assert taken.value.suggested_filename == order.filename

    path = tmp_path / "结果.xlsx"
    path.write_bytes(table(order, ["paid", "failed", "paid"]))
    upload(page, path, "到账2笔，退回1笔")
    page.get_by_text("账户已销户").first.wait_for()
    # 20 days at 300元 for each of the two who were paid
    paid = {one.month: one.paid_fen for one in project_money(order.run.project).months}
    assert paid["2026-10"] == 2 * 600_000

    before = BankReceipt.objects.count()
    upload(page, path, "没有新的结果")
    assert BankReceipt.objects.count() == before
