"""Gates that fall silent: at chosen times, within a quarter of an hour, once, and closed by themselves."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anxin.accounts.models import Grant, Role, User
from anxin.notices.models import Notice
from anxin.workforce import devices
from anxin.workforce.alarms import watch_gates
from anxin.workforce.models import Device, GateAlarm
from anxin.workforce.punches import receive_heartbeat
from tests.monitoring import factories as make
from tests.workforce.gates import at, device, enrol, row, send, vendor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]
MINUTE = dt.timedelta(minutes=1)
SOON = dt.timedelta(minutes=15)


@pytest.fixture
def site():
    return make.project("P1")


@pytest.fixture
def gate(site):
    return device(site)


@pytest.fixture
def inspector():
    user = User.objects.create(username="cha", display_name="林监察")
    Grant.objects.create(user=user, role=Role.INSPECTOR, region="9901")
    return user


def minutes(start: dt.datetime, end: dt.datetime):
    """The scheduler's looks, one a minute, from ``start`` on."""
    while start <= end:
        watch_gates(start)
        start += MINUTE


def beat(gate: Device, now: dt.datetime) -> None:
    receive_heartbeat(gate, now=now)


@pytest.mark.parametrize("last", ["08:00", "11:37", "18:40"])
def test_a_silent_device_is_told_of_within_a_quarter_of_an_hour_and_once(gate, inspector, last):
    beat(gate, at(last))
    minutes(at(last), at(last) + SOON)
    alarm = GateAlarm.objects.get()
    assert (alarm.kind, alarm.since, alarm.device) == ("device_silent", at(last), gate)
    assert alarm.opened_at - at(last) <= SOON
    notice = Notice.objects.get()
    assert (notice.to, notice.title) == (inspector, "1台考勤设备停报")
    minutes(at(last) + SOON, min(at(last) + dt.timedelta(hours=2), at("18:59")))
    assert (GateAlarm.objects.count(), Notice.objects.count()) == (1, 1)


def test_a_device_that_beats_every_five_minutes_raises_nothing(gate, inspector):
    now = at("06:00")
    while now < at("09:00"):
        beat(gate, now)
        minutes(now, now + 4 * MINUTE)
        now += 5 * MINUTE
    assert not GateAlarm.objects.exists()


def test_the_alarm_closes_by_itself_when_data_are_back(gate, inspector):
    beat(gate, at("08:00"))
    minutes(at("08:00"), at("08:20"))
    beat(gate, at("08:21"))
    watch_gates(at("08:21"))
    alarm = GateAlarm.objects.get()
    assert (alarm.closed_at, alarm.ended) == (at("08:21"), "back")


def test_silence_outside_the_hours_is_none_and_counts_from_opening(gate, inspector):
    beat(gate, at("18:59"))
    minutes(at("19:00"), at("19:30"))
    minutes(at("05:30", 1), at("06:09", 1))
    assert not GateAlarm.objects.exists()
    minutes(at("06:10", 1), at("06:15", 1))
    assert GateAlarm.objects.get().since == at("18:59")


@pytest.mark.parametrize(
    ("look", "expected"), [("23:58", 1), ("00:05", 1), ("05:00", 1), ("12:00", 0), ("20:05", 0)]
)
def test_a_night_site_is_watched_over_midnight(site, inspector, look, expected):
    device(site, opens=dt.time(20), closes=dt.time(6), now=at("06:00"))
    Device.objects.update(last_seen_at=at("19:00"))
    watch_gates(at(look, 0 if look > "07:00" else 1))
    assert GateAlarm.objects.count() == expected


def test_a_device_round_the_clock_is_watched_round_the_clock(site, inspector):
    device(site, opens=dt.time(0), closes=dt.time(0))
    watch_gates(at("00:05", 1))
    assert GateAlarm.objects.count() == 1


def test_a_planned_stop_mutes_and_its_end_does_not(gate, site, inspector, actor):
    beat(gate, at("08:00"))
    devices.declare_outage(
        site,
        device=gate,
        starts_at=at("08:00"),
        ends_at=at("09:00"),
        reason="断电检修",
        actor=actor,
        now=at("08:00"),
    )
    minutes(at("08:00"), at("08:59"))
    assert not GateAlarm.objects.exists()
    watch_gates(at("09:00"))
    assert GateAlarm.objects.count() == 1


def test_a_stop_declared_afterwards_closes_the_alarm(gate, site, inspector, actor):
    beat(gate, at("08:00"))
    watch_gates(at("08:11"))
    devices.declare_outage(
        site, starts_at=at("08:00"), ends_at=at("12:00"), reason="全场停电", actor=actor, now=at("08:12")
    )
    watch_gates(at("08:13"))
    assert GateAlarm.objects.get().ended == "planned"


@pytest.mark.parametrize("change", ["suspended", "retired"])
def test_nobody_misses_a_gate_of_a_stopped_site_or_one_taken_away(gate, site, inspector, actor, change):
    if change == "retired":
        devices.retire_device(gate, actor=actor, now=at("06:01"))
    else:
        site.state = "suspended"
        site.save()
    minutes(at("08:00"), at("08:15"))
    assert not GateAlarm.objects.exists()


def test_a_gate_that_lives_but_sends_no_records_is_told_of(site, gate, inspector):
    worker = enrol(site, 1)
    send(gate, [row(1, worker, at("07:00"))], now=at("07:01"))
    now = at("07:05")
    while now <= at("07:20"):
        receive_heartbeat(gate, now=now, last_sequence=9)
        watch_gates(now)
        now += MINUTE
    alarm = GateAlarm.objects.get()
    assert (alarm.kind, alarm.since) == ("uploads_stalled", at("07:05"))
    assert alarm.opened_at - alarm.since <= SOON
    send(gate, [row(n, worker, at("07:06")) for n in range(2, 10)], now=at("07:21"))
    watch_gates(at("07:21"))
    assert GateAlarm.objects.get().ended == "back"


def test_a_maker_whose_gates_all_stop_is_named_once_and_not_gate_by_gate(inspector):
    for number in range(5):
        site = make.project(f"S{number}")
        beat(device(site, f"GZ-{number:04d}"), at("08:00"))
    beat(device(site, "OTHER-1", of=vendor("乙闸机厂")), at("08:10"))
    minutes(at("08:00"), at("08:15"))
    assert GateAlarm.objects.filter(kind="vendor_silent").count() == 1
    notice = Notice.objects.get()
    assert notice.title == "厂商“甲闸机厂”全部设备停止上传，5台考勤设备停报"
    beat(Device.objects.get(serial="GZ-0003"), at("08:16"))
    watch_gates(at("08:16"))
    assert GateAlarm.objects.get(kind="vendor_silent").ended == "back"
    assert GateAlarm.objects.filter(closed_at__isnull=True).count() == 4


def test_a_gate_that_comes_and_goes_is_told_of_once_an_hour(gate, inspector):
    now = at("08:00")
    while now < at("10:00"):
        beat(gate, now)
        minutes(now, now + 12 * MINUTE)
        now += 13 * MINUTE
    assert GateAlarm.objects.count() == 10
    assert Notice.objects.count() == 2


def test_only_those_who_answer_for_the_site_are_told(gate, inspector):
    other = User.objects.create(username="wai", display_name="外县人员")
    Grant.objects.create(user=other, role=Role.INSPECTOR, region="9902")
    clerk = User.objects.create(username="lu", display_name="录入员")
    Grant.objects.create(user=clerk, role=Role.CLERK, region="9901")
    watch_gates(at("08:11"))
    assert set(Notice.objects.values_list("to__username", flat=True)) == {"cha"}


def test_a_look_takes_the_same_queries_for_one_device_and_for_many(site, inspector):
    counts = []
    for number in (1, 30):
        for serial in range(number):
            device(site, f"GZ-{number}-{serial:03d}")
        with CaptureQueriesContext(connection) as captured:
            watch_gates(at("08:11") + number * MINUTE)
        counts.append(len(captured))
    assert counts[1] <= counts[0] + 1
