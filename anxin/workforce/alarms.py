"""Who has fallen silent: asked of the database every minute, one statement for each sort of alarm.

A device is expected to say something (a heartbeat is enough) in its hours, while its site is in progress, it is not
taken away and no planned stop is declared. It is silent when nothing came for ``silent_minutes``, counted from its
opening hour where that is later. Alarms close by themselves when data are back.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from anxin.accounts.access import HANDLE, may_on
from anxin.accounts.models import User
from anxin.local_law.queries import current
from anxin.notices.kinds import Kind as NoticeKind
from anxin.notices.kinds import register
from anxin.notices.outline import Outline
from anxin.notices.services import Message, send_many
from anxin.registry.models import Project
from anxin.workforce.deriving import local
from anxin.workforce.models import Device, GateAlarm, Outage

NOTICE = "gate_alarm"
_LISTED = 10
Kind, Ended = GateAlarm.Kind, GateAlarm.Ended


class Watched(NamedTuple):
    """Alarms opened and closed by one look."""

    opened: int
    closed: int


def register_notice() -> None:
    """Called once when the application starts."""
    register(
        NoticeKind(
            NOTICE, "考勤设备停报", "管辖工地的考勤设备失联，或厂商停止上传", frozenset({"email", "webhook"})
        )
    )


def watch_gates(now: dt.datetime) -> Watched:
    """Open, close and tell. May be asked every minute; asking twice changes nothing."""
    numbers = current().value("gates.silence", local(now).date()).value
    limit = now - dt.timedelta(minutes=numbers["silent_minutes"])
    quiet = now - dt.timedelta(minutes=numbers["quiet_minutes"])
    with transaction.atomic():
        closed = _close(limit, now)
        opened = _open(limit, now)
        _tell(opened, quiet, now)
    return Watched(len(opened), closed)


def expected(now: dt.datetime, limit: dt.datetime) -> QuerySet[Device]:
    """Devices that should have said something between ``limit`` and now."""
    clock, then = local(now).time(), local(limit).time()
    since_open, before_close = Q(opens__lte=then), Q(closes__gt=clock)
    if clock < then:  # midnight lies between: only who works through it
        by_day = Q(pk__in=[])
        by_night = Q(opens__gt=F("closes")) & since_open & before_close
    else:
        by_day = Q(opens__lt=F("closes")) & since_open & before_close
        by_night = Q(opens__gt=F("closes")) & (since_open | before_close)
    return (
        Device.objects.filter(by_day | by_night | Q(opens=F("closes")))
        .filter(retired_at__isnull=True, project__state=Project.State.IN_PROGRESS, registered_at__lt=limit)
        .exclude(_stopped(now))
    )


def _stopped(now: dt.datetime) -> Exists:
    """A declared stop of the device or its site covers this moment."""
    running = Outage.objects.filter(starts_at__lte=now, ends_at__gt=now)
    return Exists(
        running.filter(Q(device=OuterRef("pk")) | Q(device__isnull=True, project=OuterRef("project_id")))
    )


# --- opening -----------------------------------------------------------------------------------------------


def _open(limit: dt.datetime, now: dt.datetime) -> list[GateAlarm]:
    due = expected(now, limit)
    silent = list(
        due.filter(last_seen_at__lt=limit)
        .exclude(_alarmed(Kind.DEVICE_SILENT))
        .values_list("pk", "vendor_id", "last_seen_at")
    )
    stalled = list(
        due.filter(last_seen_at__gte=limit, behind_since__lt=limit)
        .exclude(_alarmed(Kind.UPLOADS_STALLED))
        .values_list("pk", "vendor_id", "behind_since")
    )
    rows = [_alarm(Kind.DEVICE_SILENT, *one, now) for one in silent]
    rows += [_alarm(Kind.UPLOADS_STALLED, *one, now) for one in stalled]
    rows += [
        _alarm(Kind.VENDOR_SILENT, None, vendor, since, now) for vendor, since in _silent_vendors(due, limit)
    ]
    GateAlarm.objects.bulk_create(rows, ignore_conflicts=True)
    if not rows:
        return []
    # Another look at the same moment may have been first: only rows that are really new are told of.
    return list(
        GateAlarm.objects.filter(opened_at=now, closed_at__isnull=True, told=False)
        .select_related("vendor", "device__project__responsible")
        .order_by("pk")
    )


def _alarm(
    kind: str, device: int | None, vendor: int, since: dt.datetime | None, now: dt.datetime
) -> GateAlarm:
    return GateAlarm(kind=kind, device_id=device, vendor_id=vendor, since=since or now, opened_at=now)


def _alarmed(kind: str) -> Exists:
    return Exists(GateAlarm.objects.filter(kind=kind, device=OuterRef("pk"), closed_at__isnull=True))


def _silent_vendors(due: QuerySet[Device], limit: dt.datetime) -> list[tuple[int, dt.datetime]]:
    """Makers of whose expected devices (two or more) not one has said anything."""
    open_now = GateAlarm.objects.filter(
        kind=Kind.VENDOR_SILENT, vendor=OuterRef("vendor_id"), closed_at__isnull=True
    )
    talking = Device.objects.filter(vendor=OuterRef("vendor_id"), last_seen_at__gte=limit)
    rows = (
        due.exclude(Exists(open_now))
        .exclude(Exists(talking))
        .order_by()
        .values("vendor_id")
        .annotate(latest=Max("last_seen_at"), devices=Count("pk"))
        .filter(devices__gt=1)
    )
    return [(row["vendor_id"], row["latest"]) for row in rows]


# --- closing -----------------------------------------------------------------------------------------------


def _close(limit: dt.datetime, now: dt.datetime) -> int:
    """Close what is over; one statement for each reason."""
    running = GateAlarm.objects.filter(closed_at__isnull=True)
    own = Device.objects.filter(pk=OuterRef("device_id"))
    of_vendor = Device.objects.filter(vendor=OuterRef("vendor_id"), retired_at__isnull=True)
    of_device, of_all = Q(device__isnull=False), Q(device__isnull=True)
    back = (
        Q(Exists(own.filter(last_seen_at__gte=limit)), kind=Kind.DEVICE_SILENT)
        | Q(Exists(own.filter(behind_since__isnull=True)), kind=Kind.UPLOADS_STALLED)
        | of_all & Q(Exists(of_vendor.filter(last_seen_at__gte=limit)))
    )
    reasons = (
        (
            Ended.RETIRED,
            of_device & Q(Exists(own.filter(retired_at__isnull=False))) | of_all & ~Exists(of_vendor),
        ),
        (Ended.BACK, back),
        (
            Ended.PLANNED,
            of_device & Q(Exists(own.filter(_stopped(now))))
            | of_all & ~Exists(of_vendor.exclude(_stopped(now))),
        ),
    )
    return sum(running.filter(over).update(closed_at=now, ended=why) for why, over in reasons)


# --- telling -----------------------------------------------------------------------------------------------


def _tell(opened: Sequence[GateAlarm], quiet: dt.datetime, now: dt.datetime) -> None:
    """One message to each person who answers, however many devices; a device that comes and goes waits."""
    fresh = _not_told_lately(opened, quiet)
    if not fresh:
        return
    sites = _sites(fresh)
    people = list(User.objects.filter(is_active=True).prefetch_related("grants").order_by("pk"))
    messages = []
    for person in people:
        person._anxin_grants = list(person.grants.all())  # type: ignore[attr-defined]
        mine = [
            alarm for alarm in fresh if any(may_on(person, HANDLE, site) for site in sites.get(alarm.pk, ()))
        ]
        if mine:
            messages.append(_message(person, mine))
    send_many(messages, now=now)
    GateAlarm.objects.filter(pk__in=[alarm.pk for alarm in fresh]).update(told=True)


def _not_told_lately(opened: Sequence[GateAlarm], quiet: dt.datetime) -> list[GateAlarm]:
    lately = GateAlarm.objects.filter(told=True, closed_at__gt=quiet)
    told = set(lately.values_list("kind", "vendor_id", "device_id"))
    return [alarm for alarm in opened if (alarm.kind, alarm.vendor_id, alarm.device_id) not in told]


def _sites(alarms: Iterable[GateAlarm]) -> dict[int, list[Project]]:
    """Alarm → the sites it concerns: the device's own, or all where the maker's devices stand."""
    of_vendor: dict[int, dict[int, Project]] = defaultdict(dict)
    vendors = {alarm.vendor_id for alarm in alarms if alarm.device_id is None}
    devices = Device.objects.filter(vendor_id__in=vendors, retired_at__isnull=True)
    for device in devices.select_related("project__responsible"):
        of_vendor[device.vendor_id][device.project_id] = device.project
    return {
        alarm.pk: [alarm.device.project] if alarm.device else list(of_vendor[alarm.vendor_id].values())
        for alarm in alarms
    }


def _message(person: User, alarms: Sequence[GateAlarm]) -> Message:
    whole = {alarm.vendor_id: alarm.vendor.name for alarm in alarms if alarm.device_id is None}
    devices = [alarm for alarm in alarms if alarm.device is not None]
    parts = [f"厂商“{name}”全部设备停止上传" for name in whole.values()]
    parts += [f"{len(devices)}台考勤设备停报"] if devices else []
    lines = [
        f"{alarm.device.project.name} · {alarm.device.serial}：{alarm.get_kind_display()}，"
        f"最后一次数据{local(alarm.since):%Y-%m-%d %H:%M}"
        for alarm in devices[:_LISTED]
        if alarm.device
    ]
    if len(devices) > _LISTED:
        lines.append(f"另有{len(devices) - _LISTED}台，见设备清单。")
    return Message(
        to=person,
        kind=NOTICE,
        title="，".join(parts),
        body="\n".join([*lines, "请联系厂商或工地核实；数据恢复后自动解除。"]),
        link="/gates?state=silent",
        about=("gate_alarm", alarms[0].pk),
        once_key=f"gates:{alarms[0].pk}-{alarms[-1].pk}",
        outline=Outline(count=len(alarms)),
    )
