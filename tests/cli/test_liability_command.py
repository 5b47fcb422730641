"""``anxin liability``: a plan from a facts file without a database, and one sentence for what cannot be read."""

from __future__ import annotations

import json

import pytest

from anxin.cli.main import main

FACTS = """
建设单位: 甲公司
手续齐备: {争议: {是: 甲公司, 否: 自然资源部门}}
单位:
  乙建: {发包人: 甲公司, 付款能力: 0, 工程款: 已付清, 保证金: 50000}
  丙劳务: {发包人: 乙建, 付款能力: 逃匿}
拖欠: [{用人: 丙劳务, 人数: 12, 金额: 300000}]
"""


@pytest.fixture
def ask(tmp_path, capsys):
    def ask(text: str | bytes, *arguments: str):
        path = tmp_path / "facts.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        code = main(["liability", str(path), *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return ask


def test_json_has_every_branch_with_articles_and_gap(ask):
    code, out, _ = ask(FACTS, "--json")
    document = json.loads(out)
    assert code == 0
    assert [branch["gap"] for branch in document["branches"]] == ["250000.00", "0.00"]
    assert document["branches"][1]["steps"][0]["articles"] == ["《保障农民工工资支付条例》第三十七条"]
    assert document["undecided"][0]["ways"][1] == {"says": "否", "by": "自然资源部门"}


def test_text_says_steps_caps_and_what_is_open(ask):
    code, out, _ = ask(FACTS)
    assert code == 0
    assert "动用乙建的工资保证金支付50,000.00元；以可动用的保证金为限：50,000.00元" in out
    assert "待定：规划、施工等手续齐备" in out


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (FACTS.replace("丙劳务, 人数", "丁, 人数"), "没有列在“单位”里"),
        ("{", "不是 UTF-8 编码的 YAML"),
        (b"\xff\xfe\xff", "不是 UTF-8 编码的 YAML"),
        ("a: &a [1]\nb: *a", "不是 UTF-8 编码的 YAML"),
        ("!!python/object/apply:os.getcwd []", "不是 UTF-8 编码的 YAML"),
        ("2026-13-45", "不是 UTF-8 编码的 YAML"),
        ("[" * 3000, "不是 UTF-8 编码的 YAML"),
        ("", "事实应写成"),
    ],
)
def test_file_that_cannot_be_read_gives_one_sentence_and_exit_2(ask, text, says):
    code, out, err = ask(text)
    assert (code, out) == (2, "")
    assert says in err
    assert len(err.strip().splitlines()) == 1


def test_missing_file_gives_one_sentence_and_exit_2(capsys):
    assert main(["liability", "nowhere.yaml", "--json"]) == 2
    assert "打不开文件" in json.loads(capsys.readouterr().out)["error"]
