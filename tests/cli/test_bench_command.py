"""``anxin bench sweep``: both sides over one city; equal to the row, or no figures."""

from __future__ import annotations

import json
import subprocess
import sys

import pyarrow as pa
import pytest

from anxin.cli.main import main
from anxin.config.home import PROJECT_ROOT
from anxin.monitoring.rules import RULES
from benchmarks.rivals.sql_rules import differences
from benchmarks.sweep import RIVALS, over_scales


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    out = tmp_path_factory.mktemp("bench") / "city"
    call = [sys.executable, "-m", "simulation", "--profile", "tiny", "--seed", "3", "--months", "6"]
    subprocess.run([*call, "--out", str(out)], cwd=PROJECT_ROOT, check=True, capture_output=True)
    return out


def test_figures_of_both_sides_are_printed(city, capfd):
    assert main(["bench", "sweep", "--facts", str(city), "--runs", "1", "--json"]) == 0
    document = json.loads(capfd.readouterr().out)
    assert document["facts"] > 0
    assert document["seconds"] > 0 and document["sql_seconds"] > 0 and document["peak_mib"] > 0
    assert document["ratio_vs_sql"] == pytest.approx(document["seconds"] / document["sql_seconds"], rel=0.05)
    assert set(document["rules_compared"]) == set(RULES)
    assert sum(document["rows_compared"].values()) > 0
    assert document["rules_unequal"] == {}


def test_every_rival_gives_what_the_rules_give(city):
    (measured,) = over_scales(city, [1.0], RIVALS, runs=1)
    assert set(measured["ratios"]) == set(RIVALS)
    assert measured["rows"]["W04"] + measured["rows"]["W03"] > 0 < measured["rows"]["E02"]


def test_rows_that_differ_are_counted():
    rows = pa.table({"subject_id": [1, 2], "keys": ["line:1|line:2", "line:3"], "amount_fen": [100, 200]})
    turned = rows.set_column(1, "keys", pa.array(["line:2|line:1", "line:3"])).take([1, 0])
    assert differences(rows, turned) == 0
    assert differences(rows, rows.slice(1)) == 1
    assert differences(rows, rows.set_column(2, "amount_fen", pa.array([100, 201]))) == 2


def test_without_a_city_nothing_is_measured(capsys):
    assert main(["bench", "sweep"]) != 0
    assert "请用 --profile 说明要多大的城市" in capsys.readouterr().err


def test_a_scale_that_is_none_is_refused(tmp_path, capsys):
    assert main(["bench", "sweep", "--facts", str(tmp_path), "--scale", "1.5"]) == 2
    assert "“1.5”应为 0.01 至 1 的小数" in capsys.readouterr().err
