"""Rosters become enrolments, and rows find their people."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.evidence.models import JournalEntry
from anxin.registry.models import Employer
from anxin.workforce.models import Enrolment, Worker
from anxin.workforce.people import plain_name
from tests.support import deliveries
from tests.support.deliveries import bank_card, deliver, id_number, make_project, roster, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


@pytest.fixture
def project(now):
    return make_project(now)


def current() -> list[tuple]:
    rows = Enrolment.objects.filter(superseded_at=None).order_by("worker__name", "team")
    return list(rows.values_list("worker__name", "team", "trade"))


def test_roster_registers_workers_and_enrols_them(project, actor, now):
    batch = deliver("roster", roster(("王小明", 1), ("李大海", 2)), actor=actor, now=now)
    assert (batch.rows_accepted, batch.rows_rejected) == (2, 0)
    enrolment = Enrolment.objects.get(worker__name="王小明")
    assert enrolment.worker.id_number.open() == id_number(1)
    assert enrolment.bank_card.open() == bank_card(1)
    assert (enrolment.entry, enrolment.agreed_wage) == (dt.date(2026, 3, 1), "300元/天")
    assert (enrolment.recorded_at, enrolment.batch_id, enrolment.row_number) == (now, batch.pk, 3)


def test_wage_written_with_its_own_unit__is_kept_as_written_without_a_remark(project, actor, now):
    data = workbook(
        ["姓名", "身份证号", "工资标准"],
        [["王小明", id_number(1), "330元/天"], ["李大海", id_number(2), 9000]],
    )
    batch = deliver("roster", data, actor=actor, now=now)
    wages = Enrolment.objects.order_by("row_number").values_list("agreed_wage", flat=True)
    assert list(wages) == ["330元/天", "9000元"]
    assert not batch.problems.exists()


def test_worker_on_two_projects_is_one_worker(project, actor, now):
    make_project(now, code="P2", name="另一项目")
    deliver("roster", roster(("王小明", 1)), actor=actor, now=now)
    deliver("roster", roster(("王小明", 1), trade="电工"), actor=actor, now=now, project_code="P2")
    assert (Worker.objects.count(), Enrolment.objects.count()) == (1, 2)


def test_changed_trade_supersedes_that_row_alone(project, actor, now):
    deliver("roster", roster(("王小明", 1), ("李大海", 2)), actor=actor, now=now)
    batch = deliver("roster", roster(("王小明", 1), ("李大海", 2), trade="电工"), actor=actor, now=now)
    assert batch.rows_superseded == 2
    again = deliver("roster", roster(("王小明", 1), trade="电工"), actor=actor, now=now)
    assert (again.rows_superseded, again.rows_unchanged) == (0, 1)
    assert current() == [("李大海", "木工班", "电工"), ("王小明", "木工班", "电工")]
    entry = JournalEntry.objects.filter(action="import.accepted", object_id=str(batch.pk)).get()
    assert (entry.before["changes"][0]["trade"], entry.after["changes"][0]["trade"]) == ("普工", "电工")


def test_moved_to_another_team_is_a_correction(project, actor, now):
    deliver("roster", roster(("王小明", 1)), actor=actor, now=now)
    deliver("roster", roster(("王小明", 1), team="钢筋班"), actor=actor, now=now)
    assert current() == [("王小明", "钢筋班", "普工")]


def test_columns_that_a_later_file_lacks_keep_what_was_known(project, actor, now):
    deliver("roster", roster(("王小明", 1)), actor=actor, now=now)
    data = workbook(
        ["序号", "姓名", "身份证号", "班组", "退场日期"],
        [[1, "王小明", id_number(1), "木工班", "2026-10-31"]],
    )
    deliver("roster", data, actor=actor, now=now)
    enrolment = Enrolment.objects.get(superseded_at=None)
    assert (enrolment.entry, enrolment.exit, enrolment.trade) == (
        dt.date(2026, 3, 1),
        dt.date(2026, 10, 31),
        "普工",
    )
    assert enrolment.bank_card.open() == bank_card(1)


def test_roster_row_without_id_number_comes_back(project, actor, now):
    rows = [
        [1, "王小明", "", "木工班", "普工", "2026-03-01", 300, ""],
        [2, "李大海", id_number(2), "", "", "2026-03-01", 300, ""],
    ]
    batch = deliver("roster", workbook(deliveries.ROSTER_HEADER, rows), actor=actor, now=now)
    assert (batch.rows_accepted, batch.rows_rejected) == (1, 1)
    assert "身份证号" in batch.problems.get(severity="rejected").reason
    assert Worker.objects.get().name == "李大海"


def test_registered_employer_is_linked_and_an_unknown_one_keeps_its_name(project, actor, now):
    employer = Employer.objects.create(uscc="91990101MA00000001", name="云河劳务有限公司")
    header = ["序号", "姓名", "身份证号", "劳务公司", "工种"]
    rows = [
        [1, "王小明", id_number(1), employer.name, "普工"],
        [2, "李大海", id_number(2), "无名劳务公司", "普工"],
    ]
    deliver("roster", workbook(header, rows), actor=actor, now=now)
    assert Enrolment.objects.get(worker__name="王小明").employer == employer
    unknown = Enrolment.objects.get(worker__name="李大海")
    assert (unknown.employer, unknown.employer_name) == (None, "无名劳务公司")


@pytest.mark.parametrize(
    ("left", "right"),
    [("张 三", "张三"), ("张\u3000三", "张三"), ("阿卜杜拉·买买提", "阿卜杜拉•买买提"), ("ＡＬＩ", "ali")],
)
def test_names_that_differ_only_in_writing_are_the_same(left, right):
    assert plain_name(left) == plain_name(right)


def test_a_later_file_keeps_what_was_recorded_by_hand(project, actor, now):
    deliver("roster", roster(("王小明", 1)), actor=actor, now=now)
    Enrolment.objects.update(pay_day=15, contract_number="HT-7", contract_from=dt.date(2026, 3, 1))
    assert (
        deliver("roster", roster(("王小明", 1)), actor=actor, now=now, filename="同.xlsx").rows_superseded
        == 0
    )
    deliver("roster", roster(("王小明", 1), team="瓦工班"), actor=actor, now=now, filename="新.xlsx")
    row = Enrolment.objects.get(superseded_at=None)
    assert (row.team, row.pay_day, row.contract_number) == ("瓦工班", 15, "HT-7")
