"""Four files of one site's September, in the layouts that clerks really send.

Eight invented people. What must come out was worked out by hand and stands in ``test_main_job.py``.
"""

from __future__ import annotations

import csv
import io
from datetime import date

import xlsxwriter

from tests.support.deliveries import bank_card, id_number

PEOPLE = ["林大山", "周小满", "吴长河", "郑春燕", "王一帆", "冯建设", "阿依·古丽", "褚平安"]
#: 5,200.00 + 4,987.50 + 5,600.00 + 4,310.00 + 6,050.00 + 5,005.50 + 4,800.00 = 35,953.00 (the eighth has no line)
NET_YUAN = [5200, 4987.5, 5600, 4310, 6050, 5005.5, 4800]


def _book() -> tuple[io.BytesIO, xlsxwriter.Workbook]:
    out = io.BytesIO()
    return out, xlsxwriter.Workbook(out, {"in_memory": True})


def roster() -> bytes:
    """Title, a line of particulars, the header, and numbered rows nobody filled in."""
    out, book = _book()
    book.add_worksheet("填表说明").write(0, 0, "填表说明：身份证号请设为文本格式。")
    sheet = book.add_worksheet("花名册")
    sheet.merge_range("A1:I1", "进场人员实名制登记花名册", book.add_format({"align": "center"}))
    sheet.write(1, 0, "项目名称：清河安置房项目")
    sheet.write_row(
        2, 0, ["序号", "姓名", "性别", "身份证号码", "联系电话", "班组", "工种", "进场日期", "工资卡号"]
    )
    for index, name in enumerate(PEOPLE):
        row = [index + 1, name, "男", id_number(index), f"1990000{index:04d}", "木工一班", "木工", "2026.8.3"]
        sheet.write_row(3 + index, 0, [*row, bank_card(index)])
    for blank in range(len(PEOPLE), len(PEOPLE) + 5):
        sheet.write(3 + blank, 0, blank + 1)
    book.close()
    return out.getvalue()


def attendance() -> bytes:
    """A day grid of ✓ and ✗, morning and afternoon, the name merged over two rows."""
    out, book = _book()
    sheet, plain = book.add_worksheet("9月"), book.add_format()
    sheet.merge_range("A1:AI1", "2026年9月份考勤表", plain)
    sheet.write_row(1, 0, ["序号", "姓名", "身份证号", "时段", *range(1, 31)])
    for index, name in enumerate(PEOPLE):
        top = 2 + 2 * index
        for column, value in enumerate([index + 1, name, id_number(index)]):
            sheet.merge_range(top, column, top + 1, column, value, plain)
        sheet.write(top, 3, "上午")
        sheet.write(top + 1, 3, "下午")
        for day in range(1, 31):
            sunday = date(2026, 9, day).weekday() == 6
            sheet.write(top, 3 + day, "✗" if sunday else "✓")
            sheet.write(top + 1, 3 + day, "✗" if sunday else "✓")
    sheet.write(3 + 2 * len(PEOPLE), 0, "考勤员：")
    book.close()
    return out.getvalue()


def payroll() -> bytes:
    """Three header levels, amounts as text, a total row, signatures; the eighth worker is left out."""
    out, book = _book()
    sheet, plain = book.add_worksheet("Sheet1"), book.add_format({"align": "center"})
    sheet.merge_range("A1:L1", "清河安置房项目农民工工资发放表", plain)
    sheet.merge_range("A2:F2", "编制单位：云州市清河劳务有限公司", plain)
    sheet.merge_range("G2:L2", "工资月份：2026年9月    单位：元", plain)
    for column, title in zip(
        "ABCDKL", ["序号", "姓名", "身份证号码", "出勤天数", "银行卡号", "签字"], strict=True
    ):
        sheet.merge_range(f"{column}3:{column}5", title, plain)
    sheet.merge_range("E3:F3", "应发工资", plain)
    sheet.merge_range("E4:E5", "计时工资", plain)
    sheet.merge_range("F4:F5", "小计", plain)
    sheet.merge_range("G3:I3", "扣款", plain)
    sheet.merge_range("G4:H4", "借支", plain)
    sheet.write("G5", "生活费")
    sheet.write("H5", "预支")
    sheet.merge_range("I4:I5", "小计", plain)
    sheet.merge_range("J3:J5", "实发工资", plain)
    for index, net in enumerate(NET_YUAN):
        gross = f"{net + 300:,.2f}"
        name = PEOPLE[index]
        row = [index + 1, name, id_number(index), 26, gross, gross, 300, "", 300, f"{net:,.2f}"]
        sheet.write_row(5 + index, 0, [*row, bank_card(index)])
    total = 5 + len(NET_YUAN)
    sheet.write(total, 0, "合   计")
    sheet.write(total, 5, sum(NET_YUAN) + 300 * len(NET_YUAN))
    sheet.write(total, 8, 300 * len(NET_YUAN))
    sheet.write(total, 9, sum(NET_YUAN))
    sheet.write_row(total + 2, 0, ["制表：", "", "", "审核：", "", "", "项目负责人："])
    book.close()
    return out.getvalue()


def receipts(paid: range) -> bytes:
    """A bank's result file in GB18030, cards as ``="…"``, a batch line above the header."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["代发工资结果明细"])
    rows.writerow([])
    rows.writerow(["序号", "收款账号", "收款户名", "金额", "交易日期", "处理状态", "失败原因", "交易流水号"])
    for index in paid:
        card = f'="{bank_card(index)}"'
        amount = f"{NET_YUAN[index]:,.2f}"
        rows.writerow(
            [index + 1, card, PEOPLE[index], amount, "20261020", "成功", "", f"N20261020{index:04d}"]
        )
    return out.getvalue().encode("gb18030")
