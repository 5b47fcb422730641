"""Looking into an account for a case: asked by one, approved by a head of city level or above, answered by the bank.

《保障农民工工资支付条例》第四十条. Asking and approving are two persons; the answer may be used for its case only.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.evidence.journal import Actor, record
from anxin.funds.models import AccountQuery, SpecialAccount
from anxin.funds.queries_accounts import lines_of
from anxin.kernel.money import yuan_string
from anxin.kernel.refusal import Refused
from anxin.local_law.queries import current
from anxin.registry.access import visible_projects

State = AccountQuery.State
LEVEL = "construction.account_query_approval_level"
#: digits of a region code down to the city
_CITY = 4


def ask_query(
    account: SpecialAccount,
    *,
    purpose: str,
    case_number: str,
    first_day: dt.date,
    last_day: dt.date,
    by: User,
    now: dt.datetime,
) -> AccountQuery:
    """Ask for the approval of a query. Raises :class:`Refused`."""
    if not access.may_on(by, access.HANDLE, account.project):
        raise Refused("您没有办理这个项目的权限，不能申请查询。")
    if not purpose.strip():
        raise Refused("请写明查询的事由。", field="purpose")
    if not case_number.strip():
        raise Refused("请填写案件或事项编号：查询所得只能用于本案。", field="case_number")
    if last_day < first_day:
        raise Refused("查询止日早于起日，请核对。", field="last_day")
    if last_day > timezone.localdate(now):
        raise Refused("查询止日还没有到，请核对。", field="last_day")
    with transaction.atomic():
        query = AccountQuery.objects.create(
            account_id=account.line_id, purpose=purpose.strip(), case_number=case_number.strip(),
            first_day=first_day, last_day=last_day, asked_by=access.actor(by).key, asked_by_name=str(by),
            asked_at=now,
        )  # fmt: skip
        _journal(query, "申请", access.actor(by), now)
    return query


def decide_query(
    query: AccountQuery, *, approve: bool, note: str, by: User, now: dt.datetime
) -> AccountQuery:
    """Approve or reject. Only a head of city level or above, and never whoever asked."""
    if not approve and not note.strip():
        raise Refused("不批准的，请写明理由。", field="note")
    with transaction.atomic():
        found = _locked(query, State.ASKED, "已经有了决定，不能再改")
        if not may_decide(by, found.account):
            raise Refused("查询账户须经设区的市级以上人力资源社会保障部门负责人批准，您没有这个权限。")
        if found.asked_by == access.actor(by).key:
            raise Refused("申请查询的人不能自己批准，请由另一位负责人决定。")
        found.state = State.APPROVED if approve else State.REJECTED
        found.decided_by, found.decided_by_name = access.actor(by).key, str(by)
        found.decided_at, found.decision_note = now, note.strip()
        found.save(update_fields=["state", "decided_by", "decided_by_name", "decided_at", "decision_note"])
        _journal(found, "批准" if approve else "不批准", access.actor(by), now)
    return found


def answer_query(
    query: AccountQuery,
    *,
    answer: str,
    actor: Actor,
    now: dt.datetime,
    balance_fen: int | None = None,
) -> AccountQuery:
    """Record the bank's answer. The caller has checked that the actor answers for the account's bank."""
    if not answer.strip():
        raise Refused("请填写反馈内容。", field="answer")
    if len(answer) > 1000:
        raise Refused(f"反馈内容不能超过1000字，现在是{len(answer)}字。", field="answer")
    with transaction.atomic():
        found = _locked(query, State.APPROVED, "还没有批准，或者已经反馈")
        found.state, found.answer, found.answer_balance_fen = State.ANSWERED, answer.strip(), balance_fen
        found.answered_by_name, found.answered_at = actor.name, now
        found.save(update_fields=["state", "answer", "answer_balance_fen", "answered_by_name", "answered_at"])
        _journal(found, "反馈", actor, now)
    return found


def may_decide(user: User, account: SpecialAccount) -> bool:
    """Whether this person decides for a body of city level or above that covers the account's project."""
    project = account.project
    organisation = project.responsible.code if project.responsible else ""
    return any(
        len(scope.region) <= _CITY
        and scope.covers(region=project.region_id, industry=project.industry, organisation=organisation)
        for scope in access.scopes(user, access.DECIDE)
    )


def visible_queries(user: User) -> QuerySet[AccountQuery]:
    """The queries on accounts of projects that this person may see, newest first."""
    return (
        AccountQuery.objects.filter(account__project__in=visible_projects(user))
        .select_related("account__project__responsible", "account__bank")
        .order_by("-id")
    )


def queries_for_banks(bank_codes: list[str]) -> QuerySet[AccountQuery]:
    """What banks see: approved queries on their own accounts, those that wait for an answer first."""
    return (
        AccountQuery.objects.filter(
            account__in=lines_of(SpecialAccount.objects.filter(bank__code__in=bank_codes)),
            state__in=[State.APPROVED, State.ANSWERED],
        )
        .select_related("account__project", "account__bank")
        .order_by("state", "id")
    )


def _locked(query: AccountQuery, wanted: str, otherwise: str) -> AccountQuery:
    found = (
        AccountQuery.objects.select_for_update(of=("self",))
        .select_related("account__project__responsible")
        .get(pk=query.pk)
    )
    if found.state != wanted:
        raise Refused(f"这件查询{otherwise}，请刷新页面。")
    return found


def _journal(query: AccountQuery, what: str, actor: Actor, now: dt.datetime) -> None:
    project = query.account.project
    balance = query.answer_balance_fen
    record(
        actor=actor,
        action="funds.account_query",
        object_type="account_query",
        object_id=query.pk,
        summary=f"{what}查询项目“{project.name}”工资专用账户（案件{query.case_number}）：{query.purpose}",
        now=now,
        after={
            "state": query.state,
            "project_ids": [project.pk],
            "first_day": query.first_day.isoformat(),
            "last_day": query.last_day.isoformat(),
            "note": query.decision_note,
            "balance": None if balance is None else yuan_string(balance),
        },
        basis=current().value(LEVEL, on=timezone.localdate(now)).reference,
    )
