"""``anxin import``: one JSON document, nothing else; a sentence and exit code 2 for what is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from anxin import formats
from anxin.cli.main import main
from anxin.config.home import PROJECT_ROOT
from anxin.payroll.models import PayrollLine
from tests.formats.makers import order, results
from tests.formats.samples import bank_answer, detail, entry, notification, payment
from tests.support.deliveries import make_project, payroll


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "9月工资表.xlsx"
    path.write_bytes(payroll(("王小明", 1, 5000), ("李大海", 2, 6000)))
    return path


def answer(capsys, *arguments: str) -> tuple[int, dict]:
    code = main(["import", *arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_trial_needs_neither_database_nor_data_folder(sheet, tmp_path):
    """In a process of its own, where the database address leads nowhere and the home cannot be made."""
    environment = {
        **os.environ,
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
        "ANXIN_HOME": "/proc/no-such-place",
        "PYTHONPATH": str(PROJECT_ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-m", "anxin.cli", "import", "payroll", str(sheet), "--dry-run", "--json"],
        env=environment, cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    wanted = {"kind", "sheet", "header_rows", "period", "columns", "rows_read", "rows_accepted", "rows_rejected", "people", "totals", "skipped"}  # fmt: skip
    assert wanted <= set(document)
    assert document["period"] == "2026-09"
    assert document["totals"] == {"gross": "11400.00", "net": "11000.00"}
    assert (document["rows_read"], document["rows_accepted"], document["people"]) == (2, 2, 2)
    assert "batch" not in document
    assert sorted(path.name for path in tmp_path.iterdir()) == [sheet.name]


@pytest.mark.django_db
@pytest.mark.usefixtures("home")
class TestIntoTheRecords:
    @pytest.fixture(autouse=True)
    def project(self, now):
        return make_project(now)

    def test_import_says_what_became_of_it(self, sheet, capsys):
        code, document = answer(capsys, "payroll", str(sheet), "--project", "P1")
        assert code == 0
        assert (document["state"], document["already_accepted"]) == ("accepted", False)
        assert (document["unchanged"], document["superseded"]) == (0, 0)
        assert document["totals"]["net"] == "11000.00"
        assert PayrollLine.objects.count() == 2

    def test_again_says_so_and_changes_nothing(self, sheet, capsys):
        _, first = answer(capsys, "payroll", str(sheet), "--project", "P1")
        code, second = answer(capsys, "payroll", str(sheet), "--project", "P1")
        assert code == 0
        assert (second["already_accepted"], second["batch"]) == (True, first["batch"])
        assert {key: second[key] for key in ("rows_read", "totals", "columns")} == {
            key: first[key] for key in ("rows_read", "totals", "columns")
        }
        assert main(["import", "payroll", str(sheet), "--project", "P1"]) == 0
        assert "接收过，未作任何改动" in capsys.readouterr().out

    def test_summary_for_people(self, sheet, capsys):
        assert main(["import", "payroll", str(sheet), "--project", "P1"]) == 0
        out = capsys.readouterr().out
        assert "读取2行，接收2行，退回0行，共2人" in out
        assert "实发11000.00元" in out

    def test_without_project_is_a_wrong_call(self, sheet, capsys):
        code, document = answer(capsys, "payroll", str(sheet))
        assert code == 2
        assert "--project" in document["error"]

    def test_unknown_project_is_a_wrong_call(self, sheet, capsys):
        code, document = answer(capsys, "payroll", str(sheet), "--project", "没有")
        assert (code, PayrollLine.objects.count()) == (2, 0)
        assert "没有编码为“没有”的工程项目" in document["error"]

    def test_refused_file_is_a_wrong_call(self, tmp_path, capsys):
        path = tmp_path / "工资.xlsx"
        path.write_bytes(b"\x89PNG not a sheet")
        code, document = answer(capsys, "payroll", str(path), "--project", "P1")
        assert code == 2
        assert document["error"].endswith("。")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["payroll", "没有这个.xlsx"], "找不到文件"),
        (["payroll", "."], "是文件夹"),
        (["wages", "x.xlsx"], "wages"),
    ],
)
def test_wrong_calls_are_one_sentence(arguments, said, capsys):
    code, document = answer(capsys, *arguments, "--dry-run")
    assert code == 2
    assert said in document["error"]


def test_malformed_month_is_one_sentence(sheet, capsys):
    code, document = answer(capsys, "payroll", str(sheet), "--month", "9月", "--dry-run")
    assert code == 2
    assert "形如 2026-09" in document["error"]


@pytest.mark.parametrize("content", ["{", "[1]"])
def test_broken_mapping_file_is_one_sentence(sheet, tmp_path, content, capsys):
    path = tmp_path / "mapping.json"
    path.write_text(content, encoding="utf-8")
    code, document = answer(capsys, "payroll", str(sheet), "--mapping", str(path), "--dry-run")
    assert code == 2
    assert "列对应关系文件" in document["error"]


def test_mapping_by_hand_wins(sheet, tmp_path, capsys):
    path = tmp_path / "mapping.json"
    path.write_text(
        json.dumps({"columns": {"name": "姓名", "net": "应发工资"}}, ensure_ascii=False), encoding="utf-8"
    )
    code, document = answer(capsys, "payroll", str(sheet), "--mapping", str(path), "--dry-run")
    assert code == 0
    assert document["columns"]["net"] == "应发工资"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("result.txt", 0),
        ("notification.xml", 0),
        ("details.xml", 0),
        ("cut.txt", 2),
        ("order.xml", 2),
        ("bomb.xml", 2),
    ],
)
def test_trial_reads_bank_messages_and_refuses_with_a_sentence(tmp_path, capsys, name, code):
    path = tmp_path / name
    path.write_bytes(_bank_files()[name])
    answered, document = answer(capsys, "receipts", str(path), "--dry-run")
    assert answered == code
    if code:
        assert document["error"].endswith("。")
    else:
        assert (document["rows_read"], document["rows_accepted"], document["header_rows"]) == (2, 2, [1])
        assert document["format"] in ("wage_file", "iso20022", "ntagcapy")


def test_a_message_without_wages_says_what_was_left_out(tmp_path, capsys):
    path = tmp_path / "inflow.xml"
    path.write_bytes(notification(entry([payment(1), payment(2)], 1_000_000, direction="CRDT")))
    assert main(["import", "receipts", str(path), "--dry-run"]) == 0
    assert "另有2笔不计：收入，不是发放的工资。" in capsys.readouterr().out


def _bank_files() -> dict[str, bytes]:
    wage_file, sent = formats.get("wage_file"), order(2)
    result = wage_file.write_results(results(sent), sent)
    details = "".join(detail(number, "S") for number in (1, 2))
    return {
        "result.txt": result,
        "notification.xml": notification(entry([payment(1), payment(2)], 1_000_000)),
        "details.xml": bank_answer(details, name="NTAGDINF"),
        "cut.txt": result[: len(result) // 2],
        "order.xml": formats.get("iso20022").write(sent),
        "bomb.xml": b"<!DOCTYPE d [<!ENTITY a 'x'>]><Document>&a;</Document>",
    }
