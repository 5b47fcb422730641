"""How often a rule was right, worked out by hand on small truths."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.monitoring.backtest.episodes import Episode, Episodes
from anxin.monitoring.backtest.intervals import wilson
from anxin.monitoring.backtest.scoring import RED_WAGES, score_all, score_rule
from anxin.monitoring.backtest.truth import Arrears, Planted, Truth
from anxin.monitoring.rules import RULES

FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
OWED = Arrears("project", 1, "2026-03", dt.date(2026, 4, 15), dt.date(2026, 6, 1), 12, 5_000_000)
TRUTH = Truth(arrears=(OWED,), covers=frozenset({"project", "employer", "F01"}))


def warning(
    first: dt.date, last: dt.date, *, rule: str = "W01", project: int = 1, month: str = "", red: bool = False
) -> Episode:
    return Episode(
        rule=rule,
        subject="project",
        subject_id=project,
        region="990101",
        month=month,
        first=first,
        last=last,
        severity=4 if red else 2,
        people=12,
        amount_fen=5_000_000,
        first_red=first if red else None,
    )


def score(*fired: Episode, truth: Truth | None = TRUTH):
    return score_rule(RULES[fired[0].rule], fired, truth, FIRST, LAST)


def test_a_warning_before_the_missed_day_is_right_and_its_lead_is_positive():
    found = score(warning(dt.date(2026, 4, 1), dt.date(2026, 4, 8)))
    assert (found.fired, found.true, found.recall, found.lead_days_median) == (1, 1, 1.0, 14.0)


def test_a_warning_at_another_project_is_wrong_and_the_case_is_missed():
    found = score(warning(dt.date(2026, 4, 20), dt.date(2026, 5, 8), project=2))
    assert (found.true, found.found, found.missed_people, found.missed_fen) == (0, 0, 12, 5_000_000)


def test_a_warning_after_everything_was_paid_is_wrong():
    assert score(warning(dt.date(2026, 6, 1), dt.date(2026, 7, 1))).true == 0


def test_a_warning_that_ended_long_before_the_day_is_wrong():
    ended = OWED.due - dt.timedelta(days=46)
    assert score(warning(dt.date(2026, 1, 5), ended)).true == 0
    assert score(warning(dt.date(2026, 1, 5), ended + dt.timedelta(days=1))).true == 1


def test_a_warning_about_another_wage_month_is_wrong():
    stands = (dt.date(2026, 5, 16), dt.date(2026, 5, 30))
    assert score(warning(*stands, rule="W03", month="2026-04")).true == 0
    assert score(warning(*stands, rule="W03", month="2026-03")).true == 1


@pytest.mark.parametrize(("paid_after", "cases"), [(30, 0), (31, 1)])
def test_a_payment_a_little_late_is_no_case_to_be_found(paid_after, cases):
    late = replace(OWED, settled=OWED.due + dt.timedelta(days=paid_after))
    found = score(warning(dt.date(2026, 4, 1), dt.date(2026, 4, 8)), truth=replace(TRUTH, arrears=(late,)))
    assert found.cases == cases


def test_arrears_too_young_to_be_serious_by_the_last_day_are_no_case():
    young = replace(OWED, due=LAST - dt.timedelta(days=29), settled=None)
    found = score(warning(dt.date(2026, 4, 1), dt.date(2026, 4, 8)), truth=replace(TRUTH, arrears=(young,)))
    assert found.cases == 0


def test_without_truth_a_rule_is_counted_and_not_judged():
    found = score(warning(dt.date(2026, 4, 1), dt.date(2026, 4, 8)), truth=None)
    assert (found.fired, found.true, found.precision, found.interval) == (1, None, None, None)


def test_a_duty_on_paper_is_counted_and_not_judged():
    found = score(warning(dt.date(2026, 4, 1), dt.date(2026, 4, 8), rule="W07"))
    assert (found.fired, found.true, found.recall) == (1, None, None)


def test_red_wage_warnings_count_from_the_day_they_turned_red():
    episodes = Episodes()
    turned = warning(dt.date(2026, 4, 1), dt.date(2026, 5, 20))
    turned.severity, turned.first_red = 4, dt.date(2026, 5, 10)
    paper = warning(dt.date(2026, 4, 1), dt.date(2026, 5, 20), rule="W07", red=True)
    mild = warning(dt.date(2026, 4, 1), dt.date(2026, 4, 8), rule="W02")
    episodes._by_fingerprint = {str(number): one for number, one in enumerate((turned, paper, mild))}
    *_, red = score_all(episodes, RULES, TRUTH, first=FIRST, last=LAST)
    assert (red.code, red.fired, red.true, red.recall) == (RED_WAGES, 1, 1, 1.0)
    assert red.lead_days_median == -25.0


def test_every_rule_of_the_pack_has_a_row():
    codes = [one.code for one in score_all(Episodes(), RULES, TRUTH, first=FIRST, last=LAST)]
    assert codes == [*RULES, RED_WAGES]


def forged(rule, *, workers=(), month="2026-03", project=1) -> Episode:
    one = warning(dt.date(2026, 4, 30), dt.date(2026, 4, 30), rule=rule, month=month, project=project)
    one.workers = frozenset(workers)
    return one


def test_a_sign_of_forgery_is_right_where_it_names_one_of_the_people(monkeypatch):
    sign = replace(RULES["P02"], code="F01", advice=True)
    planted = Planted("F01", 1, "2026-03", frozenset({"a", "b"}))
    honest = Planted("F01", 2, "2026-03", frozenset({"x", "y"}))
    truth = replace(TRUTH, forgeries=(planted,), lookalikes=(honest,))
    fired = [
        forged("F01", workers={"b", "c"}),
        forged("F01", workers={"c"}),
        forged("F01", workers={"x"}, project=2),
    ]
    found = score_rule(sign, fired, truth, FIRST, LAST)
    assert (found.fired, found.true, found.recall) == (3, 1, 1.0)
    assert (found.lookalikes, found.accused) == (1, 1)


def test_wilson_interval_agrees_with_published_figures():
    # Newcombe 1998, Statistics in Medicine 17, table I, method 3
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(0, 0) is None


@given(st.integers(0, 500), st.integers(1, 500))
def test_an_interval_holds_the_share(hits, more):
    cases = hits + more
    low, high = wilson(hits, cases)
    assert 0 <= low <= hits / cases <= high <= 1
