"""The second person's yes or no, and the end of a record: one way for values, confirmations and calendars."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, TypeVar

from django.db import transaction

from anxin.evidence import journal
from anxin.evidence.journal import Actor
from anxin.kernel.refusal import Refused
from anxin.local_law.kinds import kind_of
from anxin.local_law.models import OverlayStamp, State, TwoPersonRecord

R = TypeVar("R", bound=TwoPersonRecord)
_REASON_LIMIT = 300


def lock() -> OverlayStamp:
    """One change of the overlay at a time, until the caller's transaction ends."""
    OverlayStamp.objects.get_or_create(pk=1)
    return OverlayStamp.objects.select_for_update().get(pk=1)


def confirm(record: R, *, actor: Actor, now: dt.datetime, doubts_settled: bool = False) -> R:
    """The second person's yes: from now on the law answers with it. What it replaces ends.

    ``doubts_settled``: the person has looked at what did not agree when it was read, and found it right.
    Raises :class:`Refused`: already decided, the same person, no longer fitting the shipped law, or doubts
    that nobody looked at.
    """
    kind = kind_of(record)
    with transaction.atomic():
        stamp = lock()
        record = _open(record)
        if record.proposed_by == actor.key:
            raise Refused("这一条是您自己提出的，须由另一位有权限的同事确认。")
        if kind.doubts(record) and not doubts_settled:
            raise Refused(
                "导入时有几处与常年不同，请对照通知原文核对，并勾选“已核对”后再确认。", field="doubts_settled"
            )
        kind.check(record)
        replaced = _end_replaced(record, actor, now)
        record.state = State.CONFIRMED
        record.confirmed_by, record.confirmed_by_name, record.confirmed_at = actor.key, actor.name, now
        record.save()
        _turn(stamp, now)
        _journal(record, "confirmed", "确认", actor, now, before=replaced)
    return record


def refuse(record: R, *, reason: str, actor: Actor, now: dt.datetime) -> R:
    """The second person's no, with the reason. Raises :class:`Refused`."""
    said = _reason(reason)
    with transaction.atomic():
        lock()
        record = _open(record)
        if record.proposed_by == actor.key:
            raise Refused("这一条是您自己提出的，不需要时请撤回。")
        _end(record, State.REFUSED, said, actor, now)
        _journal(record, "refused", "未同意", actor, now, extra={"reason": said})
    return record


def withdraw(record: R, *, reason: str, actor: Actor, now: dt.datetime) -> R:
    """Take back what is in force (the shipped value holds again), or one's own open proposal.

    Raises :class:`Refused`.
    """
    said = _reason(reason)
    with transaction.atomic():
        stamp = lock()
        record = _read(record)
        was_in_force = record.is_in_force
        if not (was_in_force or record.is_open):
            raise Refused(f"这一条{record.get_state_display()}，不能再撤回。")
        if record.is_open and record.proposed_by != actor.key:
            raise Refused("还没有确认的提议只能由提出人撤回；不同意请选“不同意”。")
        _end(record, State.WITHDRAWN, said, actor, now)
        if was_in_force:
            _turn(stamp, now)
        action = "withdrawn" if was_in_force else "retracted"
        _journal(record, action, "撤回", actor, now, extra={"reason": said})
    return record


def _read(record: R) -> R:
    found: R = type(record)._default_manager.select_for_update(of=("self",)).get(pk=record.pk)
    return found


def _open(record: R) -> R:
    found = _read(record)
    if not found.is_open:
        raise Refused(f"这一条{found.get_state_display()}，不用再处理。")
    return found


def _end_replaced(record: TwoPersonRecord, actor: Actor, now: dt.datetime) -> dict[str, Any] | None:
    """The record in force for the same question gives way."""
    slot = kind_of(record).slot(record)
    replaced = type(record)._default_manager.filter(state=State.CONFIRMED, **slot).first()
    if replaced is None:
        return None
    _end(replaced, State.SUPERSEDED, f"由第{record.pk}号记录替代", actor, now)
    return {"record": replaced.pk} | kind_of(replaced).said(replaced)


def _end(record: TwoPersonRecord, state: State, reason: str, actor: Actor, now: dt.datetime) -> None:
    record.state, record.ended_reason = state, reason
    record.ended_by, record.ended_by_name, record.ended_at = actor.key, actor.name, now
    record.save()


def _turn(stamp: OverlayStamp, now: dt.datetime) -> None:
    """The overlay has another content from now on."""
    stamp.token = uuid.uuid4().hex
    stamp.changed_at = max(now, stamp.changed_at or now)
    stamp.save()


def _reason(text: str) -> str:
    said = text.strip()
    if not said:
        raise Refused("请写明原因，同事和以后的人要看得明白。", field="reason")
    return said[:_REASON_LIMIT]


def _journal(
    record: TwoPersonRecord,
    action: str,
    words: str,
    actor: Actor,
    now: dt.datetime,
    *,
    before: dict[str, Any] | None = None,
    extra: dict[str, Any] | None = None,
) -> None:
    kind = kind_of(record)
    journal.record(
        actor=actor,
        action=f"local_law.{kind.name}_{action}",
        object_type=kind.object_type,
        object_id=record.pk,
        summary=f"{words}{kind.describe(record)}",
        now=now,
        before=before,
        after=kind.said(record) | (extra or {}),
        basis=kind.basis(record)[:200],
    )


def record_proposal(record: TwoPersonRecord, *, actor: Actor, now: dt.datetime) -> None:
    """The journal entry of a new proposal."""
    _journal(record, "proposed", "提出", actor, now)
