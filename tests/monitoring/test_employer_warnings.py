"""Warnings about employers as a whole: written, kept apart from those of projects, seen only where they are."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from django.db import IntegrityError, transaction

from anxin.accounts.models import Grant, User
from anxin.kernel.refusal import Refused
from anxin.monitoring import queries, services
from anxin.monitoring.access import may_on_warning, own_warnings, visible_warning, visible_warnings
from anxin.monitoring.exports import warnings_workbook
from anxin.monitoring.models import Gap, Warning, WarningEvent
from anxin.monitoring.queries import WarningFilters, section_counts, warning_page
from anxin.registry.models import Employer
from tests.monitoring import employers as firms
from tests.monitoring import factories as make
from tests.monitoring.test_sweep import run, the, unpaid_site
from tests.monitoring.warnings import a_sweep, a_warning

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 20)


@pytest.fixture(autouse=True)
def rule():
    with firms.the_rule():
        yield


def person(name: str, **grant) -> User:
    user = User.objects.create(username=name, display_name=name)
    Grant.objects.create(user=user, **{"role": "inspector", **grant})
    return user


def about(firm: Employer, **fields) -> Warning:
    return a_warning(None, **{"rule": "E01", "project": None, "employer": firm, "month": "", **fields})


def test_a_breach_of_an_employer_opens_a_warning_with_its_name_and_place():
    firm = firms.employer()
    firms.owes(firm, 2)
    run()
    warning = the("E99")
    assert (warning.project_id, warning.employer_id, warning.month) == (None, firm.pk, "2026-10")
    assert warning.sentence.startswith("虚构制造厂1")
    assert warning.region == firm.region and warning.subject_code == firm.uscc
    assert warning.act_by is not None


def test_what_is_paid_clears_it_and_what_is_owed_again_brings_it_back_with_its_history():
    firm = firms.employer()
    firms.owes(firm, 2)
    run("2026-11-10")
    firms.owes(firm, 0, since="2026-11-12")
    run("2026-11-13")
    assert the("E99").state == Warning.State.CLEARED
    firms.owes(firm, 3, since="2026-11-15")
    run("2026-11-16")
    warning = the("E99")
    assert warning.state == Warning.State.OPEN and warning.opened_on == dt.date(2026, 11, 16)
    kinds = [event.kind for event in warning.events.order_by("pk")]
    assert kinds == ["opened", "cleared", "reopened"]


def test_a_sweep_of_projects_leaves_employers_as_they_are():
    site, _ = unpaid_site()
    firm = firms.employer()
    firms.owes(firm, 2)
    run("2026-11-18")
    firms.owes(firm, 0, since="2026-11-19")
    done = run("2026-11-20", project_ids=[site.pk])
    assert "E99" not in done.rules
    assert the("E99").state == Warning.State.OPEN
    run("2026-11-21")
    assert the("E99").state == Warning.State.CLEARED


def test_a_sweep_of_one_employer_leaves_projects_and_other_employers_as_they_are():
    unpaid_site()
    asked, other = firms.employer(1), firms.employer(2)
    firms.owes(asked, 2)
    firms.owes(other, 2)
    run("2026-11-18")
    firms.owes(asked, 0, since="2026-11-19")
    firms.owes(other, 0, since="2026-11-19")
    done = run("2026-11-20", employer_ids=[asked.pk])
    assert not {"W03", "W07"} & set(done.rules)
    assert Warning.objects.get(rule="E99", employer=asked).state == Warning.State.CLEARED
    assert Warning.objects.get(rule="E99", employer=other).state == Warning.State.OPEN
    assert the("W03").state == Warning.State.OPEN


def test_a_sweep_of_nobody_is_refused():
    with pytest.raises(Refused):
        run(employer_ids=[])


def test_a_warning_is_about_exactly_one():
    firm, site = firms.employer(), make.project()
    for both in ({"project": site, "employer": firm}, {"project": None, "employer": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Warning.objects.filter(pk=about(firm).pk).update(**both)
        with pytest.raises(IntegrityError), transaction.atomic():
            Gap.objects.create(
                fingerprint="g", rule="E01", missing="缺", first_seen=TODAY, sweep=a_sweep(), **both
            )


@pytest.mark.parametrize(
    ("grant", "seen"),
    [
        ({"region": "9901"}, True),
        ({"region": ""}, True),
        ({"region": "990102"}, True),
        ({"region": "990101"}, False),
        ({"region": "9901", "industry": "housing"}, False),
        ({"region": "9901", "organisation": "TOWN"}, False),
        ({"role": "auditor"}, False),
    ],
)
def test_who_answers_for_the_place_sees_it_and_nobody_else(grant, seen):
    warning = about(firms.employer())
    user = person("u", **grant)
    assert (visible_warning(user, warning.pk) is not None) is seen
    assert may_on_warning(user, "view", warning) is seen


def test_an_employer_without_a_place_is_seen_by_those_whose_place_is_everywhere():
    about(firms.employer(region_code=None))
    assert visible_warnings(person("all")).count() == 1
    assert visible_warnings(person("some", region="9901")).count() == 0


def test_it_may_be_handled_within_the_scope_and_does_not_exist_outside():
    warning = about(firms.employer())
    inside, outside = person("in", region="9901"), person("out", region="9902")
    services.acknowledge(warning.pk, user=inside, now=make.at("2026-11-20"))
    warning.refresh_from_db()
    assert warning.state == Warning.State.ACKNOWLEDGED
    with pytest.raises(Refused, match="没有找到"):
        services.note(warning.pk, user=outside, now=make.at("2026-11-20"), text="看看")
    with pytest.raises(Refused, match="该单位没有处置权限"):
        services.assign(warning.pk, user=inside, now=make.at("2026-11-20"), to_user=outside)
    assert queries.assignable_users(warning) == [inside]


def test_filters_find_it_by_code_name_and_place():
    warning = about(firms.employer(name="东湖电子厂"))
    a_warning()
    user = person("all")
    for wanted in ({"employer": warning.employer.uscc}, {"text": "东湖"}, {"region": "9901", "rule": "E01"}):
        page = warning_page(user, WarningFilters(**wanted), on=TODAY)
        assert [one.pk for one in page.items] == [warning.pk]


def test_the_clerk_reads_the_own_firm_and_no_other_and_no_suspicion():
    own, other = firms.employer(1), firms.employer(2)
    mine = about(own)
    about(other)
    about(own, advice=True)
    clerk = person("clerk", role="payroll_clerk", employer=own.uscc)
    assert list(own_warnings(clerk)) == [mine]
    assert not visible_warnings(clerk).exists()


def test_signs_of_forgery_are_counted_apart():
    site = make.project()
    a_warning(site, level=4)
    a_warning(site, level=4, advice=True, rule="F01")
    a_warning(site, level=4, family="paper", rule="W07")
    found = queries.counts(person("all"), on=TODAY)
    assert (found.open, found.red, found.new_red, found.advice) == (2, 2, 2, 1)
    assert (found.wages.red, found.paper.red) == (1, 1)
    numbers = section_counts(person("two"), WarningFilters(), on=TODAY)
    assert numbers == {"wages": 1, "paper": 1, "advice": 1}


def test_a_workbook_keeps_the_parts_on_sheets_of_their_own():
    about(firms.employer())
    a_warning(family="paper", rule="W07")
    a_warning(advice=True, rule="F01")
    data = warnings_workbook(None, WarningFilters(), on=TODAY, office="虚构局")
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["工资风险", "制度缺失", "造假线索"]
    assert book["工资风险"].max_row == 4
    assert book["工资风险"]["H4"].value == "虚构制造厂1"


def test_a_missing_source_of_an_employer_holds_what_it_would_clear():
    firm = firms.employer()
    warning = about(firm)
    Gap.objects.create(
        fingerprint="gap",
        rule="E01",
        employer=firm,
        missing="缺少社保数据",
        first_seen=TODAY,
        sweep=a_sweep(),
    )
    assert queries.explain(warning)["missing"] == ["缺少社保数据"]
    assert queries.explain(warning)["subject"]["employer"] == firm.uscc
    assert list(queries.employer_gaps(firm)) and list(queries.employer_warnings(firm)) == [warning]
    assert WarningEvent.objects.count() == 0
