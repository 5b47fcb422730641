"""Punches that a delivered file has: kept beside those of the gates, and put into days by the same rule.

The file itself stands in its import batch, row by row; a punch keeps the row. A file speaks of a person's days from the
first to the last it has (a grid: of the whole month), and there it replaces what earlier files said; what a gate sent it
never takes back. Who a row is has been decided before, so no punch of a file is open.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils import timezone

from anxin.evidence import bulk
from anxin.evidence.kinds import ApplyContext, ApplyResult, RowProblem
from anxin.local_law.queries import current
from anxin.registry.models import Project
from anxin.workforce.day_rule import REMARKS, SINGLE, RuledDay
from anxin.workforce.deriving import Derived, FromFile, Pair, Ruled, beside, bring_in, local, midnight
from anxin.workforce.gate_people import person_code
from anxin.workforce.models import AttendanceDay, Punch, PunchBatch

if TYPE_CHECKING:
    from anxin.kernel.months import Month
    from anxin.sheets.result import AttendanceDay as ReadDay
    from anxin.sheets.result import ParsedRow

_DAY = dt.timedelta(days=1)
#: days named in one sentence about a row
_NAMED = 10


class FilePunch(NamedTuple):
    """What makes a passage of a file the same passage again."""

    worker: int
    at: dt.datetime
    direction: str


@dataclass
class Told:
    """What one file tells of punches: each with its row and the day it is written for, overtime, stated totals."""

    punches: dict[FilePunch, tuple[int, dt.date]] = field(default_factory=dict)
    overtime: dict[Pair, Decimal | None] = field(default_factory=dict)
    #: worker → first and last day of which the file speaks
    spans: dict[int, tuple[dt.date, dt.date]] = field(default_factory=dict)
    #: row → worker and the total of days it states, where its days are told by punches
    totals: dict[int, tuple[int, Decimal]] = field(default_factory=dict)


def moments(day: dt.date, read: ReadDay) -> Iterable[tuple[dt.datetime, str]]:
    """The passages of a day that was read, as moments of the bureau's time."""
    zone = timezone.get_default_timezone()
    for one in read.punches:
        yield dt.datetime.combine(day + one.days_later * _DAY, one.at, zone), one.direction


def date_of(read: ReadDay, month: Month | None) -> dt.date | None:
    """The date of a day that was read; ``None`` for a day that the month does not have."""
    if read.date is not None or month is None:
        return read.date
    return dt.date(month.year, month.number, read.day) if 1 <= read.day <= month.days else None


def without_future(
    rows: Iterable[ParsedRow], context: ApplyContext
) -> tuple[list[ParsedRow], list[RowProblem]]:
    """The rows whose punches have happened, and the others with the reason; as strict as towards a gate."""
    ahead = current().value("gates.silence", local(context.now).date()).value["ahead_minutes"]
    until = context.now + dt.timedelta(minutes=ahead)
    good, problems = [], []
    for row in rows:
        late = _first_after(row, context.month, until)
        if late is None:
            good.append(row)
            continue
        reason = f"打卡时间 {late:%Y-%m-%d %H:%M} 还没有到，请核对日期和时间；整行没有计入。"
        problems.append(RowProblem(row.number, reason, field="date"))
    return good, problems


def _first_after(row: ParsedRow, month: Month | None, until: dt.datetime) -> dt.datetime | None:
    for read in row.values.get("days") or ():
        day = date_of(read, month)
        # most days are long past: no moment is made for them
        if read.punches and day is not None and day >= until.date() - _DAY:
            for at, _ in moments(day, read):
                if at > until:
                    return at
    return None


def keep_punches(project: Project, told: Told, context: ApplyContext, result: ApplyResult) -> None:
    """Keep the file's punches, withdraw what they replace, and bring the days up. Needs the project's lock."""
    standing = _standing(project, told)
    gone = {
        punch: pk
        for punch, (pk, day) in standing.items()
        if punch not in told.punches and told.spans[punch.worker][0] <= day <= told.spans[punch.worker][1]
    }
    if not told.punches and not gone:
        return
    fresh = {punch: place for punch, place in told.punches.items() if punch not in standing}
    batch, late = _batch(project, told, fresh, context)
    for piece in bulk.chunks(gone.values()):
        Punch.objects.filter(pk__in=piece).update(withdrawn_at=context.now)
    _insert(project, batch, fresh, late)
    days = {(punch.worker, day) for punch, (_, day) in told.punches.items()}
    lost = {(punch.worker, standing[punch][1]) for punch in gone}
    derived, ruled = bring_in(
        project.pk,
        now=context.now,
        also=beside(days | lost),
        file=FromFile(context.batch.pk, told.overtime),
    )
    result.inserted += len(fresh)
    result.unchanged += len(told.punches) - len(fresh)
    result.superseded += len(gone)
    _explain(told, len(fresh), len(gone), batch, derived, ruled, context, result)
    _compare_totals(project, told, result)


def _standing(project: Project, told: Told) -> dict[FilePunch, tuple[int, dt.date]]:
    """Punches of earlier files around the days of which this one speaks: row id, and the day they are written for."""
    found: dict[FilePunch, tuple[int, dt.date]] = {}
    if not told.spans:
        return found
    first = min(first for first, _ in told.spans.values())
    last = max(last for _, last in told.spans.values())
    # A passage may be written under the day before or after; a sheet's own day may lie a day beside that.
    span = (midnight(first - 2 * _DAY), midnight(last + 3 * _DAY))
    for piece in bulk.chunks(sorted(told.spans)):
        rows = Punch.objects.filter(
            project=project,
            worker_id__in=piece,
            at__range=span,
            device__isnull=True,
            withdrawn_at__isnull=True,
        ).values_list("worker_id", "at", "direction", "pk", "file_day")
        for worker, at, direction, pk, day in rows.iterator(chunk_size=5000):
            if worker and day:
                found[FilePunch(worker, at, direction)] = (pk, day)
    return found


def _batch(
    project: Project, told: Told, fresh: Mapping[FilePunch, Any], context: ApplyContext
) -> tuple[PunchBatch, dt.datetime]:
    """The batch of these punches, and the moment before which they count as sent later than they happened."""
    received = context.batch.delivered_at
    numbers = current().value("gates.silence", local(context.now).date()).value
    late = received - dt.timedelta(minutes=numbers["backfilled_minutes"])
    batch = PunchBatch.objects.create(
        project=project,
        file_id=context.batch.pk,
        received_at=received,
        packet_sha256=context.batch.file.sha256,
        rows=len(told.punches),
        kept=len(fresh),
        repeated=len(told.punches) - len(fresh),
        refused=0,
        unresolved=0,
        backfilled=sum(punch.at < late for punch in fresh),
    )
    return batch, late


def _insert(
    project: Project, batch: PunchBatch, fresh: Mapping[FilePunch, tuple[int, dt.date]], late: dt.datetime
) -> None:
    rows = [
        (punch.worker, person_code(punch.worker), punch.at, punch.direction, punch.at < late, row, day)
        for punch, (row, day) in fresh.items()
    ]
    columns = ("worker_id", "person_key", "at", "direction", "backfilled", "sequence", "file_day")
    constants = {"batch_id": batch.pk, "project_id": project.pk, "open_reason": ""}
    bulk.pour(Punch, columns, rows, constants=constants)


# --- what the report says -------------------------------------------------------------------------------------


def _explain(
    told: Told,
    kept: int,
    withdrawn: int,
    batch: PunchBatch,
    derived: Derived,
    ruled: Ruled,
    context: ApplyContext,
    result: ApplyResult,
) -> None:
    """The punches of the file and their days in numbers, and a note at each row with a day to be looked at."""
    own = {pair: ruled[pair] for pair in told.overtime if pair in ruled}
    result.report["punches"] = {
        "read": len(told.punches),
        "kept": kept,
        "repeated": len(told.punches) - kept,
        "withdrawn": withdrawn,
        "backfilled": batch.backfilled,
        "days": sum(day.share > 0 for day, _, _ in own.values()),
        "days_new": derived.new,
        "days_changed": derived.changed,
        "days_taken_back": derived.taken_back,
        "rules": sorted({rule for _, rule, _ in own.values()}),
    }
    result.counts["punches_kept"] = kept
    said = {problem.row for problem in context.recognition.warnings}
    row_of = {(punch.worker, day): row for punch, (row, day) in told.punches.items()}
    noted: dict[int, list[str]] = defaultdict(list)
    for pair, (day, _, _) in sorted(own.items()):
        row = row_of[pair]
        if day.remark and not (day.remark == SINGLE and row in said):
            noted[row].append(_sentence(pair[1], day))
    for row, sentences in sorted(noted.items()):
        more = f"等{len(sentences)}天" if len(sentences) > _NAMED else ""
        reason = "；".join(sentences[:_NAMED]) + more + "，按折算办法暂计，请核对。"
        result.notes.append(RowProblem(row, reason, rejected=False, field="date"))


def _sentence(on: dt.date, day: RuledDay) -> str:
    return f"{on.month}月{on.day}日{REMARKS[day.remark]}，记{day.share.normalize():f}天"


def _compare_totals(project: Project, told: Told, result: ApplyResult) -> None:
    """A grid may state how many days somebody worked; where its punches come to something else, it is said."""
    if not told.totals:
        return
    spans = told.spans.values()
    first, last = min(first for first, _ in spans), max(last for _, last in spans)
    counted: dict[int, Decimal] = defaultdict(Decimal)
    for piece in bulk.chunks({worker for worker, _ in told.totals.values()}):
        days = AttendanceDay.objects.filter(
            project=project, worker_id__in=piece, superseded_at__isnull=True, day__range=(first, last)
        )
        for worker, share in days.values_list("worker_id", "share").iterator(chunk_size=5000):
            counted[worker] += share
    for row, (worker, stated) in sorted(told.totals.items()):
        if counted[worker] != stated:
            reason = f"表内写的出勤{stated.normalize():f}天，按打卡折算为{counted[worker].normalize():f}天，请核对。"
            result.notes.append(RowProblem(row, reason, rejected=False, field="days_worked"))
