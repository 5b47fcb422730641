"""A worker on a phone, from the scanned board to the receipt with the network gone in between; an anonymous report answered back."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from anxin.accounts.models import Grant, Role, User
from anxin.channels import codes, tokens
from anxin.channels.models import Message, Submission, SubmissionFile
from anxin.evidence import files
from anxin.evidence.journal import SYSTEM
from anxin.registry.models import Employer, Participation
from tests.evidence.test_pictures_and_sounds import with_camera_notes
from tests.journeys.phone_steps import as_a_clue, as_wide_as_the_phone, from_the_board
from tests.monitoring import factories as make
from tests.support.browser import accessibility_problems, arrived, patient, press, sign_in

PASSWORD = "Qinghe-2026-anxin"
TOLD = "我们6个瓦工干到10月底，工资一分没发，一共4万2千元，工头说等甲方拨款。"


@pytest.fixture
def board(transactional_db):
    """The board of a site, and an inspector of the place."""
    now = timezone.now()
    site = make.project("QH-001", name="清河安置房项目三期")
    builder = Employer.objects.create(uscc="91990101MA0000009P", name="清河建工集团")
    Participation.objects.create(project=site, employer=builder, role="general_contractor")
    user = User.objects.create_user("lin", password=PASSWORD, display_name="林监察")
    Grant.objects.create(user=user, role=Role.INSPECTOR, region=site.region_id)
    (code,) = codes.issue_boards([site], actor=SYSTEM, now=now)
    return tokens.token_of(code.pk)


@pytest.fixture
def phone(live_console, browser, request):
    """A phone of this width."""
    context = browser.new_context(
        base_url=live_console.url,
        viewport={"width": request.param, "height": 700},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        is_mobile=True,
        has_touch=True,
    )
    patient(context)
    page = context.new_page()
    page.script_errors = []
    page.on("pageerror", lambda error: page.script_errors.append(str(error)))
    yield page
    context.close()


@pytest.mark.parametrize("phone", [390, 320], indirect=True)
def test_a_worker_tells_with_the_network_gone_and_it_arrives_once(live_console, phone, board, tmp_path):
    picture = tmp_path / "记工本.jpg"
    picture.write_bytes(with_camera_notes())
    from_the_board(phone, board)
    assert as_wide_as_the_phone(phone) and accessibility_problems(phone) == []
    phone.fill("[name=owes]", "包工头钱某")
    phone.fill("[name=much]", "3个月，6个人")
    phone.fill("[name=text]", TOLD)
    phone.get_by_text("瓦工", exact=True).click()
    phone.fill("[name=name]", "赵大宝")
    phone.fill("[name=phone]", "13900001234")
    phone.set_input_files("#photos", str(picture))
    phone.locator("#chosen img[src^=data]").wait_for()

    phone.context.set_offline(True)
    phone.get_by_role("button", name="提交", exact=True).click()
    arrived(phone, "网络断了")
    assert "不会交两次" in phone.locator("#waiting").inner_text() and not Submission.objects.exists()
    phone.context.set_offline(False)
    phone.reload()  # the page was closed meanwhile and is opened again
    arrived(phone, "收到了，请记好回执号")
    number = phone.locator("#number").inner_text()
    assert re.fullmatch(r"\d{4}( \d{4}){3}", number)
    arrived(phone, "附件都已收到")
    assert as_wide_as_the_phone(phone) and accessibility_problems(phone) == []

    kept = Submission.objects.get()
    assert b"SECRET" not in files.read(SubmissionFile.objects.get(submission=kept).file)
    phone.get_by_role("button", name="保存成图片").click()
    phone.locator("#picture[src^=data]").wait_for()
    assert phone.evaluate("localStorage.length") == 0  # nothing stays on a phone that is handed on
    phone.goto(f"/f/{board}")
    arrived(phone, "谁欠您的工资")
    assert phone.input_value("[name=text]") == "" and "赵大宝" not in phone.content()
    assert phone.script_errors == []


@pytest.mark.parametrize("phone", [320], indirect=True)
def test_what_is_half_filled_in_is_still_there_when_the_page_is_opened_again(phone, board):
    from_the_board(phone, board)
    phone.fill("[name=text]", TOLD)
    phone.goto("about:blank")
    phone.goto(f"/f/{board}")
    expect(phone.locator("[name=text]")).to_have_value(TOLD)
    phone.get_by_role("button", name="全部清空").click()
    expect(phone.locator("[name=text]")).to_have_value("")


@pytest.mark.parametrize("phone", [390], indirect=True)
def test_an_anonymous_report_is_answered_back(live_console, phone, page, board):
    from_the_board(phone, board)
    phone.fill("[name=text]", TOLD)
    phone.get_by_role("button", name="提交", exact=True).click()
    arrived(phone, "收到了，请记好回执号")
    number = phone.locator("#number").inner_text()
    expect(phone.locator("#number")).to_be_visible()

    sign_in(page, "lin", PASSWORD)
    clue = as_a_clue(live_console)
    page.goto(f"/clues/{clue.pk}")
    arrived(page, "来件没有写明是谁")
    page.fill("#voice-text", "请问您在哪个班组？")
    press(page, "发出留言", "留言已发出")

    phone.get_by_role("link", name="查进度").click()
    phone.fill("[name=receipt]", number)
    press(phone, "查看", "承办单位有话问您")
    assert as_wide_as_the_phone(phone) and accessibility_problems(phone) == []
    phone.fill("[name=text]", "三号楼瓦工班，工头姓钱。")
    press(phone, "发送", "留言已收到")

    page.reload()
    arrived(page, "三号楼瓦工班")
    assert "对方已看" in page.content()
    assert Message.objects.count() == 2 and page.script_errors == []
