"""The workers' pages: who gets in, whose rows they hold, what one touch does."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import get_resolver

from anxin.agency.models_words import WorkerWord
from anxin.workforce.site_codes import issue_site_code
from tests.monitoring import factories as make

SIGN_IN = "/w/sign-in"
OWN = ["/w/", "/w/days", "/w/days/2026-10", "/w/day/2026-11-03", "/w/wages", "/w/contracts"]


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.parametrize(
    "address",
    [
        *OWN,
        "/w/wages/pay/1",
        "/w/wages/run/1",
        "/w/contracts/1",
        "/w/contracts/1/sign",
        "/w/contracts/1/file",
    ],
)
def test_a_stranger_is_asked_who_they_are(address, site):
    answer = Client().get(address)
    assert (answer.status_code, answer["Location"]) == (302, SIGN_IN)


def test_every_address_is_the_workers_own_or_part_of_signing_in():
    portal = next(one for one in get_resolver().url_patterns if getattr(one, "namespace", "") == "worker")
    signing_in = {
        "sign-in",
        "sign-in-name",
        "sign-in-digits",
        "sign-in-code",
        "scanned",
        "sign-out",
        "contract-scanned",
    }
    own = {one.name for one in portal.url_patterns if getattr(one.callback, "for_worker", False)}
    assert own | signing_in == {one.name for one in portal.url_patterns}
    assert not own & signing_in


def test_the_code_on_the_board_and_three_answers_lead_in(zhou, site):
    assert "周建国，您好" in text(zhou.get("/w/"))


def test_somebody_who_signs_in_to_the_console_is_no_worker(site, django_user_model):
    client = Client()
    client.force_login(django_user_model.objects.create(username="lin"))
    assert client.get("/w/").status_code == 302


def test_a_worker_is_nobody_in_the_console(zhou):
    assert "sign-in" in zhou.get("/projects")["Location"]


def test_who_is_on_no_roster_sees_the_same_page_and_does_not_get_in(site, answer_questions):
    known, unknown = Client(), Client()
    answer_questions(known)
    client = Client()
    client.get(f"/w/s/{site.code}")
    client.post("/w/sign-in/name", {"name": "张无此人"})
    asked = client.post("/w/sign-in/digits", {"digits": "123456"})
    assert asked["Location"] == "/w/sign-in/code"
    assert "如果您填的和工地花名册一致" in text(client.get("/w/sign-in/code"))
    assert client.post("/w/sign-in/code", {"code": "123456"}).status_code == 422
    assert unknown.get("/w/").status_code == 302


def test_a_withdrawn_board_says_what_to_do(site, actor, now):
    issue_site_code(site.project, actor=actor, now=now)
    answer = Client().get(f"/w/s/{site.code}")
    assert answer.status_code == 422
    assert "没有这个工地码" in text(answer)


def test_questions_cannot_be_skipped(site):
    for place in ("name", "digits", "code"):
        assert Client().get(f"/w/sign-in/{place}")["Location"] == SIGN_IN


def test_without_any_way_to_send_codes_the_page_says_where_to_go(site, monkeypatch):
    from anxin.web.worker import signin

    monkeypatch.setattr(signin, "demo_data_loaded", lambda: False)
    client = Client()
    client.get(f"/w/s/{site.code}")
    client.post("/w/sign-in/name", {"name": "周建国"})
    answer = client.post("/w/sign-in/digits", {"digits": make.id_number(1)[-6:]})
    assert answer.status_code == 422
    assert "还没有开通手机验证码" in text(answer)
    assert "token" not in client.session["worker-sign-in"]


def test_in_service_the_code_goes_to_the_phone_and_not_onto_the_page(site, settings, now):
    from tests.support.chat_sink import chat_gateway

    with chat_gateway() as gateway:
        settings.ANXIN_SMS_URL, settings.ANXIN_SMS_SECRET = gateway.url, "k"
        client = Client()
        client.get(f"/w/s/{site.code}")
        client.post("/w/sign-in/name", {"name": "周建国"})
        client.post("/w/sign-in/digits", {"digits": make.id_number(1)[-6:]})
        sent = gateway.posts[0].content
    code = re.search(r"\d{6}", sent["text"])[0]
    assert sent["phone"] == "13900000001"
    assert code not in client.get("/w/sign-in/code").content.decode()
    assert client.post("/w/sign-in/code", {"code": code})["Location"] == "/w/"


def test_for_a_stranger_nothing_is_sent(site, settings):
    from tests.support.chat_sink import chat_gateway

    with chat_gateway() as gateway:
        settings.ANXIN_SMS_URL, settings.ANXIN_SMS_SECRET = gateway.url, "k"
        client = Client()
        client.get(f"/w/s/{site.code}")
        client.post("/w/sign-in/name", {"name": "张无此人"})
        client.post("/w/sign-in/digits", {"digits": "123456"})
        assert gateway.posts == []


def test_signing_out_and_two_hours_end_it(zhou, monkeypatch, now):
    from anxin.web import clock

    assert zhou.get("/w/").status_code == 200
    monkeypatch.setattr(clock, "now", lambda: now + dt.timedelta(hours=2, seconds=1))
    assert zhou.get("/w/").status_code == 302
    monkeypatch.setattr(clock, "now", lambda: now)
    zhou.post("/w/sign-out")
    assert zhou.get("/w/").status_code == 302


def test_days_and_wages_are_the_workers_own(zhou, site):
    assert "2026年11月，一共 3 天" in text(zhou.get("/w/days"))
    wages = text(zhou.get("/w/wages"))
    assert "¥6,123.45" in wages
    assert "¥7,000.00" not in wages
    assert "您还没有确认" in wages


def test_anothers_wage_does_not_exist(zhou, site):
    address = f"/w/wages/pay/{site.other_wage.pk}"
    assert zhou.get(address).status_code == 404
    assert zhou.post(address, {"word": "yes"}).status_code == 404
    assert not WorkerWord.objects.exists()


def test_one_touch_says_yes(zhou, site):
    zhou.post(f"/w/wages/pay/{site.wage.pk}", {"word": "yes"})
    assert WorkerWord.objects.get().state == "said"
    assert "您已确认" in text(zhou.get("/w/wages"))


def test_one_touch_says_no_and_the_page_says_who_is_on_it(zhou, site):
    zhou.post(f"/w/wages/pay/{site.wage.pk}", {"word": "no", "doubt": "天数不对"})
    assert WorkerWord.objects.get().says == "天数不对"
    assert "项目部还没有答复" in text(zhou.get(f"/w/wages/pay/{site.wage.pk}"))


def test_words_that_are_no_button_are_not_taken_for_one(zhou, site):
    zhou.post(f"/w/wages/pay/{site.wage.pk}", {"word": "no", "doubt": "<b>x</b>", "says": "少了300"})
    assert WorkerWord.objects.get().says == "少了300"


def test_one_touch_says_that_a_day_is_wrong(zhou, site):
    zhou.post("/w/day/2026-11-05", {"project": site.project.pk, "doubt": "我干了一天，没有记上"})
    word = WorkerWord.objects.get()
    assert (word.day, word.says) == (dt.date(2026, 11, 5), "我干了一天，没有记上")
    assert "有异议" in text(zhou.get("/w/days"))


def test_a_day_at_a_site_that_is_not_the_own_does_not_exist(zhou, site):
    other = make.project("P2")
    assert zhou.post("/w/day/2026-11-05", {"project": other.pk, "doubt": "我只干了半天"}).status_code == 404


@pytest.mark.parametrize("address", ["/w/days/2026-13", "/w/day/2026-02-30", "/w/day/x", "/w/days/%00"])
def test_nonsense_in_the_address_is_not_found(address, zhou):
    assert zhou.get(address).status_code in (400, 404)


def test_a_worker_without_anything_on_record_reads_why(site, answer_questions):
    client = Client()
    site.other_wage.delete()
    answer_questions(client, "李秀英", 2)
    home = text(client.get("/w/"))
    assert "还没有您的出勤记录" in home
    assert "还没有您的工资记录" in home


def test_a_slip_of_a_run_tells_how_it_came_about_and_takes_a_word(db, now):
    from anxin.agency.models import Confirmation, Objection
    from anxin.workforce.models import Worker
    from tests.agency import factories as agency

    place = agency.site(2)
    run = agency.opened(place)
    worker = Worker.objects.get(pk=place.workers[0].pk)
    client = Client()
    session = client.session
    session["worker"] = {
        "worker": worker.pk,
        "project": place.project.pk,
        "until": (now + dt.timedelta(hours=1)).isoformat(),
    }
    session.save()
    own, others = run.lines.get(worker=worker), run.lines.exclude(worker=worker).get()
    assert "¥6,000.00" in text(client.get(f"/w/wages/run/{own.pk}"))
    assert client.get(f"/w/wages/run/{others.pk}").status_code == 404
    assert client.post(f"/w/wages/run/{others.pk}", {"word": "yes"}).status_code == 404
    client.post(f"/w/wages/run/{own.pk}", {"word": "yes"})
    assert Confirmation.objects.get().line == own
    client.post("/w/day/2026-10-08", {"project": place.project.pk, "doubt": "我只干了半天"})
    assert (Objection.objects.get().day, Objection.objects.get().says) == (
        dt.date(2026, 10, 8),
        "我只干了半天",
    )
