"""Writing down an act: the letter under its lock, one row of its history, one entry of the journal."""

from __future__ import annotations

import datetime as dt
from typing import Any

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.evidence import journal
from anxin.evidence.journal import Actor
from anxin.kernel.refusal import Refused
from anxin.letters.life import Act, State
from anxin.letters.models import Letter, LetterAct
from anxin.typesetting.templates import template


def locked(letter: Letter, expected_version: int) -> Letter:
    """The letter as it is now, locked until the caller's transaction ends. Raises :class:`Refused`."""
    rows = Letter.objects.select_for_update(of=("self",)).select_related(
        "matter__lead", "office", "replaces", "issued_file", "sealed_file"
    )
    held = rows.get(pk=letter.pk)
    if held.version != expected_version:
        raise Refused("这份文书刚刚被其他人员办理过，页面已过时，请刷新后再办理。", field="version")
    return held


def keep(
    letter: Letter,
    act: Act,
    *,
    by: User | Actor,
    now: dt.datetime,
    to: State,
    note: str = "",
    more: dict[str, Any] | None = None,
) -> LetterAct:
    """Save the letter in its new state with its act and entry. Nothing of its fields goes into the journal."""
    who = actor(by) if isinstance(by, User) else by
    before = letter.state
    letter.state = to
    new = letter.pk is None
    if not new:
        letter.version += 1
    letter.save(force_insert=new)
    row = LetterAct.objects.create(
        letter=letter,
        act=act,
        by=by if isinstance(by, User) else None,
        by_name=who.name,
        at=now,
        note=note,
        from_state="" if new else before,
        to_state=to,
    )
    name = template(letter.kind).name
    journal.record(
        actor=who,
        action=f"letter.{act}",
        object_type="letter",
        object_id=letter.pk,
        summary=f"{act.label}《{name}》{letter.number}（{letter.matter.number}）",
        now=now,
        before=None if new else {"state": before},
        after={
            "state": to,
            "matter": letter.matter_id,
            "kind": letter.kind,
            "number": letter.number,
            **(more or {}),
        },
    )
    return row
