"""The model's numbers, and the forecast held against what happened."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anxin.monitoring.forecast.inputs import INPUTS, covered, expected_fen, need_fen
from anxin.monitoring.forecast.model import Model, TooFewCases, announce_from, train
from anxin.monitoring.forecast.rolling import Ended, Sample, roll

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


def test_every_input_of_an_empty_row_is_unknown_or_nothing_and_never_an_error():
    empty = {"due": DUE, "ahead": 10, "month": "2026-09", "month_first": dt.date(2026, 9, 1)}
    values = [one.value(empty) for one in INPUTS]
    assert all(value is None or value >= 0 for value in values)


def cases(count: int = 400, seed: int = 1) -> tuple[list[list[float | None]], list[bool]]:
    """Pay days that are missed the likelier the less is covered; some balances are unknown."""
    rng = np.random.default_rng(seed)
    vectors: list[list[float | None]] = []
    missed = []
    for _ in range(count):
        enough = float(rng.normal())
        vectors.append([enough if rng.random() > 0.1 else None, *[float(rng.normal()) for _ in INPUTS[1:]]])
        missed.append(bool(rng.random() < 1 / (1 + np.exp(2 + 3 * enough))))
    return vectors, missed


def test_a_model_learns_what_matters_and_says_so():
    vectors, missed = cases()
    model = train(vectors, missed, false_alarms=0.2)
    assert model.weights[0] < -0.5
    low, high = model.chances([[-2.0, *[0.0] * (len(INPUTS) - 1)], [2.0, *[0.0] * (len(INPUTS) - 1)]])
    assert low > 0.7
    assert high < 0.1
    parts = model.contributions([[-2.0, *[0.0] * (len(INPUTS) - 1)]])
    assert int(np.argmax(parts[0])) == 0


def test_the_same_past_gives_the_same_model():
    assert train(*cases(), false_alarms=0.2) == train(*cases(), false_alarms=0.2)


def test_a_stored_model_forecasts_as_before():
    vectors, missed = cases()
    model = train(vectors, missed, false_alarms=0.2)
    again = Model.from_json(json.loads(json.dumps(model.as_json())))
    assert np.array_equal(model.chances(vectors), again.chances(vectors))


def test_too_few_misses_teach_nothing():
    vectors, _ = cases(100)
    with pytest.raises(TooFewCases, match="100个"):
        train(vectors, [False] * 100, false_alarms=0.2)


def test_the_threshold_keeps_the_limit_of_false_alarms():
    chances = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    assert announce_from(chances, np.array([True, True, True, True, False]), 0.2) == 0.5
    assert announce_from(chances, np.array([True, True, False, False, False]), 0.2) == 0.8
    assert announce_from(chances, np.array([False] * 5), 0.2) == 1.0


@settings(max_examples=25)
@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_chance_stays_between_nothing_and_one(first, second):
    model = train(*cases(200), false_alarms=0.2)
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
