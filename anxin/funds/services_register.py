"""Recording special accounts, labour-cost terms, disbursements and wage deposits by hand.

Each is one transaction and one journal entry, and refuses with a sentence. A wrong record is not edited but
replaced (``replaces``): what was known before stays readable.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from anxin.evidence.journal import Actor
from anxin.evidence.sealing import Sealed, finding_hash
from anxin.funds.models import Disbursement, LabourCostTerm, SpecialAccount, WageDeposit
from anxin.funds.recording import RECORDED, in_order, save
from anxin.funds.services_accounts import record_balance
from anxin.kernel.identifiers import clean_identifier
from anxin.kernel.masking import mask_card
from anxin.kernel.money import sentence_yuan
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused
from anxin.registry.models import Organisation, Project

__all__ = [
    "RECORDED",
    "record_deposit",
    "record_disbursement",
    "record_labour_cost_term",
    "record_special_account",
]

#: longest disbursement cycle in months (《保障农民工工资支付条例》第二十四条)
LONGEST_CYCLE = 1


def record_special_account(
    project: Project,
    *,
    opened_on: dt.date,
    actor: Actor,
    now: dt.datetime,
    bank: Organisation | None = None,
    number: str = "",
    name: str = "",
    closed_on: dt.date | None = None,
    balance_fen: int | None = None,
    balance_on: dt.date | None = None,
    replaces: SpecialAccount | None = None,
) -> SpecialAccount:
    """Record the project's account for workers' wages (《保障农民工工资支付条例》第二十六条).

    ``name`` is the name in which it is held; a balance is what the bank said on that day.
    """
    text = clean_identifier(number)
    if text and not (text.isdigit() and 8 <= len(text) <= 32):
        raise Refused("专用账户账号应为8至32位数字，请核对。", field="number")
    in_order(opened_on, closed_on, "销户日期", "开户日期", "closed_on")
    if balance_fen is not None and balance_on is None:
        raise Refused("填写账户余额时，请同时填写余额日期。", field="balance_on")
    if balance_fen is not None and balance_fen < 0:
        raise Refused("账户余额不能是负数，请核对。", field="balance_fen")
    account = SpecialAccount(
        original_id=replaces.line_id if replaces else None,
        project=project,
        bank=bank,
        name=name.strip(),
        number=Sealed.of(text) if text else None,
        number_hash=finding_hash("account", text) if text else "",
        opened_on=opened_on,
        closed_on=closed_on,
        recorded_at=now,
    )
    shown = mask_card(text) if text else "账号待补"
    with transaction.atomic():
        save(account, replaces, project, f"登记工资专用账户（{shown}，{opened_on}开户）", actor, now)
        if balance_fen is not None and balance_on is not None:
            record_balance(
                account=account,
                balance_fen=balance_fen,
                on=balance_on,
                source="人工登记",
                actor=actor,
                now=now,
            )
    return account


def record_labour_cost_term(
    project: Project,
    *,
    due_day: int,
    first_month: Month,
    actor: Actor,
    now: dt.datetime,
    cycle_months: int = 1,
    monthly_fen: int | None = None,
    share_bp: int | None = None,
    share_of: str = "",
    replaces: LabourCostTerm | None = None,
) -> LabourCostTerm:
    """Record what owner and general contractor agreed on disbursing labour cost, from ``first_month`` on.

    The amount of a period is a fixed sum, or a share (in hundredths of a percent) of what ``share_of`` names.
    """
    if cycle_months != LONGEST_CYCLE:
        raise Refused(
            "人工费用拨付周期不得超过1个月（《保障农民工工资支付条例》第二十四条），请填写1。",
            field="cycle_months",
        )
    if not 1 <= due_day <= 31:
        raise Refused("约定拨付日应为1至31之间的日期，请核对。", field="due_day")
    if monthly_fen is not None and monthly_fen <= 0:
        raise Refused("每月应拨金额应大于0；如按产值计算，请留空。", field="monthly_fen")
    if share_bp is not None and not 0 < share_bp <= 10_000:
        raise Refused("人工费用占比应大于0、不超过100%，请核对。", field="share_bp")
    if share_bp is not None and share_of not in LabourCostTerm.ShareOf.values:
        raise Refused("填写人工费用占比时，请选择以什么为基数。", field="share_of")
    term = LabourCostTerm(
        project=project,
        cycle_months=cycle_months,
        due_day=due_day,
        monthly_fen=monthly_fen,
        share_bp=share_bp,
        share_of=share_of if share_bp is not None else "",
        first_month=str(first_month),
        recorded_at=now,
    )
    return save(
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
    return save(disbursement, replaces, project, summary, actor, now)


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
    in_order(valid_from, valid_until, "有效期截止日", "生效日期", "valid_until")
    in_order(valid_from, released_on, "返还日期", "生效日期", "released_on")
    deposit = WageDeposit(
        original_id=replaces.line_id if replaces else None,
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
    return save(
        deposit, replaces, project, f"登记工资保证金（{title}）{sentence_yuan(amount_fen)}", actor, now
    )
