"""Ten real sheets that lie beside the project where they are shared; the suite's own sheets cover the same layouts."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from anxin.kernel.months import Month
from anxin.sheets import SheetRefused, read_workbook, recognise

_ROOT = Path(__file__).parents[2]
_FOLDER = Path(os.environ.get("ANXIN_SHARED_DATA") or _ROOT.parent / "shared" / "data") / "sheets"

pytestmark = pytest.mark.skipif(
    not _FOLDER.is_dir(), reason=f"the ten shared sheets are not in {_FOLDER} (set ANXIN_SHARED_DATA)"
)


def shared(number: str, kind: str, **options):
    (path,) = _FOLDER.glob(f"{number}_*")
    return recognise(read_workbook(path.read_bytes(), path.name), kind, **options)


def test_01_three_level_header_of_an_accountant():
    r = shared("01", "payroll")
    assert r.header_rows == [3, 4, 5]
    assert r.columns["gross"] == "应发工资/小计"
    assert r.columns["deduction"] == "代扣款项/小计"
    assert r.columns["net"] == "实发金额"
    assert r.columns["housing_fund"] == "代扣款项/住房公积金/个人12%"
    assert (r.rows_read, r.rows_accepted, r.people, r.rejected, r.warnings) == (5, 5, 5, [], [])
    assert r.totals == {"gross": 1750000, "net": 1745000}
    assert r.sheet_totals["net"] == 1745000
    assert [row for row, _ in r.skipped] == list(range(11, 33))
    assert r.period is None  # “11月份” without a year
    assert shared("01", "payroll", month=Month(2026, 11)).warnings == []
    assert "11月" in shared("01", "payroll", month=Month(2026, 10)).warnings[0].reason


def test_02_flat_sheet_with_nameless_rows():
    r = shared("02", "payroll")
    assert r.header_rows == [1]
    assert (r.columns["gross"], r.columns["net"]) == ("应付工资", "本月实付工资")
    assert (r.rows_read, r.rows_accepted) == (9, 3)
    assert [p.row for p in r.rejected] == [5, 6, 7, 8, 9, 10]
    assert r.totals == {"gross": 3000300, "net": 3000300}


def test_03_parameter_lines_before_the_header():
    r = shared("03", "payroll")
    assert r.header_rows == [5]
    assert r.period == Month(2019, 1)
    assert (r.columns["gross"], r.columns["net"], r.columns["bank_card"]) == (
        "应发工资",
        "工资实发合计",
        "工资卡号",
    )
    assert (r.rows_read, r.rows_accepted) == (1, 0)
    assert "没有填写" in r.rejected[0].reason


def test_04_ticks_in_three_rows_per_person():
    r = shared("04", "attendance", month=Month(2026, 8))
    assert r.header_rows == [1]
    assert r.columns == {"employee_number": "员工编号", "days": "1…31"}
    assert (r.rows_read, r.rows_accepted, r.people, r.rejected) == (9, 9, 3, [])
    assert [str(row.values["days_worked"]) for row in r.rows] == ["25.5", "29.5", "18.5"]


def test_05_punches_of_nobody_are_refused():
    with pytest.raises(SheetRefused, match=r"缺少“姓名”.*无法知道是谁的"):
        shared("05", "attendance")


def test_06_schedule_template_is_refused():
    with pytest.raises(SheetRefused, match="排班模板"):
        shared("06", "attendance")


def test_07_monthly_summary_is_refused():
    with pytest.raises(SheetRefused, match="按月汇总表，没有人员姓名列"):
        shared("07", "payroll")


def test_08_template_that_starts_at_c4():
    r = shared("08", "payroll")
    assert r.header_rows == [4]
    assert r.column_letters["employee_number"] == "C"
    assert (r.columns["gross"], r.columns["net"]) == ("应发合计", "实发工资")
    assert (r.rows_read, r.rows_accepted, r.period) == (0, 0, None)
    assert r.skipped[-1] == (14, "合计行")


def test_09_empty_government_form():
    r = shared("09", "roster")
    assert r.header_rows == [3]
    assert r.columns == {"name": "姓名", "id_number": "身份证号", "phone": "电话号码"}
    assert (r.rows_read, r.rejected) == (0, [])


def test_10_forty_eight_people():
    r = shared("10", "payroll")
    assert (r.columns["gross"], r.columns["net"]) == ("税前工资", "实发")
    assert (r.rows_read, r.rows_accepted, r.people) == (48, 48, 48)
    assert r.totals == {"gross": 143205200, "net": 74240454}
    assert not r.warnings and not r.rejected
