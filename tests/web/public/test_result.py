"""The result on a receipt's page: whoever told us agrees or does not; saying nothing is no consent."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from anxin.channels.taking_in import take_in_waiting
from anxin.clues.models import Clue
from anxin.evidence.models import JournalEntry
from anxin.referral import services
from anxin.referral.models import Conclusion, Referral, Satisfaction
from tests.channels.voices import OWED, sent
from tests.referral.clues import a_clue, paper
from tests.referral.conftest import NOW, city  # noqa: F401
from tests.referral.test_concluding import conclude, matter_of, paid
from tests.support.deliveries import id_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(city, monkeypatch):  # noqa: F811
    """``(client, receipt, clue)``: a complaint that the district has accepted."""
    monkeypatch.setattr("anxin.web.clock.now", lambda: NOW)
    given = sent(NOW, kind="complaint", name="赵大宝", phone="13900001234")
    take_in_waiting(now=NOW)
    known = {"arrears": True, "construction": True, "urgency": 1, "people": 4, "amount_fen": 1_860_000}
    Clue.objects.update(project=city.site, employer=city.firm, **known)
    clue = Clue.objects.get()
    services.refer(clue, by=city.desk, now=NOW, law=city.law)
    services.accept(clue, by=city.desk, now=NOW, law=city.law)
    return Client(), given.receipt, clue


def look_up(client: Client, receipt: str) -> str:
    return client.post(reverse("public:receipt"), {"receipt": receipt}).text


def say(client: Client, receipt: str, word: str, words: str = ""):
    ticket = re.search(r'name="ticket" value="([^"]+)"', look_up(client, receipt))[1]
    return client.post(reverse("public:receipt-word"), {"ticket": ticket, "word": word, "words": words})


def concluded(city, clue) -> None:  # noqa: F811
    document = paper(matter_of(clue), "payment_proof", by=city.desk)
    services.add_recovered(
        clue, proof="document", document=document, person="甲工人", amount_fen=1_860_000,
        paid_on=NOW.date(), by=city.desk, now=NOW,
    )  # fmt: skip
    conclude(city, clue, by=city.desk)


def test_before_there_is_a_result_the_page_says_who_has_it_and_asks_for_no_word(told):
    client, receipt, _ = told
    page = look_up(client, receipt)
    assert "云城区人社局" in page and "最晚办到" in page and "钱已收到" not in page
    assert "还没有告知结论" in say(client, receipt, "yes").text


def test_money_received_is_confirmed_on_the_phone(told, city):  # noqa: F811
    client, receipt, clue = told
    concluded(city, clue)
    page = look_up(client, receipt)
    assert "逐人核对了工资表和银行回单。" in page and "¥18,600.00" in page and "就不算您同意" in page
    assert "已记下：钱已收到" in say(client, receipt, "yes").text
    assert "钱已收到，同意" not in look_up(client, receipt)


def test_who_does_not_agree_says_why_and_it_is_opened_again(told, city):  # noqa: F811
    client, receipt, clue = told
    concluded(city, clue)
    assert "请写一句哪里不对" in say(client, receipt, "no").text
    assert Clue.objects.get().state == "concluded"
    assert "会重新核实" in say(client, receipt, "no", "只收到一半，还差9300元").text
    assert Clue.objects.get().state in ("new", "referred") and Clue.objects.get().number == clue.number


# whether they are content


def grade(client: Client, receipt: str, grade: str, words: str = ""):
    ticket = re.search(r'name="ticket" value="([^"]+)"', look_up(client, receipt))[1]
    said = {"ticket": ticket, "grade": grade, "satisfied_words": words}
    return client.post(reverse("public:receipt-satisfied"), said)


def test_once_agreed_they_are_asked_whether_they_are_content_and_may_change_it(told, city):  # noqa: F811
    client, receipt, clue = told
    concluded(city, clue)
    assert "办得您满意吗" not in look_up(client, receipt), "one question at a time"
    assert "还没有办完" in grade(client, receipt, "content").text and not Satisfaction.objects.exists()
    say(client, receipt, "yes")
    assert "办得您满意吗" in look_up(client, receipt)
    assert "请选一个" in grade(client, receipt, "great", "写了很多").text
    assert "已记下：基本满意" in grade(client, receipt, "fairly").text
    assert "已记下：基本满意" in grade(client, receipt, "fairly").text
    assert Satisfaction.objects.count() == 1, "the same twice changes nothing"
    grade(client, receipt, "content", "谢谢林监察员")
    page = look_up(client, receipt)
    assert "您的评价：<strong>满意</strong>" in page and "谢谢林监察员" in page
    assert [one.grade for one in Satisfaction.objects.filter(superseded_at__isnull=True)] == ["content"]
    entry = JournalEntry.objects.filter(action="referral.satisfaction").latest("pk")
    assert "林监察员" not in entry.summary + str(entry.after), "what was said stays sealed"


def test_who_is_not_content_is_shown_the_way_to_open_it_again_and_opens_nothing_by_it(told, city):  # noqa: F811
    client, receipt, clue = told
    concluded(city, clue)
    say(client, receipt, "yes")
    page = grade(client, receipt, "not", "钱晚了三个月").text
    assert "再点“不同意，请重新核实”" in page
    assert (
        '<textarea id="words" name="words" rows="3" maxlength="500" placeholder="如：只收到一半，还差3000元">钱晚了三个月<'
        in page
    )
    assert Conclusion.objects.get().standing == "confirmed", "not content is no disagreement"
    assert "会重新核实" in say(client, receipt, "no", "钱晚了三个月").text
    assert "办得您满意吗" not in look_up(client, receipt)
    assert "还没有办完" in grade(client, receipt, "content").text, "opened again it is not changed any more"


def test_who_was_merged_into_it_answers_for_themselves_and_may_open_it_again_but_not_agree(told, city):  # noqa: F811
    client, receipt, clue = told
    lead = a_clue(city)
    services.refer(lead, by=city.desk, now=NOW, law=city.law)
    services.accept(lead, by=city.housing, now=NOW, law=city.law)
    Referral.objects.filter(clue=clue).delete()
    Clue.objects.filter(pk=clue.pk).update(dispute=lead)
    paid(city, lead)
    conclude(city, lead)
    assert "钱已收到，同意" not in look_up(client, receipt)
    assert "由最先反映的人确认" in say(client, receipt, "yes").text
    services.worker_says(lead, True, "", NOW)
    assert "已记下：满意" in grade(client, receipt, "content").text
    assert Satisfaction.objects.get().clue == clue and Satisfaction.objects.get().conclusion.clue == lead
    assert "会重新核实" in say(client, receipt, "no", "我的钱还没有到").text
    assert Conclusion.objects.get().standing == "rejected"


# a form that somebody else filled in


@pytest.fixture
def told_by_a_helper(city, monkeypatch):  # noqa: F811
    """``make(**form)``: ``(client, receipt, clue)`` of a helped form, concluded."""

    def make(**form):
        monkeypatch.setattr("anxin.web.clock.now", lambda: NOW)
        given = sent(NOW, helped=True, **form)
        take_in_waiting(now=NOW)
        known = {"arrears": True, "construction": True, "urgency": 1, "people": 4, "amount_fen": 1_860_000}
        Clue.objects.update(project=city.site, employer=city.firm, **known)
        clue = Clue.objects.get()
        services.refer(clue, by=city.desk, now=NOW, law=city.law)
        services.accept(clue, by=city.desk, now=NOW, law=city.law)
        concluded(city, clue)
        return Client(), given.receipt, clue

    return make


def yes(client: Client, receipt: str, own: str = ""):
    page = look_up(client, receipt)
    told = {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("ticket", "key")}
    return client.post(reverse("public:receipt-word"), {**told, "word": "yes", "own": own})


def standing() -> str:
    return Conclusion.objects.get().standing


def test_a_helper_does_not_confirm_for_the_worker_whose_own_telephone_does(told_by_a_helper):
    client, receipt, _ = told_by_a_helper(kind="complaint", name="赵大宝", phone="139 0000 1234")
    page = look_up(client, receipt)
    assert "要本人来回答" in page and "13900001234" not in page
    before = standing()
    assert "请再写一次本人的手机号" in yes(client, receipt).text
    assert "对不上" in yes(client, receipt, "13900009999").text
    assert standing() == before != "confirmed"
    assert "已记下：钱已收到" in yes(client, receipt, "139 0000 1234").text
    assert standing() == "confirmed"
    assert "请再写一次本人的手机号" in grade(client, receipt, "content").text
    assert not Satisfaction.objects.exists()


def test_the_last_six_of_an_id_number_in_the_form_do_as_well(told_by_a_helper):
    number = id_number(1)
    client, receipt, _ = told_by_a_helper(kind="report", text=f"{OWED}身份证{number}")
    assert "对不上" in yes(client, receipt, "123456").text
    assert "已记下：钱已收到" in yes(client, receipt, number[-6:].lower()).text


def test_where_the_form_says_nothing_of_the_worker_the_word_is_passed_on_and_confirms_nothing(
    told_by_a_helper,
):
    client, receipt, _ = told_by_a_helper(kind="report")
    before = standing()
    assert "不算本人确认" in look_up(client, receipt)
    page = yes(client, receipt, "13900001234").text
    assert "承办人会另外找本人核实" in page and "代填人凭回执回答" in page
    assert standing() == before != "confirmed"


def test_a_helper_may_say_that_it_is_not_right(told_by_a_helper):
    client, receipt, _ = told_by_a_helper(kind="report")
    assert "会重新核实" in say(client, receipt, "no", "他只收到一半").text


def test_who_guesses_the_workers_number_is_stopped(told_by_a_helper):
    client, receipt, _ = told_by_a_helper(kind="complaint", name="赵大宝", phone="13900001234")
    for turn in range(5):
        assert "对不上" in yes(client, receipt, f"1380000000{turn}").text
    assert "次数太多" in yes(client, receipt, "13900001234").text
