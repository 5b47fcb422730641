"""A clerk sends labour contracts; a worker on a phone reads to the end, signs by code and takes the file home."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from anxin.accounts.models import Grant, Role, User
from anxin.contracts.models import Contract
from anxin.evidence.journal import Actor
from anxin.evidence.sealing import Sealed
from anxin.registry.models import Employer, Participation
from anxin.workforce.site_codes import issue_site_code
from tests.contracts.conftest import OWN, SHARED
from tests.monitoring import factories as make
from tests.support.browser import accessibility_problems, arrived, press, sign_in

PASSWORD = "Dongtai-2026-xin"


@pytest.fixture
def site(transactional_db):
    project = make.project(
        "QH-001", region_code="990101", name="清河安置房项目三期", site_address="云州市清河路9号"
    )
    firm = Employer.objects.create(uscc=OWN, name="某劳务公司")
    Participation.objects.create(project=project, employer=firm, role="subcontractor")
    for serial, name in ((1, "阿卜杜热合曼·买买提"), (2, "李秀英")):
        worker = make.worker(serial, name=name)
        worker.phone = Sealed.of(f"1990000123{serial}")
        worker.save()
        make.enrol(
            project, worker, employer=firm, trade="木工", agreed_wage="300元/天", entry=timezone.localdate()
        )
    clerk = User.objects.create_user("clerk", password=PASSWORD, display_name="某文员", office="某劳务公司")
    Grant.objects.create(user=clerk, role=Role.PAYROLL_CLERK, employer=OWN)
    return issue_site_code(project, actor=Actor("user:1", "某人"), now=timezone.now()).code


def test_a_batch_is_sent_read_on_a_phone_signed_sealed_and_downloaded(site, page, phone_page, tmp_path):
    sign_in(page, "clerk", PASSWORD, lands_on=r"/employer/$")
    page.goto("/employer/contracts")
    page.get_by_role("link", name="签合同").first.click()
    page.get_by_role("link", name="新签").click()
    arrived(page, "还没有在这里签合同的 2 人")
    page.get_by_label("全选").check()
    for label in ("单位住所", "法定代表人（负责人）", "工人住址"):
        key = {
            "单位住所": "employer_address",
            "法定代表人（负责人）": "employer_head",
            "工人住址": "worker_address",
        }[label]
        page.get_by_label(label).fill(SHARED[key])
    press(page, "为所选的人生成", "已发送 2 份")

    phone = phone_page
    phone.goto(f"/w/s/{site}")
    phone.get_by_label("您叫什么名字？").fill("阿卜杜热合曼·买买提")
    phone.get_by_role("button", name="下一步").click()
    phone.get_by_label("身份证号的最后6位是多少？").fill(make.id_number(1)[-6:])
    phone.get_by_role("button", name="获取验证码").click()
    phone.get_by_label("请输入验证码").fill(phone.locator(".good strong").inner_text())
    phone.get_by_role("button", name="进入").click()
    phone.get_by_role("link", name="1 份劳动合同等您").click()
    phone.get_by_role("link", name="看全文，再签名").click()
    arrived(phone, "每日300元")
    go = phone.get_by_role("button", name="全文看完了，去签名")
    assert go.is_disabled()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert accessibility_problems(phone) == []
    phone.locator("#contract-end").scroll_into_view_if_needed()
    expect(go).to_be_enabled()
    go.click()
    phone.get_by_role("button", name="发验证码").click()
    phone.get_by_label("短信里的验证码").fill(phone.locator(".good strong").inner_text())
    phone.get_by_label("我看懂了，同意签这份合同").check()
    assert accessibility_problems(phone) == []
    press(phone, "签名", "等单位盖章后生效")

    page.goto("/employer/contracts?state=signed")
    page.get_by_label("选择阿卜杜热合曼·买买提").check()
    page.get_by_role("button", name="核对后盖章").click()
    arrived(page, "请从头看到最后一行")
    seal = page.get_by_role("button", name="看完了，确认盖章")
    assert seal.is_disabled()
    assert accessibility_problems(page) == []
    page.locator("#seal-end").scroll_into_view_if_needed()
    expect(seal).to_be_enabled()
    page.get_by_label("登录密码").fill(PASSWORD)
    press(page, "看完了，确认盖章", "已确认1份")
    contract = Contract.objects.get(worker__name="阿卜杜热合曼·买买提")
    page.goto(f"/employer/contracts/{contract.pk}")
    while "文件完整" not in page.content():  # the worker process sets the seal
        page.wait_for_timeout(300)
        page.reload()
    phone.reload()
    arrived(phone, "双方都已签，合同有效")
    with phone.expect_download() as started:
        phone.get_by_role("link", name="下载全文，免费").click()
    path = tmp_path / "contract.pdf"
    started.value.save_as(path)
    assert path.read_bytes().startswith(b"%PDF")
    if shutil.which("pdfsig"):
        said = subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, check=False).stdout
        assert said.count("Signature is Valid") >= 2
        assert "阿卜杜热合曼" in said
    assert page.script_errors == phone.script_errors == []
