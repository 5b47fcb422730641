"""A clue's whole way in a real browser: passed on, returned, the wage office, a second look, rejected, opened again, paid."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from anxin.accounts.models import Grant, Role, User
from anxin.casework.succession import go_on
from anxin.clues.claimant_rows import Said
from anxin.clues.claimants import add_claimant
from anxin.clues.models import Clue
from anxin.evidence.models import JournalEntry
from anxin.referral.models import Asking, Conclusion, Recovered, Referral
from tests.journeys.handling_steps import PASSWORD, as_, conclude, done, with_passwords
from tests.monitoring import factories as make
from tests.monitoring.factories import id_number
from tests.referral.clues import READ, a_clue, step, to_the_end
from tests.referral.conftest import city  # noqa: F401
from tests.support.browser import accessibility_problems, sign_in


@pytest.fixture
def told(live_console, city):  # noqa: F811
    """A clue of the site, and everybody with a password."""
    with_passwords()
    clue = a_clue(city, now=timezone.now())
    live_console.drain()  # the machine reads it, and then a person corrects it
    Clue.objects.filter(pk=clue.pk).update(**READ)
    return Clue.objects.get(pk=clue.pk)


def test_returned_twice_concluded_rejected_and_settled_with_receipts(live_console, page, told, city):  # noqa: F811
    as_(page, "desk", told)
    assert page.get_by_text("谁主管谁负责，行业主管部门牵头").is_visible()
    page.get_by_role("button", name="按表派给云州市住建局").click()
    done(page, "已派出")
    as_(page, "housing", told)
    page.locator("#asked summary").click()
    page.fill("#r-why", "项目归交通部门主管")
    page.locator("#asked").get_by_role("button", name="退单").click()
    done(page, "等分派岗改派")
    as_(page, "desk", told)
    page.select_option("#f-lead", label="云州市交通局")
    page.fill("#f-why", "交通部门主管这个项目")
    page.get_by_role("button", name="改派").click()
    done(page, "仍由首问单位答复")
    as_(page, "transport", told)
    page.locator("#asked summary").click()
    page.fill("#r-why", "本局没有这个项目")
    page.locator("#asked").get_by_role("button", name="退单").click()
    done(page, "负责到底")
    last = Asking.objects.order_by("-position").first()
    assert last.body.code == "QRS" and last.final
    as_(page, "desk", told)
    assert page.get_by_text("不能再退").is_visible()
    page.get_by_role("button", name="接收").click()
    done(page, "已接收")
    conclude(page, "不属实", "clue_check_form")
    as_(page, "head", told)
    page.get_by_role("button", name="同意").click()
    done(page, "复核意见已登记")
    as_(page, "desk", told)
    page.get_by_text("登记劳动者的意见").click()
    page.get_by_label("不同意，重新办理").check()
    page.fill("#h-how", "电话回访本人")
    page.fill("#h-words", "一分钱都没有拿到")
    page.get_by_role("button", name="登记", exact=True).last.click()
    done(page, "劳动者的意见已登记")
    told.refresh_from_db()
    assert told.state == "referred" and Conclusion.objects.get().standing == "rejected"
    for serial in (1, 2):
        line = make.line(city.site, "2026-10", make.worker(serial), net_fen=930_000)
        make.pay(line, paid_on=timezone.localdate().isoformat())
    for _ in range(2):
        page.goto(f"/clues/{told.pk}/handling")
        page.get_by_text("凭银行回单登记").click()
        page.locator("form", has=page.locator("#m-receipt")).get_by_role("button", name="登记").click()
        done(page, "到账已登记")
    assert Recovered.objects.count() == 2 and page.get_by_text("¥18,600.00").first.is_visible()
    conclude(page, "属实，已付清", "worker_receipt")
    assert Conclusion.objects.order_by("-pk").first().standing == "told", "all is proved: nobody has to look"
    to_the_end(Referral.objects.get().matter, by=city.desk, now=timezone.now())
    # concluded is not told: it is listed until somebody has reached the worker
    page.goto("/clues/untold")
    page.get_by_role("link", name="去告知").click()
    for answer, words in (("没有联系上", "没有联系上"), ("联系上了，已经告知", "某desk")):
        page.get_by_text("登记怎样告知的").click()
        page.get_by_label("电话", exact=True).check()
        page.get_by_label(answer, exact=True).check()
        page.fill("#t-number", "13900001234")
        page.locator("#telling").get_by_role("button", name="登记", exact=True).click()
        done(page, "已登记。")
        assert page.locator("#telling").get_by_text(words).first.is_visible()
    assert Conclusion.objects.order_by("-pk").first().told_at is not None
    page.goto(f"/clues/{told.pk}/handling")
    page.get_by_text("登记劳动者的意见").click()
    page.get_by_label("同意这个结果").check()
    page.fill("#h-how", "电话回访本人")
    page.locator("form", has=page.locator("#h-how")).get_by_role("button", name="登记").click()
    done(page, "已销号")
    number = told.number
    told.refresh_from_db()
    assert (told.state, told.number) == ("closed", number)
    assert JournalEntry.objects.filter(action="referral.reopened").count() == 1
    # a later instalment: recorded with its proof, and the clue stays closed
    make.pay(
        make.line(city.site, "2026-10", make.worker(3), net_fen=50_000),
        paid_on=timezone.localdate().isoformat(),
    )
    page.goto(f"/clues/{told.pk}/handling")
    assert page.get_by_text("以后又收到的").is_visible()
    page.get_by_text("凭银行回单登记").click()
    page.locator("form", has=page.locator("#m-receipt")).get_by_role("button", name="登记").click()
    done(page, "到账已登记")
    told.refresh_from_db()
    assert told.state == "closed" and Recovered.objects.count() == 3
    assert page.script_errors == []


def test_the_working_page_fits_a_phone_at_every_stage(live_console, phone_page, told, city):  # noqa: F811
    from anxin.referral import services

    now = timezone.now()
    problems = []

    def look(stage: str) -> None:
        phone_page.goto(f"/clues/{told.pk}/handling")
        wide = phone_page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        problems.extend([f"{stage}: {wide} px too wide"] if wide > 0 else [])
        problems.extend(f"{stage}: {one}" for one in accessibility_problems(phone_page))

    phone_page.goto("/sign-in")
    sign_in(phone_page, "desk", PASSWORD)
    look("to refer")
    services.refer(told, by=city.desk, now=now, law=city.law)
    services.accept(told, by=city.housing, now=now, law=city.law)
    look("to conclude")
    services.add_recovered(
        told, proof="word", said="电话里说已到账", person="甲工人", amount_fen=1_860_000,
        paid_on=timezone.localdate(), by=city.desk, now=now + dt.timedelta(seconds=1),
    )  # fmt: skip
    look("paid")
    # on to a complaint, and what its list was paid by the bank: offered, and taken up with one touch
    matter = Referral.objects.get().matter
    step(matter, "contact", by=city.housing, now=now)
    both = User.objects.create_user("both", display_name="某both")
    Grant.objects.create(user=both, role=Role.INSPECTOR, region="9901")
    go_on(matter, "complaint_intake", by=both, now=now, law=city.law, title="木工班工资", region=city.here,
          lead=city.bodies["QRS"], on=timezone.localdate())  # fmt: skip
    add_claimant(told, Said("甲工人1", id_number(1), amounts={"worker": 930_000}), by=city.desk, now=now)
    make.pay(
        make.line(city.site, "2026-10", make.worker(1), net_fen=930_000),
        paid_on=timezone.localdate().isoformat(),
    )
    look("gone on")
    assert phone_page.locator("#chain").get_by_text("现在在这里").is_visible()
    phone_page.locator("#offers").get_by_role("button", name="采用").click()
    done(phone_page, "已采用")
    assert Recovered.objects.latest("pk").proof == "receipt"
    assert problems == [] and phone_page.script_errors == []
