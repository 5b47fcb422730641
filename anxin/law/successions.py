"""Which procedure may go on where another has come to: mediation, then inspection, then arbitration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anxin.law.errors import DataError
from anxin.law.procedures import Procedure
from anxin.law.statutes import Reference, Statute, parse_references

_KEYS = {"from", "states", "opens", "says", "references"}


@dataclass(frozen=True)
class Succession:
    """From a matter of ``follows``, standing in one of ``states`` (anywhere where it is empty), ``opens`` may be begun."""

    follows: str
    states: tuple[str, ...]
    opens: str
    #: when it is done, one sentence
    says: str
    references: tuple[Reference, ...]

    def fits(self, procedure: str, state: str) -> bool:
        return self.follows == procedure and (not self.states or state in self.states)


def parse_successions(entries: Sequence[Mapping[str, Any]], file: str) -> tuple[Succession, ...]:
    """In the order of the file. Raises :class:`DataError` naming file and entry."""
    found = []
    for entry in entries:
        if set(entry) != _KEYS:
            raise DataError(f"{file}：“{entry.get('from')}”一条应有且只有 {'、'.join(sorted(_KEYS))}。")
        where = f"{file}：{entry['from']}→{entry['opens']}"
        references = parse_references(entry["references"], where)
        found.append(
            Succession(entry["from"], tuple(entry["states"]), entry["opens"], entry["says"], references)
        )
    return tuple(found)


def check_successions(
    successions: Iterable[Succession], procedures: Mapping[str, Procedure], statutes: Mapping[str, Statute]
) -> None:
    """Every name is known and no pair stands twice. Raises :class:`DataError`."""
    seen: set[tuple[str, str]] = set()
    for one in successions:
        where = f"successions.yaml：{one.follows}→{one.opens}"
        for key in (one.follows, one.opens):
            if key not in procedures:
                raise DataError(f"{where}：没有程序“{key}”。")
        known = {state.key for state in procedures[one.follows].states}
        unknown = [state for state in one.states if state not in known]
        if unknown:
            raise DataError(f"{where}：程序“{one.follows}”没有状态“{unknown[0]}”。")
        missing = [reference.statute for reference in one.references if reference.statute not in statutes]
        if missing:
            raise DataError(f"{where}：没有收录法规“{missing[0]}”。")
        if (one.follows, one.opens) in seen:
            raise DataError(f"{where}：写了两次，请合并。")
        seen.add((one.follows, one.opens))
