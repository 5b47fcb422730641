"""Signing in: password, lock-out, second factor, leaving."""

from __future__ import annotations

import pytest
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from anxin.accounts import second_factor
from anxin.evidence.models import JournalEntry
from tests.web.conftest import PASSWORD


def enter(client: Client, name: str, password: str = PASSWORD, **more):
    return client.post("/sign-in", {"username": name, "password": password, **more})


@pytest.fixture
def enrolled(people, now):
    """The inspector with a phone, and the recovery codes."""
    device = second_factor.pending_device(people["inspector"])
    return second_factor.confirm(user=people["inspector"], code=current_code(device), now=now)


def current_code(device: TOTPDevice, drift: int = 0) -> str:
    return f"{totp(device.bin_key, device.step, device.t0, device.digits, drift):06d}"


def forget_last_code(user) -> None:
    """The code just used counts as used; a test does not wait half a minute for the next."""
    TOTPDevice.objects.filter(user=user).update(last_t=-1, throttling_failure_count=0)


def test_right_password_leads_to_the_page_asked_for(people):
    client = Client()
    assert client.get("/warnings?level=4")["Location"] == "/sign-in?next=/warnings%3Flevel%3D4"
    answer = enter(client, "inspector", next="/warnings?level=4")
    assert answer["Location"] == "/warnings?level=4"
    assert client.get("/").status_code == 200
    assert JournalEntry.objects.filter(action="account.signed_in").count() == 1


def test_an_address_of_another_site_is_not_followed(people):
    assert enter(Client(), "inspector", next="https://elsewhere.example/x")["Location"] == "/"


def test_wrong_password_says_so_beside_the_form(people):
    answer = enter(Client(), "inspector", "wrong-password")
    assert answer.status_code == 422
    assert "账号或密码不对" in answer.content.decode()


def test_five_wrong_passwords_lock_the_account_at_that_address(people):
    client = Client()
    for _ in range(4):
        assert enter(client, "inspector", "wrong-password").status_code == 422
    assert enter(client, "inspector", "wrong-password").status_code == 429
    locked = enter(client, "inspector")
    assert locked.status_code == 429
    assert "15分钟后再试" in locked.content.decode()
    assert enter(client, "clerk").status_code == 302  # others at that address are not locked out


def test_a_closed_account_cannot_enter(people):
    people["clerk"].is_active = False
    people["clerk"].save()
    assert enter(Client(), "clerk").status_code == 422


def test_enrolling_shows_the_recovery_codes_once(sign_in, people):
    client = sign_in("inspector")
    page = client.get("/account/second-factor").content.decode()
    assert "<svg" in page
    assert "style=" not in page
    device = TOTPDevice.objects.get(user=people["inspector"])
    assert client.post("/account/second-factor", {"code": "000000"}).status_code == 422
    forget_last_code(people["inspector"])
    done = client.post("/account/second-factor", {"code": current_code(device)}).content.decode()
    assert done.count("<code>") == second_factor.RECOVERY_CODES
    assert second_factor.enrolled(people["inspector"])


def test_after_enrolling_the_password_alone_does_not_open_the_door(enrolled, people):
    client = Client()
    assert enter(client, "inspector")["Location"] == "/sign-in/code"
    assert client.get("/warnings").status_code == 302
    assert client.post("/sign-in/code", {"code": "123456"}).status_code == 422
    forget_last_code(people["inspector"])
    device = TOTPDevice.objects.get(user=people["inspector"])
    assert client.post("/sign-in/code", {"code": current_code(device)})["Location"] == "/"
    assert client.get("/warnings").status_code == 200


def test_a_recovery_code_opens_once(enrolled, people):
    for expected in (302, 422):
        client = Client()
        enter(client, "inspector")
        assert client.post("/sign-in/code", {"code": enrolled[0]}).status_code == expected


def test_the_code_page_without_a_password_before_it_leads_back(people):
    assert Client().get("/sign-in/code")["Location"] == "/sign-in"


def test_the_second_factor_goes_off_only_with_the_password(enrolled, sign_in, people):
    client = sign_in("inspector")
    client.post("/account/second-factor/off", {"password": "wrong"})
    assert second_factor.enrolled(people["inspector"])
    client.post("/account/second-factor/off", {"password": PASSWORD})
    assert not second_factor.enrolled(people["inspector"])


def test_changing_the_password_keeps_this_session_and_ends_others(sign_in, people):
    here, elsewhere = Client(), Client()
    enter(here, "inspector")
    enter(elsewhere, "inspector")
    new = "Xin-2026-mima-hao"
    answer = here.post("/account", {"old": PASSWORD, "new": new, "again": new})
    assert answer.status_code == 302
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"old": "wrong", "new": "Xin-2026-mima", "again": "Xin-2026-mima"}, "现在的密码不对"),
        ({"old": PASSWORD, "new": "Xin-2026-mima", "again": "Xin-2026-mimb"}, "不一样"),
        ({"old": PASSWORD, "new": "short", "again": "short"}, "10"),
    ],
)
def test_a_password_that_will_not_do_is_explained(fields, sentence, sign_in, people):
    answer = sign_in("inspector").post("/account", fields)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_signing_out_ends_the_session(people):
    client = Client()
    enter(client, "inspector")
    assert client.post("/sign-out")["Location"] == "/sign-in"
    assert client.get("/").status_code == 302
