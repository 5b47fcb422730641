"""A recorded value held against its paper by two persons."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.kernel.refusal import Refused
from anxin.law.checklist import checklist
from anxin.local_law import overlay, queries, services
from anxin.local_law.models import Confirmation, OverlayStamp
from tests.local_law.conftest import FIRST, SECOND, WAGE

DAY = dt.date(2026, 11, 20)
KEY = "warning.w03"


@pytest.fixture
def propose_check(db, now):
    first = queries.current().parameter(KEY).values[0].from_

    def proposed(**changes):
        values = {
            "key": KEY,
            "region": "",
            "value_from": first,
            "document_title": "预警分级办法",
            "document_number": "安治欠办〔2026〕1号第四条",
            "actor": FIRST,
            "now": now,
        }
        return services.propose_confirmation(**(values | changes))

    return proposed


def test_a_derived_value_becomes_confirmed_with_who_when_and_which_paper(propose_check, now):
    before = queries.current().value(KEY, DAY)
    services.confirm(propose_check(), actor=SECOND, now=now)
    after = queries.current().value(KEY, DAY)
    assert (before.confidence, after.confidence) == ("derived", "confirmed")
    assert after.value == before.value
    assert after.checked_on == now.date()
    assert "某甲、某乙于2026-11-20核对：预警分级办法（安治欠办〔2026〕1号第四条）" in after.reference


def test_it_leaves_the_list_to_confirm(propose_check, now):
    listed = {item.key for item in checklist(queries.current(), DAY, "9901")}
    services.confirm(propose_check(), actor=SECOND, now=now)
    assert listed - {item.key for item in checklist(queries.current(), DAY, "9901")} == {KEY}


def test_a_confirmation_is_dated_too(propose_check, now):
    services.confirm(propose_check(), actor=SECOND, now=now)
    earlier = queries.current(known_at=now - dt.timedelta(seconds=1))
    assert earlier.value(KEY, DAY).confidence == "derived"


def test_it_can_be_withdrawn(propose_check, now):
    record = services.confirm(propose_check(), actor=SECOND, now=now)
    services.withdraw(record, reason="看错了条款", actor=SECOND, now=now)
    assert queries.current().value(KEY, DAY).confidence == "derived"


def test_who_proposed_cannot_confirm(propose_check, now):
    with pytest.raises(Refused, match="另一位"):
        services.confirm(propose_check(), actor=FIRST, now=now)


def test_what_the_nation_leaves_open_cannot_be_confirmed_but_needs_a_local_value(propose_check):
    first = queries.current().parameter(WAGE).values[0].from_
    with pytest.raises(Refused, match="提出本地数值"):
        propose_check(key=WAGE, value_from=first)


def test_a_day_on_which_no_value_begins_is_refused(propose_check):
    with pytest.raises(Refused, match="没有自2019-01-01起"):
        propose_check(value_from=dt.date(2019, 1, 1))


def test_a_release_with_another_value_is_not_covered(propose_check, now):
    """The bureau looked at 30 days; a release that ships 45 has not been looked at."""
    record = services.confirm(propose_check(), actor=SECOND, now=now)
    Confirmation.objects.filter(pk=record.pk).update(value=[{"level": "red"}])
    OverlayStamp.objects.update(token="another")
    assert queries.current().value(KEY, DAY).confidence == "derived"
    record.refresh_from_db()
    assert not overlay.covers(record, overlay.shipped())


def test_the_same_check_waits_once(propose_check):
    propose_check()
    with pytest.raises(Refused, match="已经提出过"):
        propose_check()
