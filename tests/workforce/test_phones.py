"""The phone on the roster decides where a sign-in code goes, so corrections arrive and leave a trace."""

from __future__ import annotations

import pytest

from anxin.evidence.models import JournalEntry
from anxin.workforce.models import Worker
from tests.support.deliveries import deliver, id_number, make_project, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


@pytest.fixture
def deliver_phone(now, actor):
    make_project(now)

    def delivered(*phones: str, column: bool = True):
        rows = [
            [f"工人{chr(0x4E00 + n)}", id_number(n), "木工班", phone] for n, phone in enumerate(phones, 1)
        ]
        heads = ["姓名", "身份证号", "班组", "手机号"]
        if not column:
            heads, rows = heads[:3], [row[:3] for row in rows]
        return deliver("roster", workbook(heads, rows), actor=actor, now=now)

    return delivered


def phone(number: int = 1) -> str:
    known = Worker.objects.get(name=f"工人{chr(0x4E00 + number)}").phone
    return known.open() if known else ""


def sealed() -> bytes:
    return bytes(Worker.objects.get(name=f"工人{chr(0x4E01)}").phone.envelope)


def test_a_corrected_phone_replaces_the_old_one_and_is_journalled_masked(deliver_phone):
    deliver_phone("19900001111")
    deliver_phone("19900002222")
    assert phone() == "19900002222"
    told = str(JournalEntry.objects.order_by("-sequence").values()[0])
    assert "199****1111" in told
    assert "199****2222" in told
    assert "19900002222" not in told


def test_people_with_one_phone_are_told_by_its_hash(deliver_phone):
    deliver_phone("19900001111", "19900002222", "19900001111")
    first, second, third = Worker.objects.order_by("name").values_list("phone_hash", flat=True)
    assert first == third != second
    assert "19900001111" not in first


def test_a_phone_that_was_missing_is_filled_in(deliver_phone):
    deliver_phone("")
    assert phone() == ""
    deliver_phone("19900001111")
    assert phone() == "19900001111"


def test_a_roster_without_phones_takes_none_away(deliver_phone):
    deliver_phone("19900001111", "19900002222")
    deliver_phone("", "19900002222")
    deliver_phone("x", "x", column=False)
    assert (phone(1), phone(2)) == ("19900001111", "19900002222")


def test_the_same_phone_again_changes_nothing(deliver_phone):
    deliver_phone("19900001111", "19900002222")
    before = sealed()
    deliver_phone("19900001111", "19900003333")
    assert sealed() == before
    assert phone(2) == "19900003333"
