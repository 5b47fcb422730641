"""Due days worked out anew when the calendar or a value of the law has changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from anxin.casework.computing import WORKED_OUT, loaded, work_out
from anxin.casework.models import Deadline, Matter, OversightMark, Step, Task
from anxin.evidence import journal
from anxin.evidence.journal import SYSTEM
from anxin.law import Law

_BATCH = 500
#: rules of counting: every length rests on them
_GENERAL = "period_counting."
_NOTE = 1000


@dataclass(frozen=True)
class Moved:
    """A due day that is another one now."""

    deadline: Deadline
    was: dt.date | None
    due: dt.date | None


def recompute(
    reason: str, *, law: Law, now: dt.datetime, parameter: str = "", region: str = ""
) -> list[Moved]:
    """Work out every clock that still runs (of one parameter, in a region's subtree); returns what moved.

    Read and written by batches of 500, each a transaction with one journal entry that says what moved from
    when to when. Doing it again changes nothing.
    """
    rows = Deadline.objects.filter(met_on__isnull=True, ended_on__isnull=True)
    if parameter and not parameter.startswith(_GENERAL):
        rows = rows.filter(parameter__in=_family(law, parameter))
    if region:
        # Something between two regions also answers to the other one's agreements.
        rows = rows.filter(Q(region_code__startswith=region) | Q(counterpart__startswith=region))
    moved: list[Moved] = []
    for keys in _batches(rows):
        with transaction.atomic():
            moved += _batch(keys, reason, law, now)
    return moved


def _family(law: Law, parameter: str) -> list[str]:
    """The parameter itself, and the one it extends: a changed extension moves what was extended."""
    keys = law.keys()
    return [parameter, *(key for key in keys if law.extension_of(key) == parameter)]


def _batches(rows: QuerySet[Deadline]) -> Iterator[list[int]]:
    last = 0
    while keys := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_BATCH]):
        yield keys
        last = keys[-1]


def _batch(keys: Sequence[int], reason: str, law: Law, now: dt.datetime) -> list[Moved]:
    # The matters first, as every step does: a step and a recomputation never overwrite each other.
    matters = Matter.objects.filter(deadlines__in=keys).values("pk")
    list(Matter.objects.select_for_update().filter(pk__in=matters).order_by("pk").values_list("pk"))
    held = Deadline.objects.filter(pk__in=keys, met_on__isnull=True, ended_on__isnull=True)
    changed, moved = [], []
    parts = ("pauses", "extensions", "restarts", "matter__lead", "matter__handler", "matter__region")
    for deadline in held.order_by("pk").prefetch_related(*parts):
        before = [getattr(deadline, name) for name in WORKED_OUT]
        was = deadline.due_on
        work_out(loaded(deadline), law)
        if before == [getattr(deadline, name) for name in WORKED_OUT]:
            continue
        changed.append(deadline)
        if deadline.due_on != was:
            moved.append(Moved(deadline, was, deadline.due_on))
            deadline.missed_on = None  # whether it was missed is looked at anew by the day's run
    Deadline.objects.bulk_update(changed, [*WORKED_OUT, "missed_on"])
    if moved:
        _carry_on(moved, timezone.localdate(now))
        _write(moved, reason, now)
    return moved


def _carry_on(moved: Sequence[Moved], today: dt.date) -> None:
    """The copies of the due day for lists follow; what is not late any more needs no oversight."""
    in_time = [item.deadline.pk for item in moved if item.due is None or item.due >= today]
    OversightMark.objects.filter(deadline__in=in_time, settled_on__isnull=True).update(settled_on=today)
    # By key and without a join: an update across one is planned badly where tables have grown quickly.
    running = [item.deadline.pk for item in moved if item.deadline.paused_since is None]
    due_on = Deadline.objects.filter(pk=OuterRef("deadline_id")).values("due_on")
    Task.objects.filter(state=Task.State.OPEN, deadline__in=running).update(due_on=Subquery(due_on))
    counting = Deadline.objects.filter(
        matter=OuterRef("pk"), nature=Deadline.Nature.LIMIT, met_on__isnull=True, ended_on__isnull=True,
        paused_since__isnull=True,
    )  # fmt: skip
    soonest = counting.order_by().values("matter").annotate(first=Min("due_on")).values("first")
    matters = {item.deadline.matter_id for item in moved}
    Matter.objects.filter(pk__in=matters).update(next_due_on=Subquery(soonest))


def _write(moved: Sequence[Moved], reason: str, now: dt.datetime) -> None:
    matters = Matter.objects.in_bulk([item.deadline.matter_id for item in moved])
    Step.objects.bulk_create([_step(item, matters[item.deadline.matter_id], reason, now) for item in moved])
    journal.record(
        actor=SYSTEM,
        action="matter.recomputed",
        object_type="deadlines",
        object_id=moved[0].deadline.pk,
        summary=f"{reason}：{len(moved)}个期限重新计算",
        now=now,
        after={"moved": [_moved_json(item, matters[item.deadline.matter_id]) for item in moved]},
    )


def _moved_json(item: Moved, matter: Matter) -> dict[str, object]:
    return {
        "matter": matter.number,
        "deadline": item.deadline.pk,
        "clock": item.deadline.clock,
        "from": item.was.isoformat() if item.was else None,
        "to": item.due.isoformat() if item.due else None,
    }


def _step(item: Moved, matter: Matter, reason: str, now: dt.datetime) -> Step:
    effect = {
        "clock": item.deadline.clock,
        "name": item.deadline.name,
        "effect": "recomputed",
        "due": item.due.isoformat() if item.due else None,
        "was": item.was.isoformat() if item.was else None,
    }
    on = max(timezone.localdate(now), matter.stepped_on)
    return Step(
        matter=matter, kind=Step.Kind.RECOMPUTED, name=f"重新计算：{item.deadline.name}"[:120],
        from_state=matter.state, to_state=matter.state, on=on, at=now, actor=SYSTEM.key,
        actor_name=SYSTEM.name, note=reason[:_NOTE], effects=[effect],
    )  # fmt: skip
