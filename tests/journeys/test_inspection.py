"""An inspector's case in a real browser from the clue to its closing, each page opened on a chosen day.

The days in :data:`TABLE` were counted by hand on the published calendar of 2026 (counting begins on the day after):

- complaint of 10 February, five working days: 11, 12, 13, 14 (Saturday, worked for the festival); 15 to 23 off; 24.
- filed 24 February, sixty working days: 4 in February (28 is worked), 22 in March, 21 in April (4 to 6 off), then 13 in May
  (1 to 5 off, Saturday 9 worked): 21 May. Thirty more: 6 in May, 21 in June (19 off), 3 in July: 3 July.
- filed 24 February, ninety days: 4 + 31 + 30 + 25: 25 May, a Monday.
- concluded 18 June, fifteen working days: 7 in June from the 22nd, 8 in July: 10 July.
- hearing notice served 6 July, five working days: 7, 8, 9, 10, 13. Decision received 14 July, fifteen days: 29 July.

And one whose firm asks for the hearing: on 11 June (Thursday) served, five working days: 12, 15, 16, 17, 18 (19 is off). Hearing on
25 June, seven working days before it: 24, 23, 22, 18, 17, 16, 15 June; on 30 June: 29, 26, 25, 24, 23, 22, 18 June. Concluded
10 June, fifteen working days: 2 July; filed 7 April, ninety days: 6 July. Decision received 2 July, fifteen days: 17 July.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from anxin.accounts.models import User
from anxin.casework.models import Matter
from anxin.casework.tasks import run_day
from anxin.clues.models import Clue
from anxin.registry.models import Organisation
from tests.referral.clues import a_clue, step
from tests.referral.conftest import city  # noqa: F401
from tests.support.browser import accessibility_problems, arrived, sign_in

PASSWORD = "Qinghe-2026-anxin"
TABLE = {
    "投诉受理决定期限": "2026-02-24",
    "案件调查期限": "2026-05-21",
    "案件调查期限（延长后）": "2026-07-03",
    "作出处罚决定的期限": "2026-05-25",
    "调查完成后作出处理的期限": "2026-07-10",
    "要求听证的期限": "2026-07-13",
    "缴纳罚款的期限": "2026-07-29",
}

#: the limits within which a penalty is decided
DECISION = ("调查完成后作出处理的期限", "作出处罚决定的期限")


class Desk:
    """Two people at one browser, on days that the test chooses."""

    def __init__(self, page, clock, paper: Path) -> None:
        self.page, self.clock, self.paper = page, clock, paper
        self.matter = ""

    def on(self, day: str, who: str, hour: int = 10) -> dt.datetime:
        """That person sits down on that day; the night before has run."""
        now = self.clock.set(day, hour)
        run_day(now.date(), now=now)
        sign_in(self.page, who, PASSWORD)
        if self.matter:
            self.page.goto(self.matter)
        return now

    def take(self, name: str, on: str, **fields: str) -> None:
        """Open the form of a step, say what it asks, add every paper it asks for, send it."""
        form = self.page.locator("#steps details", has=self.page.locator("summary", has_text=name))
        form.locator("summary").first.click()
        form.get_by_label("办理日期").fill(on)
        for label, value in fields.items():
            form.get_by_label(label).first.fill(value)
        for field in form.locator("input[type=file]").all():
            field.set_input_files(str(self.paper))
        form.get_by_role("button", name=re.compile(f"：{name}")).click()
        arrived(self.page, self.page.locator(".notes", has_text=f"已办理“{name}”"))

    def due(self, clock: str) -> str:
        """The day a running clock of the matter's page shows; the latest run where there are several."""
        row = self.page.locator("#clocks tbody tr", has_text=clock).last
        return re.search(r"\d{4}-\d\d-\d\d", row.locator("td").nth(1).inner_text()).group()

    def status(self, clock: str) -> str:
        return self.page.locator("#clocks tbody tr", has_text=clock).last.locator("td").nth(2).inner_text()

    def waits(self) -> str:
        return self.page.locator("main").inner_text()

    def go_on(self, name: str) -> None:
        """接着办理: the next procedure with nothing typed again."""
        self.page.locator("#go-on").get_by_role("link", name=name).click()
        self.page.get_by_text("已登记的内容已经填好").wait_for()
        arrived(self.page, self.page.locator("#id_about_text"))

    def begin(self, on: str) -> None:
        self.page.fill("#id_on", on)
        self.page.get_by_role("button", name="开始", exact=True).click()
        self.page.wait_for_load_state()
        refused = self.page.locator(".invalid-feedback:visible, .alert-danger:visible").all_inner_texts()
        assert refused == [] or re.search(r"/matters/\d+$", self.page.url), refused
        self.page.wait_for_url(re.compile(r"/matters/\d+$"))
        arrived(self.page, self.page.locator("#clocks"))
        self.matter = self.page.url


@pytest.fixture
def desk(chosen_page, chosen_clock, city, tmp_path) -> Desk:  # noqa: F811
    for person in User.objects.all():
        person.set_password(PASSWORD)
        person.save()
    paper = tmp_path / "文书.pdf"
    paper.write_bytes(b"%PDF-1.4 paper")
    return Desk(chosen_page, chosen_clock, paper)


def told_and_passed_on(desk: Desk, city) -> Matter:  # noqa: F811
    """A clue of 9 February, which its first taker refers to itself; the ticket is being worked on."""
    now = desk.clock.set("2026-02-09")
    clue = a_clue(city, now=now, project=None)
    Clue.objects.filter(pk=clue.pk).update(construction=False)
    clue.refresh_from_db()
    page = desk.page
    desk.on("2026-02-09", "desk")
    page.goto(f"/clues/{clue.pk}/handling")
    page.get_by_role("button", name=re.compile("^按表派给云城区人社局")).click()
    arrived(page, page.get_by_text("已派出").first)
    matter = Matter.objects.get(procedure="hotline_12345")
    for key in ("sign", "contact"):
        if key == "sign" and matter.state != "dispatched":
            continue
        step(matter, key, by=city.desk, now=now)
    return matter


def test_a_case_from_the_clue_to_its_closing_shows_the_days_worked_out_by_hand(desk, city):  # noqa: F811
    page = desk.page
    ticket = told_and_passed_on(desk, city)

    # the complaint, over Spring Festival
    desk.on("2026-02-10", "desk")
    page.goto(f"/matters/{ticket.pk}")
    desk.go_on("投诉举报受理")
    desk.begin("2026-02-10")
    assert desk.due("投诉受理决定期限") == TABLE["投诉受理决定期限"]
    page.locator("#clocks tr", has_text="投诉受理决定期限").locator(".due-link").click()
    window = page.locator("dialog[open]")
    window.locator(".due-steps").wait_for()
    assert "5个工作日" in window.inner_text() and "2026年2月24日" in window.inner_text()
    page.keyboard.press("Escape")
    desk.on("2026-02-24", "desk")
    assert "今日到期" in desk.status("投诉受理决定期限")
    desk.on("2026-02-25", "head")
    assert "已逾期1个工作日" in desk.status("投诉受理决定期限")
    assert "督办" in page.locator(".sentence-top").inner_text()
    # signed on the last day, entered on the next: the limit was kept
    desk.take("决定受理并立案", "2026-02-24")
    assert "逾期" not in desk.status("投诉受理决定期限")

    # filing, with two inspectors
    desk.on("2026-02-25", "desk")
    desk.go_on("劳动保障监察案件")
    desk.begin("2026-02-24")
    case = Matter.objects.get(procedure="inspection_case")
    assert (case.employer, case.lead) == (city.firm, Organisation.objects.get(code="QRS"))
    assert desk.due("案件调查期限") == TABLE["案件调查期限"]
    assert desk.due("作出处罚决定的期限") == TABLE["作出处罚决定的期限"]
    assert "不得少于2名监察员" in desk.waits()
    page.get_by_role("link", name="办案辅助").first.click()
    name_inspectors(page, ("林监察", "YC-01"))
    assert "须指定至少2名监察员" in page.locator(".alert-danger").inner_text()
    assert page.locator("#name-0").input_value() == "林监察", "what was typed stays"
    name_inspectors(page, ("林监察", "YC-01"), ("周监察", "YC-02"))
    page.get_by_text("执法证号 YC-02").wait_for()
    page.goto(desk.matter)
    desk.take("指派监察员调查", "2026-02-25")

    # the extension is another person's to give
    desk.on("2026-05-12", "desk")
    assert page.locator("#steps details", has_text="情况复杂，批准延长").count() == 0
    assert "请提请有决定权限的领导办理" in desk.waits()
    desk.on("2026-05-12", "head")
    extension = {"延长多少": "30", "批准延长的文书编号": "云城监延〔2026〕1号"}
    desk.take("情况复杂，批准延长", "2026-05-12", **extension)
    assert desk.due("案件调查期限") == TABLE["案件调查期限（延长后）"]

    # what was found, the order, the lists
    desk.on("2026-06-18", "desk")
    desk.take("调查终结", "2026-06-18")
    assert desk.due("调查完成后作出处理的期限") == TABLE["调查完成后作出处理的期限"]
    desk.on("2026-06-23", "desk")
    desk.take("查实欠薪，责令限期支付", "2026-06-23")
    page.goto(f"{desk.matter}/inspection")
    opinion(page)
    printed(page, case.number)

    # not complied with: notice, the right to a hearing goes by, decision, closing
    desk.on("2026-07-06", "desk")
    desk.take("逾期不付或者应予处罚，事先告知", "2026-07-06", 听证告知书送达之日="2026-07-06")
    assert desk.due("要求听证的期限") == TABLE["要求听证的期限"]
    desk.on("2026-07-13", "head")
    assert page.locator("#steps details", has_text="集体讨论后作出决定").count() == 0
    desk.on("2026-07-14", "head")
    desk.take("审核、集体讨论后作出决定", "2026-07-14", 收到行政处罚决定书之日="2026-07-14")
    assert desk.due("缴纳罚款的期限") == TABLE["缴纳罚款的期限"]
    desk.on("2026-07-28", "desk")
    desk.take("履行处理（处罚）决定", "2026-07-28")
    desk.take("结案归档", "2026-07-28")
    arrived(page, page.locator("h1", has_text="办结，结果为“结案归档”"))
    assert accessibility_problems(page) == []
    assert [one for one in page.script_errors if "422" not in one] == []


def told_of_the_penalty(desk: Desk, city) -> None:  # noqa: F811
    """A case of 7 April whose investigation ended; the notice with the right to a hearing was served on 11 June."""
    page = desk.page
    desk.on("2026-04-07", "desk")
    page.goto("/matters/new?procedure=inspection_case")
    page.fill("#id_title", "未编制工资支付台账")
    page.fill("#id_about_text", city.firm.uscc)
    desk.begin("2026-04-07")
    page.get_by_role("link", name="办案辅助").first.click()
    name_inspectors(page, ("林监察", "YC-01"), ("周监察", "YC-02"))
    page.goto(desk.matter)
    desk.take("指派监察员调查", "2026-04-07")
    desk.on("2026-06-11", "desk")
    desk.take("调查终结", "2026-06-10")
    desk.take("逾期不付或者应予处罚，事先告知", "2026-06-11", 听证告知书送达之日="2026-06-11")
    assert desk.due("要求听证的期限") == "2026-06-18"


def test_a_hearing_that_is_asked_for_is_held_by_another_person_before_anything_is_decided(desk, city):  # noqa: F811
    page = desk.page
    told_of_the_penalty(desk, city)
    desk.on("2026-06-16", "desk")
    desk.take("要求听证", "2026-06-16")

    # nobody decides before it was heard, nobody holds it who investigates
    desk.on("2026-06-17", "head")
    assert page.locator("#steps details", has_text="集体讨论后作出决定").count() == 0
    desk.on("2026-06-17", "desk")
    assert "请先在“办案辅助”中指定听证主持人" in desk.waits()
    page.get_by_role("link", name="办案辅助").first.click()
    name_host(page, "林监察", "唐记录")
    assert "听证须由非本案调查人员主持" in page.locator(".alert-danger").inner_text()
    assert page.locator("#recorder").input_value() == "唐记录", "what was typed stays"
    name_host(page, "何主持", "唐记录")
    page.locator("#hearing", has_text="主持人 何主持，记录人 唐记录").wait_for()
    assert "还没有确定听证日期" in page.locator("#hearing").inner_text()

    # a day too near: the party would be told too late, so it is set anew and the party told again
    page.goto(desk.matter)
    desk.take("确定听证日期", "2026-06-17", 听证日="2026-06-25")
    assert desk.due("听证通知须提前的天数") == "2026-06-15"
    desk.take("通知听证时间地点", "2026-06-17")
    assert page.locator("#steps details", has_text="举行听证").count() == 0
    assert "最迟应在2026年6月15日" in desk.waits() and "请另定听证日期" in desk.waits()
    desk.take("确定听证日期", "2026-06-17", 听证日="2026-06-30")
    assert desk.due("听证通知须提前的天数") == "2026-06-18"
    desk.on("2026-06-18", "desk")
    desk.take("通知听证时间地点", "2026-06-18")
    assert "逾期" not in desk.status("听证通知须提前的天数")
    page.goto(f"{desk.matter}/inspection")
    said = page.locator("#hearing").inner_text()
    assert "听证日期：2026-06-30" in said and "还没有到这一天" in said
    assert accessibility_problems(page) == []

    # held on its day, with its record; the opinion after it is for less
    desk.on("2026-06-30", "desk")
    desk.take("举行听证", "2026-06-30")
    page.goto(f"{desk.matter}/inspection")
    lighter(page)
    # decided on the last of the fifteen working days after the investigation, before the ninetieth day
    desk.on("2026-07-02", "head")
    assert [desk.due(one) for one in DECISION] == ["2026-07-02", "2026-07-06"]
    desk.take("审核、集体讨论后作出决定", "2026-07-02", 收到行政处罚决定书之日="2026-07-02")
    assert all("逾期" not in desk.status(one) for one in DECISION)
    assert desk.due("缴纳罚款的期限") == "2026-07-17"
    desk.on("2026-07-16", "desk")
    desk.take("履行处理（处罚）决定", "2026-07-16")
    desk.take("结案归档", "2026-07-16")
    arrived(page, page.locator("h1", has_text="办结，结果为“结案归档”"))
    kinds = set(Matter.objects.get(procedure="inspection_case").documents.values_list("kind", flat=True))
    assert {"hearing_application", "hearing_notice", "hearing_record", "legal_review_opinion"} <= kinds
    assert [one for one in page.script_errors if "422" not in one] == []


def test_a_hearing_asked_for_too_late_is_refused_and_the_penalty_decided_without_one(desk, city):  # noqa: F811
    page = desk.page
    told_of_the_penalty(desk, city)
    desk.on("2026-06-22", "desk")
    assert page.locator("#steps details", has=page.locator("summary", has_text="要求听证")).count() == 0
    assert "2026年6月18日（星期四）届满，逾期不能再办理“要求听证”" in desk.waits()
    desk.on("2026-06-23", "head")
    desk.take("审核、集体讨论后作出决定", "2026-06-23", 收到行政处罚决定书之日="2026-06-23")


def lighter(page) -> None:
    """After the hearing: what the party showed there counts for it."""
    lists = page.locator("#leniency")
    lists.get_by_label("不是", exact=True).check()
    lists.get_by_label("裁量意见").select_option("lighter")
    lists.get_by_label("理由").fill("听证中查明台账已经补齐，没有造成其他后果，罚款由3万元改为2万元。")
    lists.get_by_role("button", name="登记裁量意见").click()
    arrived(page, page.get_by_text("裁量意见已登记"))
    assert "由3万元改为2万元" in lists.inner_text()


def name_host(page, name: str, recorder: str) -> None:
    form = page.locator("#hearing details")
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    page.fill("#host", name)
    page.fill("#recorder", recorder)
    form.get_by_role("button", name="指定", exact=True).click()
    page.wait_for_load_state()


def name_inspectors(page, *people: tuple[str, str]) -> None:
    for row, (name, card) in enumerate(people):
        page.fill(f"#name-{row}", name)
        page.fill(f"#card-{row}", card)
    page.get_by_role("button", name="指定", exact=True).click()
    page.wait_for_load_state()


def opinion(page) -> None:
    """The three lists: answered, decided by the person, kept with the reason."""
    lists = page.locator("#leniency")
    assert "由您决定" in lists.inner_text()
    ground = lists.locator(".card-body", has=page.locator("select[name=answer]")).first
    ground.locator("select[name=answer]").first.select_option("met")
    lists.get_by_label("不是", exact=True).check()
    lists.get_by_label("裁量意见").select_option("none")
    lists.get_by_label("理由").fill("责令期满没有付清，也没有说明原因，不具备从轻条件。")
    lists.get_by_role("button", name="登记裁量意见").click()
    arrived(page, page.get_by_text("裁量意见已登记"))
    said = page.locator("#leniency").inner_text()
    assert "责令期满没有付清" in said and "决定于 2026-06-23" in said


def printed(page, number: str) -> None:
    """On paper: the case's number, the criminal line and the papers, no form, nothing wider than a sheet."""
    size = page.viewport_size
    page.set_viewport_size({"width": 718, "height": 1000})
    page.emulate_media(media="print")
    said = page.locator("main").inner_text()
    assert number in said and "刑事标准对照" in said and "移送材料" in said
    assert page.locator("main :is(button, input, select, textarea, .crumbs):visible").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    page.emulate_media(media="screen")
    page.set_viewport_size(size)


def test_the_product_itself_lets_nobody_move_the_day(desk):
    """Only the file of the test moves the clock: no word of a request, and the shipped console reads the real one."""
    page = desk.page
    desk.on("2026-03-04", "desk")
    for word in ("?today=2026-12-01", "?now=2026-12-01", "?on=2026-12-01"):
        page.context.set_extra_http_headers(
            {"Date": "Tue, 01 Dec 2026 08:00:00 GMT", "X-Anxin-Now": "2026-12-01"}
        )
        page.goto(f"/matters/new{word}&procedure=inspection_case")
        assert page.locator("#id_on").input_value() == "2026-03-04"
    page.context.set_extra_http_headers({})
