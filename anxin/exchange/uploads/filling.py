"""Filling the queue: what is new or changed in our records waits for the platforms that want it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence

from django.db import transaction

from anxin.evidence import bulk
from anxin.evidence.journal import SYSTEM, record
from anxin.exchange.models import Kind, Platform, UploadEvent, UploadRecord
from anxin.exchange.uploads.payloads import Outgoing, of_project
from anxin.registry.models import Project

QUEUED = "exchange.queued"
_State = UploadRecord.State
_RANKS = {str(kind): rank for rank, kind in enumerate(Kind)}


def fill_projects(project_ids: Iterable[int], *, now: dt.datetime) -> int:
    """Queue what is new or changed of these projects, for every platform that is on; returns how many."""
    count = 0
    for platform in Platform.objects.filter(enabled=True).order_by("pk"):
        found = Project.objects.filter(pk__in=list(project_ids), region__code__startswith=platform.region)
        for project in found.order_by("pk"):
            count += fill(platform, project, now=now)
    return count


def fill_all(platform: Platform, *, now: dt.datetime) -> int:
    """Look through every project of the platform's region; what the journal's reactions missed is found here."""
    found = Project.objects.filter(region__code__startswith=platform.region).order_by("pk")
    count = sum(fill(platform, project, now=now) for project in found.iterator(chunk_size=200))
    Platform.objects.filter(pk=platform.pk).update(filled_at=now)
    return count


def fill(platform: Platform, project: Project, *, now: dt.datetime) -> int:
    """Queue what is new or changed of one project; returns how many records that were. Again changes nothing."""
    wanted = [kind for kind in platform.kinds if kind in _RANKS]
    outgoing = list(of_project(project, wanted))
    with transaction.atomic():
        # Two fills of one platform would both insert the same record.
        Platform.objects.select_for_update().get(pk=platform.pk)
        known = _known(platform, outgoing)
        new = [one for one in outgoing if (one.kind, one.key) not in known]
        changed = [
            (found, one)
            for one in outgoing
            if (found := known.get((one.kind, one.key))) is not None and found.version != one.version
        ]
        back = [
            (found, one)
            for one in outgoing
            if (found := known.get((one.kind, one.key))) is not None
            and found.version == one.version
            and found.state == _State.WITHDRAWN
        ]
        created = _insert(platform, new, now)
        for found, one in [*changed, *back]:
            requeue_version(found, one, now=now)
        known.update({(one.kind, one.object_key): one for one in created})
        _tie(outgoing, known, platform)
        count = len(created) + len(changed) + len(back)
        if count:
            record(
                actor=SYSTEM,
                action=QUEUED,
                object_type="platform",
                object_id=platform.pk,
                summary=f"项目“{project.name}”有{count}条记录待报送“{platform.name}”",
                now=now,
                after={"project_ids": [project.pk], "new": len(created), "changed": len(changed) + len(back)},
            )
    return count


def requeue_version(found: UploadRecord, one: Outgoing, *, now: dt.datetime, taken: bool = False) -> None:
    """The record waits again, with what it now says and a request of its own.

    ``taken``: by the worker that noticed the change and sends it at once; nobody else may take it meanwhile.
    """
    found.version, found.request_id, found.title = one.version, uuid.uuid4(), one.title[:200]
    found.state, found.uncertain, found.tries = _State.QUEUED, False, 0
    found.queued_at = now
    if not taken:
        found.next_try, found.claim = now, None
    found.reason, found.reason_field, found.receipt = "", "", ""
    found.sent_at = found.answered_at = None
    found.save()
    UploadEvent.objects.create(
        record=found,
        at=now,
        what=UploadEvent.What.QUEUED,
        request_id=found.request_id,
        sentence="本系统的数据有变动，按新内容报送。",
    )


def _known(platform: Platform, outgoing: Sequence[Outgoing]) -> dict[tuple[str, str], UploadRecord]:
    found: dict[tuple[str, str], UploadRecord] = {}
    for kind in {one.kind for one in outgoing}:
        keys = [one.key for one in outgoing if one.kind == kind]
        for piece in bulk.chunks(keys):
            # Locked: an answer that comes in meanwhile is about the version before.
            rows = UploadRecord.objects.select_for_update().filter(
                platform=platform, kind=kind, object_key__in=piece
            )
            found.update({(row.kind, row.object_key): row for row in rows})
    return found


def _insert(platform: Platform, new: Sequence[Outgoing], now: dt.datetime) -> list[UploadRecord]:
    rows = [
        UploadRecord(
            platform=platform,
            kind=one.kind,
            object_key=one.key,
            rank=_RANKS[str(one.kind)],
            title=one.title[:200],
            version=one.version,
            request_id=uuid.uuid4(),
            next_try=now,
            queued_at=now,
        )
        for one in new
    ]
    created = UploadRecord.objects.bulk_create(rows, batch_size=500)
    events = [
        UploadEvent(record=row, at=now, what=UploadEvent.What.QUEUED, request_id=row.request_id)
        for row in created
    ]
    UploadEvent.objects.bulk_create(events, batch_size=500)
    return created


def _tie(
    outgoing: Sequence[Outgoing], known: dict[tuple[str, str], UploadRecord], platform: Platform
) -> None:
    """Which projects a record belongs to, and which records must be accepted before it goes."""
    projects, needs = UploadRecord.projects.through, UploadRecord.needs.through
    elsewhere = {
        (kind, key): pk
        for kind in {kind for one in outgoing for kind, _ in one.needs}
        for piece in bulk.chunks({key for one in outgoing for k, key in one.needs if k == kind})
        for key, pk in UploadRecord.objects.filter(
            platform=platform, kind=kind, object_key__in=piece
        ).values_list("object_key", "pk")
    }
    belongs, waits = [], []
    for one in outgoing:
        mine = known[one.kind, one.key].pk
        belongs += [projects(uploadrecord_id=mine, project_id=project) for project in sorted(one.projects)]
        waits += [
            needs(from_uploadrecord_id=mine, to_uploadrecord_id=elsewhere[need])
            for need in one.needs
            if need in elsewhere
        ]
    projects.objects.bulk_create(belongs, batch_size=1000, ignore_conflicts=True)
    needs.objects.bulk_create(waits, batch_size=1000, ignore_conflicts=True)
