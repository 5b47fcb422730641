"""拟稿: a letter begins from a matter, with what is known filled in; it is changed, sent to review, or given up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from anxin.accounts.access import DRAFT
from anxin.accounts.models import User
from anxin.casework.access import acts_on
from anxin.casework.models import Matter
from anxin.kernel.refusal import Refused, worded
from anxin.letters import content, earlier, sources
from anxin.letters.judging import require
from anxin.letters.life import NUMBERED, Act, State
from anxin.letters.models import Letter, LetterHead
from anxin.letters.recording import keep, locked
from anxin.typesetting.templates import template


def draft(
    matter: Matter,
    *,
    kind: str,
    by: User,
    now: dt.datetime,
    replaces: Letter | None = None,
    why: str = "",
    values: Mapping[str, Any] | None = None,
    announces: Letter | None = None,
) -> Letter:
    """Begin a letter. ``values`` go before what is known of the matter; one that ``replaces`` another begins with its words.

    ``announces``: the letter whose public notice this is (:mod:`anxin.letters.announcing`).

    Raises :class:`Refused`.
    """
    if not acts_on(by, DRAFT, matter):
        raise Refused(f"您没有在本件拟稿的权限，请联系{matter.lead}的承办人。")
    if kind not in {one.key for one in content.offered()}:
        raise Refused("请选择要起草的文书。", field="kind")
    if replaces is not None and announces is None:
        announces = replaces.announces
    if (kind == ANNOUNCEMENT) != (announces is not None):
        raise Refused("送达公告请在那份没有送到的文书的页面上起草。", field="kind")
    head = LetterHead.objects.filter(office=matter.lead).first()
    begun = {
        **sources.known(matter, head),
        **sources.known_for(kind, matter),
        **earlier.carried(matter, kind, by),
    }
    if replaces is not None:
        _check_replaced(replaces, matter, kind)
        begun |= content.values_of(replaces)
        why = worded(why, "请写明为什么要用新文书替代", field="why")
    begun = content.suited(content.asked(template(kind)), {**begun, **(values or {})})
    letter = Letter(
        matter=matter,
        kind=kind,
        office=matter.lead,
        fields=content.sealed_values(begun),
        replaces=replaces,
        replaces_why=why if replaces else "",
        announces=announces,
        drafted_by=by,
        drafted_at=now,
    )
    with transaction.atomic():
        if replaces is not None and _live_successor(replaces):
            raise Refused(f"{replaces.number}已经有一份替代它的文书，请在那一份上办理。", field="replaces")
        keep(letter, Act.DRAFTED, by=by, now=now, to=State.DRAFT, note=letter.replaces_why)
    return Letter.objects.select_related("matter__lead", "office", "replaces").get(pk=letter.pk)


def edit(
    letter: Letter, values: Mapping[str, Any], *, by: User, now: dt.datetime, expected_version: int
) -> Letter:
    """Keep the fields as they are typed, finished or not. The same again changes nothing. Raises :class:`Refused`."""
    fields = {one.name for one in content.asked(template(letter.kind))}
    if strange := sorted(set(values) - fields):
        raise Refused(f"这种文书没有“{strange[0]}”这个字段，请刷新页面。", field=strange[0])
    with transaction.atomic():
        held = locked(letter, expected_version)
        require(held, Act.EDITED, by)
        kept = content.sealed_values({name: value for name, value in values.items() if value not in ("", [])})
        if kept.open() == content.opened(held.fields):
            return held
        held.fields = kept
        keep(held, Act.EDITED, by=by, now=now, to=State.DRAFT)
    return held


def submit(letter: Letter, *, by: User, now: dt.datetime, expected_version: int) -> Letter:
    """Send it to review; refused with everything that is missing. Raises :class:`Refused`."""
    with transaction.atomic():
        held = locked(letter, expected_version)
        require(held, Act.SUBMITTED, by)
        require_whole(held, timezone.localdate(now))
        keep(held, Act.SUBMITTED, by=by, now=now, to=State.REVIEW)
    return held


def drop(letter: Letter, *, why: str, by: User, now: dt.datetime, expected_version: int) -> Letter:
    """Give it up before it was issued. Raises :class:`Refused`."""
    why = worded(why, "请写明作废的原因", field="why")
    with transaction.atomic():
        held = locked(letter, expected_version)
        require(held, Act.DROPPED, by)
        keep(held, Act.DROPPED, by=by, now=now, to=State.DROPPED, note=why)
    return held


def require_whole(letter: Letter, on: dt.date) -> None:
    """Raises :class:`Refused` naming all that is missing or wrong."""
    head = LetterHead.objects.filter(office=letter.office).first()
    found = content.problems(letter.kind, content.values_of(letter), head, on)
    if found:
        shown = "".join(one.sentence for one in found[:_SHOWN])
        more = f"（共{len(found)}处）" if len(found) > _SHOWN else ""
        raise Refused(f"这份文书还没有填完{more}：{shown}", field=found[0].field)


_SHOWN = 12
#: key of the public notice; begun from the letter that it announces
ANNOUNCEMENT = "service_announcement"


def _check_replaced(old: Letter, matter: Matter, kind: str) -> None:
    if old.matter_id != matter.pk or old.kind != kind:
        raise Refused("新文书须与它替代的文书同属一件事项、同一种文书。", field="replaces")
    if old.state not in NUMBERED:
        raise Refused("这份文书还没有签发，直接修改或作废即可，不需要替代。", field="replaces")
    if old.state == State.REPLACED:
        raise Refused(f"{old.number}已经被替代，请对替代它的文书办理。", field="replaces")


def _live_successor(old: Letter) -> bool:
    return old.successors.exclude(state=State.DROPPED).exists()
