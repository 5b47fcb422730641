"""A site with gates and people, and what the gates send."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from anxin.evidence.journal import SYSTEM
from anxin.workforce import devices
from anxin.workforce.gate_people import person_code
from anxin.workforce.models import AttendanceDay, Device, Enrolment, GateVendor
from anxin.workforce.punches import PunchRow, Received, receive_punches
from tests.monitoring import factories as make

SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING = dt.datetime(2026, 9, 7, 6, 0, tzinfo=SHANGHAI)


def vendor(name: str = "甲闸机厂") -> GateVendor:
    return GateVendor.objects.get_or_create(name=name, defaults={"recorded_at": MORNING})[0]


def device(
    project, serial: str = "GZ-0001", *, of: GateVendor | None = None, now=MORNING, **options
) -> Device:
    return devices.register_device(
        project, vendor=of or vendor(), serial=serial, actor=SYSTEM, now=now, **options
    )


def enrol(project, serial: int, name: str = "", *, now=MORNING):
    """A worker on the site's roster."""
    worker = make.worker(serial, name)
    Enrolment.objects.create(project=project, worker=worker, recorded_at=now)
    return worker


def at(text: str, day: int = 0) -> dt.datetime:
    """``07:58`` on the first day, or ``day`` days later."""
    return dt.datetime.combine(MORNING.date() + dt.timedelta(days=day), dt.time.fromisoformat(text), SHANGHAI)


def row(sequence: int, worker, moment: dt.datetime, direction: str = "", **more: str) -> PunchRow:
    named = more or {"person_code": person_code(worker.pk)}
    return PunchRow(sequence, moment.isoformat(), direction, **named)


def send(device: Device, rows: Sequence[PunchRow], *, now: dt.datetime, **options) -> Received:
    packet = json.dumps([list(one) for one in rows], ensure_ascii=False).encode()
    return receive_punches(device, rows, packet=packet, now=now, **options)


def days(project) -> dict[tuple[int, dt.date], tuple[str, str, str]]:
    """(worker, day) → share, remark, source: what stands."""
    rows = AttendanceDay.objects.filter(project=project, superseded_at=None)
    return {(one.worker_id, one.day): (str(one.share), one.remark, one.source) for one in rows}
