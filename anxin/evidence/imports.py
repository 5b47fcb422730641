"""Deliveries: a file is recognised, looked at, accepted once, and its bad rows come back.

The front door for everybody who delivers files (console, command line, demonstration). Nothing here knows
what a roster or a payroll is: ``anxin.sheets`` reads a sheet and ``anxin.formats`` a bank's message, a registered
:class:`ImportKind` writes the facts. Accepting is one transaction: all of it happened, or nothing did.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from django.db import IntegrityError, transaction

from anxin.evidence import bulk, bundles, doors, files, progress
from anxin.evidence.bankfiles import MessageRecognition
from anxin.evidence.journal import Actor, record
from anxin.evidence.kinds import (
    ApplyContext,
    ApplyResult,
    ImportKind,
    ImportRefused,
    RowProblem,
    TakesFiles,
    kind_of,
    kinds,
    register,
)
from anxin.evidence.models import ImportBatch, ImportProblem, RememberedLayout, StoredFile
from anxin.evidence.preview import dry_run
from anxin.evidence.rawrows import keep_raw_rows
from anxin.evidence.recognising import agreed_mapping, recognise_batch, recognise_data
from anxin.evidence.rejects import give_back, rejected_workbook
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused
from anxin.sheets import Recognition, SheetRefused

__all__ = [
    "ApplyContext",
    "ApplyResult",
    "ImportKind",
    "ImportRefused",
    "RowProblem",
    "accept_batch",
    "check",
    "dry_run",
    "kind_of",
    "kinds",
    "mark_failed",
    "open_batch",
    "queue_accept",
    "recognise_batch",
    "register",
    "rejected_workbook",
    "remap_batch",
    "withdraw_batch",
]

State = ImportBatch.State
_OPEN = (State.RECOGNISED, State.ACCEPTING, State.FAILED)
#: problems and skipped rows kept in a batch's report; the rest is in the problem table
_REPORTED = 500
#: before/after pairs kept in the journal entry
#: employers named one by one in the journal
_EMPLOYERS_NAMED = 2000
_JOURNALLED = 100


def check(*, kind: str, project_code: str) -> None:
    """Raise :class:`ImportRefused` when a delivery of this kind for this project can never be accepted."""
    kind_of(kind).check(project_code=project_code)


def open_batch(
    *,
    kind: str,
    data: bytes,
    filename: str,
    actor: Actor,
    now: dt.datetime,
    project_code: str = "",
    month: str | None = None,
    mapping: Mapping[str, Any] | None = None,
) -> ImportBatch:
    """Keep the file and recognise it; nothing becomes a fact before :func:`accept_batch`.

    The same delivery as one already accepted returns that batch with ``already_accepted`` set; one that
    still waits is returned as it is. A sheet that cannot be read gives a batch in state ``REFUSED`` whose
    ``refusal`` says why. A ZIP holds one list and the files beside it, where the kind takes such. The returned
    batch carries its ``recognition``. Raises :class:`ImportRefused` for an unknown kind or for what is a program or a page
    of the web and no table, and ``ValueError`` with a
    sentence for a malformed month.
    """
    taker = kind_of(kind)
    title = taker.title
    packed, outer = data, filename
    bundle = bundles.opened(data, filename) if _comes_with_files(taker, data) else None
    if bundle is not None:
        data, filename = bundle.list(), PurePosixPath(bundle.list_name).name
    stated = str(Month.parse(month)) if month else ""
    try:
        stored = doors.keep_as_sent(data, filename, now=now)
    except Refused as refusal:
        raise ImportRefused(refusal.sentence, field=refusal.field) from refusal
    batch = ImportBatch(
        kind=kind,
        file=stored,
        filename=filename[:255],
        bundle=files.store(packed, name=outer, now=now) if bundle else None,
        bundled=len(bundle.files) if bundle else 0,
        project_code=project_code,
        month=stated,
        mapping=dict(mapping) if mapping else None,
        delivered_by=actor.key,
        delivered_by_name=actor.name,
        delivered_at=now,
    )
    # Reading a big sheet takes seconds: done before the transaction, which keeps other writers out.
    with bulk.collector_paused():
        _recognise_into(batch, data)
    with transaction.atomic():
        earlier = _earlier_delivery(batch)
        if earlier is not None:
            earlier.recognition = batch.recognition
            return earlier
        batch.save(force_insert=True)
        _store_problems(batch, batch.recognition)
        record(
            actor=actor,
            action="import.delivered",
            object_type="import_batch",
            object_id=batch.pk,
            summary=f"送达{title}“{batch.filename}”"
            + (f"，未能识别：{batch.refusal}" if batch.refusal else ""),
            after={
                "kind": kind,
                "sha256": batch.file.sha256,
                "project_code": project_code,
                "state": batch.state,
            },
            now=now,
        )
    return batch


def remap_batch(
    batch: ImportBatch, *, mapping: Mapping[str, Any], actor: Actor, now: dt.datetime
) -> ImportBatch:
    """Recognise a waiting batch again with a mapping mended by hand, and remember it for this layout.

    Raises ``SheetRefused`` when the mapping does not fit the sheet; then nothing has changed.
    """
    _require_mendable(batch)
    batch.mapping = dict(mapping)
    recognition = recognise_batch(batch)
    with transaction.atomic():
        _require_mendable(_locked(batch.pk))  # reading took a while: it may have been accepted since
        batch.state, batch.refusal = State.RECOGNISED, ""
        _describe(batch, recognition)
        _earlier_delivery(batch)
        batch.save()
        batch.problems.all().delete()
        _store_problems(batch, recognition)
        RememberedLayout.objects.update_or_create(
            kind=batch.kind,
            layout_key=batch.layout_key,
            defaults={"mapping": batch.mapping, "remembered_by_name": actor.name, "remembered_at": now},
        )
        record(
            actor=actor,
            action="import.remapped",
            object_type="import_batch",
            object_id=batch.pk,
            summary=f"更正“{batch.filename}”的列对应关系，并记住这种版式",
            after={"mapping": batch.mapping},
            now=now,
        )
    return batch


def queue_accept(batch_id: int, *, actor: Actor, now: dt.datetime) -> ImportBatch:
    """Let the task worker accept the batch. Raises :class:`ImportRefused` when it never could."""
    from anxin.evidence.tasks import accept_batch_task  # the task imports this module

    with transaction.atomic():
        batch = _locked(batch_id)
        if batch.state in (State.ACCEPTED, State.ACCEPTING):
            return batch
        _require_open(batch)
        check(kind=batch.kind, project_code=batch.project_code)
        batch.state, batch.refusal = State.ACCEPTING, ""
        batch.save(update_fields=["state", "refusal"])
        progress.Reporter(batch.pk)(0, batch.rows_accepted, "排队等待接收")
        accept_batch_task.enqueue(batch.pk, actor.key, actor.name)
    return batch


def accept_batch(
    batch_id: int, *, actor: Actor, now: dt.datetime, recognition: Recognition | None = None
) -> ImportBatch:
    """Turn the accepted rows into facts, in one transaction; an accepted batch is returned unchanged.

    ``recognition`` spares reading the file again where :func:`open_batch` has just returned it. When the
    same delivery was accepted meanwhile from another batch, that one is returned with ``already_accepted``
    and this one is withdrawn. Raises :class:`ImportRefused`, ``SheetRefused``.
    """
    report = progress.Reporter(batch_id)
    try:
        read_as = ""
        # Before the transaction, which keeps other writers out.
        waiting = ImportBatch.objects.select_related("file", "bundle").get(pk=batch_id)
        if recognition is None and waiting.state in _OPEN:
            report(0, waiting.rows_read, "读取文件")
            recognition, read_as = recognise_batch(waiting), waiting.fingerprint
        prepared = _prepared(waiting, now, report) if waiting.state in _OPEN else None
        with transaction.atomic():
            batch = _locked(batch_id)
            if batch.state == State.ACCEPTED:
                batch.already_accepted = True
                return batch
            _require_open(batch)
            kind = kind_of(batch.kind)
            kind.check(project_code=batch.project_code)
            twin = _accepted_twin(batch)
            if twin is not None:
                return _give_way(batch, twin)
            if recognition is None or read_as not in ("", batch.fingerprint):
                recognition = recognise_batch(batch)  # its mapping was mended meanwhile
            return _accept(batch, kind, recognition, actor, now, report, prepared)
    except IntegrityError:
        # Another worker accepted the same delivery between our look and our commit.
        batch = ImportBatch.objects.get(pk=batch_id)
        twin = _accepted_twin(batch)
        if twin is None:
            raise
        return _give_way(batch, twin)
    finally:
        progress.clear(batch_id)


def withdraw_batch(batch: ImportBatch, *, actor: Actor, now: dt.datetime) -> ImportBatch:
    """Give up a delivery that was not accepted. Raises :class:`ImportRefused` for one that was."""
    with transaction.atomic():
        batch = _locked(batch.pk)
        if batch.state == State.WITHDRAWN:
            return batch
        if batch.state in (State.ACCEPTED, State.ACCEPTING):
            raise ImportRefused(
                "该文件已接收或正在接收，不能放弃；如有错误，请更正后重新导入，更正的行会替换原来的行。"
            )
        batch.state = State.WITHDRAWN
        batch.save(update_fields=["state"])
        record(
            actor=actor,
            action="import.withdrawn",
            object_type="import_batch",
            object_id=batch.pk,
            summary=f"放弃导入“{batch.filename}”",
            now=now,
        )
    return batch


def mark_failed(batch_id: int, *, sentence: str) -> None:
    """Accepting ended without a change to any fact; the sentence says why, and it may be tried again."""
    ImportBatch.objects.filter(pk=batch_id, state__in=_OPEN).update(
        state=State.FAILED, refusal=sentence[:500]
    )
    progress.clear(batch_id)


def delivered_as(batch: ImportBatch, kind: str) -> StoredFile:
    """What of a delivery goes on as another kind: the whole ZIP where that kind takes files, else the list alone.

    Raises :class:`ImportRefused` for an unknown kind.
    """
    return batch.bundle if batch.bundle is not None and isinstance(kind_of(kind), TakesFiles) else batch.file


def _comes_with_files(kind: ImportKind, data: bytes) -> bool:
    return isinstance(kind, TakesFiles) and bundles.is_bundle(data)


def _prepared(batch: ImportBatch, now: dt.datetime, report: progress.Reporter) -> object:
    kind = kind_of(batch.kind)
    if batch.bundle is None or not isinstance(kind, TakesFiles):
        return None
    report(0, batch.rows_read, "查看附件")
    return kind.prepare(batch, now=now)


# --- recognising -----------------------------------------------------------------------------------------


def _recognise_into(batch: ImportBatch, data: bytes) -> None:
    """Fill the batch from the file; where no mapping was given, with the one agreed or remembered for its layout."""
    try:
        if batch.mapping is None:
            batch.mapping = agreed_mapping(batch.kind, data, batch.filename)
        recognition = recognise_data(batch, data)
        if batch.mapping is None and not isinstance(recognition, MessageRecognition):
            remembered = RememberedLayout.objects.filter(
                kind=batch.kind, layout_key=recognition.layout_key
            ).first()
            if remembered is not None:
                batch.mapping = remembered.mapping
                recognition = recognise_data(batch, data)
    except SheetRefused as refusal:
        batch.state, batch.refusal = State.REFUSED, str(refusal)[:500]
        return
    _describe(batch, recognition)


def _describe(batch: ImportBatch, recognition: Recognition) -> None:
    report = recognition.as_json()
    batch.recognition = recognition
    batch.layout_key = recognition.layout_key
    batch.rows_read = report["rows_read"]
    batch.rows_accepted = report["rows_accepted"]
    batch.rows_rejected = batch.rows_read - batch.rows_accepted
    batch.report = _bounded(report)


def _bounded(report: dict[str, Any]) -> dict[str, Any]:
    """The report with long lists cut, and their full lengths beside them."""
    result = dict(report)
    for name in ("rows_rejected", "warnings", "skipped"):
        items = report.get(name, [])
        result[name] = items[:_REPORTED]
        result[f"{name}_count"] = len(items)
    return result


def _fingerprint(batch: ImportBatch) -> str:
    # The month that was read may come from the file's name: equal sheets of two months are two deliveries.
    period = str(batch.recognition.period or "") if batch.recognition else ""
    parts = [batch.file.sha256, batch.kind, batch.project_code, batch.month, period, batch.mapping]
    # the same list with other files beside it is another delivery
    parts += [batch.bundle.sha256] if batch.bundle else []
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _earlier_delivery(batch: ImportBatch) -> ImportBatch | None:
    """Give the batch its fingerprint; return the accepted batch of the same delivery, else the one that waits.

    A delivery whose rows the records held back (a name that was on no roster) may fare better once other
    files of the project have been accepted: then it is a new delivery, and its fingerprint says after which.
    """
    fingerprint = _fingerprint(batch)
    while True:
        same = ImportBatch.objects.filter(fingerprint=fingerprint)
        accepted = same.filter(state=State.ACCEPTED).first()
        if accepted is None:
            batch.fingerprint = fingerprint
            return same.filter(state__in=_OPEN).order_by("id").first()
        if not _may_fare_better(accepted):
            batch.fingerprint = fingerprint
            accepted.already_accepted = True
            return accepted
        fingerprint = hashlib.sha256(f"{fingerprint}|{accepted.pk}".encode()).hexdigest()


def _may_fare_better(accepted: ImportBatch) -> bool:
    if not (accepted.report or {}).get("held_by_records"):
        return False
    later = ImportBatch.objects.filter(project_code=accepted.project_code, state=State.ACCEPTED)
    return later.filter(accepted_at__gte=accepted.accepted_at).exclude(pk=accepted.pk).exists()


def _store_problems(batch: ImportBatch, recognition: Recognition | None) -> None:
    if recognition is None:
        return
    rejected, warning = ImportProblem.Severity.REJECTED, ImportProblem.Severity.WARNING
    rows = [
        (problem.row, problem.column or "", (problem.header or "")[:200], severity, problem.reason[:500])
        for severity, problems in ((rejected, recognition.rejected), (warning, recognition.warnings))
        for problem in problems
    ]
    columns = ("row", "column", "header", "severity", "reason")
    bulk.insert(ImportProblem, columns, rows, constants={"batch_id": batch.pk})


# --- accepting -------------------------------------------------------------------------------------------


def _locked(batch_id: int) -> ImportBatch:
    return ImportBatch.objects.select_for_update(of=("self",)).select_related("file").get(pk=batch_id)


def _require_open(batch: ImportBatch) -> None:
    if batch.state not in _OPEN:
        raise ImportRefused(batch.refusal or f"该文件现在是“{batch.get_state_display()}”，不能接收。")


def _require_mendable(batch: ImportBatch) -> None:
    if batch.state not in (State.RECOGNISED, State.REFUSED, State.FAILED):
        raise ImportRefused(f"该文件现在是“{batch.get_state_display()}”，不能再改列的对应关系。")


def _accepted_twin(batch: ImportBatch) -> ImportBatch | None:
    others = ImportBatch.objects.filter(fingerprint=batch.fingerprint, state=State.ACCEPTED)
    return others.exclude(pk=batch.pk).first()


def _give_way(batch: ImportBatch, twin: ImportBatch) -> ImportBatch:
    ImportBatch.objects.filter(pk=batch.pk).update(state=State.WITHDRAWN)
    twin.already_accepted = True
    return twin


def _accept(
    batch: ImportBatch,
    kind: ImportKind,
    recognition: Recognition,
    actor: Actor,
    now: dt.datetime,
    report: progress.Reporter,
    prepared: object,
) -> ImportBatch:
    month = Month.parse(batch.month) if batch.month else recognition.period
    with bulk.collector_paused():
        result = kind.apply(ApplyContext(batch, recognition, month, actor, now, report, prepared))
    final = give_back(recognition, [*result.problems, *result.notes])
    report(batch.rows_read * 9 // 10, batch.rows_read, "保存原始行")
    keep_raw_rows(batch, recognition)
    _describe(batch, final)
    batch.report = {**(batch.report or {}), **result.report, "held_by_records": len(result.problems)}
    batch.problems.all().delete()
    _store_problems(batch, final)
    batch.rows_unchanged, batch.rows_superseded = result.unchanged, result.superseded
    batch.state, batch.accepted_at, batch.refusal = State.ACCEPTED, now, ""
    batch.save()
    counts = {
        "rows_read": batch.rows_read,
        "rows_accepted": batch.rows_accepted,
        "rows_rejected": batch.rows_rejected,
        "inserted": result.inserted,
        "unchanged": result.unchanged,
        "superseded": result.superseded,
        **result.counts,
    }
    record(
        actor=actor,
        action="import.accepted",
        object_type="import_batch",
        object_id=batch.pk,
        summary=(
            f"接收{kind.title}“{batch.filename}”：读取{batch.rows_read}行，接收{batch.rows_accepted}行，"
            f"退回{batch.rows_rejected}行，未变{result.unchanged}条，更正{result.superseded}条"
        ),
        before={"changes": [change["before"] for change in result.changes[:_JOURNALLED]]}
        if result.changes
        else None,
        after={
            "kind": batch.kind,
            "project_code": batch.project_code,
            "project_ids": result.project_ids,
            **_few_employers(result),
            "months": result.months,
            "counts": counts,
            "changes": [change["after"] for change in result.changes[:_JOURNALLED]],
        },
        now=now,
    )
    return batch


def _few_employers(result: ApplyResult) -> dict[str, list[int]]:
    """Employers by id, so that whoever reacts looks at these alone. A month of a whole city is left to the night."""
    few = 0 < len(result.employer_ids) <= _EMPLOYERS_NAMED
    return {"employer_ids": result.employer_ids} if few else {}
