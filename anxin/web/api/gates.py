"""Gates: punches in batches, signs of life, and the roster of a device's own site."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import BaseModel, ConfigDict, Field

from anxin.connections.refusals import CallRefused
from anxin.connections.scopes import GATES_WRITE
from anxin.web import clock
from anxin.web.api import fields
from anxin.web.api.auth import signed
from anxin.web.api.reading import Strict
from anxin.web.api.schemas import REFUSALS_OF_ALL
from anxin.web.api.writing import key_of, written
from anxin.workforce.models import Device
from anxin.workforce.punches import MOST_ROWS, PunchRow, receive_heartbeat, receive_punches
from anxin.workforce.queries_gates import devices_of_vendor, roster_of_device

router = Router(tags=["闸机考勤"])
_GATES = signed(GATES_WRITE)
_ROSTER_PAGE = 500


Serial = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{2,39}$", description="设备序列号")]
Sequence = Annotated[int, Field(strict=True, ge=1, le=fields.LARGEST, description="设备自己的记录序号")]
Position = Annotated[int, Field(strict=True, ge=0, le=fields.LARGEST)]


class DeviceOut(Schema):
    """A device; ``position``: all records up to it are here, go on with the next."""

    id: int
    serial: str
    project: fields.Project
    place: str
    position: int
    retired: bool


class DevicesOut(Schema):
    items: list[DeviceOut]
    next: int | None


class PunchIn(BaseModel):
    """One passage. The person by ID number or by the code of the roster; what is wrong in it comes back by itself.

    A plain model: a city's gates send millions of these, and each field forbids what :class:`Strict` looks for.
    """

    model_config = ConfigDict(extra="forbid")

    sequence: Sequence
    at: fields.Text40
    direction: fields.Text20 = ""
    id_number: fields.Text40 = ""
    person_code: fields.Text40 = ""
    name: fields.Text120 = ""
    #: a hash that the device makes of the face's features: tells that two passages had one face, and shows nobody
    face: fields.Text120 = ""


class PunchesIn(Strict):
    punches: list[PunchIn] = Field(min_length=1, max_length=MOST_ROWS)
    device_time: fields.Moment | None = None


class PunchRefused(Schema):
    sequence: int
    code: str
    field: str
    message: str


class PunchesOut(Schema):
    """``accepted`` rows are kept, ``unchanged`` were here already; ``unresolved`` are kept and wait for the roster."""

    accepted: int
    unchanged: int
    refused: int
    unresolved: int
    backfilled: int
    position: int
    rows: list[PunchRefused]
    sandbox: bool


class HeartbeatIn(Strict):
    device_time: fields.Moment | None = None
    last_sequence: Position = 0


class HeartbeatOut(Schema):
    """``skew_seconds``: the device's clock minus ours."""

    position: int
    server_time: dt.datetime
    skew_seconds: int | None
    sandbox: bool


class PersonOut(Schema):
    code: str
    name: str
    team: str
    present: bool


class RosterPage(Schema):
    """People whose entry changed after ``after``; where ``next`` is empty, keep ``last`` for the next change."""

    items: list[PersonOut]
    last: int
    next: int | None


class RosterIn(Schema):
    after: int = Field(0, ge=0, le=fields.LARGEST, description="上次答复中的 last；0 为全量")
    limit: int = Field(_ROSTER_PAGE, ge=1, le=_ROSTER_PAGE)


@router.get(
    "/gates/devices", auth=_GATES, response={200: DevicesOut, **REFUSALS_OF_ALL}, summary="本厂商的设备"
)
def list_devices(request: HttpRequest, page: Query[fields.PageIn]) -> dict[str, Any]:
    found = list(devices_of_vendor(key_of(request).vendor).filter(pk__gt=page.after)[: page.limit + 1])
    items = [_device(one) for one in found[: page.limit]]
    return {"items": items, "next": items[-1]["id"] if len(found) > page.limit else None}


@router.get(
    "/gates/devices/{serial}",
    auth=_GATES,
    response={200: DeviceOut, **REFUSALS_OF_ALL},
    summary="一台设备，及已收到第几条",
)
def read_device(request: HttpRequest, serial: Serial) -> dict[str, Any]:
    return _device(_own(request, serial))


@router.post(
    "/gates/devices/{serial}/punches",
    auth=_GATES,
    response={200: PunchesOut, **REFUSALS_OF_ALL},
    summary="报送打卡记录（逐条答复，可续传）",
)
def report_punches(request: HttpRequest, serial: Serial, payload: PunchesIn) -> HttpResponse:
    device = _own(request, serial)
    rows = [
        PunchRow(one.sequence, one.at, one.direction, one.id_number, one.person_code, one.name, one.face)
        for one in payload.punches
    ]

    def effect() -> dict[str, Any]:
        received = receive_punches(
            device, rows, packet=request.body, now=clock.now(), device_time=payload.device_time
        )
        return {
            "accepted": received.kept,
            "unchanged": received.repeated,
            "refused": len(received.refused),
            "unresolved": received.unresolved,
            "backfilled": received.backfilled,
            "position": received.position,
            "rows": [vars(one) for one in received.refused],
        }

    return written(request, effect)


@router.post(
    "/gates/devices/{serial}/heartbeat",
    auth=_GATES,
    response={200: HeartbeatOut, **REFUSALS_OF_ALL},
    summary="心跳（不必带 Idempotency-Key）",
    openapi_extra={"x-reads": True},
)
def heartbeat(request: HttpRequest, serial: Serial, payload: HeartbeatIn) -> dict[str, Any]:
    """A sign of life has no effect that could be doubled; a sandbox key leaves none."""
    device, now, sandbox = _own(request, serial), clock.now(), key_of(request).sandbox
    if not sandbox:
        device = receive_heartbeat(
            device, now=now, device_time=payload.device_time, last_sequence=payload.last_sequence
        )
    return {
        "position": device.position,
        "server_time": clock.local(now),
        "skew_seconds": device.skew_seconds,
        "sandbox": sandbox,
    }


@router.get(
    "/gates/devices/{serial}/roster",
    auth=_GATES,
    response={200: RosterPage, **REFUSALS_OF_ALL},
    summary="下发本工地花名册（全量或增量，姓名脱敏）",
)
def roster(request: HttpRequest, serial: Serial, page: Query[RosterIn]) -> dict[str, Any]:
    device = _own(request, serial)
    if device.retired_at is not None:
        raise CallRefused("not_found")
    found = roster_of_device(device, page.after, page.limit, clock.today())
    return {
        "items": [
            {"code": one.code, "name": one.name, "team": one.team, "present": one.present}
            for one in found.items
        ],
        "last": found.items[-1].enrolment_id if found.items else page.after,
        "next": found.next_after,
    }


def _own(request: HttpRequest, serial: str) -> Device:
    found = devices_of_vendor(key_of(request).vendor).filter(serial=serial).first()
    if found is None:
        raise CallRefused("not_found")
    return found


def _device(device: Device) -> dict[str, Any]:
    return {
        "id": device.pk,
        "serial": device.serial,
        "project": {"code": device.project.code, "name": device.project.name},
        "place": device.place,
        "position": device.position,
        "retired": device.retired_at is not None,
    }
