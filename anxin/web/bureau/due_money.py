"""The due dates of special accounts, wage deposits and the owner's guarantee, each with its steps."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse

from anxin.accounts.models import User
from anxin.funds.models import AccountEvent, DepositEvent, PaymentGuarantee, SpecialAccount
from anxin.funds.queries_accounts import agreement_of, events_of, find_account
from anxin.law import Law, LawError
from anxin.law.wording import day_text
from anxin.registry.access import find_visible
from anxin.web.bureau.due_parts import Kind, Part, Shown, part_of

OPEN_DAYS = "special_account.open_days"
FILING_DAYS = "special_account.filing_days"
CLOSING_DAYS = "special_account.cancel_publicity_days"
PAY_DAYS = "wage_deposit.bank_pay_days"
TOPUP_DAYS = "wage_deposit.replenish_days"
RELEASE_DAYS = "wage_deposit.refund_publicity_days"


def _account(user: User, pk: int) -> SpecialAccount | None:
    account = find_account(pk)
    return account if account and find_visible(user, account.project_id) else None


def _account_place(account: SpecialAccount) -> tuple[str, str]:
    return reverse("account-page", args=[account.project_id, account.pk]), f"{account.project}：工资专用账户"


def _counted(
    name: str, key: str, start: dt.date, region: str, place: tuple[str, str], law: Law, standing: str = ""
) -> Shown:
    """A period counted from one event, or the sentence why there is none."""
    try:
        answer = law.deadline(key, start, region)
    except LawError as problem:
        return Shown(name, place, None, [Part("", problem=str(problem))])
    notes = ("这是最短期间：期满次日起才能办理下一步。",) if answer.act_from else ()
    due = answer.act_from or answer.due
    return Shown(name, place, due, [part_of(law, answer, heading="")], standing, notes)


def _opening(user: User, pk: int, month: str, law: Law) -> Shown | None:
    account = _account(user, pk)
    agreement = agreement_of(account) if account else None
    if account is None or agreement is None or agreement.contract_on is None:
        return None
    region, place = account.project.region_id, _account_place(account)
    standing = f"已于{day_text(account.opened_on)}开户。"
    return _counted("专用账户开户期限", OPEN_DAYS, agreement.contract_on, region, place, law, standing)


def _filing(user: User, pk: int, month: str, law: Law) -> Shown | None:
    account = _account(user, pk)
    if account is None:
        return None
    filed = _latest(account, AccountEvent.Kind.FILED)
    standing = f"已于{day_text(filed.on)}备案。" if filed else ""
    region, place = account.project.region_id, _account_place(account)
    return _counted("专用账户备案期限", FILING_DAYS, account.opened_on, region, place, law, standing)


def _closing(user: User, pk: int, month: str, law: Law) -> Shown | None:
    account = _account(user, pk)
    notice = _latest(account, AccountEvent.Kind.NOTICE) if account else None
    if account is None or notice is None:
        return None
    region, place = account.project.region_id, _account_place(account)
    return _counted("撤户公示", CLOSING_DAYS, notice.on, region, place, law)


def _latest(account: SpecialAccount, kind: str) -> AccountEvent | None:
    return next((one for one in reversed(events_of(account)) if one.kind == kind), None)


@dataclass(frozen=True)
class _OfEvent:
    """A period that is counted from one event of a deposit."""

    name: str
    key: str
    kind: str

    def __call__(self, user: User, pk: int, month: str, law: Law) -> Shown | None:
        event = (
            DepositEvent.objects.filter(pk=pk, kind=self.kind, superseded_at__isnull=True)
            .select_related("deposit")
            .first()
        )
        project = find_visible(user, event.deposit.project_id) if event else None
        if event is None or project is None:
            return None
        place = (reverse("project-deposits", args=[project.pk]), f"{project}：工资保证金")
        return _counted(self.name, self.key, event.on, project.region_id, place, law)


def _payment_guarantee(user: User, pk: int, month: str, law: Law) -> Shown | None:
    found = PaymentGuarantee.objects.filter(pk=pk, superseded_at__isnull=True).first()
    project = find_visible(user, found.project_id) if found else None
    if found is None or project is None:
        return None
    notes = (
        f"{found.get_kind_display()}登记的有效期至{day_text(found.valid_until)}，这是约定的最后一日，遇休息日不顺延。",
        "工程款没有付清的，建设单位应在到期前续保。",
    )
    place = (reverse("project-deposits", args=[project.pk]), f"{project}：工程款支付担保")
    return Shown("工程款支付担保有效期", place, found.valid_until, [], notes=notes)


KINDS: dict[str, Kind] = {
    "account-opening": _opening,
    "account-filing": _filing,
    "account-closing": _closing,
    "deposit-payment": _OfEvent("银行支付期限", PAY_DAYS, DepositEvent.Kind.USE_ORDERED),
    "deposit-topup": _OfEvent("动用后补足期限", TOPUP_DAYS, DepositEvent.Kind.USED),
    "deposit-release": _OfEvent("返还公示", RELEASE_DAYS, DepositEvent.Kind.NOTICE),
    "payment-guarantee": _payment_guarantee,
}
