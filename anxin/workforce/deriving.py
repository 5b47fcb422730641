"""Punches become days: the run that takes what arrived since the last one, project by project.

One rule for all punches, whether a gate sent them or a file has them; a delivered file is taken in at once. A day's row
is compared with what stands: marks in a sheet that somebody delivered and a correction by a person stand against the
punches; a day that punches made is replaced when they say something else now. The result depends on the punches
that are here, not on the order in which they came, so a run may be repeated, cut off, or done twice at once.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class FromFile:
    """The delivered file on whose behalf a run is made, and the overtime that people wrote beside punches."""

    batch: int
    overtime: Mapping[Pair, Decimal | None] = field(default_factory=dict)


class Origin(NamedTuple):
    """Where a day's first punch out of a file is written; empty for days of gates alone."""

    batch: int | None = None
    row: int | None = None


class _Standing(NamedTuple):
    pk: int
    source: str
    overtime: Decimal | None
    share: Decimal
    hours: Decimal | None
    rule: str
    remark: str
    batch: int | None
    row: int | None


#: day → what its punches come to, the rule's version, and the file that has them
Ruled = dict[Pair, tuple[RuledDay, str, Origin]]


def waiting_projects() -> list[int]:
    """Projects with punches that are not in the days yet."""
    found = PunchBatch.objects.filter(derived_at__isnull=True).order_by("project_id")
    return list(found.values_list("project_id", flat=True).distinct())


def derive_days(project_id: int, *, now: dt.datetime, also: Iterable[Pair] = ()) -> Derived:
    """Put the project's new punches into days; ``also`` names days to be worked out anew without new punches."""
    return bring_in(project_id, now=now, also=also)[0]


def bring_in(
    project_id: int, *, now: dt.datetime, also: Iterable[Pair] = (), file: FromFile | None = None
) -> tuple[Derived, Ruled]:
    """:func:`derive_days` with what the punches of all days it looked at come to."""
    with transaction.atomic():
        project = Project.objects.select_for_update(of=("self",)).get(pk=project_id)
        batches = list(
            PunchBatch.objects.filter(project=project, derived_at__isnull=True).values_list("pk", flat=True)
        )
        pairs = beside(_touched(batches)) | set(also)
        ruled = days_of_project(project, pairs) if pairs else {}
        new, changed, taken_back = _bring_up(project, pairs, ruled, now, file)
        for piece in bulk.chunks(batches):
            PunchBatch.objects.filter(pk__in=piece).update(derived_at=now)
        derived = Derived(len(batches), new, changed, taken_back)
        if any(derived[1:]):
            _journal(project, derived, now)
    return derived, ruled


def _journal(project: Project, derived: Derived, now: dt.datetime) -> None:
    summary = f"打卡折算出勤：新增{derived.new}天、变更{derived.changed}天、撤回{derived.taken_back}天"
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
        rows = Punch.objects.filter(
            batch_id__in=piece, worker__isnull=False, withdrawn_at__isnull=True
        ).values_list("worker_id", "at")
        pairs |= {(worker, local(at).date()) for worker, at in rows.iterator(chunk_size=5000) if worker}
    return pairs


def beside(pairs: Iterable[Pair]) -> set[Pair]:
    """A punch may move the end of a shift from one day to the one beside it."""
    return {(worker, day + step * _DAY) for worker, day in pairs for step in (-1, 0, 1)}


def _bring_up(
    project: Project, pairs: set[Pair], ruled: Ruled, now: dt.datetime, file: FromFile | None
) -> tuple[int, int, int]:
    if not pairs:
        return 0, 0, 0
    standing = _standing(project, pairs)
    overtime = file.overtime if file else {}
    new: list[tuple[Any, ...]] = []
    replaced: list[int] = []
    changed = 0
    for pair in sorted(pairs):
        old, (said, rule, origin) = standing.get(pair), ruled.get(pair, (None, "", Origin()))
        if old is not None and old.source != AttendanceDay.Source.GATE:
            continue
        if said is None or said.share <= 0:
            replaced += [old.pk] if old else []
            continue
        # Overtime is no punch: what people wrote stays until a file that speaks of the day writes something else.
        extra = overtime.get(pair, old.overtime if old else None)
        row = (extra, said.share, said.hours, rule, said.remark, *origin)
        if old is not None:
            if old[2:] == row:
                continue
            replaced.append(old.pk)
            changed += 1
        new.append((*pair, *row))
    _write(project, new, replaced, now, file)
    return len(new) - changed, changed, len(replaced) - changed


def _write(
    project: Project,
    new: list[tuple[Any, ...]],
    replaced: Iterable[int],
    now: dt.datetime,
    file: FromFile | None,
) -> None:
    bulk.supersede(AttendanceDay, replaced, by=file.batch if file else None, now=now)
    bulk.insert(
        AttendanceDay,
        ("worker_id", "day", "overtime_hours", "share", "hours", "rule", "remark", "batch_id", "row_number"),
        new,
        constants={"project_id": project.pk, "recorded_at": now, "source": AttendanceDay.Source.GATE},
    )


def days_of_project(project: Project, pairs: Iterable[Pair]) -> Ruled:
    """What the punches that are here say about these days, the rule's version, and the file behind them."""
    wanted: dict[int, list[dt.date]] = defaultdict(list)
    for worker, day in pairs:
        wanted[worker].append(day)
    passages = _passages(project, wanted)
    rule_on = _rules(current(), project.region_id)
    found: Ruled = {}
    for worker, days in wanted.items():
        own = passages.get(worker)
        if not own:
            continue
        by_rule: dict[DayRule, list[dt.date]] = defaultdict(list)
        for day in days:
            by_rule[rule_on(day)].append(day)
        for rule, these in by_rule.items():
            ruled = ruled_days(own, rule)
            for day in these:
                if day in ruled:
                    files = (own[one] for one in ruled[day].punches)
                    origin = next((one for one in files if one.batch), Origin())
                    found[worker, day] = (ruled[day], rule.version, origin)
    return found


def _rules(law: Law, region: str) -> Any:
    @cache
    def rule_on(day: dt.date) -> DayRule:
        value = law.value(RULE, day, region)
        return DayRule.of(f"{RULE}/{value.from_}", value.value)

    return rule_on


def _passages(project: Project, wanted: Mapping[int, list[dt.date]]) -> dict[int, dict[Passage, Origin]]:
    """Worker → punches around the wanted days in local time, with the file that has them."""
    first = min(min(days) for days in wanted.values()) - _DAY
    last = max(max(days) for days in wanted.values()) + 3 * _DAY
    span = (midnight(first), midnight(last))
    found: dict[int, dict[Passage, Origin]] = defaultdict(dict)
    zone = timezone.get_default_timezone()
    for piece in bulk.chunks(sorted(wanted)):
        rows = Punch.objects.filter(
            project=project, worker_id__in=piece, at__range=span, withdrawn_at__isnull=True
        ).values_list("worker_id", "at", "direction", "batch__file_id", "sequence")
        for worker, at, direction, file, row in rows.iterator(chunk_size=5000):
            if worker:
                passage = Passage(at.astimezone(zone), direction)
                if file or passage not in found[worker]:
                    found[worker][passage] = Origin(file, row if file else None)
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
        ).values_list(
            "worker_id", "day", "pk", "source", "overtime_hours",
            "share", "hours", "rule", "remark", "batch_id", "row_number",
        )  # fmt: skip
        found.update({(row[0], row[1]): _Standing(*row[2:]) for row in rows})
    return found


def local(at: dt.datetime) -> dt.datetime:
    """A moment in the bureau's own time."""
    return at.astimezone(timezone.get_default_timezone())


def midnight(day: dt.date) -> dt.datetime:
    """The beginning of a day in the bureau's own time."""
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
    return beside({(claim.worker_id, local(at).date()) for _, at in rows})
