"""The engine and what surrounds the rules: facts, grading, explanation, the time to act."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from anxin.law import DataError, load
from anxin.monitoring.engine import evaluate
from anxin.monitoring.facts_schema import SCHEMAS, FactsError, conform, empty
from anxin.monitoring.rules import RULES, Facts, act_within, explain, fingerprint
from anxin.monitoring.rules.framework import GAP_COLUMNS, ROW_COLUMNS, RuleContext
from anxin.monitoring.rules.grading import grade, lowest_limit
from anxin.monitoring.rules.law_tables import LawTables
from tests.monitoring.rules.case_reader import read_cases, together

TODAY = dt.date(2026, 11, 20)


@pytest.fixture(scope="module")
def facts() -> Facts:
    """The projects of all golden cases in one city."""
    return Facts.from_arrow(together(read_cases()))


@pytest.fixture(scope="module")
def evaluation(facts, law):
    return evaluate(facts, law, TODAY)


def test_the_whole_pack_runs_over_all_cases_and_finds_every_family(evaluation):
    assert evaluation.rules == tuple(RULES)
    assert not evaluation.skipped
    assert {finding.rule for finding in evaluation.findings} == set(RULES)
    assert evaluation.engine == "duckdb"
    assert evaluation.facts_count > 100


def test_fingerprints_are_unique_and_do_not_depend_on_the_run(evaluation, facts, law):
    prints = [item.fingerprint for item in (*evaluation.findings, *evaluation.gaps)]
    assert len(prints) == len(set(prints))
    again = evaluate(facts, law, TODAY)
    assert [finding.fingerprint for finding in again.findings] == [
        finding.fingerprint for finding in evaluation.findings
    ]
    # worked out once with sha256sum: a change would orphan every stored warning
    assert fingerprint("W03", 7, "2026-09") == "920d5b6756327251524ee563d36cfd47"


def test_every_rule_gives_rows_and_gaps_of_the_agreed_shape(facts, law):
    keys = [key for rule in RULES.values() for key in rule.parameters]
    numbers = {key for key in keys if law.parameter(key).type in ("amount", "ratio", "deadline")}
    ctx = RuleContext(as_of=TODAY, law=law, tables=LawTables.build(facts, law, TODAY, numbers))
    for rule in RULES.values():
        rows = rule.rows(facts, ctx)
        assert rows.columns[: len(ROW_COLUMNS)] == ROW_COLUMNS, rule.code
        assert set(rule.measures) <= set(rows.columns), rule.code
        if rule.gaps:
            gaps = rule.gaps(facts, ctx)
            assert gaps.columns == GAP_COLUMNS, rule.code
            kinds = set(facts.fetch(gaps)["kind"].to_pylist())
            assert kinds <= set(rule.gap_sentences), rule.code


def test_every_rule_cites_articles_and_parameters_that_exist(law):
    for rule in RULES.values():
        assert rule.articles
        assert rule.clears.endswith("。")
        assert law.parameter(rule.grading).kind == "policy"
        for article in rule.articles:
            assert law.cite(article.statute, article.article).startswith("《")
        for key in rule.parameters:
            assert law.parameter(key).name


def test_every_finding_explains_itself_completely_and_as_json(evaluation, law):
    for finding in evaluation.findings:
        pieces = explain(finding, law, subject_name="滨江花园", region="990101", gaps=evaluation.gaps)
        text = json.dumps(pieces, ensure_ascii=False)
        assert "None" not in pieces["sentence"]
        assert pieces["sentence"].startswith("滨江花园")
        assert pieces["sentence"].endswith("。")
        assert pieces["threshold"]["since"] in text
        assert pieces["threshold"]["words"]
        assert pieces["articles"][0]["citation"].startswith("《")
        assert pieces["responsible_name"]
        assert pieces["act_by"]["by"] > TODAY.isoformat()
        assert pieces["clears"]
        assert evaluation.rows_of(finding)


def test_an_explanation_shows_the_gaps_of_its_own_project_only(evaluation, law):
    by_project = {gap.subject_id for gap in evaluation.gaps}
    (finding, *_) = [f for f in evaluation.findings if f.subject_id in by_project]
    pieces = explain(finding, law, subject_name="甲", gaps=evaluation.gaps)
    own = [
        gap.missing
        for gap in evaluation.gaps
        if gap.subject_id == finding.subject_id and gap.month in ("", finding.month)
    ]
    assert pieces["missing"] == own


def test_no_facts_no_findings(law):
    nothing = evaluate(Facts.from_arrow({}), law, TODAY)
    assert (nothing.findings, nothing.gaps, nothing.facts_count) == ((), (), 0)


def test_before_the_law_is_in_force_a_rule_is_skipped_with_its_reason(facts, law):
    early = evaluate(facts, law, dt.date(2020, 4, 30), rules=[RULES["W03"]])
    assert early.findings == ()
    assert "自2020-05-01起才有规定" in early.skipped["W03"]


def test_a_bureaus_own_grading_changes_the_level_and_keeps_the_date(tmp_path):
    (tmp_path / "grades.yaml").write_text(
        textwrap.dedent(
            """
            parameters:
              local.w03:
                name: 本地逾期分级
                kind: policy
                type: grading
                unit: 日
                confidence: verified
                checked_on: 2026-01-01
                values:
                  - from: 2026-01-01
                    source: 安人社发〔2026〕1号
                    value:
                      - {level: red, words: 逾期即红, when: {days: {min: 1}}}
            """
        ),
        encoding="utf-8",
    )
    law = load([tmp_path])
    cases = [case for case in read_cases() if case.rule == "W03"][:1]
    rule = replace(RULES["W03"], grading="local.w03")
    (finding,) = evaluate(
        Facts.from_arrow(together(cases)), law, dt.date(2026, 10, 16), rules=[rule]
    ).findings
    assert (finding.level, finding.threshold.since) == ("red", dt.date(2026, 1, 1))


def test_a_citys_own_grading_holds_for_its_projects_only(tmp_path):
    (tmp_path / "city.yaml").write_text(
        textwrap.dedent(
            """
            local_values:
              - key: warning.w03
                region: "9901"
                from: 2026-01-01
                source: 安人社发〔2026〕1号
                value:
                  - {level: orange, words: 本市逾期即橙, when: {days: {min: 1}}}
            """
        ),
        encoding="utf-8",
    )
    cases = [case for case in read_cases() if case.rule == "W03"][:1]
    tables = together(cases)
    elsewhere = tables["projects"].to_pylist()[0] | {"project_id": 900, "region": "990201"}
    line = tables["payroll_lines"].to_pylist()[0] | {"project_id": 900, "line_id": 900}
    for name, row in (
        ("projects", elsewhere),
        ("payroll_lines", line),
        ("payroll_months", {"project_id": 900, "month": "2026-09"}),
    ):
        more = pa.Table.from_pylist([row], schema=SCHEMAS[name])
        tables[name] = pa.concat_tables([tables[name], more])
    found = evaluate(
        Facts.from_arrow(tables), load([tmp_path]), dt.date(2026, 10, 16), rules=[RULES["W03"]]
    ).findings
    assert {finding.subject_id: finding.level for finding in found} == {
        cases[0].project_id: "orange",
        900: "yellow",
    }


def test_parameters_are_shown_as_they_stood_when_they_applied(evaluation, law):
    pay = next(f for f in evaluation.findings if f.rule == "W05" and f.month == "2025-03")
    pieces = explain(pay, law, subject_name="甲", region="440402")
    (minimum,) = [item for item in pieces["parameters"] if item["key"].endswith("min_wage_monthly")]
    assert (minimum["value"], minimum["since"]) == (2080, "2025-03-01")
    deposit = next(f for f in evaluation.findings if f.rule == "W07")
    pieces = explain(deposit, law, subject_name="甲", region="990101")
    assert {item["key"]: item["value"] for item in pieces["parameters"]}["wage_deposit.ratio_percent"] == 2


def test_an_unknown_measure_meets_no_condition_and_a_wrong_table_is_refused(law):
    table = law.value("warning.w01", on=TODAY)
    assert grade(table, {"days": None, "working_days_left": None}) is None
    assert lowest_limit(table, "days") == 1
    with pytest.raises(DataError, match="没有“people”的下限"):
        lowest_limit(table, "people")
    with pytest.raises(DataError, match="不认识的条件：least"):
        grade(
            replace(table, value=[{"level": "red", "words": "", "when": {"days": {"least": 1}}}]), {"days": 2}
        )
    with pytest.raises(DataError, match="级别“pink”不对"):
        grade(replace(table, value=[{"level": "pink", "words": "", "when": {}}]), {})


@pytest.mark.parametrize(
    ("level", "by"),
    [
        ("blue", dt.date(2026, 10, 9)),  # 28, 29, 30 September, then 8 and 9 October after the holiday
        ("yellow", dt.date(2026, 10, 15)),
        ("orange", dt.date(2026, 10, 9)),
        ("red", dt.date(2026, 9, 28)),
    ],
)
def test_time_to_act_by_level_over_the_national_day_week(law, level, by):
    within = act_within(law, level, dt.date(2026, 9, 27))
    assert within.by == by
    assert within.by == within.steps[-1].by
    assert not within.provisional


def test_time_to_act_in_an_unpublished_year_is_provisional(law):
    assert act_within(law, "yellow", dt.date(2026, 12, 28)).provisional


def test_a_table_of_another_shape_is_refused_naming_table_and_column():
    with pytest.raises(FactsError, match="事实表“wages”不在约定之内"):
        Facts.from_arrow({"wages": empty("projects")})
    with pytest.raises(FactsError, match="事实表“projects”缺少列：state"):
        conform("projects", empty("projects").drop_columns(["state"]))
    months = pa.table({"project_id": pa.array([None], pa.int64()), "month": ["2026-09"]})
    with pytest.raises(FactsError, match="“project_id”列不能有空值"):
        conform("payroll_months", months)
    with pytest.raises(FactsError, match="列类型与约定不符"):
        conform("payroll_months", pa.table({"project_id": ["x"], "month": ["2026-09"]}))


def test_columns_in_another_order_and_narrower_types_are_taken():
    table = pa.table({"month": ["2026-09"], "project_id": pa.array([1], pa.int32())})
    assert conform("payroll_months", table).schema == SCHEMAS["payroll_months"]


def test_naming_the_rules_loads_neither_django_nor_the_engine():
    code = (
        "import sys; import anxin.monitoring.rules as r; assert len(r.RULES) > 9;"
        "print([m for m in ('django.db', 'ibis.expr.types', 'duckdb') if m in sys.modules])"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True)
    assert done.stdout.strip() == "[]"


def test_law_is_pure():
    """Nothing in the law package reads the clock, the network or the framework."""
    forbidden = ("django", "ibis", "requests", "urllib", "socket", ".today()", ".now(", "time.time")
    for path in (Path(__file__).parents[3] / "anxin" / "law").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not [word for word in forbidden if word in text], path.name
