"""What a rule is, and what it gives back.

A rule is a pure function from fact tables and the law on a day to the rows that breach. The engine groups
the rows into findings, grades them from a dated table and keeps the fingerprint, so that every warning has
its evidence by construction and can be computed again. What cannot be judged for want of data is a gap.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.law import Law
    from anxin.monitoring.rules.facts import Facts
    from anxin.monitoring.rules.law_tables import LawTables

Family = Literal["wages", "paper"]
Level = Literal["blue", "yellow", "orange", "red"]
Responsible = Literal["general_contractor", "owner", "employer", "bureau"]
#: what a rule judges: a construction project, or a business as a whole
Subject = Literal["project", "employer"]
Fold = Literal["sum", "max", "min"]

#: numeric severity: colour and word are for display, because local schemes name them differently
SEVERITY: dict[Level, int] = {"blue": 1, "yellow": 2, "orange": 3, "red": 4}
LEVEL_NAMES: dict[Level, str] = {"blue": "蓝色", "yellow": "黄色", "orange": "橙色", "red": "红色"}
FAMILY_NAMES: dict[Family, str] = {"wages": "工资风险", "paper": "制度缺失"}
RESPONSIBLE_NAMES: dict[Responsible, str] = {
    "general_contractor": "施工总承包单位",
    "owner": "建设单位",
    "employer": "用人单位",
    "bureau": "人力资源社会保障部门",
}

#: every rule's rows begin with these columns; more columns are details that explain the row
ROW_COLUMNS = ("subject_id", "month", "worker_key", "person", "amount_fen", "days", "keys", "due")
#: every rule's gaps have exactly these columns
GAP_COLUMNS = ("subject_id", "month", "kind", "subject")


@dataclass(frozen=True)
class Article:
    """A provision a rule rests on."""

    statute: str
    article: int
    paragraph: int | None = None


@dataclass(frozen=True)
class RuleContext:
    """What a rule sees beside the facts: the day, the law, and the law laid out as tables to join."""

    as_of: dt.date
    law: Law
    tables: LawTables
    #: how a table is kept for the run; by default it stays an expression
    keep: Callable[[str, Callable[[], ir.Table]], ir.Table] = lambda _name, build: build()

    def once(self, name: str, build: Callable[[], ir.Table]) -> ir.Table:
        """A table that several expressions build on, computed once per run and kept on the engine.

        Not for single punches, of which a city has most: those stay expressions.
        """
        return self.keep(name, build)


def day_of_finding(finding: Finding) -> dt.date:
    """The law of the evaluated day: right for rules whose parameters do not depend on the period."""
    return finding.as_of


@dataclass(frozen=True)
class Rule:
    """One rule of the pack. ``rows`` and ``gaps`` build Ibis expressions and never run them."""

    code: str
    title: str
    family: Family
    articles: tuple[Article, ...]
    #: law key of the dated grading table
    grading: str
    #: law keys of the parameters whose values enter the measurement
    parameters: tuple[str, ...]
    rows: Callable[[Facts, RuleContext], ir.Table]
    sentence: Callable[[Finding, str], str]
    #: what makes the condition go away, for the person who must act
    clears: str
    responsible: Responsible
    #: gap kind → sentence with ``{month}`` and ``{subject}``
    gap_sentences: Mapping[str, str] = field(default_factory=dict)
    gaps: Callable[[Facts, RuleContext], ir.Table] | None = None
    #: detail columns folded into a finding's measures
    measures: Mapping[str, Fold] = field(default_factory=dict)
    #: unit of ``days``: natural or working days past the due day
    days_unit: Literal["natural", "working"] = "natural"
    #: the day whose law was applied, to show the parameters as they were used
    law_day: Callable[[Finding], dt.date] = day_of_finding
    subject: Subject = "project"
    #: a sign for a person to look into: shown apart, and never counted as a warning that wages are at risk
    advice: bool = False


#: the shapes in which most rules about wages come: about a business as a whole, about a site, a sign of forgery on a site
employer_rule = partial(Rule, family="wages", subject="employer", responsible="employer")
site_rule = partial(Rule, family="wages", responsible="general_contractor")
sign_rule = partial(site_rule, advice=True)


@dataclass(frozen=True)
class Threshold:
    """The line of the grading table that a finding crossed."""

    key: str
    level: Level
    words: str
    conditions: tuple[dict[str, Any], ...]
    since: dt.date
    kind: str
    confidence: str


@dataclass(frozen=True)
class Finding:
    """One breach: a rule, a project or employer, a period. ``month`` is empty for a standing condition."""

    rule: str
    subject_id: int
    month: str
    level: Level
    threshold: Threshold
    people: int | None
    amount_fen: int | None
    #: longest delay past the due day; negative while the due day is still ahead
    days: int | None
    due: dt.date | None
    rows: int
    measures: Mapping[str, Any]
    as_of: dt.date

    @property
    def severity(self) -> int:
        return SEVERITY[self.level]

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.rule, self.subject_id, self.month)


@dataclass(frozen=True)
class Gap:
    """Something that could not be judged: which data are missing, in one sentence."""

    rule: str
    subject_id: int
    month: str
    kind: str
    missing: str

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.rule, self.subject_id, self.month, self.kind)


def fingerprint(*parts: object) -> str:
    """32 hex digits that name the same breach (or gap) in every run, on every machine."""
    return hashlib.sha256("|".join(str(part) for part in parts).encode()).hexdigest()[:32]
