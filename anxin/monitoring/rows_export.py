"""Warnings with all their rows as JSON Lines, for whoever works them out again (``python -m checker``).

The first line tells the format and the working calendar as days; each further line is one warning with the grading
table that was in force; warnings about employers also carry what was reported of the employer (``attaching.py``). Nothing here judges: it writes what the rules gave.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from anxin.evidence import bulk
from anxin.law import Law
from anxin.monitoring.attaching import Attached
from anxin.monitoring.rules.framework import SEVERITY

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from anxin.monitoring.engine import Evaluation
    from anxin.monitoring.models import Warning
    from anxin.monitoring.rules.facts import Facts

FORMAT = "anxin-findings/2"
_CHUNK = 500
_SATURDAY = 5
_LEVELS = {number: level for level, number in SEVERITY.items()}
#: rows name the first day that counts somewhere among these
_FIRST = dt.date(2004, 1, 1)
_AHEAD = dt.timedelta(days=400)


def export_findings(evaluation: Evaluation, facts: Facts, law: Law, path: Path) -> int:
    """Every finding of a run; returns how many. ``facts`` tell the regions, from which the grading tables follow."""
    from anxin.monitoring.rules import RULES

    about = {one.subject_id for one in evaluation.findings if RULES[one.rule].subject == "employer"}
    attached = Attached.of_facts(facts, about)
    with path.open("w", encoding="utf-8") as file:
        _write(file, _head(law, evaluation.as_of))
        for finding in evaluation.findings:
            subject = RULES[finding.rule].subject
            region = facts.regions_of(subject).get(finding.subject_id, "")
            further = (
                attached.beside(finding.rule, finding.subject_id, law, finding.as_of)
                if subject == "employer"
                else {}
            )
            _write(
                file,
                further
                | {
                    "rule": finding.rule,
                    "subject": subject,
                    "subject_id": finding.subject_id,
                    "region": region,
                    "month": finding.month,
                    "as_of": finding.as_of,
                    "level": finding.level,
                    "people": finding.people,
                    "amount_fen": finding.amount_fen,
                    "days": finding.days,
                    "due": finding.due,
                    "measures": dict(finding.measures),
                    "grading": _grading(law, finding.threshold.key, finding.as_of, region),
                    "rows": evaluation.rows_of(finding),
                },
            )
    return len(evaluation.findings)


def export_warnings(warnings: QuerySet[Warning], law: Law, path: Path, *, on: dt.date) -> int:
    """Every stored warning whose facts stand; returns how many. Each counts as of the day it was last seen."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        _write(file, _head(law, on))
        for warnings_of_piece in bulk.chunks(_in_order(warnings), _CHUNK):
            attached = _attached_to(warnings_of_piece)
            for warning in warnings_of_piece:
                _write(file, _stored(warning, law, attached))
            count += len(warnings_of_piece)
    return count


def _in_order(warnings: QuerySet[Warning]) -> Iterator[Warning]:
    related = warnings.select_related("project", "employer", "sweep").prefetch_related("rows")
    return related.order_by("pk").iterator(chunk_size=_CHUNK)


def _attached_to(warnings: Iterable[Warning]) -> dict[int, Attached]:
    """By sweep: what had been reported of its employers when it looked at them."""
    by_sweep: dict[int, set[int]] = defaultdict(set)
    sweeps = {}
    for warning in warnings:
        if warning.employer_id is not None:
            by_sweep[warning.sweep_id].add(warning.employer_id)
            sweeps[warning.sweep_id] = warning.sweep
    return {
        pk: Attached.of_records(ids, as_of=sweeps[pk].as_of, known_at=sweeps[pk].known_at)
        for pk, ids in by_sweep.items()
    }


def _stored(warning: Warning, law: Law, attached: Mapping[int, Attached]) -> dict[str, Any]:
    explanation = warning.explanation
    further: dict[str, Any] = {}
    if warning.project is not None:
        subject, subject_id, region = "project", warning.project.pk, warning.project.region_id
    else:
        assert warning.employer is not None
        subject, subject_id, region = "employer", warning.employer.pk, warning.employer.region_id or ""
        further = attached[warning.sweep_id].beside(warning.rule, subject_id, law, warning.last_seen)
    return further | {
        "rule": warning.rule,
        "subject": subject,
        "subject_id": subject_id,
        "region": region,
        "month": warning.month,
        "as_of": warning.last_seen,
        "level": _LEVELS[warning.level],
        "people": warning.people,
        "amount_fen": warning.amount_fen,
        "days": warning.longest_days,
        "due": explanation["due"],
        "measures": explanation["measures"],
        "grading": _grading(law, explanation["threshold"]["key"], warning.last_seen, region),
        "rows": [
            {
                "subject_id": subject_id,
                "month": warning.month,
                "worker_key": row.worker_key or None,
                "person": row.detail.get("person") or row.worker_key or None,
                "amount_fen": row.amount_fen,
                "days": row.days,
                "keys": row.keys,
                "due": row.detail.get("due"),
                "detail": {k: value for k, value in row.detail.items() if k not in ("person", "due")},
            }
            for row in warning.rows.all()
        ],
    }


def unnamed(person: str) -> str:
    """Tells people of no known worker apart without saying who they are."""
    return hashlib.sha256(person.encode()).hexdigest()[:16]


def _grading(law: Law, key: str, on: dt.date, region: str) -> dict[str, Any]:
    table = law.value(key, on=on, region=region)
    return {"key": key, "since": table.from_, "kind": table.kind, "steps": table.value}


def _head(law: Law, last: dt.date) -> dict[str, Any]:
    """The working calendar: weekdays off and weekend days worked; unpublished years as they are presumed."""
    off: list[dt.date] = []
    worked: list[dt.date] = []
    for number in range((last + _AHEAD - _FIRST).days + 1):
        day = _FIRST + dt.timedelta(days=number)
        works, weekday = law.calendar.presumed_workday(day), day.weekday() < _SATURDAY
        if works != weekday:
            (worked if works else off).append(day)
    return {"format": FORMAT, "law": law.digest(), "calendar": {"off": off, "worked": worked}}


def _write(file: IO[str], line: Mapping[str, Any]) -> None:
    file.write(json.dumps(line, ensure_ascii=False, default=_plain) + "\n")


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Iterable):
        return list(value)
    raise TypeError(f"{type(value).__name__} cannot be exported")
