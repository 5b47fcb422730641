"""Lists, counts and explanations: what each person sees, in a constant number of queries."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from anxin.evidence.models import ImportBatch, StoredFile
from anxin.kernel.masking import mask_name
from anxin.monitoring import queries
from anxin.monitoring.exports import COLUMNS, warnings_workbook
from anxin.monitoring.models import Gap, Warning
from anxin.monitoring.queries import SORTS, WarningFilters, warning_page
from anxin.registry.models import Employer, Participation
from tests.monitoring import factories as make
from tests.monitoring.test_sweep import run, the, unpaid_site
from tests.monitoring.warnings import a_sweep, a_warning

TODAY = dt.date(2026, 11, 20)


def page(user=None, after="", limit=50, **filters):
    return warning_page(user, WarningFilters(**filters), on=TODAY, after=after, limit=limit)


def ids(user=None, **filters) -> set[int]:
    return {warning.pk for warning in page(user, **filters).items}


@pytest.fixture
def spread(db):
    """Six warnings over three districts, two industries, two bodies."""
    town = make.organisation("TOWN")
    return [
        a_warning(make.project("A", region_code="990101", responsible=town), level=4),
        a_warning(make.project("B", region_code="990101003", industry="water"), level=3),
        a_warning(make.project("C", region_code="990102"), level=3, amount_fen=None, act_by=None),
        a_warning(make.project("D", region_code="990201", responsible=town), level=1),
        a_warning(make.project("E", region_code="990102"), level=2, state="acknowledged"),
        a_warning(make.project("F", region_code="990102"), level=4, state="cleared"),
    ]


@pytest.mark.parametrize(
    ("role", "scope", "seen"),
    [
        ("leader", {}, "ABCDEF"),
        ("inspector", {"region": "9901"}, "ABCEF"),
        ("inspector", {"region": "990101"}, "AB"),
        ("inspector", {"region": "990101", "industry": "water"}, "B"),
        ("inspector", {"organisation": "TOWN"}, "AD"),
        ("clerk", {"region": "9902"}, "D"),
        ("auditor", {}, ""),
        ("admin", {}, ""),
    ],
)
def test_each_role_sees_only_its_subtree_in_list_counts_and_export(spread, role, scope, seen):
    person = make.user("person", role, **scope)
    listed = page(person, state="all").items
    assert {warning.project.code for warning in listed} == set(seen)
    assert queries.counts(person, on=TODAY).open == len(set(seen) - {"F"})
    book = openpyxl.load_workbook(
        io.BytesIO(warnings_workbook(person, WarningFilters(state="all"), on=TODAY, office="虚构局"))
    )
    codes = {row[6] for row in book.active.iter_rows(min_row=4, values_only=True) if row[6]}
    assert codes == set(seen)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, "ABCDE"),
        ({"state": "all"}, "ABCDEF"),
        ({"state": "acknowledged"}, "E"),
        ({"state": "cleared"}, "F"),
        ({"level": 3}, "BC"),
        ({"region": "990101"}, "AB"),
        ({"industry": "water"}, "B"),
        ({"organisation": "TOWN"}, "AD"),
        ({"project": "C"}, "C"),
        ({"rule": "W07"}, ""),
        ({"family": "wages", "level": 1}, "D"),
        ({"text": "虚构工程B"}, "B"),
        ({"age": 7}, ""),
        ({"age": 6}, "ABCDE"),
        ({"due": "overdue"}, ""),
    ],
)
def test_filters_narrow_the_list(spread, filters, found):
    assert {warning.project.code for warning in page(**filters).items} == set(found)


def test_text_finds_a_number_and_an_employer_and_doubles_nothing(spread):
    builder = Employer.objects.create(uscc="99" + "0" * 16, name="云州虚构建设公司")
    for role in ("owner", "general_contractor"):
        Participation.objects.create(project=spread[2].project, employer=builder, role=role)
    assert [warning.pk for warning in page(text="虚构建设").items] == [spread[2].pk]
    assert spread[3].pk in ids(text=str(spread[3].pk))


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("limit", [1, 2, 4])
def test_pages_by_key_show_everything_once_in_order(spread, sort, limit):
    whole = [warning.pk for warning in page(state="all", sort=sort).items]
    walked, after = [], ""
    while after is not None:
        part = page(state="all", sort=sort, after=after, limit=limit)
        walked += [warning.pk for warning in part.items]
        after = part.next_after
    assert walked == whole and len(set(whole)) == len(spread)


def test_the_worst_come_first_and_what_has_no_day_last(spread):
    assert [warning.level for warning in page(state="all").items] == [4, 4, 3, 3, 2, 1]
    assert page(state="all", sort="due").items[-1].act_by is None


@given(st.dictionaries(st.sampled_from([*WarningFilters.__dataclass_fields__, "x"]), st.text(max_size=6)))
def test_nonsense_in_the_address_is_read_as_something_harmless(query):
    filters = WarningFilters.read(query)
    assert filters.sort in SORTS
    assert filters.level is None or 0 <= filters.level <= 9999


def test_a_nonsense_page_key_starts_from_the_beginning(spread):
    assert page(after="<script>").items == page().items


def test_counts_say_what_waits_for_whom(db):
    lin, zhao = make.user("lin"), make.user("zhao")
    a_warning(level=4)
    a_warning(act_by=TODAY)
    a_warning(act_by=TODAY - dt.timedelta(days=1), state="assigned", assigned_to=lin)
    a_warning(state="clearing", asked_by=lin)
    a_warning(state="acknowledged", asked_by=lin, returned=True)
    a_warning(level=4, state="cleared", act_by=TODAY)
    mine = queries.counts(lin, on=TODAY)
    assert (mine.overdue, mine.due_today, mine.new_red, mine.mine) == (1, 1, 1, 1)
    assert (mine.to_decide, mine.returned) == (0, 1)
    theirs = queries.counts(zhao, on=TODAY)
    assert (theirs.to_decide, theirs.returned, theirs.mine) == (1, 0, 0)
    for name, number in (("decide", 1), ("returned", 0)):
        assert len(ids(zhao, waiting=name)) == number
    assert len(ids(lin, mine=True)) == 1 and len(ids(lin, due="overdue")) == 1


def test_counts_of_somebody_without_any_right_are_all_zero(spread):
    nothing = queries.counts(make.user("admin", "admin"), on=TODAY)
    zero = queries.Levels(0, 0, 0, 0, 0)
    assert {one for one in vars(nothing).values() if one != zero} == {0}


def test_lists_take_the_same_number_of_queries_however_long(db, django_assert_num_queries):
    lin = make.user("lin")
    a_warning()
    with CaptureQueriesContext(_connection()) as few:
        _read(lin)
    for _ in range(12):
        a_warning(assigned_to=lin, assigned_organisation=make.organisation())
    again = make.User.objects.get(pk=lin.pk)
    with django_assert_num_queries(len(few)):
        _read(again)
    assert len(few) <= 3


def _connection():
    from django.db import connection

    return connection


def _read(user) -> None:
    for warning in page(user).items:
        str((warning.project.region, warning.project.responsible, warning.assigned_to))
        str(warning.assigned_organisation)
    queries.counts(user, on=TODAY)


def test_who_may_be_assigned_is_who_may_handle_it_there(db):
    warning = a_warning()
    make.user("near", region="990102")
    make.user("far", region="9902")
    make.user("clerk", "clerk")
    gone = make.user("gone")
    gone.is_active = False
    gone.save()
    assert [person.username for person in queries.assignable_users(warning)] == ["near"]


def test_gaps_of_a_project_are_the_open_ones(db):
    site = make.project()
    for number, closed in enumerate((None, TODAY)):
        Gap.objects.create(
            fingerprint=str(number),
            rule="W07",
            project=site,
            missing="没有登记合同价款。",
            first_seen=TODAY,
            closed_on=closed,
            sweep=a_sweep(),
        )
    assert [gap.closed_on for gap in queries.project_gaps(site)] == [None]


def test_an_explanation_leads_to_the_cell_and_names_nobody_in_full(db, now):
    _, lines = unpaid_site()
    stored = StoredFile.objects.create(sha256="0" * 64, size=1, name="十月工资.xlsx", stored_at=now)
    batch = ImportBatch.objects.create(
        kind="payroll",
        file=stored,
        filename="十月工资.xlsx",
        report={"sheet": "工资表"},
        fingerprint="f",
        delivered_by="user:1",
        delivered_by_name="lin",
        delivered_at=now,
    )
    for row, line in enumerate(lines, start=6):
        line.batch, line.row_number = batch, row
        line.save()
    make.pay(lines[1], amount_fen=100_000, paid_on="2026-11-13")
    run()
    told = queries.explain(the("P01"))
    assert (told["people"], told["amount"], told["level"]) == (1, "5000.00", told["level"])
    [row] = told["evidence"]
    places = [place["place"] for place in row["sources"]]
    assert places[0] == "工资表“十月工资.xlsx”，工作表“工资表”第7行"
    assert row["sources"][1]["title"] == "银行发放结果"
    assert row["person"] == mask_name(lines[1].name)
    assert lines[1].name not in str(told)
    assert told["articles"][0]["citation"].startswith("《")
    assert {"value", "since", "name", "reference"} <= set(told["threshold"])
    assert told["act_by"]["date"] and told["act_by"]["who"] and told["clears"]
    assert told["history"][0]["kind"] == "opened"
    assert told["period"] == "2026-10" and told["subject"]["project"] == "P1"


def test_every_rule_that_can_fire_explains_itself_in_json(db):
    """Attendance without pay, labour cost, deposits: all kinds of evidence keys are resolved."""
    import json

    from anxin.funds.models import Disbursement, LabourCostTerm, WageDeposit

    site, _ = unpaid_site()
    site.contract_fen, site.permit_on = 1_000_000_000, dt.date(2025, 3, 3)
    site.save()
    make.attend(site, make.worker(8), "2026-10-09", "2026-10-12")
    LabourCostTerm.objects.create(
        project=site, due_day=10, monthly_fen=5_000_000, first_month="2026-09", recorded_at=make.EARLY
    )
    Disbursement.objects.create(
        project=site,
        month="2026-10",
        paid_fen=1_000_000,
        paid_on=dt.date(2026, 10, 9),
        recorded_at=make.EARLY,
    )
    WageDeposit.objects.create(
        project=site,
        kind="guarantee",
        amount_fen=100_000,
        valid_from=dt.date(2025, 3, 3),
        valid_until=dt.date(2026, 11, 1),
        recorded_at=make.EARLY,
    )
    run()
    found = {warning.rule: queries.explain(warning) for warning in Warning.objects.all()}
    assert {"W01", "W02", "W03", "W04", "W07", "W08"} <= set(found)
    json.dumps(found)
    for rule, told in found.items():
        assert told["evidence"], rule
        assert all(row["sources"] for row in told["evidence"]), rule
    assert "出勤2天" in found["W04"]["evidence"][0]["sources"][0]["text"]


def test_explaining_takes_the_same_number_of_queries_for_many_rows(db, django_assert_num_queries):
    site, _lines = unpaid_site(2)
    run("2026-11-16")
    with CaptureQueriesContext(_connection()) as few:
        queries.explain(queries.all_warnings().get(rule="W03"))
    for serial in range(10, 20):
        make.line(site, "2026-10", make.worker(serial))
    run("2026-11-17")
    with django_assert_num_queries(len(few)):
        told = queries.explain(queries.all_warnings().get(rule="W03"))
    assert len(told["evidence"]) == 12


def test_evidence_comes_in_pages(db):
    unpaid_site(5)
    run()
    warning = the("W03")
    first = queries.explain(warning, rows_limit=3)
    rest = queries.explain(warning, rows_limit=3, rows_after=first["evidence_after"])
    assert (len(first["evidence"]), len(rest["evidence"])) == (3, 2)
    assert rest["evidence_after"] is None and first["evidence_total"] == 5


def test_the_workbook_has_title_office_words_for_levels_and_no_formula(spread):
    site = spread[0].project
    site.name = '=HYPERLINK("http://x","y")'
    site.save()
    data = warnings_workbook(None, WarningFilters(state="all"), on=TODAY, office="云州市虚构局")
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "欠薪预警清单（工资风险）"
    assert "填报单位：云州市虚构局" in rows[1][0] and "2026-11-20" in rows[1][0]
    assert list(rows[2]) == [column.title for column in COLUMNS]
    assert {row[2] for row in rows[3:]} == {"●红色", "▲橙色", "■黄色", "◆蓝色"}
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert rows[3][13] == 12_000
    assert sheet.freeze_panes == "A4"
