"""Rooms and circuit days of a commission: added, closed, called off, each with one entry of the journal."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.arbitration.access import keeps
from anxin.arbitration.models import CircuitDay, Hearing, Room
from anxin.evidence.journal import record
from anxin.kernel.refusal import Refused, worded
from anxin.registry.models import Organisation, Region


def add_room(
    *, body: Organisation, region: Region, name: str, address: str, by: User, now: dt.datetime
) -> Room:
    """Raises :class:`Refused`: not one's place, no name, the name is taken."""
    _require(by, region)
    name, address = name.strip(), address.strip()
    if not name or len(name) > 60:
        raise Refused("请填写仲裁庭的名称，不超过60字。", field="name")
    if not address or len(address) > 120:
        raise Refused("请填写地址，不超过120字，通知书上会写。", field="address")
    try:
        with transaction.atomic():
            made = Room.objects.create(body=body, region=region, name=name, address=address, recorded_at=now)
            _note("arbitration_room", made.pk, f"登记仲裁庭{name}", by, now)
    except IntegrityError:
        raise Refused(f"{region}已经有叫“{name}”的仲裁庭，请换一个名称。", field="name") from None
    return made


def close_room(room: Room, *, by: User, now: dt.datetime) -> None:
    """Not used any more. Raises :class:`Refused` while a hearing is set there."""
    _require(by, room.region)
    with transaction.atomic():
        held = Room.objects.select_for_update().get(pk=room.pk)
        if held.closed_on is not None:
            raise Refused("这个仲裁庭已经停用，请刷新页面。")
        if held.hearings.filter(state=Hearing.State.SET, begins_at__gt=now).exists():
            raise Refused(f"{held}还有排好的开庭，请先改期，再停用。")
        held.closed_on = timezone.localdate(now)
        held.save(update_fields=["closed_on"])
        _note("arbitration_room", held.pk, f"停用仲裁庭{held}", by, now)


def add_circuit_day(
    *, body: Organisation, region: Region, on: dt.date, place: str, hours: str, phone: str, by: User, now: dt.datetime
) -> CircuitDay:  # fmt: skip
    """Announce a circuit day; its date and place are public from now on. Raises :class:`Refused`."""
    _require(by, region)
    place, hours = place.strip(), hours.strip()
    if on < timezone.localdate(now):
        raise Refused(f"{on}已经过去，请填写今天或以后的日期。", field="on")
    if not place or len(place) > 120:
        raise Refused("请填写巡回庭的地点，不超过120字。", field="place")
    if not hours or len(hours) > 40:
        raise Refused("请填写时间，例如 9:00–12:00。", field="hours")
    try:
        with transaction.atomic():
            made = CircuitDay.objects.create(
                body=body,
                region=region,
                on=on,
                place=place,
                hours=hours,
                phone=phone.strip()[:40],
                recorded_at=now,
            )
            _note("arbitration_circuit_day", made.pk, f"公布巡回庭：{on} {place}", by, now)
    except IntegrityError:
        raise Refused(f"{on}在{place}的巡回庭已经公布过。", field="on") from None
    return made


def cancel_circuit_day(day: CircuitDay, *, why: str, by: User, now: dt.datetime) -> None:
    """Say in public that it does not take place. Raises :class:`Refused` while a hearing is set on it."""
    _require(by, day.region)
    why = worded(why, "请写明取消的原因，公开页面会显示", field="why")
    with transaction.atomic():
        held = CircuitDay.objects.select_for_update(of=("self",)).get(pk=day.pk)
        if held.cancelled_why:
            raise Refused("这个巡回庭日已经取消，请刷新页面。")
        if held.hearings.filter(state=Hearing.State.SET, begins_at__gt=now).exists():
            raise Refused("这个巡回庭日还有排好的开庭，请先改期，再取消。")
        held.cancelled_why = why
        held.save(update_fields=["cancelled_why"])
        _note("arbitration_circuit_day", held.pk, f"取消巡回庭{held}：{why}", by, now)


def _require(by: User, region: Region) -> None:
    if not keeps(by, region.pk):
        raise Refused(f"{region}的仲裁庭和巡回庭不由您维护。", field="region")


def _note(kind: str, pk: int, summary: str, by: User, now: dt.datetime) -> None:
    record(
        actor=actor(by), action="arbitration.places", object_type=kind, object_id=pk, summary=summary, now=now
    )
