"""Contracts and trainings of many people at once: what ``particulars`` does for one, in a few statements per project.

The caller has asked whether ``by`` may deliver for the project, and has checked each row by ``particulars.check_…``.
One transaction and one journal entry per project: all of its rows are in, or none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction

from anxin.evidence import bulk
from anxin.evidence.journal import Actor, record
from anxin.evidence.models import StoredFile
from anxin.evidence.sealing import Sealed
from anxin.registry.models import Project
from anxin.workforce.models import Enrolment, Training
from anxin.workforce.particulars import contract_shown

#: before/after pairs kept in one journal entry
_JOURNALLED = 100


@dataclass(frozen=True)
class Agreement:
    """What stands for an enrolment from now on; without ``file`` the one on file stays."""

    pay_day: int | None
    number: str
    valid_from: dt.date | None
    valid_until: dt.date | None
    file: StoredFile | None = None
    #: ``None``: what is known of it stays
    signed: bool | None = None


class TrainingSaid(NamedTuple):
    """One worker's training."""

    worker_id: int
    on: dt.date
    kind: str
    hours: Decimal


def take_contracts(
    project: Project, said: Mapping[int, Agreement], *, by: Actor, now: dt.datetime
) -> set[int]:
    """Enrolment → its agreement; what was known stays on record. Returns those that a newer roster has replaced."""
    with transaction.atomic():
        Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        current = _current(project, said)
        if current:
            bulk.supersede(Enrolment, [one.pk for one in current], by=None, now=now)
            before = [{"worker_id": one.worker_id, **contract_shown(one)} for one in current[:_JOURNALLED]]
            for one in current:
                _renew(one, said[one.pk], now)
            _insert(current)
            after = [{"worker_id": one.worker_id, **contract_shown(one)} for one in current[:_JOURNALLED]]
            _journal(project, f"登记{len(current)}人的合同和约定发薪日", by, now, len(current), before, after)
            said_now = {one.pk for one in current}
        else:
            said_now = set()
    return set(said) - said_now


def _current(project: Project, said: Iterable[int]) -> list[Enrolment]:
    found: list[Enrolment] = []
    for piece in bulk.chunks(sorted(said)):
        found += Enrolment.objects.filter(
            project=project, pk__in=piece, superseded_at__isnull=True
        ).select_related("contract_file")
    return found


def _renew(row: Enrolment, said: Agreement, now: dt.datetime) -> None:
    row.recorded_at, row.batch, row.row_number = now, None, None
    row.pay_day, row.contract_number = said.pay_day, said.number.strip()[:60]
    row.contract_from, row.contract_until = said.valid_from, said.valid_until
    if said.file is not None:
        row.contract_file = said.file
    if said.signed is not None:
        row.contract_signed = said.signed


def _insert(rows: Sequence[Enrolment]) -> None:
    names = [field.attname for field in Enrolment._meta.concrete_fields if not field.primary_key]
    bulk.insert(Enrolment, names, [[_plain(getattr(row, name)) for name in names] for row in rows])


def _plain(value: Any) -> Any:
    return value.envelope if isinstance(value, Sealed) else value


def take_trainings(project: Project, said: Iterable[TrainingSaid], *, by: Actor, now: dt.datetime) -> None:
    """Trainings of people of the site; the same kind on the same day replaces what was recorded."""
    rows = {(one.worker_id, one.on, one.kind): one for one in said}
    if not rows:
        return
    with transaction.atomic():
        Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        replaced: list[int] = []
        for piece in bulk.chunks({one.worker_id for one in rows.values()}):
            standing = Training.objects.filter(
                project=project, worker_id__in=piece, superseded_at__isnull=True
            ).values_list("pk", "worker_id", "on", "kind")
            replaced += [pk for pk, *key in standing.iterator(chunk_size=5000) if tuple(key) in rows]
        bulk.supersede(Training, replaced, by=None, now=now)
        constants = {"project_id": project.pk, "recorded_at": now}
        bulk.insert(Training, TrainingSaid._fields, list(rows.values()), constants=constants)
        kept = [
            {"worker_id": one.worker_id, "on": str(one.on), "kind": one.kind, "hours": str(one.hours)}
            for one in list(rows.values())[:_JOURNALLED]
        ]
        _journal(project, f"登记{len(rows)}人次培训", by, now, len(rows), None, kept)


def _journal(
    project: Project,
    what: str,
    by: Actor,
    now: dt.datetime,
    rows: int,
    before: list[dict[str, Any]] | None,
    after: list[dict[str, Any]],
) -> None:
    record(
        actor=by,
        action="roster.recorded",
        object_type="project",
        object_id=project.pk,
        summary=f"{project.name}：{what}",
        now=now,
        before=None if before is None else {"changes": before},
        after={"project_ids": [project.pk], "rows": rows, "changes": after},
    )
