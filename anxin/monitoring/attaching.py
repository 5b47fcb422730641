"""What was reported of an employer, attached to an export beside the rows of its warnings.

The rows about employers carry what was measured. Whoever works them out again needs what it was measured of: months,
happenings, leads, links, and the thresholds of the day.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from anxin.law import Law

if TYPE_CHECKING:
    from anxin.monitoring.rules.facts import Facts

TABLES = ("employers", "employer_months", "employer_events", "clues", "employer_links")
#: thresholds that the rules about employers measure with, and gradings whose mildest step makes a sign
_LIMITS = "employer_signs."
_GRADINGS = ("e01", "e02", "e03")
#: rules that look at single happenings alone, and need no months
_HAPPENINGS = frozenset({"E04", "E05"})
#: rules that look at linked businesses, too
_LINKED = frozenset({"E08", "W18"})
_Rows = dict[int, list[dict[str, Any]]]


class Attached:
    """What was reported of some employers and of those they are linked with."""

    def __init__(self, tables: Mapping[str, pa.Table], ids: Collection[int]) -> None:
        links = _touching(tables["employer_links"], ids)
        everybody = {*ids, *(row[end] for row in links for end in ("employer_id", "other_id"))}
        self._links: _Rows = defaultdict(list)
        for row in links:
            for end in {row["employer_id"], row["other_id"]}:
                self._links[end].append(row)
        self._own = {name: _by_employer(tables[name], everybody) for name in TABLES[:-1]}

    @classmethod
    def of_facts(cls, facts: Facts, ids: Collection[int]) -> Attached:
        """From the fact tables that the rules ran over."""
        if not ids:
            return cls(_nothing(), ids)
        return cls({name: facts.fetch(getattr(facts, name)) for name in TABLES}, ids)

    @classmethod
    def of_records(cls, ids: Collection[int], *, as_of: dt.date, known_at: dt.datetime) -> Attached:
        """From the records, as a sweep of that day saw them."""
        from anxin.monitoring import snapshot

        return cls(
            snapshot.take(as_of=as_of, known_at=known_at, project_ids=(), employer_ids=tuple(ids)), ids
        )

    def beside(self, rule: str, employer_id: int, law: Law, on: dt.date) -> dict[str, Any]:
        """What stands beside the rows of one warning."""
        links = self._links.get(employer_id, []) if rule in _LINKED else []
        ids = sorted({employer_id, *(row[end] for row in links for end in ("employer_id", "other_id"))})
        told: dict[str, list[dict[str, Any]]] = {
            name: [row for one in ids for row in self._own[name].get(one, ())] for name in TABLES[:-1]
        }
        if rule in _HAPPENINGS:
            told["employer_months"] = []
        return {
            "facts": told | {"employer_links": links},
            "limits": {
                key.removeprefix(_LIMITS): law.value(key, on=on).value
                for key in law.keys()  # noqa: SIM118
                if key.startswith(_LIMITS)
            },
            "sign_gradings": {code: law.value(f"warning.{code}", on=on).value for code in _GRADINGS},
        }


def _nothing() -> dict[str, pa.Table]:
    from anxin.monitoring.facts_schema import empty

    return {name: empty(name) for name in TABLES}


def _touching(links: pa.Table, ids: Collection[int]) -> list[dict[str, Any]]:
    wanted = pa.array(sorted(ids), pa.int64())
    either = pc.or_(
        *(pc.is_in(links[end].combine_chunks(), value_set=wanted) for end in ("employer_id", "other_id"))
    )
    return _plain(links.filter(either))


def _by_employer(table: pa.Table, ids: Iterable[int]) -> _Rows:
    wanted = pa.array(sorted(ids), pa.int64())
    found: _Rows = defaultdict(list)
    for row in _plain(table.filter(pc.is_in(table["employer_id"].combine_chunks(), value_set=wanted))):
        found[row["employer_id"]].append(row)
    return found


def _plain(table: pa.Table) -> list[dict[str, Any]]:
    """Rows without what is unknown."""
    return [{name: value for name, value in row.items() if value is not None} for row in table.to_pylist()]
