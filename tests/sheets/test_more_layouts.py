"""Layouts that looked right to the eye and once were read wrongly: one scenario each."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from anxin.kernel.months import Month
from anxin.sheets import KINDS, SheetRefused, read_workbook, recognise, write_rejects
from anxin.sheets.texts import plainer_forms, shown_header
from anxin.sheets.traditional import TO_SIMPLIFIED
from anxin.sheets.wagemonth import wage_month
from anxin.sheets.workbook import Sheet, Workbook
from tests.sheets.makers import (
    SEPTEMBER,
    card,
    id_number,
    phone,
    read,
    read_rows,
    reasons,
    text_table,
    values,
    warned,
    xls,
    xlsx,
)

# --- headers ------------------------------------------------------------------------------------------------


def test_a_leaf_that_names_gross_outweighs_the_words_of_its_group():
    rows = [
        ["姓名", "出勤及应发", "", "", "扣款及实发", ""],
        ["", "工日", "日工资", "应发工资", "借支", "实发工资"],
        ["张三", 20, 300, 6000, 500, 5500],
    ]
    r = read_rows(rows, "payroll", ["A1:A2", "B1:D1", "E1:F1"])
    assert r.columns["gross"] == "出勤及应发/应发工资"
    assert r.columns["net"] == "扣款及实发/实发工资"


def test_a_cumulative_group_keeps_its_gross_to_itself():
    rows = [
        ["姓名", "累计", "", "本月", ""],
        ["", "应发工资", "实发工资", "应发工资", "实发工资"],
        ["张三", 60000, 55000, 6000, 5500],
    ]
    r = read_rows(rows, "payroll", ["A1:A2", "B1:C1", "D1:E1"])
    assert r.totals == {"gross": 600000, "net": 550000}


@pytest.mark.parametrize(
    "word, plainer",
    [
        ("所属企业(劳务公司)", ("所属企业",)),
        ("NAME姓名", ("姓名",)),
        ("姓名NAME", ("姓名",)),
        ("员工ID", ()),
        ("实发工资", ()),
    ],
)
def test_a_header_word_without_its_explanation_or_translation(word, plainer):
    assert plainer_forms(word) == plainer


@pytest.mark.parametrize(
    "text, shown", [("Name 姓名", "Name 姓名"), ("姓 名", "姓名"), ("工日\n(天)", "工日(天)")]
)
def test_a_header_is_shown_on_one_line(text, shown):
    assert shown_header(text) == shown


def test_bilingual_roster_with_bank_and_card_in_one_column():
    head = ["No.", "Name 姓名", "ID Card 身份证号码", "Tel 手机", "所属企业（劳务公司）", "开户行及账号"]
    r = read_rows([head, [1, "张三", id_number(1), phone(1), "某劳务", f"农行 {card(1)}"]], "roster")
    found = r.rows[0].values
    assert (found["phone"], found["employer"]) == (phone(1), "某劳务")
    assert (found["bank_card"], found["bank_name"]) == (card(1), "农行")
    assert not r.warnings


def test_a_line_of_units_below_the_names_belongs_to_the_header():
    rows = [
        ["姓名", "出勤", "日薪", "应发工资", "实发工资"],
        ["", "天", "元/天", "万元", "元"],
        ["张三", 20, 300, 0.6, 6000],
    ]
    r = read_rows(rows, "payroll")
    assert r.header_rows == [1, 2]
    assert r.totals == {"gross": 600000, "net": 600000}
    assert r.skipped == []


def test_headers_that_all_end_in_a_colon_are_headers():
    r = read_rows([["姓名：", "应发工资：", "实发工资："], ["张三", 6000, 5900]], "payroll")
    assert r.totals == {"gross": 600000, "net": 590000}


def test_english_payroll_with_its_month_in_the_title():
    rows = [
        ["Payroll for September 2026"],
        [
            "Employee ID",
            "Name",
            "Department",
            "Basic Salary",
            "Overtime",
            "Gross Pay",
            "Deductions",
            "Net Pay",
        ],
        ["E001", "Zhang San", "Production", 4000, 500, 4500, 200, 4300],
    ]
    r = read_rows(rows, "payroll")
    assert r.period == SEPTEMBER
    assert r.columns == {
        "employee_number": "Employee ID", "name": "Name", "team": "Department", "base_pay": "Basic Salary",
        "overtime": "Overtime", "gross": "Gross Pay", "deduction": "Deductions", "net": "Net Pay",
    }  # fmt: skip


def test_traditional_characters_are_read_and_names_kept():
    rows = [
        ["二〇二六年九月薪資表"],
        ["序號", "姓名", "身分證號", "應發薪資", "扣除額", "實發薪資"],
        [1, "陳應實", id_number(1), 6000, 100, 5900],
        ["總計", "", "", 6000, 100, 5900],
    ]
    r = read_rows(rows, "payroll")
    assert r.period == SEPTEMBER
    assert values(r, "name") == ["陳應實"]
    assert r.totals == {"gross": 600000, "net": 590000}
    assert r.skipped == [(4, "合计行")]


def test_every_traditional_character_has_one_simplified():
    assert len(TO_SIMPLIFIED) > 100
    assert all(isinstance(simplified, int) for simplified in TO_SIMPLIFIED.values())


def test_amount_in_columns_of_single_digits():
    rows = [
        ["姓名", "实发金额", "", "", "", "", "", ""],
        ["", "万", "千", "百", "十", "元", "角", "分"],
        ["张三", "", 5, 9, 0, 0, 0, 0],
        ["李四", 1, 6, 3, 0, 0, 5, 0],
    ]
    r = read_rows(rows, "payroll", ["A1:A2", "B1:H1"])
    assert values(r, "net") == [590000, 1630050]


def test_a_subtotal_of_nothing_but_deductions_is_the_total_deduction():
    head = ["姓名", "职务工资", "级别工资", "小计", "公积金", "医保", "养老", "小计", "实发数"]
    rows = [head, *([name, 3000, 3000, 6000, 600, 100, 400, 1100, 4900] for name in ("张三", "李四", "王五"))]
    r = read_rows(rows, "payroll")
    assert (r.column_letters["gross"], r.column_letters["deduction"]) == ("D", "H")
    assert not r.warnings


@pytest.mark.parametrize("header", ["合计金额", "到手", "转账金额", "实际应付", "应发余额", "余额", "未付"])
def test_names_of_what_is_paid_out(header):
    r = read_rows([["姓名", "应发工资", "借支", header], ["张三", 6000, 500, 5500]], "payroll")
    assert r.totals == {"gross": 600000, "net": 550000}


def test_of_two_lists_side_by_side_the_columns_are_not_mixed():
    rows = [["姓名", "金额", "签字", "姓名", "金额", "签字"], ["张三", 5000, "", "李四", 5100, ""]]
    r = read_rows(rows, "payroll")
    assert r.columns == {"name": "姓名", "net": "金额"}
    assert r.totals == {"gross": None, "net": 500000}
    assert "左右并排" in r.note


# --- months -------------------------------------------------------------------------------------------------


def test_year_and_month_in_two_columns():
    r = read_rows([["年份", "月份", "姓名", "实发工资"], [2026, 9, "张三", 5900]], "payroll")
    assert r.period == SEPTEMBER


def test_days_of_public_notice_are_not_the_wage_month():
    rows = [
        ["现将2026年9月工资公示如下"],
        ["公示期：2026年10月8日至10月12日"],
        ["姓名", "工资（元）"],
        ["张三", 6000],
    ]
    r = read_rows(rows, "payroll")
    assert r.period == SEPTEMBER
    assert not r.warnings


@pytest.mark.parametrize("cell", [dt.datetime(1899, 12, 31, 8), dt.datetime(9999, 12, 31)])
def test_a_date_outside_any_calendar_in_the_title_says_nothing(cell):
    book = Workbook("表.xlsx", "xlsx", [Sheet("表", [[cell, ""], ["姓名", "实发工资"], ["张三", 5000.0]])])
    assert recognise(book, "payroll").period is None


# --- bank results -------------------------------------------------------------------------------------------


def test_the_day_of_payment_is_not_the_wage_month():
    rows = [
        ["代发明细"],
        ["代发日期", "2026年10月15日"],
        ["账号", "户名", "金额", "结果"],
        [card(1), "张三", 5900, "成功"],
    ]
    assert read_rows(rows, "receipts").period is None


def test_a_memo_on_which_all_rows_agree_names_the_wage_month():
    rows = [["户名", "账号", "金额", "交易日期", "摘要"]]
    rows += [[name, card(n), 5900, "20270108", "12月工资"] for n, name in enumerate(("张三", "李四"), 1)]
    assert read_rows(rows, "receipts").period == Month(2026, 12)


def test_memos_of_two_months_name_none():
    rows = [["户名", "账号", "金额", "交易日期", "摘要"]]
    rows += [
        [name, card(n), 5900, "20261015", f"{n + 7}月工资"] for n, name in enumerate(("张三", "李四"), 1)
    ]
    assert read_rows(rows, "receipts").period is None


@pytest.mark.parametrize(
    "text, month",
    [
        ("2026年9月农民工工资代发", SEPTEMBER),
        ("202609工资", SEPTEMBER),
        ("工资月份：2026-09", SEPTEMBER),
        ("26年9月份工资", SEPTEMBER),
        ("九月份工资", SEPTEMBER),
        ("11月工资", Month(2025, 11)),
        ("2026年10月15日代发", None),
        ("交易时间2026-10-01至2026-10-31", None),
    ],
)
def test_words_that_name_the_wage_month(text, month):
    assert wage_month([text], [dt.date(2026, 10, 15)]) == month


def test_a_failed_row_with_nothing_paid_takes_the_amount_due():
    head = ["账号", "户名", "应发金额", "实发金额", "处理结果", "错误信息"]
    rows = [
        head,
        [card(1), "张三", 5900, 0, "交易失败", "账户已销户"],
        [card(2), "李四", 6300, 6300, "交易成功", ""],
        ["合计", "", 12200, 6300, "", ""],
    ]
    r = read_rows(rows, "receipts")
    assert values(r, "amount") == [590000, 630000]
    assert values(r, "status") == ["failed", "success"]
    assert r.totals["net"] == 630000
    assert not r.rejected and not r.warnings


def test_many_amounts_printed_as_negative_are_all_payments():
    rows = [["收/付方账号", "收/付方名称", "交易金额"]]
    rows += [[card(n), name, "-5900.00"] for n, name in enumerate("赵钱孙李周吴郑王", 1)]
    r = read(text_table(rows), "receipts", "流水.csv")
    assert r.rows_accepted == 8
    assert values(r, "amount") == [590000] * 8


def test_counts_below_a_batch_are_no_payees():
    rows = [
        ["账号", "户名", "金额", "处理标志"],
        [card(1), "张三", "5900", "成功"],
        ["总笔数", "1", "总金额", "5900"],
    ]
    r = read(text_table(rows), "receipts", "结果.csv")
    assert (r.rows_read, r.rows_accepted) == (1, 1)


# --- attendance ---------------------------------------------------------------------------------------------


def test_a_grid_names_its_first_and_last_day_among_the_columns():
    r = read_rows([["姓名", *range(1, 31)], ["张三", *["√"] * 30]], "attendance", month=SEPTEMBER)
    assert r.columns == {"name": "姓名", "days": "1…30"}
    assert "days" not in r.column_letters


def test_a_punch_log_shows_where_its_clock_times_stand():
    r = read_rows([["姓名", "打卡时间"], ["张三", "2026-09-01 07:58:00"]], "attendance")
    assert r.columns == {"name": "姓名", "date": "打卡时间", "first_punch": "打卡时间"}


def test_a_date_column_beside_punch_times():
    rows = [["姓名", "日期", "打卡时间"], ["张三", "2026-09-01", "07:58"]]
    r = read_rows(rows, "attendance")
    assert r.columns == {"name": "姓名", "date": "日期", "first_punch": "打卡时间"}


@pytest.mark.parametrize("late", ["5:40 PM", "下午5:40", "17:40"])
def test_afternoon_times(late):
    rows = [["Name", "Date", "Clock In", "Clock Out"], ["Zhang San", "2026-09-01", "8:05 AM", late]]
    r = read_rows(rows, "attendance")
    assert r.rows[0].values["last_punch"] == dt.time(17, 40)


def test_the_time_column_of_a_daily_report_is_its_date():
    rows = [
        ["时间", "姓名", "考勤概况", ""],
        ["", "", "最早", "最晚"],
        ["2026/09/01 星期二", "张三", "07:55", "18:01"],
    ]
    r = read_rows(rows, "attendance", ["A1:A2", "B1:B2", "C1:D1"])
    assert values(r, "date") == [dt.date(2026, 9, 1)]


def test_a_line_of_weekdays_with_its_own_label_belongs_to_the_header():
    rows = [
        ["2026年9月考勤表"],
        ["姓名", "日期", *range(1, 31)],
        ["", "星期", *(list("二三四五六日一") * 5)[:30]],
        ["张三", "", *["√"] * 22, *["休"] * 8],
    ]
    r = read_rows(rows, "attendance", ["A2:A3"])
    assert (r.header_rows, values(r, "days_worked")) == ([2, 3], [22])


def test_letters_of_presence_and_absence():
    rows = [["Attendance September 2026"], ["Name", *range(1, 31)], ["Zhang San", *["P"] * 25, *["A"] * 5]]
    r = read_rows(rows, "attendance")
    assert (r.period, values(r, "days_worked")) == (SEPTEMBER, [Decimal(25)])
    assert not r.warnings


# --- nothing is raised but refusals -------------------------------------------------------------------------

_ODD = [
    float("nan"),
    float("inf"),
    1e300,
    dt.datetime(1899, 12, 31),
    dt.datetime(9999, 1, 1),
    True,
    "#N/A",
    "²",
]


@pytest.mark.parametrize("odd", _ODD, ids=repr)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_odd_cells_anywhere_are_reported_or_refused(kind, odd):
    head = [
        "姓名",
        "身份证号",
        "出勤天数",
        "日期",
        "工时",
        "应发工资",
        "实发工资",
        "金额",
        "账号",
        "进场日期",
    ]
    row = ["张三", id_number(1), 20.0, "2026-09-01", 8.0, 6000.0, 5900.0, 5900.0, card(1), "2026-09-01"]
    for column in range(len(head)):
        changed = list(row)
        changed[column] = odd
        book = Workbook("表.xlsx", "xlsx", [Sheet("表", [list(head), changed, list(row)])])
        try:
            r = recognise(book, kind)
        except SheetRefused:
            continue
        assert r.rows_read == r.rows_accepted + len(r.rejected_rows)
        assert r.as_json()["kind"] == kind
        assert write_rejects(r).startswith(b"PK")


def test_merges_beyond_the_table_and_across_each_other_do_not_stop_the_returned_rows():
    rows = [["九月工资表", ""], ["姓名", "实发工资"], ["", 5000.0]]
    merges = [(0, 0, 0, 9), (0, 1, 0, 3), (0, 5, 0, 8)]
    r = recognise(Workbook("表.xlsx", "xlsx", [Sheet("表", rows, merges)]), "payroll")
    assert r.rejected_rows == [3]
    returned = read_workbook(write_rejects(r), "退回.xlsx").sheets[0].rows
    assert returned[1][2] == "退回原因"
    assert "第3行" in returned[2][2]


@pytest.mark.parametrize(
    "record, at, claim", [(b"\x00\x02\x0e\x00", 8, 0x7FFFFFFF), (b"\xfc\x00", 8, 0x7FFFFFFF)]
)
def test_an_old_sheet_that_claims_more_than_it_can_hold_is_refused_before_reading(record, at, claim):
    data = bytearray(xls([["姓名", "实发工资"], ["张三", 5000]]))
    start = data.index(record, data.index(b"\x09\x08\x10\x00"))
    data[start + at : start + at + 4] = claim.to_bytes(4, "little")
    with pytest.raises(SheetRefused, match="已损坏"):
        read_workbook(bytes(data), "表.xls")


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.9, 0.99])
def test_a_torn_archive_is_refused(keep):
    data = xlsx([["姓名", "实发工资"], *([f"张{n}", n + 1] for n in range(300))])
    with pytest.raises(SheetRefused):
        read_workbook(data[: int(len(data) * keep)], "表.xlsx")


def test_an_archive_whose_directory_points_before_its_start_is_refused():
    data = bytearray(xlsx([["姓名", "实发工资"], ["张三", 1]]))
    end = data.rindex(b"PK\x05\x06")
    data[end + 16 : end + 20] = (0x7FFFFFF0).to_bytes(4, "little")
    with pytest.raises(SheetRefused):
        read_workbook(bytes(data), "表.xlsx")


def test_a_sum_that_is_wrong_is_still_reported_where_transfers_failed():
    rows = [
        ["账号", "户名", "金额", "结果"],
        [card(1), "张三", 5900, "失败"],
        [card(2), "李四", 6300, "成功"],
        ["合计", "", 9999, ""],
    ]
    r = read_rows(rows, "receipts")
    assert "合计" in warned(r) and not reasons(r)
