"""The benchmarks of letters and of signatures still run: both sides do their work, and the figures agree with one another."""

from __future__ import annotations

import json
import sys

import pytest

from benchmarks import letters, signatures
from tests.support.letters import needs_faces


@pytest.mark.parametrize(
    ("bench", "count", "ours"),
    [(letters, "--letters", "letters_a_second"), (signatures, "--contracts", "contracts_a_second")],
)
def test_it_measures_both_sides(bench, count, ours, monkeypatch, capsys):
    needs_faces()
    monkeypatch.setattr(sys, "argv", ["bench", count, "1", "--json"])
    assert bench.main() == 0
    told = json.loads(capsys.readouterr().out)
    assert told[ours] > 0 and told["bare_a_second"] > 0
    assert told["ratio"] == pytest.approx(told["bare_a_second"] / told[ours])
