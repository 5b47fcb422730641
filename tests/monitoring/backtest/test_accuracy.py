"""The warnings that were given, judged a while later by what turned out."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.evidence.models import JournalEntry
from anxin.local_law import queries as local_law
from anxin.monitoring import accuracy, stages
from anxin.monitoring.models import RuleAccuracy, RuleStage, Warning
from anxin.monitoring.services import sweep
from tests.monitoring import factories as make

pytestmark = pytest.mark.django_db

NOW = make.at("2026-12-20")
TODAY = dt.date(2026, 12, 20)


def given_on(day: str) -> None:
    now = make.at(day)
    sweep(as_of=now.date(), known_at=now, trigger="manual", now=now)


def counted(rule: str, region: str = "") -> RuleAccuracy:
    accuracy.count(on=TODAY, now=NOW)
    return RuleAccuracy.objects.get(rule=rule, region=region, source="hindsight")


def test_a_warning_about_wages_that_never_came_was_right():
    make.line(make.project(), "2026-08", make.worker(1))
    given_on("2026-09-20")
    row = counted("W03")
    assert (row.fired, row.true, row.judged, row.cases, row.found) == (1, 1, 1, 1, 1)


def test_a_warning_that_the_bank_disproves_later_was_wrong():
    paid = make.line(make.project(), "2026-08", make.worker(1))
    given_on("2026-09-20")
    make.pay(paid, paid_on="2026-09-15", recorded_at=make.at("2026-10-01"))
    row = counted("W03")
    assert (row.fired, row.true) == (1, 0)


def test_a_district_has_its_own_figures_without_recall():
    make.line(make.project(), "2026-08", make.worker(1))
    other = make.project("P2", region_code="990201")
    make.line(other, "2026-08", make.worker(2))
    given_on("2026-09-20")
    row = counted("W03", "990201")
    assert (row.fired, row.true, row.cases, row.found) == (1, 1, None, None)
    assert RuleAccuracy.objects.get(rule="W03", region="", source="hindsight").fired == 2


def test_a_warning_too_young_to_be_judged_is_left_out():
    make.line(make.project(), "2026-10", make.worker(1))
    given_on("2026-11-20")
    assert counted("W03").fired == 0


def test_a_duty_on_paper_is_counted_and_not_judged():
    make.project(permit_on=dt.date(2026, 3, 2), contract_fen=900_000_000_00)
    given_on("2026-09-20")
    row = counted("W07")
    assert (row.fired, row.true, row.judged) == (1, None, None)


def test_counting_again_replaces_the_figures_and_stands_in_the_journal():
    make.line(make.project(), "2026-08", make.worker(1))
    given_on("2026-09-20")
    accuracy.count(on=TODAY, now=NOW)
    accuracy.count(on=TODAY, now=NOW)
    assert RuleAccuracy.objects.filter(rule="W03", region="", source="hindsight").count() == 1
    assert JournalEntry.objects.filter(action="monitoring.accuracy_counted").count() == 2


def test_a_rule_that_is_nearly_always_wrong_goes_back_on_trial():
    site = make.project()
    needed = local_law.current().value(stages.FLOOR, on=TODAY).value["cases"]
    given_on("2026-09-20")
    run = Warning.objects.first()
    assert run is None or run.rule != "W02"
    _wrong_warnings(site, needed + 5)
    accuracy.count(on=TODAY, now=NOW)
    assert RuleStage.objects.get(rule="W02").stage == RuleStage.Stage.SHADOW
    assert "上限低于" in RuleStage.objects.get(rule="W02").reason


def _wrong_warnings(site, count: int) -> None:
    """Warnings of one rule about wages that nobody was owed."""
    from anxin.monitoring.models import Sweep

    sweep_run = Sweep.objects.order_by("pk").last()
    Warning.objects.bulk_create(
        Warning(
            fingerprint=f"wrong-{number}",
            rule="W02",
            family="wages",
            project=site,
            month=f"2026-{number % 9 + 1:02d}",
            level=2,
            worst_level=2,
            sentence="人工费用少拨",
            explanation={},
            first_seen=dt.date(2026, 6, 1),
            opened_on=dt.date(2026, 6, 1),
            last_seen=dt.date(2026, 6, 20),
            sweep=sweep_run,
        )
        for number in range(count)
    )
