"""What is refused at the door, formulas without results, mappings by hand, and the way back."""

from __future__ import annotations

import io
import random
import zipfile

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from anxin.kernel.money import yuan_string
from anxin.sheets import KINDS, SheetRefused, limits, read_workbook, recognise, write_rejects
from anxin.sheets.evaluator import CannotCompute, Evaluator
from tests.sheets.makers import (
    SEPTEMBER,
    card,
    id_number,
    phone,
    read,
    read_rows,
    text_table,
    values,
    warned,
    xls,
    xlsx,
)

HEAD = ["姓名", "身份证号", "应发工资", "扣款合计", "实发工资"]


def refused(data: bytes, filename: str = "工资.xlsx") -> str:
    with pytest.raises(SheetRefused) as caught:
        read_workbook(data, filename)
    sentence = str(caught.value)
    assert filename in sentence and sentence.endswith("。")
    return sentence


def repacked(data: bytes, change) -> bytes:
    """The zip with its members passed through ``change(name, content) -> content | None``."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize("data", [b"", b"\x00" * 100, b"  \r\n"])
def test_empty_file_is_refused(data):
    assert "空的" in refused(data)


def test_workbook_without_any_cell_is_refused():
    assert "都是空的" in refused(xlsx([]))


def test_too_large_file_is_refused(monkeypatch):
    monkeypatch.setattr(limits, "MAX_FILE_BYTES", 1000)
    assert "上限" in refused(xlsx([["甲", "乙"]] * 300))


def test_macro_file_is_refused_by_name_and_by_content():
    plain = xlsx([HEAD])
    assert "宏" in refused(plain, "工资.xlsm")
    buffer = io.BytesIO(plain)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    assert "宏" in refused(buffer.getvalue())
    assert "宏" in refused(xls([HEAD]) + "_VBA_PROJECT_CUR".encode("utf-16-le"), "工资.xls")


def test_password_is_said():
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le")
    assert "密码" in refused(ole)


def test_password_of_the_old_format_is_said():
    """A FILEPASS record in the place of the (unused) WRITEACCESS record."""
    data = xls([HEAD])
    at = data.index(b"\x5c\x00\x70\x00")
    assert "密码" in refused(data[:at] + b"\x2f\x00\x70\x00" + b"\x01\x00" + data[at + 6 :], "工资.xls")


def test_zip_bomb_is_refused():
    bomb = repacked(xlsx([HEAD]), lambda name, c: c + b" " * 40_000_000 if name.endswith("sheet1.xml") else c)
    assert len(bomb) < 100_000
    assert "压缩炸弹" in refused(bomb)


def test_one_cell_far_away_does_not_fill_the_memory():
    def far(name, content):
        if not name.endswith("sheet1.xml"):
            return content
        return content.replace(
            b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        )

    assert "上限" in refused(repacked(xlsx([HEAD, ["张三"]]), far))


def test_far_away_format_without_content_is_harmless():
    def far(name, content):
        if not name.endswith("sheet1.xml"):
            return content
        return content.replace(
            b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
        )

    data = repacked(xlsx([["姓名", "实发工资"], ["张三", 1]]), far)
    assert read(data, "payroll").rows_accepted == 1


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(limits, "MAX_ROWS", 50)
    assert "行" in refused(xlsx([["甲", "乙"]] * 60))
    assert "行" in refused(text_table([["甲", "乙"]] * 60), "工资.csv")


@pytest.mark.parametrize(
    ("data", "filename"),
    [
        (b"%PDF-1.7 xx,yy\n", "工资.pdf"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), "工资.png"),
        (bytes(random.Random(1).randbytes(5000)), "工资.xlsx"),
        (b"PK\x03\x04" + b"x" * 500, "工资.xlsx"),
        ("这是一段文字，没有表格".encode(), "说明.txt"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") * 50, "通知.doc"),
    ],
)
def test_not_a_spreadsheet_is_refused(data, filename):
    refused(data, filename)


def test_other_zips_are_named():
    def other(*names: str) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name in names:
                archive.writestr(name, "x")
        return buffer.getvalue()

    assert "不是表格文件" in refused(other("word/document.xml"), "合同.docx")
    assert ".ods" in refused(other("content.xml", "mimetype"), "工资.ods")
    assert ".xlsb" in refused(other("xl/workbook.bin"), "工资.xlsb")


def test_web_page_called_xls_is_refused_with_the_way_out():
    assert "网页" in refused("<html><table><tr><td>姓名</td></tr></table></html>".encode(), "导出.xls")


def test_truncated_file_is_broken_not_a_crash():
    whole = xlsx([HEAD, *[["张三", id_number(1), 1, 0, 1]] * 50])
    for cut in (len(whole) // 3, len(whole) // 2, len(whole) - 10):
        assert "损坏" in refused(whole[:cut])


def test_xls_and_misnamed_files_are_read_by_their_content():
    rows = [HEAD, ["张三", id_number(1), 5000, 0, 5000]]
    assert read(xls(rows), "payroll", "工资.xlsx").rows_accepted == 1
    assert read(text_table(rows), "payroll", "工资.xls").rows_accepted == 1


# --- formulas without results -----------------------------------------------------------------------------------


def formulas(save) -> bytes:
    """A payroll by openpyxl, which writes formulas without results."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["姓名", "基本工资", "加班费", "应发工资", "扣款合计", "实发工资"])
    save(sheet)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_simple_formulas_are_computed():
    def fill(sheet):
        sheet.append(["张三", 5000, 333.335, "=ROUND(B2+C2,2)", 100, "=D2-E2"])
        sheet.append(["李四", 4000, 0, "=SUM(B3:C3)", "=B3*2%", "=D3-$E$3"])
        sheet.append(["合计", "=SUM(B2:B3)", "", "=SUM(D2:D3)", "", "=SUM(F2:F3)"])

    r = read(formulas(fill), "payroll")
    assert values(r, "gross") == [533334, 400000]
    assert values(r, "net") == [523334, 392000]
    assert r.sheet_totals["net"] == 915334
    assert not r.warnings and not r.rejected


def test_formula_beyond_us_is_named_at_its_cell():
    def fill(sheet):
        sheet.append(["张三", 5000, 0, "=VLOOKUP(A2,Sheet9!A:B,2,0)", 100, "=D2-E2"])
        sheet.append(["李四", 4000, 0, 4000, 0, 4000])

    r = read(formulas(fill), "payroll")
    assert r.rows_accepted == 1
    assert {(p.row, p.column) for p in r.rejected} == {(2, "D"), (2, "F")}
    assert "VLOOKUP" in r.rejected[0].reason and "没有保存计算结果" in r.rejected[0].reason


def test_formula_cycle_is_not_computed():
    r = read(formulas(lambda s: s.append(["张三", 1, 1, "=F2", 0, "=D2"])), "payroll")
    assert r.rows_accepted == 0


def test_placeholder_zero_of_a_program_is_computed():
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["姓名", "应发工资", "扣款合计", "实发工资"])
    sheet.write_row(1, 0, ["张三", 5000, 100])
    sheet.write_formula("D2", "=B2-C2")
    book.close()
    assert values(read(buffer.getvalue(), "payroll"), "net") == [490000]


def test_shared_formula_is_translated_for_each_cell():
    def share(name, content):
        if not name.endswith("sheet1.xml"):
            return content
        content = content.replace(b"<f>B2-C2</f><v></v>", b'<f t="shared" ref="D2:D3" si="0">B2-C2</f>')
        return content.replace(b"<f>B3-C3</f><v></v>", b'<f t="shared" si="0"/>')

    book = openpyxl.Workbook()
    for row in (
        ["姓名", "应发工资", "扣款合计", "实发工资"],
        ["张三", 5, 1, "=B2-C2"],
        ["李四", 6, 2, "=B3-C3"],
    ):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    data = repacked(
        buffer.getvalue(), lambda n, c: share(n, c.replace(b"<v />", b"<v></v>").replace(b"<v/>", b"<v></v>"))
    )
    assert b'si="0"/>' in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    assert values(read(data, "payroll"), "net") == [400, 400]


@pytest.mark.parametrize(
    ("formula", "result"),
    [("1+2*3", 7), ("(1+2)*3", 9), ("-A1+10", 7), ("A1/B1", 0.75), ("SUM(A1:B1,5)", 12), ("ROUND(2.345,2)", 2.35),
     ("MAX(A1,B1)", 4), ("AVERAGE(A1:B1)", 3.5), ("10%*A1", 0.3), ("ABS(0-5)", 5), ("INT(2.9)", 2), ("SUM(A1:C1)", 7)],
)  # fmt: skip
def test_evaluator_computes(formula, result):
    assert Evaluator([[3.0, 4.0, "字"]], {(5, 5): formula}).value(5, 5) == pytest.approx(result)


@pytest.mark.parametrize(
    "formula",
    ["A1/0", "C1+1", "IF(A1>1,1,2)", "Sheet2!A1", '"3"&1', "", "A1^2", "SUM(", "1+", "[1]x!A1", "(" * 500],
)
def test_evaluator_refuses(formula):
    with pytest.raises(CannotCompute):
        Evaluator([[3.0, 4.0, "字"]], {(5, 5): formula}).value(5, 5)


# --- mapping by hand --------------------------------------------------------------------------------------------

ODD = [["表"], ["谁", "号", "给多少", "到手数"], ["张三", id_number(1), 0.5, 0.4]]


def test_mapping_by_hand_wins_by_text_and_by_letter():
    mapping = {
        "header_rows": [2],
        "columns": {"name": "谁", "id_number": "B", "gross": "给多少", "net": "D"},
        "unit": "万元",
    }
    r = read_rows(ODD, "payroll", mapping=mapping)
    assert r.totals == {"gross": 500000, "net": 400000}
    assert r.header_rows == [2]
    assert read_rows([[], *ODD], "payroll", mapping=mapping | {"header_rows": [3]}).layout_key == r.layout_key


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ({"columns": {"salary": "A"}}, "没有“salary”这个字段"),
        ({"columns": {"name": "姓氏"}}, "找不到"),
        ({"header_rows": [99]}, "表头行号"),
        ({"header_rows": "3"}, "表头行号"),
        ({"sheet": "没有的"}, "没有名为"),
        ({"unit": "美元"}, "单位"),
        ({"columns": {"net": None, "gross": ""}}, "缺少"),
    ],
)
def test_wrong_mapping_is_refused_with_a_sentence(mapping, sentence):
    with pytest.raises(SheetRefused, match=sentence):
        read_rows([HEAD, ["张三", id_number(1), 5, 0, 5]], "payroll", mapping=mapping)


def test_unknown_kind_is_refused():
    with pytest.raises(SheetRefused, match="不认识的表格种类"):
        recognise(read_workbook(xlsx([HEAD]), "a.xlsx"), "invoice")


# --- the way back -----------------------------------------------------------------------------------------------


def test_rejected_rows_come_back_with_reasons_and_can_be_mended():
    rows = [
        ["2026年9月工资表"],
        ["姓名", "身份证号", "手机", "应发", "", "实发工资"],
        ["", "", "", "基本工资", "合计", ""],
        ["张三", id_number(1), phone(1), 5000, 5000, 5000],
        ["李四", id_number(2)[:-2], phone(2), 4000, 4000, 4000],
        ["=1+1", "不是号码", "", 3000, 3000, "三千"],
    ]
    merges = ["A1:F1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:F3"]
    first = read_rows(rows, "payroll", merges)
    assert first.rejected_rows == [5, 6]
    data = write_rejects(first)
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet["G3"].value == "退回原因"
    assert sheet["B4"].value == id_number(2)[:-2] and sheet["C4"].value == phone(2)
    assert "身份证号应为18位" in sheet["G4"].value
    assert sheet["A5"].value == "=1+1" and sheet["A5"].data_type == "s"
    sheet["B4"].value = id_number(2)
    buffer = io.BytesIO()
    sheet.parent.save(buffer)
    again = read(buffer.getvalue(), "payroll")
    assert again.header_rows == first.header_rows and again.period == SEPTEMBER
    assert values(again, "name") == ["李四"]


def test_json_has_the_promised_shape_and_masks_people():
    r = read_rows(
        [HEAD, ["张三", id_number(1)[:-1] + "?", 5000, 0, 5000], ["李四", id_number(2), 5000, 0, 5000]],
        "payroll",
        month=SEPTEMBER,
    )
    document = r.as_json()
    assert list(document)[:10] == [
        "kind", "sheet", "header_rows", "period", "columns", "rows_read", "rows_accepted", "rows_rejected", "people", "totals",
    ]  # fmt: skip
    assert document["period"] == "2026-09"
    assert document["totals"] == {"gross": "5000.00", "net": "5000.00"}
    assert id_number(1)[:-1] not in str(document)
    assert r.raw_rows[2][0] == "张三"


def test_every_field_of_every_kind_has_a_title_and_words():
    for kind in KINDS.values():
        for spec in kind.fields:
            assert spec.title and spec.words, (kind.name, spec.name)
            assert all(word == word.upper() for word in spec.words)
        assert set(kind.identity) <= set(kind.by_name)


# --- nothing created, nothing lost ------------------------------------------------------------------------------

ROW = st.tuples(
    st.sampled_from(["张三", "", "李四光", "合计", "Alim·库"]),
    st.one_of(st.just(""), st.floats(-1e7, 1e7), st.sampled_from(["五千", "1,000", "１２", "#N/A", "-"])),
    st.one_of(st.just(""), st.floats(0, 1e7)),
)


@given(st.lists(ROW, max_size=25))
def test_every_row_is_accepted_rejected_or_skipped_once(rows):
    r = read_rows([["姓名", "应发工资", "实发工资"], *[list(row) for row in rows], ["末一", 5, 5]], "payroll")
    accepted = [n for row in r.rows for n in row.source_rows]
    skipped = [n for n, _ in r.skipped]
    everything = sorted(accepted + r.rejected_rows + skipped)
    assert everything == list(range(2, len(rows) + 3))
    assert r.rows_read == r.rows_accepted + len(r.rejected_rows)


@given(st.integers(0, 10**10))
def test_amounts_survive_every_way_of_writing(fen):
    yuan = yuan_string(fen)
    whole, cents = yuan.split(".")
    grouped = f"{int(whole):,}.{cents}"
    wide = yuan.translate(str.maketrans("0123456789.", "０１２３４５６７８９．"))
    rows = [
        ["姓名", "应发工资", "实发工资"],
        ["甲", yuan, 1],
        ["乙", grouped, 1],
        ["丙", wide, 1],
        ["丁", f"¥{yuan}元", 1],
    ]
    r = read(text_table([[str(c) for c in row] for row in rows]), "payroll", "工资.csv")
    assert values(r, "gross") == [fen] * 4


def test_card_digits_only_warn():
    r = read_rows(
        [["姓名", "银行卡号", "实发工资"], ["张三", card(1)[:-1] + str((int(card(1)[-1]) + 1) % 10), 1]],
        "payroll",
    )
    assert r.rows_accepted == 1
    assert "末位校验不对" in warned(r)
