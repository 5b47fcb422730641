"""Every employer graded: the strongest reasons, what is unknown, the greatest expected harm first."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.monitoring.employers import grade_employers
from anxin.monitoring.models import EmployerGrade, Warning
from anxin.monitoring.services import sweep
from anxin.registry.models import Employer
from anxin.signals.models import EmployerEvent, EmployerLink, InsuranceMonth, UtilityMonth
from tests.monitoring import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]
DAY = dt.date(2026, 9, 30)
NOW = make.at("2026-09-30")


def employer(number: int, *, insured: int | None = 30, owed: int = 0) -> Employer:
    one = Employer.objects.create(
        uscc=f"TEST{number}", name=f"示例公司{number}", region=make.region("990102")
    )
    if insured is not None:
        InsuranceMonth.objects.create(
            employer=one,
            month="2026-08",
            insured=insured,
            insurance_arrears_months=owed,
            insurance_arrears_fen=owed * 1_000_000,
            recorded_at=make.EARLY,
        )
    return one


def happened(one: Employer, kind: str, on: str, **values) -> None:
    EmployerEvent.objects.create(
        number=f"{one.pk}-{kind}-{on}", employer=one, kind=kind, on=on, recorded_at=make.EARLY, **values
    )


def graded() -> dict[int, EmployerGrade]:
    grade_employers(as_of=DAY, now=NOW)
    return {grade.employer_id: grade for grade in EmployerGrade.objects.filter(month="2026-09")}


def test_an_employer_without_signs_is_graded_and_its_silent_sources_are_unknown():
    quiet, unheard = employer(1), employer(2, insured=None)
    UtilityMonth.objects.create(
        employer=quiet, month="2026-08", water_m3=50, power_kwh=900, recorded_at=make.EARLY
    )
    grades = graded()
    assert (grades[quiet.pk].level, grades[quiet.pk].people, grades[quiet.pk].unknown) == (
        0,
        30,
        "unemployment",
    )
    assert (grades[unheard.pk].people, grades[unheard.pk].unknown) == (
        None,
        "social,unemployment,water,power",
    )


def test_the_three_strongest_reasons_are_said_with_dates_and_values():
    firm = employer(1, owed=6)
    happened(firm, "enforcement", "2026-07-09", amount_fen=80_000_000)
    happened(firm, "dishonesty", "2026-07-19")
    happened(firm, "abnormal_registration", "2026-07-20")
    grade = graded()[firm.pk]
    reasons = json.loads(grade.reasons)
    assert [(code, level) for code, level, _ in reasons] == [("E01", 4), ("E05", 3), ("E09", 3)]
    assert reasons[0][2] == "截至2026年8月，社会保险费已欠缴6个月，共60,000.00元，参保30人。"
    assert "2026年7月9日" in reasons[1][2]
    assert (grade.level, grade.months) == (4, 6)


def test_independent_signs_add_up_and_never_beyond_certainty():
    one, both = employer(1, owed=3), employer(2, owed=3)
    happened(both, "enforcement", "2026-07-09", amount_fen=80_000_000)
    grades = graded()
    # 35 % alone; with 30 % beside it 1 - 0.65 * 0.70, rounded
    assert (grades[one.pk].inability, grades[both.pk].inability) == (35, 55)


def test_the_list_is_in_the_order_of_people_times_months_times_inability():
    small, large, long = (
        employer(1, insured=5, owed=2),
        employer(2, insured=50, owed=2),
        employer(3, insured=30, owed=5),
    )
    grades = graded()
    assert grades[large.pk].harm == 50 * 2 * 20
    order = EmployerGrade.objects.filter(month="2026-09").order_by("-harm")
    assert [grade.employer_id for grade in order] == [long.pk, large.pk, small.pk]


def test_after_a_sudden_loss_those_who_were_there_before_are_counted():
    firm = employer(1, insured=10)
    InsuranceMonth.objects.create(employer=firm, month="2026-07", insured=60, recorded_at=make.EARLY)
    assert graded()[firm.pk].people == 60


def test_grading_again_replaces_the_month_and_leaves_one_entry_each_time():
    firm = employer(1, owed=1)
    graded()
    happened(firm, "enforcement", "2026-07-09", amount_fen=80_000_000)
    grade = graded()[firm.pk]
    assert grade.level == 2
    assert EmployerGrade.objects.count() == 1
    assert JournalEntry.objects.filter(action="monitoring.employers_graded").count() == 2


def test_one_employer_graded_again_touches_no_other_and_sees_those_it_is_linked_with():
    firm, sister = employer(1), employer(2)
    first = graded()
    EmployerLink.objects.create(employer=sister, other=firm, kind="同一股东", recorded_at=make.EARLY)
    happened(sister, "dishonesty", "2026-07-19")
    grade_employers(as_of=DAY, now=NOW, employer_ids=[firm.pk])
    again = EmployerGrade.objects.get(employer=firm)
    assert [code for code, _, _ in json.loads(again.reasons)] == ["E08"]
    assert EmployerGrade.objects.get(employer=sister).pk == first[sister.pk].pk


def test_a_day_that_has_not_come_is_refused():
    with pytest.raises(Refused, match="不能晚于今天"):
        grade_employers(as_of=dt.date(2026, 10, 1), now=NOW)


def test_a_first_month_of_contributions_owed_tells_employers_apart_and_warns_nobody():
    owing, quiet = employer(1, owed=1), employer(2)
    grades = graded()
    assert [code for code, _, _ in json.loads(grades[owing.pk].reasons)] == ["E01"]
    assert grades[owing.pk].harm > grades[quiet.pk].harm == 0
    sweep(as_of=DAY, known_at=NOW, trigger="manual", now=NOW)
    assert not Warning.objects.filter(rule="E01").exists()
