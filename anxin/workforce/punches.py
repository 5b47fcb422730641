"""Receiving what gates send: batches of punches and heartbeats.

Good rows go on, each other row is refused by itself with code, sentence and field. A record of a device is one punch,
however often and in whatever order it arrives; the packet is kept as it came. All rows of a batch take the same few
statements. Batches are no journal entries of their own (a gate sends hundreds a day, and the journal is one chain):
each keeps its packet and the packet's hash, and the run that turns them into days is journalled.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from django.db import transaction

from anxin.evidence import bulk
from anxin.evidence.sealing import Sealed, finding_hash, open_bytes, seal_bytes
from anxin.kernel.identifiers import clean_identifier, id_number_problem
from anxin.kernel.refusal import Refused
from anxin.local_law.queries import current
from anxin.workforce.gate_people import Named, Resolved, person_keys, resolve
from anxin.workforce.models import Device, Punch, PunchBatch, RefusedPunch

#: rows in one batch at most
MOST_ROWS = 1000
_ID_LENGTH, _CODE_LENGTH, _NAME_LENGTH = 18, 32, 60
#: hexadecimal or Base64 text of a hash
_FACE = re.compile(r"[0-9A-Za-z+/=_-]{16,120}")
_DIRECTIONS = {"in", "out", ""}
#: code → (field, sentence); a code is never given another meaning
REFUSALS = {
    "time_unreadable": ("at", "打卡时间应为带时区的时间，例如 2026-11-21T07:58:03+08:00。"),
    "time_in_future": ("at", "打卡时间晚于服务器时间，请校准设备时钟。"),
    "time_too_old": ("at", "打卡时间早于可补传的天数，不能再收；确有遗漏的，请以考勤表报送。"),
    "direction_unknown": ("direction", "方向只能是 in（进）、out（出）或留空。"),
    "person_missing": ("id_number", "没有写明是谁：请填身份证号，或花名册下发的人员代码。"),
    "id_number_wrong": ("id_number", "身份证号不对，请核对位数和校验码。"),
    "person_code_wrong": ("person_code", "人员代码不对：请用花名册下发的代码，形如 P00000123。"),
    "name_too_long": ("name", f"姓名超过{_NAME_LENGTH}个字，请核对。"),
    "sequence_reused": (
        "sequence",
        "这个序号已收过另一条记录；设备清空过记录的，请联系人社部门重新登记设备。",
    ),
}


class PunchRow(NamedTuple):
    """One row as a device sends it."""

    sequence: int
    at: str
    direction: str = ""
    id_number: str = ""
    person_code: str = ""
    name: str = ""
    face: str = ""


class _Good(NamedTuple):
    sequence: int
    at: dt.datetime
    direction: str
    person: Named
    #: keyed hash of the device's own; empty: it sent none
    face: str


@dataclass(frozen=True)
class RowRefused:
    """Why one row was not taken."""

    sequence: int
    code: str
    field: str
    message: str


@dataclass(frozen=True)
class Received:
    """What became of a batch; ``position``: all records up to it are here, go on with the next."""

    kept: int
    repeated: int
    unresolved: int
    backfilled: int
    position: int
    refused: list[RowRefused] = field(default_factory=list)


@dataclass(frozen=True)
class _Limits:
    ahead: dt.timedelta
    oldest: dt.timedelta
    backfilled: dt.timedelta


def receive_punches(
    device: Device,
    rows: Sequence[PunchRow],
    *,
    packet: bytes,
    now: dt.datetime,
    device_time: dt.datetime | None = None,
) -> Received:
    """Keep a batch of consecutive records. Raises :class:`Refused` for a batch that cannot be taken as a whole."""
    _check_sequences(rows)
    limits = _limits(now)
    good, refused = _sorted_out(rows, now, limits)
    with transaction.atomic():
        device = Device.objects.select_for_update().get(pk=device.pk)
        if device.retired_at is not None:
            raise Refused("该设备已撤除，不能再报送；继续使用请联系人社部门重新登记。", field="serial")
        fresh, repeated, reused = _without_known(device, good)
        refused += [_refuse(sequence, "sequence_reused") for sequence in reused]
        source = f"闸机 {device.serial}"
        people = resolve(
            device.project_id, [row.person for row in fresh], device=device, source=source, now=now
        )
        late = [row.at < now - limits.backfilled for row in fresh]
        batch = PunchBatch.objects.create(
            project_id=device.project_id,
            device=device,
            received_at=now,
            packet=Sealed(seal_bytes(zlib.compress(packet, 1))),
            packet_sha256=hashlib.sha256(packet).hexdigest(),
            first_sequence=rows[0].sequence,
            last_sequence=rows[-1].sequence,
            skew_seconds=_skew(device_time, now),
            rows=len(rows),
            kept=len(fresh),
            repeated=repeated,
            refused=len(refused),
            unresolved=sum(person.worker_id is None for person in people),
            backfilled=sum(late),
            # nothing in it for the days
            derived_at=None if any(person.worker_id for person in people) else now,
        )
        _insert(batch, device, fresh, people, late)
        _insert_refused(batch, refused)
        position = _advance(device, batch, now)
    return Received(
        batch.kept, batch.repeated, batch.unresolved, batch.backfilled, position, sorted(refused, key=_by)
    )


def receive_heartbeat(
    device: Device, *, now: dt.datetime, device_time: dt.datetime | None = None, last_sequence: int = 0
) -> Device:
    """A sign of life; ``last_sequence`` is the number of the device's latest record."""
    with transaction.atomic():
        device = Device.objects.select_for_update().get(pk=device.pk)
        if device.retired_at is not None:
            raise Refused("该设备已撤除，不能再报送；继续使用请联系人社部门重新登记。", field="serial")
        device.last_heartbeat_at = now
        device.last_seen_at = max(device.last_seen_at, now)
        device.reported_position = last_sequence
        _note_behind(device, now)
        if device_time is not None:
            device.skew_seconds = _skew(device_time, now)
        device.save(update_fields=_SEEN)
    return device


_SEEN = ["last_heartbeat_at", "last_batch_at", "last_seen_at", "reported_position", "position", "behind_since", "skew_seconds"]  # fmt: skip


def _check_sequences(rows: Sequence[PunchRow]) -> None:
    if not rows:
        raise Refused("这一批没有记录，请至少报送一条。", field="punches")
    if len(rows) > MOST_ROWS:
        raise Refused(f"一批至多{MOST_ROWS}条，请分批报送。", field="punches")
    for index, (row, following) in enumerate(pairwise(rows)):
        if following.sequence != row.sequence + 1:
            raise Refused(
                f"一批之内序号必须连续：第{index + 1}条是{row.sequence}，下一条是{following.sequence}。",
                field=f"punches.{index + 1}.sequence",
            )


def _limits(now: dt.datetime) -> _Limits:
    numbers = current().value("gates.silence", now.date()).value
    return _Limits(
        dt.timedelta(minutes=numbers["ahead_minutes"]),
        dt.timedelta(days=numbers["oldest_days"]),
        dt.timedelta(minutes=numbers["backfilled_minutes"]),
    )


def _sorted_out(
    rows: Iterable[PunchRow], now: dt.datetime, limits: _Limits
) -> tuple[list[_Good], list[RowRefused]]:
    good, refused = [], []
    latest, oldest = now + limits.ahead, now - limits.oldest
    checked: dict[str, str] = {}
    for row in rows:
        read = _read(row, latest, oldest, checked)
        if isinstance(read, str):
            refused.append(_refuse(row.sequence, read))
        else:
            good.append(read)
    return good, refused


def _read(row: PunchRow, latest: dt.datetime, oldest: dt.datetime, checked: dict[str, str]) -> _Good | str:
    """The row, or the code for which it is refused."""
    try:
        at = dt.datetime.fromisoformat(row.at)
        if at.utcoffset() is None:
            return "time_unreadable"
        at = at.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return "time_unreadable"
    if at > latest:
        return "time_in_future"
    if at < oldest:
        return "time_too_old"
    if row.direction not in _DIRECTIONS:
        return "direction_unknown"
    if len(row.name) > _NAME_LENGTH:
        return "name_too_long"
    number = clean_identifier(row.id_number) if row.id_number else ""
    if not number and not row.person_code:
        return "person_missing"
    if number:
        if number not in checked:
            checked[number] = "id_number_wrong" if id_number_problem(number) else ""
        if checked[number]:
            return checked[number]
    elif not (row.person_code[0] == "P" and row.person_code[1:].isdecimal() and len(row.person_code) < 16):
        return "person_code_wrong"
    # A passage counts whatever stands beside it: what is no hash is not kept.
    face = finding_hash("face", row.face) if _FACE.fullmatch(row.face) else ""
    return _Good(row.sequence, at, row.direction, Named(number, row.person_code, row.name.strip()), face)


def _refuse(sequence: int, code: str) -> RowRefused:
    place, sentence = REFUSALS[code]
    return RowRefused(sequence, code, place, sentence)


def _by(refused: RowRefused) -> int:
    return refused.sequence


def _without_known(device: Device, rows: Sequence[_Good]) -> tuple[list[_Good], int, list[int]]:
    """Rows not yet here; how many are here already; and the numbers that were used for something else."""
    if not rows:
        return [], 0, []
    known = {
        sequence: tuple(said)
        for sequence, *said in Punch.objects.filter(
            device=device, sequence__range=(rows[0].sequence, rows[-1].sequence)
        ).values_list("sequence", "at", "direction", "person_key")
    }
    if not known:
        return list(rows), 0, []
    fresh = [row for row in rows if row.sequence not in known]
    again = [row for row in rows if row.sequence in known]
    keys = person_keys([row.person for row in again])
    reused = [
        row.sequence
        for row, key in zip(again, keys, strict=True)
        if known[row.sequence] != (row.at, row.direction, key)
    ]
    return fresh, len(rows) - len(fresh) - len(reused), reused


_COLUMNS = (
    "sequence", "at", "direction", "backfilled", "worker_id", "open_reason", "person_key", "claim_id", "face_hash",
)  # fmt: skip


def _insert(
    batch: PunchBatch,
    device: Device,
    rows: Sequence[_Good],
    people: Sequence[Resolved],
    late: Sequence[bool],
) -> None:
    values = [
        (
            row.sequence, row.at, row.direction, backfilled,
            person.worker_id, person.open_reason, person.key, person.claim_id, row.face,
        )
        for row, person, backfilled in zip(rows, people, late, strict=True)
    ]  # fmt: skip
    constants = {"batch_id": batch.pk, "project_id": device.project_id, "device_id": device.pk}
    bulk.pour(Punch, _COLUMNS, values, constants=constants)


def _insert_refused(batch: PunchBatch, refused: Sequence[RowRefused]) -> None:
    rows = [(one.sequence, one.code, one.field, one.message) for one in refused]
    bulk.insert(
        RefusedPunch, ("sequence", "code", "field", "sentence"), rows, constants={"batch_id": batch.pk}
    )


def _advance(device: Device, batch: PunchBatch, now: dt.datetime) -> int:
    """Note that the device was heard, and how far its records are here without a gap."""
    device.last_batch_at = now
    device.last_seen_at = max(device.last_seen_at, now)
    last = batch.last_sequence or 0
    if (batch.first_sequence or 0) <= device.position + 1:
        device.position = max(device.position, last)
        # what had arrived early joins on
        later = PunchBatch.objects.filter(device=device, last_sequence__gt=device.position)
        for first, end in later.order_by("first_sequence").values_list("first_sequence", "last_sequence"):
            if first is None or end is None or first > device.position + 1:
                break
            device.position = max(device.position, end)
    device.reported_position = max(device.reported_position, last)
    _note_behind(device, now)
    if batch.skew_seconds is not None:
        device.skew_seconds = batch.skew_seconds
    device.save(update_fields=_SEEN)
    return device.position


def _note_behind(device: Device, now: dt.datetime) -> None:
    """The clock of a stall runs from the last batch on: a device that catches up is no stalled one."""
    if device.reported_position <= device.position:
        device.behind_since = None
    elif device.behind_since is None or device.last_batch_at == now:
        device.behind_since = now


def _skew(device_time: dt.datetime | None, now: dt.datetime) -> int | None:
    if device_time is None:
        return None
    bound = 2_000_000_000
    return max(-bound, min(bound, int((device_time - now).total_seconds())))


def packet_of(batch: PunchBatch) -> bytes:
    """The packet as it came."""
    packet = batch.packet
    return zlib.decompress(open_bytes(packet.envelope)) if isinstance(packet, Sealed) else b""
