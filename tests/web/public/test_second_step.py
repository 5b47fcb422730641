"""Phones that keep no cookie share a part of their address; beyond it one step more lets a person in, and a machine waits."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from anxin.channels import limits
from anxin.channels.floods import Allowance
from anxin.channels.models import Submission
from anxin.web import clock
from anxin.web.public import second_step
from tests.support.browser import WECHAT
from tests.web.public.test_telling import AS_SCRIPT, address_of, hidden

pytestmark = pytest.mark.django_db
#: small ones: three forms of forgetful phones, two more after the step, of nine in all at one address
FORGETFUL, STEPPED, ADDRESS = 3, 2, 9
DISTANT = 3600
SHIPPED = {name: getattr(limits, name) for name in ("FORGETFUL", "STEPPED", "ADDRESS")}


@pytest.fixture(autouse=True)
def few(monkeypatch):
    for name, burst in (("FORGETFUL", FORGETFUL), ("STEPPED", STEPPED), ("ADDRESS", ADDRESS)):
        monkeypatch.setattr(limits, name, Allowance(name.lower(), burst, DISTANT))


@pytest.fixture
def send(board, monkeypatch, now):
    """``send(text, cookies=…)``: open the form and send it a minute later, with the cookie it was given or without."""

    def sent(text: str, *, cookies: bool, script: bool = False, client: Client | None = None, **more: str):
        client = client or Client(headers={"User-Agent": WECHAT})
        monkeypatch.setattr(clock, "now", lambda: now)
        page = client.get(address_of(board))
        monkeypatch.setattr(clock, "now", lambda: now + dt.timedelta(minutes=1))
        if not cookies:
            client.cookies.clear()
        told = {"kind": "report", "text": text, "key": hidden(page, "key"), "opened": hidden(page, "opened")}
        return client.post(address_of(board), told | more, headers=AS_SCRIPT if script else {})

    return sent


def right(page) -> int:
    one, other = re.search(r"(\d) 加 (\d) 等于几", page.text).groups()
    return int(one) + int(other)


def press(page, number: int, board, *, client: Client | None = None, **changes: str):
    """One of the buttons; without ``client`` on a phone that still keeps no cookie."""
    told = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    return (client or Client()).post(address_of(board), told | {"step_pressed": str(number)} | changes)


def used_up(send) -> None:
    for turn in range(FORGETFUL):
        assert "收到了" in send(f"第{turn}个没有标记的。", cookies=False).text


def test_forgetful_phones_use_up_a_part_and_who_keeps_a_cookie_still_comes_in(send):
    used_up(send)
    page = send("机器又来了。", cookies=False)
    assert page.status_code == 429 and "再按一下就好" in page.text and Submission.objects.count() == FORGETFUL
    assert "收到了" in send("我的手机留着标记。", cookies=True).text


def test_a_person_presses_the_right_number_and_nothing_typed_is_lost(send, board):
    used_up(send)
    page = send("老板三个月没发钱。", cookies=False)
    assert "您填的内容还在" in page.text and 'value="老板三个月没发钱。"' in page.text
    assert page.text.count('name="step_pressed"') == 4 and "telling.js" not in page.text
    assert "收到了" in press(page, right(page), board).text
    assert Submission.objects.count() == FORGETFUL + 1
    assert "收到了" in press(page, right(page), board).text, "pressed twice it is the same one"
    assert Submission.objects.count() == FORGETFUL + 1


def test_a_wrong_number_is_asked_again_and_keeps_nothing(send, board):
    used_up(send)
    page = send("老板三个月没发钱。", cookies=False)
    again = press(page, right(page) + 1, board)
    assert again.status_code == 429 and "再按一下就好" in again.text
    assert Submission.objects.count() == FORGETFUL
    assert "收到了" in press(again, right(again), board).text


def test_a_ticket_serves_the_form_it_was_made_for_and_half_an_hour(send, board, monkeypatch, now):
    used_up(send)
    page = send("老板三个月没发钱。", cookies=False)
    other = press(page, right(page), board, key="another-word-of-a-phone-1")
    assert other.status_code == 429 and Submission.objects.count() == FORGETFUL
    spoilt = press(page, right(page), board, step_ticket="x")
    assert spoilt.status_code == 429
    monkeypatch.setattr(clock, "now", lambda: now + second_step.HOLDS + dt.timedelta(minutes=2))
    assert press(page, right(page), board).status_code == 429
    assert Submission.objects.count() == FORGETFUL


def test_a_machine_that_can_add_still_leaves_the_rest_of_the_address(send, board):
    used_up(send)
    for turn in range(STEPPED):
        page = send(f"会算的机器{turn}。", cookies=False)
        assert "收到了" in press(page, right(page), board).text
    page = send("会算的机器还来。", cookies=False)
    refused = press(page, right(page), board)
    assert refused.status_code == 429 and "再按一下就好" not in refused.text and "12333" in refused.text
    left = ADDRESS - FORGETFUL - STEPPED
    for turn in range(left):
        assert "收到了" in send(f"工友{turn}。", cookies=True).text
    full = send("第十个。", cookies=True)
    assert full.status_code == 429 and "再按一下就好" in full.text, (
        "who kept a cookie is asked for the sum first"
    )


def test_the_script_gets_the_sum_as_data_and_sends_the_answer(send, board):
    used_up(send)
    phone = Client(headers={"User-Agent": WECHAT})
    answer = send("用脚本的手机。", cookies=False, script=True, client=phone)
    told = answer.json()
    assert answer.status_code == 429 and len(told["step"]["choices"]) == 4 and told["step"]["ticket"]
    one, other = re.search(r"(\d) 加 (\d)", told["step"]["question"]).groups()
    assert int(one) + int(other) in told["step"]["choices"]


def test_the_shares_leave_more_than_half_to_phones_with_a_cookie():
    """The numbers that are shipped, not those of these tests."""
    shares = (limits.BARE, SHIPPED["FORGETFUL"], SHIPPED["STEPPED"])
    address = SHIPPED["ADDRESS"]
    assert sum(one.burst for one in shares) < address.burst / 2
    assert sum(1 / one.seconds for one in shares) < 0.5 / address.seconds
