"""A project and its people: tabs, months, registering by hand, a worker's page, unmasking."""

from __future__ import annotations

import datetime as dt
import io
import re

import openpyxl
import pytest

from anxin.accounts.models import User
from anxin.evidence.models import JournalEntry
from anxin.funds.models import Disbursement, LabourCostTerm, SpecialAccount, WageDeposit
from anxin.monitoring.models import Level, Warning
from anxin.monitoring.project_standing import standing_page
from anxin.registry.models import Employer, Participation, Project
from anxin.registry.queries import ProjectFilters, matching_projects
from anxin.web.bureau.projects import WageMonth, finding
from tests.monitoring import factories as make
from tests.monitoring.warnings import a_warning
from tests.web.test_warnings import _count, text


@pytest.mark.parametrize(
    "tab",
    [
        "",
        "/roster",
        "/attendance",
        "/attendance/2026-10",
        "/funds",
        "/deposits",
        "/wages",
        "/wages/2026-10",
        "/warnings",
    ],
)
def test_every_part_of_a_project_costs_the_same_with_more_people(
    tab, sign_in, world, django_assert_num_queries
):
    client, address = sign_in("inspector"), f"/projects/{world.here.pk}{tab}"
    before = _count(client, address)
    for serial in range(20, 40):
        person = make.worker(serial)
        make.enrol(world.here, person)
        make.line(world.here, "2026-10", person)
    with django_assert_num_queries(before):
        client.get(address)


def test_more_projects_cost_no_more_queries(sign_in, world, django_assert_num_queries):
    client = sign_in("inspector")
    before = _count(client, "/projects")
    for number in range(20):
        site = make.project(f"N{number}", region_code="990101")
        Participation.objects.create(project=site, employer=world.firm, role="general_contractor")
    with django_assert_num_queries(before):
        client.get("/projects")


def test_the_worst_project_comes_first_with_its_money_and_days(sign_in, world):
    calm, worst = make.project("CALM", region_code="990101"), make.project("WORST", region_code="990101")
    a_warning(worst, rule="W03", level=Level.RED, amount_fen=1_234_500, longest_days=40)
    a_warning(worst, rule="P01", level=Level.YELLOW, amount_fen=100_000, longest_days=9)
    a_warning(worst, rule="W07", level=Level.ORANGE, amount_fen=9_000_000_00, longest_days=99)
    a_warning(
        calm, rule="W03", level=Level.RED, amount_fen=77_700, longest_days=80, state=Warning.State.CLEARED
    )
    client = sign_in("inspector")
    page = text(client.get("/projects"))
    assert page.index(worst.name) < page.index(calm.name)
    row = page.partition(worst.name)[2].partition("</tr>")[0]
    for said in ("红色", "3 条", "¥13,345.00", "40 天"):
        assert said in row
    assert "¥777.00" not in page
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/projects/export.xlsx").content)).active
    first = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "WORST")
    assert first[9:13] == (3, "红色", 13345, 40)


def test_pages_of_projects_by_standing_show_each_once(sign_in, world):
    for number in range(35):
        site = make.project(f"S{number:02}", region_code="990101")
        if number % 3 == 0:
            a_warning(site, rule="W03", level=1 + number % 4, amount_fen=number, longest_days=1)
    user = User.objects.get(username="inspector")
    seen, after = [], ""
    while after is not None and len(seen) < 100:  # a key that is not understood would begin anew for ever
        found = standing_page(matching_projects(user, ProjectFilters()), after, limit=7)
        seen += [project.pk for project in found.items]
        after = found.next_after
    assert len(seen) == len(set(seen)) == matching_projects(user, ProjectFilters()).count()


def test_wages_by_month_say_what_is_missing(sign_in, world):
    client = sign_in("inspector")
    page = text(client.get(f"/projects/{world.here.pk}/wages"))
    assert "2026年9月起2个月共24,000.00元尚无到账记录" in page
    month = text(client.get(f"/projects/{world.here.pk}/wages/2026-10"))
    assert "3 人，实发 ¥18,000.00，到账 ¥0.00" in month
    assert month.count("未到账</span>") == 3
    assert "甲工人1" not in month


def test_the_title_of_the_chart_is_its_finding():
    paid = WageMonth("2026-08", 3, 300, 300, 3, 0)
    short = WageMonth("2026-09", 3, 500_000, 100_000, 1, 0)
    assert finding([]) == "还没有导入工资表"
    assert finding([paid]) == "1个月的工资都有银行到账记录"
    assert finding([paid, short]) == "2026年9月有4,000.00元尚无到账记录"


@pytest.mark.parametrize(
    "address",
    [
        "/projects/export.xlsx",
        "/imports/export.xlsx",
        "/system/sweeps/export.xlsx",
        "/projects/{}/export/roster.xlsx",
        "/projects/{}/export/months.xlsx",
        "/projects/{}/export/receipts.xlsx",
        "/projects/{}/export/wages.xlsx?month=2026-10",
        "/projects/{}/export/attendance.xlsx?month=2026-10",
    ],
)
def test_exports_open_with_people_masked(address, sign_in, world):
    answer = sign_in("inspector").get(address.format(world.here.pk))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert "填报单位：某局" in book.active["A2"].value
    assert "甲工人1" not in str(list(book.active.iter_rows(values_only=True)))


@pytest.mark.parametrize("what", ["nothing.xlsx", "wages.xlsx", "wages.xlsx?month=x"])
def test_an_export_that_is_none_does_not_exist(what, sign_in, world):
    assert sign_in("inspector").get(f"/projects/{world.here.pk}/export/{what}").status_code == 404


def test_a_wrong_record_is_corrected_by_another_that_replaces_it(sign_in, world):
    client = sign_in("clerk")
    address = f"/projects/{world.here.pk}/register/account"
    client.post(address, {"number": "990012345678", "opened_on": "2026-01-05"})
    wrong = SpecialAccount.objects.get()
    form = client.get(f"{address}?replaces={wrong.pk}").context["form"]
    assert form["opened_on"].value() == dt.date(2026, 1, 5)
    assert "990012345678" not in text(client.get(f"{address}?replaces={wrong.pk}"))
    client.post(address, {"replaces": wrong.pk, "opened_on": "2026-01-15"})
    right = SpecialAccount.objects.get(superseded_at__isnull=True)
    assert right.number.open() == "990012345678"
    assert right.opened_on == dt.date(2026, 1, 15)
    assert client.get(f"{address}?replaces={wrong.pk}").status_code == 404


@pytest.mark.parametrize(
    ("uscc", "name", "said"),
    [
        ("12990101MB00000016", "某区第三中学", "按政府投资项目对待：建设单位某区第三中学是事业单位"),
        ("91990101MA0077700C", "某市城投集团", "可能是国有企业投资：建设单位某市城投集团的名称里有“城投”"),
        ("91990101MA0077700C", "某置业公司", ""),
    ],
)
def test_the_owner_says_whose_money_it_is(sign_in, world, uscc, name, said):
    owner = Employer.objects.create(uscc=uscc, name=name)
    Participation.objects.create(project=world.here, employer=owner, role="owner")
    page = text(sign_in("clerk").get(f"/projects/{world.here.pk}"))
    assert said in page and ("投资性质" in page) == bool(said)
    assert ("核实后勾选" in page) == said.startswith("可能")
    assert "以1开头的" in text(sign_in("clerk").get(f"/projects/{world.here.pk}/edit"))


def test_a_participant_registered_by_mistake_is_taken_back(sign_in, world):
    address = f"/projects/{world.here.pk}/participants/remove"
    fields = {"employer": world.firm.pk, "role": "general_contractor"}
    assert sign_in("leader").post(address, fields).status_code == 403
    assert sign_in("clerk").post(address, {**fields, "role": "owner"}).status_code == 404
    assert sign_in("clerk").post(address, fields).status_code == 302
    assert not Participation.objects.exists()


def test_a_month_that_is_none_does_not_exist(sign_in, world):
    assert sign_in("inspector").get(f"/projects/{world.here.pk}/wages/2026-13").status_code == 404


def new_project(**changes) -> dict[str, str]:
    return {
        "name": "南坡小学工程",
        "code": "NP-1",
        "region": "990101",
        "industry": "housing",
        "state": "in_progress",
        "pay_month_offset": "1",
        "contract_fen": "1,200万元",
        **changes,
    }


def test_registering_a_project(sign_in, world):
    answer = sign_in("clerk").post("/projects/new", new_project())
    project = Project.objects.get(code="NP-1")
    assert answer["Location"] == f"/projects/{project.pk}"
    assert project.contract_fen == 1_200_000_000
    entry = JournalEntry.objects.get(action="registry.recorded")
    assert entry.actor_name == "某clerk"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"code": "HERE"}, "已登记为“东台安置房工程”"),
        ({"region": "990102"}, "您不能在这个地区"),
        ({"region": "990199"}, "没有这个地区代码"),
        ({"contract_fen": "很多"}, "不是金额"),
        ({"commencement": "2026-05-01", "completion": "2026-04-01"}, "早于开工日期"),
        ({"name": ""}, "请填写这一项"),
    ],
)
def test_what_cannot_be_registered_is_said_beside_its_field(changes, sentence, sign_in, world):
    answer = sign_in("clerk").post("/projects/new", new_project(**changes))
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not Project.objects.filter(code="NP-1").exists()


def test_changing_a_project_keeps_what_it_was(sign_in, world):
    client = sign_in("inspector")
    form = client.get(f"/projects/{world.here.pk}/edit").context["form"]
    values = {name: form[name].value() or "" for name in form.fields}
    values |= {"pay_day": "20", "government_invested": ""}
    assert client.post(f"/projects/{world.here.pk}/edit", values).status_code == 302
    entry = JournalEntry.objects.get(action="registry.recorded")
    assert (entry.before["pay_day"], entry.after["pay_day"]) == (15, 20)


@pytest.mark.parametrize(
    ("what", "values", "model"),
    [
        ("account", {"number": "990012345678", "opened_on": "2026-01-05"}, SpecialAccount),
        ("term", {"first_month": "2026-01", "due_day": "5", "cycle_months": "1"}, LabourCostTerm),
        ("disbursement", {"month": "2026-09", "paid_fen": "100,000", "paid_on": "2026-10-05"}, Disbursement),
        ("deposit", {"kind": "cash", "amount_fen": "30万元", "valid_from": "2026-01-05"}, WageDeposit),
        ("participant", {"uscc": "91990101MA0000009P", "role": "subcontractor"}, Participation),
    ],
)
def test_registering_what_belongs_to_a_project(what, values, model, sign_in, world):
    before = model.objects.count()
    address = f"/projects/{world.here.pk}/register/{what}"
    assert sign_in("leader").get(address).status_code == 403
    assert sign_in("outsider").post(address, values).status_code == 404
    assert sign_in("clerk").post(address, values).status_code == 302
    assert model.objects.count() == before + 1


@pytest.mark.parametrize(
    ("what", "values", "sentence"),
    [
        ("account", {"number": "12", "opened_on": "2026-01-05"}, "8至32位"),
        ("term", {"first_month": "2026-01", "due_day": "5", "cycle_months": "3"}, "不得超过1个月"),
        ("disbursement", {"month": "2026-09", "paid_fen": "1", "paid_on": "2027-10-05"}, "还没有到"),
        (
            "deposit",
            {"kind": "guarantee", "amount_fen": "30万元", "valid_from": "2026-01-05"},
            "有效期截止日",
        ),
        ("participant", {"uscc": "91990101MA0000009Q", "name": "某公司", "role": "owner"}, "校验码不对"),
        ("participant", {"uscc": "123", "name": "某公司", "role": "owner"}, "18位"),
        ("participant", {"uscc": "91990101MA00000015", "role": "owner"}, "名称不能为空"),
    ],
)
def test_a_refused_registration_says_why(what, values, sentence, sign_in, world):
    answer = sign_in("clerk").post(f"/projects/{world.here.pk}/register/{what}", values)
    assert answer.status_code == 422
    assert sentence in text(answer)


def test_a_workers_page_over_all_sites_stays_in_scope(sign_in, world):
    person = world.workers[0]
    make.enrol(world.there, person)
    make.line(world.there, "2026-10", person)
    page = text(sign_in("inspector").get(f"/workers/{person.pk}"))
    assert "西河桥梁工程" not in page
    assert "尚有 12,000.00元 没有到账记录" in page
    assert "西河桥梁工程" in text(sign_in("leader").get(f"/workers/{person.pk}"))
    assert sign_in("inspector").get(f"/workers/{world.elsewhere.pk}").status_code == 404


def test_unmasking_asks_for_a_purpose_shows_once_and_leaves_a_trace(sign_in, world):
    client, person = sign_in("inspector"), world.workers[0]
    address = f"/reveal/worker/{person.pk}"
    person.refresh_from_db()
    number = person.id_number.open()
    assert number not in text(client.get(f"/workers/{person.pk}"))
    short = client.post(address, {"field": "id_number", "purpose": "看"})
    assert short.status_code == 422
    assert number not in text(short)
    shown = client.post(address, {"field": "id_number", "purpose": "核对银行退回原因"})
    assert number in text(shown)
    assert shown["Cache-Control"] == "no-store"
    assert number not in text(client.get(address))
    entry = JournalEntry.objects.get(action="person.unmasked")
    assert entry.after["purpose"] == "核对银行退回原因"
    assert number not in str((entry.summary, entry.after))
    assert sign_in("clerk").get(address).status_code == 403


def test_the_attendance_of_a_month_shows_every_day(sign_in, world, now):
    from anxin.workforce.models import AttendanceDay

    for number in (1, 2):
        AttendanceDay.objects.create(
            project=world.here,
            worker=world.workers[0],
            day=dt.date(2026, 10, number),
            share=1 if number == 1 else "0.5",
            recorded_at=now,
        )
    page = text(sign_in("inspector").get(f"/projects/{world.here.pk}/attendance/2026-10"))
    assert page.count(">✓</a></td>") == 1
    assert page.count(">0.5</a></td>") == 1
    assert re.findall(r"2026-10-0\d\">([^<]+)</a>", page) == ["✓", "0.5"]
