"""``anxin backtest --check``: every warning of a small simulated city worked out again by a program of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from anxin.cli.main import main
from anxin.config.home import PROJECT_ROOT
from anxin.monitoring.rules import RULES

SPAN = ("--from", "2026-06-30", "--to", "2026-08-31", "--every", "31")


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """A site or two and some thousand employers, a few of them in trouble."""
    out = tmp_path_factory.mktemp("checked") / "city"
    call = [sys.executable, "-m", "simulation", "--profile", "tiny", "--seed", "3", "--months", "6"]
    call += ["--until", "2026-08-31", "--out", str(out)]
    subprocess.run(call, cwd=PROJECT_ROOT, check=True, capture_output=True)
    return out


def test_every_warning_of_a_city_agrees_with_its_rows(city, capfd):
    assert main(["backtest", *SPAN, "--facts", str(city), "--check", "--json"]) == 0
    told = capfd.readouterr()
    document = json.loads(told.out)
    number = document["checked"]["warnings"]
    assert document["checked"]["agreeing"] == number > 100
    assert f"核对 {number}/{number}" in told.err
    fired = {row["code"] for row in document["rules"] if row["fired"]}
    assert {"E01", "E02", "E04", "E05", "E06", "W18"} <= fired


def test_a_rule_that_counts_what_was_never_reported_is_caught(city, capfd, monkeypatch):
    """The rows are worked out from the reports: a rule that adds a month to what is owed is seen."""
    honest = RULES["E01"]

    def one_more(facts, ctx):
        rows = honest.rows(facts, ctx)
        return rows.mutate(arrears_months=rows.arrears_months + 1)

    monkeypatch.setitem(RULES, "E01", replace(honest, rows=one_more))
    assert main(["backtest", *SPAN, "--facts", str(city), "--check", "--rules", "E01"]) == 1
    told = capfd.readouterr().out
    assert "“arrears_months”应为" in told
    assert "核对 0/" in told


def test_a_warning_that_leaves_an_employer_out_of_the_count_is_caught(city, capfd, monkeypatch):
    """Rows that are there and should not be, or the other way round, are named by their source."""
    honest = RULES["E04"]
    monkeypatch.setitem(
        RULES, "E04", replace(honest, rows=lambda facts, ctx: _without_leads(honest.rows(facts, ctx)))
    )
    assert main(["backtest", *SPAN, "--facts", str(city), "--check", "--rules", "E04"]) == 1
    assert "按部门数据应有一行证据“clue:" in capfd.readouterr().out


def _without_leads(rows):
    return rows.filter(rows.leads == 0)
