"""The book for banks says what the reader does: its examples are read, its codes are those of the code file."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from anxin import formats
from anxin.config.home import PROJECT_ROOT
from anxin.formats import Outcome
from anxin.formats.wage_file.grammar import CODES

BOOK = (PROJECT_ROOT / "docs" / "wage-file.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```\n(AXGZ.*?\n)```$", BOOK, re.MULTILINE | re.DOTALL)


def test_examples_are_an_order_and_its_results():
    order, results = (formats.read(text.encode()) for text in EXAMPLES)
    assert order.refusals == results.refusals == ()
    assert [(x.reference, x.outcome, x.code) for x in results.message.lines] == [
        (order.message.lines[0].reference, Outcome.PAID, ""),
        (order.message.lines[1].reference, Outcome.RETURNED, "wrong_name"),
    ]
    assert formats.get("wage_file").write(order.message) == EXAMPLES[0].encode()


def test_every_code_of_the_reader_is_in_the_book_and_no_other():
    named = set(re.findall(r"^\| `([AB]?\d\d)` \|", BOOK, re.MULTILINE))
    assert named == set(CODES.whole) | set(CODES.rows) | set(CODES.bank)


@pytest.mark.parametrize("code", sorted(CODES.bank))
def test_book_words_the_result_codes_as_the_reader_does(code):
    assert f"| `{code}` | {CODES.bank[code].word} |" in BOOK


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="no sha256sum on this machine")
def test_line_in_the_book_computes_the_digest(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(EXAMPLES[0].encode())
    (command,) = re.findall(r"^\{ head.*$", BOOK, re.MULTILINE)
    done = subprocess.run(["sh", "-c", command.replace("文件", str(path))], capture_output=True, text=True)
    assert done.stdout.split()[0] == EXAMPLES[0].split("\n")[0].rsplit("|", 1)[1]
