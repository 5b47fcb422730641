"""Payroll files become lines: who they are for, and what a corrected file does to them."""

from __future__ import annotations

import pytest

from anxin.payroll.models import Payroll, PayrollLine
from tests.support.deliveries import (
    PAYROLL_HEADER,
    bank_card,
    deliver,
    id_number,
    make_project,
    payroll,
    roster,
    workbook,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


@pytest.fixture
def project(now):
    return make_project(now)


def current(**filters):
    return PayrollLine.objects.filter(superseded_at=None, **filters).order_by("row_number")


def test_line_keeps_what_the_row_says_and_where_it_came_from(project, actor, now):
    batch = deliver("payroll", payroll(("王小明", 1, 5000)), actor=actor, now=now)
    line = PayrollLine.objects.get()
    assert (line.gross_fen, line.deduction_fen, line.net_fen) == (520000, 20000, 500000)
    assert (line.name, line.team, line.days_worked, line.row_number) == ("王小明", "木工班", 26, 3)
    assert (line.payroll.month, line.payroll.project, line.batch) == ("2026-09", project, batch)
    assert line.worker.id_number.open() == id_number(1)
    assert line.bank_card.open() == bank_card(1)


def test_stated_month_wins_over_the_title(project, actor, now):
    deliver("payroll", payroll(("王小明", 1, 5000)), actor=actor, now=now, month="2026-08")
    assert Payroll.objects.get().month == "2026-08"


def test_row_without_id_number_finds_its_person_on_the_roster(project, actor, now):
    deliver("roster", roster(("王小明", 1)), actor=actor, now=now)
    batch = deliver("payroll", payroll(("王小明", None, 5000)), actor=actor, now=now)
    assert PayrollLine.objects.get().worker.name == "王小明"
    assert not batch.problems.filter(reason__contains="花名册").exists()


def test_name_on_no_roster_is_accepted_without_worker_and_warned(project, actor, now):
    batch = deliver("payroll", payroll(("赵四海", None, 5000)), actor=actor, now=now)
    assert (batch.rows_accepted, PayrollLine.objects.get().worker) == (1, None)
    warning = batch.problems.get(reason__contains="花名册中没有")
    assert (warning.severity, warning.row, warning.header) == ("warning", 3, "姓名")
    assert "赵四海" not in warning.reason


def test_two_of_one_name_on_the_roster_come_back(project, actor, now):
    deliver("roster", roster(("张伟", 1), ("张伟", 2)), actor=actor, now=now)
    batch = deliver("payroll", payroll(("张伟", None, 5000), ("李大海", 3, 6000)), actor=actor, now=now)
    problem = batch.problems.get(severity="rejected")
    assert "花名册中有2人同名" in problem.reason
    assert "请补充身份证号" in problem.reason


def test_card_on_the_roster_tells_two_of_one_name_apart(project, actor, now):
    deliver("roster", roster(("张伟", 1), ("张伟", 2)), actor=actor, now=now)
    rows = [[1, "张伟", "", "木工班", 26, 5200, 200, 5000, bank_card(2)]]
    deliver("payroll", workbook(PAYROLL_HEADER, rows, title="2026年9月工资表"), actor=actor, now=now)
    assert PayrollLine.objects.get().worker.id_number.open() == id_number(2)


def test_work_number_decides_and_its_wrong_name_comes_back(project, actor, now):
    header = ["序号", "工号", "姓名", "身份证号", "进场日期"]
    people = [
        [1, "G001", "张伟", id_number(1), "2026-03-01"],
        [2, "G002", "张伟", id_number(2), "2026-03-01"],
    ]
    deliver("roster", workbook(header, people, title="花名册"), actor=actor, now=now)
    header = ["序号", "工号", "姓名", "应发工资", "实发工资"]
    rows = [[1, "G002", "张伟", 5000, 5000], [2, "G001", "李大海", 6000, 6000]]
    batch = deliver("payroll", workbook(header, rows, title="2026年9月工资表"), actor=actor, now=now)
    assert PayrollLine.objects.get().worker.id_number.open() == id_number(2)
    assert "工号“G001”在花名册中登记为“张*”" in batch.problems.get(severity="rejected").reason


def test_known_worker_in_another_team_is_a_correction_with_a_warning(project, actor, now):
    deliver("payroll", payroll(("王小明", 1, 5000, "木工班")), actor=actor, now=now)
    batch = deliver("payroll", payroll(("王小明", 1, 5000, "木工一班")), actor=actor, now=now)
    assert [line.team for line in current()] == ["木工一班"]
    assert "已按更正替换" in batch.problems.get(reason__contains="班组为").reason


def test_bare_name_in_another_team_is_another_person(project, actor, now):
    deliver("payroll", payroll(("张伟", None, 5000, "木工班")), actor=actor, now=now)
    deliver("payroll", payroll(("张伟", None, 6000, "钢筋班")), actor=actor, now=now)
    assert sorted(current().values_list("net_fen", flat=True)) == [500000, 600000]
    batch = deliver("payroll", payroll(("张伟", None, 6500, "钢筋班")), actor=actor, now=now)
    assert batch.rows_superseded == 1
    assert sorted(current().values_list("net_fen", flat=True)) == [500000, 650000]


def test_two_of_one_bare_name_in_one_file_stay_two_when_the_file_is_corrected(project, actor, now):
    deliver("payroll", payroll(("张伟", None, 5000), ("张伟", None, 6000)), actor=actor, now=now)
    assert current().count() == 2
    batch = deliver("payroll", payroll(("张伟", None, 5000), ("张伟", None, 6100)), actor=actor, now=now)
    assert (batch.rows_unchanged, batch.rows_superseded) == (1, 1)
    assert sorted(current().values_list("net_fen", flat=True)) == [500000, 610000]


def test_file_without_card_column_keeps_the_known_card(project, actor, now):
    deliver("payroll", payroll(("王小明", 1, 5000)), actor=actor, now=now)
    rows = [[1, "王小明", id_number(1), "木工班", 26, 5200, 200, 5000]]
    data = workbook(PAYROLL_HEADER[:-1], rows, title="2026年9月工资表")
    batch = deliver("payroll", data, actor=actor, now=now)
    assert (batch.rows_unchanged, batch.rows_superseded) == (1, 0)
    rows[0][5:8] = [5300, 200, 5100]
    deliver("payroll", workbook(PAYROLL_HEADER[:-1], rows, title="2026年9月工资表"), actor=actor, now=now)
    assert current().get().bank_card.open() == bank_card(1)


def test_only_net_pay_in_the_sheet_is_also_the_gross(project, actor, now):
    data = workbook(
        ["序号", "姓名", "身份证号", "实发工资"],
        [[1, "王小明", id_number(1), 4321.5]],
        title="2026年9月工资表",
    )
    deliver("payroll", data, actor=actor, now=now)
    line = PayrollLine.objects.get()
    assert (line.gross_fen, line.net_fen, line.deduction_fen) == (432150, 432150, None)


def test_one_project_month_does_not_touch_another(project, actor, now):
    make_project(now, code="P2", name="另一项目")
    deliver("payroll", payroll(("王小明", 1, 5000)), actor=actor, now=now)
    deliver("payroll", payroll(("王小明", 1, 7000)), actor=actor, now=now, project_code="P2")
    deliver("payroll", payroll(("王小明", 1, 8000), month="2026年10月"), actor=actor, now=now)
    assert current().count() == 3


def test_bare_name_that_a_later_roster_knows_is_the_same_line_when_the_file_comes_again(project, actor, now):
    data = payroll(("王小明", None, 5000), ("李大海", 2, 6000))
    first = deliver("payroll", data, actor=actor, now=now)
    assert deliver("payroll", data, actor=actor, now=now).already_accepted
    deliver("roster", roster(("王小明", 1)), actor=actor, now=now)
    again = deliver("payroll", data, actor=actor, now=now)
    assert again.pk != first.pk
    assert (again.rows_unchanged, again.rows_superseded) == (1, 1)
    assert [(line.name, line.worker.name) for line in current()] == [
        ("王小明", "王小明"),
        ("李大海", "李大海"),
    ]
    third = deliver("payroll", data, actor=actor, now=now)
    assert (third.pk, third.already_accepted) == (again.pk, True)


def test_corrected_file_without_id_numbers_corrects_the_known_workers_line(project, actor, now):
    deliver("payroll", payroll(("王小明", 1, 5000)), actor=actor, now=now)
    deliver("payroll", payroll(("王小明", None, 5200)), actor=actor, now=now)
    line = current().get()
    assert (line.net_fen, line.worker.name) == (520000, "王小明")


def test_namesake_in_another_team_does_not_correct_a_known_workers_line(project, actor, now):
    deliver("payroll", payroll(("张伟", 1, 5000, "木工班")), actor=actor, now=now)
    deliver("payroll", payroll(("张伟", None, 6000, "钢筋班")), actor=actor, now=now)
    assert sorted(current().values_list("net_fen", flat=True)) == [500000, 600000]


def test_two_work_numbers_of_a_known_workers_name_are_two_lines(project, actor, now):
    deliver("payroll", payroll(("张伟", 1, 5000)), actor=actor, now=now)
    header = ["序号", "姓名", "工号", "班组", "出勤天数", "应发工资", "扣款合计", "实发工资"]
    rows = [
        [1, "张伟", "G1", "木工班", 26, 5200, 200, 5000],
        [2, "张伟", "G2", "木工班", 26, 4200, 200, 4000],
    ]
    data = workbook(header, rows, title="2026年9月份农民工工资表")
    deliver("payroll", data, actor=actor, now=now)
    assert sorted(current().values_list("net_fen", flat=True)) == [400000, 500000]


def test_card_number_in_the_wage_column_comes_back_and_the_other_rows_stay(project, actor, now):
    batch = deliver(
        "payroll", payroll(("王小明", 1, 9900000000000000), ("李大海", 2, 6000)), actor=actor, now=now
    )
    assert batch.problems.filter(severity="rejected", row=3, reason__contains="1亿元").exists()
    assert [line.name for line in current()] == ["李大海"]
