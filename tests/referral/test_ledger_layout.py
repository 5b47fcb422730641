"""The ledger in the layout of the bureau: what a layout may be, and what Excel and the printer get of it."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest

from anxin.kernel.refusal import Refused
from anxin.referral import services, signing, tables
from anxin.referral.counting import Span
from anxin.referral.ledger import ledger_workbook
from anxin.referral.ledger_fields import FIELDS
from anxin.referral.ledger_layout import BLANKS, FILLS, filled, read_layout, said_of
from anxin.referral.models import SignedTable, State
from anxin.referral.routing import TableProblem
from anxin.referral.shipped import shipped
from tests.referral.clues import a_clue
from tests.referral.conftest import NOW
from tests.referral.test_concluding import conclude, paid

DAY = dt.date(2026, 12, 20)
SPAN = Span(dt.date(2026, 11, 1), dt.date(2026, 11, 30), DAY)
SAID = said_of(
    place="云城区", office="云城区人社局", by="张三", first=SPAN.first, last=SPAN.last, as_of=DAY, on=DAY
)
OWN = [
    {"name": "标题", "fills": "title", "words": "〔地区〕根治欠薪台账"},
    {"name": "说明", "fills": "line", "words": "依云治欠办〔2026〕1号　〔起〕至〔止〕"},
    {"name": "纸张", "fills": "paper", "words": "A4横向"},
    {"name": "填表人", "fills": "sign", "words": "〔导出人〕"},
    {"name": "单位负责人", "fills": "sign"},
    {"name": "欠薪单位", "fills": "employer", "width": 30},
    {"name": "涉及金额（万元）", "group": "基本情况", "fills": "claimed_wan"},
    {"name": "涉及人数", "group": "基本情况", "fills": "people"},
    {"name": "备注", "fills": "blank1", "width": 10},
]


def own(**changes) -> list[dict]:
    """The bureau's layout with rows changed by what they hold: ``own(people={"name": ""})``."""
    return [{**entry, **changes.get(entry["fills"], {})} for entry in OWN]


def sheet_of(data: bytes):
    return openpyxl.load_workbook(io.BytesIO(data)).active


def test_the_shipped_layout_is_the_one_that_bureaus_had_with_a_signing_line():
    layout = read_layout(shipped("ledger").entries)
    assert [column.heading for column in layout.columns][:3] == ["序号", "编号", "渠道"]
    assert [group for group, _ in layout.groups if group] == ["线索", "欠薪情况", "办理", "追回", "销号"]
    assert len(layout.columns) == 25 and layout.title == "欠薪线索办理台账" and layout.paper == "A3横向"
    assert layout.foot(SAID).startswith("填表人：张三　") and layout.foot(SAID).endswith(
        "填表日期：2026年12月20日"
    )
    assert "审核人：　" in layout.foot(SAID) and "单位负责人：　" in layout.foot(SAID)


def test_blanks_are_filled_and_the_year_of_a_paper_stays():
    assert set(SAID) == set(BLANKS)
    assert filled("〔地区〕台账，依〔2026〕1号", SAID) == "云城区台账，依〔2026〕1号"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"title": {"words": ""}}, "台账要有标题"),
        ({"paper": {"words": "A5"}}, "纸张请从这些里选：A3横向"),
        ({"people": {"name": " "}}, "第8行：“人数”没有写表头"),
        ({"people": {"fills": "claimed_wan", "name": "钱（万元）"}}, "第8行：“欠薪金额（万元）”已经列在"),
        ({"people": {"name": "涉及金额（万元）"}}, "第8行：有两列都叫“涉及金额（万元）”"),
        ({"people": {"name": "人" * 31}}, "表头不超过30个字"),
        ({"people": {"width": 0.5}}, "列宽请填3到80的整数"),
        ({"people": {"width": 300}}, "列宽请填3到80的整数"),
        ({"people": {"fills": "telephone"}}, "第8行：“填什么”一栏没有填"),
        ({"line": {"words": "〔电话〕"}}, "第2行：“说明”里的〔电话〕不认识，可用：〔地区〕"),
        ({"claimed_wan": {"name": "涉及金额（元）"}}, "第7行：表头“涉及金额（元）”与所填的“欠薪金额（万元）”单位不一致"),
        ({"claimed_wan": {"fills": "claimed"}}, "单位不一致"),
    ],
)  # fmt: skip
def test_what_no_layout_may_be_is_said_with_its_row(changes, says):
    read_layout(own())
    with pytest.raises(TableProblem, match=says):
        read_layout(own(**changes))


def test_a_layout_without_a_column_or_with_empty_ones_alone_is_refused():
    with pytest.raises(TableProblem, match="至少要有一列"):
        read_layout(OWN[:5])
    with pytest.raises(TableProblem, match="各列都是空白列"):
        read_layout([*OWN[:5], OWN[-1]])


def test_the_workbook_has_the_bureaus_headings_paper_and_signing_line(city):
    a_clue(city)
    data = ledger_workbook(
        city.leader, SPAN, office="云城区人社局", on=DAY, layout=read_layout(OWN), place="云城区"
    )
    sheet = sheet_of(data)
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][0] == "云城区根治欠薪台账"
    assert rows[1][0] == "依云治欠办〔2026〕1号　2026-11-01至2026-11-30"
    assert rows[2] == ["欠薪单位", "基本情况", None, "备注"]
    assert rows[3][1:3] == ["涉及金额（万元）", "涉及人数"]
    assert rows[4] == ["众力劳务有限公司", 1.86, 4, None] and sheet["B5"].number_format == "#,##0.00####"
    assert rows[6][0] == "填表人：某leader　　　　单位负责人：" + "　" * 8
    assert {"A1:D1", "A2:D2", "A3:A4", "B3:C3", "D3:D4", "A7:D7"} == {
        str(one) for one in sheet.merged_cells.ranges
    }
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
    assert sheet.freeze_panes == "C5" and sheet.print_title_rows == "$3:$4"


def test_headings_without_groups_are_one_row_and_a_ledger_may_be_narrow(city):
    a_clue(city)
    one = [OWN[0], {**OWN[2], "words": "A4纵向"}, OWN[5]]
    sheet = sheet_of(ledger_workbook(city.leader, SPAN, office="局", on=DAY, layout=read_layout(one)))
    assert [cell.value for (cell,) in sheet.iter_rows()] == ["根治欠薪台账", "欠薪单位", "众力劳务有限公司"]
    assert sheet.page_setup.orientation != "landscape" and sheet.freeze_panes == "A3"


def test_every_field_gives_a_cell_that_the_workbook_takes(city):
    a_clue(city)
    every = [
        *OWN[:5],
        *({"name": f"{key}（{'万' * (f.kind == 'wan')}元）", "fills": key} for key, f in FIELDS.items()),
    ]
    sheet = sheet_of(ledger_workbook(city.leader, SPAN, office="局", on=DAY, layout=read_layout(every)))
    row = dict(zip(FIELDS, [cell.value for cell in sheet[4]], strict=True))
    assert (row["claimed"], row["claimed_wan"], row["rest_wan"], row["paid"]) == (18600, 1.86, 1.86, 0)
    assert row["received"].date() == NOW.date() and (row["late"], row["blank1"]) == ("否", None)
    assert len(set(FILLS.values())) == len(FILLS), "the workbook's words tell what is meant"


def test_tellings_stand_in_the_ledger_with_day_way_and_tries_and_never_the_number_called(city):
    clue = a_clue(city)
    services.refer(clue, by=city.desk, now=NOW, law=city.law)
    services.accept(clue, by=city.housing, now=NOW, law=city.law)
    paid(city, clue)
    conclude(city, clue)
    told = {"by": city.housing, "number": "13900001234"}
    services.tell(clue, "phone", now=NOW, reached=False, **told)
    layout = read_layout(shipped("ledger").entries)
    at = [column.heading for column in layout.columns].index("告知日期")

    def cells():
        sheet = sheet_of(ledger_workbook(city.leader, SPAN, office="局", on=DAY, layout=layout))
        text = "".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
        assert "13900001234" not in text
        return [cell.value for cell in sheet[5]][at : at + 3]

    assert cells() == [None, None, 1], "tried in vain is not told"
    services.tell(clue, "phone", now=NOW + dt.timedelta(hours=3), **told)
    day, how, tries = cells()
    assert (day.date(), how, tries) == (NOW.date(), "电话，某housing", 1)


def test_a_layout_holds_once_another_person_signed_it(city):
    asked = {
        "sort": "ledger",
        "region": "990101",
        "valid_from": DAY,
        "source_title": "台账格式",
        "source_number": "1号",
    }
    with pytest.raises(Refused, match="至少要有一列"):
        signing.propose_table(**asked, entries=OWN[:5], by=city.leader, now=NOW, law=city.law)
    record = signing.propose_table(**asked, entries=OWN, by=city.leader, now=NOW, law=city.law)
    assert tables.in_force("ledger", region="990101", on=DAY).record is None
    with pytest.raises(Refused, match="另一位"):
        signing.sign(record, by=city.leader, now=NOW, law=city.law)
    signing.sign(record, by=city.head, now=NOW, law=city.law)
    held = tables.in_force("ledger", region="990101001", on=DAY)
    assert held.record == record and held.layout == read_layout(OWN)
    assert tables.in_force("ledger", region="990102", on=DAY).record is None
    assert SignedTable.objects.get().state == State.CONFIRMED
