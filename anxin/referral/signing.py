"""A table is proposed by one person and signed by another; until then it decides nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.evidence import journal
from anxin.evidence.models import StoredFile
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.local_law.access import may_decide, may_set
from anxin.referral import conclusion_list, ledger_layout, routing
from anxin.referral.models import SignedTable, State
from anxin.referral.routing import TableProblem
from anxin.registry.models import Region

_REASON, _MOST_ROWS = 300, 200
_LAST_YEAR = 2100


def check_entries(sort: str, entries: Sequence[Mapping[str, Any]], law: Law) -> None:
    """Raises :class:`Refused` unless the rows make a table that answers everything it may be asked."""
    if len(entries) > _MOST_ROWS:
        raise Refused(f"最多{_MOST_ROWS}行，现在是{len(entries)}行，请合并。", field="file")
    try:
        if sort == SignedTable.Sort.ROUTING:
            routing.check(routing.read_rows(entries), law)
        elif sort == SignedTable.Sort.CONCLUSIONS:
            conclusion_list.check(conclusion_list.read_choices(entries), law)
        else:
            ledger_layout.read_layout(entries)
    except TableProblem as problem:
        raise Refused(str(problem), field="file") from None


def propose_table(
    *,
    sort: str,
    region: str,
    valid_from: dt.date,
    entries: Sequence[Mapping[str, Any]],
    source_title: str,
    source_number: str,
    by: User,
    now: dt.datetime,
    law: Law,
    note: str = "",
    pattern: tuple[StoredFile, str, int] | None = None,
) -> SignedTable:
    """Propose a table for the clues of a region (its code, empty: everywhere) from a day on. Raises :class:`Refused`.

    ``pattern``: for a ledger, the bureau's own workbook, its sheet and the last row of its headings.
    """
    if sort not in SignedTable.Sort.values:
        raise Refused("没有这种表，请刷新页面后重新选择。", field="sort")
    if not may_set(by, region):
        raise Refused("您只能为自己负责的整个地区提出，请另选地区。", field="region")
    place = Region.objects.filter(code=region).first() if region else None
    if region and place is None:
        raise Refused("没有登记这个地区，请从列表中选择。", field="region")
    if valid_from.year > _LAST_YEAR:
        raise Refused("生效日太远，请核对年份。", field="valid_from")
    if not (source_title.strip() and source_number.strip()):
        raise Refused("请写明依据哪份文件，没有文号的写会议纪要或批示的日期。", field="source_title")
    check_entries(sort, entries, law)
    who = actor(by)
    file, sheet, row = pattern or (None, "", None)
    record = SignedTable(
        sort=sort, region=region, region_name=place.name if place else "", valid_from=valid_from,
        entries=list(entries), pattern=file, pattern_sheet=sheet, pattern_row=row, source_title=source_title.strip()[:160], source_number=source_number.strip()[:80],
        note=note.strip()[:300], proposed_by=who.key, proposed_by_name=who.name, proposed_at=now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            record.save(force_insert=True)
            _journal(record, "proposed", "提出", by, now)
    except IntegrityError:
        raise Refused(
            "同一地区、同一生效日已有一份正在等另一人确认，请先处理那一份。", field="valid_from"
        ) from None
    return record


def sign(record: SignedTable, *, by: User, now: dt.datetime, law: Law) -> SignedTable:
    """The second person's yes: it holds from its day on and replaces one of the same day. Raises :class:`Refused`."""
    with transaction.atomic():
        held = _open(record)
        _second_person(held, by)
        check_entries(held.sort, held.entries, law)
        who = actor(by)
        same = SignedTable.objects.filter(
            sort=held.sort, region=held.region, valid_from=held.valid_from, state=State.CONFIRMED
        )
        same.update(
            state=State.SUPERSEDED, ended_by=who.key, ended_by_name=who.name, ended_at=now,
            ended_reason=f"由第{held.pk}号替代",
        )  # fmt: skip
        held.state = State.CONFIRMED
        held.confirmed_by, held.confirmed_by_name, held.confirmed_at = who.key, who.name, now
        held.save()
        _journal(held, "confirmed", "签署", by, now)
    return held


def refuse(record: SignedTable, *, reason: str, by: User, now: dt.datetime) -> SignedTable:
    """The second person's no. Raises :class:`Refused`."""
    with transaction.atomic():
        held = _open(record)
        _second_person(held, by)
        return _end(held, State.REFUSED, "未同意", reason, by, now)


def withdraw(record: SignedTable, *, reason: str, by: User, now: dt.datetime) -> SignedTable:
    """Take back one's own proposal, or, as a second person, what holds: the one before holds again."""
    with transaction.atomic():
        held = _read(record)
        if held.is_open and held.proposed_by != actor(by).key:
            raise Refused("还没有确认的提议只能由提出人撤回；不同意请选“不同意”。")
        if held.is_in_force and not may_decide(by, held.region):
            raise Refused("已经生效的由有确认权限的同事撤回。")
        if not (held.is_open or held.is_in_force):
            raise Refused(f"这一份{held.get_state_display()}，不能再撤回。")
        return _end(held, State.WITHDRAWN, "撤回", reason, by, now)


def _second_person(record: SignedTable, by: User) -> None:
    if record.proposed_by == actor(by).key:
        raise Refused("这一份是您自己提出的，须由另一位有权限的同事确认。")
    if not may_decide(by, record.region):
        raise Refused("您没有为这一地区确认的权限，请联系领导角色的同事。")


def _end(
    record: SignedTable, state: State, words: str, reason: str, by: User, now: dt.datetime
) -> SignedTable:
    said = reason.strip()[:_REASON]
    if not said:
        raise Refused("请写明原因，同事和以后的人要看得明白。", field="reason")
    who = actor(by)
    record.state, record.ended_reason = state, said
    record.ended_by, record.ended_by_name, record.ended_at = who.key, who.name, now
    record.save()
    _journal(record, state.value, words, by, now, {"reason": said})
    return record


def _read(record: SignedTable) -> SignedTable:
    return SignedTable.objects.select_for_update().get(pk=record.pk)


def _open(record: SignedTable) -> SignedTable:
    found = _read(record)
    if not found.is_open:
        raise Refused(f"这一份{found.get_state_display()}，不用再处理。")
    return found


def _journal(
    record: SignedTable, action: str, words: str, by: User, now: dt.datetime, extra: Mapping[str, Any] = {}
) -> None:
    journal.record(
        actor=actor(by), action=f"referral.table_{action}", object_type="signed_table", object_id=record.pk,
        summary=f"{words}{record.region_name or '全部地区'}的{record.get_sort_display()}，自{record.valid_from}起",
        now=now,
        after={
            "sort": record.sort, "region": record.region, "from": record.valid_from.isoformat(),
            "rows": len(record.entries), **extra,
        },
        basis=f"{record.source_title}（{record.source_number}）"[:200],
    )  # fmt: skip
