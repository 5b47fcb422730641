"""Why no sheet fits: one sentence that names what was looked for and what was found instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from anxin.sheets.spec import KindSpec
from anxin.sheets.texts import squeeze
from anxin.sheets.workbook import Sheet

if TYPE_CHECKING:
    from anxin.sheets.choosing import Choice

_SUMMARY_WORDS = ("月份", "年月", "项目名称", "工程名称", "单位名称", "部门")
_PAY_WORDS = ("工资", "应发", "实发", "支出", "人数", "保险", "税金")
_SCHEDULE_WORDS = ("排班", "班次", "工作日模板")


def explain(kind: KindSpec, sheets: Sequence[Sheet], best: Choice | None) -> str:
    """The refusal of a workbook of which no sheet can be read as ``kind``."""
    where = f"工作表“{best.sheet.name}”" if best and best.sheet.name else "文件"
    if best and ("one_month",) in best.missing:
        return f"{where}是按月份横排的年度汇总表（每月一列），不是某一个月的工资表。请上传单月的工资明细表。"
    if kind.name == "payroll" and _monthly_summary(best, sheets):
        return f"{where}是按月汇总表，没有人员姓名列，不能作为工资表导入。请上传每人一行的工资明细表。"
    if kind.name == "payroll" and _department_summary(best):
        return (
            f"{where}是按部门或项目汇总的表，没有人员姓名列，不能作为工资表导入。请上传每人一行的工资明细表。"
        )
    if kind.name == "attendance" and best and _schedule(best, sheets):
        return f"{where}是排班模板（只有日期和规定的上下班时间，没有人员，也没有实际打卡），不是考勤记录。请上传每人的考勤表。"
    if best is None or best.score < 1.5:
        wanted = "、".join(_group_title(kind, group) for group in kind.required)
        return f"没有找到{kind.title}的表头：需要有{wanted}列。请确认选对了文件和表格种类。"
    found = "、".join(dict.fromkeys(best.header.shown[c] for c in sorted(best.assignment.columns.values())))
    missing = "、".join(_group_title(kind, group) for group in best.missing)
    has = f"只认出了“{found}”" if found else "一列也没有认出"
    who = "，无法知道是谁的" if best.missing and "name" in best.missing[0] else ""
    return f"{where}不能作为{kind.title}读取：缺少{missing}列{who}（{has}）。请补上该列，或手工指定列的对应关系。"


def _group_title(kind: KindSpec, group: tuple[str, ...]) -> str:
    if group == ("days",):
        return "按日考勤（1至31日）、打卡时间或出勤天数"
    titles = [f"“{kind.title_of(name)}”" for name in group[:3]]
    return titles[0] if len(titles) == 1 else "或".join(titles)


def _words(best: Choice | None, sheets: Sequence[Sheet]) -> str:
    """The first lines of the sheet that came closest, or of all, squeezed together."""
    chosen = [best.sheet] if best else list(sheets)
    lines = [cell for sheet in chosen for row in sheet.rows[:6] for cell in row if isinstance(cell, str)]
    return squeeze("|".join(lines))


def _monthly_summary(best: Choice | None, sheets: Sequence[Sheet]) -> bool:
    words = _words(best, sheets)
    sheet = best.sheet if best else next(iter(sheets), None)
    if sheet is None or "姓名" in words:
        return False
    first = [squeeze(str(row[0])) for row in sheet.rows if row]
    months = sum(1 for text in first if text.rstrip("份").endswith("月") and len(text) <= 9)
    return (months >= 3 and any(w in words for w in _PAY_WORDS)) or (
        "月份" in words and any(w in words for w in _SUMMARY_WORDS) and any(w in words for w in _PAY_WORDS)
    )


def _department_summary(best: Choice | None) -> bool:
    """Amounts and numbers of people, but nobody's name."""
    if best is None or "name" in best.assignment.columns:
        return False
    words = "".join("".join(path) for path in best.header.paths)
    return "人数" in words and any(word in words for word in _PAY_WORDS if word != "人数")


def _schedule(best: Choice, sheets: Sequence[Sheet]) -> bool:
    words = _words(best, sheets)
    no_person = not {"name", "id_number", "employee_number"} & set(best.assignment.columns)
    timetable = "上班时间" in words and "下班时间" in words and "打卡" not in words and "签到" not in words
    return no_person and (timetable or any(w in words for w in _SCHEDULE_WORDS))
