from __future__ import annotations

import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from anxin.cli import main as cli
from anxin.cli import output
from anxin.cli.errors import CommandError
from anxin.cli.parser import Parser
from anxin.config.home import PROJECT_ROOT


def command(run, *, needs_django=False):
    """A sub-command ``try`` that does ``run``."""

    def add_arguments(parser):
        parser.add_argument("number", type=int, metavar="数")
        parser.add_argument("--level", choices=["red", "blue"])
        parser.add_argument("--json", action="store_true")

    return SimpleNamespace(
        NAME="try", HELP="试", add_arguments=add_arguments, run=run, NEEDS_DJANGO=needs_django
    )


@pytest.fixture
def attempt(monkeypatch, capsys):
    """Run ``anxin try …`` with the given behaviour: (exit code, standard output, standard error)."""

    def attempt(run, *arguments):
        monkeypatch.setattr(cli, "_modules", lambda wanted: [command(run)])
        code = cli.main(["try", *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return attempt


def test_done_is_0(attempt):
    assert attempt(lambda args: output.say(f"{args.number}件") or 0, "3") == (0, "3件\n", "")


def test_a_command_that_returns_nothing_is_done(attempt):
    assert attempt(lambda args: None, "3")[0] == 0


@pytest.mark.parametrize(("code", "options"), [(2, {}), (1, {"exit_code": 1})])
def test_a_refusal_is_one_sentence_and_its_code(attempt, code, options):
    def refuse(args):
        raise CommandError("没有这个项目。", **options)

    assert attempt(refuse, "3") == (code, "", "没有这个项目。\n")


def test_a_refusal_with_json_is_one_document(attempt):
    def refuse(args):
        raise CommandError("没有这个项目。")

    code, out, err = attempt(refuse, "3", "--json")
    assert (code, json.loads(out), err) == (2, {"error": "没有这个项目。"}, "没有这个项目。\n")


def test_with_json_nothing_else_reaches_standard_output(attempt):
    def chatty(args):
        print("a library talks")
        output.progress("正在读……")
        output.print_json({"人": "甲", "amount": "1.00"})
        print("and talks")

    code, out, err = attempt(chatty, "3", "--json")
    assert (code, json.loads(out)) == (0, {"人": "甲", "amount": "1.00"})
    assert "甲" in out
    assert err.splitlines() == ["a library talks", "正在读……", "and talks"]


def test_an_unforeseen_failure_is_1_and_one_sentence(attempt):
    code, out, err = attempt(lambda args: 1 // 0, "3")
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert "ZeroDivisionError" in err
    assert "Traceback" not in err


def test_an_unforeseen_failure_shows_its_traceback_when_asked(attempt, monkeypatch):
    monkeypatch.setenv("ANXIN_DEBUG", "1")
    assert "Traceback" in attempt(lambda args: 1 // 0, "3")[2]


def test_a_database_without_tables_says_what_to_do(attempt):
    def query(args):
        import sqlite3

        sqlite3.connect(":memory:").execute("SELECT * FROM nowhere")

    code, _, err = attempt(query, "3")
    assert (code, err) == (1, "数据库还没有准备好，请先运行 anxin setup。\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "缺少必填的内容：数"),
        (["x"], "数 应为整数，现在是“x”"),
        (["3", "--level", "pink"], "--level 不能是“pink”，可用：red, blue"),
        (["3", "--level"], "--level 后面缺少内容"),
        (["3", "--lev", "red"], "不认识的内容：--lev red"),
        (["3", "4"], "不认识的内容：4"),
    ],
)
def test_a_wrong_call_is_2_and_a_chinese_sentence(attempt, arguments, says):
    code, out, err = attempt(lambda args: 0, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(says)
    assert "--help" in err
    assert err.count("\n") == 1


def test_an_unknown_command_is_2(capsys):
    assert cli.main(["nonsense"]) == 2
    assert capsys.readouterr().err.startswith("没有命令“nonsense”，可用：")


def test_without_a_command_the_help_lists_all(capsys):
    assert cli.main([]) == 0
    listed = capsys.readouterr().out
    for name in ("serve", "setup", "user", "journal", "import"):
        assert f"  {name}" in listed
    assert "usage" not in listed
    assert "options" not in listed


def test_help_is_0_and_says_the_usage(capsys):
    assert cli.main(["journal", "verify", "--help"]) == 0
    assert capsys.readouterr().out.startswith("用法：anxin journal verify")


def test_a_reader_that_has_gone_is_no_scandal():
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "anxin.cli", "--help"],
        cwd=PROJECT_ROOT,
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    os.close(writer)
    assert "Traceback" not in done.stderr


def test_an_unreadable_setting_is_2_and_its_sentence():
    done = subprocess.run(
        [sys.executable, "-m", "anxin.cli", "journal", "verify", "--json"],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        env=os.environ | {"DATABASE_URL": "mysql://x/y"},
    )
    assert done.returncode == 2
    assert "postgresql://" in json.loads(done.stdout)["error"]


def test_columns_of_a_table_line_up_in_chinese(capsys):
    output.table(["姓名", "n"], [["甲", 1], ["abcd", None], ["欧阳乙", 22]])
    assert capsys.readouterr().out == "姓名    n\n甲      1\nabcd\n欧阳乙  22\n"


def test_an_argument_type_says_its_own_sentence():
    import argparse

    def day(text):
        raise argparse.ArgumentTypeError("日期应形如 2026-09-30。")

    parser = Parser(prog="anxin try")
    parser.add_argument("--as-of", type=day)
    with pytest.raises(CommandError) as refused:
        parser.parse_args(["--as-of", "x"])
    assert str(refused.value) == "--as-of：日期应形如 2026-09-30。写法见：anxin try --help"
