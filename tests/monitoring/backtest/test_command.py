"""``anxin backtest`` over a folder, without a database, and over the records."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from anxin.cli.main import main
from tests.monitoring import factories as make
from tests.monitoring.folder.deliveries import FIRST_ID, Folder
from tests.support import outside, spark_server


@pytest.fixture
def city(tmp_path: Path) -> Folder:
    """Wages of March due on 15 April and never paid, and a truth that says so."""
    folder = Folder(tmp_path / "city")
    folder.line("2026-04-10")
    truth = folder.root / "truth"
    truth.mkdir()
    (truth / "arrears.csv").write_text(
        "主体,代码,身份证号,月份,应得,应付日期,付清日期,欠付金额,原因\n"
        f"项目,P1,{FIRST_ID},2026-03,6000.00,2026-04-15,,6000.00,总包资金链断裂\n",
        encoding="utf-8",
    )
    return folder


def backtest(capsys, *arguments: str) -> tuple[int, dict]:
    code = main(["backtest", *arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_each_rule_gets_a_row_and_the_red_ones_one_together(city, capsys):
    span = ("--from", "2026-04-01", "--to", "2026-07-01", "--every", "31")
    code, told = backtest(capsys, *span, "--facts", str(city.root))
    rows = {row["code"]: row for row in told["rules"]}
    assert code == 0
    assert {"W03", "W07", "RED-WAGES"} <= rows.keys()
    unpaid = rows["W03"]
    assert (unpaid["fired"], unpaid["true"], unpaid["precision"], unpaid["recall"]) == (1, 1, 1.0, 1.0)
    assert rows["RED-WAGES"]["recall"] == 1.0
    assert rows["W07"]["precision"] is None


def test_chosen_rules_alone_are_tried(city, capsys):
    span = ("--from", "2026-04-01", "--to", "2026-05-01")
    _, told = backtest(capsys, *span, "--facts", str(city.root), "--rules", "W03")
    assert [row["code"] for row in told["rules"]] == ["W03", "RED-WAGES"]


def test_a_changed_number_is_tried_from_a_folder_of_law(city, capsys, tmp_path):
    law = tmp_path / "law"
    law.mkdir()
    (law / "own.yaml").write_text(_NEVER_RED, encoding="utf-8")
    span = ("--from", "2026-04-01", "--to", "2026-07-01", "--rules", "W03", "--every", "31")
    _, before = backtest(capsys, *span, "--facts", str(city.root))
    _, after = backtest(capsys, *span, "--facts", str(city.root), "--law", str(law))
    assert [row["fired"] for row in before["rules"]] == [1, 1]
    assert [row["fired"] for row in after["rules"]] == [1, 0]


_NEVER_RED = """
local_values:
  - key: warning.w03
    region: "99"
    from: 2025-01-01
    value: [{level: yellow, words: 逾期, when: {days: {min: 1}}}]
    source: 试算
"""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--from", "2026-05-01", "--to", "2026-04-01"), "早于"),
        (("--from", "2026-04-01", "--to", "2026-05-01", "--rules", "X1"), "没有规则“X1”"),
    ],
)
def test_a_call_that_makes_no_sense_is_refused(city, capsys, arguments, sentence):
    code, told = backtest(capsys, *arguments, "--facts", str(city.root))
    assert code == 2
    assert sentence in told["error"]


def test_a_folder_that_is_not_there_is_refused(tmp_path, capsys):
    code, told = backtest(
        capsys, "--from", "2026-04-01", "--to", "2026-05-01", "--facts", str(tmp_path / "none")
    )
    assert code == 2
    assert "没有文件夹" in told["error"]


@pytest.mark.django_db
def test_the_records_of_the_bureau_are_judged_in_hindsight(capsys):
    make.line(make.project(), "2026-08", make.worker(1))
    code, told = backtest(
        capsys, "--from", "2026-09-10", "--to", "2026-11-10", "--rules", "W03", "--every", "14"
    )
    assert code == 0
    row = told["rules"][0]
    assert (row["fired"], row["true"], row["recall"]) == (1, 1, 1.0)


@pytest.fixture
def cluster(tmp_path_factory) -> Iterator[tuple[str, dict[str, str]]]:
    """A Spark master with one worker, alone for the test that asks."""
    if part := spark_server.what_is_missing():
        outside.missing(part, "see docs/admin.md, “Spark”")
    with spark_server.running_cluster(tmp_path_factory.mktemp("cluster")) as started:
        yield started


def test_a_spark_master_by_url_finds_what_the_process_itself_finds(city, capsys, cluster):
    url, surroundings = cluster
    span = ["--from", "2026-06-30", "--to", "2026-06-30", "--facts", str(city.root)]
    words = ["backtest", *span, "--rules", "W03,P01", "--json"]
    assert main(words) == 0
    here = json.loads(capsys.readouterr().out)
    there = subprocess.run(  # a process of its own: a driver and a Connect session do not share one
        [sys.executable, "-m", "anxin.cli", *words, "--engine", "spark", "--spark-url", url],
        env=surroundings,
        check=True,
        capture_output=True,
        text=True,
    )
    assert json.loads(there.stdout) == here
    assert {row["code"] for row in here["rules"] if row["fired"]} >= {"W03", "RED-WAGES"}


def test_a_spark_that_is_not_there_is_told_and_both_options_belong_together(city, capsys):
    span = ("--from", "2026-04-01", "--to", "2026-05-01", "--facts", str(city.root))
    code, told = backtest(capsys, *span, "--engine", "spark")
    assert code == 2 and "--spark-url" in told["error"]
    code, told = backtest(capsys, *span, "--engine", "spark", "--spark-url", "http://127.0.0.1")
    assert code == 2 and "sc://" in told["error"]
