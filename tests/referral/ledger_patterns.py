"""Ledgers as bureaus have them: a title, two rows of headings, an example, a sum and a line to sign."""

from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.styles import Font

HEADS = ["序号", "欠薪单位", "人数", "金额", "受理时间", "包案领导"]


def a_pattern(*, foot: bool = True, example: bool = True) -> bytes:
    """``合计`` sums the example; the title has a blank of ours; 办理说明 is a sheet that nobody touches."""
    book = Workbook()
    page = book.active
    page.title = "台账"
    page["A1"] = "〔地区〕根治欠薪问题台账（〔起〕至〔止〕）"
    page["A1"].font = Font(size=20, bold=True)
    page.merge_cells("A1:F1")
    for at, name in enumerate(HEADS, start=1):
        if name in ("人数", "金额"):
            page.cell(3, at, name)
        else:
            page.cell(2, at, name)
            page.merge_cells(start_row=2, end_row=3, start_column=at, end_column=at)
    page["C2"] = "涉及情况（万元）"
    page.merge_cells("C2:D2")
    page.row_dimensions[1].height = 40
    page.column_dimensions["B"].width = 33
    if example:
        for at, value in enumerate([1, "某公司", 3, 1.2, "2026/1/1", "某某"], start=1):
            page.cell(4, at, value).font = Font(name="FangSong", size=14)
        page["D4"].number_format = "0.00"
    if foot:
        at = 5 if example else 4
        page.cell(at, 1, "合计")
        page.cell(at, 3, f"=SUM(C4:C{at - 1})" if example else "")
        page.cell(at + 1, 1, "填表人：〔导出人〕　　审核人：")
        page.merge_cells(start_row=at + 1, end_row=at + 1, start_column=1, end_column=6)
        page.row_dimensions[at + 1].height = 30
    page.page_setup.paperSize, page.page_setup.orientation = 8, "landscape"
    page.print_area = "A1:F6"
    book.create_sheet("办理说明")["A1"] = "每月25日前报送"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
