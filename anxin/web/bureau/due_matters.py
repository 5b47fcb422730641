"""Due dates of matters: one clock with its pauses, and the limit of a matter that runs out first."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from anxin.accounts.models import User
from anxin.casework import queries as casework
from anxin.casework.computing import loaded
from anxin.casework.models import Deadline as Clock
from anxin.casework.models import Matter
from anxin.casework.statuses import status
from anxin.law import Law, LawError, Pause
from anxin.law.wording import day_text
from anxin.web import clock
from anxin.web.bureau.due_parts import Kind, Part, Shown, part_of

_ONE_DAY = dt.timedelta(days=1)


def limit_shown(matter: Matter, law: Law, where: tuple[str, str]) -> Shown | None:
    """The limit of a matter that runs out first: the one its row in a list shows. ``where``: address and title."""
    if matter.next_due_on is None:
        return None
    row = matter.deadlines.filter(
        due_on=matter.next_due_on, nature=Clock.Nature.LIMIT, met_on__isnull=True, ended_on__isnull=True,
        paused_since__isnull=True,
    )  # fmt: skip
    first = row.select_related("matter__lead").order_by("pk").first()
    return _shown(first, law, where) if first else None


def _clock(user: User, pk: int, month: str, law: Law) -> Shown | None:
    row = casework.visible_deadline(user, pk)
    return _shown(row, law, _place(row.matter)) if row else None


def _matter(user: User, pk: int, month: str, law: Law) -> Shown | None:
    matter = casework.visible_matter(user, pk)
    return limit_shown(matter, law, _place(matter)) if matter else None


def _place(matter: Matter) -> tuple[str, str]:
    return reverse("matter", args=[matter.pk]), f"{matter.number}：{matter.title}"


def _shown(row: Clock, law: Law, where: tuple[str, str]) -> Shown:
    """One clock, with its pauses, extensions and restarts."""
    pauses = [
        Pause(one.first, one.resumed_on - _ONE_DAY, one.reason)
        for one in loaded(row).pauses
        if one.resumed_on and one.resumed_on > one.first
    ]
    try:
        part = part_of(law, casework.deadline_steps(row, law), pauses, heading="")
    except LawError as problem:
        part = Part("", problem=str(problem))
    standing = status(row, clock.today(), law.calendar).words
    due = None if row.paused_since else row.due_at or row.due_on
    return Shown(row.name, where, due, [part], standing, _notes(row))


def _notes(row: Clock) -> tuple[str, ...]:
    notes = []
    if row.paused_since:
        notes.append(f"自{day_text(row.paused_since)}起中止，恢复后接着计算，到期日随之推后。")
    if row.met_on:
        notes.append(f"已于{day_text(row.met_on)}完成。")
    elif row.ended_on:
        notes.append(f"自{day_text(row.ended_on)}起不再计算。")
    if row.nature == Clock.Nature.WAITING:
        notes.append("这是最短期间：期满次日起才能办理下一步。")
    elif row.nature == Clock.Nature.RIGHT:
        notes.append("这是当事人行使权利的期限，过期后不能再行使。")
    return tuple(notes)


KINDS: dict[str, Kind] = {"clock": _clock, "matter": _matter}
