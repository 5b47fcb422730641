"""An arbitration through its screens, from the application on paper to the file in the archive and the remedies run out."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess

import pytest

from anxin.accounts.models import Grant, User
from anxin.arbitration.models import ArbitrationCase
from anxin.casework.models import Matter
from anxin.casework.tasks import run_day
from anxin.evidence.journal import Actor
from anxin.letters.heads import enter_head
from anxin.letters.models import PartySigner
from anxin.local_law import services as local_law
from tests.hearings.conftest import IDS, TODAY, at, court  # noqa: F401
from tests.journeys.arbitration_steps import (
    PASSWORD,
    add_signer,
    begin_paper,
    choose,
    desks,
    fill,
    fill_by_label,
    letter,
    serve,
    sign_by_phone,
    submit,
    take,
)
from tests.support.browser import accessibility_problems, arrived, press
from tests.support.letters import needs_faces

FIRM = "某建工公司"
HEARD = dt.date(2026, 4, 28)
SAID = """独任仲裁员许某：现在开庭。请申请人陈述请求和理由。
申请人赵某甲：在工地做木工，1月做了24天，每天300元，只付了3000元。
被申请人代理人周某：金额没有异议，工程款没有结清。"""


@pytest.fixture
def commission(transactional_db, chosen_clock, court):  # noqa: F811
    """People with their rights, a roster and rooms; the city has recorded its minimum wage and the office its head."""
    chosen_clock.set(str(TODAY), 10)
    for name, role in (("reader", "inspector"), ("keeper", "clerk")):
        person = User.objects.create_user(name, display_name=f"某{name}", office="某局")
        Grant.objects.create(user=person, role=role, region="990101")
    for person in User.objects.all():
        person.set_password(PASSWORD)
        person.save()
    wage = local_law.propose_value(
        key="wage_payment.min_wage_monthly", region="990101", region_name="虚构区", valid_from=dt.date(2026, 1, 1), value=2000,
        source_title="关于调整最低工资标准的通知", source_number="虚政发〔2025〕3号", actor=Actor("user:1", "某甲"), now=at(TODAY, 8),
    )  # fmt: skip
    local_law.confirm(wage, actor=Actor("user:2", "某乙"), now=at(TODAY, 9))
    head = {
        "prefix": "虚",
        "issuer": court.body.name,
        "contact_phone": "0999-5550100",
        "contact_address": "演示路8号",
    }
    enter_head(court.body, head, by=court.leader, now=at(TODAY, 9))
    return court


def test_an_arbitration_from_its_application_to_its_archive(
    chosen_clock, _chosen_processes, commission, browser, tmp_path
):
    needs_faces()
    scan = tmp_path / "扫描件.pdf"
    scan.write_bytes(b"%PDF-1.4 paper")
    with desks(browser, _chosen_processes[0]) as office:
        page = office.of("officer")
        matter = _applied(page, scan)
        chosen_clock.set("2026-04-03")
        letter(office, matter, "仲裁受理通知书", {"举证期限": "2026-04-20"})
        page.goto(f"/matters/{matter}")
        take(page, "accept", "受理", "2026-04-03")
        case = ArbitrationCase.objects.get()
        chosen_clock.set("2026-04-07")
        _panel(page, case)
        _notified(page, office, matter, chosen_clock, scan)
        chosen_clock.set("2026-04-15")
        _defended(page, office, matter)
        _summoned(page, office, matter, case)
        chosen_clock.set(str(HEARD), 9)
        _heard(office, case, tmp_path)
        chosen_clock.set("2026-04-30")
        award = _awarded(page, office, matter, case)
        chosen_clock.set("2026-05-07")
        _served(page, award, case)
        chosen_clock.set("2026-05-12")
        page.goto(f"/matters/{matter}")
        take(page, "archive_award", "裁决案件归档", "2026-05-12", {"仲裁正卷副卷目录": scan})
        assert "已归档" in page.locator("h1").inner_text()
        _run_out(page, matter, chosen_clock)
        assert office.script_errors == []


def _applied(page, scan) -> int:
    """The worker at the counter: the matter begins, the case is filled in, the application is signed by hand."""
    page.goto("/matters/new?procedure=arbitration")
    page.fill("#id_title", "赵某甲追索劳动报酬")
    page.fill("#id_on", str(TODAY))
    page.get_by_role("button", name="开始", exact=True).click()
    page.wait_for_url(re.compile(r"/matters/\d+$"))
    number = int(page.url.rsplit("/", 1)[1])
    page.get_by_role("link", name="填写仲裁案件").click()
    page.wait_for_url(re.compile(r"/arbitration/new"))
    fill_by_label(page, {
        "被申请人（用人单位）": FIRM, "统一社会信用代码": "91990101MA0000009P", "单位住所": "演示路18号", "法定代表人或负责人": "周大成",
        "申请人": f"赵某甲 {IDS[0]} 19910000001", "事实和理由": "在工地做木工，约定每日300元，1月的工资没有足额发放。",
    })  # fmt: skip
    page.locator("#page form button[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/arbitration/cases/\d+$"))
    fill(page, "describe", address="某县某镇某村1组")
    submit(page, "describe", "住所已填")
    fill(page, "claim", month="2026-01", days="24", rate="300", paid="3000", source="本人的记工本")
    submit(page, "claim", "已列入这一项请求")
    assert accessibility_problems(page) == []
    begin_paper(page, number, "arbitration_application")
    page.get_by_label("证据和来源").fill("记工本照片（本人拍摄）。")
    submit(page, "edit", "已填完")
    add_signer(page, "party", "赵某甲", "19910000001")
    press(page, "保存并定稿", "打印后手写签名")
    page.locator("summary", has_text="打印后手写签名").click()
    page.set_input_files("#scan-file", str(scan))
    page.locator("[name=compared]").check()
    submit(page, "scan", "纸质签名，扫描件已与定稿文件核对")
    return number


def _panel(page, case) -> None:
    page.goto(f"/arbitration/cases/{case.pk}/hearings")
    page.locator("summary", has_text="组成仲裁庭").click()
    choose(page, "#t-1", "许某")
    choose(page, "#t-s", "唐某")
    page.fill("#t-p", "仲裁院院长指定")
    submit(page, "form", "2026-04-07 组成")


def _notified(page, office, matter, clock, scan) -> None:
    """The notices to the employer: issued, handed over, and the day of the copy starts the time to answer."""
    defence = letter(office, matter, "应诉通知书", {"答辩期满日": "2026-04-22", "举证期限": "2026-04-22"})
    tribunal = letter(office, matter, "组庭通知书", {})
    clock.set("2026-04-08")
    serve(page, defence, FIRM, "2026-04-08", "被申请人收到申请书副本之日")
    serve(page, tribunal, FIRM, "2026-04-08")
    page.goto(f"/matters/{matter}")
    take(page, "serve", "送达申请书副本并通知组庭", "2026-04-08", {"申请书副本": scan})
    answer = page.locator("#clocks tr", has_text="提交答辩书的期限").inner_text()
    assert "2026-04-08 起算" in answer and "2026-04-22" in answer


def _defended(page, office, matter) -> None:
    """The employer's agent signs the defence on a telephone; the step takes it along."""
    begin_paper(page, matter, "statement_of_defence")
    assert page.get_by_label("收到申请书副本日期", exact=True).input_value() == "2026-04-08"
    reasons = "对用工时间和日工资没有异议，工程款没有结清。"
    fill_by_label(page, {"对仲裁请求的意见": "全部承认", "事实和理由": reasons})
    submit(page, "edit", "已填完")
    add_signer(page, "party", "周某", "19900008888")
    submit(page, "drop", "保存并定稿")
    press(page, "保存并定稿", "请各人在自己的手机上扫码签名")
    sign_by_phone(page, office, PartySigner.objects.get(paper__kind="statement_of_defence").pk,
                  "我是本人，打开文书", "工程款没有结清", "您在某区仲裁院")  # fmt: skip
    page.goto(f"/matters/{matter}")
    take(page, "answer", "被申请人答辩", "2026-04-15")


def _summoned(page, office, matter, case) -> None:
    """The hearing is set with the notice that the law asks for; both are told."""
    page.goto(f"/arbitration/cases/{case.pk}/hearings")
    room = page.locator("form[action$='/set'] [name=room] option").nth(1).get_attribute("value")
    fill(page, "set", begins_at=f"{HEARD}T09:00", minutes="90", room=room)
    submit(page, "set", "5个工作日")
    assert accessibility_problems(page) == []
    notice = letter(office, matter, "开庭通知书", {})
    serve(page, notice, "赵某甲", "2026-04-15")
    serve(page, notice, FIRM, "2026-04-15")
    page.goto(f"/matters/{matter}")
    take(page, "notify_hearing", "书面通知开庭", "2026-04-15")


def _heard(office, case, tmp_path) -> None:
    """The arbitrator keeps the record; everybody who was there signs it on a telephone of their own."""
    page = office.of("xu_user", lands_on=r"/arbitration/mine$")
    page.get_by_role("link", name="记笔录").click()
    submit(page, "start", "还没有记录")
    fill(page, "rewrite", text=SAID)
    submit(page, "rewrite", "工程款没有结清")
    add_signer(page, "respondent", "周某", "19900008888")
    fill(page, "close", present="申请人赵某甲到庭；被申请人代理人周某到庭。")
    submit(page, "close", "已定稿")
    assert accessibility_problems(page) == []
    record, here = case.hearings.get().record, page.url
    for place, one in enumerate(record.signers.order_by("number")):
        page.goto(here)
        sign_by_phone(
            page, office, one.pk, "我是本人，打开笔录", "现在开庭", "您在某区仲裁院", closely=place == 0
        )
    page.goto(here)
    submit(page, "finish", "事项现在是“已开庭”")
    with page.expect_download() as started:
        page.get_by_role("link", name="下载笔录").click()
    started.value.save_as(tmp_path / "record.pdf")
    if shutil.which("pdfsig"):
        command = ["pdfsig", "-nocert", "record.pdf"]
        said = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
        assert said.stdout.count("Signature is Valid") >= record.signers.count() - 1


def _awarded(page, office, matter, case) -> str:
    """What is claimed is found, item by item; the award's paper is issued and sealed, and is the step's own."""
    page.goto(f"/arbitration/cases/{case.pk}")
    submit(page, "find-rest", "支持")
    arrived(page, "不超过12个月最低工资24,000.00元")
    submit(page, "decide", "支付4,200.00元")
    assert accessibility_problems(page) == []
    page.locator("summary", has_text="起草裁决书").click()
    page.locator("form[action$='/letter'] button").click()
    page.wait_for_url(re.compile(r"/letters/\d+$"))
    known = {
        label: page.get_by_label(label, exact=True).input_value()
        for label in ("受理日期", "开庭日期", "逐项金额")
    }
    assert (known["受理日期"], known["开庭日期"]) == ("2026-04-03", str(HEARD))
    assert known["逐项金额"] == "工资 | 2026年1月 | 24 | 300.00 | 7200.00 | 3000.00 | 4200.00"
    words = {
        "到庭情况": "申请人到庭；被申请人委托代理人周某到庭。", "答辩意见": "金额没有异议，工程款没有结清。",
        "裁决理由": "工程款没有结清不能成为不支付劳动报酬的理由，本委予以支持。",
        "可以申请撤销的中级人民法院": "虚构市中级人民法院", "可以起诉的基层人民法院": "虚构区人民法院",
    }  # fmt: skip
    address = letter(office, matter, "仲裁裁决书", words, begun=True)
    page.goto(f"/matters/{matter}")
    take(page, "award", "裁决", "2026-04-30")
    page.goto(f"/arbitration/cases/{case.pk}")
    submit(page, "after", "已开始裁后事项")
    return address


def _served(page, award, case) -> None:
    """Each side's service is its receipt: its own last day stands on the case's page, nothing is entered twice."""
    serve(page, award, "赵某甲", "2026-05-06", "劳动者收到裁决书之日")
    serve(page, award, FIRM, "2026-05-07", "用人单位收到裁决书之日")
    page.goto(f"/arbitration/cases/{case.pk}")
    received = page.locator("section[id^='award-'] table").last.inner_text()
    assert "2026-05-06" in received and "2026-05-21" in received
    assert "2026-05-07" in received and "2026-06-08" in received


def _run_out(page, matter, clock) -> None:
    """Nobody goes to court: a month after the last side received it, the award stands."""
    run_day(dt.date(2026, 6, 9), now=clock.set("2026-06-09", 1))
    after = Matter.objects.get(procedure="post_award")
    page.goto(f"/matters/{after.pk}")
    assert "救济期已过，裁决生效" in page.locator("h1").inner_text()
