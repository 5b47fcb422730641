"""Rows that are not handed over from the start: their hashes stand in the chain, and nothing of them is in the file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from anxin.proof import Contents, Table, WrongContents, build, redact, throwaway
from anxin.proof.contents import ABOUT, PEOPLE, WITHHELD
from tests.proof.packages import MADE_AT, files_of, judged, judged_independently, packed

SIGNER = throwaway("某局", "出具单位")


def contents(why: str = "其他劳动者的行不交出") -> Contents:
    rows = (
        {ABOUT: ["P1"], "name": f"甲{number}", "net": "100.00"} | ({WITHHELD: True} if number != 2 else {})
        for number in range(1, 5)
    )
    tables = [
        Table("t01_payroll", "工资表", {"name": "姓名", "net": "实发"}, rows),
        Table(PEOPLE, "人员", {"sign": "代号"}, [{ABOUT: ["P1"], "sign": "P1"}]),
    ]
    return Contents(
        "某人的证据包", {"对象": "甲2"}, dt.date(2026, 10, 12), MADE_AT, "某局", "测试", tables, withheld=why
    )


def test_both_verifiers_agree_and_the_rows_are_gone(tmp_path: Path):
    package = build(contents(), [SIGNER])
    verdict = judged(package)
    assert verdict.valid
    assert verdict.statement["leaves"] == 5
    assert verdict.redacted == 3
    assert [one.part for one in verdict.signers] == ["statement", "redaction"]
    files = files_of(package)
    assert [line == b"null" for line in files["rows/t01_payroll.jsonl"].splitlines()] == [
        True,
        False,
        True,
        True,
    ]
    for name in ("甲1", "甲3", "甲4"):
        assert name.encode() not in package
    target = tmp_path / "package.zip"
    target.write_bytes(package)
    assert judged_independently(target) == 0


def test_a_row_put_into_a_withheld_place_is_found(tmp_path: Path):
    files = files_of(build(contents(), [SIGNER]))
    path = "rows/t01_payroll.jsonl"
    forged = packed(files | {path: files[path].replace(b"null", b'{"name":"x","net":"9"}', 1)})
    assert not judged(forged).valid
    target = tmp_path / "package.zip"
    target.write_bytes(forged)
    assert judged_independently(target) == 1


def test_somebody_may_still_be_taken_out_later():
    package = build(contents(), [SIGNER])
    left = redact(package, "P1", reason="本人要求", signer=throwaway("另一局", "隐去人"), at=MADE_AT)
    assert judged(left).valid
    assert judged(left).redacted == 5


def test_withholding_needs_a_reason():
    with pytest.raises(WrongContents, match="写明为什么"):
        build(contents(""), [SIGNER])
