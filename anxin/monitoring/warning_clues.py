"""Warnings of unpaid wages become clues: by an officer's click, and by themselves at the end of a sweep.

A warning is one clue at most: whoever makes it holds the warning's row, and the clue carries the warning's number as its
sender's. What became of a warning afterwards (its facts are gone, it was cleared, it came back) is told to its clue as
another telling of the same sender. Both are worked out from what stands, so a task that was killed is simply run again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from anxin.accounts.models import User
from anxin.clues.intake import LONGEST_TITLE, WAGE_MONTH, Given, Voice, take_in
from anxin.clues.models import Clue, Telling
from anxin.clues.registering import clue_from_facts
from anxin.evidence import bulk
from anxin.evidence.journal import SYSTEM
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.monitoring.models import Level, Warning
from anxin.monitoring.project_standing import UNPAID_RULES
from anxin.monitoring.queries import awake

#: ``{by_itself, level}`` of a place: whether warnings become clues by themselves, and from which grade on
BY_ITSELF = "monitoring.clues_from_warnings"
#: under this name its clue says how the warning stood when it last told
STANDING = "warning"
STANDS, GONE = "未消除", "已消除"
#: somebody who asks that a warning be cleared has looked at it already
_WAITING = (Warning.State.OPEN, Warning.State.ACKNOWLEDGED, Warning.State.ASSIGNED)
_PREFIX = "预警"
_PIECE = 200
_SUBJECTS = ("project__region", "employer__region")


def number_of(warning: Warning) -> str:
    """The sender's number of its clue."""
    return f"{_PREFIX}{warning.pk}"


def of_wages(warning: Warning) -> bool:
    """Whether it is about wages that people did not get."""
    return warning.rule in UNPAID_RULES and not warning.advice


def make_clue(warning: Warning, *, by: User, now: dt.datetime) -> Clue:
    """An officer makes a clue of it. The caller has checked that the person may. Raises :class:`Refused`."""
    with transaction.atomic():
        held = Warning.objects.select_for_update(of=("self",)).select_related(*_SUBJECTS).get(pk=warning.pk)
        if not of_wages(held) or held.state == Warning.State.CLEARED:
            raise Refused("只有工资逾期、还没有消除的预警可以转为线索。")
        return clue_from_facts(_voice(held, now), _known(held), why=_why(held), by=by, now=now)


def take_in_warnings(*, on: dt.date, now: dt.datetime, law: Law) -> int:
    """Clues of all warnings that a place lets become clues by themselves and that are none yet; returns how many."""
    made = 0
    for piece in bulk.chunks(list(_due(on, law)), _PIECE):
        with transaction.atomic():
            held = list(
                _standing(on).filter(pk__in=piece).select_for_update(of=("self",))
                .select_related(*_SUBJECTS).order_by("pk")
            )  # fmt: skip
            done = _made([number_of(one) for one in held])
            voices = [
                replace(_voice(one, now), given=Given(_known(one), _why(one), SYSTEM.name))
                for one in held
                if number_of(one) not in done
            ]
            take_in(voices, actor=SYSTEM, now=now)
            made += len(voices)
    return made


def tell_clues(*, now: dt.datetime) -> int:
    """Tell open clues of warnings what has become of these since they told last; returns how many were told."""
    said = dict(_open_tellings().values_list("clue__sender_number", "said"))
    keys = [int(number.removeprefix(_PREFIX)) for number in said if number.removeprefix(_PREFIX).isdecimal()]
    told = 0
    for piece in bulk.chunks(sorted(keys), _PIECE):
        with transaction.atomic():
            rows = Warning.objects.filter(pk__in=piece).select_related(*_SUBJECTS)
            warnings = {number_of(one): one for one in rows}
            again = [
                (clue, _voice(warnings[clue.sender_number], clue.received_at, since=now))
                for clue in _held_clues(list(warnings))
                if clue.said_standing != _standing_words(warnings[clue.sender_number])  # type: ignore[attr-defined]
            ]
            if again:
                take_in([], actor=SYSTEM, now=now, again=again)
            told += len(again)
    return told


def _due(on: dt.date, law: Law) -> Sequence[int]:
    """The keys of warnings at or above the grade of their place, without a clue; three queries."""
    rows = list(
        _standing(on).values_list("pk", "level", "project__region_id", "employer__region_id").order_by("pk")
    )
    least = {region: _least(region, on, law) for region in {row[2] or row[3] for row in rows}}
    found = [pk for pk, level, site, firm in rows if (bound := least[site or firm]) and level >= bound]
    done = _made([f"{_PREFIX}{pk}" for pk in found])
    return [pk for pk in found if f"{_PREFIX}{pk}" not in done]


def _standing(on: dt.date) -> QuerySet[Warning]:
    """Warnings of unpaid wages that wait for somebody, of a known place."""
    somewhere = Q(project__isnull=False) | Q(employer__region__isnull=False)
    return Warning.objects.filter(
        awake(on), somewhere, rule__in=UNPAID_RULES, advice=False, state__in=_WAITING
    )


def _least(region: str, on: dt.date, law: Law) -> int:
    """The grade from which warnings of a place become clues by themselves; 0: not at all there."""
    value = law.value(BY_ITSELF, on, region).value
    return Level[value["level"].upper()].value if value["by_itself"] else 0


def _made(numbers: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for piece in bulk.chunks(numbers):
        rows = Clue.objects.filter(channel=Clue.Channel.SWEEP, sender_number__in=piece)
        found.update(rows.values_list("sender_number", flat=True))
    return found


def _open_tellings() -> QuerySet[Telling]:
    return Telling.objects.filter(
        clue__channel=Clue.Channel.SWEEP, superseded_at__isnull=True
    ).exclude(clue__state=Clue.State.CLOSED)  # fmt: skip


def _held_clues(numbers: Sequence[str]) -> list[Clue]:
    """The open clues of these, locked, with the key of what they say now and how the warning stood then."""
    clues = {
        one.pk: one
        for one in Clue.objects.select_for_update()
        .filter(channel=Clue.Channel.SWEEP, sender_number__in=numbers)
        .exclude(state=Clue.State.CLOSED)
        .order_by("pk")
    }
    for pk, clue_id, said in _open_tellings().filter(clue__in=clues).values_list("pk", "clue_id", "said"):
        clue = clues[clue_id]
        clue.telling_id, clue.said_standing = pk, said.get(STANDING, STANDS)  # type: ignore[attr-defined]
    return [one for one in clues.values() if hasattr(one, "telling_id")]


def _voice(warning: Warning, received_at: dt.datetime, *, since: dt.datetime | None = None) -> Voice:
    """What the warning says. ``since``: it tells again, because it is cleared now or came back."""
    gone = warning.state == Warning.State.CLEARED
    happened = ""
    if since is not None:
        happened = (
            f"这条预警已于{warning.cleared_on}消除，请核实工资是否付清。" if gone else "这条预警又出现了。"
        )
    return Voice(
        channel=Clue.Channel.SWEEP,
        kind=Clue.Kind.REPORT,
        region=warning.subject.region_id or "",
        received_at=received_at,
        title=f"{warning.subject}工资逾期未发"[:LONGEST_TITLE],
        text=f"{happened}{warning.sentence}（{number_of(warning)}，由监测预警转来）",
        sender_number=number_of(warning),
        said={WAGE_MONTH: warning.month, STANDING: _standing_words(warning)},
        project=warning.project,
        employer=warning.employer,
    )


def _standing_words(warning: Warning) -> str:
    return GONE if warning.state == Warning.State.CLEARED else STANDS


def _known(warning: Warning) -> dict[str, Any]:
    """What need not be read from its words."""
    known: dict[str, Any] = {"arrears": True, "construction": warning.project is not None}
    known |= {"people": warning.people} if warning.people else {}
    known |= {"amount_fen": warning.amount_fen} if warning.amount_fen else {}
    return known


def _why(warning: Warning) -> str:
    return f"{number_of(warning)}的数据"
