"""A bureau's own workbook: its headings recognised, and rows put under them without touching the rest."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest

from anxin.kernel.refusal import Refused
from anxin.referral import signing, tables
from anxin.referral.ledger import ledger_workbook
from anxin.referral.ledger_layout import read_layout
from anxin.referral.ledger_names import meant
from anxin.referral.ledger_pattern import Pattern, fill, recognise
from tests.referral.clues import a_clue
from tests.referral.conftest import NOW
from tests.referral.ledger_patterns import a_pattern
from tests.referral.test_ledger_layout import DAY, SAID, SPAN

COLUMNS = [
    {"name": "标题", "fills": "title", "words": "台账"},
    {"name": "纸张", "fills": "paper", "words": "A3横向"},
    {"name": "序号", "fills": "order"},
    {"name": "欠薪单位", "fills": "employer"},
    {"name": "人数", "group": "涉及情况（万元）", "fills": "people"},
    {"name": "金额", "group": "涉及情况（万元）", "fills": "claimed_wan"},
    {"name": "受理时间", "fills": "received"},
    {"name": "包案领导", "fills": "left"},
]
ROWS = [
    [1, "甲公司", 3, 1.86, dt.date(2026, 11, 20), None],
    [2, "=HYPERLINK(1)", 4, 2.5, dt.date(2026, 11, 21), None],
    [3, "丙〔地区〕公司", None, None, dt.date(2026, 11, 22), None],
]


def filled_in(rows, *, note: str = "", **options):
    data = fill(Pattern(a_pattern(**options), "台账", 3), read_layout(COLUMNS), rows, SAID, note)
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.mark.parametrize(
    ("heading", "group", "key"),
    [
        ("欠薪金额（万元）", "", "claimed_wan"),
        ("欠薪金额\n（元）", "", "claimed"),
        ("金额", "涉及情况（万元）", "claimed_wan"),
        ("金额（元）", "涉及情况（万元）", "claimed"),
        ("被投诉单位", "", "employer"),
        ("受理 时间", "", "received"),
        ("销号日期", "", "strike_day"),
        ("包案领导", "", ""),
        ("联系电话", "", ""),
        ("", "", ""),
    ],
)
def test_a_heading_is_known_by_its_words_and_its_unit(heading, group, key):
    assert meant(heading, group) == key


def test_headings_in_two_rows_are_found_with_what_stands_above_them():
    found = recognise(a_pattern(), "台账.xlsx")
    assert (found.sheet, found.row, found.paper) == ("台账", 3, "A3横向")
    assert found.sheets == ("台账", "办理说明") and found.title.startswith("〔地区〕根治欠薪")
    assert [(head.letter, head.name, head.meant) for head in found.headings] == [
        ("A", "序号", "order"),
        ("B", "欠薪单位", "employer"),
        ("C", "人数", "people"),
        ("D", "金额", "claimed_wan"),
        ("E", "受理时间", "received"),
        ("F", "包案领导", ""),
    ]
    assert [head.group for head in found.headings if head.group] == ["涉及情况（万元）"] * 2


def test_what_is_no_pattern_is_refused_with_a_sentence():
    with pytest.raises(Refused, match=r"请用 \.xlsx 文件"):
        recognise("序号,用人单位\n1,甲\n".encode(), "台账.csv")
    with pytest.raises(Refused, match=r"已损坏|不是"):
        recognise(b"PK\x03\x04 nothing", "台账.xlsx")
    other = openpyxl.Workbook()
    other.active["A1"] = "一段话"
    buffer = io.BytesIO()
    other.save(buffer)
    with pytest.raises(Refused, match=r"没有认出表头.*请指出表头在第几行"):
        recognise(buffer.getvalue(), "台账.xlsx")
    assert recognise(buffer.getvalue(), "台账.xlsx", row=1).headings[0].name == "一段话", "a person says so"


def test_rows_stand_under_the_headings_and_the_rest_is_as_the_bureau_made_it():
    book = filled_in(ROWS)
    page = book["台账"]
    assert page["A1"].value == "云城区根治欠薪问题台账（2026-11-01至2026-11-30）" and page["A1"].font.sz == 20
    assert [[cell.value for cell in row] for row in page["A4:C6"]] == [
        [1, "甲公司", 3],
        [2, "=HYPERLINK(1)", 4],
        [3, "丙〔地区〕公司", None],
    ]
    assert page["B5"].data_type == "s", "what a person typed never runs"
    assert all(page.cell(at, 2).font.name == "FangSong" for at in (4, 5, 6)), "as the example looks"
    assert page["D4"].number_format == "0.00" and page["E4"].number_format == "yyyy-mm-dd"
    assert page["E4"].value.date() == dt.date(2026, 11, 20)
    assert page["A7"].value == "合计" and page["C7"].value == "=SUM(C4:C6)"
    assert page["A8"].value == "填表人：张三　　审核人：" and page.row_dimensions[8].height == 30
    spans = {str(one) for one in page.merged_cells.ranges}
    assert {"A1:F1", "C2:D2", "A2:A3", "A8:F8"} <= spans and "A6:F6" not in spans
    assert page.column_dimensions["B"].width == 33 and page.row_dimensions[1].height == 40
    assert (page.freeze_panes, page.print_title_rows) == ("A4", "$2:$3")
    assert page.sheet_properties.pageSetUpPr.fitToPage and page.page_setup.paperSize == 8
    assert not page.print_area, "the printer gets every row"
    assert book["办理说明"]["A1"].value == "每月25日前报送"


@pytest.mark.parametrize(
    "options", [{}, {"foot": False}, {"example": False}, {"example": False, "foot": False}]
)
def test_no_rows_one_row_and_many_all_leave_a_whole_table(options):
    for number in (0, 1, 3):
        page = filled_in(ROWS[:number], **options)["台账"]
        assert [page.cell(3 + at, 1).value for at in range(1, number + 1)] == list(range(1, number + 1))
        below = [cell.value for cell in page["A"][3 + max(number, 1) :]]
        assert below == ([] if options.get("foot") is False else ["合计", "填表人：张三　　审核人："])
        assert not any(cell.value == "某公司" for cell in page["B"]), "the example is no row"


def test_a_copy_that_is_not_signed_says_so_below():
    page = filled_in(ROWS, note="　只供试看")["台账"]
    assert page.cell(page.max_row, 1).value == "只供试看"


def test_a_signed_pattern_is_what_the_ledger_is_put_into(city):
    from anxin.evidence import files

    a_clue(city)
    stored = files.store(a_pattern(), name="台账.xlsx", now=NOW)
    record = signing.propose_table(
        sort="ledger", region="990101", valid_from=DAY, entries=COLUMNS, source_title="台账格式", source_number="1号",
        by=city.leader, now=NOW, law=city.law, pattern=(stored, "台账", 3),
    )  # fmt: skip
    assert tables.in_force("ledger", region="990101", on=DAY).pattern is None, "not before it is signed"
    signing.sign(record, by=city.head, now=NOW, law=city.law)
    held = tables.in_force("ledger", region="990101", on=DAY)
    data = ledger_workbook(
        city.leader, SPAN, office="局", on=DAY, layout=held.layout, pattern=held.pattern, place="云城区"
    )
    page = openpyxl.load_workbook(io.BytesIO(data))["台账"]
    assert [cell.value for cell in page[4]][:4] == [1, "众力劳务有限公司", 4, 1.86]
    assert page["A6"].value == "填表人：某leader　　审核人："
