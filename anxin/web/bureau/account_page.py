"""One special account: its life with its clocks, its bookings with what became of them, balances, queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from anxin.accounts import access
from anxin.evidence.workbooks import Column, table_workbook
from anxin.funds import outflows, queries_accounts
from anxin.funds.judging import Moment, fates_of, judged
from anxin.funds.models import AccountAgreement, AccountEvent, SpecialAccount
from anxin.funds.queries_accounts import EntryRow
from anxin.funds.services_account_life import notice_among
from anxin.funds.services_inquiries import visible_queries
from anxin.kernel.masking import mask_card
from anxin.law import Law, LawError
from anxin.local_law import queries as local_law
from anxin.registry.models import Project
from anxin.web import clock, lists
from anxin.web.bureau.due_money import CLOSING_DAYS, FILING_DAYS, OPEN_DAYS
from anxin.web.bureau.projects import EXPORT_LIMIT, project_or_404, render_part
from anxin.web.policy import page, user_of
from anxin.workforce.queries import masked

PAGE = 50


@dataclass(frozen=True)
class LifeStep:
    """One step of the account's life. ``due`` is the last day for the next one, opened by ``kind``."""

    title: str
    on: dt.date | None
    words: str
    kind: str = ""
    due: dt.date | None = None
    #: how the step stands towards its last day: done in time, done late, still to be done
    state: str = ""


@dataclass(frozen=True)
class ShownEntry:
    """A booking with what became of it."""

    row: EntryRow
    fate: str
    suspect: bool

    @property
    def fate_words(self) -> str:
        return outflows.WORDS.get(self.fate, "")


@page(access.VIEW)
def account(request: HttpRequest, pk: int, account: int) -> HttpResponse:
    """专用账户: everything about one account, the bookings newest first."""
    project, found = account_or_404(request, pk, account)
    user, law, today = user_of(request), local_law.current(), clock.today()
    fates = fates_of(found.line_id, judged(Moment(today, clock.now(), (project.pk,)), law))
    suspects_only = request.GET.get("suspect") == "1"
    entries, next_key = _entries(found, fates, request.GET.get("after", ""), suspects_only)
    agreement, events = queries_accounts.agreement_of(found), queries_accounts.events_of(found)
    stretches = queries_accounts.reconciliation(found)
    context = {
        "account": found,
        "number": masked(found.number, mask_card),
        "agreement": agreement,
        "life": life_of(found, agreement, events, law),
        "notice": notice_among(events),
        "entries": entries,
        "next_key": next_key,
        "suspects_only": suspects_only,
        "suspect_count": sum(fate in outflows.SUSPECT for fate in fates.values()),
        "stretches": list(reversed(stretches)),
        "computed_fen": queries_accounts.balance_after(stretches),
        "queries": list(visible_queries(user).filter(account_id=found.line_id)[:20]),
        "today": today,
    }
    return render_part(request, "bureau/account_page.html", project, "project-funds", context)


@page(access.VIEW)
def export(request: HttpRequest, pk: int, account: int) -> HttpResponse:
    """The bookings as a workbook, payees masked as on the page."""
    project, found = account_or_404(request, pk, account)
    today = clock.today()
    fates = fates_of(found.line_id, judged(Moment(today, clock.now(), (project.pk,)), local_law.current()))
    columns = (
        Column("记账日期", "date", 12),
        Column("收付", "text", 8),
        Column("类别", "text", 14),
        Column("金额", "yuan", 16),
        Column("对方户名"),
        Column("对方账号", "text", 12),
        Column("用途"),
        Column("流水号"),
        Column("核查"),
        Column("来源"),
    )
    rows = [
        [
            one.row.entry.booked_on,
            one.row.entry.get_direction_display(),
            one.row.entry.get_kind_display(),
            one.row.entry.amount_fen,
            one.row.counterparty,
            one.row.counterparty_account,
            one.row.entry.purpose,
            one.row.entry.reference,
            outflows.WORDS.get(one.fate, ""),
            one.row.entry.source,
        ]
        for one in _entries(found, fates, "", False, EXPORT_LIMIT)[0]
    ]
    office = lists.office_of(user_of(request))
    subtitle = f"填报单位：{office}　项目：{project.name}（{project.code}）　导出日期：{today}　金额单位：元"
    data = table_workbook("工资专用账户流水", subtitle, columns, rows)
    return lists.workbook_response(data, f"{project.name}专户流水", today)


def account_or_404(
    request: HttpRequest, pk: int, account: int, permission: str = access.VIEW
) -> tuple[Project, SpecialAccount]:
    """An account of a project within the reader's scope, as it stands; a corrected record leads to its successor."""
    project = project_or_404(request, pk, permission)
    found = queries_accounts.find_account(account) or queries_accounts.account_of_line(account)
    if found is None or found.project_id != project.pk:
        raise Http404
    return project, found


def _entries(
    account: SpecialAccount, fates: dict[int, str], after: str, suspects_only: bool, limit: int = PAGE
) -> tuple[list[ShownEntry], str | None]:
    keys = [key for key, fate in fates.items() if fate in outflows.SUSPECT] if suspects_only else None
    found = queries_accounts.entry_page(account, after, limit, keys=keys)
    shown = [
        ShownEntry(row, fates.get(row.entry.pk, ""), fates.get(row.entry.pk) in outflows.SUSPECT)
        for row in found.items
    ]
    return shown, found.next_after


def life_of(
    account: SpecialAccount, agreement: AccountAgreement | None, events: Sequence[AccountEvent], law: Law
) -> list[LifeStep]:
    """The steps in order, each with the last day that the law sets for it."""
    region = account.project.region_id
    filed = next((one for one in events if one.kind == AccountEvent.Kind.FILED), None)
    contract_on = agreement.contract_on if agreement else None
    opening = _last_day(law, OPEN_DAYS, contract_on, region)
    filing = _last_day(law, FILING_DAYS, account.opened_on, region)
    steps = [
        LifeStep(
            "三方协议",
            agreement.signed_on if agreement else None,
            _agreed(agreement) if agreement else "还没有登记三方资金管理协议",
        ),
        LifeStep(
            "开户", account.opened_on, account.bank.name if account.bank else "开户银行未登记",
            "account-opening" if opening else "", opening, _kept(account.opened_on, opening),
        ),
        LifeStep(
            "备案", filed.on if filed else None, _event_words(filed) if filed else "还没有登记备案",
            "account-filing", filing, _kept(filed.on if filed else None, filing),
        ),
    ]  # fmt: skip
    return steps + _closing_steps(events, law, region)


def _closing_steps(events: Sequence[AccountEvent], law: Law, region: str) -> list[LifeStep]:
    steps = []
    last_notice = [one for one in events if one.kind == AccountEvent.Kind.NOTICE][-1:]
    for one in events:
        if one.kind == AccountEvent.Kind.FILED:
            continue
        first = _first_day(law, one.on, region) if one in last_notice else None
        steps.append(
            LifeStep(
                one.get_kind_display(), one.on, _event_words(one), "account-closing" if first else "", first
            )
        )
    return steps


def _agreed(agreement: Any) -> str:
    term = agreement.term
    names = "、".join(str(one) for one in (agreement.owner, agreement.contractor) if one)
    if term is None:
        return names
    share = f"按{term.get_share_of_display()}的{term.share_bp / 100:g}%" if term.share_bp else ""
    return f"{names}；每{term.cycle_months}个月{term.due_day}日前拨付{share}"


def _event_words(event: AccountEvent) -> str:
    return "，".join(part for part in (str(event.body or ""), event.number, event.note) if part)


def _kept(on: dt.date | None, due: dt.date | None) -> str:
    if due is None or on is None:
        return ""
    return "按期" if on <= due else f"超期 {(on - due).days} 天"


def _last_day(law: Law, key: str, start: dt.date | None, region: str) -> dt.date | None:
    if start is None:
        return None
    try:
        due = law.deadline(key, start, region).due
    except LawError:
        return None
    return due if isinstance(due, dt.date) else None


def _first_day(law: Law, start: dt.date, region: str) -> dt.date | None:
    try:
        return law.deadline(CLOSING_DAYS, start, region).act_from
    except LawError:
        return None
