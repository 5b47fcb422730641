"""The rules as SQL for DuckDB, written by hand, one file a rule; over the same tables, on the same engine.

The hand-written SQL has the law as literals: months that count, days that count and floors are filled into the text.
It is written for three months before the latest word is too old, three compared months and six months of usual use;
other numbers are refused.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from string import Template

import pyarrow as pa

from anxin.funds.outflows import NOT_WAGES, OTHER_PAYEE, UNPROVED
from anxin.kernel.months import Month
from anxin.law import Law
from anxin.monitoring.engines import Engine
from anxin.monitoring.rules.law_tables import month_index

FOLDER = Path(__file__).parent / "sql"
_NUMBERS = {
    "fresh": "employer_signs.fresh_months",
    "compared": "employer_signs.compared_months",
    "base": "employer_signs.utility_base_months",
    "event_days": "employer_signs.event_days",
    "dispute_days": "employer_signs.dispute_days",
    "least_staff": "employer_signs.least_staff",
    "least_water": "employer_signs.least_water",
    "least_power": "employer_signs.least_power",
    "severe_months": "employer_signs.severe_arrears_months",
    "proof_days": "funds.outflow_proof_days",
}


def codes() -> list[str]:
    """The rules that somebody has written as SQL."""
    return sorted(path.stem for path in FOLDER.glob("*.sql") if path.stem != "shared")


class HandWritten:
    """The SQL for one day."""

    def __init__(self, law: Law, as_of: dt.date) -> None:
        numbers = {name: int(law.value(key, on=as_of).value) for name, key in _NUMBERS.items()}
        if (numbers["fresh"], numbers["compared"], numbers["base"]) != (3, 3, 6):
            raise ValueError("the SQL was written by hand for other numbers of months than the law has now")
        words = {"other_payee": OTHER_PAYEE, "not_wages": NOT_WAGES, "unproved": UNPROVED}
        marks = numbers | words | {"as_of": as_of, "this_month": month_index(Month.of(as_of))}
        self._shared, *rules = (
            Template((FOLDER / f"{name}.sql").read_text(encoding="utf-8")).substitute(marks)
            for name in ("shared", *codes())
        )
        self._rules = dict(zip(codes(), rules, strict=True))

    def run(self, engine: Engine, schemas: Mapping[str, pa.Schema]) -> dict[str, pa.Table]:
        """The rows of the rules named in ``schemas``, in those types."""
        for statement in filter(str.strip, self._shared.split(";")):
            head, query = statement.split(" AS\n", 1)
            engine.keep(head.split()[-1], query)
        return {code: engine.fetch(self._rules[code], schema) for code, schema in schemas.items()}


def differences(ours: pa.Table, theirs: pa.Table) -> int:
    """Rows that only one side has. Rows and the keys within them may come in any order."""
    import duckdb

    keys = "* REPLACE (array_to_string(list_sort(string_split(keys, '|')), '|') AS keys)"
    with duckdb.connect() as connection:
        connection.register("ours", ours)
        connection.register("theirs", theirs)
        mine, other = (f"SELECT {keys} FROM {side}" for side in ("ours", "theirs"))
        counted = connection.execute(
            f"SELECT (SELECT count(*) FROM ({mine} EXCEPT ALL {other}))"
            f" + (SELECT count(*) FROM ({other} EXCEPT ALL {mine}))"
        ).fetchone()
    return int(counted[0]) if counted else 0
