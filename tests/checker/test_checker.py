"""The independent checker: it agrees with every golden case, and sees what was changed."""

from __future__ import annotations

import ast
import copy
import json
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import checker
from anxin.law import load
from anxin.monitoring.engine import evaluate
from anxin.monitoring.rows_export import export_findings
from anxin.monitoring.rules import RULES, Facts
from checker.__main__ import main
from checker.judging import judge
from checker.reading import read
from checker.rules import CHECKS
from tests.monitoring.rules.case_reader import read_cases, together

HERE = Path(checker.__file__).parent
LAW = Path(__file__).parent.parent / "monitoring" / "rules" / "law"


@pytest.fixture(scope="session")
def exported(tmp_path_factory) -> Path:
    """Every golden case of every rule on its day, exported: one file a rule and day."""
    law, folder = load([LAW]), tmp_path_factory.mktemp("findings")
    days = defaultdict(set)
    cases = defaultdict(list)
    for case in read_cases():
        cases[case.rule].append(case)
        if case.warnings:
            days[case.rule].add(case.today)
    for code, own in cases.items():
        facts = Facts.from_arrow(together(own))
        for day in sorted(days[code]):
            run = evaluate(facts, law, day, rules=[RULES[code]])
            export_findings(run, facts, law, folder / f"{code}-{day}.jsonl")
        facts.close()
    return folder


@pytest.fixture(scope="session")
def lines(exported) -> list[list[dict]]:
    """The exported files as lists of lines, the head first."""
    return [
        [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for path in sorted(exported.glob("*.jsonl"))
    ]


def test_every_rule_of_the_pack_has_a_checker():
    assert set(RULES) <= set(CHECKS)


def test_the_checker_folds_what_the_rules_fold():
    for code, rule in RULES.items():
        assert dict(CHECKS[code].measures) == dict(rule.measures), code


def test_every_warning_of_every_golden_case_agrees_with_its_rows(exported, capsys):
    assert main([str(exported)]) == 0, capsys.readouterr().out
    assert "0条不一致" in capsys.readouterr().out


def test_every_rule_is_among_what_was_checked(lines):
    assert {claim["rule"] for file in lines for claim in file[1:]} == set(RULES)


def test_the_checker_imports_the_standard_library_and_itself_only():
    for path in HERE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                root = name.split(".")[0]
                assert root == "checker" or root in sys.stdlib_module_names, (path, name)


def _disagrees(file: list[dict], tmp_path: Path) -> bool:
    path = tmp_path / "changed.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in file) + "\n", encoding="utf-8")
    return any(verdict.faults for verdict in judge(read(path)))


_quiet = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_quiet
@given(data=st.data())
def test_another_level_is_seen(lines, tmp_path, data):
    file = copy.deepcopy(data.draw(st.sampled_from([one for one in lines if len(one) > 1])))
    claim = data.draw(st.sampled_from(file[1:]))
    others = {"blue", "yellow", "orange", "red"} - {claim["level"]}
    claim["level"] = data.draw(st.sampled_from(sorted(others)))
    assert _disagrees(file, tmp_path)


@_quiet
@given(data=st.data())
def test_other_people_money_or_days_are_seen(lines, tmp_path, data):
    file = copy.deepcopy(data.draw(st.sampled_from([one for one in lines if len(one) > 1])))
    claim = data.draw(st.sampled_from(file[1:]))
    name = data.draw(st.sampled_from(["people", "amount_fen", "days"]))
    claim[name] = (claim[name] or 0) + data.draw(st.integers(1, 1000))
    assert _disagrees(file, tmp_path)


@_quiet
@given(data=st.data())
def test_a_changed_amount_or_number_of_days_in_a_row_is_seen(lines, tmp_path, data):
    file = copy.deepcopy(data.draw(st.sampled_from([one for one in lines if len(one) > 1])))
    claim = data.draw(st.sampled_from(file[1:]))
    row = data.draw(st.sampled_from(claim["rows"]))
    known = [name for name in ("amount_fen", "days") if row[name] is not None]
    name = data.draw(st.sampled_from(known or ["amount_fen"]))
    if name == "days" and len(claim["rows"]) > 1 and claim["rule"] in {"W07", "E01"}:
        name = "amount_fen"
    row[name] = (row[name] or 0) + data.draw(st.integers(10_000, 10_000_000))
    assert _disagrees(file, tmp_path)


@_quiet
@given(data=st.data())
def test_a_row_that_was_taken_away_is_seen_where_rows_are_people_with_money(lines, tmp_path, data):
    several = [
        (number, place)
        for number, file in enumerate(lines)
        for place, claim in enumerate(file[1:], start=1)
        if len(claim["rows"]) > 1 and all(row["person"] and row["amount_fen"] for row in claim["rows"])
    ]
    number, place = data.draw(st.sampled_from(several))
    file = copy.deepcopy(lines[number])
    rows = file[place]["rows"]
    rows.pop(data.draw(st.integers(0, len(rows) - 1)))
    assert _disagrees(file, tmp_path)


def test_an_unpaid_wage_that_was_paid_is_seen(lines, tmp_path):
    file = copy.deepcopy(next(one for one in lines if len(one) > 1 and one[1]["rule"] == "W03"))
    file[1]["rows"][0]["detail"]["paid_fen"] = 1
    assert _disagrees(file, tmp_path)


def test_a_pay_day_that_was_not_moved_before_the_weekend_is_seen(lines, tmp_path):
    moved = [
        (file, claim)
        for file in lines
        for claim in file[1:]
        if claim["rule"] == "W03" and claim["rows"][0]["detail"]["nominal"] != claim["rows"][0]["due"]
    ]
    file, claim = moved[0]
    changed = copy.deepcopy(file)
    row = changed[file.index(claim)]["rows"][0]
    row["due"] = row["detail"]["nominal"]
    assert _disagrees(changed, tmp_path)


@pytest.mark.parametrize("content", ["", "{}\n", "no json\n", '{"format": "other"}\n'])
def test_what_is_no_export_is_refused(content, tmp_path, capsys):
    path = tmp_path / "x.jsonl"
    path.write_text(content, encoding="utf-8")
    assert main([str(path)]) == 2
    assert capsys.readouterr().err


def test_disagreement_is_named_and_exits_with_1(lines, tmp_path, capsys):
    file = copy.deepcopy(next(one for one in lines if len(one) > 1 and one[1]["rule"] == "W01"))
    file[1]["level"] = "red" if file[1]["level"] != "red" else "blue"
    path = tmp_path / "x.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in file) + "\n", encoding="utf-8")
    assert main([str(path)]) == 1
    assert "级别应为" in capsys.readouterr().out
