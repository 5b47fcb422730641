"""Which manners of service a letter has, by the law's family of its kind and what ``data/serving.yaml`` takes away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from anxin.casework.models import Matter
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.law.service import Manner
from anxin.law.statutes import Reference
from anxin.letters.models import Letter

_FILE = Path(__file__).parent / "data" / "serving.yaml"
#: manners in which people go there: two of them sign, and who was not met needs a witness or a picture
IN_PERSON = ("direct", "left", "posted")
WITNESSED = ("left", "posted")


@dataclass(frozen=True)
class Exclusion:
    """A provision that takes a manner away: in some ``procedures`` (none named: in all), ``until`` a day (none: still)."""

    reference: Reference
    procedures: frozenset[str] = frozenset()
    until: dt.date | None = None

    def holds(self, procedure: str, on: dt.date) -> bool:
        return (not self.procedures or procedure in self.procedures) and (
            self.until is None or on <= self.until
        )


@dataclass(frozen=True)
class Rule:
    """How letters of one kind are served. ``without``: manner → the provisions that take it away.

    ``named_consent``: electronically only to whoever agreed to it for awards by name (Civil Procedure Law 2023, art. 90).
    """

    family: str
    events: tuple[str, ...]
    without: Mapping[str, Sequence[Exclusion]]
    named_consent: bool = False

    def refused(self, manner: str, procedure: str, on: dt.date) -> Reference | None:
        """The provision that takes the manner away in this procedure on this day, or ``None``."""
        found = (one.reference for one in self.without.get(manner, ()) if one.holds(procedure, on))
        return next(found, None)


@dataclass(frozen=True)
class Target:
    """A day that a procedure counts from and that this service can give, on the matter or on one that follows it."""

    matter: Matter
    event: str

    @property
    def key(self) -> str:
        return f"{self.matter.pk}:{self.event}"


@cache
def rules() -> Mapping[str, Rule]:
    """By kind of letter, as the file says."""
    said = yaml.safe_load(_FILE.read_text(encoding="utf-8"))["kinds"]
    return {kind: _rule(entry) for kind, entry in said.items()}


def rule_of(kind: str) -> Rule:
    return rules().get(kind) or Rule("inspection", (), {})


def manners(letter: Letter, law: Law, on: dt.date) -> list[Manner]:
    """What the law allows for this letter on a day, in the order of its table."""
    rule, procedure = rule_of(letter.kind), letter.matter.procedure
    return [one for one in law.manners(rule.family) if not rule.refused(one.key, procedure, on)]


def require_manner(letter: Letter, manner: str, law: Law, on: dt.date) -> None:
    """Raises :class:`Refused` with the article where this letter is not served so on that day."""
    refused = rule_of(letter.kind).refused(manner, letter.matter.procedure, on)
    if refused is not None:
        name = next(one.name for one in law.manners() if one.key == manner)
        basis = law.cite_reference(refused)
        raise Refused(f"这种文书不能用“{name}”（{basis}），请换一种送达方式。", field="manner")
    if manner not in {one.key for one in manners(letter, law, on)}:
        raise Refused("请选择送达方式。", field="manner")


def targets(letter: Letter, law: Law) -> list[Target]:
    """The days of service that the procedures count from; those usual for this kind first."""
    usual = rule_of(letter.kind).events
    found = []
    for matter in (letter.matter, *letter.matter.followed_by.filter(closed_on=None).select_related("lead")):
        table = law.procedure(matter.procedure)
        names = {one.counts_from for one in table.clocks if one.counts_from} - table.set_ahead()
        received = {name for name in names if "送达" in name or "收到" in name}
        found += [Target(matter, name) for name in sorted(received, key=lambda one: (one not in usual, one))]
    return sorted(found, key=lambda one: one.event not in usual)


def _rule(entry: Mapping[str, Any]) -> Rule:
    without = {
        key: tuple(map(_exclusion, said if isinstance(said, list) else [said]))
        for key, said in entry.get("not", {}).items()
    }
    return Rule(
        entry.get("family", "inspection"),
        tuple(entry.get("events", ())),
        without,
        entry.get("named_consent", False),
    )


def _exclusion(said: Mapping[str, Any]) -> Exclusion:
    where = Reference(said["statute"], said["article"])
    return Exclusion(where, frozenset(said.get("in", ())), said.get("until"))
