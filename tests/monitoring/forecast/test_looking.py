"""What is known of a coming pay day, and how past ones ended, over a folder of deliveries."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from anxin.cli.main import main
from anxin.law import load
from anxin.monitoring.backtest.running import end_of
from anxin.monitoring.engine import look
from anxin.monitoring.folder import FolderFacts
from anxin.monitoring.forecast import features, outcomes
from tests.monitoring.folder.deliveries import FIRST_ID, Folder


@pytest.fixture
def folder(tmp_path) -> Folder:
    return Folder(tmp_path / "city")


def seen(folder: Folder, build, day: str) -> list[dict]:
    source = FolderFacts.open(folder.root)
    on = dt.date.fromisoformat(day)
    try:
        return look(source.facts(on, end_of(on)), load(), on, build).to_pylist()
    finally:
        source.close()


def money(folder: Folder, on: str, **values: str) -> None:
    folder.add("bank/entries", on, {"项目编码": "P1", "记账日期": on, **values})


def test_a_coming_pay_day_is_seen_with_need_money_and_record(folder):
    folder.line("2026-04-10", net="6000.00")
    folder.receipt("2026-05-03", paid_at="2026-05-02 10:00:00")  # due on 15 April: late
    money(
        folder,
        "2026-04-06",
        流水号="E1",
        方向="收入",
        金额="500000.00",
        用途="人工费",
        所属期="2026-04",
        余额="510000.00",
    )
    (row,) = [one for one in seen(folder, features.coming, "2026-05-04") if one["month"] == "2026-04"]
    assert (row["due"], row["ahead"]) == (dt.date(2026, 5, 15), 11)
    assert (row["bill_fen"], row["balance_fen"], row["inflow_fen"]) == (600_000, 51_000_000, 50_000_000)
    assert (row["last_late_share"], row["open_fen"]) == (1.0, 0)
    assert row["disbursed_on"] == dt.date(2026, 4, 6)


def test_labour_cost_agreed_before_the_pay_day_is_expected(folder):
    (row,) = [one for one in seen(folder, features.coming, "2026-05-02") if one["month"] == "2026-04"]
    assert row["expected_fen"] == 50_000_000  # agreed for 5 May
    (row,) = [one for one in seen(folder, features.coming, "2026-05-06") if one["month"] == "2026-04"]
    assert row["expected_fen"] is None


def test_a_missing_source_stays_unknown(folder):
    (row, *_) = seen(folder, features.coming, "2026-05-04")
    assert (row["balance_fen"], row["bill_fen"], row["last_late_share"]) == (None, None, None)


def test_a_pay_day_kept_or_missed_is_known_when_the_banks_results_are_in(folder):
    folder.line("2026-04-10")
    folder.receipt("2026-04-16")
    assert seen(folder, outcomes.ended, "2026-04-24") == []
    (end,) = seen(folder, outcomes.ended, "2026-04-25")
    assert (end["month"], end["missed"]) == ("2026-03", False)


def test_wages_that_came_late_were_missed(folder):
    folder.line("2026-04-10")
    folder.receipt("2026-04-20", paid_at="2026-04-19 10:00:00")
    (end,) = seen(folder, outcomes.ended, "2026-04-30")
    assert end["missed"] is True


def test_work_without_list_and_money_counts_as_missed_after_long_silence(folder):
    folder.add(
        "attendance",
        "2026-04-02",
        {"项目编码": "P1", "工资月份": "2026-03", "身份证号": FIRST_ID, "出勤天数": "20"},
    )
    assert seen(folder, outcomes.ended, "2026-05-10") == []
    (end,) = seen(folder, outcomes.ended, "2026-05-20")
    assert (end["month"], end["missed"], end["promised_fen"]) == ("2026-03", True, None)


def test_the_command_says_when_there_is_too_little_to_learn_from(folder, capsys):
    truth = folder.root / "truth"
    truth.mkdir()
    (truth / "paydays.csv").write_text(
        "项目编码,月份,发薪日,应发,按时到账,是否欠,原因\nP1,2026-03,2026-04-15,6000.00,0.00,是,\n",
        encoding="utf-8",
    )
    folder.line("2026-04-10")
    assert main(["forecast", "--facts", str(folder.root), "--every", "31", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["pay_days"], told["missed"], told["samples"], told["brier"]) == (1, 1, 0, None)


def test_a_folder_without_the_truth_of_pay_days_is_refused(folder, capsys):
    assert main(["forecast", "--facts", str(folder.root), "--json"]) == 2
    assert "paydays" in json.loads(capsys.readouterr().out)["error"]
