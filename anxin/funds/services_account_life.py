"""The life of a special account beside its money: agreement, filing, public notice, objections, closing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from anxin.evidence.journal import Actor, record
from anxin.funds.models import AccountAgreement, AccountEvent, ProgressAmount, SpecialAccount
from anxin.funds.queries_accounts import current_entries, events_of
from anxin.funds.queries_months import owed
from anxin.funds.recording import RECORDED, end, save
from anxin.funds.services_register import record_labour_cost_term
from anxin.kernel.money import sentence_yuan
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused
from anxin.law import LawError
from anxin.local_law.queries import current
from anxin.registry.models import Employer, Organisation, Participation, Project

Kind = AccountEvent.Kind
NOTICE_DAYS = "special_account.cancel_publicity_days"


def sign_agreement(
    account: SpecialAccount,
    *,
    signed_on: dt.date,
    due_day: int,
    first_month: Month,
    actor: Actor,
    now: dt.datetime,
    contract_on: dt.date | None = None,
    number: str = "",
    cycle_months: int = 1,
    monthly_fen: int | None = None,
    share_bp: int | None = None,
    share_of: str = "",
) -> AccountAgreement:
    """Record the agreement of owner, general contractor and bank with the agreed cycle and sum or share.

    Owner and contractor are those registered on the project; the terms become the project's terms.
    """
    _not_ahead(signed_on, "签订日期", now, "signed_on")
    if contract_on is not None and contract_on > timezone.localdate(now):
        raise Refused(f"施工合同签订日期{contract_on}还没有到，请核对。", field="contract_on")
    if monthly_fen is None and share_bp is None:
        raise Refused(
            "三方协议应当约定人工费用的数额或者占比（《保障农民工工资支付条例》第二十四条），请填写一项。",
            field="monthly_fen",
        )
    project = account.project
    owner = _participant(project, Participation.Role.OWNER, "建设单位")
    contractor = _participant(project, Participation.Role.GENERAL_CONTRACTOR, "施工总承包单位")
    with transaction.atomic():
        _locked(account)
        if account.bank_id is None:
            raise Refused("请先更正账户登记，补填开户银行，再登记三方协议。")
        term = record_labour_cost_term(
            project, due_day=due_day, first_month=first_month, cycle_months=cycle_months,
            monthly_fen=monthly_fen, share_bp=share_bp, share_of=share_of, actor=actor, now=now,
        )  # fmt: skip
        AccountAgreement.objects.filter(account_id=account.line_id, superseded_at__isnull=True).update(
            superseded_at=now
        )
        agreement = AccountAgreement.objects.create(
            account_id=account.line_id, signed_on=signed_on, contract_on=contract_on, number=number.strip(),
            owner=owner, contractor=contractor, term=term, recorded_at=now,
        )  # fmt: skip
        _journal(account, f"登记三方资金管理协议（{signed_on}签订）", actor, now, agreement=agreement.pk)
    return agreement


def file_account(
    account: SpecialAccount,
    *,
    on: dt.date,
    actor: Actor,
    now: dt.datetime,
    body: Organisation | None = None,
    number: str = "",
) -> AccountEvent:
    """Record that the account was filed with the body that supervises it."""
    with transaction.atomic():
        _locked(account)
        _not_ahead(on, "备案日期", now)
        if on < account.opened_on:
            raise Refused(f"备案日期{on}早于开户日期{account.opened_on}，请核对。", field="on")
        if _latest(account, Kind.FILED):
            raise Refused("这个账户已经登记过备案。")
        return _add(account, Kind.FILED, on, f"于{on}备案", actor, now, body=body, number=number)


def announce_closing(
    account: SpecialAccount, *, on: dt.date, actor: Actor, now: dt.datetime, note: str = ""
) -> AccountEvent:
    """Record the first day of the public notice that nobody is owed, before the account is closed."""
    with transaction.atomic():
        _locked(account)
        _open(account)
        _not_ahead(on, "公示日期", now)
        if notice_standing(account) is not None:
            raise Refused("这个账户正在公示，请等公示期满或登记公示期间的反映。")
        if account.project.completion is None:
            raise Refused(
                "工程还没有登记竣工，完工以后才可以申请撤户（《保障农民工工资支付条例》第二十七条）。"
            )
        _nobody_owed(account)
        return _add(account, Kind.NOTICE, on, f"自{on}起公示撤户", actor, now, note=note)


def stop_closing(
    account: SpecialAccount, *, on: dt.date, note: str, actor: Actor, now: dt.datetime, refused: bool = False
) -> AccountEvent:
    """Record that the account stays: somebody reported unpaid wages, or the bureau refused the closing."""
    if not note.strip():
        raise Refused("请写明谁反映了什么，例如“3名钢筋工反映9月工资未付”。", field="note")
    with transaction.atomic():
        _locked(account)
        _not_ahead(on, "日期", now)
        if notice_standing(account) is None:
            raise Refused("这个账户没有正在进行的撤户公示。")
        kind = Kind.REFUSED if refused else Kind.CHALLENGED
        what = "不准撤户" if refused else "公示期间有人反映欠薪，停止撤户"
        return _add(account, kind, on, what, actor, now, note=note)


def close_account(
    account: SpecialAccount,
    *,
    on: dt.date,
    actor: Actor,
    now: dt.datetime,
    body: Organisation | None = None,
    number: str = "",
) -> SpecialAccount:
    """Close the account after its public notice, with nobody owed; ``number`` is the notice to the bank."""
    with transaction.atomic():
        _locked(account)
        _open(account)
        _not_ahead(on, "销户日期", now)
        notice = notice_standing(account)
        if notice is None:
            raise Refused("还没有登记撤户公示，公示期满、无人反映欠薪才可以销户。", field="on")
        first = closing_from(account, notice)
        if first is not None and on < first:
            raise Refused(f"撤户公示自{notice.on}起，{first}起才可以销户。", field="on")
        _nobody_owed(account)
        last = current_entries(account).order_by("-booked_on").values_list("booked_on", flat=True).first()
        if last is not None and last > on:
            raise Refused(f"账户在{last}还有流水，销户日期不能早于它。", field="on")
        event = _add(account, Kind.CLOSED, on, f"于{on}销户", actor, now, body=body, number=number)
        end(account, now, account.project)
        return SpecialAccount.objects.create(
            original_id=account.line_id, project=account.project, bank=account.bank, number=account.number,
            number_hash=account.number_hash, name=account.name, opened_on=account.opened_on,
            closed_on=event.on, recorded_at=now,
        )  # fmt: skip


def record_progress(
    project: Project,
    *,
    month: Month,
    amount_fen: int,
    actor: Actor,
    now: dt.datetime,
    settled_on: dt.date | None = None,
) -> ProgressAmount:
    """Record the progress money agreed for a month: what a share of labour cost is counted from."""
    if amount_fen <= 0:
        raise Refused("工程进度款应大于0，请核对。", field="amount_fen")
    standing = project.progress_amounts.filter(month=str(month), superseded_at__isnull=True).first()
    new = ProgressAmount(
        project=project, month=str(month), amount_fen=amount_fen, settled_on=settled_on, recorded_at=now
    )
    summary = f"登记{month.chinese()}工程进度款{sentence_yuan(amount_fen)}"
    return save(new, standing, project, summary, actor, now)


def notice_standing(account: SpecialAccount) -> AccountEvent | None:
    """The public notice that is running or has run, unless somebody objected to it or closing was refused."""
    return notice_among(events_of(account))


def notice_among(events: Sequence[AccountEvent]) -> AccountEvent | None:
    """:func:`notice_standing`, where the account's steps are at hand in their order."""
    about = [one for one in events if one.kind in (Kind.NOTICE, Kind.CHALLENGED, Kind.REFUSED)]
    return about[-1] if about and about[-1].kind == Kind.NOTICE else None


def closing_from(account: SpecialAccount, notice: AccountEvent) -> dt.date | None:
    """The first day on which the account may be closed after the notice."""
    try:
        return current().deadline(NOTICE_DAYS, notice.on, account.project.region_id).act_from
    except LawError:
        return None


def _nobody_owed(account: SpecialAccount) -> None:
    people, fen = owed(account.project)
    if fen:
        raise Refused(
            f"项目还有{people}人次、{sentence_yuan(fen)}工资没有到账记录，不能撤户；已当面付清的，请先补导发放凭证。"
        )


def _participant(project: Project, role: str, title: str) -> Employer:
    found = project.participations.filter(role=role).select_related("employer").order_by("id").first()
    if found is None:
        raise Refused(f"项目还没有登记{title}，请先登记参建单位。")
    return found.employer


def _locked(account: SpecialAccount) -> None:
    SpecialAccount.objects.select_for_update().get(pk=account.line_id)
    if not SpecialAccount.objects.filter(pk=account.pk, superseded_at__isnull=True).exists():
        raise Refused("账户登记已被更正，请刷新页面后重试。")


def _open(account: SpecialAccount) -> None:
    if account.closed_on is not None:
        raise Refused(f"账户已于{account.closed_on}销户。")


def _latest(account: SpecialAccount, kind: str) -> AccountEvent | None:
    return (
        AccountEvent.objects.filter(account_id=account.line_id, kind=kind, superseded_at__isnull=True)
        .order_by("-on", "-id")
        .first()
    )


def _add(
    account: SpecialAccount,
    kind: str,
    on: dt.date,
    what: str,
    actor: Actor,
    now: dt.datetime,
    *,
    body: Organisation | None = None,
    number: str = "",
    note: str = "",
) -> AccountEvent:
    event = AccountEvent.objects.create(
        account_id=account.line_id, kind=kind, on=on, body=body, number=number.strip(), note=note.strip(),
        recorded_at=now,
    )  # fmt: skip
    _journal(account, what, actor, now, event=kind, on=on.isoformat())
    return event


def _journal(account: SpecialAccount, what: str, actor: Actor, now: dt.datetime, **after: object) -> None:
    record(
        actor=actor,
        action=RECORDED,
        object_type="specialaccount",
        object_id=account.line_id,
        summary=f"项目“{account.project.name}”工资专用账户{what}",
        now=now,
        after={**after, "project_ids": [account.project_id]},
    )


def _not_ahead(on: dt.date, what: str, now: dt.datetime, field: str = "on") -> None:
    if on > timezone.localdate(now):
        raise Refused(f"{what}{on}还没有到，请在发生后登记。", field=field)
