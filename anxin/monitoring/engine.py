"""Runs the rules over one set of facts and turns their rows into findings and gaps."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from anxin.kernel.months import Month
from anxin.law import Law, LawError, NoValue, Value
from anxin.monitoring.compiling import Plan, Run, plan_for
from anxin.monitoring.rules import RULES
from anxin.monitoring.rules.facts import Facts
from anxin.monitoring.rules.framework import ROW_COLUMNS, Finding, Gap, Rule, RuleContext
from anxin.monitoring.rules.grading import grade
from anxin.monitoring.rules.law_tables import LawTables, month_index
from anxin.monitoring.rules.phrases import gap_sentence

if TYPE_CHECKING:
    import ibis.expr.types as ir

#: types of parameters that are numbers and can be joined by region
_JOINED = frozenset({"amount", "ratio", "deadline"})
_ORDER = [("subject_id", "ascending"), ("month", "ascending"), ("person", "ascending"), ("keys", "ascending")]


@dataclass(frozen=True)
class Evaluation:
    """What one run found, with all rows behind it."""

    as_of: dt.date
    engine: str
    rules: tuple[str, ...]
    law_digest: str
    facts_count: int
    findings: tuple[Finding, ...]
    gaps: tuple[Gap, ...]
    #: rule code → why it did not run
    skipped: Mapping[str, str]
    seconds: float
    _rows: Mapping[str, pa.Table]
    _spans: Mapping[tuple[str, int, str], tuple[int, int]]

    def rows_of(self, finding: Finding) -> list[dict[str, Any]]:
        """The rows behind a finding: the fixed columns, and ``detail`` with the rest."""
        start, length = self._spans[(finding.rule, finding.subject_id, finding.month)]
        rows = self._rows[finding.rule].slice(start, length).to_pylist()
        return [
            {name: row[name] for name in ROW_COLUMNS}
            | {"detail": {name: value for name, value in row.items() if name not in ROW_COLUMNS}}
            for row in rows
        ]

    def rows_table(self, rule: str) -> pa.Table:
        """All rows of a rule, sorted by subject, month, person; also those below the mildest grade."""
        return self._rows[rule]


def evaluate(
    facts: Facts, law: Law, as_of: dt.date, rules: Mapping[str, Rule] | Iterable[Rule] = RULES
) -> Evaluation:
    """Run the rules as of a day. The same facts, law and day give the same answer, always.

    A rule whose grading table or parameters are not in force on the day is skipped with its reason.
    """
    started = time.perf_counter()
    chosen = list(rules.values()) if isinstance(rules, Mapping) else list(rules)
    LawTables.build(facts, law, as_of, joined_keys(law, chosen))
    plan = plan_for(facts.engine.name, as_of, law, facts.regions)
    run = Run(plan, facts.engine, facts.counts)
    findings: list[Finding] = []
    gaps: list[Gap] = []
    skipped: dict[str, str] = {}
    rows: dict[str, pa.Table] = {}
    spans: dict[tuple[str, int, str], tuple[int, int]] = {}
    for rule in chosen:
        try:
            tables = _gradings(rule, facts, plan)
            if not tables:
                rows[rule.code] = pa.table({name: [] for name in ROW_COLUMNS})
                continue
            compiled = plan.rule(rule)
            found, table, where = _findings(rule, run.fetch(compiled.rows), facts, tables, as_of)
            rule_gaps = _gaps(rule, run.fetch(compiled.gaps), facts, tables) if compiled.gaps else []
        except LawError as problem:
            skipped[rule.code] = str(problem)
            continue
        rows[rule.code] = table
        findings += found
        gaps += rule_gaps
        spans |= {(rule.code, subject, month): span for (subject, month), span in where.items()}
    return Evaluation(
        as_of=as_of,
        engine=facts.engine.name,
        rules=tuple(rule.code for rule in chosen if rule.code not in skipped),
        law_digest=law.digest(),
        facts_count=facts.total,
        findings=tuple(findings),
        gaps=tuple(gaps),
        skipped=skipped,
        seconds=time.perf_counter() - started,
        _rows=rows,
        _spans=spans,
    )


def joined_keys(law: Law, rules: Iterable[Rule]) -> set[str]:
    """The parameters of these rules that are laid out by region."""
    return {key for rule in rules for key in rule.parameters if law.parameter(key).type in _JOINED}


def look(facts: Facts, law: Law, as_of: dt.date, build: Callable[[Any, RuleContext], ir.Table]) -> pa.Table:
    """The rows of an expression over facts and law that is no rule: what forecasts and hindsight look at.

    ``build`` is a function of a module, because its compiled form is kept under its name.
    """
    LawTables.build(facts, law, as_of, ())
    plan = plan_for(facts.engine.name, as_of, law, facts.regions)
    return Run(plan, facts.engine, facts.counts).fetch(plan.query(build))


def _gradings(rule: Rule, facts: Facts, plan: Plan) -> dict[str, Value]:
    """The grading table by region. A table of one place leaves the other regions out: there the rule is silent."""
    local = bool(plan.law.parameter(rule.grading).only_in)
    found = {}
    for region in facts.regions if local else ("", *facts.regions):
        try:
            found[region] = plan.law.value(rule.grading, on=plan.as_of, region=region)
        except NoValue:
            if not local:
                raise
    return found


def _findings(
    rule: Rule, rows: pa.Table, facts: Facts, tables: Mapping[str, Value], as_of: dt.date
) -> tuple[list[Finding], pa.Table, dict[tuple[int, str], tuple[int, int]]]:
    rows = _in_order(_ordered_keys(rows))
    groups = _groups(rule, rows)
    periods = _consecutive(groups)
    regions = facts.regions_of(rule.subject)
    findings, spans, start = [], {}, 0
    for group in groups:
        subject, month = group["subject_id"], group["month"]
        spans[(subject, month)] = (start, group["rows"])
        start += group["rows"]
        measures = {name: group[name] for name in rule.measures}
        measures |= {"periods": periods.get((subject, month), 0)}
        table = tables.get(regions.get(subject, ""))
        threshold = table and grade(table, measures | _derived(group, measures))
        if threshold:
            findings.append(_finding(rule, group, measures, threshold, as_of))
    return findings, rows, spans


def _finding(
    rule: Rule, group: Mapping[str, Any], measures: Mapping[str, Any], threshold: Any, as_of: dt.date
) -> Finding:
    return Finding(
        rule=rule.code,
        subject_id=group["subject_id"],
        month=group["month"],
        level=threshold.level,
        threshold=threshold,
        people=measures.get("concerned", group["people"]) or None,
        amount_fen=group["amount_fen"],
        days=group["days"],
        due=group["due"],
        rows=group["rows"],
        measures=measures,
        as_of=as_of,
    )


def _groups(rule: Rule, rows: pa.Table) -> list[dict[str, Any]]:
    """One mapping per subject and month, in the order of the sorted rows."""
    folds = [(name, fold) for name, fold in rule.measures.items()]
    fixed = [("person", "count_distinct", pc.CountOptions(mode="only_valid")), ("subject_id", "count")]
    plain = [("amount_fen", "sum"), ("days", "max"), ("due", "min")]
    grouped = rows.group_by(["subject_id", "month"], use_threads=False).aggregate([*fixed, *plain, *folds])
    renamed = {
        "person_count_distinct": "people",
        "subject_id_count": "rows",
        "amount_fen_sum": "amount_fen",
        "days_max": "days",
        "due_min": "due",
    } | {f"{name}_{fold}": name for name, fold in folds}
    names = [renamed.get(name, name) for name in grouped.column_names]
    return grouped.rename_columns(names).sort_by(_ORDER[:2]).to_pylist()


def _derived(group: Mapping[str, Any], measures: Mapping[str, Any]) -> dict[str, Any]:
    """Measures that grading tables may use beside the rule's own.

    Rows that stand for several people each say so in ``concerned``; else people are told apart by ``person``.
    """
    derived: dict[str, Any] = {name: group[name] for name in ("people", "amount_fen", "days", "rows")}
    promised = measures.get("promised_fen") or measures.get("required_fen")
    if promised:
        derived["paid_percent"] = measures.get("paid_fen", 0) * 100 / promised
    if attended := measures.get("attended"):
        derived["covered_percent"] = (attended - group["people"]) * 100 / attended
    if listed := measures.get("listed"):
        derived["share_percent"] = group["people"] * 100 / listed
    return derived


def _consecutive(groups: Iterable[Mapping[str, Any]]) -> dict[tuple[int, str], int]:
    """How many overdue months in a row end with this one, by subject and month."""
    runs: dict[tuple[int, int], int] = {}
    lengths: dict[tuple[int, str], int] = {}
    for group in groups:  # sorted by subject and month
        if not group["month"] or group["days"] is None or group["days"] < 1:
            continue
        subject, index = group["subject_id"], month_index(Month.parse(group["month"]))
        runs[(subject, index)] = runs.get((subject, index - 1), 0) + 1
        lengths[(subject, group["month"])] = runs[(subject, index)]
    return lengths


def _in_order(rows: pa.Table) -> pa.Table:
    """Rows in one order whatever the engine: those alike in subject, month, person and keys by what was measured."""
    fixed = {name for name, _ in _ORDER}
    return rows.sort_by([*_ORDER, *((name, "ascending") for name in rows.column_names if name not in fixed)])


def _ordered_keys(rows: pa.Table) -> pa.Table:
    """The keys of each row in order: engines add them up in any."""
    keys = rows["keys"].combine_chunks()
    several = pc.fill_null(pc.match_substring(keys, "|"), False)
    if not pc.any(several).as_py():
        return rows
    ordered = ["|".join(sorted(text.split("|"))) for text in keys.filter(several).to_pylist()]
    place = rows.schema.get_field_index("keys")
    mended = pc.replace_with_mask(keys, several, pa.array(ordered, keys.type))
    return rows.set_column(place, rows.schema.field(place), mended)


def _gaps(rule: Rule, table: pa.Table, facts: Facts, tables: Mapping[str, Value]) -> list[Gap]:
    regions = facts.regions_of(rule.subject)
    order = [(name, "ascending") for name in ("subject_id", "month", "kind", "subject")]
    return [
        Gap(
            rule.code,
            row["subject_id"],
            row["month"],
            row["kind"],
            gap_sentence(rule, row["kind"], row["month"], row["subject"]),
        )
        for row in table.sort_by(order).to_pylist()
        if regions.get(row["subject_id"], "") in tables
    ]
