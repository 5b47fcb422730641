"""Gates on three sites: one that works, one whose records stall, one silent since last evening."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from functools import partial

from django.utils import timezone

from anxin.demo.registering import Cast
from anxin.demo.world import Site, World
from anxin.workforce import devices
from anxin.workforce.alarms import watch_gates
from anxin.workforce.deriving import derive_days
from anxin.workforce.models import Device, GateVendor
from anxin.workforce.punches import PunchRow, receive_heartbeat, receive_punches

Step = tuple[dt.datetime, Callable[[dt.datetime], object]]
_MAKERS = ("演示闸机甲厂", "演示闸机乙厂")
#: days before today for which the gates have punches
_DAYS_BACK = (3, 2, 1)
_SITES = 3
_DAY = dt.timedelta(days=1)


def steps(world: World, cast: Cast, now: dt.datetime) -> Iterator[Step]:
    """What happened at the gates, with its moments; the last look for silent ones is that of the day itself."""
    sites = [
        site
        for site in world.sites
        if site.story.state == "in_progress" and not site.story.bare and not site.story.for_practice
    ][:_SITES]
    for number, site in enumerate(sites):
        yield _at(world.today - 5 * _DAY, 9), partial(_register, cast, site, number)
        for back in _DAYS_BACK:
            day = world.today - back * _DAY
            yield _at(day, 6, 54), partial(_send, site, day, number, "in")
            yield _at(day, 16, 44), partial(_send, site, day, number, "out")
    yield now - dt.timedelta(minutes=2), partial(_latest, cast, sites)
    yield now - dt.timedelta(minutes=1), watch_gates


def _at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute)))


def serial(site: Site) -> str:
    """The gate's number says that it is invented."""
    return f"DEMO-{site.story.key}-1"


def _register(cast: Cast, site: Site, number: int, now: dt.datetime) -> None:
    actor, name = cast.clerk(), _MAKERS[number % len(_MAKERS)]
    vendor = GateVendor.objects.filter(name=name).first()
    vendor = vendor or devices.register_vendor(name, actor=actor, now=now)
    devices.register_device(
        cast.projects[site.story.key],
        vendor=vendor,
        serial=serial(site),
        place="东门",
        opens=dt.time(0),
        closes=dt.time(0),
        actor=actor,
        now=now,
    )


def _send(site: Site, day: dt.date, number: int, way: str, now: dt.datetime) -> None:
    """Everybody who worked that day goes in, or out; one of them under a name that differs."""
    device = Device.objects.get(serial=serial(site))
    passages = []
    for index, person in enumerate(site.workers):
        if site.entries[person.number] > day or (index + day.day) % 9 == 0:
            continue
        name = f"{person.name[0]}小{person.name[-1]}" if index == 3 and number == 0 else ""
        enters = dt.datetime.combine(day, dt.time(6, 40)) + dt.timedelta(minutes=index % 14)
        leaves = enters + dt.timedelta(hours=9 if index % 11 else 4, minutes=50)
        if way == "in":
            passages.append((enters, way, person.id_number, name))
        elif index % 17 != 5:  # somebody forgets the way out
            passages.append((leaves, way, person.id_number, name))
    rows = [
        PunchRow(device.position + place, timezone.make_aware(at).isoformat(), direction, number_, "", name)
        for place, (at, direction, number_, name) in enumerate(sorted(passages), 1)
    ]
    if not rows:
        return
    packet = json.dumps([list(row) for row in rows], ensure_ascii=False).encode()
    receive_punches(device, rows, packet=packet, now=now, device_time=now + dt.timedelta(seconds=7))
    derive_days(device.project_id, now=now)


def _latest(cast: Cast, sites: list[Site], now: dt.datetime) -> None:
    """This moment: one gate reports, one says that it has records which do not arrive, one has been silent."""
    working, stalled = (Device.objects.get(serial=serial(site)) for site in sites[:2])
    receive_heartbeat(working, now=now, last_sequence=working.position)
    devices.declare_outage(
        working.project,
        device=working,
        starts_at=now + dt.timedelta(minutes=5),
        ends_at=now + dt.timedelta(days=30),
        reason="演示数据：装入以后没有真实设备报送",
        actor=cast.clerk(),
        now=now,
    )
    receive_heartbeat(stalled, now=now - dt.timedelta(minutes=40), last_sequence=stalled.position + 26)
    receive_heartbeat(stalled, now=now, last_sequence=stalled.position + 26)
