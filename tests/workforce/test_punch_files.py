"""Punches in a delivered table: kept like those of gates, days by the same rule, replaced by a corrected file."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anxin.evidence.models import JournalEntry
from anxin.local_law import services as local_law
from anxin.workforce.deriving import derive_days
from anxin.workforce.models import AttendanceDay, Enrolment, Punch, PunchBatch, Worker
from tests.local_law.conftest import FIRST, SECOND
from tests.support.deliveries import deliver, id_number, make_project, workbook
from tests.workforce.gates import SHANGHAI, device, row, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

RULE = "gates.day_rule/2004-01-01"
PAIRS = ["姓名", "身份证号", "日期", "上班时间", "下班时间"]
LOG = ["姓名", "身份证号", "通行时间", "方向"]


@pytest.fixture
def project(now):
    return make_project(now)


@pytest.fixture
def bring(actor, now):
    """Deliver an attendance file: ``bring(header, rows)``."""

    def brought(header, *rows, title: str = "", **options):
        data = workbook(header, [list(one) for one in rows], title=title)
        return deliver("attendance", data, actor=actor, now=now, **options)

    return brought


def pair(day: str, first: str = "", last: str = "", *more, name: str = "王小明", index: int = 1):
    return (name, id_number(index), day, first, last, *more)


def passage(moment: str, direction: str = "", name: str = "王小明", index: int = 1):
    return (name, id_number(index), moment, direction)


def days(name: str = "王小明") -> dict[str, tuple[str, str, str]]:
    """Day → share, source, remark."""
    rows = AttendanceDay.objects.filter(worker__name=name, superseded_at=None).order_by("day")
    return {f"{one.day:%m-%d}": (str(one.share), one.source, one.remark) for one in rows}


def punches(**only) -> list[str]:
    rows = Punch.objects.filter(withdrawn_at=None, **only).order_by("at")
    return [f"{one.at.astimezone(SHANGHAI):%m-%d %H:%M}{one.direction}" for one in rows]


def test_first_and_last_punch_become_a_day_by_the_stated_rule(project, bring, now):
    batch = bring(PAIRS, pair("2026-10-08", "07:58", "17:31"), pair("2026-10-09", "08:00", "12:30"))
    # four and a half hours are half a day, as for a gate
    assert days() == {"10-08": ("1.00", "gate", ""), "10-09": ("0.50", "gate", "")}
    day = AttendanceDay.objects.get(day=dt.date(2026, 10, 9))
    assert (day.rule, day.batch_id, day.row_number, str(day.hours)) == (RULE, batch.pk, 3, "4.5")
    first = Punch.objects.order_by("at").first()
    assert (first.sequence, first.direction, first.backfilled) == (2, "in", True)
    assert (first.batch.file_id, first.batch.received_at) == (batch.pk, now)
    kept = PunchBatch.objects.get()
    assert (kept.kept, kept.backfilled, kept.derived_at) == (4, 4, now)
    assert batch.report["punches"]["rules"] == [RULE]
    assert (batch.report["punches"]["read"], batch.report["punches"]["days"]) == (4, 2)


PATTERNS = {
    "a whole day": [("08:00", "in", 0), ("17:00", "out", 0)],
    "four hours and a half": [("08:00", "in", 0), ("12:30", "out", 0)],
    "two hours": [("08:00", "in", 0), ("10:00", "out", 0)],
    "a night": [("20:00", "in", 0), ("05:00", "out", 1)],
    "no exit": [("08:00", "in", 0)],
    "no entry": [("17:00", "out", 0)],
    "a break": [("07:30", "in", 0), ("11:30", "out", 0), ("13:00", "in", 0), ("18:00", "out", 0)],
    "no directions": [("07:30", "", 0), ("12:00", "", 0), ("13:10", "", 0)],
    "after midnight": [("14:00", "", 0), ("01:30", "", 1)],
}


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS)
def test_a_file_comes_to_the_same_days_as_a_gate(project, bring, now, pattern):
    day = dt.date(2026, 10, 8)
    moments = [
        (dt.datetime.combine(day + later * dt.timedelta(1), dt.time.fromisoformat(clock), SHANGHAI), way)
        for clock, way, later in pattern
    ]
    words = {"in": "进", "out": "出", "": ""}
    bring(LOG, *(passage(f"{at:%Y-%m-%d %H:%M:%S}", words[way]) for at, way in moments))
    other = make_project(now, code="P2")
    worker = Worker.objects.get()
    Enrolment.objects.create(project=other, worker=worker, recorded_at=now)
    gate = device(other, now=now)
    send(gate, [row(n, worker, at, way) for n, (at, way) in enumerate(moments, 1)], now=now)
    derive_days(other.pk, now=now)
    said = [
        list(
            AttendanceDay.objects.filter(project=site, superseded_at=None)
            .order_by("day")
            .values_list("day", "share", "hours", "rule", "remark", "source")
        )
        for site in (project, other)
    ]
    assert said[0] == said[1]


def test_the_same_passages_in_another_file_change_nothing(project, bring):
    rows = [pair("2026-10-08", "07:58", "17:31"), pair("2026-10-09", "20:00", "05:00")]
    bring(PAIRS, *rows)
    before = list(AttendanceDay.objects.values_list("pk", "superseded_at"))
    again = bring(PAIRS, *rows, title="2026年10月考勤表")
    assert (again.rows_unchanged, again.rows_superseded) == (4, 0)
    assert list(AttendanceDay.objects.values_list("pk", "superseded_at")) == before
    assert Punch.objects.count() == 4
    assert again.report["punches"]["repeated"] == 4
    assert JournalEntry.objects.filter(action="attendance.derived").count() == 1


def test_the_very_same_file_is_the_delivery_that_was_accepted(project, bring):
    first = bring(PAIRS, pair("2026-10-08", "07:58"))
    again = bring(PAIRS, pair("2026-10-08", "07:58"))
    assert (again.pk, again.already_accepted) == (first.pk, True)
    assert PunchBatch.objects.count() == 1


def test_a_corrected_file_supersedes_what_differs_and_takes_a_dropped_day_back(project, bring):
    first = bring(
        PAIRS,
        pair("2026-10-08", "08:00", "12:00"),
        pair("2026-10-09", "08:00", "17:00"),
        pair("2026-10-10", "08:00", "17:00"),
    )
    second = bring(PAIRS, pair("2026-10-08", "08:00", "18:00"), pair("2026-10-10", "08:00", "17:00"))
    assert days() == {"10-08": ("1.00", "gate", ""), "10-10": ("1.00", "gate", "")}
    assert (second.rows_unchanged, second.rows_superseded) == (3, 3)
    old = AttendanceDay.objects.get(day=dt.date(2026, 10, 8), superseded_at__isnull=False)
    assert (str(old.share), old.batch_id, old.superseded_by_id) == ("0.50", first.pk, second.pk)
    assert Punch.objects.filter(withdrawn_at__isnull=False).count() == 3


def test_a_file_speaks_of_its_own_days_and_people_alone(project, bring):
    bring(
        PAIRS,
        pair("2026-10-08", "08:00", "17:00"),
        pair("2026-10-09", "08:00", "17:00", name="李大海", index=2),
    )
    bring(PAIRS, pair("2026-10-09", "08:00", "17:00"))
    assert list(days()) == ["10-08", "10-09"]
    assert list(days("李大海")) == ["10-09"]


def test_the_departure_of_a_night_stays_when_the_next_month_arrives(project, bring):
    bring(PAIRS, pair("2026-09-30", "20:00", "05:00"))
    bring(PAIRS, pair("2026-10-01", "20:00", "06:00"))
    assert days() == {"09-30": ("1.00", "gate", ""), "10-01": ("1.00", "gate", "")}
    assert punches() == ["09-30 20:00in", "10-01 05:00out", "10-01 20:00in", "10-02 06:00out"]


def test_a_corrected_departure_after_midnight_replaces_the_one_before(project, bring):
    bring(PAIRS, pair("2026-10-08", "20:00", "02:00"))
    bring(PAIRS, pair("2026-10-08", "20:00", "05:00"))
    assert punches() == ["10-08 20:00in", "10-09 05:00out"]


def test_a_passage_written_under_two_days_is_one_passage(project, bring):
    bring(PAIRS, pair("2026-10-08", "20:00", "05:00"))
    bring(LOG, passage("2026-10-09 05:00:00", "出"), passage("2026-10-09 20:00:00", "进"))
    assert punches() == ["10-08 20:00in", "10-09 05:00out", "10-09 20:00in"]


def test_a_punch_that_has_not_happened_comes_back_with_the_reason(project, bring):
    batch = bring(PAIRS, pair("2026-11-19", "08:00", "17:00"), pair("2026-11-20", "08:00", "17:00"))
    assert (batch.rows_accepted, batch.rows_rejected) == (1, 1)
    assert "2026-11-20 17:00 还没有到" in batch.problems.get(severity="rejected").reason
    assert list(days()) == ["11-19"]


def test_somebody_on_no_roster_comes_back_and_no_punch_is_kept(project, bring):
    batch = bring(["姓名", "打卡时间"], ("赵四海", "2026-10-08 08:00:00"), ("赵四海", "2026-10-08 17:00:00"))
    assert batch.rows_rejected == 2
    assert "花名册中没有" in batch.problems.filter(severity="rejected").first().reason
    assert not Punch.objects.exists()


def test_a_missing_punch_is_noted_at_its_row_and_on_the_day(project, bring):
    batch = bring(PAIRS, pair("2026-10-08", "08:00"), pair("2026-10-09", "", "17:00"))
    assert days() == {"10-08": ("0.50", "gate", "missing_out"), "10-09": ("0.50", "gate", "missing_in")}
    notes = list(batch.problems.order_by("row").values_list("row", "severity", "reason"))
    assert [(one[0], one[1]) for one in notes] == [(2, "warning"), (3, "warning")]
    assert "10月8日缺出场打卡，记0.5天" in notes[0][2]


GRID = ["姓名", "身份证号", *map(str, range(1, 32)), "出勤天数"]


def grid(*cells, total=None):
    return ("王小明", id_number(1), *cells, *[""] * (31 - len(cells)), total)


def test_a_grid_of_marks_and_times_keeps_each_as_what_it_is(project, bring):
    batch = bring(GRID, grid("√", "07:30-17:30", "0.5", "07:30", total=4), title="2026年10月考勤表")
    assert days() == {
        "10-01": ("1.00", "file", ""),
        "10-02": ("1.00", "gate", ""),
        "10-03": ("0.50", "file", ""),
        "10-04": ("0.50", "gate", "single"),
    }
    reasons = [one.reason for one in batch.problems.all()]
    assert any("表内写的出勤4天，按打卡折算为3天" in reason for reason in reasons)


def test_a_corrected_mark_takes_the_place_of_punches_and_the_other_way_round(project, bring):
    bring(GRID, grid("07:30-17:30", "√", "", ""), title="2026年10月考勤表")
    bring(GRID, grid("√", "07:30-11:30", "", ""), title="2026年10月考勤表")
    assert days() == {"10-01": ("1.00", "file", ""), "10-02": ("0.50", "gate", "")}
    assert punches() == ["10-02 07:30", "10-02 11:30"]


def test_hours_that_people_wrote_stay_a_day_of_the_sheet(project, bring):
    header = ["姓名", "身份证号", "日期", "工时"]
    bring(header, ("王小明", id_number(1), "2026-10-08", 5))
    assert days() == {"10-08": ("1.00", "file", "")}
    assert not Punch.objects.exists()


def test_overtime_written_beside_punches_stays_with_the_day(project, bring):
    header = [*PAIRS, "加班时数"]
    bring(header, pair("2026-10-08", "08:00", "20:00", 2.5))
    assert str(AttendanceDay.objects.get().overtime_hours) == "2.5"
    bring(PAIRS, pair("2026-10-08", "08:00", "20:00"))
    assert AttendanceDay.objects.get(superseded_at=None).overtime_hours is None


def test_punches_of_gate_and_file_make_one_day_and_a_file_takes_none_of_the_gates(project, bring, now):
    bring(PAIRS, pair("2026-11-18", "", "17:00"))
    worker = Worker.objects.get()
    Enrolment.objects.create(project=project, worker=worker, recorded_at=now)
    gate = device(project, now=now)
    at = dt.datetime(2026, 11, 18, 8, tzinfo=SHANGHAI)
    send(gate, [row(1, worker, at, "in")], now=now)
    derive_days(project.pk, now=now)
    assert days() == {"11-18": ("1.00", "gate", "")}
    bring(PAIRS, pair("2026-11-18", "", "12:30"))
    assert days() == {"11-18": ("0.50", "gate", "")}
    assert punches(device__isnull=False) == ["11-18 08:00in"]


def test_a_correction_by_hand_stands_against_a_file_of_punches(project, bring, now):
    bring(PAIRS, pair("2026-10-08", "08:00", "17:00"))
    AttendanceDay.objects.update(superseded_at=now)
    day = AttendanceDay.objects.get()
    AttendanceDay.objects.create(
        project=project, worker=day.worker, day=day.day, share="0.50", source="hand", recorded_at=now
    )
    bring(PAIRS, pair("2026-10-08", "08:00", "19:00"))
    assert days() == {"10-08": ("0.50", "hand", "")}


def test_a_local_rule_holds_for_files_from_its_day_on(project, bring, now):
    numbers = {
        "day_starts": 4, "whole_hours": 8, "half_hours": 4, "longest_shift": 16,
        "missing_punch_percent": 50, "same_punch_minutes": 5,
    }  # fmt: skip
    record = local_law.propose_value(
        key="gates.day_rule",
        region="9901",
        region_name="安城市",
        valid_from=dt.date(2026, 10, 9),
        value=numbers,
        source_title="关于考勤折算办法的通知",
        source_number="安人社发〔2026〕9号",
        actor=FIRST,
        now=now,
    )
    local_law.confirm(record, actor=SECOND, now=now)
    bring(PAIRS, pair("2026-10-08", "08:00", "15:00"), pair("2026-10-09", "08:00", "15:00"))
    found = AttendanceDay.objects.order_by("day").values_list("share", "rule")
    assert [(str(share), rule) for share, rule in found] == [
        ("1.00", RULE),
        ("0.50", "gates.day_rule/2026-10-09"),
    ]


def test_queries_do_not_grow_with_the_punches(project, bring):
    def asked(first: int, people: int) -> int:
        rows = [
            pair(f"2026-10-{day:02d}", "08:00", "17:00", name=f"工人{one}", index=one)
            for one in range(first, first + people)
            for day in (8, 9)
        ]
        with CaptureQueriesContext(connection) as context:
            bring(PAIRS, *rows)
        return len(context)

    few = asked(1, 2)
    assert asked(10, 40) <= few + 2
