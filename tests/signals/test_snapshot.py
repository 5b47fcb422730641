"""What was reported reaches the fact tables, as known on the day."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.monitoring import snapshot
from anxin.signals.models import EmployerProfile, RainDay, SitePower, Standstill
from tests.monitoring.factories import id_number
from tests.monitoring.factories import worker as make_worker
from tests.signals.conftest import NOW, deliver, table, uscc

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]
DAY = dt.date(2026, 9, 30)
LATER = NOW + dt.timedelta(days=30)


def rows(name, *, as_of=DAY, known_at=LATER, **scope):
    return snapshot.take(as_of=as_of, known_at=known_at, **scope)[name].to_pylist()


def test_insurance_and_utilities_of_a_month_stand_in_one_row(employer):
    first, second = employer(1), employer(2)
    social = ("统一社会信用代码", "月份", "参保人数", "减少")
    water = ("统一社会信用代码", "月份", "用水量", "用电量")
    deliver("social", table(social, (uscc(1), "2026-07", 30, 0), (uscc(1), "2026-08", 28, 2)))
    deliver("utilities", table(water, (uscc(1), "2026-08", 12.5, 900), (uscc(2), "2026-08", "", 40)))
    found = [
        (row["employer_id"], row["month"], row["insured"], row["water_m3"], row["power_kwh"])
        for row in rows("employer_months")
    ]
    assert found == [
        (first.pk, "2026-07", 30, None, None),
        (first.pk, "2026-08", 28, 12.5, 900.0),
        (second.pk, "2026-08", None, None, 40.0),
    ]
    assert {(row["source"], row["month"]) for row in rows("source_months")} == {
        ("social", "2026-07"),
        ("social", "2026-08"),
        ("water", "2026-08"),
        ("power", "2026-08"),
    }


def test_what_arrived_later_was_not_known_and_what_happened_later_had_not_happened(employer):
    employer(1)
    heading = ("编号", "统一社会信用代码", "种类", "日期", "止", "人数", "金额")
    deliver("events", table(heading, ("E1", uscc(1), "被执行", "2026-06-01", "2026-10-15", "", "80000")))
    assert rows("employer_events", known_at=NOW - dt.timedelta(days=1)) == []
    assert rows("employer_events", as_of=dt.date(2026, 5, 31)) == []
    (open_one,) = rows("employer_events")
    assert (open_one["kind"], open_one["until"], open_one["amount_fen"]) == ("enforcement", None, 8_000_000)
    (ended,) = rows("employer_events", as_of=dt.date(2026, 10, 15))
    assert ended["until"] == dt.date(2026, 10, 15)


def test_a_status_of_a_later_day_had_not_yet_come(employer):
    EmployerProfile.objects.create(
        employer=employer(1), status="revoked", status_on=dt.date(2026, 10, 2), recorded_at=NOW
    )
    assert [row["status"] for row in rows("employers")] == [None]
    assert [row["status"] for row in rows("employers", as_of=dt.date(2026, 10, 2))] == ["revoked"]


def test_named_projects_show_no_employer_and_a_named_employer_brings_those_it_is_linked_with(
    employer, project
):
    first, second, third = employer(1), employer(2), employer(3)
    site = project("P-1")
    heading = ("统一社会信用代码", "关联单位代码", "关系")
    deliver("links", table(heading, (uscc(2), uscc(1), "同一股东")))
    assert rows("employers", project_ids=[site.pk]) == []
    found = [row["employer_id"] for row in rows("employers", employer_ids=[first.pk])]
    assert found == [first.pk, second.pk]
    assert third.pk not in found
    assert rows("projects", employer_ids=[first.pk]) == []


def test_officers_count_where_they_are_also_on_a_roster(employer):
    boss = employer(1)
    worker = make_worker(1)
    heading = ("统一社会信用代码", "身份证号", "姓名", "职务")
    deliver(
        "officers",
        table(heading, (uscc(1), id_number(1), "甲", "法定代表人"), (uscc(1), id_number(2), "乙", "监事")),
    )
    assert rows("officers") == [
        {"employer_id": boss.pk, "worker_key": str(worker.pk), "office": "法定代表人"}
    ]


def test_a_site_takes_the_rain_of_the_nearest_gauge_and_its_own_power(project, district):
    site = project("P-1")
    day = dt.date(2026, 8, 2)
    RainDay.objects.create(region_id="9901", day=day, rain_mm=61.0, recorded_at=NOW)
    SitePower.objects.create(project=site, day=day, power_kwh=3.5, recorded_at=NOW)
    Standstill.objects.create(project=site, from_day=day, cause="停工令", recorded_at=NOW)
    assert rows("site_days") == [{"project_id": site.pk, "day": day, "rain_mm": 61.0, "power_kwh": 3.5}]
    assert [row["until_day"] for row in rows("standstills")] == [None]


def test_a_lead_is_open_until_the_day_it_was_closed(employer, project):
    employer(1)
    heading = ("编号", "渠道", "接收日期", "单位代码", "区划代码", "人数", "办结日期", "属实")
    deliver("clues", table(heading, ("X1", "12345", "2026-08-03", uscc(1), "990101", 3, "2026-10-01", "是")))
    (lead,) = rows("clues")
    assert (lead["closed_on"], lead["founded"]) == (None, None)
    (closed,) = rows("clues", as_of=dt.date(2026, 10, 1))
    assert (closed["closed_on"], closed["founded"]) == (dt.date(2026, 10, 1), True)
