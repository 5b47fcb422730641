"""Which manners of service a letter has, by the law's family of its kind and what ``data/serving.yaml`` takes away."""

from __future__ import annotations

from collections.abc import Mapping
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
class Rule:
    """How letters of one kind are served. ``without``: manner → the provision that takes it away."""

    family: str
    events: tuple[str, ...]
    without: Mapping[str, Reference]


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


def manners(letter: Letter, law: Law) -> list[Manner]:
    """What the law allows for this letter, in the order of its table."""
    rule = rule_of(letter.kind)
    return [one for one in law.manners(rule.family) if one.key not in rule.without]


def require_manner(letter: Letter, manner: str, law: Law) -> None:
    """Raises :class:`Refused` with the article where this letter is not served so."""
    rule = rule_of(letter.kind)
    if manner in rule.without:
        name = next(one.name for one in law.manners() if one.key == manner)
        basis = law.cite_reference(rule.without[manner])
        raise Refused(f"这种文书不能用“{name}”（{basis}），请换一种送达方式。", field="manner")
    if manner not in {one.key for one in manners(letter, law)}:
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
    without = {key: Reference(said["statute"], said["article"]) for key, said in entry.get("not", {}).items()}
    return Rule(entry.get("family", "inspection"), tuple(entry.get("events", ())), without)
