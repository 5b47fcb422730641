"""What pages and makers read about gates: devices and their state, rosters for devices, the punches behind a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from anxin.accounts.access import VIEW
from anxin.accounts.models import User
from anxin.kernel.masking import mask_name
from anxin.kernel.paging import Page
from anxin.registry.access import visible_projects
from anxin.registry.models import Project
from anxin.workforce.day_rule import RuledDay
from anxin.workforce.deriving import days_of_project, local
from anxin.workforce.gate_people import person_code
from anxin.workforce.models import (
    AttendanceDay,
    Device,
    Enrolment,
    GateAlarm,
    IdentityClaim,
    Outage,
    Punch,
    PunchBatch,
    RefusedPunch,
    Worker,
)
from anxin.workforce.people import plain_name

#: a clock that is off by more is shown as wrong
SKEW_SHOWN = 120


@dataclass(frozen=True)
class DeviceState:
    """How a device stands, in a word, a colour and a shape (``●`` bad, ``▲`` look, ``◆`` well, ``■`` not expected)."""

    key: str
    word: str
    shape: str
    style: str


_STATES = {
    "silent": DeviceState("silent", "失联", "●", "mark-bad"),
    "stalled": DeviceState("stalled", "记录停传", "▲", "mark-wait"),
    "stopped": DeviceState("stopped", "已报停用", "■", ""),
    "retired": DeviceState("retired", "已撤除", "■", ""),
    "never": DeviceState("never", "未上线", "▲", "mark-wait"),
    "well": DeviceState("well", "正常", "◆", "mark-good"),
}
STATE_CHOICES = [(key, state.word) for key, state in _STATES.items()]


@dataclass(frozen=True)
class DeviceRow:
    """One device as a list shows it."""

    device: Device
    state: DeviceState
    since: dt.datetime | None

    @property
    def skewed(self) -> bool:
        return abs(self.device.skew_seconds or 0) > SKEW_SHOWN


@dataclass(frozen=True)
class GatePerson:
    """A person as the device needs to know: a code, the name masked, whether still on the site."""

    enrolment_id: int
    code: str
    name: str
    team: str
    present: bool


@dataclass(frozen=True)
class DayBehind:
    """One worker's day on one site: what stands, what the punches alone come to, and the punches."""

    standing: AttendanceDay | None
    ruled: RuledDay | None
    rule: str
    punches: Sequence[Punch]


# --- makers ------------------------------------------------------------------------------------------------


def devices_of_vendor(name: str) -> QuerySet[Device]:
    """The devices of the maker to whom a key of this name belongs; none for a key that is no maker's."""
    if not name:
        return Device.objects.none()
    return Device.objects.filter(vendor__name=name).select_related("project", "vendor").order_by("pk")


def roster_of_device(device: Device, after: int, limit: int, today: dt.date) -> Page[GatePerson]:
    """The people of the device's own site whose entry changed after ``after``; 0 begins the whole roster.

    A change gives an enrolment a new key, so the last key of one page is where the next change begins.
    """
    rows = list(
        Enrolment.objects.filter(project_id=device.project_id, superseded_at__isnull=True, pk__gt=after)
        .order_by("pk")
        .values_list("pk", "worker_id", "worker__name", "team", "exit")[: limit + 1]
    )
    people = [
        GatePerson(pk, person_code(worker), mask_name(name), team, left is None or left >= today)
        for pk, worker, name, team, left in rows[:limit]
    ]
    return Page(people, people[-1].enrolment_id if len(rows) > limit else None)


# --- the bureau --------------------------------------------------------------------------------------------


def visible_devices(user: User, permission: str = VIEW) -> QuerySet[Device]:
    """The devices on sites within the person's scope."""
    return Device.objects.filter(project__in=visible_projects(user, permission)).select_related(
        "vendor", "project__region", "project__responsible"
    )


def with_state(devices: QuerySet[Device], now: dt.datetime) -> QuerySet[Any]:
    """Devices annotated with what their state is made of."""
    alarms = GateAlarm.objects.filter(device=OuterRef("pk"), closed_at__isnull=True)
    running = Outage.objects.filter(starts_at__lte=now, ends_at__gt=now)
    stopped = Q(device=OuterRef("pk")) | Q(device__isnull=True, project=OuterRef("project_id"))
    return devices.annotate(
        is_silent=Exists(alarms.filter(kind=GateAlarm.Kind.DEVICE_SILENT)),
        is_stalled=Exists(alarms.filter(kind=GateAlarm.Kind.UPLOADS_STALLED)),
        is_stopped=Exists(running.filter(stopped)),
    )


def in_state(devices: QuerySet[Any], key: str) -> QuerySet[Any]:
    """Of devices from :func:`with_state` those whose state has this key."""
    kept = Q(retired_at__isnull=True)
    return {
        "retired": devices.filter(retired_at__isnull=False),
        "silent": devices.filter(kept, is_silent=True),
        "stalled": devices.filter(kept, is_silent=False, is_stalled=True),
        "stopped": devices.filter(kept, is_silent=False, is_stalled=False, is_stopped=True),
        "never": devices.filter(
            kept, is_silent=False, is_stalled=False, is_stopped=False,
            last_heartbeat_at__isnull=True, last_batch_at__isnull=True,
        ),
        "well": devices.filter(kept, is_silent=False, is_stalled=False, is_stopped=False).exclude(
            last_heartbeat_at__isnull=True, last_batch_at__isnull=True
        ),
    }.get(key, devices)  # fmt: skip


def device_row(device: Device) -> DeviceRow:
    """A device from :func:`with_state` as a list shows it."""
    heard = device.last_heartbeat_at or device.last_batch_at
    key = "well" if heard else "never"
    for name in ("stopped", "stalled", "silent"):
        if getattr(device, f"is_{name}"):
            key = name
    if device.retired_at:
        key = "retired"
    return DeviceRow(device, _STATES[key], device.last_seen_at if heard else None)


def state_counts(devices: QuerySet[Device], now: dt.datetime) -> dict[str, int]:
    """How many devices are in which state; one statement for each that people look for."""
    annotated = with_state(devices, now).order_by()
    return {key: in_state(annotated, key).count() for key in ("silent", "stalled", "never")}


def alarms_of(device: Device, limit: int = 20) -> list[GateAlarm]:
    """The device's alarms, latest first."""
    return list(device.alarms.order_by("-pk")[:limit])


def batches_of(device: Device, limit: int = 20) -> list[PunchBatch]:
    """What the device sent last."""
    return list(device.batches.defer("packet").order_by("-pk")[:limit])


def refusals_of(device: Device, limit: int = 20) -> list[RefusedPunch]:
    """The rows last refused, with their batch."""
    found = RefusedPunch.objects.filter(batch__device=device).select_related("batch").defer("batch__packet")
    return list(found.order_by("-pk")[:limit])


def open_punches(devices: Sequence[Device]) -> Mapping[int, int]:
    """Device → how many of its punches wait for their person."""
    rows = (
        Punch.objects.filter(device__in=devices, worker__isnull=True)
        .order_by()
        .values_list("device_id")
        .annotate(Count("pk"))
    )
    return dict(rows)


def outages_of(project: Project, now: dt.datetime) -> list[Outage]:
    """Planned stops of a site that run or are to come."""
    return list(project.gate_outages.filter(ends_at__gt=now).select_related("device").order_by("starts_at"))


def visible_claims(user: User, permission: str = VIEW) -> QuerySet[IdentityClaim]:
    """Claims of identity on sites within the person's scope."""
    found = IdentityClaim.objects.filter(project__in=visible_projects(user, permission))
    return found.select_related("project__responsible", "worker", "device")


def behind_day(project: Project, worker: Worker, day: dt.date) -> DayBehind:
    """What stands for a day, and the punches that its figure rests on."""
    standing = AttendanceDay.objects.filter(
        project=project, worker=worker, day=day, superseded_at__isnull=True
    ).first()
    found = days_of_project(project, [(worker.pk, day)]).get((worker.pk, day))
    ruled, rule = found[:2] if found else (None, "")
    punches: list[Punch] = []
    if ruled is not None:
        own = Punch.objects.filter(
            project=project, worker=worker, at__range=(ruled.first, ruled.last), withdrawn_at__isnull=True
        ).select_related("device", "batch__file", "claim")
        punches = list(own.defer("batch__packet", "batch__file__report").order_by("at", "pk"))
        moments = {(one.at, one.direction) for one in ruled.punches}
        punches = [one for one in punches if (local(one.at), one.direction) in moments]
    return DayBehind(standing, ruled, rule, punches)


def name_difference(claim: IdentityClaim) -> str:
    """Where two masked names differ, so that somebody can decide without seeing them in full."""
    known, said = plain_name(claim.worker.name), claim.plain_name
    if len(known) != len(said):
        return f"字数不同（{len(known)}字、{len(said)}字）"
    places = [
        str(place) for place, (one, other) in enumerate(zip(known, said, strict=True), 1) if one != other
    ]
    return f"第{'、'.join(places)}字不同"


@dataclass(frozen=True)
class SharedDay:
    """A day on which one worker stands at more than one site; ``doubtful``: more than a day in all."""

    day: dt.date
    rows: Sequence[AttendanceDay]

    @property
    def doubtful(self) -> bool:
        return sum(row.share for row in self.rows) > 1


def shared_days(worker: Worker, user: User, limit: int = 60) -> list[SharedDay]:
    """Days that two sites claim for one worker, among the sites this person may see; latest first."""
    current = AttendanceDay.objects.filter(
        worker=worker, superseded_at__isnull=True, share__gt=0, project__in=visible_projects(user)
    )
    twice = (
        current.order_by().values("day").annotate(sites=Count("project", distinct=True)).filter(sites__gt=1)
    )
    days = [row["day"] for row in twice.order_by("-day")[:limit]]
    found: dict[dt.date, list[AttendanceDay]] = {day: [] for day in days}
    for row in current.filter(day__in=days).select_related("project").order_by("project_id"):
        found[row.day].append(row)
    return [SharedDay(day, rows) for day, rows in found.items()]
