"""``anxin sweep`` and ``anxin warnings`` as an operator types them."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from anxin.cli.main import main
from anxin.monitoring.models import Sweep, Warning
from tests.monitoring import factories as make
from tests.monitoring.test_sweep import unpaid_site
from tests.monitoring.warnings import a_warning

pytestmark = pytest.mark.django_db

MANIFEST = {
    "engine",
    "as_of",
    "rules",
    "facts",
    "findings",
    "gaps",
    "opened",
    "continued",
    "worsened",
    "cleared",
    "seconds",
}


def call(capsys, *words: str) -> tuple[int, dict]:
    code = main([*words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_sweep_then_the_list_then_one_explained(capsys):
    unpaid_site()
    code, swept = call(capsys, "sweep", "--as-of", "2026-11-20")
    assert code == 0 and set(swept) >= MANIFEST
    assert (swept["as_of"], swept["rehearsal"]) == ("2026-11-20", False)
    assert swept["opened"] == swept["findings"] >= 1
    code, listed = call(capsys, "warnings", "list", "--project", "P1")
    assert code == 0 and listed["count"] == swept["opened"]
    [unpaid] = [row for row in listed["warnings"] if row["rule"] == "W03"]
    assert (unpaid["people"], unpaid["amount"]) == (2, "12000.00")
    code, told = call(capsys, "warnings", "explain", str(unpaid["id"]))
    assert code == 0 and told["sentence"] == unpaid["sentence"]
    assert {"rule", "title", "level", "subject", "period", "people", "amount", "threshold"} <= set(told)
    assert {"articles", "evidence", "missing", "act_by", "clears"} <= set(told)


def test_a_warning_already_known__is_still_listed_by_default_and_not_among_the_new(capsys):
    unpaid_site()
    call(capsys, "sweep", "--as-of", "2026-11-20")
    Warning.objects.filter(rule="W03").update(state=Warning.State.ACKNOWLEDGED)
    _, listed = call(capsys, "warnings", "list")
    _, new = call(capsys, "warnings", "list", "--state", "open")
    assert "W03" in {row["rule"] for row in listed["warnings"]}
    assert "W03" not in {row["rule"] for row in new["warnings"]}


def test_an_earlier_day_reports_what_it_found_and_changes_nothing(capsys):
    unpaid_site()
    call(capsys, "sweep", "--as-of", "2026-11-20")
    before = list(Warning.objects.values())
    code, replay = call(capsys, "sweep", "--as-of", "2026-11-16", "--known-at", "2026-11-16")
    assert (code, replay["rehearsal"]) == (0, True)
    assert replay["report"]["findings"]
    assert before == list(Warning.objects.values())


@pytest.mark.parametrize(
    "words",
    [
        ["sweep", "--as-of", "2026-13-01"],
        ["sweep", "--as-of", "昨天"],
        ["sweep", "--known-at", "25:00"],
        ["sweep", "--known-at", "2999-01-01"],
        ["warnings", "list", "--project", "没有"],
        ["warnings", "list", "--level", "purple"],
        ["warnings", "list", "--state", "gone"],
        ["warnings", "list", "--limit", "0"],
        ["warnings", "explain", "0"],
        ["warnings", "explain", "W03"],
        ["warnings", "explain", "9" * 40],
    ],
)
def test_a_wrong_call_ends_with_two_and_a_sentence(capsys, words):
    code, answer = call(capsys, *words)
    assert code == 2
    assert answer["error"].endswith(("。", "--help")), answer


def test_the_list_filters_and_reads_well_without_json(capsys):
    a_warning(level=4)
    a_warning(make.project("P9"), level=2, state="cleared")
    assert main(["warnings", "list", "--level", "red"]) == 0
    shown = capsys.readouterr().out
    assert "红色" in shown and "黄色" not in shown
    assert main(["warnings", "list", "--project", "P9"]) == 0
    assert "没有符合条件的预警" in capsys.readouterr().out
    assert main(["warnings", "explain", str(Warning.objects.first().pk)]) == 0
    assert "依据：《保障农民工工资支付条例》" in capsys.readouterr().out


def test_a_sweep_reads_well_without_json(capsys):
    unpaid_site()
    assert main(["sweep", "--as-of", "2026-11-20"]) == 0
    assert "新增" in capsys.readouterr().out


def test_the_history_of_a_warning_tells_the_local_time(capsys):
    warning = a_warning(make.project("P7"))
    event = warning.events.create(
        kind="noted", at=dt.datetime(2026, 11, 19, 22, 30, tzinfo=dt.UTC), actor="user:1", actor_name="某人"
    )
    assert main(["warnings", "explain", str(warning.pk)]) == 0
    assert f"2026-11-20T06:30　{event.get_kind_display()}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--engine", "spark"], "要一起写"),
        (["--spark-url", "sc://127.0.0.1:15002"], "要一起写"),
        (["--engine", "spark", "--spark-url", "http://127.0.0.1"], "sc://"),
    ],
)
def test_a_sweep_on_a_spark_that_is_not_named_rightly_does_not_begin(capsys, options, sentence):
    assert main(["sweep", *options]) == 2
    assert sentence in capsys.readouterr().err
    assert not Sweep.objects.exists()
