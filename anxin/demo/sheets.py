"""The city's spreadsheet files, in two layouts such as clerks make: by the company, and by the team.

Both differ in titles, header levels, column names and order, and in how a day is marked. Every file says
演示数据 in its title.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from anxin.demo.city import EMPLOYERS
from anxin.demo.world import Payment, Site, WageMonth

_MARK = "（演示数据）"


@dataclass(frozen=True)
class Delivery:
    """A file as it is handed in: ``kind`` of ``anxin.sheets.KINDS``, name and content."""

    kind: str
    filename: str
    data: bytes


class _Sheet:
    """One worksheet being filled from the top."""

    def __init__(self, name: str) -> None:
        self._buffer = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._buffer, {"in_memory": True})
        self.sheet = self._book.add_worksheet(name)
        self.title_format = self._book.add_format({"bold": True, "align": "center", "font_size": 14})
        self.header_format = self._book.add_format(
            {"bold": True, "align": "center", "border": 1, "text_wrap": True}
        )
        self.row = 0

    def title(self, text: str, width: int) -> None:
        """A title merged over the whole width."""
        self.sheet.merge_range(self.row, 0, self.row, width - 1, text, self.title_format)
        self.row += 1

    def line(self, values: Sequence[Any], form: Any = None) -> None:
        """One row; text stays text, so that identifiers keep all their digits."""
        for column, value in enumerate(values):
            if isinstance(value, str):
                if value:
                    self.sheet.write_string(self.row, column, value, form)
            elif value is not None:
                self.sheet.write_number(self.row, column, value, form)
        self.row += 1

    def header(self, names: Sequence[str]) -> None:
        """A header of one level."""
        self.line(names, self.header_format)

    def grouped_header(self, groups: Sequence[tuple[str, Sequence[str]]]) -> None:
        """A header of two levels; a group without children spans both."""
        column = 0
        for name, children in groups:
            if not children:
                self.sheet.merge_range(self.row, column, self.row + 1, column, name, self.header_format)
                column += 1
                continue
            self.sheet.merge_range(
                self.row, column, self.row, column + len(children) - 1, name, self.header_format
            )
            for child in children:
                self.sheet.write_string(self.row + 1, column, child, self.header_format)
                column += 1
        self.row += 2

    def content(self) -> bytes:
        """The finished workbook."""
        self._book.close()
        return self._buffer.getvalue()


def _yuan(fen: int) -> float:
    return fen / 100


def roster(site: Site, on: dt.date, *, damaged_row: bool = False) -> Delivery:
    """The real-name roster as of a day; ``damaged_row`` adds one whose ID number a spreadsheet has spoiled."""
    workers = [worker for worker in site.workers if site.entries[worker.number] <= on]
    company = EMPLOYERS[site.story.labour][0]
    sheet = _Sheet("花名册")
    left = f"{site.stopped_on}" if site.stopped_on and site.stopped_on <= on else ""
    if site.story.layout == "company":
        names = ["序号", "姓名", "身份证号码", "联系电话", "工种", "班组", "劳务公司", "进场日期", "退场日期",
                 "工号", "日工资（元/天）", "是否签订劳动合同", "工资卡号"]  # fmt: skip
        sheet.title(f"{site.story.name}实名制花名册{_MARK}", len(names))
        sheet.line([f"劳务单位：{company}"])
        sheet.header(names)
        for index, worker in enumerate(workers, 1):
            sheet.line([index, worker.name, worker.id_number, worker.phone, worker.trade, worker.team, company,
                        f"{site.entries[worker.number]}", left, worker.number, _yuan(worker.wage_fen), "是",
                        worker.card])  # fmt: skip
    else:
        names = ["编号", "班组", "姓名", "工种", "身份证号", "手机号", "用人单位", "入场时间", "离场时间",
                 "约定日工资（元）", "合同签订", "银行卡号"]  # fmt: skip
        sheet.title(f"{site.story.name}农民工进场登记表{_MARK}", len(names))
        sheet.header(names)
        for worker in workers:
            entry = site.entries[worker.number]
            sheet.line([worker.number, worker.team, worker.name, worker.trade, worker.id_number, worker.phone,
                        company, f"{entry.year}年{entry.month}月{entry.day}日", left.replace("-", "."),
                        _yuan(worker.wage_fen), "已签", worker.card])  # fmt: skip
    if damaged_row:
        spoiled = workers[0]
        sheet.line([len(workers) + 1, "杨春来", float(spoiled.id_number[:17] + "0"), "", "普工"])
    sheet.line(["填报人：", "", "", "审核人："])
    return Delivery("roster", f"{site.story.name}花名册{on:%Y%m%d}.xlsx", sheet.content())


def attendance(site: Site, month: WageMonth) -> Delivery:
    """A day grid: ticks with ID numbers, or hours with work numbers."""
    count = month.month.days
    numbers = [str(day) for day in range(1, count + 1)]
    sheet = _Sheet(f"{month.month.number}月考勤")
    ticks = site.story.layout == "company"
    ahead = ["序号", "姓名", "身份证号"] if ticks else ["工号", "姓名", "班组"]
    sheet.title(f"{site.story.name}{month.month.chinese()}考勤表{_MARK}", len(ahead) + count + 1)
    sheet.header([*ahead, *numbers, "出勤天数"])
    for index, (worker, days) in enumerate(month.attendance, 1):
        present = {day.day for day in days}
        head = [index, worker.name, worker.id_number] if ticks else [worker.number, worker.name, worker.team]
        marks: list[Any] = [("√" if ticks else 8) if day in present else "" for day in range(1, count + 1)]
        sheet.line([*head, *marks, len(days)])
    sheet.line(["考勤员：", "", "项目经理："])
    return Delivery("attendance", f"{site.story.name}{month.month}考勤表.xlsx", sheet.content())


def payroll(site: Site, month: WageMonth) -> Delivery:
    """A pay table with two header levels and a total, or a team's plain one."""
    sheet = _Sheet("工资表")
    total_gross = _yuan(sum(line.gross_fen for line in month.lines))
    total_cut = _yuan(sum(line.deduction_fen for line in month.lines))
    total_net = _yuan(sum(line.net_fen for line in month.lines))
    if site.story.layout == "company":
        sheet.title(f"{site.story.name}农民工工资发放表{_MARK}", 14)
        sheet.line([f"所属月份：{month.month.chinese()}", "", "", "", "", "", "单位：元"])
        sheet.grouped_header(
            [("序号", ()), ("姓名", ()), ("身份证号", ()), ("班组", ()), ("出勤天数", ()),
             ("应发工资", ("日工资标准", "应发合计")), ("扣款", ("借支", "扣款合计")), ("实发工资", ()),
             ("工资卡号", ()), ("签字", ())]
        )  # fmt: skip
        for index, line in enumerate(month.lines, 1):
            who, cut = line.person, _yuan(line.deduction_fen)
            sheet.line([index, who.name, who.id_number, who.team, line.days, _yuan(who.wage_fen),
                        _yuan(line.gross_fen), cut, cut, _yuan(line.net_fen), who.card])  # fmt: skip
        sheet.line(["合计", "", "", "", None, None, total_gross, total_cut, total_cut, total_net])
    else:
        sheet.title(f"{month.month.chinese()}班组工资表{_MARK}", 10)
        sheet.header(
            [
                "班组",
                "姓名",
                "身份证号码",
                "工种",
                "工日",
                "应发金额",
                "扣除",
                "实发金额",
                "银行卡号",
                "本人签名",
            ]
        )
        for line in month.lines:
            who = line.person
            sheet.line([who.team, who.name, who.id_number, who.trade, line.days, _yuan(line.gross_fen),
                        _yuan(line.deduction_fen), _yuan(line.net_fen), who.card])  # fmt: skip
        sheet.line(["合计", "", "", "", None, total_gross, total_cut, total_net])
    sheet.line(["制表：", "", "审核：", "", "项目负责人："])
    return Delivery("payroll", f"{site.story.name}{month.month}工资表.xlsx", sheet.content())


def receipts(site: Site, month: WageMonth, payments: Sequence[Payment] | None = None) -> Delivery:
    """The bank's pay results for one wage month: the payments made, or the ones given."""
    payments = month.payments if payments is None else payments
    sheet = _Sheet("代发结果")
    if site.story.layout == "company":
        sheet.title(f"云州农村商业银行批量代发结果{_MARK}", 7)
        sheet.header(["序号", "收款人户名", "收款账号", "金额（元）", "交易日期", "处理状态", "流水号"])
        for index, paid in enumerate(payments, 1):
            sheet.line(
                [
                    index,
                    paid.name,
                    paid.card,
                    _yuan(paid.amount_fen),
                    f"{paid.paid_on}",
                    "成功",
                    paid.reference,
                ]
            )
    else:
        sheet.header(["交易流水号", "户名", "卡号", "交易金额", "交易日期", "交易结果", "摘要"])
        for paid in payments:
            sheet.line([paid.reference, paid.name, paid.card, _yuan(paid.amount_fen), f"{paid.paid_on:%Y%m%d}",
                        "交易成功", f"{month.month.number}月工资{_MARK}"])  # fmt: skip
    return Delivery("receipts", f"{site.story.name}{month.month}代发结果.xlsx", sheet.content())
