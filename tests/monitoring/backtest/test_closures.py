"""Accuracy by closures: conclusions of people and of the money, by district and quarter, with recall by confirmed leads."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.evidence.models import JournalEntry
from anxin.local_law import queries as local_law
from anxin.monitoring import accuracy, closures, stages
from anxin.monitoring.models import RuleAccuracy, RuleStage, Warning
from anxin.monitoring.services import sweep
from anxin.signals.models import Clue, PaymentOrder
from tests.monitoring import factories as make
from tests.monitoring.warnings import a_warning

pytestmark = pytest.mark.django_db

NOW = make.at("2026-12-20")
TODAY = dt.date(2026, 12, 20)
RIGHT = {"state": "cleared", "concluded_on": TODAY, "conclusion": "paid", "conclusion_right": True}
WRONG = RIGHT | {"conclusion": "wrong_data", "conclusion_right": False}
UNKNOWN = RIGHT | {"conclusion": "unverifiable", "conclusion_right": None}


def swept(day: str) -> None:
    now = make.at(day)
    sweep(as_of=now.date(), known_at=now, trigger="manual", now=now)


def counted(rule: str, region: str = "", quarter: str = "") -> RuleAccuracy:
    accuracy.count(on=TODAY, now=NOW)
    return RuleAccuracy.objects.get(rule=rule, region=region, quarter=quarter, source="closures")


def lead(number: str, day: str, founded: bool | None = True, **about) -> Clue:
    return Clue.objects.create(
        number=number, channel="12345", received_on=dt.date.fromisoformat(day), founded=founded,
        region=make.region(), recorded_at=make.at(day), **about,
    )  # fmt: skip


def test_precision_counts_conclusions_that_judge_and_says_how_many_there_are():
    for fields in (RIGHT, RIGHT, WRONG, UNKNOWN, {}):
        a_warning(**fields)
    row = counted("W03")
    assert (row.fired, row.concluded, row.judged, row.true) == (5, 4, 3, 2)


def test_districts_and_quarters_have_figures_of_their_own():
    a_warning(make.project("PA"), **RIGHT)
    a_warning(make.project("PB", region_code="990201"), **WRONG)
    a_warning(make.project("PC"), first_seen=dt.date(2026, 7, 1), **WRONG)
    assert counted("W03").fired == 3
    near = counted("W03", "990102", "2026Q4")
    assert (near.fired, near.true, near.first, near.last) == (1, 1, dt.date(2026, 10, 1), TODAY)
    earlier = counted("W03", "990102", "2026Q3")
    assert (earlier.fired, earlier.true, earlier.last) == (1, 0, dt.date(2026, 9, 30))
    assert counted("W03", "990201").true == 0


def test_a_conclusion_asked_for_and_not_agreed_does_not_count():
    a_warning(state="clearing", conclusion="paid", conclusion_right=True)
    row = counted("W03")
    assert (row.fired, row.concluded, row.judged) == (1, 0, 0)


def test_lead_is_counted_to_the_due_day_that_the_warning_names():
    a_warning(**RIGHT)  # first seen on the 14th, wages due on the 13th
    assert counted("W03").lead_days_median == -1


def test_recall_asks_of_confirmed_arrears_whether_a_warning_came_before():
    seen, unseen = make.project("PA"), make.project("PB")
    a_warning(seen, first_seen=dt.date(2026, 10, 1), last_seen=dt.date(2026, 11, 1))
    lead("1", "2026-10-20", project=seen)
    lead("2", "2026-10-25", project=seen)  # the same site and month: the same case
    lead("3", "2026-10-20", project=unseen)
    lead("4", "2026-11-02", founded=False, project=unseen)
    lead("5", "2026-11-03", founded=None, project=unseen)
    row = counted("W03")
    assert (row.cases, row.found) == (2, 1)
    assert counted("W03", "990102", "2026Q4").cases == 2


@pytest.mark.parametrize(("first", "last"), [("2026-10-21", "2026-11-20"), ("2026-07-01", "2026-08-01")])
def test_a_warning_after_the_lead_or_long_before_does_not_count_as_found(first, last):
    site = make.project("PA")
    a_warning(site, first_seen=dt.date.fromisoformat(first), last_seen=dt.date.fromisoformat(last))
    lead("1", "2026-10-20", project=site)
    assert counted("W03").found == 0


def test_an_order_to_pay_confirms_arrears_too():
    site = make.project("PA")
    PaymentOrder.objects.create(
        number="责1", project=site, region=site.region, served_on=dt.date(2026, 10, 20),
        due_on=dt.date(2026, 10, 30), recorded_at=make.at("2026-10-20"),
    )  # fmt: skip
    assert (counted("W03").cases, counted("W03").found) == (1, 0)


def test_duties_on_paper_and_signs_of_forgery_have_no_recall():
    site = make.project("PA")
    lead("1", "2026-10-20", project=site)
    a_warning(site, rule="W07", family="paper", month="", **RIGHT)
    a_warning(site, rule="F01", advice=True, **RIGHT)
    for code in ("W07", "F01"):
        row = counted(code)
        assert (row.true, row.cases, row.found) == (1, None, None)


def unpaid_since_september():
    line = make.line(make.project(), "2026-08", make.worker(1))
    swept("2026-09-20")
    return line


def test_arrears_that_were_paid_in_the_end_were_right_by_facts():
    make.pay(unpaid_since_september(), paid_on="2026-09-28", recorded_at=make.at("2026-09-29"))
    swept("2026-09-30")
    row = counted("W03")
    warning = Warning.objects.get(rule="W03")
    assert (row.judged, row.true) == (1, 1)
    assert (warning.conclusion, warning.conclusion_by_facts) == ("paid", True)
    assert "按工资表和银行到账数据" in warning.events.get(kind="concluded").text
    assert JournalEntry.objects.get(action="warning.concluded_by_facts").after["right"] == [warning.pk]


def test_a_receipt_that_only_came_late_makes_it_wrong_by_facts():
    make.pay(unpaid_since_september(), paid_on="2026-09-10", recorded_at=make.at("2026-09-29"))
    swept("2026-09-30")
    row = counted("W03")
    assert (row.judged, row.true) == (1, 0)
    assert Warning.objects.get(rule="W03").conclusion_title == "不属实（数据错误）"


def test_a_pay_list_that_was_taken_back_makes_it_wrong_by_facts():
    line = unpaid_since_september()
    line.superseded_at = make.at("2026-09-29")
    line.save()
    swept("2026-09-30")
    assert (counted("W03").judged, counted("W03").true) == (1, 0)


def test_what_a_person_concluded_the_facts_do_not_change():
    make.pay(unpaid_since_september(), paid_on="2026-09-28", recorded_at=make.at("2026-09-29"))
    swept("2026-09-30")
    Warning.objects.filter(rule="W03").update(**WRONG)
    assert (counted("W03").judged, counted("W03").true) == (1, 0)


def test_a_rule_that_was_stopped_says_nothing_about_the_facts():
    unpaid_since_september()
    RuleStage.objects.create(
        rule="W03", stage="retired", from_day=dt.date(2026, 9, 25), reason="停用", answer="confirmed",
        asked_by_name="陈", asked_at=make.at("2026-09-24"), answered_at=make.at("2026-09-24"),
    )  # fmt: skip
    swept("2026-09-30")
    assert Warning.objects.get(rule="W03").state == "cleared"
    assert counted("W03").concluded == 0


def test_enough_conclusions_decide_about_the_floor_before_hindsight():
    site = make.project()
    needed = local_law.current().value(stages.FLOOR, on=TODAY).value["cases"]
    for number in range(needed):
        a_warning(site, rule="W07", family="paper", month=f"2026-{number % 12 + 1:02d}", **WRONG)
    accuracy.count(on=TODAY, now=NOW)
    assert RuleStage.objects.get(rule="W07").stage == RuleStage.Stage.SHADOW


def test_the_quarters_that_are_counted_are_four_whole_ones_and_the_present_one():
    assert closures.first_day(TODAY) == dt.date(2025, 10, 1)
    assert closures.first_day(dt.date(2026, 3, 31)) == dt.date(2025, 1, 1)
