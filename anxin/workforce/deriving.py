"""Punches become days: the run that takes what arrived since the last one, project by project.

A day's row is compared with what stands: a sheet that somebody delivered and a correction by a person stand against
the gate; a day the gate made is replaced when its punches say something else now. The result depends on the punches
that are here, not on the order in which they came, so a run may be repeated, cut off, or done twice at once.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from anxin.evidence import bulk
from anxin.evidence.journal import SYSTEM, record
from anxin.law import Law
from anxin.local_law.queries import current
from anxin.registry.models import Project
from anxin.workforce.day_rule import DayRule, Passage, RuledDay, ruled_days
from anxin.workforce.gate_people import claimed, on_roster
from anxin.workforce.models import AttendanceDay, IdentityClaim, Punch, PunchBatch

RULE = "gates.day_rule"
_DAY = dt.timedelta(days=1)
Pair = tuple[int, dt.date]


class Derived(NamedTuple):
    """How many batches were taken in, and how many days are new, changed or taken back."""

    batches: int = 0
    new: int = 0
    changed: int = 0
    taken_back: int = 0


class _Standing(NamedTuple):
    pk: int
    source: str
    share: Decimal
    hours: Decimal | None
    rule: str
    remark: str


def waiting_projects() -> list[int]:
    """Projects with punches that are not in the days yet."""
    found = PunchBatch.objects.filter(derived_at__isnull=True).order_by("project_id")
    return list(found.values_list("project_id", flat=True).distinct())


def derive_days(project_id: int, *, now: dt.datetime, also: Iterable[Pair] = ()) -> Derived:
    """Put the project's new punches into days; ``also`` names days to be worked out anew without new punches."""
    with transaction.atomic():
        project = Project.objects.select_for_update(of=("self",)).get(pk=project_id)
        batches = list(
            PunchBatch.objects.filter(project=project, derived_at__isnull=True).values_list("pk", flat=True)
        )
        pairs = _beside(_touched(batches)) | set(also)
        new, changed, taken_back = _bring_up(project, pairs, now)
        for piece in bulk.chunks(batches):
            PunchBatch.objects.filter(pk__in=piece).update(derived_at=now)
        derived = Derived(len(batches), new, changed, taken_back)
        if any(derived[1:]):
            _journal(project, derived, now)
    return derived


def _journal(project: Project, derived: Derived, now: dt.datetime) -> None:
    summary = f"闸机打卡折算出勤：新增{derived.new}天、变更{derived.changed}天、撤回{derived.taken_back}天"
    record(
        actor=SYSTEM,
        action="attendance.derived",
        object_type="project",
        object_id=project.pk,
        summary=summary,
        now=now,
        after={"project_ids": [project.pk], **derived._asdict()},
    )


def _touched(batches: Iterable[int]) -> set[Pair]:
    """(worker, local day) of the punches in these batches."""
    pairs: set[Pair] = set()
    for piece in bulk.chunks(batches):
        rows = Punch.objects.filter(batch_id__in=piece, worker__isnull=False).values_list("worker_id", "at")
        pairs |= {(worker, local(at).date()) for worker, at in rows.iterator(chunk_size=5000) if worker}
    return pairs


def _beside(pairs: Iterable[Pair]) -> set[Pair]:
    """A punch may move the end of a shift from one day to the one beside it."""
    return {(worker, day + step * _DAY) for worker, day in pairs for step in (-1, 0, 1)}


def _bring_up(project: Project, pairs: set[Pair], now: dt.datetime) -> tuple[int, int, int]:
    if not pairs:
        return 0, 0, 0
    ruled = days_of_project(project, pairs)
    standing = _standing(project, pairs)
    new: list[tuple[Any, ...]] = []
    replaced: list[int] = []
    changed = 0
    for pair in sorted(pairs):
        old, (said, rule) = standing.get(pair), ruled.get(pair, (None, ""))
        if old is not None and old.source != AttendanceDay.Source.GATE:
            continue
        worked = said is not None and said.share > 0
        if said is None or not worked:
            replaced += [old.pk] if old else []
            continue
        if old is not None:
            if old[2:] == (said.share, said.hours, rule, said.remark):
                continue
            replaced.append(old.pk)
            changed += 1
        new.append((*pair, said.share, said.hours, rule, said.remark))
    _write(project, new, replaced, now)
    return len(new) - changed, changed, len(replaced) - changed


def _write(project: Project, new: list[tuple[Any, ...]], replaced: Iterable[int], now: dt.datetime) -> None:
    for piece in bulk.chunks(replaced):
        AttendanceDay.objects.filter(pk__in=piece).update(superseded_at=now)
    bulk.insert(
        AttendanceDay,
        ("worker_id", "day", "share", "hours", "rule", "remark"),
        new,
        constants={"project_id": project.pk, "recorded_at": now, "source": AttendanceDay.Source.GATE},
    )


def days_of_project(project: Project, pairs: Iterable[Pair]) -> dict[Pair, tuple[RuledDay, str]]:
    """What the punches that are here say about these days, and the rule's version."""
    wanted: dict[int, list[dt.date]] = defaultdict(list)
    for worker, day in pairs:
        wanted[worker].append(day)
    passages = _passages(project, wanted)
    rule_on = _rules(current(), project.region_id)
    found: dict[Pair, tuple[RuledDay, str]] = {}
    for worker, days in wanted.items():
        own = passages.get(worker)
        if not own:
            continue
        by_rule: dict[DayRule, list[dt.date]] = defaultdict(list)
        for day in days:
            by_rule[rule_on(day)].append(day)
        for rule, these in by_rule.items():
            ruled = ruled_days(own, rule)
            found.update({(worker, day): (ruled[day], rule.version) for day in these if day in ruled})
    return found


def _rules(law: Law, region: str) -> Any:
    @cache
    def rule_on(day: dt.date) -> DayRule:
        value = law.value(RULE, day, region)
        return DayRule.of(f"{RULE}/{value.from_}", value.value)

    return rule_on


def _passages(project: Project, wanted: Mapping[int, list[dt.date]]) -> dict[int, list[Passage]]:
    """Worker → punches around the wanted days, in local time."""
    first = min(min(days) for days in wanted.values()) - _DAY
    last = max(max(days) for days in wanted.values()) + 3 * _DAY
    span = (_midnight(first), _midnight(last))
    found: dict[int, list[Passage]] = defaultdict(list)
    zone = timezone.get_default_timezone()
    for piece in bulk.chunks(sorted(wanted)):
        rows = Punch.objects.filter(project=project, worker_id__in=piece, at__range=span).values_list(
            "worker_id", "at", "direction"
        )
        for worker, at, direction in rows.iterator(chunk_size=5000):
            if worker:
                found[worker].append(Passage(at.astimezone(zone), direction))
    return found


def _standing(project: Project, pairs: set[Pair]) -> dict[Pair, _Standing]:
    days = [day for _, day in pairs]
    found: dict[Pair, _Standing] = {}
    for piece in bulk.chunks(sorted({worker for worker, _ in pairs})):
        rows = AttendanceDay.objects.filter(
            project=project,
            superseded_at__isnull=True,
            worker_id__in=piece,
            day__range=(min(days), max(days)),
        ).values_list("worker_id", "day", *_Standing._fields[:1], *_Standing._fields[1:])
        found.update({(worker, day): _Standing(*rest) for worker, day, *rest in rows})
    return found


def local(at: dt.datetime) -> dt.datetime:
    """A moment in the bureau's own time."""
    return at.astimezone(timezone.get_default_timezone())


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), timezone.get_default_timezone())


# --- the roster catches up ---------------------------------------------------------------------------------


def resolve_open(project_id: int) -> int:
    """Give the site's open punches their person, now that the roster knows more; returns how many."""
    waiting = Punch.objects.filter(
        project_id=project_id, worker__isnull=True, open_reason=Punch.Open.NOT_ON_ROSTER
    )
    keys = set(waiting.values_list("person_key", flat=True).distinct())
    found = on_roster(project_id, keys) if keys else {}
    resolved = 0
    with transaction.atomic():
        batches: set[int] = set()
        for key, (worker, _) in sorted(found.items()):
            # One statement a person: those who had been missing from the roster are few.
            own = waiting.filter(person_key=key)
            batches |= set(own.values_list("batch_id", flat=True).distinct())
            resolved += own.update(worker_id=worker, open_reason="")
        for piece in bulk.chunks(batches):
            PunchBatch.objects.filter(pk__in=piece).update(derived_at=None)
    return resolved


def follow_claim(claim: IdentityClaim) -> set[Pair]:
    """Let the punches that hang on a claim follow its decision; returns the days that may have changed."""
    own = Punch.objects.filter(claim=claim)
    rows = list(own.values_list("worker_id", "at"))
    new = claimed("", claim.worker_id, claim)
    own.update(worker_id=new.worker_id, open_reason=new.open_reason)
    return _beside({(claim.worker_id, local(at).date()) for _, at in rows})
