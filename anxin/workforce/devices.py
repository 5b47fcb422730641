"""Registering makers and devices, planned stops, taking a device away. Each leaves one journal entry."""

from __future__ import annotations

import datetime as dt
import re

from django.db import transaction

from anxin.evidence.journal import Actor, record
from anxin.kernel.refusal import Refused
from anxin.registry.models import Project
from anxin.workforce.models import Device, GateVendor, Outage

_SERIAL = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{2,39}$")
#: a longer stop is no planned one: the device is to be taken away
LONGEST_OUTAGE = dt.timedelta(days=60)


def register_vendor(name: str, *, contact: str = "", actor: Actor, now: dt.datetime) -> GateVendor:
    """A maker of gates. Raises :class:`Refused` for a name that is taken."""
    name = " ".join(name.split())
    if not name:
        raise Refused("请填写厂商名称。", field="name")
    with transaction.atomic():
        if GateVendor.objects.filter(name=name).exists():
            raise Refused(f"厂商“{name}”已登记，无需重复登记。", field="name")
        vendor = GateVendor.objects.create(name=name[:80], contact=contact.strip()[:80], recorded_at=now)
        _record(vendor, "vendor", f"登记考勤设备厂商“{vendor.name}”", actor, now)
    return vendor


def register_device(
    project: Project,
    *,
    vendor: GateVendor,
    serial: str,
    actor: Actor,
    now: dt.datetime,
    place: str = "",
    direction: str = Device.Direction.BOTH,
    opens: dt.time = dt.time(6),
    closes: dt.time = dt.time(19),
) -> Device:
    """A device on a site; from now on it is expected to report in its hours."""
    serial = serial.strip()
    if not _SERIAL.match(serial):
        raise Refused("序列号应为3至40位字母、数字、点或横线，以设备铭牌为准。", field="serial")
    if direction not in Device.Direction.values:
        raise Refused("请选择通行方向：进出、只进或只出。", field="direction")
    with transaction.atomic():
        if Device.objects.filter(serial__iexact=serial).exists():
            raise Refused(f"序列号“{serial}”已登记过；换到别的工地请先撤除原登记。", field="serial")
        device = Device.objects.create(
            vendor=vendor,
            project=project,
            serial=serial,
            place=place.strip()[:60],
            direction=direction,
            opens=opens,
            closes=closes,
            registered_at=now,
            last_seen_at=now,
        )
        _record(device, "device", f"登记考勤设备{serial}（{vendor.name}，{project.name}）", actor, now)
    return device


def retire_device(device: Device, *, actor: Actor, now: dt.datetime) -> Device:
    """The device is taken away: it may no longer report, and is no longer missed. What it sent stays."""
    with transaction.atomic():
        device = Device.objects.select_for_update().get(pk=device.pk)
        if device.retired_at is not None:
            raise Refused("该设备已撤除。")
        device.retired_at = now
        device.save(update_fields=["retired_at"])
        _record(device, "device", f"撤除考勤设备{device.serial}", actor, now)
    return device


def declare_outage(
    project: Project,
    *,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    reason: str,
    actor: Actor,
    now: dt.datetime,
    device: Device | None = None,
) -> Outage:
    """A planned stop of one device or of the whole site: nobody is alarmed meanwhile."""
    if not reason.strip():
        raise Refused("请写明停用原因，例如“断电检修”。", field="reason")
    if ends_at <= starts_at:
        raise Refused("结束时间应晚于开始时间。", field="ends_at")
    if ends_at <= now:
        raise Refused("停用时段已经过去，无需报备。", field="ends_at")
    if ends_at - starts_at > LONGEST_OUTAGE:
        raise Refused(f"一次停用至多{LONGEST_OUTAGE.days}天；更久不用的请撤除设备。", field="ends_at")
    with transaction.atomic():
        outage = Outage.objects.create(
            project=project,
            device=device,
            starts_at=starts_at,
            ends_at=ends_at,
            reason=reason.strip()[:200],
            declared_at=now,
            declared_by_name=actor.name,
        )
        what = f"考勤设备{device.serial}" if device else f"{project.name}全部考勤设备"
        _record(outage, "outage", f"报备{what}停用，原因：{outage.reason}", actor, now)
    return outage


def _record(
    thing: GateVendor | Device | Outage, sort: str, summary: str, actor: Actor, now: dt.datetime
) -> None:
    record(
        actor=actor,
        action="gates.recorded",
        object_type=f"gate_{sort}",
        object_id=thing.pk,
        summary=summary,
        now=now,
    )
