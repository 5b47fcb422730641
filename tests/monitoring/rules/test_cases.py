"""Runs the golden cases of ``cases/*.yaml``."""

from __future__ import annotations

import datetime as dt
from functools import cache

import pytest

from anxin.monitoring.engine import Evaluation, evaluate
from anxin.monitoring.rules import RULES, Facts
from tests.monitoring.rules.case_reader import Case, read_cases, together

ALL = read_cases()


@pytest.fixture(scope="module")
def evaluation_of(law):
    """The evaluation that holds a case: one set of facts per rule, one run per rule and day."""

    @cache
    def facts(rule: str) -> Facts:
        return Facts.from_arrow(together([case for case in ALL if case.rule == rule]))

    @cache
    def run(rule: str, today: dt.date) -> Evaluation:
        return evaluate(facts(rule), law, today, rules=[RULES[rule]])

    return lambda case: run(case.rule, case.today)


@pytest.mark.parametrize("case", ALL, ids=[f"{case.rule}：{case.name}" for case in ALL])
def test_case(case: Case, evaluation_of):
    evaluation = evaluation_of(case)
    assert not evaluation.skipped
    found = [
        {
            "month": finding.month,
            "level": finding.level,
            "people": finding.people,
            "amount_fen": finding.amount_fen,
            "days": finding.days,
            "sentence": RULES[case.rule].sentence(finding, "滨江花园"),
        }
        for finding in evaluation.findings
        if finding.subject_id == case.project_id
    ]
    expected = case.warnings
    assert [item["month"] for item in found] == [item["month"] for item in expected], found
    for got, want in zip(found, expected, strict=True):
        assert {key: got[key] for key in want} == want
    sentences = [gap.missing for gap in evaluation.gaps if gap.subject_id == case.project_id]
    assert len(sentences) == len(case.missing), sentences
    for text in case.missing:
        assert any(text in sentence for sentence in sentences), sentences


def test_every_rule_has_cases_with_and_without_a_warning_and_a_gap_where_it_can_have_one():
    assert len(ALL) >= 50
    for code, rule in RULES.items():
        own = [case for case in ALL if case.rule == code]
        assert any(case.warnings for case in own), code
        assert any(not case.warnings for case in own), code
        assert rule.gaps is None or any(case.missing for case in own), code
