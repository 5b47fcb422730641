"""``anxin triage``: a file of messages, one JSON line each; judgements; one sentence for what cannot be read."""

from __future__ import annotations

import csv
import json

import pytest
import xlsxwriter

from anxin.cli.main import main

ROWS = [
    (
        "8863",
        "投诉恒山劳务公司拖欠工资",
        "我们十几个人在江湾一号做木工，恒山劳务公司欠我们二三十万工资，快过年了。",
    ),
    (
        "8864",
        "投诉恒山劳务公司拖欠工资",
        "我们十几个人在江湾一号做木工，恒山劳务公司欠我们二三十万工资，快过年了。",
    ),
    ("8865", "路灯不亮", "河口镇老街路灯坏了半个月。"),
]
KEYS = [
    "message_id", "arrears", "score", "construction", "people", "amount_yuan", "months", "debtor", "project", "urgency",
    "reasons", "cluster",
]  # fmt: skip


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "messages.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(
            [("编号", "标题", "内容", "核定"), *((*row, "否" if "路灯" in row[1] else "是") for row in ROWS)]
        )
    return path


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_each_message_is_one_line_with_its_reasons(sheet, capsys):
    assert main(["triage", str(sheet), "--text", "内容", "--id", "编号", "--json"]) == 0
    first, second, third = lines(capsys)
    assert list(first) == KEYS
    assert (first["message_id"], first["arrears"], first["people"], first["amount_yuan"]) == (
        "8863",
        True,
        10,
        200_000,
    )
    assert first["debtor"] == "恒山劳务公司"
    assert first["reasons"][0].keys() == {"about", "says", "words"}
    assert (second["cluster"], third["cluster"]) == ("8863", "8865")
    assert (third["arrears"], third["debtor"]) == (False, None)


def test_numbers_of_a_workbook_stay_whole(tmp_path, capsys):
    path = tmp_path / "messages.xlsx"
    with xlsxwriter.Workbook(path) as book:
        table = book.add_worksheet()
        table.write_row(0, 0, ["msg", "text"])
        table.write_row(1, 0, [8863, ROWS[0][2]])
    assert main(["triage", str(path), "--text", "text", "--id", "msg", "--json"]) == 0
    assert lines(capsys)[0]["message_id"] == "8863"


def test_without_json_claims_are_a_table(sheet, capsys):
    assert main(["triage", str(sheet), "--text", "内容", "--id", "编号"]) == 0
    out = capsys.readouterr().out
    assert "恒山劳务公司" in out and "共3条，其中欠薪2条" in out


def test_judgements_are_measured(sheet, capsys):
    assert main(["triage", str(sheet), "--text", "内容", "--truth", "核定", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["messages"], document["arrears"], document["f1"]) == (3, 2, 1.0)


def test_a_row_nobody_judged_is_refused_by_its_number(tmp_path, capsys):
    path = tmp_path / "open.csv"
    path.write_text("内容,核定\n老板欠我工资,是\n路灯不亮,\n", encoding="utf-8")
    assert main(["triage", str(path), "--text", "内容", "--truth", "核定"]) == 2
    assert "第3行" in capsys.readouterr().err


def test_too_few_judgements_teach_nothing_and_write_nothing(sheet, tmp_path, capsys):
    target = tmp_path / "model.json"
    call = ["triage", str(sheet), "--text", "内容", "--truth", "核定", "--learn", str(target)]
    assert main(call) == 2
    assert "至少要20条" in capsys.readouterr().err
    assert not target.exists()


def test_a_better_model_is_written_and_used(tmp_path, capsys):
    path = tmp_path / "own.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        own = [(f"培训补贴没到位，学校一直推。第{n}期。", "是") for n in range(40)]
        other = [(f"路灯不亮，请来修。第{n}盏。", "否") for n in range(40)]
        csv.writer(file).writerows([("内容", "核定"), *own, *other])
    target = tmp_path / "model.json"
    assert (
        main(["triage", str(path), "--text", "内容", "--truth", "核定", "--learn", str(target), "--json"])
        == 0
    )
    assert json.loads(capsys.readouterr().out)["learnt"]["kept"] is True
    assert main(["triage", str(path), "--text", "内容", "--model", str(target), "--json"]) == 0
    assert sum(line["arrears"] for line in lines(capsys)) == 40


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--text", "正文"], "没有名为“正文”的列；现有的列是：编号、标题、内容、核定"),
        (["--text", "内容", "--truth", "标题"], "请写 是 或 否"),
        (["--text", "内容", "--learn", "x.json"], "请用 --truth"),
        (["--text", "内容", "--model", "nowhere.json"], "打不开模型文件"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(sheet, capsys, arguments, sentence):
    assert main(["triage", str(sheet), *arguments]) == 2
    assert sentence in capsys.readouterr().err


def test_a_file_that_is_not_there_is_one_sentence(tmp_path, capsys):
    assert main(["triage", str(tmp_path / "none.csv"), "--text", "内容"]) == 2
    assert "打不开文件" in capsys.readouterr().err
