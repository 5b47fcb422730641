"""The ladder for warnings on which nobody acts: first the handler, then the body's leader, then the bureau's.

Each rung is taken once: it is kept, stands in the history and in the journal, and tells people by a notice.
Whatever somebody does with the warning starts the ladder anew. Advice, what is muted, and what rules on trial
find never climb.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from anxin.accounts.access import DECIDE, HANDLE
from anxin.accounts.models import User
from anxin.evidence import bulk, journal
from anxin.evidence.journal import SYSTEM
from anxin.law import Law
from anxin.law.wording import day_text
from anxin.monitoring.access import PARTIES, SUBJECTS, may_on_warning
from anxin.monitoring.models import Escalation, Level, Warning, WarningEvent
from anxin.monitoring.queries import awake
from anxin.notices import kinds
from anxin.notices.outline import Outline
from anxin.notices.services import Message, send_many

LADDER = "monitoring.escalation"
KIND = kinds.register(
    kinds.Kind("warning_idle", "预警无人处置", "预警发出后一段时间没有人处置", frozenset({"email"}))
)
_PIECE = 500
#: warnings told one by one to one person in one night
_MOST = 5
#: what counts as work on a warning
WORK = (
    WarningEvent.Kind.ACKNOWLEDGED,
    WarningEvent.Kind.ASSIGNED,
    WarningEvent.Kind.NOTED,
    WarningEvent.Kind.ATTACHED,
    WarningEvent.Kind.CLEARING_REFUSED,
    WarningEvent.Kind.UNMUTED,
)
_WORDS = {"handler": "承办人", "leader": "承办单位领导", "bureau": "人社部门领导"}


@dataclass(frozen=True)
class Step:
    """One rung that has been reached and not yet taken."""

    warning: Warning
    since: dt.date
    rung: int
    to: str


def escalate(*, on: dt.date, now: dt.datetime, law: Law) -> int:
    """Take every rung that was reached; returns how many. Running again the same day takes none.

    Where several were reached since the last run, only the highest is taken: nobody is told twice at once.
    """
    waiting = (
        Warning.objects.filter(awake(on), advice=False)
        .exclude(state__in=[Warning.State.CLEARED, Warning.State.CLEARING])
        .select_related(*SUBJECTS, *PARTIES)
        .order_by("pk")
    )
    people = _People()
    taken = 0
    told: dict[User, list[Message]] = defaultdict(list)
    with transaction.atomic():
        for piece in bulk.chunks(waiting.iterator(chunk_size=_PIECE), _PIECE):
            steps = _reached(piece, on, law)
            for person, message in _take(steps, people, on=on, now=now):
                told[person].append(message)
            taken += len(steps)
        send_many([one for person, found in told.items() for one in _few(person, found, on)], now=now)
    return taken


def _few(person: User, messages: Sequence[Message], on: dt.date) -> Sequence[Message]:
    """What one person is told in one night: each warning, or where there are many, how many."""
    if len(messages) <= _MOST:
        return messages
    return [
        Message(
            to=person,
            kind=KIND.key,
            title=f"有{len(messages)}条预警一直没有人处置",
            body="请打开预警清单，按处置期限排列，逐条核实并记录，或者交办给能处置的同事。",
            once_key=f"warnings:idle:{on.isoformat()}",
            link="/warnings?sort=due",
            outline=Outline(count=len(messages)),
        )
    ]


def _reached(warnings: Sequence[Warning], on: dt.date, law: Law) -> list[Step]:
    keys = [warning.pk for warning in warnings]
    worked = _last_work(keys)
    done: dict[tuple[int, dt.date], int] = defaultdict(int)
    for pk, since, rung in Escalation.objects.filter(warning__in=keys).values_list(
        "warning_id", "since", "rung"
    ):
        done[(pk, since)] = max(done[(pk, since)], rung)
    found = []
    for warning in warnings:
        since = max(warning.opened_on, worked.get(warning.pk, warning.opened_on))
        idle = working_days(since, on, law)
        reached = [
            one for one in _ladder(law, warning, on) if done[(warning.pk, since)] < one["idle"] <= idle
        ]
        if reached:
            found.append(Step(warning, since, reached[-1]["idle"], reached[-1]["tell"]))
    return found


def _last_work(keys: Sequence[int]) -> dict[int, dt.date]:
    rows = WarningEvent.objects.filter(warning__in=keys, kind__in=WORK).values_list("warning_id")
    return {pk: timezone.localdate(at) for pk, at in rows.annotate(last=Max("at"))}


def _ladder(law: Law, warning: Warning, on: dt.date) -> list[dict[str, Any]]:
    value: Mapping[str, Any] = law.value(LADDER, on=on, region=warning.subject.region_id or "").value
    return sorted(value[Level(warning.level).name.lower()], key=lambda one: one["idle"])


def working_days(since: dt.date, on: dt.date, law: Law) -> int:
    """Working days after ``since``, up to and with ``on``."""
    days = (since + dt.timedelta(days=number) for number in range(1, min((on - since).days, 60) + 1))
    return sum(1 for day in days if law.calendar.presumed_workday(day))


def _take(
    steps: Sequence[Step], people: _People, *, on: dt.date, now: dt.datetime
) -> list[tuple[User, Message]]:
    """Write the rungs down; returns whom to tell what."""
    messages: list[tuple[User, Message]] = []
    events, journalled = [], []
    for step in steps:
        told = people.of(step)
        names = "、".join(str(person) for person in told) or "（没有可以提醒的人，请管理员核对账号）"
        text = f"自{day_text(step.since)}起{step.rung}个工作日没有处置，提醒{_WORDS[step.to]}：{names}。"
        events.append(
            WarningEvent(
                warning=step.warning,
                kind=WarningEvent.Kind.ESCALATED,
                at=now,
                actor=SYSTEM.key,
                actor_name=SYSTEM.name,
                text=text[:1000],
            )
        )
        messages += [(person, _message(step, person)) for person in told]
        after = {"rung": step.rung, "to": step.to, "users": [person.pk for person in told]}
        journalled.append(
            journal.Event(
                "warning.escalated", "warning", step.warning.pk, f"催办：{step.warning.sentence}", after=after
            )
        )
    Escalation.objects.bulk_create(
        Escalation(warning=step.warning, since=step.since, rung=step.rung, on=on) for step in steps
    )
    WarningEvent.objects.bulk_create(events)
    journal.record_all(journalled, actor=SYSTEM, now=now)
    return messages


def _message(step: Step, person: User) -> Message:
    warning = step.warning
    return Message(
        to=person,
        kind=KIND.key,
        title=f"预警{warning.pk}已有{step.rung}个工作日没有处置",
        body=f"{warning.sentence}请核实情况并记录结果，或者交办给能处置的同事。",
        once_key=f"warning:{warning.pk}:{step.since.isoformat()}:idle{step.rung}",
        link=f"/warnings/{warning.pk}",
        about=("warning", warning.pk),
        outline=Outline(region=warning.subject.region_id or ""),
    )


class _People:
    """Who is told, asked once a run: accounts are few, warnings are many."""

    def __init__(self) -> None:
        everybody = User.objects.filter(is_active=True, grants__isnull=False).distinct()
        self._everybody: list[User] = list(everybody.prefetch_related("grants").order_by("pk"))

    def of(self, step: Step) -> list[User]:
        warning = step.warning
        if step.to == "handler":
            if warning.assigned_to is not None and warning.assigned_to.is_active:
                return [warning.assigned_to]
            return self._body(warning, HANDLE) or self._may(warning, HANDLE)
        if step.to == "leader":
            return self._body(warning, DECIDE) or self._may(warning, DECIDE)
        return [person for person in self._may(warning, DECIDE) if _of_the_bureau(person)]

    def _may(self, warning: Warning, permission: str) -> list[User]:
        return [person for person in self._everybody if may_on_warning(person, permission, warning)]

    def _body(self, warning: Warning, permission: str) -> list[User]:
        """Those of the body that has it in hand."""
        body = warning.assigned_organisation or warning.responsible
        if body is None:
            return []
        return [person for person in self._may(warning, permission) if body.code in _bodies(person)]


def _bodies(person: User) -> Iterable[str]:
    return {grant.organisation for grant in person.grants.all()} - {""}


def _of_the_bureau(person: User) -> bool:
    """Whose grant is for a place and not for one body's projects."""
    return any(not grant.organisation for grant in person.grants.all())
