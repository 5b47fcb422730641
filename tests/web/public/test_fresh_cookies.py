"""A machine that fetches a fresh cookie for each form takes a part of its address; the site's phones behind it get through."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from anxin.channels import limits
from anxin.channels.floods import Allowance
from anxin.channels.models import Submission
from anxin.web import clock
from tests.support.browser import WECHAT
from tests.web.public.test_second_step import press, right
from tests.web.public.test_telling import AS_SCRIPT, address_of, hidden

pytestmark = pytest.mark.django_db
FRESH, FRESH_STEPPED, KNOWN, DISTANT = 3, 2, 4, 7200
SHIPPED = {
    name: getattr(limits, name) for name in ("ADDRESS", "FRESH", "FORGETFUL", "STEPPED", "CODE", "CODE_KNOWN")
}


@pytest.fixture(autouse=True)
def few(monkeypatch):
    for name, burst in (("FRESH", FRESH), ("FRESH_STEPPED", FRESH_STEPPED), ("KNOWN", KNOWN)):
        monkeypatch.setattr(limits, name, Allowance(name.lower(), burst, DISTANT))


@pytest.fixture
def phone(board, monkeypatch, now):
    """``phone(client, text, after=minutes)``: open the form and send it, keeping whatever cookie it is given."""

    def sent(client: Client, text: str, *, after: int = 0, script: bool = False, **more: str):
        moment = now + dt.timedelta(minutes=after)
        monkeypatch.setattr(clock, "now", lambda: moment)
        page = client.get(address_of(board))
        monkeypatch.setattr(clock, "now", lambda: moment + dt.timedelta(seconds=30))
        told = {"kind": "report", "text": text, "key": hidden(page, "key"), "opened": hidden(page, "opened")}
        return client.post(address_of(board), told | more, headers=AS_SCRIPT if script else {})

    return sent


def stranger() -> Client:
    return Client(headers={"User-Agent": WECHAT})


def flood(phone, forms: int = FRESH, after: int = 0) -> list[int]:
    """A machine: each form with a cookie that it fetched for it."""
    return [phone(stranger(), f"机器的第{turn}份。", after=after).status_code for turn in range(forms)]


def known(phone) -> Client:
    """A phone of the site whose form was taken before the flood."""
    client = stranger()
    assert "收到了" in phone(client, "上个月的工资没发。").text
    return client


def test_the_flood_is_held_off_and_a_phone_known_from_before_gets_through(phone):
    mine = known(phone)
    answers = flood(phone, FRESH + 20, after=90)
    assert answers.count(200) < FRESH + 1 and answers[-1] == 429
    held = Submission.objects.count()
    assert "收到了" in phone(mine, "这个月的工资也没发。", after=91).text
    assert Submission.objects.count() == held + 1


def test_a_phone_that_comes_for_the_first_time_during_the_flood_gets_in_by_one_step(phone, board):
    flood(phone)
    client = stranger()
    page = phone(client, "老板三个月没发钱。")
    assert page.status_code == 429 and "再按一下就好" in page.text
    assert "收到了" in press(page, right(page), board, client=client).text
    assert Submission.objects.count() == FRESH + 1


def test_with_a_script_the_step_comes_along(phone):
    flood(phone)
    answer = phone(stranger(), "老板三个月没发钱。", script=True)
    assert answer.status_code == 429 and len(answer.json()["step"]["choices"]) == 4


def test_a_wrong_number_lets_no_fresh_cookie_in(phone, board):
    flood(phone)
    client = stranger()
    page = phone(client, "老板三个月没发钱。")
    assert press(page, right(page) + 1, board, client=client).status_code == 429
    assert Submission.objects.count() == FRESH


def test_a_machine_that_can_add_leaves_the_part_of_the_known(phone, board):
    mine = known(phone)
    flood(phone, FRESH - 1)
    for turn in range(FRESH_STEPPED + 2):
        client = stranger()
        page = phone(client, f"会算的机器{turn}。", after=80)
        last = press(page, right(page), board, client=client)
    assert last.status_code == 429
    assert "收到了" in phone(mine, "这个月的工资也没发。", after=81).text


def test_nobody_makes_themselves_known_within_the_hour(phone):
    client = stranger()
    assert [phone(client, f"第{turn}件。", after=turn).status_code for turn in range(FRESH + 1)] == [
        200,
        200,
        200,
        429,
    ]
    assert phone(client, "过了一个小时再说一件。", after=70).status_code == 200


def test_the_same_form_again_makes_no_other_cookie_known(phone, board):
    mine = stranger()
    page = mine.get(address_of(board))
    told = {
        "kind": "report",
        "text": "一份表。",
        "key": hidden(page, "key"),
        "opened": hidden(page, "opened"),
    }
    assert "收到了" in phone(mine, "一份表。", key=told["key"]).text
    other = stranger()
    assert "收到了" in phone(other, "一份表。", key=told["key"]).text, "the same one"
    assert Submission.objects.count() == 1
    flood(phone, FRESH - 1)
    assert phone(other, "另一份表。", after=90).status_code == 429


def test_a_moment_that_somebody_wrote_into_the_cookie_counts_nothing(phone):
    flood(phone)
    client = stranger()
    phone(client, "第一次。")
    signed = client.cookies["anxin-phone"].value
    mark, _, rest = signed.partition(":")
    client.cookies["anxin-phone"] = f"{mark}|1:{rest}"
    assert phone(client, "第二次。").status_code == 429


def test_the_shares_of_strangers_are_the_address_and_leave_the_board_to_the_known():
    """The numbers that are shipped, not those of these tests."""
    strangers = (SHIPPED["FRESH"], SHIPPED["FORGETFUL"], SHIPPED["STEPPED"], limits.BARE)
    assert sum(one.burst for one in strangers) <= SHIPPED["ADDRESS"].burst
    assert sum(1 / one.seconds for one in strangers) < 1 / SHIPPED["ADDRESS"].seconds
    assert SHIPPED["CODE_KNOWN"].burst >= SHIPPED["CODE"].burst
