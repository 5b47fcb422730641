"""Mute: a warning that for a while need not be worked on, and is still counted.

Only with author, reason, a second person and an end date. It comes back by itself at the end date, or when it
gets worse.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from anxin.accounts.access import CLEAR, HANDLE, VIEW, actor
from anxin.accounts.models import User
from anxin.evidence import bulk, journal
from anxin.evidence.journal import SYSTEM, Actor
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.local_law import queries as local_law
from anxin.monitoring.access import may_on_warning
from anxin.monitoring.models import Mute, Warning, WarningEvent

LIMIT = "monitoring.mute_limit"
_TEXT = 1000
Kind = WarningEvent.Kind


def current(warning: Warning) -> Mute | None:
    """What is asked or in force, with its people."""
    states = [Mute.State.ASKED, Mute.State.AGREED]
    return warning.mutes.filter(state__in=states).select_related("asked_by", "decided_by").first()


def longest(on: dt.date, region: str, law: Law | None = None) -> int:
    """How many days a warning may be muted at most. ``law`` where the caller has it at hand."""
    days: int = (law or local_law.current()).value(LIMIT, on=on, region=region).value["mute_days"]
    return days


def mute_actions(user: User, warning: Warning, mute: Mute | None) -> set[str]:
    """What this person may do: ``ask_mute``, ``agree_mute``, ``refuse_mute``, ``unmute``."""
    if mute is None:
        may = warning.state != Warning.State.CLEARED and may_on_warning(user, HANDLE, warning)
        return {"ask_mute"} if may else set()
    if mute.state == Mute.State.AGREED:
        return {"unmute"} if may_on_warning(user, HANDLE, warning) else set()
    second = mute.asked_by_id != user.pk and may_on_warning(user, CLEAR, warning)
    return {"agree_mute", "refuse_mute"} if second else set()


def ask_mute(warning_id: int, *, user: User, now: dt.datetime, reason: str, until: dt.date | None) -> Mute:
    """Ask that it need not be worked on until a day. Raises :class:`Refused`."""
    if not reason.strip():
        raise Refused("请写明静默的理由，例如正在等待哪份材料。", field="text")
    if len(reason) > _TEXT:
        raise Refused(f"内容不能超过{_TEXT}字，现在是{len(reason)}字。", field="text")
    today = timezone.localdate(now)
    if until is None or until <= today:
        raise Refused("请填写静默的截止日期，须在今天之后。", field="until")
    with transaction.atomic():
        warning = _locked(warning_id, user, HANDLE)
        days = longest(today, warning.subject.region_id or "")
        if (until - today).days > days:
            raise Refused(
                f"静默最长{days}天，请改为{(today + dt.timedelta(days=days)).isoformat()}或更早。",
                field="until",
            )
        if warning.state == Warning.State.CLEARED:
            raise Refused("这条预警已经消除，无需静默。")
        if current(warning) is not None:
            raise Refused("这条预警已在静默中或已申请静默，请先结束或决定。")
        mute = Mute.objects.create(
            warning=warning, reason=reason.strip(), until=until, asked_by=user, asked_at=now
        )
        _note(warning, Kind.MUTE_ASKED, f"至{until.isoformat()}。{mute.reason}", actor(user), now)
    return mute


def decide_mute(warning_id: int, *, user: User, now: dt.datetime, approve: bool, text: str = "") -> Mute:
    """Agree as the second person, or refuse. Raises :class:`Refused`."""
    if not approve and not text.strip():
        raise Refused("请写明不同意的原因。", field="text")
    with transaction.atomic():
        warning = _locked(warning_id, user, CLEAR)
        mute = current(warning)
        if mute is None or mute.state != Mute.State.ASKED:
            raise Refused("这条预警没有待决定的静默申请。")
        if mute.asked_by_id == user.pk:
            raise Refused("静默须由另一位同事同意，申请人不能自行决定。")
        if approve and mute.until <= timezone.localdate(now):
            raise Refused("申请的截止日期已过，请退回后重新申请。")
        mute.state = Mute.State.AGREED if approve else Mute.State.REFUSED
        mute.decided_by, mute.decided_at = user, now
        mute.save()
        if approve:
            warning.muted_until = mute.until
            warning.save(update_fields=["muted_until"])
        said = f"至{mute.until.isoformat()}。{text.strip()}" if approve else text.strip()
        _note(warning, Kind.MUTED if approve else Kind.MUTE_REFUSED, said[:_TEXT], actor(user), now)
    return mute


def unmute(warning_id: int, *, user: User, now: dt.datetime, text: str = "") -> Mute:
    """End it before its day; one person is enough to work again. Raises :class:`Refused`."""
    with transaction.atomic():
        warning = _locked(warning_id, user, HANDLE)
        mute = current(warning)
        if mute is None or mute.state != Mute.State.AGREED:
            raise Refused("这条预警不在静默中。")
        mute.state, mute.ended_at = Mute.State.OVER, now
        mute.save()
        warning.muted_until = None
        warning.save(update_fields=["muted_until"])
        _note(warning, Kind.UNMUTED, text.strip()[:_TEXT] or "提前结束。", actor(user), now)
    return mute


def end_due(*, on: dt.date, now: dt.datetime) -> int:
    """Bring back what was muted until before this day; returns how many. Running again changes nothing."""
    with transaction.atomic():
        due = list(Warning.objects.select_for_update().filter(muted_until__lt=on).order_by("pk"))
        end_for(due, "静默期满，恢复处置。", now=now)
        bulk.update(due, ("muted_until",))
        for warning in due:
            _journal(warning, Kind.UNMUTED, "静默期满", SYSTEM, now)
    return len(due)


def end_for(warnings: Sequence[Warning], text: str, *, now: dt.datetime) -> None:
    """End the mutes of these warnings, in the caller's transaction; the caller writes ``muted_until``."""
    states = [Mute.State.ASKED, Mute.State.AGREED]
    for piece in bulk.chunks(warnings, 500):
        keys = [warning.pk for warning in piece]
        Mute.objects.filter(warning_id__in=keys, state__in=states).update(state=Mute.State.OVER, ended_at=now)
        WarningEvent.objects.bulk_create(
            WarningEvent(
                warning_id=key, kind=Kind.UNMUTED, at=now, actor=SYSTEM.key, actor_name=SYSTEM.name, text=text
            )
            for key in keys
        )
    for warning in warnings:
        warning.muted_until = None


def _locked(warning_id: int, user: User, permission: str) -> Warning:
    warning = Warning.objects.select_for_update().filter(pk=warning_id).first()
    if warning is None or not may_on_warning(user, VIEW, warning):
        raise Refused("没有找到这条预警，或者它不在您的管辖范围内。")
    if not may_on_warning(user, permission, warning):
        raise Refused("您的角色不能静默这条预警，请联系有权限的同事。")
    return warning


def _note(warning: Warning, kind: str, text: str, who: Actor, now: dt.datetime) -> None:
    WarningEvent.objects.create(
        warning=warning, kind=kind, at=now, actor=who.key, actor_name=who.name, text=text[:_TEXT]
    )
    _journal(warning, kind, text, who, now)


def _journal(warning: Warning, kind: str, text: str, who: Actor, now: dt.datetime) -> None:
    journal.record(
        actor=who,
        action=f"warning.{kind}",
        object_type="warning",
        object_id=warning.pk,
        summary=f"{Kind(kind).label}：{warning.sentence}",
        now=now,
        after={"text": text, "until": warning.muted_until.isoformat() if warning.muted_until else None},
    )
