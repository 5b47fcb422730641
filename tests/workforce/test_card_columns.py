"""Wage cards as a roster file tells them: where and when opened, their place in a row, and who receives for whom."""

from __future__ import annotations

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps

from anxin.evidence.models import JournalEntry
from anxin.evidence.sealing import Sealed, finding_hash
from anxin.workforce.models import Enrolment, Worker
from tests.support.deliveries import deliver, id_number, make_project, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]
HEADS = ["姓名", "身份证号", "班组", "银行卡号", "开户行网点", "开卡日期", "代收授权人身份证号"]
OPENED = dt.date(2026, 3, 1)
#: of an issuer that does not exist, with right check digits
CARD, NEXT, FAR = "9990001234500016", "9990001234500024", "9990009999900016"


@pytest.fixture
def take(now, actor):
    make_project(now)

    def taken(*cells, heads=HEADS):
        rows = [["王小明", id_number(1), "木工班", *cells]]
        return deliver("roster", workbook(heads, rows), actor=actor, now=now)

    return taken


def current() -> Enrolment:
    return Enrolment.objects.get(superseded_at=None)


def test_branch_and_day_of_opening_are_taken(take):
    take(CARD, "虚构银行东门支行", OPENED, None)
    one = current()
    assert (one.card_branch, one.card_opened_on) == ("虚构银行东门支行", OPENED)
    assert one.worker.id_hash == finding_hash("id", id_number(1))


def test_cards_in_a_row_are_of_one_series_and_tell_no_number(take):
    take(CARD, None, None, None)
    one = current()
    assert (one.card_serial, len(one.card_series)) == (1, 64)
    take(NEXT, None, None, None)
    assert (current().card_serial, current().card_series) == (2, one.card_series)
    take(FAR, None, None, None)
    assert current().card_series != one.card_series


def test_who_may_receive_is_kept_as_a_hash_alone_and_is_not_taken_for_the_worker(take):
    take(CARD, None, None, id_number(2))
    assert current().payee_hash == finding_hash("id", id_number(2))
    assert Worker.objects.count() == 1
    assert id_number(2) not in str(list(JournalEntry.objects.values()))


def test_an_authorisation_that_the_next_roster_does_not_name_is_over(take):
    take(CARD, None, None, id_number(2))
    take(CARD, None, None, None)
    assert current().payee_hash == ""


def test_a_roster_without_these_columns_takes_nothing_away(take):
    take(CARD, "虚构银行东门支行", OPENED, id_number(2))
    take(dt.date(2026, 3, 5), heads=["姓名", "身份证号", "班组", "进场日期"])
    one = current()
    assert (one.card_branch, one.card_opened_on, one.card_serial) == ("虚构银行东门支行", OPENED, 1)
    assert one.payee_hash == finding_hash("id", id_number(2))


def test_a_wrong_number_of_who_receives_is_told_and_the_row_stays(take):
    wrong = id_number(2)[:-1] + ("0" if id_number(2)[-1] != "0" else "1")
    batch = take(CARD, None, None, wrong)
    assert batch.rows_accepted == 1
    assert "代收授权人的身份证号没有记录" in batch.problems.get().reason
    assert current().payee_hash == ""


def test_cards_and_phones_that_were_known_before_are_told_by_an_upgrade(take):
    take(CARD, None, None, None)
    known = (current().card_series, current().card_serial)
    Enrolment.objects.update(card_series="", card_serial=None)
    Worker.objects.update(phone=Sealed.of("19900001111"))
    import_module("anxin.workforce.migrations.0007_told_from_sealed_numbers").tell(apps, None)
    assert (current().card_series, current().card_serial) == known
    assert Worker.objects.get().phone_hash == finding_hash("phone", "19900001111")
