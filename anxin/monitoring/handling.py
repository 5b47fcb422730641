"""What people do with a warning: one transaction, one event in its history, one journal entry each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from anxin.accounts.access import HANDLE, VIEW, actor
from anxin.accounts.models import User
from anxin.evidence import doors, journal
from anxin.kernel.refusal import Refused
from anxin.monitoring import concluding
from anxin.monitoring.access import may_on_warning
from anxin.monitoring.models import Warning, WarningEvent
from anxin.monitoring.states import ACTIONS, Action
from anxin.registry.models import Organisation

TEXT_LIMIT = 1000
ATTACHMENTS = doors.Door(
    "附件", (*doors.SCANS, *doors.PAGES, *doors.OFFICE, *doors.SOUNDS, *doors.FILMS, *doors.WHOLE),
    "PDF、OFD、图片、Word、Excel、WPS文档、录音录像、邮件（.eml）和ZIP压缩包",
)  # fmt: skip


def acknowledge(warning_id: int, *, user: User, now: dt.datetime, text: str = "") -> Warning:
    """Say that somebody has seen it. Raises :class:`Refused`."""
    with transaction.atomic():
        warning = _locked(warning_id, "acknowledge", user)
        return _finish(warning, "acknowledge", user=user, now=now, text=text)


def assign(
    warning_id: int,
    *,
    user: User,
    now: dt.datetime,
    to_user: User | None = None,
    to_organisation: Organisation | None = None,
    text: str = "",
) -> Warning:
    """Hand it to a person who may handle it there, to an organisation, or to both. Raises :class:`Refused`."""
    if to_user is None and to_organisation is None:
        raise Refused("请选择交办给哪位同事或哪个单位。")
    with transaction.atomic():
        warning = _locked(warning_id, "assign", user)
        if to_user is not None and not may_on_warning(to_user, HANDLE, warning):
            raise Refused(f"{to_user}对该{_called(warning)}没有处置权限，请另选一位同事。")
        warning.assigned_to, warning.assigned_organisation = to_user, to_organisation
        warning.returned = False
        to = "、".join(str(party) for party in (to_organisation, to_user) if party)
        said = f"交办给{to}。{text}".rstrip()
        after = {
            "user": to_user.pk if to_user else None,
            "organisation": to_organisation.code if to_organisation else None,
        }
        return _finish(warning, "assign", user=user, now=now, text=said, after=after)


def note(warning_id: int, *, user: User, now: dt.datetime, text: str) -> Warning:
    """Write down what was done or heard. Raises :class:`Refused`."""
    _needs_text(text, "请填写要记录的内容。")
    with transaction.atomic():
        warning = _locked(warning_id, "note", user)
        return _finish(warning, "note", user=user, now=now, text=text)


def attach(
    warning_id: int, *, user: User, now: dt.datetime, data: bytes, filename: str, text: str = ""
) -> Warning:
    """Add a file. Raises :class:`Refused`."""
    file = doors.taken(data, filename, ATTACHMENTS)
    with transaction.atomic():
        warning = _locked(warning_id, "attach", user)
        return _finish(warning, "attach", user=user, now=now, text=text, file=file)


def ask_clearing(
    warning_id: int,
    *,
    user: User,
    now: dt.datetime,
    text: str,
    conclusion: str,
    data: bytes | None = None,
    filename: str = "",
) -> Warning:
    """Ask that it be cleared although the facts still stand, with what it turned out to be and evidence.

    Raises :class:`Refused`.
    """
    _needs_text(text, "请写明申请消除的依据，例如哪天、以什么方式已经支付。")
    file = doors.taken(data, filename, ATTACHMENTS) if data is not None else None
    with transaction.atomic():
        warning = _locked(warning_id, "ask_clearing", user)
        chosen = concluding.choose(warning, conclusion, on=timezone.localdate(now))
        warning.asked_by, warning.returned = user, False
        concluding.ask(warning, chosen)
        return _finish(
            warning,
            "ask_clearing",
            user=user,
            now=now,
            text=concluding.said(chosen, text),
            after={"conclusion": chosen.key},
            file=file,
        )


def decide_clearing(
    warning_id: int, *, user: User, now: dt.datetime, approve: bool, text: str = ""
) -> Warning:
    """Agree to the request or send it back; never by the person who asked. Raises :class:`Refused`."""
    if not approve:
        _needs_text(text, "请写明退回的原因。")
    name = "agree" if approve else "refuse"
    with transaction.atomic():
        warning = _locked(warning_id, name, user)
        if approve:
            _remember_at_clearance(warning, now)
            return _finish(
                warning, name, user=user, now=now, text=text, after={"conclusion": warning.conclusion}
            )
        warning.returned = True
        concluding.forget(warning)
        to = Warning.State.ASSIGNED if _assigned(warning) else Warning.State.ACKNOWLEDGED
        return _finish(warning, name, user=user, now=now, text=text, to=to)


def reopen(warning_id: int, *, user: User, now: dt.datetime, text: str) -> Warning:
    """Take back a clearance by hand. What the facts cleared, only the facts re-open. Raises :class:`Refused`."""
    _needs_text(text, "请写明重开的原因。")
    with transaction.atomic():
        warning = _locked(warning_id, "reopen", user)
        forget_clearance(warning)
        return _finish(warning, "reopen", user=user, now=now, text=text)


def conclude(warning_id: int, *, user: User, now: dt.datetime, conclusion: str, text: str = "") -> Warning:
    """Say what a warning that the facts cleared turned out to be, over what the facts say. Raises :class:`Refused`."""
    with transaction.atomic():
        warning = _locked(warning_id, "conclude", user)
        chosen = concluding.choose(warning, conclusion, on=timezone.localdate(now))
        if warning.concluded_on is not None:
            _needs_text(text, "这条预警已有结论，请写明更改的理由。")
        after = {"conclusion": chosen.key, "conclusion_before": warning.conclusion}
        concluding.keep(warning, chosen, on=timezone.localdate(now), by_facts=False)
        warning.asked_by = None  # whoever had asked was overtaken by the facts
        said = concluding.said(chosen, text)
        return _finish(warning, "conclude", user=user, now=now, text=said, after=after)


def acknowledge_many(warning_ids: Sequence[int], *, user: User, now: dt.datetime) -> int:
    """Acknowledge all of them or none; returns how many. Raises :class:`Refused`."""
    with transaction.atomic():
        for warning_id in sorted(set(warning_ids)):
            acknowledge(warning_id, user=user, now=now)
    return len(set(warning_ids))


def assign_many(
    warning_ids: Sequence[int],
    *,
    user: User,
    now: dt.datetime,
    to_user: User | None = None,
    to_organisation: Organisation | None = None,
    text: str = "",
) -> int:
    """Assign all of them or none; returns how many. Raises :class:`Refused`."""
    with transaction.atomic():
        for warning_id in sorted(set(warning_ids)):
            assign(
                warning_id, user=user, now=now, to_user=to_user, to_organisation=to_organisation, text=text
            )
    return len(set(warning_ids))


def forget_clearance(warning: Warning) -> None:
    """The fields of a warning that is open again."""
    concluding.forget(warning)
    warning.hand_cleared = False
    warning.hand_cleared_level = warning.hand_cleared_people = warning.hand_cleared_amount_fen = None
    warning.cleared_on = None
    warning.asked_by = None
    warning.returned = False


def _remember_at_clearance(warning: Warning, now: dt.datetime) -> None:
    warning.hand_cleared = True
    warning.hand_cleared_level = warning.level
    warning.hand_cleared_people = warning.people
    warning.hand_cleared_amount_fen = warning.amount_fen
    warning.cleared_on = warning.concluded_on = timezone.localdate(now)


def _called(warning: Warning) -> str:
    return "项目" if warning.project_id is not None else "单位"


def _assigned(warning: Warning) -> bool:
    return warning.assigned_to_id is not None or warning.assigned_organisation_id is not None


def _locked(warning_id: int, name: str, user: User) -> Warning:
    """The warning, locked, after permission, scope, state and the second-person rule have been checked."""
    action = ACTIONS[name]
    warning = Warning.objects.select_for_update().filter(pk=warning_id).first()
    if warning is None or not may_on_warning(user, VIEW, warning):
        raise Refused("没有找到这条预警，或者它不在您的管辖范围内。")
    if not may_on_warning(user, action.permission, warning):
        raise Refused(f"您的角色不能对该{_called(warning)}的预警进行“{action.title}”，请联系有权限的同事。")
    if not action.allows(warning.state):
        raise Refused(action.refusal)
    if action.second_person and warning.asked_by_id == user.pk:
        raise Refused("消除申请须由另一位同事决定，申请人不能自行决定。")
    if action.by_hand_only and not warning.hand_cleared:
        raise Refused("这条预警因事实消除而关闭；事实再次出现时会自动重开，不能人工重开。")
    if action.unsettled_only and warning.concluded_by_two:
        raise Refused("这条预警的结论经两位同事确认，不能单独更改；如有错误，请先重开。")
    return warning


def _finish(
    warning: Warning,
    name: str,
    *,
    user: User,
    now: dt.datetime,
    text: str,
    to: str | None = None,
    after: dict[str, Any] | None = None,
    file: doors.Taken | None = None,
) -> Warning:
    action: Action = ACTIONS[name]
    if len(text) > TEXT_LIMIT:
        raise Refused(f"内容不能超过{TEXT_LIMIT}字，现在是{len(text)}字。")
    before = warning.state
    warning.state = to or action.to or warning.state
    warning.save()
    who = actor(user)
    stored = doors.store(file, now=now) if file else None
    if file is not None:
        text = f"{text}{file.inside_words}"[:TEXT_LIMIT]
    WarningEvent.objects.create(
        warning=warning,
        kind=action.kind,
        at=now,
        actor=who.key,
        actor_name=who.name,
        text=text,
        file=stored,
        filename=file.name if file else "",
    )
    journal.record(
        actor=who,
        action=f"warning.{action.kind}",
        object_type="warning",
        object_id=warning.pk,
        summary=f"{action.title}：{warning.sentence}",
        now=now,
        before={"state": before},
        after={
            "state": warning.state,
            "text": text,
            **({"file": stored.sha256} if stored else {}),
            **(after or {}),
        },
    )
    return warning


def _needs_text(text: str, sentence: str) -> None:
    if not text.strip():
        raise Refused(sentence, field="text")
