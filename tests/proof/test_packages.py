"""Packages as people use them: opened, verified twice, redacted, held against hostile files."""

from __future__ import annotations

import ast
import datetime as dt
import io
import random
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anxin.proof import (
    CannotRedact,
    Contents,
    Document,
    Table,
    WrongContents,
    build,
    independent,
    redact,
    throwaway,
    verify,
)
from anxin.proof.canonical import NotCanonical, dump, load
from anxin.proof.hashing import fingerprint
from anxin.proof.sample import contents
from tests.proof.packages import (
    INDEPENDENT,
    MADE_AT,
    files_of,
    judged,
    judged_independently,
    packed,
    sample,
    signers,
)


def test_an_unchanged_package_passes_both_verifiers(tmp_path: Path) -> None:
    package = sample()
    path = tmp_path / "package.zip"
    path.write_bytes(package)
    verdict = judged(package)
    assert verdict.valid and verdict.own_verifier and not verdict.problems
    assert [one.name for one in verdict.signers] == [one.name for one in signers()]
    assert judged_independently(path) == 0


def test_the_verifier_inside_is_the_independent_one_and_any_zip_tool_takes_it_out() -> None:
    package = sample()
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        assert opened.testzip() is None
        assert opened.read("verify.py") == INDEPENDENT.read_bytes()


def test_the_independent_verifier_is_short_and_needs_the_standard_library_alone() -> None:
    source = INDEPENDENT.read_text(encoding="utf-8")
    assert len(source.splitlines()) < 200
    imported = {
        name.name.split(".")[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import)
        for name in node.names
    }
    assert imported <= sys.stdlib_module_names
    assert not [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]


def test_its_own_sm3_is_the_standards() -> None:
    """The two examples of GB/T 32905-2016, and every length around a block against the library's."""
    slow = independent.sm3_slow
    assert slow(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert slow(b"abcd" * 16).hex() == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    for length in range(130):
        message = random.Random(length).randbytes(length)
        assert slow(message) == independent.sm3(message)


def test_trust_is_told_apart_from_soundness() -> None:
    by = signers()
    package = sample(by)
    known = frozenset(fingerprint(one.key) for one in by)
    assert judged(package, known).trusted
    assert judged(package).valid and not judged(package).trusted
    remade = sample()  # the same rows under other keys: sound in itself, and nobody's
    assert judged(remade, known).valid and not judged(remade, known).trusted


def test_a_missing_signature_is_missed() -> None:
    files = files_of(sample())
    first, _ = files["signatures.jsonl"].split(b"\n")[:-1]
    verdict = judged(packed(files | {"signatures.jsonl": first + b"\n"}))
    assert not verdict.valid
    assert "应有2个签章，实有1个。" in [problem.what for problem in verdict.problems]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda rows: [rows[1], rows[0], *rows[2:]], "第2行原来在第1行"),
        (lambda rows: rows[:2] + rows[3:], "原来的第3行被删去"),
        (lambda rows: [*rows[:2], b'{"due":"1.00"}', *rows[2:]], "第3行是后来加进去的"),
        (lambda rows: [*rows[:2], b'{"due":"1.00"}', *rows[3:]], "第3行的内容被改动过"),
    ],
)  # fmt: skip
def test_what_was_done_to_a_row_is_named(change, sentence: str) -> None:  # type: ignore[no-untyped-def]
    files = files_of(sample())
    rows = files["rows/payroll.jsonl"].split(b"\n")[:-1]
    changed = b"".join(row + b"\n" for row in change(rows))
    problems = judged(packed(files | {"rows/payroll.jsonl": changed})).problems
    assert ("rows/payroll.jsonl", f"{sentence}。") in [(one.where, one.what) for one in problems]


def test_a_row_that_kept_its_place_is_not_called_moved() -> None:
    files = files_of(sample())
    rows = files["rows/actions.jsonl"].splitlines(keepends=True)
    assert len(rows) == 3
    problems = judged(packed(files | {"rows/actions.jsonl": b"".join(rows[::-1])})).problems
    assert [one.what for one in problems if one.where == "rows/actions.jsonl"] == ["第3行原来在第1行。"]


def test_a_person_is_taken_out_and_the_rest_still_holds(tmp_path: Path) -> None:
    office = throwaway("某局", "出具单位")
    package = sample()
    left = redact(package, "P4", reason="本人要求", signer=office, at=MADE_AT)
    verdict = judged(left)
    assert verdict.valid and verdict.redacted > 0
    assert "郑喆" not in b"".join(files_of(left).values()).decode("utf-8", "replace")
    assert "吴堃" in files_of(left)["rows/payroll.jsonl"].decode()
    path = tmp_path / "left.zip"
    path.write_bytes(left)
    assert judged_independently(path) == 0
    again = redact(left, "P3", reason="本人要求", signer=office, at=MADE_AT)
    assert judged(again).valid and judged(again).redacted > verdict.redacted
    path.write_bytes(again)
    assert judged_independently(path) == 0


def test_taking_out_one_leaves_another_whose_sign_begins_alike() -> None:
    people = [
        {"_about": [f"P{number}"], "sign": f"P{number}", "name": f"赵{number:02}"} for number in range(1, 31)
    ]
    notes = [{"text": "P30 到场"}, {"text": "P3 到场"}]
    package = build(
        Contents("某月", {}, dt.date(2026, 1, 1), MADE_AT, "某局", "测试", [
            Table("people", "人员", {"sign": "代号", "name": "姓名"}, people), Table("t01_notes", "记录", {"text": "记录"}, notes)
        ]), signers(),
    )  # fmt: skip
    left = redact(package, "P3", "P5", reason="本人要求", signer=throwaway("某局", "出具单位"), at=MADE_AT)
    kept = files_of(left)["rows/people.jsonl"].decode()
    assert judged(left).redacted == 3
    assert "赵30" in kept and "赵03" not in kept and "赵05" not in kept
    assert files_of(left)["rows/t01_notes.jsonl"] == b'{"text":"P30 \xe5\x88\xb0\xe5\x9c\xba"}\nnull\n'


def test_whoever_stands_in_the_title_or_the_reason_is_not_taken_out() -> None:
    office = throwaway("某局", "出具单位")
    row = {"_about": ["P1"], "sign": "P1", "name": "郑喆"}
    for title, reason, problem in (
        ("郑喆的证据包", "本人要求", "标题或者对象"),
        ("证据包", "郑喆要求", "换个写法"),
    ):
        table = Table("people", "人员", {"sign": "代号", "name": "姓名"}, [row])
        made = build(Contents(title, {}, dt.date(2026, 1, 1), MADE_AT, "某局", "测试", [table]), signers())
        with pytest.raises(CannotRedact, match=problem):
            redact(made, "P1", reason=reason, signer=office, at=MADE_AT)


def test_a_row_cannot_be_taken_out_without_a_note_nor_put_back_behind_one() -> None:
    office = throwaway("某局", "出具单位")
    package = sample()
    left = files_of(redact(package, "P4", reason="本人要求", signer=office, at=MADE_AT))
    without_note = {path: content for path, content in left.items() if not path.startswith("redactions/")}
    assert not judged(packed(without_note)).valid
    put_back = left | {path: files_of(package)[path] for path in ("rows/payroll.jsonl", "leaves.jsonl")}
    assert not judged(packed(put_back)).valid


def test_nobody_unknown_and_nothing_unsound_is_redacted() -> None:
    package, office = sample(), throwaway("某局", "出具单位")
    with pytest.raises(CannotRedact, match="没有关于“P99”的内容"):
        redact(package, "P99", reason="本人要求", signer=office, at=MADE_AT)
    with pytest.raises(CannotRedact, match="没有通过核验"):
        redact(package[:-1], "P4", reason="本人要求", signer=office, at=MADE_AT)


def test_a_page_that_tells_another_story_is_found() -> None:
    """Whoever may take rows out signs the new page as well; it must still be the page of these rows."""
    from anxin.proof.statement import note_redaction

    office = throwaway("某局", "出具单位")
    files = files_of(redact(sample(), "P4", reason="本人要求", signer=office, at=MADE_AT))
    note = load(files["redactions/0001.json"])
    page = files["index.html"].replace(b"9000.00", b"1000.00")
    forged = note_redaction(files["statement.json"], note["leaves"], page, "本人要求", office, MADE_AT)
    verdict = judged(packed(files | {"index.html": page, "redactions/0001.json": forged}))
    assert [problem.what for problem in verdict.problems] == ["网页讲的与记录不一致。"]


def test_an_entry_of_the_journal_holds_by_its_own_hash() -> None:
    row = {"sequence": 1, "summary": "x", "previous_hash": "0" * 64, "hash": "1" * 64}
    contents = Contents(
        "日志", {}, dt.date(2026, 1, 1), MADE_AT, "某局", "测试", [Table("journal", "操作日志", {"summary": "做了什么"}, [row])]
    )  # fmt: skip
    verdict = judged(build(contents, signers()))
    assert [problem.what for problem in verdict.problems] == ["日志条目与它自己的哈希不符。"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK",
        b"not a zip at all",
        b"PK\x03\x04" + bytes(26),
        b"PK\x05\x06" + bytes(18),
        bytes(1_000_000),
        b"PK\x03\x04" * 10_000,
    ],
)
def test_what_is_no_package_is_told_in_a_sentence(content: bytes, tmp_path: Path) -> None:
    verdict = judged(content)
    assert not verdict.valid and verdict.problems[0].what.endswith("。")
    path = tmp_path / "file"
    path.write_bytes(content)
    assert judged_independently(path) == 1


@pytest.mark.parametrize(
    "name", ["../outside.txt", "/etc/passwd", "a/../b.txt", "rows/工资.jsonl", "documents/a b.txt"]
)
def test_a_container_by_another_tool_is_refused(name: str) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr(name, b"0" * 1_000_000)
    assert not judged(made.getvalue()).valid


@pytest.mark.parametrize(
    "statement",
    [b"", b"{}", b"[]", b"[" * 100_000, b'{"format":"anxin-evidence/9"}', b"\xff\xfe", b'{"leaves":1e400}'],
)
def test_a_statement_of_any_kind_never_breaks_the_verifiers(statement: bytes, tmp_path: Path) -> None:
    package = packed(files_of(sample()) | {"statement.json": statement})
    assert not judged(package).valid
    path = tmp_path / "package.zip"
    path.write_bytes(package)
    assert judged_independently(path) == 1


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=6,
)


@given(st.lists(st.dictionaries(_TEXT, _VALUE, max_size=4), max_size=6), st.binary(max_size=60))
@settings(max_examples=60, deadline=None)
def test_whatever_goes_in_is_verified_and_comes_out(rows: list[dict[str, object]], paper: bytes) -> None:
    rows = [{key: value for key, value in row.items() if key != "_about"} for row in rows]
    contents = Contents(
        "任意", {}, dt.date(2026, 1, 1), MADE_AT, "某局", "测试",
        [Table("things", "东西", {"a": "甲"}, rows)], [Document("x", "x", "application/octet-stream", paper)],
    )  # fmt: skip
    package = build(contents, [throwaway("某局", "出具单位")])
    verdict = judged(package)
    assert verdict.valid, verdict.problems
    files = files_of(package)
    assert [load(line) for line in files["rows/things.jsonl"].split(b"\n")[:-1]] == rows
    assert files["documents/00001.bin"] == paper


def test_what_cannot_be_packed_is_refused_with_a_sentence() -> None:
    with pytest.raises(WrongContents, match="小数请写成文字"):
        contents = Contents(
            "x", {}, dt.date(2026, 1, 1), MADE_AT, "x", "x", [Table("a", "a", {}, [{"paid": 1.5}])]
        )
        build(contents, signers())
    with pytest.raises(WrongContents, match="代号"):
        Table("../a", "a", {}, [])
    with pytest.raises(WrongContents, match="签章人"):
        build(Contents("x", {}, dt.date(2026, 1, 1), MADE_AT, "x", "x"), [])
    with pytest.raises(WrongContents, match="时区"):
        Contents("x", {}, dt.date(2026, 1, 1), dt.datetime(2026, 1, 1), "x", "x")


def test_one_value_has_one_writing() -> None:
    assert dump({"b": 1, "a": "工"}) == '{"a":"工","b":1}'.encode()
    for other in (b'{"a":1,"a":1}', b'{ "a":1}', b'{"a":1.0}', b'"\\u5de5"', b"-0", b"01"):
        with pytest.raises(NotCanonical):
            load(other)


def test_verification_reads_a_long_document_in_pieces() -> None:
    paper = random.Random(1).randbytes(3_000_000)
    contents = Contents(
        "长",
        {},
        dt.date(2026, 1, 1),
        MADE_AT,
        "x",
        "x",
        documents=[Document("a.bin", "a", "application/x", paper)],
    )
    package = build(contents, signers())
    assert verify(io.BytesIO(package)).valid
    changed = bytearray(package)
    changed[1_500_000] ^= 1
    assert not verify(io.BytesIO(bytes(changed))).valid


def test_the_order_in_which_a_subject_was_said_does_not_matter() -> None:
    said = contents(MADE_AT, "安薪 测试")
    turned = replace(said, subject=dict(reversed(said.subject.items())))
    package = build(turned, signers())
    assert judged(package).valid
    page = files_of(package)["index.html"].decode()
    assert all(f"<dt>{label}</dt>" in page for label in said.subject)
