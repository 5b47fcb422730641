"""Ten times the mean week, worked out from numbers and from a hotline's own list."""

from __future__ import annotations

import pytest

from benchmarks.festival import festival, mean_week_of
from tests.signals.conftest import table


def test_a_stream_of_ten_thousand_orders_a_day_before_the_festival():
    found = festival(70_000, rate=200, seconds=60)
    # 700,000 forms in 7 days of 16 hours: 403,200 seconds
    assert found["week"] == 700_000
    assert found["per_s"] == pytest.approx(700_000 / 403_200, abs=1e-6)
    assert found["times"] == 115
    assert found["per_s_in_one_hour"] == pytest.approx(194.444)
    assert found["weeks_offered"] == 0.02


def test_a_slower_trial_may_lie_below_it():
    assert festival(70_000, rate=1, seconds=60)["times"] == 1
    with pytest.raises(ValueError, match="something"):
        festival(0, rate=200, seconds=60)


def test_the_mean_week_is_counted_from_the_days_of_a_list(tmp_path):
    rows = [(f"GD-{n}", f"2026-11-{day:02d} 09:00", "没发工资") for n, day in enumerate((1, 3, 3, 14))]
    path = tmp_path / "list.csv"
    path.write_bytes(table(("工单编号", "来电时间", "内容"), *rows))
    assert mean_week_of(path) == 2  # four rows in fourteen days
