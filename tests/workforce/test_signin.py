"""A worker signs in: who fits, who does not, and that nobody learns the difference."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.evidence.models import JournalEntry
from anxin.evidence.sealing import Sealed
from anxin.kernel.refusal import Refused
from anxin.workforce import signin
from anxin.workforce.models_signin import SignInCode
from anxin.workforce.signin import ask_code, sign_in
from anxin.workforce.site_codes import current_site_code, find_site, issue_site_code
from tests.monitoring import factories as make

pytestmark = pytest.mark.django_db
PHONE = "19900001234"


@pytest.fixture
def site():
    return make.project("P1")


@pytest.fixture
def zhou(site):
    worker = make.worker(1, name="周建国")
    worker.phone = Sealed.of(PHONE)
    worker.save()
    make.enrol(site, worker)
    return worker


def tail(serial: int) -> str:
    return make.id_number(serial)[-6:]


def test_name_and_last_digits_of_the_roster_send_a_code_to_the_rosters_phone(site, zhou, now):
    asked = ask_code(site, name="周建国", id_tail=tail(1), now=now)
    assert (asked.phone, len(asked.code)) == (PHONE, 6)
    assert sign_in(token=asked.token, code=asked.code, now=now) == (zhou, site)


@pytest.mark.parametrize("name", [" 周 建国 ", "周建国", "周　建国"])
def test_spaces_in_a_name_are_a_slip_of_the_thumb(name, site, zhou, now):
    assert ask_code(site, name=name, id_tail=tail(1), now=now).phone == PHONE


def test_a_middle_point_may_be_typed_in_any_of_its_forms(site, now):
    worker = make.worker(2, name="买买提·艾力")
    worker.phone = Sealed.of(PHONE)
    worker.save()
    make.enrol(site, worker)
    assert ask_code(site, name="买买提•艾力", id_tail=tail(2), now=now).phone == PHONE


@pytest.mark.parametrize(("name", "digits"), [("周建国", tail(2)), ("周建军", tail(1)), ("李四", tail(3))])
def test_who_fits_nobody_gets_a_token_like_everybody_and_no_code(name, digits, site, zhou, now):
    asked = ask_code(site, name=name, id_tail=digits, now=now)
    assert (asked.phone, asked.code) == ("", "")
    assert len(asked.token) == len(ask_code(site, name="周建国", id_tail=tail(1), now=now).token)
    with pytest.raises(Refused, match="验证码不对或已过期"):
        sign_in(token=asked.token, code="000000", now=now)


def test_somebody_of_another_site_is_nobody_here(zhou, now):
    assert ask_code(make.project("P2"), name="周建国", id_tail=tail(1), now=now).phone == ""


def test_who_has_no_phone_on_the_roster_gets_no_code(site, zhou, now):
    zhou.phone = None
    zhou.save()
    assert ask_code(site, name="周建国", id_tail=tail(1), now=now).code == ""


@pytest.mark.parametrize("digits", ["", "12345", "1234567", "12345Y", "１２３４５６７", "abcdef"])
def test_digits_that_cannot_be_are_refused_in_a_sentence(digits, site, zhou, now):
    with pytest.raises(Refused, match="最后6位") as refusal:
        ask_code(site, name="周建国", id_tail=digits, now=now)
    assert refusal.value.field == "id_tail"


def test_digits_of_full_width_are_digits(site, zhou, now):
    wide = tail(1).translate({ord("0") + n: 0xFF10 + n for n in range(10)})
    assert ask_code(site, name="周建国", id_tail=wide, now=now).phone == PHONE


def test_a_code_works_once(site, zhou, now):
    asked = ask_code(site, name="周建国", id_tail=tail(1), now=now)
    sign_in(token=asked.token, code=asked.code, now=now)
    with pytest.raises(Refused):
        sign_in(token=asked.token, code=asked.code, now=now)


def test_a_code_ends_after_a_quarter_of_an_hour(site, zhou, now):
    asked = ask_code(site, name="周建国", id_tail=tail(1), now=now)
    with pytest.raises(Refused):
        sign_in(token=asked.token, code=asked.code, now=now + signin.VALID)
    assert sign_in(token=asked.token, code=asked.code, now=now + signin.VALID - dt.timedelta(seconds=1))


def test_after_five_wrong_codes_the_right_one_is_no_use(site, zhou, now):
    asked = ask_code(site, name="周建国", id_tail=tail(1), now=now)
    wrong = "000000" if asked.code != "000000" else "000001"
    for _ in range(signin.WRONG_AT_MOST):
        with pytest.raises(Refused):
            sign_in(token=asked.token, code=wrong, now=now)
    with pytest.raises(Refused):
        sign_in(token=asked.token, code=asked.code, now=now)


def test_digits_cannot_be_tried_out_one_after_the_other(site, zhou, now):
    for number in range(signin.TRIES_AN_HOUR):
        ask_code(site, name="周建国", id_tail=f"{number:06}", now=now)
    with pytest.raises(Refused, match="一小时后"):
        ask_code(site, name="周建国", id_tail=tail(1), now=now)
    assert ask_code(site, name="周建国", id_tail=tail(1), now=now + dt.timedelta(hours=1)).phone == PHONE


def test_a_phone_is_not_flooded(site, zhou, now):
    phones = [ask_code(site, name="周建国", id_tail=tail(1), now=now).phone for _ in range(6)]
    assert phones == [PHONE] * signin.CODES_AN_HOUR + [""]


def test_neither_code_nor_digits_are_kept_readable(site, zhou, now):
    asked = ask_code(site, name="周建国", id_tail=tail(1), now=now)
    kept = str(SignInCode.objects.values().get())
    assert asked.code not in kept
    assert tail(1) not in kept
    assert "周建国" not in kept


def test_signing_in_is_journalled_with_the_name_masked(site, zhou, now):
    asked = ask_code(site, name="周建国", id_tail=tail(1), now=now)
    sign_in(token=asked.token, code=asked.code, now=now)
    entry = JournalEntry.objects.get(action="worker.signed_in")
    assert (entry.actor, entry.object_id) == (f"worker:{zhou.pk}", str(zhou.pk))
    assert "周建国" not in entry.summary


def test_a_new_site_code_ends_the_old_one(site, actor, now):
    first = issue_site_code(site, actor=actor, now=now)
    second = issue_site_code(site, actor=actor, now=now)
    assert (find_site(first.code), find_site(second.code)) == (None, second)
    assert current_site_code(site) == second


@pytest.mark.parametrize(
    "form", [str.lower, lambda code: f"{code[:3]} {code[3:]}", lambda code: f"{code[:3]}-{code[3:]}"]
)
def test_a_site_code_is_read_as_people_type_it(form, site, actor, now):
    code = issue_site_code(site, actor=actor, now=now)
    assert find_site(form(code.code)) == code


@pytest.mark.parametrize("text", ["", "ABC", "中文六个字啊", "A" * 500, "\0"])
def test_what_is_no_site_code_finds_nothing(text, db):
    assert find_site(text) is None


def test_tries_that_count_no_more_are_forgotten(site, zhou, now):
    ask_code(site, name="周建国", id_tail=tail(1), now=now)
    ask_code(site, name="周建国", id_tail=tail(1), now=now + dt.timedelta(hours=1))
    assert signin.forget(now + dt.timedelta(hours=1, minutes=16)) == 1
    assert SignInCode.objects.count() == 1
