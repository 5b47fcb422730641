"""How a contract ends: with a reason of the law and a date; and until when it is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.contracts.access import may_act_for
from anxin.contracts.models import Contract, ContractBatch
from anxin.evidence.journal import record
from anxin.kernel.refusal import Refused, worded
from anxin.law.errors import LawError
from anxin.law.labour_contracts import End, contract_law
from anxin.law.law import Law, Value
from anxin.law.statutes import citation
from anxin.local_law import queries as local_law
from anxin.workforce.deriving import local
from anxin.workforce.models import Enrolment
from anxin.workforce.particulars_many import Agreement, take_contracts

#: the reason that leaves a renewal standing
_RUN_OUT = "expired"
RETENTION = "real_name.econtract_retention_years"


def reasons() -> Mapping[str, End]:
    """Every way to end, by key."""
    return contract_law().ends


def articles(end: End, law: Law) -> str:
    """Where the law says so."""
    return "、".join(
        citation(law.statute(one.statute), one.article, one.paragraph, one.sub, one.item)
        for one in end.references
    )


def retention(contract: Contract, on: dt.date) -> Value | None:
    """How many years a contract is kept after its end, with the article; ``None`` where no law says so for that day."""
    try:
        return local_law.current().value(RETENTION, on, region=contract.project.region_id)
    except LawError:
        return None


def kept_until(contract: Contract, ended_on: dt.date) -> dt.date:
    """The last day on which it must still be there."""
    value = retention(contract, ended_on)
    years = int(value.value) if value else 2
    try:
        return ended_on.replace(year=ended_on.year + years)
    except ValueError:  # 29 February
        return ended_on.replace(year=ended_on.year + years, day=28)


def end_contract(
    contract: Contract, *, reason: str, ended_on: dt.date, words: str, user: User, now: dt.datetime
) -> Contract:
    """Record the end. Raises :class:`Refused`: not in force, no such reason, a day before it began or after today."""
    if not may_act_for(user, contract.employer):
        raise Refused("您不能为这个单位解除劳动合同。")
    end = reasons().get(reason)
    if end is None:
        raise Refused("请选择解除或者终止的原因。", field="reason")
    if ended_on < contract.begins_on:
        raise Refused(f"日期早于合同开始日期{contract.begins_on}，请核对。", field="ended_on")
    if ended_on > local(now).date():
        raise Refused("日期还没有到，到了那一天再办理。", field="ended_on")
    words = worded(words, "请写明事实和结清工资的情况", field="words")
    with transaction.atomic():
        row = Contract.objects.select_for_update(of=("self",)).select_related("project").get(pk=contract.pk)
        if row.state != Contract.State.IN_FORCE:
            raise Refused("只有已生效的合同能解除或者终止，这一份现在不是。")
        row.state, row.ended_on, row.end_reason, row.end_words = (
            Contract.State.ENDED, ended_on, reason, words,
        )  # fmt: skip
        row.ended_by_name, row.keep_until = str(user), kept_until(row, ended_on)
        row.save(
            update_fields=["state", "ended_on", "end_reason", "end_words", "ended_by_name", "keep_until"]
        )
        given_up = _give_up_later(row, reason)
        _tell_roster(row, user, now)
        record(
            actor=actor(user),
            action="contract.ended",
            object_type="contract",
            object_id=row.pk,
            summary=f"{end.kind}劳动合同{row.number}：{end.name}",
            now=now,
            after={
                "project_ids": [row.project_id],
                "on": str(ended_on),
                "keep_until": str(row.keep_until),
                **given_up,
            },
        )
    return row


def _give_up_later(row: Contract, reason: str) -> dict[str, list[str]]:
    """A change or renewal on its way falls with the contract; only a renewal of what has simply run out goes on."""
    later = Contract.objects.filter(previous=row, state__in=Contract.OPEN)
    if reason == _RUN_OUT:
        later = later.exclude(batch__kind=ContractBatch.Kind.RENEWAL)
    numbers = list(later.values_list("number", flat=True))
    Contract.objects.filter(number__in=numbers).update(
        state=Contract.State.WITHDRAWN, reason=f"原合同{row.number}已经解除或者终止，这一份不再签。"
    )
    return {"given_up": numbers} if numbers else {}


def _tell_roster(row: Contract, user: User, now: dt.datetime) -> None:
    """The roster's contract ends that day; that it was signed stays true."""
    said = {
        one.pk: Agreement(one.pay_day, one.contract_number, one.contract_from, row.ended_on)
        for one in Enrolment.objects.filter(
            project=row.project, worker=row.worker_id, contract_number=row.number, superseded_at__isnull=True
        )
    }
    if said:
        take_contracts(row.project, said, by=actor(user), now=now)
