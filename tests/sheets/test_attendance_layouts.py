"""Attendance as sites, punch machines and office programs write it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from anxin.kernel.months import Month
from anxin.sheets import SheetRefused
from tests.sheets.makers import SEPTEMBER, id_number, read, read_rows, reasons, text_table, values, warned

DAYS = list(range(1, 31))
HALF = Decimal("0.5")


def total(recognition) -> list[Decimal]:
    return values(recognition, "days_worked")


def passages(day) -> str:
    """``in20:00 out05:00+1``: the day's punches with direction, and + where they fall on the next day."""
    return " ".join(
        f"{one.direction}{one.at:%H:%M}" + (f"+{one.days_later}" if one.days_later else "")
        for one in day.punches
    )


def test_ticks_and_crosses_one_row_per_person():
    rows = [
        ["2026年9月考勤表"],
        ["序号", "姓名", *DAYS, "合计"],
        [1, "张三", *["√"] * 20, *["×"] * 10, 20],
        [2, "李四", *["✓"] * 25, *["半天"] * 2, "", "休", "旷", 26],
    ]
    r = read_rows(rows, "attendance")
    assert (r.header_rows, r.period) == ([2], SEPTEMBER)
    assert total(r) == [20, 26]
    assert r.rows[0].values["days"][0].date == dt.date(2026, 9, 1)
    assert not r.warnings and not r.rejected


def test_days_below_a_merged_group_with_weekdays_under_them():
    rows = [
        ["考勤表（2026年9月）"],
        ["序号", "姓名", "工种", "出勤日期", *[""] * 29, "出勤天数"],
        ["", "", "", *DAYS, ""],
        ["", "", "", *["二三四五六日一"[i % 7] for i in range(30)], ""],
        [1, "张三", "木工", *["√"] * 30, 30],
    ]
    r = read_rows(rows, "attendance", merges=["A2:A4", "B2:B4", "C2:C4", "D2:AG2", "AH2:AH4"])
    assert r.header_rows == [2, 3, 4]
    assert r.rows_accepted == 1
    assert total(r) == [30]
    assert not r.warnings


def test_weekdays_without_merges_belong_to_the_header():
    rows = [["姓名", *DAYS], ["", *["二三四五六日一"[i % 7] for i in range(30)]], ["张三", *["√"] * 30]]
    r = read_rows(rows, "attendance", month=SEPTEMBER)
    assert r.header_rows == [1, 2]
    assert r.rows_read == 1


def test_three_rows_per_person_are_morning_afternoon_and_overtime():
    rows = [
        ["员工编号", *range(1, 32)],
        ["001", *["✓"] * 31],
        ["", *["✓"] * 30, "✗"],
        ["", *[""] * 30, 2.5],
        ["002", *["✗"] * 31],
        ["", *["✓"] * 31],
        ["", ""],
    ]
    r = read_rows(rows, "attendance", month=Month(2026, 8))
    assert r.people == 2
    assert total(r) == [Decimal("30.5"), Decimal("15.5")]
    assert r.rows[0].values["days"][-1].overtime_hours == Decimal("2.5")
    assert r.rows_read == r.rows_accepted == 5


def test_merged_name_with_session_labels():
    rows = [
        ["姓名", "时段", *DAYS],
        ["张三", "上午", *["√"] * 30],
        ["", "下午", *["√"] * 15, *["×"] * 15],
        ["", "加班", 2, *[""] * 29],
        ["李四", "上午", *["√"] * 30],
        ["", "下午", *["√"] * 30],
        ["", "加班", *[""] * 30],
    ]
    r = read_rows(rows, "attendance", merges=["A2:A4", "A5:A7"], month=SEPTEMBER)
    assert total(r) == [Decimal("22.5"), 30]
    assert r.rows[0].values["days"][0].overtime_hours == 2
    assert r.rows_read == 6


def test_hours_are_hours_and_work_units_are_days():
    r = read_rows(
        [["姓名", *DAYS], ["张三", *[8] * 20, *[4] * 2, *["9.5"] * 8]], "attendance", month=SEPTEMBER
    )
    assert total(r) == [29]
    assert r.rows[0].values["days"][-1].hours == Decimal("9.5")
    r = read_rows(
        [["姓名", *DAYS], ["张三", *[1] * 20, *[0.5] * 2, *[1.5] * 8]], "attendance", month=SEPTEMBER
    )
    assert total(r) == [33]
    assert r.rows[0].values["days"][0].hours is None


def test_legend_of_the_sheet_explains_its_symbols():
    rows = [
        ["2026年9月考勤表"],
        ["图例：出勤○ 半天△ 旷工☆ 休息/"],
        ["姓名", *DAYS],
        ["张三", *["○"] * 20, *["△"] * 4, *["☆"] * 3, *["/"] * 3],
    ]
    r = read_rows(rows, "attendance")
    assert total(r) == [22]
    assert not r.warnings


def test_legend_below_the_grid_with_the_symbol_first():
    rows = [["姓名", *DAYS], ["张三", *["△"] * 30], ["备注：√出勤 △出差 ×旷工"]]
    assert total(read_rows(rows, "attendance", month=SEPTEMBER)) == [30]


def test_symbol_that_nobody_explains_is_named_and_not_counted():
    r = read_rows([["姓名", *DAYS], ["张三", "☆", *["√"] * 29]], "attendance", month=SEPTEMBER)
    assert total(r) == [29]
    (warning,) = r.warnings
    assert (warning.row, warning.column) == (2, "B")
    assert "☆" in warning.reason


def test_punch_pairs_in_a_cell():
    rows = [
        ["姓名", *DAYS],
        ["张三", "8:00-18:00", "07:58\n12:01\n13:00\n17:31", "20:00-05:00", "08:10", *[""] * 26],
    ]
    r = read_rows(rows, "attendance", month=SEPTEMBER)
    first, second, night, single = (passages(day) for day in r.rows[0].values["days"])
    assert first == "08:00 18:00"
    assert second == "07:58 12:01 13:00 17:31"
    assert night == "in20:00 out05:00+1"
    assert single == "08:10"
    assert {day.fraction for day in r.rows[0].values["days"]} == {None}
    assert r.rows[0].values["days_worked"] is None


def test_a_mark_beside_clock_times_stands_and_the_cell_is_named():
    rows = [["姓名", "时段", *DAYS], ["张三", "上午", "√", "×"], ["", "下午", "13:00-17:30", "13:00-17:30"]]
    r = read_rows([[*row, *[""] * (32 - len(row))] for row in rows], "attendance", month=SEPTEMBER)
    both, only_times = r.rows[0].values["days"]
    assert (both.fraction, passages(both)) == (HALF, "13:00 17:30")
    assert (only_times.fraction, passages(only_times)) == (None, "13:00 17:30")
    assert "按符号记0.5天" in warned(r)


def test_dingtalk_monthly_export_with_dates_as_headers():
    heads = [f"9/{d} 星期{'二三四五六日一'[(d - 1) % 7]}" for d in DAYS]
    rows = [
        ["月度汇总 统计日期：2026-09-01 至 2026-09-30"],
        ["报表生成时间：2026-10-02 09:11"],
        [
            "姓名",
            "考勤组",
            "部门",
            "工号",
            "职位",
            "UserId",
            "出勤天数",
            "休息天数",
            "工作时长(分钟)",
            "迟到次数",
            "考勤结果",
            *[""] * 29,
        ],
        ["", "", "", "", "", "", "", "", "", "", *heads],
        [
            "张三",
            "工地",
            "木工班",
            "0007",
            "木工",
            "u1",
            24,
            6,
            11520,
            1,
            *["正常"] * 22,
            "迟到12分钟",
            "上班缺卡",
            *["休息"] * 6,
        ],
    ]
    merges = [f"{c}3:{c}4" for c in "ABCDEFGHIJ"] + ["A1:AN1", "A2:AN2", "K3:AN3"]
    r = read_rows(rows, "attendance", merges)
    assert r.header_rows == [3, 4]
    assert r.period == SEPTEMBER
    assert values(r, "employee_number") == ["0007"]
    assert total(r) == [24]
    assert not r.warnings


def test_dingtalk_daily_list():
    head = [
        "姓名",
        "考勤组",
        "部门",
        "工号",
        "日期",
        "班次",
        "上班1打卡时间",
        "上班1打卡结果",
        "下班1打卡时间",
        "下班1打卡结果",
        "工作时长(分钟)",
    ]
    rows = [
        ["每日统计表 统计日期：2026-09-01 至 2026-09-30"],
        head,
        ["张三", "工地", "木工", "7", "26-09-01 星期二", "白班", "07:55", "正常", "18:02", "正常", 607],
        ["张三", "工地", "木工", "7", "26-09-02 星期三", "白班", "07:59", "正常", "18:00", "正常", 601],
        ["李四", "工地", "木工", "8", "26-09-01 星期二", "白班", "07:50", "正常", "", "缺卡", 0],
    ]
    r = read_rows(rows, "attendance")
    assert (r.rows_accepted, r.people) == (3, 2)
    assert [passages(row.values["days"][0]) for row in r.rows] == [
        "in07:55 out18:02",
        "in07:59 out18:00",
        "in07:50",
    ]
    assert {row.values["days"][0].fraction for row in r.rows} == {None}


def test_turnstile_log_keeps_every_passage_with_its_direction():
    rows = [
        ["姓名", "身份证号", "通行时间", "方向"],
        ["张三", id_number(1), "2026-09-01 07:30:11", "进"],
        ["张三", id_number(1), "2026-09-01 18:10:00", "出"],
        ["张三", id_number(1), dt.datetime(2026, 9, 2, 7, 31), "进"],
    ]
    r = read(text_table([[str(c) for c in row] for row in rows]), "attendance", "闸机.csv")
    days = [row.values["days"][0] for row in r.rows]
    assert [(day.day, passages(day)) for day in days] == [(1, "in07:30"), (1, "out18:10"), (2, "in07:31")]
    assert days[0].punches[0].at.second == 11
    assert r.people == 1


def test_a_direction_that_is_neither_in_nor_out_comes_back():
    rows = [
        ["姓名", "通行时间", "方向"],
        ["张三", "2026-09-01 07:30:11", "进门"],
        ["张三", "2026-09-01 12:00:00", "东门"],
        ["张三", "2026-09-01 18:00:00", ""],
    ]
    r = read_rows(rows, "attendance")
    assert [passages(row.values["days"][0]) for row in r.rows] == ["in07:30", "18:00"]
    assert [(one.row, "进还是出" in one.reason) for one in r.rejected] == [(3, True)]


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("20:00", "05:00", "in20:00 out05:00+1"),
        ("2026-09-01 20:00", "2026-09-02 05:00", "in20:00 out05:00+1"),
        ("08:00", "08:00", "08:00"),
        ("", "17:30", "out17:30"),
        ("08:00", "缺卡", "in08:00"),
    ],
)
def test_first_and_last_punch_are_a_pair(first, last, told):
    rows = [["姓名", "日期", "上班时间", "下班时间"], ["张三", "2026-09-01", first, last]]
    r = read_rows(rows, "attendance")
    assert passages(r.rows[0].values["days"][0]) == told


def test_all_punches_of_a_cell_in_a_list_are_kept():
    rows = [["姓名", "日期", "打卡记录"], ["张三", "2026-09-01", "07:30 12:00 13:00 18:00"]]
    r = read_rows(rows, "attendance")
    assert passages(r.rows[0].values["days"][0]) == "07:30 12:00 13:00 18:00"


def test_hours_count_only_where_there_are_no_punches():
    rows = [
        ["姓名", "日期", "上班时间", "下班时间", "工时"],
        ["张三", "2026-09-01", "08:00", "18:00", 9],
        ["张三", "2026-09-02", "", "", 9],
    ]
    punched, written = (row.values["days"][0] for row in read_rows(rows, "attendance").rows)
    assert (punched.fraction, punched.hours) == (None, None)
    assert (written.fraction, written.hours) == (1, 9)


def test_punch_list_without_any_person_is_refused_for_that_reason():
    rows = [
        ["打卡日期", "首次打卡时间", "末次打卡时间"],
        [dt.date(2026, 9, 1), dt.time(8, 0), dt.time(18, 0)],
    ]
    with pytest.raises(SheetRefused, match=r"姓名.*无法知道是谁的"):
        read_rows(rows, "attendance")


def test_punch_list_with_the_person_in_the_title_is_read():
    rows = [
        ["个人考勤记录", "姓名：张三", "部门：木工"],
        ["日期", "首次打卡时间", "末次打卡时间"],
        [dt.date(2026, 9, 1), "08:00", "18:00"],
        [dt.date(2026, 9, 2), "08:00", "08:00"],
    ]
    r = read_rows(rows, "attendance")
    assert values(r, "name") == ["张三", "张三"]
    assert "只有一次打卡" in warned(r)


def test_schedule_template_is_refused_as_such():
    rows = [
        ["工作日模板"],
        ["序号", "月份", "日", "上班时间", "下班时间"],
        *([d, 9, d, dt.time(9), dt.time(18)] for d in range(1, 20)),
    ]
    with pytest.raises(SheetRefused, match="排班模板"):
        read_rows(rows, "attendance")


def test_only_the_number_of_days():
    rows = [
        ["2026年9月出勤统计表"],
        ["序号", "姓名", "身份证号", "出勤天数"],
        [1, "张三", id_number(1), 22],
        [2, "李四", id_number(2), 32],
    ]
    r = read_rows(rows, "attendance")
    assert total(r) == [22]
    assert "30天" in reasons(r)


def test_days_that_disagree_with_the_sheets_own_count_warn():
    r = read_rows([["姓名", *DAYS, "出勤天数"], ["张三", *["√"] * 30, 28]], "attendance", month=SEPTEMBER)
    assert "28" in warned(r) and "30" in warned(r)


def test_mark_on_the_31st_of_a_month_of_30_days_warns():
    r = read_rows(
        [["姓名", *range(1, 32)], ["张三", *["√"] * 31], ["李四", *["√"] * 30, "×"]],
        "attendance",
        month=SEPTEMBER,
    )
    assert total(r) == [30, 30]
    assert [w.row for w in r.warnings] == [2]


def test_wage_month_from_the_26th_to_the_25th():
    days = [*range(26, 32), *range(1, 26)]
    r = read_rows([["姓名", *days], ["张三", *["√"] * 31]], "attendance", month=SEPTEMBER)
    dates = [day.date for day in r.rows[0].values["days"]]
    assert dates[0] == dt.date(2026, 8, 26)
    assert dates[-1] == dt.date(2026, 9, 25)


def test_unknown_month_keeps_day_numbers_without_dates():
    r = read_rows([["姓名", *DAYS], ["张三", *["√"] * 30]], "attendance", filename="考勤.xlsx")
    assert r.period is None
    assert r.rows[0].values["days"][4].day == 5 and r.rows[0].values["days"][4].date is None
    assert "指定月份" in r.note


def test_grid_row_without_a_name_is_rejected_and_signatures_are_skipped():
    rows = [
        ["姓名", "班组", *DAYS],
        ["张三", "木工", *["√"] * 30],
        ["", "钢筋", *["√"] * 30],
        ["考勤员：", "", "", "", "审核："],
    ]
    r = read_rows(rows, "attendance", month=SEPTEMBER)
    assert [p.row for p in r.rejected] == [3]
    assert r.skipped == [(4, "签字、制表等落款")]


def test_person_without_any_mark_is_said():
    r = read_rows([["姓名", *DAYS], ["张三", *["√"] * 30], ["李四"]], "attendance", month=SEPTEMBER)
    assert r.rows_accepted == 2
    assert "没有任何出勤记录" in warned(r)


def test_real_dates_as_headers_give_the_month():
    heads = [dt.date(2026, 9, d) for d in DAYS]
    r = read_rows([["姓名", *heads], ["张三", *["√"] * 30]], "attendance")
    assert r.period == SEPTEMBER
    assert r.rows[0].values["days"][0].date == dt.date(2026, 9, 1)


def test_two_mark_cells_are_halves():
    r = read_rows([["姓名", *DAYS], ["张三", "√√", "√×", "××", *[""] * 27]], "attendance", month=SEPTEMBER)
    assert [d.fraction for d in r.rows[0].values["days"]] == [1, HALF, 0]


def test_arrival_and_departure_rows():
    rows = [["姓名", "", *DAYS], ["张三", "上班", *["07:30"] * 30], ["", "下班", *["17:30"] * 29, ""]]
    r = read_rows(rows, "attendance", merges=["A2:A3"], month=SEPTEMBER)
    days = r.rows[0].values["days"]
    assert (passages(days[0]), passages(days[29])) == ("in07:30 out17:30", "in07:30")
    assert {day.fraction for day in days} == {None}


def test_punch_machine_blocks_name_the_person_above_each_row():
    rows = [
        ["考勤记录表"],
        ["考勤时间：2026-09-01 ~ 2026-09-30"],
        DAYS,
        ["工号：", "", "1", "", "", "", "", "", "姓名：", "", "张三", "", "", "部门：", "木工"],
        ["07:50\n18:02", "07:55\n18:00", "", "07:50", *[""] * 26],
        ["工号：", "", "2", "", "", "", "", "", "姓名：", "", "李四", "", "", "部门：", "木工"],
        [*["07:40\n17:30"] * 30],
    ]
    r = read_rows(rows, "attendance")
    assert values(r, "name") == ["张三", "李四"]
    assert values(r, "employee_number") == ["1", "2"]
    assert [len(row.values["days"]) for row in r.rows] == [3, 30]
    assert passages(r.rows[0].values["days"][0]) == "07:50 18:02"
    assert r.period == SEPTEMBER


def test_two_columns_per_day_are_morning_and_afternoon():
    rows = [
        ["姓名", *[d for day in range(1, 11) for d in (day, "")]],
        ["", *["上午", "下午"] * 10],
        ["张三", *["√", "√"] * 5, *["√", "×"] * 5],
    ]
    merges = [
        "A1:A2",
        *(f"{a}1:{b}1" for a, b in ["BC", "DE", "FG", "HI", "JK", "LM", "NO", "PQ", "RS", "TU"]),
    ]
    for use in (merges, ()):
        r = read_rows(rows, "attendance", use, month=SEPTEMBER)
        assert r.header_rows == [1, 2]
        assert total(r) == [Decimal("7.5")]


def test_corner_cell_with_date_and_name():
    r = read_rows([["日期\n姓名", *DAYS], ["张三", *["√"] * 30]], "attendance", month=SEPTEMBER)
    assert values(r, "name") == ["张三"]


def test_weekdays_that_are_dates_in_disguise():
    dates = [dt.date(2026, 9, d) for d in DAYS]
    r = read_rows([["姓名", *dates], ["", *dates], ["张三", *["√"] * 30]], "attendance")
    assert r.header_rows == [1, 2]
    assert (r.rows_read, r.rejected) == (1, [])


def test_same_person_twice_in_a_grid_warns():
    rows = [["姓名", *DAYS], ["张三", *["√"] * 30], ["李四", *["√"] * 30], ["张三", *["√"] * 30]]
    r = read_rows(rows, "attendance", month=SEPTEMBER)
    assert [w.row for w in r.warnings] == [4]
    assert r.people == 2


def test_a_stated_part_of_a_day_holds_beside_hours_and_a_total_does_not():
    rows = [
        ["姓名", "日期", "出勤天数", "工时"],
        ["张三", "2026-09-01", "0.5", "5"],
        ["张三", "2026-09-02", "", "5"],
        ["张三", "2026-09-03", "22", "3"],
    ]
    days = [row.values["days"][0] for row in read_rows(rows, "attendance").rows]
    assert [(day.fraction, day.hours) for day in days] == [(HALF, 5), (1, 5), (HALF, 3)]
