"""The days of a due date as they are drawn: what is counted, passed over, paused, and where it ends."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.law import Overlay, Pause, Restart, load
from anxin.web.bureau.due_calendar import MOST_MONTHS, DrawnMonth, drawn

LAW = load()


@pytest.fixture(autouse=True)
def fixed_day():
    """Nothing here asks for the day or for a database."""


def cells(months: list[DrawnMonth]) -> dict[dt.date, set[str]]:
    """Day → its marks without the prefix."""
    return {
        cell.day: {mark.removeprefix("day-") for mark in cell.marks.split()}
        for month in months
        for week in month.weeks
        for cell in week
        if cell
    }


def days(found: dict[dt.date, set[str]], mark: str) -> list[dt.date]:
    return sorted(day for day, marks in found.items() if mark in marks)


def said(months: list[DrawnMonth], day: dt.date) -> str:
    return next(c.said for m in months for week in m.weeks for c in week if c and c.day == day)


def test_working_days_over_the_national_day_holiday():
    deadline = LAW.deadline("inspection.complaint_decision_days", dt.date(2026, 9, 28))
    months = drawn(LAW, deadline)
    found = cells(months)
    assert deadline.due == dt.date(2026, 10, 10)
    assert days(found, "counted") == [
        dt.date(2026, 9, 29), dt.date(2026, 9, 30), dt.date(2026, 10, 8), dt.date(2026, 10, 9), dt.date(2026, 10, 10),
    ]  # fmt: skip
    assert days(found, "start") == [dt.date(2026, 9, 28)]
    assert days(found, "last") == [dt.date(2026, 10, 10)]
    assert "makeup" in found[dt.date(2026, 10, 10)]
    assert all("rest" in found[dt.date(2026, 10, day)] for day in range(1, 8))
    assert said(months, dt.date(2026, 10, 1)) == "国庆节"
    assert said(months, dt.date(2026, 10, 10)) == "计入，调休上班，到期日"


def test_as_many_days_are_marked_counted_as_the_period_has():
    for start in (dt.date(2026, 1, 30), dt.date(2026, 4, 29), dt.date(2025, 12, 30)):
        deadline = LAW.deadline("wage_deposit.replenish_days", start)
        assert len(days(cells(drawn(LAW, deadline)), "counted")) == 10


def test_a_month_is_drawn_in_whole_weeks_from_monday():
    month = drawn(LAW, LAW.deadline("inspection.complaint_decision_days", dt.date(2026, 9, 14)))[0]
    assert month.title == "2026年9月"
    assert all(len(week) == 7 for week in month.weeks)
    assert all(
        cell is None or cell.day.weekday() == place for week in month.weeks for place, cell in enumerate(week)
    )
    assert sum(cell is not None for week in month.weeks for cell in week) == 30


def test_natural_days_count_rest_days_and_the_rolled_over_day_is_the_last():
    # 15 days from 18 September 2026 end on 3 October, in the holiday
    deadline = LAW.deadline("penalty.fine_payment_days", dt.date(2026, 9, 18))
    found = cells(drawn(LAW, deadline))
    assert (deadline.nominal, deadline.due) == (dt.date(2026, 10, 3), dt.date(2026, 10, 8))
    assert len(days(found, "counted")) == 15
    assert "counted" in found[dt.date(2026, 9, 20)]
    assert "counted" not in found[dt.date(2026, 10, 8)]
    assert days(found, "last") == [dt.date(2026, 10, 8)]


def test_paused_days_are_marked_and_not_counted():
    pauses = [Pause(dt.date(2026, 9, 15), dt.date(2026, 9, 17))]
    deadline = LAW.deadline("inspection.complaint_decision_days", dt.date(2026, 9, 14), pauses=pauses)
    found = cells(drawn(LAW, deadline, pauses))
    assert days(found, "paused") == [dt.date(2026, 9, day) for day in (15, 16, 17)]
    assert not set(days(found, "paused")) & set(days(found, "counted"))
    assert len(days(found, "counted")) == 5


def test_days_before_a_restart_are_not_counted():
    deadline = LAW.deadline(
        "inspection.complaint_decision_days",
        dt.date(2026, 9, 7),
        restarts=[Restart(dt.date(2026, 9, 14), "材料补正")],
    )
    found = cells(drawn(LAW, deadline))
    assert days(found, "counted")[0] == dt.date(2026, 9, 15)
    assert len(days(found, "counted")) == 5
    assert days(found, "start") == [dt.date(2026, 9, 7)]


def test_backwards_the_days_before_the_event_are_counted():
    deadline = LAW.deadline("penalty.hearing_notice_days", dt.date(2026, 10, 15))
    months = drawn(LAW, deadline)
    found = cells(months)
    assert deadline.backward and deadline.due < dt.date(2026, 10, 15)
    assert said(months, dt.date(2026, 10, 15)) == "事件之日"
    assert days(found, "counted")[0] == deadline.due
    assert days(found, "counted")[-1] == dt.date(2026, 10, 14)
    assert len(days(found, "counted")) == 7


def test_a_least_period_ends_with_its_last_day():
    deadline = LAW.deadline("penalty.demand_before_enforcement_days", dt.date(2026, 9, 14))
    assert deadline.bound == "min"
    assert said(drawn(LAW, deadline), deadline.due_day).endswith("期满日")


def test_a_long_period_shows_its_first_and_last_months_and_says_how_many_are_left_out():
    deadline = LAW.deadline("inspection.limitation_years", dt.date(2024, 3, 1))
    months = drawn(LAW, deadline)
    assert [month.title for month in months] == ["2024年3月", "2024年4月", "2026年2月", "2026年3月"]
    assert [month.skipped for month in months] == [0, 0, 21, 0]


@pytest.mark.parametrize(("start", "drawn_months"), [(dt.date(2026, 3, 2), 4), (dt.date(2026, 5, 2), 4)])
def test_months_that_fit_are_all_drawn(start, drawn_months):
    months = drawn(LAW, LAW.deadline("penalty.apply_enforcement_months", start))
    assert len(months) == drawn_months <= MOST_MONTHS
    assert not any(month.skipped for month in months)


def test_one_month_more_than_fits_is_shortened():
    months = drawn(LAW, LAW.deadline("penalty.litigation_months", dt.date(2026, 3, 2)))
    assert [month.title for month in months] == ["2026年3月", "2026年4月", "2026年8月", "2026年9月"]
    assert months[2].skipped == MOST_MONTHS + 1 - 4


def test_a_moment_is_drawn_on_its_day():
    deadline = LAW.deadline("crime.transfer_send_hours", dt.datetime(2026, 9, 30, 16, 30))
    found = cells(drawn(LAW, deadline))
    assert days(found, "start") == [dt.date(2026, 9, 30)]
    assert days(found, "last") == [dt.date(2026, 10, 1)]


def test_in_a_year_not_yet_published_fixed_holidays_are_drawn_as_days_off():
    deadline = LAW.deadline("inspection.complaint_decision_days", dt.date(2026, 12, 28))
    months = drawn(LAW, deadline)
    found = cells(months)
    assert deadline.provisional
    assert "rest" in found[dt.date(2027, 1, 1)]
    assert said(months, dt.date(2027, 1, 1)) == "法定节假日"
    assert said(months, dt.date(2027, 1, 2)) == "周末"


def test_an_imported_year_is_drawn_with_its_festivals():
    year = {2027: {"notice": "国办发明电〔2026〕99号", "days": [(dt.date(2027, 1, 4), "off", "元旦")]}}
    law = load(overlay=Overlay(calendars=year))
    months = drawn(law, law.deadline("inspection.complaint_decision_days", dt.date(2026, 12, 31)))
    assert said(months, dt.date(2027, 1, 4)) == "元旦"
