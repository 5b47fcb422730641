"""Payrolls as labour companies, team leaders and accountants lay them out."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from anxin.kernel.months import Month
from anxin.sheets import SheetRefused
from tests.sheets.makers import (
    SEPTEMBER,
    card,
    id_number,
    read,
    read_rows,
    reasons,
    text_table,
    values,
    warned,
    xls,
    xlsx,
)

PLAIN = ["序号", "姓名", "身份证号", "出勤天数", "应发工资", "扣款合计", "实发工资"]


def person(n, name, days=22, gross=6600, deduction=600, net=6000):
    return [n, name, id_number(n), days, gross, deduction, net]


def test_title_and_blank_rows_before_the_header_are_passed_over():
    r = read_rows([["某某项目2026年9月份工资表"], [], PLAIN, person(1, "张三"), person(2, "李四")], "payroll")
    assert r.header_rows == [3]
    assert r.period == SEPTEMBER
    assert r.columns == {
        "name": "姓名", "id_number": "身份证号", "days_worked": "出勤天数", "gross": "应发工资", "deduction": "扣款合计", "net": "实发工资",
    }  # fmt: skip
    assert (r.rows_read, r.rows_accepted, r.people) == (2, 2, 2)
    assert r.totals == {"gross": 1320000, "net": 1200000}
    assert not r.rejected and not r.warnings


def test_columns_that_do_not_start_at_a_keep_their_letters():
    rows = [["", "", *row] for row in ([], ["2026年9月工资表"], PLAIN, person(1, "张三"))]
    r = read_rows(rows, "payroll")
    assert r.column_letters["name"] == "D"
    assert r.rows[0].number == 4


def test_team_leader_sheet_with_workdays_price_amount_advance_and_signature():
    head = [
        "序号",
        "姓名",
        "身份证号码",
        "银行卡号",
        "工种",
        "工日",
        "单价（元/天）",
        "金额",
        "借支",
        "代扣",
        "实发金额",
        "本人签字",
        "备注",
    ]
    rows = [
        ["木工班组2026年8月工资发放表"],
        head,
        [1, "张三", id_number(1), card(1), "木工", 25.5, 320, 8160, 1000, 60, 7100, "", ""],
        [2, "李四", id_number(2), card(2), "木工", 20, 320, 6400, 0, 0, 6400, "", ""],
        [3, "王五", id_number(3), card(3), "木工", 10, 320, 3200, 200, 0, 3000, "", ""],
        ["合计", "", "", "", "", 55.5, "", 17760, 1200, 60, 16500],
        ["班组长签字：", "", "", "项目负责人：", "", "", "劳资专管员：", "", "", "日期："],
    ]
    r = read_rows(rows, "payroll", merges=["A1:M1"])
    assert r.columns["gross"] == "金额"
    assert r.columns["net"] == "实发金额"
    assert r.columns["wage"] == "单价（元/天）"
    assert r.columns["advance"] == "借支"
    assert values(r, "days_worked") == [Decimal("25.5"), 20, 10]
    assert r.totals == {"gross": 1776000, "net": 1650000}
    assert not r.rejected and not r.warnings
    assert r.skipped == [(6, "合计行"), (7, "签字、制表等落款")]
    assert r.sheet_totals["net"] == 1650000


def test_only_one_amount_column_is_what_people_get():
    rows = [["姓名", "身份证号", "卡号", "工资", "签字"], ["张三", id_number(1), card(1), 5000, ""]]
    r = read_rows(rows, "payroll", month=SEPTEMBER)
    assert r.columns["net"] == "工资"
    assert r.totals == {"gross": None, "net": 500000}


@pytest.mark.parametrize("header", ["合计", "金额", "总金额（元）"])
def test_a_lone_generic_amount_is_read(header):
    r = read_rows([["姓名", header], ["张三", 5000], ["李四", 4000]], "payroll")
    assert sum(v or 0 for v in r.totals.values()) == 900000


def test_two_level_header_with_merges():
    rows = [
        ["2026年9月工资表"],
        ["序号", "姓名", "应发部分", "", "", "扣除部分", "", "", "实发工资", "签名"],
        ["", "", "基本工资", "加班费", "小计", "社保", "个税", "小计", "", ""],
        [1, "张三", 5000, 500, 5500, 300, 50, 350, 5150, ""],
        [2, "李四", 4000, 0, 4000, 300, 0, 300, 3700, ""],
    ]
    merges = ["A1:J1", "A2:A3", "B2:B3", "C2:E2", "F2:H2", "I2:I3", "J2:J3"]
    r = read_rows(rows, "payroll", merges)
    assert r.header_rows == [2, 3]
    assert r.columns["gross"] == "应发部分/小计"
    assert r.columns["deduction"] == "扣除部分/小计"
    assert r.columns["social_insurance"] == "扣除部分/社保"
    assert r.totals == {"gross": 950000, "net": 885000}
    assert not r.warnings


def test_three_level_header_in_xls():
    rows = [
        ["工资发放表"],
        ["所属月份：2026年7月", "", "", "", "", "单位：元"],
        ["姓名", "应发", "", "扣款", "", "实发"],
        ["", "基本", "合计", "保险", "", ""],
        ["", "", "", "个人", "单位", ""],
        ["张三", 3000, 3000, 100, 200, 2900],
    ]
    merges = [
        (0, 0, 0, 5),
        (2, 4, 0, 0),
        (2, 2, 1, 2),
        (3, 4, 1, 1),
        (3, 4, 2, 2),
        (2, 2, 3, 4),
        (3, 3, 3, 4),
        (2, 4, 5, 5),
    ]
    r = read(xls(rows, merges), "payroll", "工资.xls")
    assert r.header_rows == [3, 4, 5]
    assert r.columns["gross"] == "应发/合计"
    assert r.columns["social_insurance"] == "扣款/保险/个人"
    assert r.period == Month(2026, 7)
    assert r.totals == {"gross": 300000, "net": 290000}


def test_two_level_header_in_a_text_file_that_lost_its_merges():
    rows = [
        ["2026年9月工资表", "", "", "", "", ""],
        ["姓名", "应发工资", "", "", "扣款", "实发工资"],
        ["", "基本工资", "津贴", "合计", "", ""],
        ["张三", "5000", "200", "5200", "200", "5000"],
    ]
    r = read(text_table(rows, "gb18030"), "payroll", "工资.csv")
    assert r.header_rows == [2, 3]
    assert r.columns["gross"] == "应发工资/合计"
    assert r.columns["base_pay"] == "应发工资/基本工资"
    assert r.totals == {"gross": 520000, "net": 500000}


def test_header_words_with_spaces_breaks_and_units():
    head = ["姓 名", "身份证\n号码", "出勤\n天数（天）", "应 发 工 资\n（元）", "实发工资(元)", "备  注"]
    r = read_rows([head, ["张　三", id_number(1), 20, 5000, 5000]], "payroll")
    assert set(r.columns) == {"name", "id_number", "days_worked", "gross", "net", "remark"}
    assert values(r, "name") == ["张三"]


def test_cumulative_and_employer_columns_are_left_alone():
    head = [
        "姓名",
        "累计应发工资",
        "应发工资",
        "养老保险（单位）",
        "养老保险（个人）",
        "累计实发",
        "实发工资",
        "累计个税",
    ]
    r = read_rows([head, ["张三", 50000, 5000, 800, 400, 46000, 4600, 10]], "payroll")
    assert r.columns["gross"] == "应发工资"
    assert r.columns["net"] == "实发工资"
    assert r.columns["social_insurance"] == "养老保险（个人）"
    assert "tax" not in r.columns
    assert not r.warnings


def test_data_sheet_among_several_is_found():
    cover = [["某某建筑劳务有限公司"], ["报送说明", "请按时报送"]]
    data = [["2026年9月工资表"], PLAIN, person(1, "张三")]
    r = read(xlsx(cover, name="封面", more=[("工资明细", data, ()), ("Sheet3", [], ())]), "payroll")
    assert r.sheet == "工资明细"


def test_month_picks_the_sheet_of_a_year_book():
    months = [
        (f"{m}月", [[f"2026年{m}月工资表"], PLAIN, person(m, "张三", net=6000)], ()) for m in range(1, 13)
    ]
    r = read(xlsx(months[0][1], name="1月", more=months[1:]), "payroll", month=SEPTEMBER)
    assert r.sheet == "9月"
    assert r.period == SEPTEMBER
    assert "10月" in r.note


def test_numbers_as_text_full_width_digits_and_separators():
    rows = [PLAIN, ["1", "张三", id_number(1), "２２天", "６，６００．００", "¥600.00", "6,000元"]]
    r = read_rows(rows, "payroll")
    assert r.rows[0].values["gross"] == 660000
    assert r.rows[0].values["net"] == 600000
    assert r.rows[0].values["days_worked"] == 22


def test_ten_thousands_by_header_by_title_and_by_text():
    r = read_rows([["姓名", "应发工资（万元）", "实发工资（万元）"], ["张三", 0.66, 0.6]], "payroll")
    assert r.totals == {"gross": 660000, "net": 600000}
    r = read_rows(
        [["工资表", "", "单位：万元"], ["姓名", "应发工资", "实发工资"], ["张三", 0.66, "0.6万"]], "payroll"
    )
    assert r.totals == {"gross": 660000, "net": 600000}


def test_numbered_but_empty_rows_are_skipped():
    r = read_rows([PLAIN, person(1, "张三"), [2], [3, "", "", "", 0, 0, 0], [4]], "payroll")
    assert r.rows_read == 1
    assert [row for row, _ in r.skipped] == [3, 4, 5]
    assert "序号" in r.skipped[0][1]


def test_subtotals_per_team_and_total_are_checked_not_counted():
    rows = [
        PLAIN,
        person(1, "张三"),
        person(2, "李四"),
        ["", "木工班小计", "", 44, 13200, 1200, 12000],
        person(3, "王五"),
        ["", "小  计", "", 22, 6600, 600, 6000],
        ["合 计", "", "", 66, 19800, 1800, 18000],
    ]
    r = read_rows(rows, "payroll")
    assert r.rows_accepted == 3
    assert [reason for _, reason in r.skipped] == ["小计行", "小计行", "合计行"]
    assert not r.warnings


def test_total_row_that_does_not_add_up_warns_at_its_cell():
    rows = [PLAIN, person(1, "张三"), person(2, "李四"), ["合计", "", "", 44, 13200, 1200, 12500]]
    r = read_rows(rows, "payroll")
    (warning,) = r.warnings
    assert (warning.row, warning.column) == (4, "G")
    assert "12,500.00元" in warning.reason and "12,000.00元" in warning.reason


def test_unlabelled_last_row_of_sums_is_a_total():
    rows = [PLAIN, person(1, "张三"), person(2, "李四"), ["", "", "", 44, 13200, 1200, 12000]]
    r = read_rows(rows, "payroll")
    assert r.rows_accepted == 2
    assert not r.rejected


def test_repeated_header_on_a_second_page():
    rows = [PLAIN, person(1, "张三"), PLAIN, person(2, "李四")]
    r = read_rows(rows, "payroll")
    assert r.rows_accepted == 2
    assert r.skipped == [(3, "重复的表头")]


def test_name_merged_over_three_rows_is_one_person():
    head = ["姓名", "身份证号", "工作内容", "应发工资", "实发工资"]
    rows = [
        head,
        ["张三", id_number(1), "支模", 3000, 6000],
        ["", "", "拆模", 2000, ""],
        ["", "", "清理", 1000, ""],
        ["李四", id_number(2), "支模", 5000, 5000],
    ]
    r = read_rows(rows, "payroll", merges=["A2:A4", "B2:B4", "E2:E4"])
    assert (r.rows_read, r.rows_accepted, r.people) == (4, 4, 2)
    assert values(r, "gross") == [600000, 500000]
    assert values(r, "net") == [600000, 500000]
    assert list(r.rows[0].source_rows) == [2, 3, 4]


def test_name_missing_with_amounts_is_rejected():
    r = read_rows(
        [["姓名", "应发工资", "实发工资"], ["张三", 5000, 5000], ["", 4000, 3000], ["李四", 10, 10]],
        "payroll",
    )
    assert [p.row for p in r.rejected] == [3]
    assert "A3（姓名）" in reasons(r)
    assert (r.rows_read, r.rows_accepted) == (3, 2)


def test_id_number_in_scientific_notation_is_said_never_guessed():
    rows = [
        PLAIN,
        [1, "张三", 9.90001199003e17, 22, 6600, 600, 6000],
        [2, "李四", "9.9E+17", 22, 6600, 600, 6000],
        [3, "王五", id_number(3)[:-1] + ("0" if id_number(3)[-1] != "0" else "1"), 22, 6600, 600, 6000],
        [4, "赵六", id_number(4)[:17], 22, 6600, 600, 6000],
    ]
    r = read_rows(rows, "payroll")
    assert [p.row for p in r.rejected] == [2, 3, 4, 5]
    assert "科学计数" in r.rejected[0].reason and "科学计数" in r.rejected[1].reason
    assert "校验码" in r.rejected[2].reason
    assert "17位" in r.rejected[3].reason
    shown = r.as_json()["rows_rejected"]
    assert id_number(4)[:17] not in str(shown)


def test_card_as_number_loses_its_card_not_the_row():
    rows = [["姓名", "银行卡号", "实发工资"], ["张三", 6.22848001234567e18, 5000], ["李四", card(2), 4000]]
    r = read_rows(rows, "payroll")
    assert r.rows_accepted == 2
    assert values(r, "bank_card") == [None, card(2)]
    assert "B2" in warned(r) and "科学计数" in warned(r)


def test_net_that_does_not_follow_warns_with_the_numbers():
    rows = [PLAIN, person(1, "张三"), person(2, "李四", net=6300), person(3, "王五")]
    r = read_rows(rows, "payroll")
    assert r.rows_accepted == 3
    (warning,) = r.warnings
    assert (warning.row, warning.column) == (3, "G")
    assert "6,000.00元" in warning.reason and "6,300.00元" in warning.reason


def test_parts_tell_the_deduction_where_there_is_no_total_of_it():
    head = ["姓名", "应发工资", "社保", "公积金", "个税", "实发工资"]
    rows = [
        head,
        *([name, 6000, 300, 200, 50, 5450] for name in ("张三", "李四", "王五")),
        ["赵六", 6000, 300, 200, 50, 5500],
    ]
    r = read_rows(rows, "payroll")
    assert [w.row for w in r.warnings] == [5]


def test_parts_that_do_not_explain_net_are_not_held_against_the_rows():
    head = ["姓名", "应发工资", "水电费", "实发工资"]
    rows = [head, ["张三", 6000, 300, 5000], ["李四", 6000, 100, 4000], ["王五", 6000, 0, 3000]]
    assert not read_rows(rows, "payroll").warnings


def test_net_above_gross_warns():
    r = read_rows([["姓名", "应发工资", "实发工资"], ["张三", 5000, 5600]], "payroll")
    assert "大于应发" in warned(r)


def test_negative_net_is_rejected_and_zero_warns():
    rows = [["姓名", "应发工资", "实发工资"], ["张三", 5000, -10], ["李四", 0, 0]]
    r = read_rows(rows, "payroll")
    assert [p.row for p in r.rejected] == [2]
    assert "为0" in warned(r)


def test_one_person_twice_rejects_the_later_row():
    r = read_rows([PLAIN, person(1, "张三"), person(2, "李四"), person(1, "张三")], "payroll")
    assert [p.row for p in r.rejected] == [4]
    assert "第2行" in reasons(r)


def test_one_person_in_two_teams_stands_with_a_warning():
    head = ["姓名", "身份证号", "班组", "实发工资"]
    r = read_rows([head, ["张三", id_number(1), "木工", 10], ["张三", id_number(1), "钢筋", 20]], "payroll")
    assert r.rows_accepted == 2
    assert r.people == 1
    assert "班组" in warned(r)


def test_same_name_without_id_numbers_only_warns():
    r = read_rows([["姓名", "实发工资"], ["张三", 5000], ["张三", 4000]], "payroll")
    assert r.rows_accepted == 2
    assert "同名" in warned(r)


def test_card_of_several_people_warns_on_each():
    head = ["姓名", "身份证号", "银行卡号", "实发工资"]
    rows = [
        head,
        ["张三", id_number(1), card(1), 1],
        ["李四", id_number(2), card(1), 2],
        ["王五", id_number(3), card(3), 3],
    ]
    r = read_rows(rows, "payroll")
    assert [w.row for w in r.warnings] == [2, 3]
    assert "2个人" in warned(r)


def test_more_days_than_the_month_has_is_rejected_but_work_units_warn():
    rows = [["2026年9月工资表"], PLAIN, person(1, "张三", days=31)]
    assert "9月的30天" in reasons(read_rows(rows, "payroll"))
    rows[1] = ["序号", "姓名", "身份证号", "工日", *PLAIN[4:]]
    r = read_rows(rows, "payroll")
    assert not r.rejected
    assert "工日" in warned(r)


def test_dates_in_every_dress():
    head = ["姓名", "实发工资", "发放日期"]
    written = [
        dt.date(2026, 10, 8),
        46303,
        "2026.10.8",
        "2026年10月8日",
        "20261008",
        "2026/10/08",
        20261008,
        "26-10-08",
    ]
    rows = [
        ["2026年9月工资"],
        head,
        *(["张三" + "甲乙丙丁戊己庚辛"[i], 100, w] for i, w in enumerate(written)),
    ]
    r = read_rows(rows, "payroll")
    assert values(r, "paid_on") == [dt.date(2026, 10, 8)] * len(written)


def test_sheet_of_another_month_warns_and_the_argument_wins():
    r = read_rows([["2026年8月工资表"], PLAIN, person(1, "张三")], "payroll", month=SEPTEMBER)
    assert r.period == SEPTEMBER
    assert "2026年8月" in warned(r)


def test_empty_template_is_no_error():
    r = read_rows([["2025年XX月份工资表"], PLAIN, [1], [2], ["合计", "", "", 0, 0, 0, 0]], "payroll")
    assert (r.rows_read, r.rows_accepted, r.period) == (0, 0, None)
    assert "空白模板" in r.note


def test_monthly_summary_without_people_is_refused():
    rows = [
        ["2026年度管理月报表"],
        ["月份", "人数", "应发工资", "实发工资"],
        *([f"{m}月份", 10, 1000, 900] for m in range(1, 13)),
    ]
    with pytest.raises(SheetRefused, match="按月汇总表"):
        read_rows(rows, "payroll")


def test_sheet_without_any_pay_is_refused_with_what_was_looked_for():
    with pytest.raises(SheetRefused, match="实发工资"):
        read_rows([["姓名", "身份证号", "电话"], ["张三", id_number(1), "13900000001"]], "payroll")
    with pytest.raises(SheetRefused, match="没有找到工资表的表头"):
        read_rows([["物料", "数量"], ["水泥", 10]], "payroll")


def test_duplicate_headers_do_not_disturb():
    head = ["姓名", "扣款", "应发工资", "扣款", "实发工资", "备注", "备注"]
    r = read_rows([head, ["张三", 100, 5000, 0, 4900, "甲", "乙"]], "payroll")
    assert r.totals == {"gross": 500000, "net": 490000}


def test_footnotes_and_amount_in_words_are_skipped():
    rows = [
        PLAIN,
        person(1, "张三"),
        ["合计（大写）：陆仟元整", "", "", "", "", "", ""],
        ["注：1、本表一式三份，施工总承包单位、分包单位、班组各存一份。"],
        ["以上工资已由本人核对无误。"],
        ["制表人：王五", "", "", "审核人：", "", "", "2026年10月8日"],
    ]
    r = read_rows(rows, "payroll")
    assert r.rows_accepted == 1
    assert not r.rejected
    assert len(r.skipped) == 4


def test_signature_row_with_a_name_under_the_name_column():
    rows = [PLAIN, person(1, "张三"), ["制表：", "王五", "", "审核：", "赵六"]]
    r = read_rows(rows, "payroll")
    assert r.rows_accepted == 1 and not r.rejected


def test_group_titles_between_people_are_skipped():
    rows = [PLAIN, ["一、木工班组"], person(1, "张三"), ["二、钢筋班组"], person(2, "李四")]
    r = read_rows(rows, "payroll", merges=["A2:G2", "A4:G4"])
    assert r.rows_accepted == 2 and not r.rejected


def test_employer_column_and_bank_are_known():
    head = [
        "序号",
        "劳务公司",
        "班组名称",
        "姓名",
        "身份证号码",
        "工种",
        "联系电话",
        "开户行",
        "银行账号",
        "应发工资",
        "实发工资",
    ]
    rows = [
        head,
        [
            1,
            "某某劳务",
            "木工班",
            "张三",
            id_number(1),
            "木工",
            "13900000001",
            "农业银行某支行",
            card(1),
            5000,
            5000,
        ],
    ]
    r = read_rows(rows, "payroll")
    assert r.columns["employer"] == "劳务公司"
    assert r.columns["bank_name"] == "开户行"
    assert r.columns["bank_card"] == "银行账号"
    assert r.columns["team"] == "班组名称"


def test_formula_error_text_rejects_the_amount():
    r = read_rows([["姓名", "应发工资", "实发工资"], ["张三", 5000, "#REF!"]], "payroll")
    assert "公式出错" in reasons(r)


def test_unreadable_amount_names_cell_and_value():
    r = read_rows([["姓名", "应发工资", "实发工资"], ["张三", 5000, "五千"]], "payroll")
    assert r.as_json()["rows_rejected"] == [
        {"row": 2, "column": "C", "value": "五千", "reason": "C2（实发工资）：“五千”不是金额，请填写数字。"}
    ]


def test_attendance_and_pay_on_one_sheet():
    head = [
        "序号",
        "姓名",
        "身份证号",
        *range(1, 31),
        "合计工日",
        "单价",
        "应发工资",
        "借支",
        "实发工资",
        "签字",
    ]
    rows = [["2026年9月考勤及工资表"], head, [1, "张三", id_number(1), *[1] * 30, 30, 300, 9000, 1000, 8000]]
    r = read_rows(rows, "payroll", merges=["A1:AM1"])
    assert r.header_rows == [2]
    assert r.totals == {"gross": 900000, "net": 800000}
    assert values(r, "days_worked") == [30]
    grid = read_rows(rows, "attendance", merges=["A1:AM1"])
    assert values(grid, "days_worked") == [30]
    assert not grid.warnings


def test_salary_slips_with_a_two_level_header_above_each_person():
    head = [["姓名", "应发", "", "扣款", "", "实发"], ["", "基本工资", "合计", "社保", "合计", ""]]
    rows = [*head, ["张三", 5000, 5000, 100, 100, 4900], [], *head, ["李四", 4000, 4000, 100, 100, 3900]]
    merges = ["A1:A2", "B1:C1", "D1:E1", "F1:F2", "A5:A6", "B5:C5", "D5:E5", "F5:F6"]
    r = read_rows(rows, "payroll", merges)
    assert (r.rows_accepted, r.rejected) == (2, [])
    assert r.totals == {"gross": 900000, "net": 880000}


def test_month_column_gives_the_period_and_refuses_rows_of_other_months():
    head = ["所属月份", "姓名", "应发工资", "实发工资"]
    r = read_rows(
        [head, ["2026-09", "张三", 5, 5], ["2026年9月", "李四", 5, 5], [202609, "王五", 5, 5]], "payroll"
    )
    assert (r.period, r.rows_accepted) == (SEPTEMBER, 3)
    r = read_rows([head, ["2026-09", "张三", 5, 5], ["2026-08", "李四", 5, 5]], "payroll", month=SEPTEMBER)
    assert [p.row for p in r.rejected] == [3]
    assert "2026年8月" in reasons(r)


def test_lists_side_by_side_are_said():
    head = ["序号", "姓名", "实发工资", "签字"]
    r = read_rows([[*head, *head], [1, "张三", 5, "", 2, "李四", 6, ""]], "payroll")
    assert r.rows_accepted == 1
    assert "并排" in r.note


def test_summary_by_department_is_refused_as_such():
    with pytest.raises(SheetRefused, match="汇总"):
        read_rows([["部门", "人数", "应发工资", "实发工资"], ["木工班", 10, 50000, 48000]], "payroll")


@pytest.mark.parametrize(
    ("title", "month"),
    [
        ("2026年9月份工资发放表", "2026-09"),
        ("2026年09月工资", "2026-09"),
        ("工资表（2026.9.1—2026.9.30）", "2026-09"),
        ("2026-09工资表", "2026-09"),
        ("二〇二六年九月工资表", "2026-09"),
        ("26年9月工资表", "2026-09"),
        ("2026年8月26日至2026年9月25日工资", "2026-09"),
        ("2026年9月1日-30日", "2026-09"),
        ("工资表 制表日期：2026年10月8日", None),
        ("2025年XX月份工资表", None),
        ("9月份工资表", None),
        ("2026年1月至6月工资表", None),
        ("2026.1.1至2026.6.30工资", None),
        ("2026年度 9月份 工资表", "2026-09"),
        ("所属期：2026/9", "2026-09"),
        ("ＸＸ项目部２０２６年９月工资表", "2026-09"),
    ],
)
def test_period_as_titles_say_it(title, month):
    r = read_rows([[title], ["姓名", "实发工资"], ["张三", 5]], "payroll", filename="工资.xlsx")
    assert (str(r.period) if r.period else None) == month


def test_period_from_split_cells_sheet_name_and_file_name():
    rows = [["姓名", "实发工资"], ["张三", 5]]
    assert read_rows([["", 2026, "年", 9, "月", "工资表"], *rows], "payroll").period == SEPTEMBER
    assert read(xlsx(rows, name="2026年9月"), "payroll").period == SEPTEMBER
    assert read_rows(rows, "payroll", filename="木工班202609工资.xlsx").period == SEPTEMBER
    assert read_rows(rows, "payroll", filename="9月工资.xlsx").period is None


def test_insurance_group_with_its_own_subtotal_counts_once():
    rows = [
        ["序号", "姓名", "应发工资", "单位部分", "", "", "个人部分", "", "", "实发工资"],
        ["", "", "", "养老", "医疗", "小计", "养老", "医疗", "小计", ""],
        *(
            [i, name, 5000, 800, 400, 1200, 400, 100, 500, 4500]
            for i, name in enumerate(["张三", "李四", "王五"])
        ),
        [4, "赵六", 5000, 800, 400, 1200, 400, 100, 500, 4400],
    ]
    merges = ["A1:A2", "B1:B2", "C1:C2", "D1:F1", "G1:I1", "J1:J2"]
    r = read_rows(rows, "payroll", merges)
    assert r.columns["social_insurance"] == "个人部分/养老"
    assert values(r, "social_insurance")[0] == 50000
    assert [w.row for w in r.warnings] == [6]


def test_wages_beside_net_are_the_gross():
    r = read_rows([["姓名", "工资", "借支", "实发"], ["张三", 5000, 1000, 4000]], "payroll")
    assert (r.columns["gross"], r.columns["net"]) == ("工资", "实发")


def test_a_year_with_one_column_per_month__is_refused_as_no_payroll_of_one_month():
    rows = [
        ["2026年度工资汇总表"],
        ["序号", "姓名", "1月", "2月", "3月", "4月", "合计"],
        [1, "张三", 5000, 5000, 5100, 5200, 20300],
        [2, "李四", 4800, 4800, 4800, 4900, 19300],
    ]
    with pytest.raises(SheetRefused, match="年度汇总表"):
        read_rows(rows, "payroll")


def test_advances_by_month_beside_what_is_due__are_still_a_payroll_of_one_month():
    rows = [
        ["2026年9月份工资表"],
        ["姓名", "应发工资", "7月", "8月", "9月", "实发工资"],
        ["张三", 6000, 100, 100, 100, 5700],
    ]
    assert read_rows(rows, "payroll").as_json()["totals"] == {"gross": "6000.00", "net": "5700.00"}
