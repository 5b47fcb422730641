"""The result on a receipt's page: whoever told us agrees or does not; saying nothing is no consent."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from anxin.channels.taking_in import take_in_waiting
from anxin.clues.models import Clue
from anxin.referral import services
from tests.channels.voices import sent
from tests.referral.clues import paper
from tests.referral.conftest import NOW, city  # noqa: F401
from tests.referral.test_concluding import conclude, matter_of

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
