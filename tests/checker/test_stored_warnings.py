"""Warnings of the database, exported with what was reported of their employers, worked out again."""

from __future__ import annotations

import json

import pytest

from anxin.local_law import queries as local_law
from anxin.monitoring.models import Warning
from anxin.monitoring.queries import all_warnings
from anxin.monitoring.rows_export import export_warnings
from anxin.registry.models import Employer
from anxin.signals.models import Clue, EmployerEvent, EmployerLink, InsuranceMonth, UtilityMonth
from checker.__main__ import main
from tests.monitoring import factories as make
from tests.monitoring.test_sweep import run, unpaid_site

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]
MONTHS = [f"2026-{number:02d}" for number in range(1, 11)]


def firm(number: int) -> Employer:
    return Employer.objects.create(
        uscc=f"TEST{number}", name=f"示例公司{number}", region=make.region("990101")
    )


@pytest.fixture
def failing(home, every_rule_warns) -> Employer:
    """Contributions owed, people gone, no power, a court order, a case, a complaint, and a firm in trouble beside it."""
    one, other = firm(1), firm(2)
    for place, month in enumerate(MONTHS):
        late = max(place - 5, 0)
        InsuranceMonth.objects.create(
            employer=one, month=month, insured=60 - 10 * late, leavers=10 * (late > 0), unemployment_claims=late,
            insurance_arrears_months=late, insurance_arrears_fen=late * 1_000_000, recorded_at=make.EARLY,
        )  # fmt: skip
        UtilityMonth.objects.create(
            employer=one, month=month, water_m3=300 - 65 * late, power_kwh=None, recorded_at=make.EARLY
        )
    InsuranceMonth.objects.create(
        employer=other, month=MONTHS[-1], insured=9, insurance_arrears_months=7, insurance_arrears_fen=1,
        recorded_at=make.EARLY,
    )  # fmt: skip
    for kind in ("enforcement", "arbitration", "dishonesty", "abnormal_registration", "tax_arrears"):
        EmployerEvent.objects.create(
            number=kind, employer=one, kind=kind, on="2026-08-03", people=12, amount_fen=70_000_000,
            recorded_at=make.EARLY,
        )  # fmt: skip
    Clue.objects.create(
        number="C1", employer=one, region=one.region, channel="12345", received_on="2026-10-09", people=4,
        extreme=False, recorded_at=make.EARLY,
    )  # fmt: skip
    EmployerLink.objects.create(employer=other, other=one, kind="shareholder", recorded_at=make.EARLY)
    return one


def exported(path) -> list[dict]:
    export_warnings(all_warnings(), local_law.current(), path, on=make.at("2026-11-18").date())
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_everything_a_sweep_wrote_agrees_with_its_rows(failing, tmp_path, capsys):
    unpaid_site()
    run("2026-11-10")
    path = tmp_path / "warnings.jsonl"
    lines = exported(path)
    rules = {
        line["rule"]
        for line in lines[1:]
        if line["subject_id"] == failing.pk and line["subject"] == "employer"
    }
    assert {"E01", "E03", "E04", "E05", "E06", "E07", "E08", "E09", "W18"} <= rules
    assert main([str(path)]) == 0, capsys.readouterr().out


@pytest.mark.parametrize(
    ("rule", "table", "column", "value"),
    [
        ("E01", "employer_months", "insurance_arrears_months", 1),
        ("E03", "employer_months", "unemployment_claims", 0),
        ("E04", "employer_events", "people", 2),
        ("E05", "employer_events", "until", "2026-10-01"),
        ("E06", "employer_events", "kind", "inspection"),
        ("E07", "employer_months", "water_m3", 300),
        ("E08", "employer_links", "until", "2026-10-01"),
        ("E09", "employer_events", "on", "2026-12-01"),
        ("W18", "clues", "founded", False),
    ],
)
def test_another_report_than_the_warning_rests_on_is_seen(failing, tmp_path, rule, table, column, value):
    run("2026-11-10")
    path = tmp_path / "warnings.jsonl"
    lines = exported(path)
    (claim,) = [one for one in lines[1:] if one["rule"] == rule and one["subject_id"] == failing.pk]
    for row in claim["facts"][table]:
        row[column] = value
    path.write_text("\n".join(json.dumps(line) for line in (lines[0], claim)) + "\n", encoding="utf-8")
    assert main([str(path)]) == 1


def test_a_warning_of_the_list_that_is_seen_by_no_report_is_named(failing, tmp_path, capsys):
    run("2026-11-10")
    path = tmp_path / "warnings.jsonl"
    lines = exported(path)
    claim = next(one for one in lines[1:] if one["rule"] == "E05" and one["subject_id"] == failing.pk)
    claim["facts"]["employer_events"] = []
    path.write_text("\n".join(json.dumps(line) for line in (lines[0], claim)) + "\n", encoding="utf-8")
    assert main([str(path)]) == 1
    assert "按部门数据算不出来" in capsys.readouterr().out
    assert Warning.objects.filter(rule="E05").exists()
