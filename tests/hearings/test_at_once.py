"""Two hearings set at the same moment in the same room: one has it, the other is told why not."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.arbitration import scheduling, tribunals
from anxin.arbitration.models import ArbitrationCase, Booking, Hearing
from anxin.kernel.refusal import Refused
from tests.casework.test_concurrency import at_once
from tests.hearings.conftest import TODAY, a_case, at, formed

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_room_is_given_once(transactional_db, court):
    cases = [formed(court, a_case(court), of=("xu",)), a_case(court)]
    named = tribunals.Named([court.spare], court.relief, "仲裁院院长提出")
    tribunals.form(cases[1], named, by=court.officer, now=at(TODAY))
    wanted = scheduling.Wanted(at(dt.date(2026, 4, 20), 9), 60, "room", room=court.rooms[0])

    def setting(number: int) -> Hearing:
        case = ArbitrationCase.objects.select_related("matter__lead").get(pk=cases[number].pk)
        return scheduling.set_hearing(case, wanted, by=court.officer, now=at(TODAY, 12), law=court.law)

    results = at_once(2, setting)
    assert sorted(type(one) is Hearing for one in results) == [False, True]
    refused = next(one for one in results if not isinstance(one, Hearing))
    assert isinstance(refused, Refused)
    assert "第一仲裁庭在2026-04-20 09:00至10:00已有另一场" in str(refused)
    assert Hearing.objects.count() == 1
    assert Booking.objects.filter(what=f"room:{court.rooms[0].pk}").count() == 2
