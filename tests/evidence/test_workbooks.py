"""List workbooks: what is written is what is read, and nothing in them runs."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.evidence.workbooks import Column, table_workbook

COLUMNS = (
    Column("编码"),
    Column("人数", "number"),
    Column("金额（元）", "yuan"),
    Column("日期", "date"),
    Column("时刻", "time"),
)


def read(data: bytes):
    return openpyxl.load_workbook(io.BytesIO(data)).active


def test_every_kind_of_cell_comes_back_as_what_it_is(now):
    row = ("000123456789012345", 12, 1_234_567, dt.date(2026, 11, 20), now)
    sheet = read(
        table_workbook(
            "项目清单", "填报单位：虚构局　2026年11月", COLUMNS, [row], total=("合计", 12, 7, None, None)
        )
    )
    cells = list(sheet[4])
    assert cells[0].value == "000123456789012345" and cells[0].number_format == "@"
    assert (cells[1].value, cells[2].value) == (12, 12345.67)
    assert cells[3].value == dt.datetime(2026, 11, 20)
    assert cells[4].value == now.replace(tzinfo=None)
    assert (sheet["A1"].value, sheet["A2"].value) == ("项目清单", "填报单位：虚构局　2026年11月")
    assert [cell.value for cell in sheet[5]] == ["合计", 12, 0.07, None, None]
    assert sheet.freeze_panes == "A4" and sheet.title == "项目清单"


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-2", "@SUM(A1)", '=HYPERLINK("http://x")', "http://x.cn", "{=A1}"]
)
def test_text_that_looks_like_a_formula_or_link_stays_text(text):
    sheet = read(table_workbook("清单", "", [Column("名称")], [(text,)]))
    cell = sheet["A4"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_an_empty_list_is_a_workbook_with_its_head():
    sheet = read(table_workbook("清单", "填报单位：虚构局", COLUMNS, []))
    assert [cell.value for cell in sheet[3]] == [column.title for column in COLUMNS]
    assert sheet.max_row == 3


@given(st.text(max_size=200), st.text(max_size=40))
def test_any_text_and_any_title_makes_a_workbook_that_opens(text, title):
    table_workbook(title, text, [Column("名称"), Column("备注")], [(text, title)])
    read(table_workbook(title, text, [Column("名称")], [(text,)]))
