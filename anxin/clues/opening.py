"""Who told us stays sealed until one person has given a reason and another has said yes; then it is opened once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from anxin.accounts.access import UNMASK, actor, colleagues
from anxin.accounts.models import User
from anxin.clues.access import reaches, visible_clues
from anxin.clues.masking import masked_words
from anxin.clues.models import Clue, Opening
from anxin.evidence.journal import record
from anxin.evidence.sealing import Sealed
from anxin.kernel.refusal import Refused, worded
from anxin.notices.kinds import Kind, register
from anxin.notices.outline import Outline
from anxin.notices.services import Message, send_many

__all__ = [
    "LASTS",
    "SEALED",
    "SealedPart",
    "add_part",
    "approve_opening",
    "ask_opening",
    "deciding",
    "decline_opening",
    "open_sealed",
    "runs_out_at",
    "visible_openings",
    "withdraw_opening",
]

#: what may be asked for in full, and how it is called
SEALED = {"name": "姓名", "phone": "电话", "text": "原文"}
#: how long an approval is good for: the bureau's own rule, not the law's
LASTS = dt.timedelta(hours=24)
NOTICE = "clue_opening"
_MOST_WORDS = 200
_State = Opening.State


@dataclass(frozen=True)
class SealedPart:
    """Something sealed that a package above keeps of a clue: whether there is any, and all of it up to an hour."""

    title: str
    there: Callable[[Clue], bool]
    opened: Callable[[Clue, dt.datetime], str]


_PARTS: dict[str, SealedPart] = {}


def add_part(field: str, part: SealedPart) -> None:
    """Let a part of a package above be asked for like the others; called once when the application starts."""
    _PARTS[field] = part
    SEALED[field] = part.title


def register_notices() -> None:
    """Called once when the application starts."""
    register(Kind(NOTICE, "查看反映人的申请", "有人申请查看线索反映人的信息等我批准，或我的申请有了结果"))


def visible_openings(user: User) -> QuerySet[Opening]:
    """The requests about clues whose sealed part this person may ask for or decide on."""
    return Opening.objects.filter(clue__in=visible_clues(user, UNMASK)).select_related("clue__region")


def deciding(user: User) -> QuerySet[Opening]:
    """What waits for this person's word: somebody else has asked."""
    return visible_openings(user).filter(state=_State.WAITING).exclude(asked_by=user.pk)


def runs_out_at(opening: Opening) -> dt.datetime | None:
    """Until when an approved request may be opened."""
    approved = opening.state == _State.APPROVED and opening.decided_at is not None
    return opening.decided_at + LASTS if approved and opening.decided_at else None


def ask_opening(clue: Clue, fields: Sequence[str], *, why: str, by: User, now: dt.datetime) -> Opening:
    """Ask to see parts of who told us; everybody else who may decide is told. Raises :class:`Refused`."""
    wanted = [name for name in SEALED if name in fields]
    if not wanted:
        raise Refused("请选择要查看哪些内容。", field="fields")
    why = worded(masked_words(why), "请写明查看目的", field="why", more="，例如“联系核实欠薪人数”")
    with transaction.atomic():
        clue = _locked_clue(clue.pk, by)
        missing = [SEALED[name] for name in wanted if not _there(clue, name)]
        if missing:
            raise Refused(f"这条线索没有登记{'、'.join(missing)}，无可查看。", field="fields")
        if clue.openings.filter(asked_by=by, state=_State.WAITING).exists():
            raise Refused("您对这条线索的查看申请还在等待批准，请先等结果，或撤回后重新申请。")
        deciders = [one for one in colleagues() if one.pk != by.pk and reaches(one, UNMASK, clue)]
        if not deciders:
            raise Refused("这个地区没有第二位有权批准的同事，请联系系统管理员增加授权后再申请。")
        made = Opening.objects.create(
            clue=clue, fields=wanted, why=why, asked_by=by, asked_by_name=str(by), asked_at=now
        )
        _record(made, "clue.opening_asked", f"申请查看{clue}反映人的{_titles(made)}，目的：{why}", by, now)
        send_many(_asking(made, deciders), now=now)
    return made


def approve_opening(opening: Opening, *, by: User, now: dt.datetime, why: str = "") -> Opening:
    """Another person says yes: whoever asked may look once within :data:`LASTS`. Raises :class:`Refused`."""
    return _decide(opening, _State.APPROVED, masked_words(why.strip())[:_MOST_WORDS], by, now)


def decline_opening(opening: Opening, *, why: str, by: User, now: dt.datetime) -> Opening:
    """Another person says no, and why. Raises :class:`Refused`."""
    words = worded(masked_words(why), "请写明为什么不批准", field="why", more="，申请人会看到")
    return _decide(opening, _State.DECLINED, words, by, now)


def withdraw_opening(opening: Opening, *, by: User, now: dt.datetime) -> None:
    """Whoever asked takes the request back before anybody has decided. Raises :class:`Refused`."""
    with transaction.atomic():
        opening = _own(opening, by)
        if opening.state != _State.WAITING:
            raise Refused("这个申请已经有了结果，不能撤回，请刷新页面。")
        opening.state = _State.WITHDRAWN
        opening.save(update_fields=["state"])
        _record(opening, "clue.opening_withdrawn", f"撤回对{opening.clue}反映人的查看申请", by, now)


def open_sealed(opening: Opening, *, by: User, now: dt.datetime) -> dict[str, str]:
    """What was asked for, in full, by field: once, for whoever asked. The journal keeps that, never the values.

    Raises :class:`Refused`.
    """
    with transaction.atomic():
        opening = _own(opening, by)
        if opening.state == _State.OPENED:
            raise Refused("这个申请已经查看过一次，不能再看；需要再看的请重新申请。")
        if opening.state != _State.APPROVED:
            raise Refused("这个申请没有批准，不能查看。")
        until = runs_out_at(opening)
        if until is None or now >= until:
            raise Refused("批准已超过24小时，不能再查看；仍需要的请重新申请。")
        clue = _locked_clue(opening.clue_id, by)  # the scope may have changed since
        shown = {name: _opened(clue, name, opening) for name in opening.fields if _there(clue, name)}
        opening.state, opening.opened_at = _State.OPENED, now
        opening.save(update_fields=["state", "opened_at"])
        words = (
            f"查看{clue}反映人的{_titles(opening)}，目的：{opening.why}；批准人：{opening.decided_by_name}"
        )
        _record(opening, "clue.opened", words, by, now)
    return shown


def _decide(opening: Opening, state: str, why: str, by: User, now: dt.datetime) -> Opening:
    with transaction.atomic():
        found = Opening.objects.select_for_update(of=("self",)).select_related("clue").get(pk=opening.pk)
        _locked_clue(found.clue_id, by)
        if found.asked_by_id == by.pk:
            raise Refused("自己的申请要由另一人批准，请联系有权限的同事。")
        if found.state != _State.WAITING:
            raise Refused("这个申请已经处理过了，请刷新页面。")
        found.state, found.decided_why = state, why
        found.decided_by, found.decided_by_name, found.decided_at = by, str(by), now
        found.save()
        said = "批准" if state == _State.APPROVED else "不批准"
        words = f"{said}{found.asked_by_name}查看{found.clue}反映人的{_titles(found)}"
        action = "clue.opening_approved" if state == _State.APPROVED else "clue.opening_declined"
        _record(found, action, f"{words}{'：' if why else ''}{why}", by, now)
        send_many([_answered(found, said)], now=now)
    return found


def _own(opening: Opening, by: User) -> Opening:
    found = Opening.objects.select_for_update(of=("self",)).select_related("clue").get(pk=opening.pk)
    if found.asked_by_id != by.pk:
        raise Refused("这是别人的申请，只有申请人自己可以查看或撤回。")
    return found


def _locked_clue(clue_id: int, by: User) -> Clue:
    if not visible_clues(by, UNMASK).filter(pk=clue_id).exists():
        raise Refused("您没有查看该线索反映人信息的权限。")
    return Clue.objects.select_for_update().get(pk=clue_id)


def _there(clue: Clue, field: str) -> bool:
    return _PARTS[field].there(clue) if field in _PARTS else _value(clue, field) is not None


def _opened(clue: Clue, field: str, opening: Opening) -> str:
    """In full; of what goes on growing only what was there when it was asked for, since no more was approved."""
    if field in _PARTS:
        return _PARTS[field].opened(clue, opening.asked_at)
    value = _value(clue, field)
    return value.open() if value is not None else ""


def _value(clue: Clue, field: str) -> Sealed | None:
    telling = clue.tellings.filter(superseded_at__isnull=True).first()
    value = getattr(telling, field, None)
    return value if isinstance(value, Sealed) else None


def _titles(opening: Opening) -> str:
    return "、".join(SEALED[name] for name in opening.fields)


def _asking(opening: Opening, deciders: Sequence[User]) -> list[Message]:
    """To everybody who may say yes or no."""
    clue = opening.clue
    return [
        Message(
            to=person,
            kind=NOTICE,
            title=f"等您批准：查看{clue}的反映人",
            body=f"{opening.asked_by_name}申请查看{_titles(opening)}，目的：{opening.why}",
            link="/clues/openings",
            about=("clue", clue.pk),
            once_key=f"opening:{opening.pk}:asked",
            outline=Outline(region=clue.region_id, number=clue.number),
        )
        for person in deciders
    ]


def _answered(opening: Opening, said: str) -> Message:
    more = "请在24小时内查看，只能查看一次。" if said == "批准" else opening.decided_why
    return Message(
        to=opening.asked_by,
        kind=NOTICE,
        title=f"{opening.decided_by_name}{said}了您的查看申请：{opening.clue}",
        body=more,
        link=f"/clues/{opening.clue_id}#contact",
        about=("clue", opening.clue_id),
        once_key=f"opening:{opening.pk}:answered",
        outline=Outline(region=opening.clue.region_id, number=opening.clue.number),
    )


def _record(opening: Opening, action: str, summary: str, by: User, now: dt.datetime) -> None:
    record(
        actor=actor(by),
        action=action,
        object_type="clue",
        object_id=opening.clue_id,
        summary=summary,
        now=now,
        after={"opening": opening.pk, "fields": opening.fields, "why": opening.why},
    )
