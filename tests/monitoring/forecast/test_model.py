"""The model's numbers, and the forecast held against what happened."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anxin.monitoring.forecast.announcing import LEAST_CHANCE, SURE_CHANCE, Tried, threshold
from anxin.monitoring.forecast.inputs import INPUTS
from anxin.monitoring.forecast.model import Model, TooFewCases, train
from anxin.monitoring.forecast.money import covered, expected_fen, need_fen, overdue_fen, to_come_fen
from anxin.monitoring.forecast.reasons import reasons
from anxin.monitoring.forecast.rolling import Ended, Sample, Worth, baseline, roll, tell

DUE = dt.date(2026, 10, 15)


def row(**values) -> dict:
    """A coming pay day of September wages, 15 days ahead, with money enough."""
    return {
        "month": "2026-09",
        "month_first": dt.date(2026, 9, 1),
        "due": DUE,
        "ahead": 15,
        "bill_fen": 1_000_000,
        "balance_fen": 1_200_000,
        "last_late_share": 0.0,
        **values,
    }


def test_the_months_own_payroll_says_what_is_needed():
    assert need_fen(row(promised_fen=900_000)) == 900_000


def test_without_it_the_last_bill_is_scaled_by_attendance():
    seen = row(present_month="2026-09", present_worked=600.0, bill_worked=400.0)
    assert need_fen(seen) == 1_500_000


def test_half_a_month_of_attendance_counts_as_half():
    seen = row(
        ahead=30, present_month="2026-09", present_worked=200.0, bill_worked=400.0
    )  # 15 September: half of the month has passed
    assert need_fen(seen) == 1_000_000


def test_before_any_payroll_the_need_is_unknown():
    assert need_fen(row(bill_fen=None)) is None
    assert covered(row(bill_fen=None)) is None


def test_an_owner_who_kept_half_is_counted_on_for_half():
    assert expected_fen(row(expected_fen=800_000, owed_fen=1_000_000, disbursed_fen=500_000)) == 400_000


def test_what_is_still_owed_for_earlier_months_is_not_free():
    assert covered(row(open_fen=700_000)) == pytest.approx(0.5)


def test_money_that_comes_days_before_the_pay_day_counts_whole_and_too_late_a_habit_leaves_little():
    seen = row(expected_times=1, expected_slack=10, last_period_fen=400_000, wait_days=1.0, last_wait_days=2)
    assert to_come_fen(seen) == 400_000
    assert to_come_fen(seen | {"wait_days": 12.0}) == pytest.approx(120_000)


def test_an_owner_who_has_sent_nothing_for_two_months_is_hardly_counted_on():
    seen = row(expected_times=1, expected_slack=10, last_period_fen=400_000, unpaid_days_most=60)
    assert to_come_fen(seen) == pytest.approx(40_000)


def test_overdue_money_counts_the_less_the_longer_it_is_overdue():
    seen = row(last_period_fen=100_000, month_due_days=5, month_paid_fen=0)
    assert overdue_fen(seen) > overdue_fen(seen | {"month_due_days": 20}) > 0
    assert overdue_fen(seen | {"month_paid_fen": 1}) == 0


def test_every_input_of_an_empty_row_is_unknown_or_says_nothing_and_never_an_error():
    empty = {"due": DUE, "ahead": 10, "month": "2026-09", "month_first": dt.date(2026, 9, 1)}
    assert all(one.value(empty) is None or one.value(empty) <= 1 for one in INPUTS)
    assert {one.say(empty) for one in INPUTS} == {""}


def cases(count: int = 400, seed: int = 1) -> tuple[list[list[float | None]], list[bool], list[int]]:
    """Pay days that are missed the likelier the larger the gap is; some gaps are unknown."""
    rng = np.random.default_rng(seed)
    vectors: list[list[float | None]] = []
    missed = []
    for _ in range(count):
        gap = float(rng.normal())
        vectors.append([gap if rng.random() > 0.1 else None, *[float(rng.normal()) for _ in INPUTS[1:]]])
        missed.append(bool(rng.random() < 1 / (1 + np.exp(2 - 3 * gap))))
    return vectors, missed, list(range(count))


def test_a_model_learns_what_matters_and_says_so():
    model = train(*cases())
    assert model.weights[0] > 0.5
    high, low = model.chances([[2.0, *[0.0] * (len(INPUTS) - 1)], [-2.0, *[0.0] * (len(INPUTS) - 1)]])
    assert high > 0.7
    assert low < 0.1
    parts = model.contributions([[2.0, *[0.0] * (len(INPUTS) - 1)]])
    assert int(np.argmax(parts[0])) == 0


def test_no_input_ever_makes_a_miss_less_likely():
    vectors, missed, days = cases()
    turned = [[None if one[0] is None else -one[0], *one[1:]] for one in vectors]
    model = train(turned, missed, days)
    assert model.weights[0] == 0
    assert min(model.weights) >= 0


def test_a_pay_day_looked_at_often_weighs_no_more_than_one_looked_at_once():
    vectors, missed, days = cases()
    once = train(vectors, missed, days)
    thrice = train(vectors * 3, missed * 3, days * 3)
    assert (thrice.cases, thrice.misses) == (once.cases, once.misses) == (400, sum(missed))
    assert thrice.weights == pytest.approx(once.weights, abs=1e-3)


def test_the_same_past_gives_the_same_model():
    assert train(*cases()) == train(*cases())


def test_a_stored_model_forecasts_as_before():
    vectors, missed, days = cases()
    model = train(vectors, missed, days)
    again = Model.from_json(json.loads(json.dumps(model.as_json())))
    assert np.array_equal(model.chances(vectors), again.chances(vectors))


def test_too_few_misses_teach_nothing():
    vectors, _, days = cases(100)
    with pytest.raises(TooFewCases, match="100个"):
        train(vectors, [False] * 100, days)


def test_many_looks_at_few_pay_days_are_few_cases():
    vectors, missed, _ = cases(100)
    with pytest.raises(TooFewCases, match="有结果的发薪日只有5个"):
        train(vectors, missed, [number % 5 for number in range(100)])


def tried(*classes: tuple[float, int, int]) -> list[Tried]:
    """(chance, pay days, of these missed)"""
    return [Tried(chance, number < missed) for chance, days, missed in classes for number in range(days)]


def test_the_threshold_goes_as_low_as_false_alarms_stay_within_the_limit():
    assert threshold(tried((0.9, 200, 200), (0.45, 20, 12), (0.4, 900, 90)), 0.2) == 0.45


def test_a_handful_of_false_alarms_does_not_silence_the_forecast():
    assert threshold(tried((0.9, 4, 0)), 0.2) == SURE_CHANCE
    assert threshold([], 0.2) == SURE_CHANCE


def test_nothing_unlikely_is_announced_whatever_luck_the_past_had():
    assert threshold(tried((0.9, 500, 500), (0.2, 500, 500)), 0.2) >= LEAST_CHANCE


def test_reasons_are_sentences_with_values_the_strongest_first():
    model = train(*cases())
    seen = row(balance_fen=200_000, last_late_share=0.6, last_due=dt.date(2026, 9, 15))
    first, *_ = reasons(model, seen)
    assert first == "专户余额除去以前欠的还有2,000.00元，应发10,000.00元"
    assert len(set(reasons(model, seen))) == len(reasons(model, seen)) <= 3


@settings(max_examples=25)
@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_chance_stays_between_nothing_and_one(first, second):
    model = train(*cases(200))
    (chance,) = model.chances([[first, second, *[0.0] * (len(INPUTS) - 2)]])
    assert 0 <= chance <= 1


def history(months: int = 8, projects: int = 60) -> tuple[list[Sample], dict, dict]:
    """Projects of which a third is short of money and misses its pay days; seen 20 and 6 days ahead."""
    samples, ended, truth = [], {}, {}
    for number in range(months):
        month = dt.date(2026, 1 + number, 1)
        due = month.replace(day=28)
        for project in range(projects):
            short = project % 3 == 0
            key = (project, f"{month:%Y-%m}")
            truth[key] = short
            ended[key] = Ended(short, due + dt.timedelta(days=10))
            for ahead in (20, 6):
                seen = row(due=due, ahead=ahead, balance_fen=300_000 if short else 1_500_000, month=key[1])
                seen["month_first"] = month
                samples.append(Sample(project, key[1], due - dt.timedelta(days=ahead), due, seen))
    return samples, ended, truth


def test_a_month_is_forecast_only_from_what_was_known_before_it():
    samples, ended, truth = history()
    worth = roll(samples, ended, false_alarms=0.2, judged=truth)
    assert min(one.sample.as_of for one in worth.told) >= dt.date(
        2026, 3, 1
    )  # January's end was known by then
    hidden = {key: end for key, end in ended.items() if end.known_on > dt.date(2026, 12, 31)}
    assert roll(samples, hidden, false_alarms=0.2, judged=truth).told == []


def test_announcements_are_counted_by_pay_day_with_false_alarms_apart():
    samples, ended, truth = history()
    early = roll(samples, ended, false_alarms=0.2, judged=truth).announced_early()
    assert (early["share"], early["false_alarms"]) == (1.0, 0)
    turned = dict.fromkeys(truth, False)
    early = roll(samples, ended, false_alarms=0.2, judged=turned).announced_early()
    assert (early["missed"], early["false_share"]) == (0, 1.0)


def test_a_forecast_never_stands_without_its_baselines():
    samples, ended, truth = history()
    told = roll(samples, ended, false_alarms=0.2, judged=truth).as_json()
    assert told["brier"] < told["brier_base_rate"]
    assert {"brier_as_last", "brier_base_rate"} <= told.keys()
    assert told["horizons"]["15"]["samples"] == 0  # nothing was seen within three days of it
    assert told["horizons"]["5"]["samples"] > 0


def test_nothing_further_ahead_than_the_owners_money_is_due_is_announced():
    samples, ended, truth = history()
    told = roll(samples, ended, false_alarms=0.2, judged=truth).told
    early = [replace(one.sample, as_of=one.sample.due - dt.timedelta(days=30)) for one in told]
    assert any(one.announced for one in told)
    model = train(*cases())
    repeats = dict.fromkeys((True, False, None), 0.5)
    assert not any(one.announced for one in tell(early, replace(model, threshold=0.0), repeats))


def test_a_trial_of_few_pay_days_proves_nothing():
    samples, ended, truth = history()
    worth = roll(samples, ended, false_alarms=0.2, judged=truth)
    assert worth.proves
    few = [one for one in worth.told if one.sample.project_id < 3][:20]
    assert not Worth(few, truth).proves


def test_the_baseline_stands_before_a_model_can_but_not_on_a_handful():
    samples, ended, _ = history(months=1, projects=30)
    chances = baseline(samples, ended)
    assert chances is not None and chances[False] == pytest.approx(1 / 3, abs=0.05)
    samples, ended, _ = history(months=1, projects=10)
    assert baseline(samples, ended) is None
