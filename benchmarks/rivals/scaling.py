"""A part of a city, or several cities of the same kind side by side: for measuring growth."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from anxin.monitoring.engines import Engine
from anxin.monitoring.facts_schema import SCHEMAS

#: columns that name a person, a card or a thing: every further city has its own
_NAMES = ("worker_key", "name_key", "payee_key", "card", "phone", "device", "face", "to_account", "series")
#: column by which a table is cut, the first that it has
_CUT = ("project_id", "employer_id", "site_id", "order_id", "clue_id", "warning_id")
_APART = 1_000_000_000
_PARTS = 1000


def scale(engine: Engine, times: float, names: Iterable[str] = SCHEMAS) -> dict[str, pa.Table]:
    """Facts that the engine holds as tables: those of a part of all projects and employers, or several times over."""
    if times >= 1 and times != int(times):
        raise ValueError("a city is taken several times over in whole numbers, or a part of it")
    return {
        name: engine.fetch(_copies(name, int(times)) if times >= 1 else _part(name, times), schema)
        for name, schema in ((name, SCHEMAS[name]) for name in names)
    }


def _part(name: str, share: float) -> str:
    kept = int(share * _PARTS)

    def within(column: str) -> str:
        # spread evenly, and the same for a firm wherever it stands
        return f"({column} * 7919) % {_PARTS} < {kept}"

    columns = SCHEMAS[name].names
    if name == "payments":
        lines = f"SELECT line_id FROM payroll_lines WHERE {within('project_id')}"
        return f"SELECT * FROM payments WHERE line_id IN ({lines})"
    if name in ("cards", "card_flows"):
        people = f"SELECT card FROM enrolments WHERE {within('project_id')}"
        return f"SELECT * FROM {name} WHERE card IN ({people})"
    by = next((column for column in _CUT if column in columns), None)
    if by is None:
        return f"SELECT * FROM {name}"
    rest = f"({by} IS NULL OR {within(by)})"
    return f"SELECT * FROM {name} WHERE {rest}"


def _copies(name: str, times: int) -> str:
    schema = SCHEMAS[name]
    if name == "source_months":
        return f"SELECT * FROM {name}"
    return " UNION ALL ".join(
        f"SELECT {', '.join(_moved(field, nth) for field in schema)} FROM {name}" for nth in range(times)
    )


def _moved(field: pa.Field, nth: int) -> str:
    quoted = f'"{field.name}"'
    if nth and field.name.endswith("_id") and pa.types.is_integer(field.type):
        return f"{quoted} + {nth * _APART} AS {quoted}"
    if nth and field.name in _NAMES:
        return f"{quoted} || '~{nth}' AS {quoted}"
    return quoted
