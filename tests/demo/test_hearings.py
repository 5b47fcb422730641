"""The invented commission by itself: a record waits for its signatures, a hearing waits on a circuit day."""

from __future__ import annotations

from anxin.arbitration import record_papers
from anxin.arbitration.models import Arbitrator, CircuitDay, Hearing, HearingRecord
from anxin.demo.hearings import hearings
from anxin.demo.registering import register_city
from anxin.evidence.journal import SYSTEM


def test_a_record_waits_for_four_signatures_and_a_circuit_day_has_its_hearing(db, home, now):
    hearings(register_city(actor=SYSTEM, now=now), now=now)
    assert sorted(Hearing.objects.values_list("state", "way")) == [("held", "room"), ("set", "circuit")]
    record = HearingRecord.objects.get()
    assert (record.state, record.signers.count()) == ("closed", 4)
    assert record_papers.read(record).startswith(b"%PDF-")
    assert Arbitrator.objects.get(user__username="xu").seats.count() == 1
    assert "（演示）" in CircuitDay.objects.get().place
