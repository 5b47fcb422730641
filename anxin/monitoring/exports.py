"""Warning lists as workbooks, in the columns an office expects."""

from __future__ import annotations

import datetime as dt

from anxin.accounts.models import User
from anxin.evidence.workbooks import Column, Sheet, sheets_workbook
from anxin.monitoring.access import visible_warnings
from anxin.monitoring.models import Level, Warning
from anxin.monitoring.queries import SORTS, WarningFilters, all_warnings, filtered
from anxin.monitoring.sections import SECTIONS, divided, section_of
from anxin.registry.models import Project

#: shapes that tell the levels apart in a black-and-white print
MARKS = {Level.RED: "●", Level.ORANGE: "▲", Level.YELLOW: "■", Level.BLUE: "◆"}

#: beyond this a list is for a report, not for a person to read
LIMIT = 50_000

COLUMNS = (
    Column("序号", "number", 6),
    Column("预警编号", "text", 10),
    Column("级别", "text", 10),
    Column("类别", "text", 10),
    Column("状态", "text", 10),
    Column("预警事项", "text", 60),
    Column("项目编码或单位代码"),
    Column("项目或单位名称"),
    Column("所属地区"),
    Column("行业", "text", 8),
    Column("主管单位"),
    Column("所属月份", "text", 10),
    Column("涉及人数", "number", 10),
    Column("涉及金额（元）", "yuan", 16),
    Column("最长逾期（天）", "number", 10),
    Column("首次发现", "date", 12),
    Column("处置期限", "date", 12),
    Column("承办单位"),
    Column("承办人"),
    Column("结论", "text", 18),
)


def warnings_workbook(user: User | None, filters: WarningFilters, *, on: dt.date, office: str) -> bytes:
    """The filtered list as ``.xlsx``, each part on a sheet of its own; without ``user``, all the operator sees.

    ``office`` is the 填报单位. At most :data:`LIMIT` rows; the line under the title says so where it was cut.
    """
    rows = all_warnings() if user is None else visible_warnings(user)
    rows = filtered(rows, filters, on=on, user=user)
    expression, descending = SORTS[filters.sort]
    rows = rows.annotate(sort_key=expression).order_by("-sort_key" if descending else "sort_key", "-pk")
    found = list(rows[: LIMIT + 1])
    cut = f"　只列出前{LIMIT}条" if len(found) > LIMIT else ""
    months = sorted({warning.month for warning in found if warning.month})
    period = f"　所属期间：{months[0]}至{months[-1]}" if months else ""
    subtitle = f"填报单位：{office}{period}　导出日期：{on.isoformat()}　金额单位：元{cut}"
    sheets = [
        Sheet(
            f"{_TITLES.get(part.key, '预警清单')}（{part.title}）",
            subtitle,
            COLUMNS,
            [_row(number, warning) for number, warning in enumerate(part.items, start=1)],
            sheet=part.title,
        )
        for part in divided(found[:LIMIT])
    ]
    asked = SECTIONS.get(filters.family, "")
    title = f"预警清单（{asked}）" if asked else "预警清单"
    return sheets_workbook(sheets or [Sheet(title, subtitle, COLUMNS, [], sheet=asked)])


_TITLES = {"wages": "欠薪预警清单", "advice": "待核实清单"}


def _row(number: int, warning: Warning) -> list[object]:
    subject = warning.subject
    project = subject if isinstance(subject, Project) else None
    return [
        number,
        str(warning.pk),
        f"{MARKS[Level(warning.level)]}{Level(warning.level).label}",
        SECTIONS[section_of(warning)],
        warning.get_state_display(),
        warning.sentence,
        warning.subject_code,
        subject.name,
        subject.region.name if subject.region else "",
        project.get_industry_display() if project else "",
        warning.responsible.name if warning.responsible else "",
        warning.month,
        warning.people,
        warning.amount_fen,
        warning.longest_days,
        warning.first_seen,
        warning.act_by,
        warning.assigned_organisation.name if warning.assigned_organisation else "",
        str(warning.assigned_to) if warning.assigned_to else "",
        warning.conclusion_title if warning.concluded_on else "",
    ]
