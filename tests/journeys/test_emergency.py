"""People gather over wages: opened in one small form, led on the spot, late on the hour that was promised; and a joint case
whose meeting gives another body its task. The console reads the day and hour that the test chooses."""

from __future__ import annotations

import re

import pytest

from anxin.accounts.models import User
from anxin.casework.models import Matter, Task
from anxin.enforcement.models import Bulletin, Emergency
from tests.referral.conftest import city  # noqa: F401
from tests.support.browser import arrived, press, sign_in
from tests.support.old_line import Hand

#: from the form on the screen to the number of the emergency
A_MINUTE = 60.0
PASSWORD = "Qinghe-2026-anxin"
#: what a caller says: three fields, and the hours where the place has no number of its own
CALL = {
    "#id_place": "东台安置房工地大门",
    "#id_people": "30",
    "#id_what": "木工班讨薪，没有堵路",
    "#id_report_hours": "2",
}
PHONES = {"hr": "13900000001", "police": "13900000002", "industry": "13900000003"}


@pytest.fixture
def office(chosen_clock, city):  # noqa: F811
    for person in User.objects.all():
        person.set_password(PASSWORD)
        person.save()
    return city


def call(page, **more: bool) -> float:
    """From the desk to an opened emergency; answers the seconds that a hand takes for it, counted and not waited for."""
    page.goto("/emergencies/new")
    arrived(page, page.locator("#id_place"))
    hand = Hand()
    for field, value in CALL.items():
        page.fill(field, value)
        hand.touches += 1
        hand.characters += len(value)
    if more.get("drill"):
        page.get_by_label("这是演练").check()
        hand.touches += 1
    page.get_by_role("button", name="接报", exact=True).click()
    hand.touches += 1
    arrived(page, page.get_by_text("已接报，编号为"))
    return hand.seconds


def test_an_emergency_is_opened_in_a_minute_led_and_late_on_the_hour(chosen_page, chosen_clock, office):
    page = chosen_page
    chosen_clock.set("2026-04-30", 9)
    sign_in(page, "desk", PASSWORD)
    assert 0 < call(page) <= A_MINUTE
    found = Emergency.objects.get()
    assert "2026-04-30 11:00" in page.locator(".next-step").inner_text()
    team = page.locator("details", has_text="指定")
    if team.first.get_attribute("open") is None:
        team.first.locator("summary").click()
    for part, phone in PHONES.items():
        page.fill(f"[name={part}-name]", "某某")
        page.fill(f"[name={part}-phone]", phone)
    page.locator("form", has=page.locator("[name=hr-name]")).get_by_role("button").click()
    arrived(page, "现场人员已登记")
    assert PHONES["hr"] not in page.content() and found.responders.count() == 3

    chosen_clock.set("2026-04-30", 10, 30)
    page.fill("#id_text", "三方到场，推选代表谈判")
    page.fill("#id_owed_fen", "18.6万")
    page.get_by_label("已按此向上级报告").check()
    press(page, "登记", "已登记。")
    assert "2026-04-30 12:30" in page.locator(".next-step").inner_text()

    for minute, late in ((29, False), (31, True)):
        chosen_clock.set("2026-04-30", 12, minute)
        page.goto("/emergencies")
        assert ("续报已逾期" in page.locator("main").inner_text()) is late

    # a drill has its own list, and is in no other
    matters = Matter.objects.count()
    call(page, drill=True)
    assert Matter.objects.count() == matters
    page.goto("/emergencies")
    assert page.locator("tbody tr").count() == 1
    page.goto("/task-force")
    assert "1起紧急事件" in page.locator("main").inner_text()
    assert page.script_errors == []


def test_what_a_meeting_decides_is_on_the_other_bodys_list_and_a_line_passed_ends_in_an_interview(
    chosen_page, chosen_clock, office
):
    page = chosen_page
    chosen_clock.set("2026-05-06", 9)
    sign_in(page, "desk", PASSWORD)
    call(page)
    matter = Matter.objects.get()
    Matter.objects.filter(pk=matter.pk).update(employer=office.firm, industry="housing", project=office.site)

    # the meeting: agenda, minutes, a decision for the housing authority
    page.goto(f"/meetings/new?matter={matter.pk}")
    page.get_by_label("会议名称").fill("专班第3次会商")
    page.get_by_role("button", name="召集", exact=True).click()
    arrived(page, "已列入会议")
    assert matter.title in page.locator("main").inner_text()
    page.fill("#attended", "人社、住建、派出所")
    page.fill("#minutes", "由住建部门约谈总包单位。")
    press(page, "登记纪要", "纪要已登记")
    page.fill("#d-text", "约谈总包单位法定代表人")
    page.select_option("#d-body", label="云州市住建局")
    page.fill("#d-due", "2026-05-08")
    press(page, "议定并交办", "已交办")
    task = Task.objects.get(title="约谈总包单位法定代表人")
    assert task.for_organisation.code == "ZJ"

    # the other body sees it on its list of the day, late a day after
    for day, said in (
        ("2026-05-08", "今日到期"),
        ("2026-05-09", "已逾期1个工作日"),
    ):  # a Saturday that is worked
        chosen_clock.set(day, 8)
        sign_in(page, "housing", PASSWORD)
        page.goto("/task-force")
        row = page.locator("tr", has_text="约谈总包单位法定代表人")
        assert said in row.inner_text()
        page.goto("/tasks")
        assert "约谈总包单位法定代表人" in page.locator("main").inner_text()

    # a leader's mark
    sign_in(page, "head", PASSWORD)
    page.goto(f"/matters/{matter.pk}/marks")
    form = page.locator("form", has=page.locator("[name=who]"))
    form.locator("select[name=kind]").select_option(label="领导包案")
    form.locator("[name=who]").fill("某局长")
    form.locator("[name=why]").fill("人数多")
    form.get_by_role("button", name="登记").click()
    arrived(page, page.get_by_text("某局长").first)
    page.goto("/marks")
    assert "某局长" in page.locator("main").inner_text()

    # ten people together pass the line: a draft, then the interview
    sign_in(page, "desk", PASSWORD)
    page.goto("/thresholds?month=2026-05&region=990101")
    row = page.locator("tr", has_text=office.firm.name)
    assert "集体" in row.inner_text()
    row.get_by_role("button", name="起草通报").click()
    page.wait_for_url(re.compile(r"/bulletins/\d+$"))
    draft = Bulletin.objects.get()
    assert page.get_by_text(office.firm.name).first.is_visible()
    page.get_by_role("button", name="开始约谈").click()
    page.wait_for_load_state()
    draft.refresh_from_db()
    assert draft.interview is not None and draft.interview.procedure == "interview"
    assert page.script_errors == []
