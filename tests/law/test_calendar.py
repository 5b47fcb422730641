"""The working-day calendar, against two independent packages and by its properties."""

from __future__ import annotations

import datetime as dt

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.law import DataError, DayKind, UnpublishedYear, load
from anxin.law.calendar import read_calendar

CALENDAR = load().calendar
FIRST, LAST = dt.date(2004, 1, 1), dt.date(2026, 12, 31)
ALL_DAYS = [FIRST + dt.timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
#: worked in exchange for the new year holiday of 2006; chinesecalendar leaves it a rest day
WORKED_SATURDAY = dt.date(2005, 12, 31)
#: the notice for 2019 was amended in March 2019; the package holidays still has the first version
AMENDED_2019 = {dt.date(2019, 4, 28), dt.date(2019, 5, 2), dt.date(2019, 5, 3), dt.date(2019, 5, 5)}

published = st.dates(FIRST, LAST)
any_day = st.dates(dt.date(1990, 1, 1), dt.date(2040, 12, 31))


def test_every_day_2004_to_2026_agrees_with_chinesecalendar_but_for_one_known_saturday():
    different = {day for day in ALL_DAYS if CALENDAR.is_workday(day) != chinese_calendar.is_workday(day)}
    assert different == {WORKED_SATURDAY}


def test_every_day_2004_to_2026_agrees_with_holidays_but_for_the_amended_week_of_2019():
    china = holidays.country_holidays("CN", years=range(2004, 2027))
    different = {day for day in ALL_DAYS if CALENDAR.is_workday(day) != china.is_working_day(day)}
    assert different == AMENDED_2019


def test_published_span_is_2004_to_2026():
    assert (CALENDAR.published_from, CALENDAR.published_through) == (FIRST, LAST)


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (dt.date(2026, 9, 30), DayKind.WORKDAY),
        (dt.date(2026, 10, 1), DayKind.HOLIDAY),
        (dt.date(2026, 10, 10), DayKind.MAKE_UP),
        (dt.date(2026, 11, 21), DayKind.WEEKEND),
        (dt.date(2027, 3, 1), DayKind.UNKNOWN),
        (dt.date(2003, 3, 3), DayKind.UNKNOWN),
    ],
)
def test_kinds_of_days(day, kind):
    assert CALENDAR.kind(day) is kind


def test_unpublished_year_is_refused_with_a_sentence_never_an_ordinary_weekday():
    with pytest.raises(UnpublishedYear, match=r"2027年的放假安排没有收录.*请导入"):
        CALENDAR.is_workday(dt.date(2027, 3, 1))


def test_provisional_answer_knows_weekends_and_fixed_holidays_and_says_that_it_is_provisional():
    answer = CALENDAR.previous_workday_on_or_before(dt.date(2027, 5, 2))
    assert (answer.day, answer.provisional) == (dt.date(2027, 4, 30), True)


def test_walking_back_from_an_unpublished_into_a_published_year_stays_provisional():
    answer = CALENDAR.previous_workday_on_or_before(dt.date(2027, 1, 1))
    assert (answer.day, answer.provisional) == (dt.date(2026, 12, 31), True)


def test_adding_working_days_skips_the_national_day_week_and_counts_make_up_saturday():
    # 9/30 start not counted; 8, 9 and the make-up Saturday 10 October
    assert CALENDAR.add_working_days(dt.date(2026, 9, 30), 3).day == dt.date(2026, 10, 10)


def test_adding_working_days_backwards():
    assert CALENDAR.add_working_days(dt.date(2026, 10, 8), -1).day == dt.date(2026, 9, 30)


@given(published)
def test_previous_workday_is_worked_not_later_and_has_no_workday_between(day):
    answer = CALENDAR.previous_workday_on_or_before(day)
    assert answer.day <= day
    assert CALENDAR.presumed_workday(answer.day)
    between = [answer.day + dt.timedelta(days=n) for n in range(1, (day - answer.day).days + 1)]
    assert not any(CALENDAR.presumed_workday(other) for other in between)


@given(any_day, st.integers(0, 40), st.integers(0, 40))
def test_adding_in_two_steps_equals_adding_at_once(day, first, second):
    halfway = CALENDAR.add_working_days(day, first)
    at_once = CALENDAR.add_working_days(day, first + second)
    assert CALENDAR.add_working_days(halfway.day, second).day == at_once.day


@given(any_day, st.integers(1, 60))
def test_going_forth_and_back_returns_to_the_last_working_day(day, count):
    there = CALENDAR.add_working_days(day, count).day
    back = CALENDAR.add_working_days(there, -count).day
    assert back == CALENDAR.previous_workday_on_or_before(day).day


def test_a_bureaus_own_year_extends_the_calendar(tmp_path):
    folder = tmp_path / "calendar"
    folder.mkdir()
    (folder / "2027.csv").write_text("day,kind,festival\n2027-01-01,off,元旦\n", encoding="utf-8")
    law = load([tmp_path])
    assert law.calendar.published_through == dt.date(2027, 12, 31)
    assert law.calendar.is_workday(dt.date(2027, 1, 4))
    assert law.digest() != load().digest()


@pytest.mark.parametrize("line", ["2027-13-01,off,元旦", "2026-01-01,off,元旦", "2027-01-01,maybe,元旦"])
def test_a_wrong_calendar_line_is_refused_with_file_and_line(tmp_path, line):
    (tmp_path / "2027.csv").write_text(f"day,kind,festival\n{line}\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"2027\.csv 第2行"):
        read_calendar(tmp_path)


def test_no_calendar_at_all_is_refused(tmp_path):
    with pytest.raises(DataError, match="没有找到任何年度日历"):
        read_calendar(tmp_path)
