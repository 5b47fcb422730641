"""Warning lists as workbooks, in the columns an office expects."""

from __future__ import annotations

import datetime as dt

from anxin.accounts.models import User
from anxin.evidence.workbooks import Column, table_workbook
from anxin.monitoring.access import visible_warnings
from anxin.monitoring.models import Level, Warning
from anxin.monitoring.queries import SORTS, WarningFilters, all_warnings, filtered

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
    Column("项目编码"),
    Column("项目名称"),
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
)


def warnings_workbook(user: User | None, filters: WarningFilters, *, on: dt.date, office: str) -> bytes:
    """The filtered list as ``.xlsx``; without ``user``, all that the operator sees.

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
    table = [_row(number, warning) for number, warning in enumerate(found[:LIMIT], start=1)]
    return table_workbook("欠薪预警清单", subtitle, COLUMNS, table)


def _row(number: int, warning: Warning) -> list[object]:
    project = warning.project
    return [
        number,
        str(warning.pk),
        f"{MARKS[Level(warning.level)]}{Level(warning.level).label}",
        warning.get_family_display(),
        warning.get_state_display(),
        warning.sentence,
        project.code,
        project.name,
        project.region.name,
        project.get_industry_display(),
        project.responsible.name if project.responsible else "",
        warning.month,
        warning.people,
        warning.amount_fen,
        warning.longest_days,
        warning.first_seen,
        warning.act_by,
        warning.assigned_organisation.name if warning.assigned_organisation else "",
        str(warning.assigned_to) if warning.assigned_to else "",
    ]
