"""Attendance becomes days; a corrected grid takes days back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from anxin.evidence.imports import ImportRefused
from anxin.workforce.models import AttendanceDay, AttendanceMonth
from tests.support.deliveries import deliver, id_number, make_project, roster, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

GRID = ["序号", "姓名", "身份证号", *map(str, range(1, 32))]


@pytest.fixture
def project(now):
    return make_project(now)


def grid(*people, title: str = "2026年10月考勤表") -> bytes:
    """``(name, ID index or None, {day: mark})``."""
    rows = [
        [
            number,
            name,
            "" if index is None else id_number(index),
            *(marks.get(day, "") for day in range(1, 32)),
        ]
        for number, (name, index, marks) in enumerate(people, 1)
    ]
    return workbook(GRID, rows, title=title)


def days(name: str) -> dict[int, Decimal]:
    rows = AttendanceDay.objects.filter(worker__name=name, superseded_at=None).order_by("day")
    return {row.day.day: row.share for row in rows}


def test_grid_becomes_days_worked(project, actor, now):
    batch = deliver("attendance", grid(("王小明", 1, {1: "√", 2: "√", 3: "×", 5: "√"})), actor=actor, now=now)
    assert batch.state == "accepted"
    assert days("王小明") == {1: Decimal(1), 2: Decimal(1), 5: Decimal(1)}
    assert AttendanceDay.objects.first().day == dt.date(2026, 10, 1)


def test_corrected_grid_supersedes_what_differs_and_takes_a_dropped_day_back(project, actor, now):
    deliver("attendance", grid(("王小明", 1, {1: "√", 2: "√", 3: "√"})), actor=actor, now=now)
    batch = deliver("attendance", grid(("王小明", 1, {1: "√", 3: "√", 4: "√"})), actor=actor, now=now)
    assert (batch.rows_unchanged, batch.rows_superseded) == (2, 1)
    assert sorted(days("王小明")) == [1, 3, 4]
    assert AttendanceDay.objects.filter(superseded_at__isnull=False).get().day.day == 2


def test_other_people_and_other_months_stay(project, actor, now):
    deliver("attendance", grid(("王小明", 1, {1: "√"}), ("李大海", 2, {1: "√"})), actor=actor, now=now)
    deliver("attendance", grid(("王小明", 1, {9: "√"}), title="2026年9月考勤表"), actor=actor, now=now)
    deliver("attendance", grid(("王小明", 1, {2: "√"})), actor=actor, now=now)
    assert days("李大海") == {1: Decimal(1)}
    current = AttendanceDay.objects.filter(worker__name="王小明", superseded_at=None)
    assert set(current.values_list("day", flat=True)) == {dt.date(2026, 9, 9), dt.date(2026, 10, 2)}


def test_row_without_id_number_finds_its_person_on_the_roster(project, actor, now):
    deliver("roster", roster(("王小明", 1)), actor=actor, now=now)
    deliver("attendance", grid(("王 小明", None, {1: "√"})), actor=actor, now=now)
    assert days("王小明") == {1: Decimal(1)}


def test_person_who_is_on_no_roster_comes_back(project, actor, now):
    batch = deliver(
        "attendance", grid(("赵四海", None, {1: "√"}), ("李大海", 2, {1: "√"})), actor=actor, now=now
    )
    assert (batch.rows_accepted, batch.rows_rejected) == (1, 1)
    assert "花名册中没有“赵**”" in batch.problems.get(severity="rejected").reason


def test_two_people_of_one_name_come_back_with_the_reason(project, actor, now):
    deliver("roster", roster(("张伟", 1), ("张伟", 2)), actor=actor, now=now)
    batch = deliver(
        "attendance", grid(("张伟", None, {1: "√"}), ("李大海", 3, {1: "√"})), actor=actor, now=now
    )
    assert "花名册中有2人同名" in batch.problems.get(severity="rejected").reason


def test_only_totals_become_a_month(project, actor, now):
    data = workbook(
        ["序号", "姓名", "身份证号", "出勤天数"],
        [[1, "王小明", id_number(1), 21.5]],
        title="2026年10月考勤汇总表",
    )
    deliver("attendance", data, actor=actor, now=now)
    month = AttendanceMonth.objects.get()
    assert (month.month, month.days) == ("2026-10", Decimal("21.5"))
    data = workbook(
        ["序号", "姓名", "身份证号", "出勤天数"],
        [[1, "王小明", id_number(1), 22]],
        title="2026年10月考勤汇总表",
    )
    assert deliver("attendance", data, actor=actor, now=now).rows_superseded == 1
    assert AttendanceMonth.objects.get(superseded_at=None).days == 22


def test_grid_without_a_month_is_not_accepted(project, actor, now):
    with pytest.raises((ImportRefused, AssertionError), match="月"):
        deliver("attendance", grid(("王小明", 1, {1: "√"}), title="考勤表"), actor=actor, now=now)


def test_stated_month_gives_the_grid_its_dates(project, actor, now):
    deliver(
        "attendance", grid(("王小明", 1, {7: "√"}), title="考勤表"), actor=actor, now=now, month="2026-08"
    )
    assert AttendanceDay.objects.get().day == dt.date(2026, 8, 7)


def test_same_file_again_after_the_roster_arrived_takes_the_rows_that_came_back(project, actor, now):
    data = grid(("王小明", None, {1: "√"}))
    assert deliver("attendance", data, actor=actor, now=now).rows_rejected == 1
    deliver("roster", roster(("王小明", 1)), actor=actor, now=now)
    assert deliver("attendance", data, actor=actor, now=now).rows_accepted == 1
    assert days("王小明") == {1: Decimal(1)}
