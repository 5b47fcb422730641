"""The employer's seal on what workers have signed, for many contracts in one action; what it brings into force."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from anxin.contracts import papers, telling
from anxin.contracts.models import Contract, ContractTelling
from anxin.contracts.papers import Consent
from anxin.contracts.terms import own_rows
from anxin.evidence import files
from anxin.evidence.files import FileDamaged
from anxin.evidence.journal import Actor, record
from anxin.evidence.readings import as_reading
from anxin.kernel.refusal import Refused
from anxin.signing.parties import CHECK_HOLDS, Method
from anxin.vouching.keys import Keys, keys_at
from anxin.workforce.particulars_many import Agreement, take_contracts

_State = Contract.State
#: seals between two commits
_CHUNK = 10


def seal_asked(*, now: dt.datetime) -> int:
    """Set the employer's seal on every contract for which a clerk asked; returns how many came into force.

    May run twice and be killed anywhere: a seal counts in the transaction that keeps its file, never before. What
    cannot be sealed goes back to the clerk with its reason.
    """
    done = 0
    keys: Keys | None = None
    while True:
        rows = list(
            Contract.objects.filter(state=_State.WORKER_SIGNED, seal_asked_at__isnull=False)
            .select_related("worker", "employer", "project", "file", "batch", "seal_reading")
            .order_by("pk")[:_CHUNK]
        )
        if not rows:
            return done
        try:
            keys = keys or keys_at(now)
        except Refused as problem:
            _give_back(rows, problem)
            continue
        done += _seal(rows, keys, now)


def _seal(rows: list[Contract], keys: Keys, now: dt.datetime) -> int:
    sealed: list[tuple[Contract, bytes]] = []
    for row in rows:
        try:
            sealed.append((row, _sealed_file(row, keys, now)))
        except (Refused, FileDamaged) as problem:
            _give_back([row], problem)
    with transaction.atomic():
        kept = [row for row, pdf in sealed if _keep(row, pdf, now)]
        _tell_roster(kept, now)
        telling.due(kept, ContractTelling.Occasion.IN_FORCE)
        _journal_seals(kept, now)
    return len(kept)


def _give_back(rows: Sequence[Contract], problem: Exception) -> None:
    """To the clerk, with the reason."""
    Contract.objects.filter(pk__in=[row.pk for row in rows], state=_State.WORKER_SIGNED).update(
        seal_asked_at=None, reason=f"盖章没有办成：{problem}"[:300]
    )


def _sealed_file(row: Contract, keys: Keys, now: dt.datetime) -> bytes:
    """The clerk's consent counts for a day; the file is what the worker has signed."""
    asked = row.seal_asked_at
    if asked is None or now - asked > CHECK_HOLDS:
        raise Refused("确认盖章已过24小时，请重新确认。")
    if row.seal_reading is None:
        raise Refused("没有经办人看过这份合同的记录，请打开“盖章前核对”看完后重新确认。")
    pdf = papers.read(row)
    consent = Consent(
        Method.ACCOUNT,
        asked,
        f"电脑（经办{row.seal_asked_by_name}）"[:80],
        papers.shown_digest(row),
        row.seal_asked_by_key,
        reading=as_reading(row.seal_reading),
    )
    return papers.signed(
        pdf,
        slot=papers.EMPLOYER_SLOT,
        person=papers.employer_person(row.employer),
        consent=consent,
        keys=keys,
        at=now,
        seal=True,
    )


def _keep(row: Contract, pdf: bytes, now: dt.datetime) -> bool:
    """Of two runs at once only the first finds the row as it was. An earlier contract makes room in the same step."""
    if row.previous_id:  # held first, as by whoever ends it
        list(Contract.objects.select_for_update(of=("self",)).filter(pk=row.previous_id))
    locked = (
        Contract.objects.select_for_update(of=("self",))
        .filter(pk=row.pk, state=_State.WORKER_SIGNED, file_id=row.file_id)
        .first()
    )
    if locked is None:
        return False
    if row.previous_id:
        Contract.objects.filter(pk=row.previous_id, state=_State.IN_FORCE).update(state=_State.REPLACED)
    row.file = files.store(pdf, name=f"{row.number}.pdf", now=now)
    Contract.objects.filter(pk=row.pk).update(
        state=_State.IN_FORCE, file=row.file, in_force_at=now, reason=""
    )
    return True


def _tell_roster(rows: list[Contract], now: dt.datetime) -> None:
    """A contract in force is a contract on file: rules, portals and exports read it from the roster."""
    by_site: dict[tuple[int, int], list[Contract]] = {}
    for row in rows:
        by_site.setdefault((row.project_id, row.employer_id), []).append(row)
    for contracts in by_site.values():
        by_worker = {row.worker_id: row for row in contracts}
        said = {
            one.pk: Agreement(
                pay_day=by_worker[one.worker_id].terms.get("pay_day") or one.pay_day,
                number=by_worker[one.worker_id].number,
                valid_from=by_worker[one.worker_id].begins_on,
                valid_until=by_worker[one.worker_id].ends_on,
                file=by_worker[one.worker_id].file,
                signed=True,
            )
            for one in own_rows(contracts[0].project, contracts[0].employer).filter(worker__in=by_worker)
        }
        first = contracts[0]
        who = Actor(first.seal_asked_by_key, first.seal_asked_by_name)
        if said:
            take_contracts(first.project, said, by=who, now=now)


def _journal_seals(rows: list[Contract], now: dt.datetime) -> None:
    for who in {(row.seal_asked_by_key, row.seal_asked_by_name) for row in rows}:
        mine = [row for row in rows if (row.seal_asked_by_key, row.seal_asked_by_name) == who]
        record(
            actor=Actor(*who),
            action="contracts.in_force",
            object_type="employer",
            object_id=mine[0].employer_id,
            summary=f"{mine[0].employer.name}盖章，{len(mine)}份劳动合同生效",
            now=now,
            after={
                "project_ids": sorted({row.project_id for row in mine}),
                "files": {row.number: row.file.sha256 for row in mine if row.file},
            },
        )
