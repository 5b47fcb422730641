"""What a clerk does with many contracts at once: send, ask for the seal, take back, try again. And the worker's reading and no."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.contracts import reading, telling
from anxin.contracts.access import clerk_contracts
from anxin.contracts.models import Contract, ContractTelling
from anxin.contracts.tasks import tell_task
from anxin.contracts.terms import own_terms
from anxin.evidence.journal import Actor, record
from anxin.kernel.refusal import Refused, worded
from anxin.workforce.models import Enrolment, Worker
from anxin.workforce.signin import worker_actor

_State = Contract.State
#: what each action takes, and what it says where nothing fits
_TAKES = {
    "send": ([_State.DRAFTED], "所选的合同没有待发送的。"),
    "seal": ([_State.WORKER_SIGNED], reading.NOTHING),
    "withdraw": (
        [_State.WAITING, _State.DRAFTED, _State.SENT, _State.READ, _State.FAILED],
        "所选的合同没有可以撤回的；工人已签的不能撤回。",
    ),
    "retry": ([_State.FAILED], "所选的合同没有生成失败的。"),
}


def act(
    action: str, ids: Collection[int], *, user: User, now: dt.datetime, reason: str = ""
) -> list[Contract]:
    """Do it with those of the chosen contracts that are ready for it; returns them. Raises :class:`Refused`."""
    if action not in _TAKES:
        raise Refused("没有这个操作。")
    if not ids:
        raise Refused("请先勾选合同。", field="contract")
    if action == "withdraw":
        reason = worded(reason, "请写明撤回的原因", field="reason")
    states, nothing = _TAKES[action]
    with transaction.atomic():
        found = (
            clerk_contracts(user).select_for_update(of=("self",)).filter(pk__in=list(ids), state__in=states)
        )
        if action == "seal":
            found = found.filter(seal_asked_at__isnull=True)
        if action == "retry":  # what failed before it had a file; a wrong date asks for a new action
            found = found.filter(file__isnull=True)
        rows = list(found.select_related("project", "batch", "worker", "file").order_by("pk"))
        if not rows:
            raise Refused(nothing)
        read = _update(action, rows, user, now, reason)
        record(
            actor=actor(user),
            action=f"contracts.{action}",
            object_type="employer",
            object_id=rows[0].employer_id,
            summary=f"{_WORDS[action]}劳动合同{len(rows)}份" + (f"：{reason}" if reason else ""),
            now=now,
            after={
                "project_ids": sorted({one.project_id for one in rows}),
                "contracts": [one.number for one in rows],
                **({"readings": read} if read else {}),
            },
        )
    return rows


_WORDS = {"send": "发送", "seal": "确认盖章", "withdraw": "撤回", "retry": "重新生成"}


def _update(
    action: str, rows: list[Contract], user: User, now: dt.datetime, reason: str
) -> list[dict[str, object]]:
    """Returns what the clerk had read before asking for seals."""
    chosen = Contract.objects.filter(pk__in=[one.pk for one in rows])
    if action == "send":
        chosen.update(state=_State.SENT, sent_at=now)
        telling.due(rows, ContractTelling.Occasion.SENT)
        tell_task.enqueue()
    elif action == "seal":
        return _ask_seals(rows, user, now)
    elif action == "withdraw":
        chosen.update(state=_State.WITHDRAWN, reason=reason)
    else:
        _look_again(rows)
        chosen.update(state=_State.WAITING, reason="")
    return []


def _ask_seals(rows: list[Contract], user: User, now: dt.datetime) -> list[dict[str, object]]:
    by, said = actor(user), []
    for read, some in reading.by_reading(rows, user):
        Contract.objects.filter(pk__in=[one.pk for one in some]).update(
            seal_asked_at=now, seal_asked_by_key=by.key, seal_asked_by_name=by.name, seal_reading=read
        )
        said.append({"extent": read.extent, "sha256": read.digest, "contracts": len(some)})
    return said


def _look_again(rows: list[Contract]) -> None:
    """The roster may have been mended since: what it says now goes into the text."""
    current = {
        (one.project_id, one.worker_id): one
        for one in Enrolment.objects.filter(
            project__in={row.project_id for row in rows},
            worker__in={row.worker_id for row in rows},
            superseded_at__isnull=True,
        )
    }
    for row in rows:
        enrolment = current.get((row.project_id, row.worker_id))
        if enrolment is not None:
            row.terms = own_terms(enrolment, row.project, row.batch.terms)
    Contract.objects.bulk_update(rows, ["terms"])


def read_to_end(contract: Contract, *, by: Actor, now: dt.datetime) -> None:
    """The whole text was on the screen to its end. The second time changes nothing."""
    with transaction.atomic():
        moved = Contract.objects.filter(pk=contract.pk, state=_State.SENT).update(
            state=_State.READ, read_at=now
        )
        if moved:
            record(
                actor=by,
                action="contract.read",
                object_type="contract",
                object_id=contract.pk,
                summary=f"读完劳动合同{contract.number}全文",
                now=now,
                after={"project_ids": [contract.project_id]},
            )


def refuse(contract: Contract, *, worker: Worker, words: str, now: dt.datetime) -> None:
    """The worker does not sign, and says why; the employer reads it."""
    if contract.worker_id != worker.pk:
        raise Refused("这份合同不是您的。")
    words = worded(words, "请写一句为什么不签", field="words")
    with transaction.atomic():
        moved = Contract.objects.filter(pk=contract.pk, state__in=[_State.SENT, _State.READ]).update(
            state=_State.REFUSED, reason=words
        )
        if not moved:
            raise Refused("这份合同现在不用您答复，请回到合同清单看看。")
        record(
            actor=worker_actor(worker),
            action="contract.refused",
            object_type="contract",
            object_id=contract.pk,
            summary=f"不签劳动合同{contract.number}",
            now=now,
            after={"project_ids": [contract.project_id]},
        )
