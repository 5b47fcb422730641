"""``anxin calendar import``: what it prints, and how it says no."""

from __future__ import annotations

import json

import pytest

from anxin.cli.main import main
from anxin.local_law.models import CalendarYear
from tests.local_law import notices

NUMBER = "国办发明电〔2026〕99号"


@pytest.fixture
def table(db, home, tmp_path):
    path = tmp_path / "2027.csv"
    path.write_bytes(notices.stretches())
    return path


def test_a_table_is_read_told_and_left_for_another_person(table, capsys):
    assert main(["calendar", "import", str(table), "--year", "2027", "--notice", NUMBER]) == 0
    said = capsys.readouterr().out
    assert "2027年：放假28天（占用工作日18天），调休上班5天。" in said
    assert "请另一人" in said
    assert CalendarYear.objects.get().state == "proposed"


def test_the_same_file_twice_changes_nothing_and_says_so(table, capsys):
    call = ["calendar", "import", str(table), "--year", "2027", "--notice", NUMBER, "--json"]
    assert main(call) == 0
    assert json.loads(capsys.readouterr().out)["already_imported"] is False
    assert main(call) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["already_imported"] is True
    assert all(check["passed"] for check in document["checks"])
    assert len(document["days"]) == 33
    assert CalendarYear.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"--year": "27"}, "应形如 2027"),
        ({"--year": "2028"}, "不在2028年内"),
        ({"--notice": " "}, "请填写通知的文号"),
        ({"FILE": "no-such.csv"}, "找不到或打不开"),
    ],
)
def test_wrong_input_gets_a_sentence_and_exit_2(changes, sentence, table, capsys):
    given = {"FILE": str(table), "--year": "2027", "--notice": NUMBER} | changes
    call = ["calendar", "import", given["FILE"], "--year", given["--year"], "--notice", given["--notice"]]
    assert main(call) == 2
    assert sentence in capsys.readouterr().err
    assert not CalendarYear.objects.exists()
