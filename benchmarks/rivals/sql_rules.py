"""The rules as SQL for DuckDB, written by hand, one file a rule; over the same tables, on the same engine.

The hand-written SQL has the law as literals: months that count, days that count and floors are filled into the text.
It is written for three months before the latest word is too old, three compared months and six months of usual use;
other numbers are refused.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import accumulate
from pathlib import Path
from string import Template

import pyarrow as pa

from anxin.funds.outflows import NOT_WAGES, OTHER_PAYEE, UNPROVED
from anxin.kernel.months import Month
from anxin.law import Law
from anxin.monitoring.engines import Engine
from anxin.monitoring.facts_schema import FILE_DEVICE
from anxin.monitoring.rules.grading import lowest_limit
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
    "longest_cycle": "construction.labour_cost_cycle_max_months",
    "balance_days": "funds.balance_fresh_days",
    "paid_absent_days": "roster_absence.paid_days",
    "clue_days": "clue_density.days",
    "limitation_years": "inspection.limitation_years",
} | {
    name: f"forgery.{name}"
    for name in (
        *("months_back", "gate_share", "claimed_days", "overlap_minutes", "overlap_days", "filled_days"),
        *("cloned_days", "face_people", "face_days", "still_people", "heavy_rain", "idle_power"),
        *("copied_percent", "differs_percent", "wet_days", "card_people", "few_punches_percent"),
        *("collected_people", "collected_minutes", "emptied_percent", "emptied_days", "series_cards"),
        *("batch_days", "diverted_yuan", "returned_cards", "above_percent", "above_days"),
        *("own_rate_percent", "complaint_percent"),
    )
}
#: mildest limits of gradings: what lies below is no sign
_LIMITS = {
    "lapse_days": ("warning.w08", "days"),
    "absent_days": ("warning.w10", "days"),
    "order_days": ("warning.w16", "days"),
    "left_days": ("warning.w19", "days"),
    "least_owed": ("warning.e01", "arrears_months"),
    "least_lost": ("warning.e02", "lost_percent"),
    "least_claims": ("warning.e03", "claims"),
}
_TRADES = ("remote_trades", "watch_trades")
#: conditions that stand beside an amount
_CONDITIONS = {"crime_months": ("single", "months"), "crime_people": ("group", "people")}
#: days after the year's end to which a period of a month may reach, and the holidays behind it
_ROOM = 70


def codes() -> list[str]:
    """The rules written as SQL: all of the book, which a test sees to."""
    return sorted(path.stem for path in FOLDER.glob("*.sql") if path.stem != "shared")


class HandWritten:
    """The SQL for one day."""

    def __init__(self, law: Law, as_of: dt.date) -> None:
        numbers = {name: int(law.value(key, on=as_of).value) for name, key in _NUMBERS.items()}
        if (numbers["fresh"], numbers["compared"], numbers["base"]) != (3, 3, 6):
            raise ValueError("the SQL was written by hand for other numbers of months than the law has now")
        numbers |= {name: lowest_limit(law.value(key, on=as_of), of) for name, (key, of) in _LIMITS.items()}
        words = {"other_payee": OTHER_PAYEE, "not_wages": NOT_WAGES, "unproved": UNPROVED}
        words |= {"file_device": FILE_DEVICE}
        marks: dict[str, object] = (
            numbers | words | {"as_of": as_of, "this_month": month_index(Month.of(as_of))}
        )
        for name in _TRADES:
            known = law.value(f"forgery.{name}", on=as_of).value
            marks[name] = " OR ".join(f"contains(trade, '{word}')" for word in known)
        for name, (amount, condition) in _CONDITIONS.items():
            marks[name] = law.value(f"crime.large_amount_{amount}", on=as_of).value[condition]
        shared, *rules = (
            Template((FOLDER / f"{name}.sql").read_text(encoding="utf-8")).substitute(marks)
            for name in ("shared", *codes())
        )
        self._rules = dict(zip(codes(), rules, strict=True))
        parts = (part.split(" AS\n", 1) for part in shared.split(";") if part.strip())
        self._shared = [(head.split()[-1], query) for head, query in parts]
        self._calendar = _calendar(law, as_of)

    def run(self, engine: Engine, schemas: Mapping[str, pa.Schema]) -> dict[str, pa.Table]:
        """The rows of the rules named in ``schemas``, in those types."""
        if any("rival_calendar" in self._rules[code] for code in schemas):
            engine.put("rival_calendar", self._calendar)
        for name, query in self._needed(schemas):
            engine.keep(name, query)
        return {code: engine.fetch(self._rules[code], schema) for code, schema in schemas.items()}

    def _needed(self, codes: Iterable[str]) -> list[tuple[str, str]]:
        """The shared tables that these rules read, directly or through one another, in their order."""
        texts = [self._rules[code] for code in codes]
        needed: list[tuple[str, str]] = []
        for name, query in reversed(self._shared):
            if any(name in text for text in texts):
                needed.insert(0, (name, query))
                texts.append(query)
        return needed


def _calendar(law: Law, as_of: dt.date) -> pa.Table:
    """All days that the law's calendar knows, and some after the year: a period may begin before the first fact."""
    first = law.calendar.published_from
    days = [first + dt.timedelta(days=n) for n in range((dt.date(as_of.year, 12, 31) - first).days + _ROOM)]
    worked = [law.calendar.presumed_workday(day) for day in days]
    following: list[dt.date | None] = [None]
    for day, works in zip(reversed(days), reversed(worked), strict=True):
        following.append(day if works else following[-1])
    return pa.table(
        {
            "day": days,
            "workday": worked,
            "workday_number": list(accumulate(map(int, worked))),
            "workday_on_or_after": following[:0:-1],
        }
    )


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
