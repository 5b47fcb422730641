"""The fact tables: as known at a moment, up to a day, the same on every database."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.funds.models import BankReceipt, LabourCostTerm
from anxin.monitoring import facts_schema, snapshot
from anxin.registry.models import Employer, Participation
from tests.monitoring import factories as make

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 11, 20)


def take(*, as_of: dt.date = DAY, known_at: dt.datetime | None = None, project_ids=None):
    tables = snapshot.take(
        as_of=as_of, known_at=known_at or make.at("2026-11-20", 22), project_ids=project_ids
    )
    return {name: table.to_pylist() for name, table in tables.items()}


def test_every_table_has_exactly_the_agreed_shape_empty_or_not():
    for table_name, table in snapshot.take(as_of=DAY, known_at=make.at("2026-11-20")).items():
        assert table.schema.equals(facts_schema.SCHEMAS[table_name])
    site = make.project(contract_fen=10**12)
    person = make.worker(1)
    make.enrol(site, person, entry=dt.date(2026, 1, 2))
    make.attend(site, person, "2026-10-09", share="0.50")
    make.line(site, "2026-10", person, days_worked="20.5", deduction_fen=100)
    tables = snapshot.take(as_of=DAY, known_at=make.at("2026-11-20"))
    assert set(tables) == set(facts_schema.SCHEMAS)
    for name, table in tables.items():
        assert table.schema.equals(facts_schema.SCHEMAS[name]), name
        assert facts_schema.conform(name, table).equals(table)


def test_days_of_a_month_are_added_up_and_win_over_a_monthly_total():
    site, person, other = make.project(), make.worker(1), make.worker(2)
    make.attend(site, person, "2026-10-09", "2026-10-12")
    make.attend(site, person, "2026-10-13", share="0.50")
    make.attend(site, person, "2026-10-14", share="0.00")
    make.attend_month(site, person, "2026-10", "26")
    make.attend_month(site, other, "2026-10", "21.5")
    found = {row["worker_key"]: row for row in take()["attendance"]}
    assert found[str(person.pk)]["days"] == 2.5
    assert found[str(person.pk)]["first_day"] == dt.date(2026, 10, 9)
    assert found[str(person.pk)]["last_day"] == dt.date(2026, 10, 13)
    assert (found[str(other.pk)]["days"], found[str(other.pk)]["first_day"]) == (21.5, None)


def test_a_month_of_absences_counts_as_delivered_though_nobody_attended():
    site = make.project()
    make.attend(site, make.worker(1), "2026-10-09", share="0.00")
    tables = take()
    assert tables["attendance"] == []
    assert tables["attendance_months"] == [{"project_id": site.pk, "month": "2026-10"}]


@pytest.mark.parametrize(
    ("moment", "net"),
    [("2026-10-31", None), ("2026-11-01", 600_000), ("2026-11-04", 600_000), ("2026-11-05", 700_000)],
)
def test_a_corrected_line_shows_what_was_known_at_each_moment(moment, net):
    site, person = make.project(), make.worker(1)
    first, corrected = make.at("2026-11-01"), make.at("2026-11-05")
    make.line(site, "2026-10", person, recorded_at=first, superseded_at=corrected)
    make.line(site, "2026-10", person, net_fen=700_000, recorded_at=corrected)
    lines = take(known_at=make.at(moment, 12))["payroll_lines"]
    assert [line["net_fen"] for line in lines] == ([] if net is None else [net])


@pytest.mark.parametrize(
    ("changes", "paid"),
    [
        ({}, 600_000),
        ({"state": "confirmed"}, 600_000),
        ({"state": "proposed"}, None),
        ({"state": "denied"}, None),
        ({"outcome": "returned"}, None),
        ({"paid_on": "2026-11-20"}, 600_000),
        ({"paid_on": "2026-11-21"}, None),
        ({"recorded_at": make.at("2026-11-21")}, None),
    ],
)
def test_only_money_that_arrived_by_then_counts(changes, paid):
    make.pay(make.line(make.project(), "2026-10", make.worker(1)), **changes)
    assert [row["paid_fen"] for row in take()["payments"]] == ([] if paid is None else [paid])


def test_an_ended_match_counts_until_it_ended():
    receipt = make.pay(make.line(make.project(), "2026-10", make.worker(1)))
    receipt.matches.update(ended_at=make.at("2026-11-10"))
    assert take(known_at=make.at("2026-11-20"))["payments"] == []
    assert len(take(known_at=make.at("2026-11-09"))["payments"]) == 1


def test_several_payments_of_one_line_are_added_up():
    line = make.line(make.project(), "2026-10", make.worker(1))
    make.pay(line, amount_fen=100_000, paid_on="2026-11-13")
    make.pay(line, amount_fen=200_000, paid_on="2026-11-18")
    assert take()["payments"] == [
        {"line_id": line.pk, "paid_fen": 300_000, "last_paid_on": dt.date(2026, 11, 18)}
    ]


def test_months_of_receipts_come_from_the_file_or_from_the_matched_lines():
    line = make.line(make.project(), "2026-09", make.worker(1))
    make.pay(line)
    BankReceipt.objects.update(month="")
    assert take()["receipt_months"] == [{"project_id": line.payroll.project_id, "month": "2026-09"}]


def test_a_project_completed_later_was_still_being_built_on_the_day():
    make.project(state="completed", completion=dt.date(2026, 11, 30))
    [then] = take()["projects"]
    assert (then["state"], then["completion"]) == ("in_progress", None)
    [later] = take(as_of=dt.date(2026, 11, 30))["projects"]
    assert (later["state"], later["completion"]) == ("completed", dt.date(2026, 11, 30))


@pytest.mark.parametrize(
    ("uscc", "role", "ticked", "government"),
    [
        ("12990101MB00000016", "owner", False, True),
        ("91990101MA0000009P", "owner", False, False),
        ("91990101MA0000009P", "owner", True, True),
        ("12990101MB00000016", "subcontractor", False, False),
    ],
)
def test_whose_money_a_project_is_comes_of_its_owner_or_the_tick(uscc, role, ticked, government):
    site = make.project(government_invested=ticked)
    body = Employer.objects.create(uscc=uscc, name="某区第三中学")
    Participation.objects.create(project=site, employer=body, role=role)
    Participation.objects.create(project=make.project("P2"), employer=body, role="general_contractor")
    assert [one["government"] for one in take()["projects"]] == [government, False]


def test_only_the_named_projects_are_taken_in_every_table():
    for code in ("P1", "P2"):
        site = make.project(code)
        person = make.worker(1)
        make.enrol(site, person)
        make.attend(site, person, "2026-10-09")
        make.pay(make.line(site, "2026-10", person))
        LabourCostTerm.objects.create(project=site, due_day=5, first_month="2026-01", recorded_at=make.EARLY)
    for table in take(project_ids=[site.pk]).values():
        assert {row["project_id"] for row in table if "project_id" in row} <= {site.pk}
    assert len(take(project_ids=[site.pk])["payments"]) == 1
    assert len(take()["payments"]) == 2


def test_the_number_of_queries_does_not_grow_with_the_facts(django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    site = make.project()
    make.line(site, "2026-10", make.worker(1))
    with CaptureQueriesContext(connection) as few:
        take()
    for serial in range(2, 30):
        make.pay(make.line(site, "2026-10", make.worker(serial)))
        make.attend(site, make.worker(serial), "2026-10-09", "2026-10-10")
    with django_assert_num_queries(len(few)):
        take()
    assert len(few) <= 60  # some two a table
