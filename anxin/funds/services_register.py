"""Recording special accounts, labour-cost terms, disbursements and wage deposits by hand.

Each is one transaction and one journal entry, and refuses with a sentence. A wrong record is not edited but
replaced (``replaces``): what was known before stays readable.
"""

from __future__ import annotations

import datetime as dt
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from anxin.evidence.journal import Actor, record
from anxin.evidence.models import Recorded
from anxin.evidence.sealing import Sealed, finding_hash
from anxin.funds.models import Disbursement, LabourCostTerm, SpecialAccount, WageDeposit
from anxin.kernel.identifiers import clean_identifier
from anxin.kernel.masking import mask_card
from anxin.kernel.money import sentence_yuan
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused
from anxin.registry.models import Organisation, Project

#: the action under which every change here is journalled; sweeps of the touched projects react to it
RECORDED = "funds.recorded"
#: longest disbursement cycle in months (《保障农民工工资支付条例》第二十四条)
LONGEST_CYCLE = 1
R = TypeVar("R", bound=Recorded)


def record_special_account(
    project: Project,
    *,
    opened_on: dt.date,
    actor: Actor,
    now: dt.datetime,
    bank: Organisation | None = None,
    number: str = "",
    closed_on: dt.date | None = None,
    balance_fen: int | None = None,
    balance_on: dt.date | None = None,
    replaces: SpecialAccount | None = None,
) -> SpecialAccount:
    """Record the project's account for workers' wages (《保障农民工工资支付条例》第二十六条)."""
    text = clean_identifier(number)
    if text and not (text.isdigit() and 8 <= len(text) <= 32):
        raise Refused("专用账户账号应为8至32位数字，请核对。", field="number")
    _in_order(opened_on, closed_on, "销户日期", "开户日期", "closed_on")
    if balance_fen is not None and balance_on is None:
        raise Refused("填写账户余额时，请同时填写余额日期。", field="balance_on")
    if balance_fen is not None and balance_fen < 0:
        raise Refused("账户余额不能是负数，请核对。", field="balance_fen")
    account = SpecialAccount(
        project=project,
        bank=bank,
        number=Sealed.of(text) if text else None,
        number_hash=finding_hash("account", text) if text else "",
        opened_on=opened_on,
        closed_on=closed_on,
        balance_fen=balance_fen,
        balance_on=balance_on,
        recorded_at=now,
    )
    shown = mask_card(text) if text else "账号待补"
    return _save(account, replaces, project, f"登记工资专用账户（{shown}，{opened_on}开户）", actor, now)


def record_labour_cost_term(
    project: Project,
    *,
    due_day: int,
    first_month: Month,
    actor: Actor,
    now: dt.datetime,
    cycle_months: int = 1,
    monthly_fen: int | None = None,
    replaces: LabourCostTerm | None = None,
) -> LabourCostTerm:
    """Record what owner and general contractor agreed on disbursing labour cost, from ``first_month`` on."""
    if cycle_months != LONGEST_CYCLE:
        raise Refused(
            "人工费用拨付周期不得超过1个月（《保障农民工工资支付条例》第二十四条），请填写1。",
            field="cycle_months",
        )
    if not 1 <= due_day <= 31:
        raise Refused("约定拨付日应为1至31之间的日期，请核对。", field="due_day")
    if monthly_fen is not None and monthly_fen <= 0:
        raise Refused("每月应拨金额应大于0；如按产值计算，请留空。", field="monthly_fen")
    term = LabourCostTerm(
        project=project,
        cycle_months=cycle_months,
        due_day=due_day,
        monthly_fen=monthly_fen,
        first_month=str(first_month),
        recorded_at=now,
    )
    return _save(
        term, replaces, project, f"登记人工费用拨付约定（每月{due_day}日，自{first_month}起）", actor, now
    )


def record_disbursement(
    project: Project,
    *,
    month: Month,
    paid_fen: int,
    paid_on: dt.date,
    actor: Actor,
    now: dt.datetime,
    due_fen: int | None = None,
    replaces: Disbursement | None = None,
) -> Disbursement:
    """Record labour cost that reached the special account for ``month``."""
    if paid_fen <= 0:
        raise Refused("拨付金额应大于0，请核对。", field="paid_fen")
    if due_fen is not None and due_fen <= 0:
        raise Refused("应拨金额应大于0；如不清楚，请留空。", field="due_fen")
    if paid_on > timezone.localdate(now):
        raise Refused(f"到账日期{paid_on}还没有到，请在到账后登记。", field="paid_on")
    disbursement = Disbursement(
        project=project,
        month=str(month),
        due_fen=due_fen,
        paid_fen=paid_fen,
        paid_on=paid_on,
        recorded_at=now,
    )
    summary = f"登记{month.chinese()}人工费用拨付{sentence_yuan(paid_fen)}"
    return _save(disbursement, replaces, project, summary, actor, now)


def record_deposit(
    project: Project,
    *,
    kind: str,
    amount_fen: int,
    valid_from: dt.date,
    actor: Actor,
    now: dt.datetime,
    institution: Organisation | None = None,
    number: str = "",
    valid_until: dt.date | None = None,
    released_on: dt.date | None = None,
    replaces: WageDeposit | None = None,
) -> WageDeposit:
    """Record a cash deposit, guarantee or surety insurance; only cash may have no last day."""
    if kind not in WageDeposit.Kind.values:
        raise Refused(f"保证金形式“{kind}”不在可选范围内，请重新选择。", field="kind")
    if amount_fen <= 0:
        raise Refused("保证金金额应大于0，请核对。", field="amount_fen")
    if kind != WageDeposit.Kind.CASH and valid_until is None:
        raise Refused("保函或保证保险必须填写有效期截止日。", field="valid_until")
    _in_order(valid_from, valid_until, "有效期截止日", "生效日期", "valid_until")
    _in_order(valid_from, released_on, "返还日期", "生效日期", "released_on")
    deposit = WageDeposit(
        project=project,
        kind=kind,
        institution=institution,
        number=number.strip(),
        amount_fen=amount_fen,
        valid_from=valid_from,
        valid_until=valid_until,
        released_on=released_on,
        recorded_at=now,
    )
    title = WageDeposit.Kind(kind).label
    return _save(
        deposit, replaces, project, f"登记工资保证金（{title}）{sentence_yuan(amount_fen)}", actor, now
    )


def _in_order(first: dt.date, last: dt.date | None, last_title: str, first_title: str, field: str) -> None:
    if last is not None and last < first:
        raise Refused(f"{last_title}{last}早于{first_title}{first}，请核对。", field=field)


def _save(new: R, replaces: R | None, project: Project, summary: str, actor: Actor, now: dt.datetime) -> R:
    """Insert ``new``, end ``replaces``, and journal both in one transaction."""
    with transaction.atomic():
        if replaces is not None:
            _end(replaces, project, now)
        new.save(force_insert=True)
        record(
            actor=actor,
            action=RECORDED,
            object_type=type(new).__name__.lower(),
            object_id=new.pk,
            summary=f"{'更正：' if replaces else ''}项目“{project.name}”{summary}",
            now=now,
            before={"id": replaces.pk} if replaces else None,
            after={"id": new.pk, "project_ids": [project.pk]},
        )
    return new


def _end(replaces: Recorded, project: Project, now: dt.datetime) -> None:
    ends: dict[str, object] = {"pk": replaces.pk, "project": project, "superseded_at": None}
    ended = type(replaces)._default_manager.filter(**ends).update(superseded_at=now)
    if not ended:
        raise Refused("要更正的记录已被更正过，请刷新页面后重试。")
