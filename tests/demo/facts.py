"""The facts of the loaded city, held against each other: part and whole, two engines, two databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pyarrow as pa
from django.apps import apps
from django.db import connections
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.models import Model

from anxin.local_law import queries as local_law
from anxin.monitoring import snapshot
from anxin.monitoring.engine import Evaluation, evaluate
from anxin.monitoring.engines.base import Engine
from anxin.monitoring.rules import RULES, Facts
from anxin.monitoring.store.partitions import fingerprint, split

_BATCH = 2_000


def tables_of(now: dt.datetime, projects: Sequence[int] | None = None) -> dict[str, pa.Table]:
    return snapshot.take(as_of=now.date(), known_at=now, project_ids=projects)


def evaluated(tables: dict[str, pa.Table], now: dt.datetime, engine: Engine | None = None) -> Evaluation:
    facts = Facts.from_arrow(tables, engine=engine, regions=snapshot.regions())
    try:
        return evaluate(facts, local_law.current(known_at=now), now.date())
    finally:
        facts.close()


def said_of(run: Evaluation, project: int) -> dict[str, list[object]]:
    """Findings, gaps and rows about one project."""
    codes = [code for code, rule in RULES.items() if rule.subject == "project"]
    said: dict[str, list[object]] = {
        "findings": [one for one in run.findings if one.rule in codes and one.subject_id == project],
        "gaps": [one for one in run.gaps if one.rule in codes and one.subject_id == project],
    }
    for code in codes:
        said[code] = [row for row in run.rows_table(code).to_pylist() if row["subject_id"] == project]
    return said


def everything(run: Evaluation) -> dict[str, object]:
    rows = {code: (run.rows_table(code).schema, run.rows_table(code).to_pylist()) for code in RULES}
    return {"findings": run.findings, "gaps": run.gaps, "skipped": run.skipped, **rows}


def partitions(tables: dict[str, pa.Table]) -> dict[str, dict[str, tuple[str, str]]]:
    """Table → month → its types, and the hash of its values."""
    return {
        name: {month: (str(rows.schema), fingerprint(rows)) for month, rows in split(name, table)}
        for name, table in tables.items()
    }


@contextmanager
def copied_to_sqlite(file: Path) -> Iterator[None]:
    """All records in a new SQLite database, which the product works on meanwhile."""
    own = connections["default"]
    settings = {**own.settings_dict, "ENGINE": "django.db.backends.sqlite3", "NAME": str(file), "OPTIONS": {}}
    other = DatabaseWrapper(settings, "default")
    connections["copy"] = other
    try:
        _copy()
        connections["default"] = other
        yield
    finally:
        connections["default"] = own
        del connections["copy"]
        other.close()


def _copy() -> None:
    kinds = [kind for kind in apps.get_models() if kind._meta.managed]
    with connections["copy"].schema_editor() as editor:
        for kind in kinds:
            editor.create_model(kind)
    with connections["copy"].constraint_checks_disabled():
        for kind in kinds:
            _copy_rows(kind)


def _copy_rows(kind: type[Model]) -> None:
    rows = kind._base_manager.using("default").order_by("pk").iterator(_BATCH)
    while piece := list(islice(rows, _BATCH)):
        kind._base_manager.using("copy").bulk_create(piece)
