"""Contract and pay day as a roster file tells them."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.workforce.models import Enrolment
from tests.support.deliveries import deliver, id_number, make_project, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]
HEADS = ["姓名", "身份证号", "班组", "进场日期", "约定发薪日", "合同编号", "合同起始日期", "合同终止日期"]
BEGINS, ENDS = dt.date(2026, 3, 1), dt.date(2027, 2, 28)


@pytest.fixture
def take(now, actor):
    make_project(now)

    def taken(*cells, heads=HEADS):
        return deliver(
            "roster", workbook(heads, [["王小明", id_number(1), "木工班", *cells]]), actor=actor, now=now
        )

    return taken


def current() -> Enrolment:
    return Enrolment.objects.get(superseded_at=None)


def test_contract_and_pay_day_are_taken_and_the_entry_stays_the_entry(take):
    take(dt.date(2026, 3, 5), "每月15日", "HT-2026-018", BEGINS, ENDS)
    one = current()
    assert (one.entry, one.pay_day) == (dt.date(2026, 3, 5), 15)
    assert (one.contract_number, one.contract_from, one.contract_until) == ("HT-2026-018", BEGINS, ENDS)
    assert one.contract_signed is True


def test_the_same_file_again_changes_nothing_and_empty_cells_take_nothing_away(take):
    take(dt.date(2026, 3, 5), "15", "HT-2026-018", BEGINS, ENDS)
    first = current().pk
    batch = take(dt.date(2026, 3, 5), None, None, None, None)
    assert (current().pk, batch.rows_unchanged) == (first, 1)
    assert current().contract_number == "HT-2026-018"


def test_a_roster_without_an_entry_column_means_the_entry_by_the_contracts_beginning(take):
    take(BEGINS, heads=["姓名", "身份证号", "班组", "合同起始日期"])
    assert current().entry == BEGINS


def test_a_contract_that_ends_before_it_begins_comes_back(take):
    batch = take(dt.date(2026, 3, 5), "15", "HT-1", ENDS, BEGINS)
    assert (batch.rows_accepted, batch.rows_rejected) == (0, 1)
    assert "早于起始日期" in batch.problems.get().reason


@pytest.mark.parametrize("text", ["月底", "32", "双方商定"])
def test_a_pay_day_that_cannot_be_read_is_told_and_not_guessed(text, take):
    batch = take(dt.date(2026, 3, 5), text, "HT-1", BEGINS, ENDS)
    assert batch.rows_accepted == 1
    assert "看不出是每月几日" in batch.problems.get().reason
    assert current().pay_day is None


def test_without_a_number_nothing_is_known_of_a_contract(take):
    take(dt.date(2026, 3, 5), "15", "无", None, None)
    assert current().contract_signed is None
