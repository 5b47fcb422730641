"""A folder of deliveries as the facts of a past day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from anxin.kernel.refusal import Refused
from anxin.law import load
from anxin.monitoring import engine, facts_schema
from anxin.monitoring.backtest.running import end_of
from anxin.monitoring.folder import FolderFacts
from anxin.workforce.day_rule import DayRule, Passage, ruled_days
from tests.monitoring.folder.deliveries import FIRST_ID, PROJECT, SECOND_ID, Folder, payroll_line


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "city")


def table(folder: Folder, name: str, day: str, known: str | None = None) -> list[dict]:
    """The rows of one fact table on a day."""
    source = FolderFacts.open(folder.root)
    try:
        facts = source.facts(dt.date.fromisoformat(day), end_of(dt.date.fromisoformat(known or day)))
        return facts.fetch(getattr(facts, name)).to_pylist()
    finally:
        source.close()


def paid(folder: Folder, day: str) -> list[int]:
    return [row["paid_fen"] for row in table(folder, "payments", day)]


def test_every_table_has_the_agreed_columns_and_types(folder):
    source = FolderFacts.open(folder.root)
    facts = source.facts(dt.date(2026, 4, 1), end_of(dt.date(2026, 4, 1)))
    for name, schema in facts_schema.SCHEMAS.items():
        found = facts.fetch(getattr(facts, name))
        assert found.schema.names == schema.names, name
        assert found.schema.types == schema.types, name
    source.close()


def test_a_delivery_is_known_from_its_day_on(folder):
    folder.line("2026-04-10")
    assert table(folder, "payroll_lines", "2026-04-09") == []
    (line,) = table(folder, "payroll_lines", "2026-04-10")
    assert (line["net_fen"], line["month"]) == (600_000, "2026-03")


def test_a_later_list_replaces_the_whole_earlier_one(folder):
    folder.add(
        "payroll", "2026-04-10", payroll_line(), payroll_line(person=SECOND_ID, account="621700000002")
    )
    folder.line("2026-04-20", net="6500.00")
    assert [row["net_fen"] for row in table(folder, "payroll_lines", "2026-04-19")] == [600_000, 600_000]
    assert [row["net_fen"] for row in table(folder, "payroll_lines", "2026-04-20")] == [650_000]


def test_a_receipt_counts_from_the_day_the_bank_told_it(folder):
    folder.line("2026-04-10")
    folder.receipt("2026-04-18")
    assert paid(folder, "2026-04-17") == []
    assert paid(folder, "2026-04-18") == [600_000]


def test_money_sent_back_is_not_paid_and_the_second_try_is(folder):
    folder.line("2026-04-10")
    folder.receipt("2026-04-16", result="退回")
    assert paid(folder, "2026-04-30") == []
    folder.receipt("2026-04-25", number="R2", account="621700000009")
    assert paid(folder, "2026-04-30") == [600_000]


def test_wages_paid_in_two_parts_are_added_up(folder):
    folder.line("2026-04-10")
    folder.receipt("2026-04-16", amount="4000.00")
    folder.receipt("2026-05-16", number="R2", amount="2000.00")
    assert paid(folder, "2026-05-15") == [400_000]
    assert paid(folder, "2026-05-16") == [600_000]


def test_the_same_receipt_delivered_twice_counts_once(folder):
    folder.line("2026-04-10")
    folder.receipt("2026-04-16")
    folder.receipt("2026-04-17")
    assert paid(folder, "2026-04-20") == [600_000]


def test_two_equal_lines_on_one_card_need_two_receipts(folder):
    folder.add("payroll", "2026-04-10", payroll_line(), payroll_line(person=SECOND_ID, 姓名="乙某"))
    folder.receipt("2026-04-16")
    assert paid(folder, "2026-04-20") == [600_000]
    folder.receipt("2026-04-16", number="R2")
    assert paid(folder, "2026-04-20") == [600_000, 600_000]


def test_a_project_completed_later_was_at_work_on_the_day(folder):
    done = PROJECT | {"竣工日期": "2026-06-30", "项目状态": "完工"}
    folder.add("registry/projects", "2026-07-02", done)
    (before,) = table(folder, "projects", "2026-06-15", known="2026-07-31")
    assert (before["state"], before["completion"]) == ("in_progress", None)
    (after,) = table(folder, "projects", "2026-07-02")
    assert (after["state"], after["completion"]) == ("completed", dt.date(2026, 6, 30))


def punch(day: str, first: str = "07:00:00", last: str = "18:00:00") -> dict[str, str]:
    return {
        "设备编号": "G1",
        "项目编码": "P1",
        "身份证号": FIRST_ID,
        "日期": day,
        "首次打卡": f"{day} {first}",
        "末次打卡": f"{day} {last}",
        "打卡次数": "2",
        "人脸特征": "abc",
        "补传": "否",
    }


def test_days_at_the_gate_win_over_the_sheet_of_the_same_month(folder):
    sheet = {"项目编码": "P1", "身份证号": FIRST_ID}
    folder.add(
        "attendance",
        "2026-04-02",
        sheet | {"工资月份": "2026-03", "出勤天数": "26"},
        sheet | {"工资月份": "2026-02", "出勤天数": "20"},
    )
    folder.add("gates", "2026-04-01", punch("2026-03-02"), punch("2026-03-03"))
    rows = {row["month"]: row for row in table(folder, "attendance", "2026-04-10")}
    assert (rows["2026-02"]["days"], rows["2026-02"]["first_day"]) == (20.0, None)
    assert (rows["2026-03"]["days"], rows["2026-03"]["first_day"]) == (2.0, dt.date(2026, 3, 2))


@pytest.mark.parametrize(
    ("punches", "days"),
    [
        ([("07:00:00", "18:00:00")], 1.0),
        ([("07:00:00", "13:00:00")], 1.0),
        ([("07:00:00", "12:59:59")], 0.5),
        ([("07:00:00", "10:00:00")], 0.5),
        ([("07:00:00", "09:59:59")], None),
        ([("07:00:00", "07:05:00")], 0.5),
        ([("07:00:00", "07:05:01")], None),
        # two gates of the site: from the first punch of the one to the last of the other
        ([("07:00:00", "07:00:00"), ("17:00:00", "17:00:00")], 1.0),
    ],
)
def test_a_day_at_the_gate_counts_by_the_rule_of_punches(folder, punches, days):
    rows = [punch("2026-03-02", *times) | {"设备编号": f"G{number}"} for number, times in enumerate(punches)]
    folder.add("gates", "2026-04-01", *rows)
    found = table(folder, "attendance", "2026-04-10")
    assert [row["days"] for row in found] == ([] if days is None else [days])
    assert [row["month"] for row in table(folder, "attendance_months", "2026-04-10")] == ["2026-03"]
    rule = DayRule.of("shipped", load().value("gates.day_rule", dt.date(2026, 3, 2)).value)
    passages = [Passage(dt.datetime.fromisoformat(f"2026-03-02 {at}")) for times in punches for at in times]
    (ruled,) = ruled_days(passages, rule).values()
    assert float(ruled.share) == (days or 0)


def test_a_day_told_by_two_gates_on_two_days_counts_once_and_grows(folder):
    folder.add("gates", "2026-04-01", punch("2026-03-02", "07:00:00", "11:00:00"), punch("2026-03-03"))
    folder.add("gates", "2026-04-05", punch("2026-03-02", "13:00:00", "18:00:00") | {"设备编号": "G2"})
    days = {
        day: table(folder, "attendance", day)[0]["days"] for day in ("2026-04-01", "2026-04-04", "2026-04-05")
    }
    assert days == {"2026-04-01": 1.5, "2026-04-04": 1.5, "2026-04-05": 2.0}


def test_the_sheet_stands_where_the_gate_saw_too_little_for_a_day(folder):
    sheet = {"项目编码": "P1", "身份证号": FIRST_ID, "工资月份": "2026-03", "出勤天数": "20"}
    folder.add("attendance", "2026-04-02", sheet)
    folder.add("gates", "2026-04-01", punch("2026-03-02", "07:00:00", "08:00:00"))
    assert [row["days"] for row in table(folder, "attendance", "2026-04-10")] == [20.0]


@pytest.mark.parametrize(("code", "ticked", "government"), [
    ("12990101MB00000016", "否", True), ("91990101MA0000009P", "否", False), ("91990101MA0000009P", "是", True), ("", "否", False),
])  # fmt: skip
def test_whose_money_it_is_comes_of_the_owners_code_or_the_tick(folder, code, ticked, government):
    folder.add("registry/projects", "2026-01-11", PROJECT | {"建设单位代码": code, "政府投资": ticked})
    assert [row["government"] for row in table(folder, "projects", "2026-04-10")] == [government]


def entry(number: str, **values: str) -> dict[str, str]:
    return {"项目编码": "P1", "流水号": number, "记账日期": "2026-04-15", "金额": "6000.00", **values}


@pytest.mark.parametrize(
    ("values", "fate"),
    [
        ({"对方户名": "农民工工资代发", "用途": "代发工资"}, "proved"),
        ({"对方户名": "农民工工资代发", "用途": "代发工资", "金额": "9000.00"}, "unproved"),
        ({"对方户名": "虚构建材公司", "用途": "货款"}, "other_payee"),
        ({"用途": "货款", "金额": "9000.00"}, "not_wages"),
        ({"用途": "账户管理费", "金额": "20.00"}, "fee"),
    ],
)
def test_an_outflow_gets_the_fate_of_the_account_page(folder, values, fate):
    folder.line("2026-04-10")
    folder.receipt("2026-04-16")
    folder.add("bank/entries", "2026-04-16", entry("E1", 方向="支出", **values))
    (row,) = table(folder, "account_outflows", "2026-04-30")
    assert row["fate"] == fate


def test_labour_cost_comes_from_the_account(folder):
    folder.add(
        "bank/entries",
        "2026-04-16",
        entry("E1", 方向="收入", 用途="人工费", 所属期="2026-04", 金额="500000.00", 余额="510000.00"),
    )
    (row,) = table(folder, "disbursements", "2026-04-30")
    assert (row["month"], row["paid_fen"]) == ("2026-04", 50_000_000)
    (balance,) = table(folder, "account_balances", "2026-04-30")
    assert balance["balance_fen"] == 51_000_000


def test_what_a_rule_finds_over_a_folder_is_what_it_finds_in_tables(folder):
    folder.line("2026-04-10")
    source = FolderFacts.open(folder.root)
    facts = source.facts(dt.date(2026, 4, 20), end_of(dt.date(2026, 4, 20)))
    found = {
        finding.rule: finding for finding in engine.evaluate(facts, load(), dt.date(2026, 4, 20)).findings
    }
    assert (found["W03"].people, found["W03"].amount_fen, found["W03"].days) == (1, 600_000, 5)
    assert found["W01"].month == "2026-04"
    source.close()


def test_a_folder_without_a_manifest_is_refused(tmp_path):
    with pytest.raises(Refused, match=r"manifest\.json"):
        FolderFacts.open(tmp_path)


def test_a_missing_file_is_named(folder):
    folder.add("payroll", "2026-04-10", payroll_line()).unlink()
    with pytest.raises(Refused, match="不在了"):
        FolderFacts.open(folder.root)


def test_a_missing_column_is_named(folder):
    path = folder.add("payroll", "2026-04-10", payroll_line())
    path.write_text(path.read_text(encoding="utf-8").replace("实发", "实付"), encoding="utf-8")
    with pytest.raises(Refused, match="缺少列：实发"):
        FolderFacts.open(folder.root)


def test_a_value_that_is_no_number_is_refused_and_nothing_stays_behind(folder, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder.line("2026-04-10", net="六千")
    with pytest.raises(Refused, match="payroll"):
        FolderFacts.open(folder.root)
    assert not list(tmp_path.glob("anxin-facts-*"))
