"""The State Council's notice out of whatever table an office makes of it."""

from __future__ import annotations

import pytest

from anxin.kernel.refusal import Refused
from anxin.local_law.notice_table import read_notice
from tests.local_law import notices

DAYS_2027 = 28, 5


def shown(marks) -> list[list[str]]:
    return [[mark.day.isoformat(), mark.kind, mark.festival] for mark in marks]


@pytest.mark.parametrize("year", range(2004, 2027))
def test_a_published_year_in_our_own_columns_comes_back_as_it_is(year):
    rows = notices.published(year)
    data = notices.as_csv(["day", "kind", "festival"], rows)
    assert shown(read_notice(data, f"{year}.csv", year)) == sorted(rows)


def test_the_words_of_the_notice_pasted_into_one_cell():
    data = notices.workbook(["国务院办公厅关于2026年部分节假日安排的通知"], [[notices.NOTICE_2026]])
    assert shown(read_notice(data, "通知.xlsx", 2026)) == sorted(notices.published(2026))


def test_the_words_of_the_notice_one_line_to_a_row():
    data = notices.workbook(["通知原文"], [[line] for line in notices.NOTICE_2026.splitlines()])
    assert shown(read_notice(data, "通知.xlsx", 2026)) == sorted(notices.published(2026))


def test_a_row_per_festival_with_days_off_and_make_up_days():
    rows = [
        ["元旦", "1月1日至3日", "1月4日"],
        ["春节", "2月15日至23日", "2月14日、2月28日"],
        ["清明节", "4月4日-6日", ""],
        ["劳动节", "5月1日—5日", "5月9日（周六）"],
        ["端午节", "6月19日～21日", "无"],
        ["中秋节", "9月25日到27日", "/"],
        ["国庆节", "10月1日至7日", "9月20日、10月10日"],
    ]
    data = notices.workbook(["节日", "放假时间", "调休上班日期"], rows)
    assert shown(read_notice(data, "安排.xlsx", 2026)) == sorted(notices.published(2026))


@pytest.mark.parametrize(
    "header",
    [
        ["节日", "起", "止", "放假或上班"],
        ["节假日名称", "开始日期", "结束日期", "类型"],
        ["假日", "起始", "截止", "放假/上班"],
    ],
)
def test_a_row_per_stretch_under_any_usual_heading(header):
    data = notices.as_csv(header, [list(row) for row in notices.STRETCHES_2027])
    marks = read_notice(data, "2027.csv", 2027)
    assert (sum(m.kind == "off" for m in marks), sum(m.kind == "work" for m in marks)) == DAYS_2027


def test_a_festival_written_once_for_its_rows_is_carried_down():
    data = notices.as_csv(
        ["节日", "日期", "安排"], [["元旦", "1月1日", "放假"], ["", "1月2日", "放假"], ["", "1月4日", "上班"]]
    )
    assert [mark.festival for mark in read_notice(data, "a.csv", 2026)] == ["元旦"] * 3


def test_the_last_days_of_the_year_before_may_be_named():
    data = notices.as_csv(
        ["日期", "类型", "节日"], [["2026-12-31", "上班", "元旦"], ["2027-01-01", "放假", "元旦"]]
    )
    assert [mark.day.isoformat() for mark in read_notice(data, "a.csv", 2027)] == ["2026-12-31", "2027-01-01"]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([["2026-10-01", "放假", "国庆节"]], "不在2027年内"),
        ([["2026-12-31", "放假", "元旦"]], "没有2027年的日期"),
        ([["2027-10-01", "调休", "国庆节"]], "第2行：“调休”看不出是放假还是上班"),
        ([["2027-10-01", "", "国庆节"]], "第2行：“（空）”看不出"),
        ([["十月一日", "放假", "国庆节"]], "第2行：日期“十月一日”读不出来"),
        ([["2027-13-01", "放假", "国庆节"]], "第2行：.*不是有效的日期"),
        (
            [["2027-10-01", "放假", "国庆节"], ["2027-10-01", "上班", "国庆节"]],
            "2027-10-01在第2行和第3行一处是放假、一处是上班",
        ),
        ([], "没有读到"),
    ],
)
def test_a_table_that_cannot_be_right_is_refused_with_the_row(rows, sentence):
    data = notices.as_csv(["日期", "类型", "节日"], rows)
    with pytest.raises(Refused, match=sentence) as refusal:
        read_notice(data, "a.csv", 2027)
    assert refusal.value.field == "file"


def test_a_file_that_is_no_table_is_refused_in_a_sentence():
    with pytest.raises(Refused, match=r"不是表格|无法"):
        read_notice(b"%PDF-1.4 \x00\x01\x02\xff", "通知.pdf", 2027)


def test_somebodys_payroll_is_refused():
    rows = [[f"甲工人{number}", "5000"] for number in range(600)]
    with pytest.raises(Refused, match="不像一年的放假安排"):
        read_notice(notices.as_csv(["姓名", "工资"], rows), "工资.csv", 2027)
