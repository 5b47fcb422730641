"""One action makes contracts for many people of a roster: rows at once, files by a task, each exactly once."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.contracts import model_texts, papers, telling
from anxin.contracts.access import may_act_for
from anxin.contracts.models import Contract, ContractBatch, ContractTelling, ContractText
from anxin.contracts.terms import filled, own_rows, own_terms
from anxin.contracts.texts import model, template_of
from anxin.evidence import files
from anxin.evidence.journal import Actor, record
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.registry.models import Employer, Project
from anxin.typesetting.fields import check
from anxin.workforce.deriving import local
from anxin.workforce.models import Enrolment

#: people in one action
MOST = 1000
#: files made between two commits: what a crash may cost, and how often the page moves on
_CHUNK = 20
_State = Contract.State


@dataclass(frozen=True)
class Started:
    """The batch, and how many of those chosen were left out because they have a contract already."""

    batch: ContractBatch
    made: int
    left_out: int


def start_batch(
    *,
    employer: Employer,
    project: Project,
    enrolments: Collection[int],
    shared: Mapping[str, Any],
    begins_on: dt.date | None,
    ends_on: dt.date | None,
    text: ContractText | None,
    send: bool,
    user: User,
    now: dt.datetime,
    kind: str = ContractBatch.Kind.NEW,
) -> Started:
    """Rows for everybody chosen; the files are made by :func:`make_batch`.

    A new contract is for who has none; renewal and change are for who has one in force. Without ``begins_on`` each
    begins as :func:`_term` says. Raises :class:`Refused` where nothing can be made, with what is missing.
    """
    if not may_act_for(user, employer):
        raise Refused("您不能为这个单位签订劳动合同。")
    if text is not None and not _may_use(text, employer, project):
        raise Refused("这个合同文本不能用，请重新选择。", field="text")
    if not enrolments:
        raise Refused("请先选择要签合同的人。", field="people")
    if len(enrolments) > MOST:
        raise Refused(f"一次最多{MOST}人，现在选了{len(enrolments)}人，请分几次办理。", field="people")
    _check_shared(shared, text)
    with transaction.atomic():
        Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        rows = _people(project, employer, enrolments)
        held = _held(project, employer)
        today = local(now).date()
        wanted = {row.worker_id: row for row in rows if _fits(held.get(row.worker_id), kind, today)}
        if not wanted:
            raise Refused(_nobody(kind), field="people")
        batch = ContractBatch.objects.create(
            employer=employer, project=project, kind=kind, text=text, terms=dict(shared), send=send,
            made_at=now, made_by_key=actor(user).key, made_by_name=str(user),
        )  # fmt: skip
        contracts = [
            _row(batch, row, number, held.get(row.worker_id), begins_on, ends_on, now)
            for number, row in enumerate(wanted.values(), 1)
        ]
        Contract.objects.bulk_create(contracts)
        record(
            actor=actor(user),
            action="contracts.started",
            object_type="contract_batch",
            object_id=batch.pk,
            summary=f"{employer.name}在{project.name}为{len(contracts)}人{batch.get_kind_display()}劳动合同",
            now=now,
            after={"project_ids": [project.pk], "people": len(contracts)},
        )
    return Started(batch, len(contracts), len({row.worker_id for row in rows}) - len(contracts))


def _may_use(text: ContractText, employer: Employer, project: Project) -> bool:
    if text.region_id is not None:
        return model_texts.fits(text, project)
    return text.employer_id == employer.pk and text.withdrawn_at is None


def _check_shared(shared: Mapping[str, Any], text: ContractText | None) -> None:
    """What everybody shares must be there before a thousand rows are made."""
    template = template_of(text)
    for name in (
        "employer_address",
        "employer_head",
        "worker_address",
        "place",
        "hours",
        "insurance",
        "safety",
    ):
        _, wrong = check(template.fields[name], shared.get(name))
        if wrong:
            raise Refused(wrong[0].sentence, field=name)


def _people(project: Project, employer: Employer, enrolments: Collection[int]) -> list[Enrolment]:
    """The chosen rows of the current roster that are this employer's people, in the order of the roster."""
    found = own_rows(project, employer).filter(pk__in=list(enrolments))
    return list(found.select_related("worker").order_by("pk"))


def _held(project: Project, employer: Employer) -> dict[int, Contract]:
    """Worker → the contract that is open or in force; an open one goes before."""
    found = Contract.objects.filter(
        project=project, employer=employer, state__in=[*Contract.OPEN, _State.IN_FORCE]
    )
    held: dict[int, Contract] = {}
    for one in found.only("pk", "worker_id", "state", "begins_on", "ends_on"):
        if one.worker_id not in held or held[one.worker_id].state == _State.IN_FORCE:
            held[one.worker_id] = one
    return held


def _fits(one: Contract | None, kind: str, today: dt.date) -> bool:
    """``one``: the contract that is held. What has run out can be renewed, and no more be changed."""
    if kind == ContractBatch.Kind.NEW:
        return one is None
    if one is None or one.state != _State.IN_FORCE:
        return False
    return kind == ContractBatch.Kind.RENEWAL or not one.past_end(today)


def _nobody(kind: str) -> str:
    if kind == ContractBatch.Kind.NEW:
        return "所选的人都已有生效的或者正在签的合同，没有再生成；要改条款请用“续订或变更”。"
    if kind == ContractBatch.Kind.CHANGE:
        return "所选的人没有有效的合同（到期的请用“续订”），或者新的一份正在签，没有再生成。"
    return "所选的人没有已生效的合同，或者新的一份正在签，没有再生成。"


def _row(
    batch: ContractBatch,
    row: Enrolment,
    number: int,
    previous: Contract | None,
    begins_on: dt.date | None,
    ends_on: dt.date | None,
    now: dt.datetime,
) -> Contract:
    begins, ends_on = _term(batch.kind, row, previous, begins_on, ends_on, local(now).date())
    wrong = bool(ends_on and ends_on < begins)
    return Contract(
        batch=batch,
        number=f"{batch.number}-{number:04d}",
        employer_id=batch.employer_id,
        project_id=batch.project_id,
        worker_id=row.worker_id,
        previous=previous,
        state=_State.FAILED if wrong else _State.WAITING,
        reason=f"终止日期{ends_on}早于开始日期{begins}，请改日期后重新生成。" if wrong else "",
        team=row.team,
        terms=own_terms(row, batch.project, batch.terms),
        begins_on=begins,
        ends_on=None if wrong else ends_on,
        token=secrets.token_urlsafe(18),
    )


def _term(
    kind: str,
    row: Enrolment,
    previous: Contract | None,
    begins_on: dt.date | None,
    ends_on: dt.date | None,
    today: dt.date,
) -> tuple[dt.date, dt.date | None]:
    """From when to when: a new one from the entry, a renewal from the day after the old one, a change for the term as it was."""
    if kind == ContractBatch.Kind.CHANGE and previous is not None:
        return begins_on or previous.begins_on, ends_on or previous.ends_on
    if kind == ContractBatch.Kind.RENEWAL and previous is not None and previous.ends_on is not None:
        return begins_on or previous.ends_on + dt.timedelta(days=1), ends_on
    if kind == ContractBatch.Kind.RENEWAL:
        return begins_on or today, ends_on
    return begins_on or row.entry or today, ends_on


def make_batch(batch_id: int, *, now: dt.datetime) -> int:
    """Make every file of the batch that is still to be made; returns how many.

    May run twice, also at once, and be killed anywhere: a row leaves 待生成 in the transaction that keeps its file.
    """
    batch = ContractBatch.objects.select_related("employer", "project", "text").get(pk=batch_id)
    template, law = template_of(batch.text), local_law.current()
    made = 0
    while True:
        rows = list(
            Contract.objects.filter(batch=batch, state=_State.WAITING)
            .select_related("worker", "employer", "project")
            .order_by("pk")[:_CHUNK]
        )
        if not rows:
            return made
        finished = [_made(row, batch, template, law, now) for row in rows]
        with transaction.atomic():
            kept = [row for row, pdf, words in finished if _keep(row, pdf, words, batch, now)]
            drafted = [row for row in kept if row.file]
            if batch.send:
                telling.due(drafted, ContractTelling.Occasion.SENT)
            _journal(batch, drafted, len(kept) - len(drafted), now)
        made += len(drafted)


def _made(row: Contract, batch: ContractBatch, template: Any, law: Any, now: dt.datetime) -> Any:
    data = {
        name: value
        for name, value in filled(row, batch.terms, local(now).date()).items()
        if name in model().fields
    }
    try:
        return row, *papers.make(row, template, data, law)
    except Refused as refusal:
        return row, None, refusal.sentence


def _keep(row: Contract, pdf: bytes | None, words: str, batch: ContractBatch, now: dt.datetime) -> bool:
    waiting = Contract.objects.filter(pk=row.pk, state=_State.WAITING)
    if pdf is None:
        return bool(waiting.update(state=_State.FAILED, reason=words[:300]))
    row.file = files.store(pdf, name=f"{row.number}.pdf", now=now)
    return bool(
        waiting.update(
            state=_State.SENT if batch.send else _State.DRAFTED,
            file=row.file,
            words=words,
            drafted_at=now,
            sent_at=now if batch.send else None,
        )
    )


def _journal(batch: ContractBatch, drafted: list[Contract], failed: int, now: dt.datetime) -> None:
    """One entry for a portion: which contracts, and which file each worker was sent."""
    if drafted or failed:
        record(
            actor=Actor(batch.made_by_key, batch.made_by_name),
            action="contracts.made",
            object_type="contract_batch",
            object_id=batch.pk,
            summary=f"生成劳动合同{len(drafted)}份"
            + ("并发送给本人" if batch.send else "")
            + (f"，{failed}份没有办成" if failed else ""),
            now=now,
            after={
                "project_ids": [batch.project_id],
                "files": {row.number: row.file.sha256 for row in drafted if row.file},
            },
        )
