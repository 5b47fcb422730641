"""What gates send: kept once, refused row by row, resolved when the roster catches up, turned into days."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.workforce import devices
from anxin.workforce.deriving import derive_days, resolve_open
from anxin.workforce.models import AttendanceDay, Device, Punch, PunchBatch, RefusedPunch
from anxin.workforce.punches import MOST_ROWS, packet_of, receive_heartbeat
from tests.monitoring import factories as make
from tests.support.deliveries import deliver, id_number, roster, workbook
from tests.workforce.gates import MORNING, at, days, device, enrol, row, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]
EVENING = at("18:00")
DAY = MORNING.date()


@pytest.fixture
def site():
    return make.project("P1")


@pytest.fixture
def gate(site):
    return device(site)


@pytest.fixture
def worker(site):
    return enrol(site, 1)


def test_a_batch_is_kept_with_its_packet_and_becomes_a_day(site, gate, worker):
    rows = [row(1, worker, at("07:58"), "in"), row(2, worker, at("17:30"), "out")]
    received = send(gate, rows, now=EVENING, device_time=EVENING + dt.timedelta(seconds=40))
    assert (received.kept, received.repeated, received.unresolved, received.position) == (2, 0, 0, 2)
    batch = PunchBatch.objects.get()
    assert hashlib.sha256(packet_of(batch)).hexdigest() == batch.packet_sha256
    assert batch.received_at == EVENING
    assert batch.skew_seconds == 40
    derive_days(site.pk, now=EVENING)
    assert days(site) == {(worker.pk, DAY): ("1.00", "", "gate")}
    assert AttendanceDay.objects.get().rule == "gates.day_rule/2004-01-01"
    assert JournalEntry.objects.filter(action="attendance.derived").count() == 1


def test_the_same_batch_again_changes_nothing(site, gate, worker):
    rows = [row(1, worker, at("07:58"), "in"), row(2, worker, at("17:30"), "out")]
    send(gate, rows, now=EVENING)
    derive_days(site.pk, now=EVENING)
    again = send(gate, rows, now=EVENING + dt.timedelta(hours=1))
    derive_days(site.pk, now=EVENING + dt.timedelta(hours=1))
    assert (again.kept, again.repeated, again.position) == (0, 2, 2)
    assert Punch.objects.count() == 2
    assert AttendanceDay.objects.count() == 1
    assert JournalEntry.objects.filter(action="attendance.derived").count() == 1


def test_a_number_used_for_another_record_is_refused_and_the_first_stays(gate, worker):
    send(gate, [row(1, worker, at("07:58"), "in")], now=EVENING)
    received = send(gate, [row(1, worker, at("09:00"), "in"), row(2, worker, at("17:30"))], now=EVENING)
    assert [(one.sequence, one.code, one.field) for one in received.refused] == [
        (1, "sequence_reused", "sequence")
    ]
    assert received.kept == 1
    assert Punch.objects.get(sequence=1).at == at("07:58")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"at": "昨天早上"}, "time_unreadable"),
        ({"at": "2026-09-07T08:00:00"}, "time_unreadable"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "time_unreadable"),
        ({"at": at("18:11").isoformat()}, "time_in_future"),
        ({"at": (EVENING - dt.timedelta(days=90, seconds=1)).isoformat()}, "time_too_old"),
        ({"direction": "up"}, "direction_unknown"),
        ({"person_code": ""}, "person_missing"),
        ({"person_code": "P12X"}, "person_code_wrong"),
        ({"id_number": "990101199001010009"}, "id_number_wrong"),
        ({"name": "长" * 61}, "name_too_long"),
    ],
)
def test_a_wrong_row_comes_back_and_the_good_ones_go_on(gate, worker, wrong, code):
    good = row(2, worker, at("08:00"))
    received = send(gate, [row(1, worker, at("07:00"))._replace(**wrong), good], now=EVENING)
    assert [one.code for one in received.refused] == [code]
    assert (received.kept, received.position) == (1, 2)
    kept = RefusedPunch.objects.get()
    assert (kept.sequence, kept.code) == (1, code)


def test_times_at_the_very_bounds_are_taken(gate, worker):
    rows = [row(1, worker, at("18:10")), row(2, worker, EVENING - dt.timedelta(days=90))]
    assert send(gate, rows, now=EVENING).kept == 2


def test_gaps_in_a_batch_and_too_large_ones_are_refused_whole(gate, worker):
    with pytest.raises(Refused, match="序号必须连续") as refused:
        send(gate, [row(1, worker, at("07:00")), row(3, worker, at("08:00"))], now=EVENING)
    assert refused.value.field == "punches.1.sequence"
    with pytest.raises(Refused, match="至多1000条"):
        send(gate, [row(n, worker, at("07:00")) for n in range(1, MOST_ROWS + 2)], now=EVENING)
    with pytest.raises(Refused, match="没有记录"):
        send(gate, [], now=EVENING)
    assert not PunchBatch.objects.exists()


def test_late_punches_are_marked_and_count_all_the_same(site, gate, worker):
    rows = [
        row(1, worker, at("07:58"), "in"),
        row(2, worker, at("17:44"), "out"),
        row(3, worker, at("17:45"), "out"),
    ]
    assert send(gate, rows, now=EVENING).backfilled == 2
    assert list(Punch.objects.order_by("sequence").values_list("backfilled", flat=True)) == [
        True,
        True,
        False,
    ]
    derive_days(site.pk, now=EVENING)
    assert days(site)[(worker.pk, DAY)][0] == "1.00"


def test_the_position_waits_for_a_gap_and_then_jumps(gate, worker):
    assert send(gate, [row(1, worker, at("07:00"))], now=EVENING).position == 1
    assert send(gate, [row(3, worker, at("09:00"))], now=EVENING).position == 1
    assert Device.objects.get().behind_since == EVENING
    assert send(gate, [row(2, worker, at("08:00"))], now=EVENING).position == 3
    assert Device.objects.get().behind_since is None


def test_an_unknown_person_stays_open_until_the_roster_catches_up(site, gate, actor):
    person = {"id_number": id_number(1), "name": "买买提·艾力"}
    rows = [row(1, None, at("07:58"), "in", **person), row(2, None, at("17:30"), "out", **person)]
    assert send(gate, rows, now=EVENING).unresolved == 2
    assert set(Punch.objects.values_list("open_reason", flat=True)) == {"not_on_roster"}
    derive_days(site.pk, now=EVENING)
    assert days(site) == {}
    deliver("roster", roster(("买买提•艾力", 1)), actor=actor, now=EVENING)
    assert resolve_open(site.pk) == 2
    derive_days(site.pk, now=EVENING)
    assert [one[0] for one in days(site).values()] == ["1.00"]


def test_somebody_of_another_site_is_as_open_as_a_stranger(gate):
    elsewhere = enrol(make.project("P2"), 7)
    received = send(gate, [row(1, elsewhere, at("07:58"))], now=EVENING)
    assert received.unresolved == 1
    assert Punch.objects.get().worker_id is None


def test_a_delivered_sheet_stands_against_the_gate(site, gate, worker, actor):
    send(gate, [row(1, worker, at("07:58"), "in"), row(2, worker, at("12:00"), "out")], now=EVENING)
    derive_days(site.pk, now=EVENING)
    number = worker.id_number.open() if hasattr(worker.id_number, "open") else worker.id_number
    header = ["序号", "姓名", "身份证号", *map(str, range(1, 31))]
    sheet = workbook(
        header,
        [[1, worker.name, number, *("√" if day == 7 else "" for day in range(1, 31))]],
        title="2026年9月考勤表",
    )
    deliver("attendance", sheet, actor=actor, now=EVENING)
    assert days(site)[(worker.pk, DAY)] == ("1.00", "", "file")
    send(gate, [row(3, worker, at("13:00"), "in")], now=EVENING)
    derive_days(site.pk, now=EVENING)
    assert days(site)[(worker.pk, DAY)] == ("1.00", "", "file")


def test_a_sheet_that_leaves_a_day_empty_does_not_take_back_what_the_gate_saw(site, gate, worker, actor):
    send(gate, [row(1, worker, at("07:58"), "in"), row(2, worker, at("17:00"), "out")], now=EVENING)
    derive_days(site.pk, now=EVENING)
    header = ["序号", "姓名", "身份证号", *map(str, range(1, 31))]
    number = worker.id_number.open() if hasattr(worker.id_number, "open") else worker.id_number
    sheet = workbook(
        header,
        [[1, worker.name, number, *("√" if day == 3 else "" for day in range(1, 31))]],
        title="2026年9月考勤表",
    )
    deliver("attendance", sheet, actor=actor, now=EVENING)
    assert {day.day: said[2] for (_, day), said in days(site).items()} == {3: "file", 7: "gate"}


def test_a_retired_device_is_refused(gate, worker, actor):
    devices.retire_device(gate, actor=actor, now=EVENING)
    with pytest.raises(Refused, match="已撤除"):
        send(gate, [row(1, worker, at("07:58"))], now=EVENING)
    with pytest.raises(Refused, match="已撤除"):
        receive_heartbeat(gate, now=EVENING)


def test_a_crash_in_the_middle_keeps_nothing_and_the_repetition_keeps_all(site, gate, worker, monkeypatch):
    from anxin.workforce import punches

    rows = [row(1, worker, at("07:58")), row(2, worker, at("17:58"))]
    with monkeypatch.context() as broken:
        broken.setattr(punches, "_advance", lambda *a: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            send(gate, rows, now=EVENING)
    assert not PunchBatch.objects.exists()
    assert not Punch.objects.exists()
    assert send(gate, rows, now=EVENING).kept == 2


def test_queries_do_not_grow_with_the_rows(gate, site):
    people = [enrol(site, 10 + n) for n in range(40)]
    counts = []
    for start, some in ((1, people[:2]), (100, people)):
        rows = [row(start + n, one, at("07:00")) for n, one in enumerate(some)]
        with CaptureQueriesContext(connection) as captured:
            send(gate, rows, now=EVENING)
        counts.append(len(captured))
    assert counts[1] <= counts[0]


BATCHES = st.permutations(range(6))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=BATCHES, repeats=st.lists(st.integers(0, 5), max_size=4), runs=st.sets(st.integers(0, 9)))
def test_whatever_the_order_of_delivery_the_days_are_the_same(transactional_free, order, repeats, runs):
    assert transactional_free(order, repeats, runs) == transactional_free(range(6), [], {5})


@pytest.fixture
def transactional_free(db):
    """Deliver six batches in an order, some of them again, with runs in between; the days that stand."""
    from django.db import transaction

    def deliver_all(order, repeats, runs):
        point = transaction.savepoint()
        site = make.project("P9")
        gate = device(site, "GZ-P9")
        first, second = enrol(site, 71), enrol(site, 72)
        passages = [
            (first, at("07:50"), "in"), (second, at("19:30"), "in"), (first, at("12:00"), "out"),
            (first, at("13:00"), "in"), (second, at("06:10", 1), "out"), (first, at("17:40"), "out"),
            (first, at("07:55", 1), "in"), (second, at("19:40", 1), "in"), (first, at("17:35", 1), "out"),
            (second, at("05:30", 2), "out"), (first, at("08:00", 2), "in"), (second, at("20:00", 2), "in"),
        ]  # fmt: skip
        rows = [row(n, *one) for n, one in enumerate(passages, 1)]
        now = at("08:30", 3)
        for step, number in enumerate([*order, *repeats]):
            send(gate, rows[2 * number : 2 * number + 2], now=now)
            if step in runs:
                derive_days(site.pk, now=now)
        derive_days(site.pk, now=now)
        names = {first.pk: "first", second.pk: "second"}
        stands = {(names[who], day): said for (who, day), said in days(site).items()}
        position = Device.objects.get(pk=gate.pk).position
        transaction.savepoint_rollback(point)
        return stands, position

    return deliver_all


def test_a_heartbeat_says_that_the_device_lives_and_what_is_missing(gate, worker):
    send(gate, [row(1, worker, at("07:00"))], now=at("07:01"))
    receive_heartbeat(gate, now=at("07:05"), device_time=at("07:07"), last_sequence=4)
    found = Device.objects.get()
    assert (found.last_heartbeat_at, found.skew_seconds) == (at("07:05"), 120)
    assert (found.reported_position, found.position, found.behind_since) == (4, 1, at("07:05"))
    receive_heartbeat(gate, now=at("07:09"), last_sequence=4)
    assert Device.objects.get().behind_since == at("07:05")
