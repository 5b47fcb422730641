"""用人单位: the work list by expected harm, and one employer's page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.months import Month
from anxin.monitoring import queries_employers as queries
from anxin.monitoring.access import visible_warnings
from anxin.monitoring.models import EmployerGrade, Level
from anxin.monitoring.queries_employers import GradeFilters
from anxin.registry.access import visible_projects
from anxin.registry.aliases import aliases_of
from anxin.registry.models import Region
from anxin.web import clock, lists
from anxin.web.bureau import aliases
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

EXPORT_LIMIT = 20_000
_LEVELS = [(str(value), label) for value, label in reversed(Level.choices)] + [("0", "没有迹象")]


@page(access.VIEW)
def listing(request: HttpRequest) -> HttpResponse:
    """Employers with any sign, the greatest expected harm first."""
    user, filters = user_of(request), _filters(request)
    found = queries.grade_page(user, filters, request.GET.get("after", ""))
    context = {
        "money_tab": "employers",
        "filters": filters,
        "rows": [_row(grade) for grade in found.items],
        "next_key": found.next_after,
        "levels": _LEVELS,
        "regions": region_choices(user),
        "month": filters.month,
        "graded": bool(filters.month),
        "narrowed": any((filters.text, filters.region, filters.level)),
    }
    return render(request, "bureau/employers.html", context)


@page(access.VIEW)
def export(request: HttpRequest) -> HttpResponse:
    """The filtered work list as a workbook."""
    user, filters, today = user_of(request), _filters(request), clock.today()
    columns = (
        Column("统一社会信用代码", "text", 22),
        Column("单位名称"),
        Column("地区", "text", 14),
        Column("级别", "text", 10),
        Column("涉及人数", "number", 10),
        Column("计算月数", "number", 10),
        Column("付不出工资的程度（%）", "number", 14),
        Column("预计损害（人·月）", "number", 14),
        Column("理由一"),
        Column("理由二"),
        Column("理由三"),
        Column("情况不明的数据", "text", 24),
    )
    levels = dict(Level.choices)
    rows = []
    for grade in queries.graded(user, filters)[:EXPORT_LIMIT]:
        reasons = [reason.sentence for reason in queries.reasons_of(grade)]
        rows.append(
            [
                grade.employer.uscc,
                grade.employer.name,
                grade.employer.region.name if grade.employer.region else "",
                levels.get(grade.level, "没有迹象"),
                grade.people,
                grade.months,
                grade.inability,
                grade.harm / 100,
                *reasons,
                *[""] * (3 - len(reasons)),
                "、".join(queries.unknown_of(grade)),
            ]
        )
    subtitle = (
        f"填报单位：{lists.office_of(user)}　评级月份：{filters.month or '尚未评级'}　导出日期：{today}"
    )
    data = table_workbook("用人单位风险清单", subtitle, columns, rows)
    return lists.workbook_response(data, "用人单位风险清单", today)


@page(access.VIEW)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything known about one employer."""
    user = user_of(request)
    seen = queries.visible_employers(user)
    employer = or_404(seen.filter(pk=pk).first())
    grades = queries.grades_of(employer)
    months = queries.months_of(employer, Month.of(clock.today()))
    warnings = visible_warnings(user).filter(employer=employer).order_by("-level", "-pk")
    projects = (
        visible_projects(user).filter(participations__employer=employer).distinct().order_by("name", "pk")
    )
    context = {
        "money_tab": "employers",
        "employer": employer,
        "profile": queries.profile_of(employer),
        "grade": grades[0] if grades else None,
        "reasons": queries.reasons_of(grades[0]) if grades else [],
        "unknown": queries.unknown_of(grades[0]) if grades else [],
        "grades": grades,
        "months": months,
        "most": max((month.insured or 0 for month in months), default=0) or 1,
        "reported": any(month != queries.EmployerMonth(month.month) for month in months),
        "events": queries.events_of(employer),
        "clues": queries.clues_of(employer),
        "links": queries.links_of(employer, seen),
        "warnings": list(warnings[:50]),
        "projects": list(projects[:50]),
        "aliases": aliases.shown(user, aliases_of(user, employer)),
    }
    return render(request, "bureau/employer.html", context)


def region_choices(user: User) -> list[Region]:
    """Cities and counties of this person's places that have employers."""
    codes = queries.visible_employers(user).exclude(region=None).order_by()
    found = codes.values_list("region_id", flat=True).distinct()
    wanted = {code[:length] for code in found for length in (4, 6) if len(code) >= length}
    return list(Region.objects.filter(code__in=wanted).order_by("code"))


def _filters(request: HttpRequest) -> GradeFilters:
    asked = {name: request.GET.get(name, "") for name in ("month", "text", "region", "level")}
    asked["month"] = asked["month"] or queries.latest_month()
    return GradeFilters(**asked)


def _row(grade: EmployerGrade) -> dict[str, Any]:
    return {
        "grade": grade,
        "employer": grade.employer,
        "harm": grade.harm / 100,
        "reasons": queries.reasons_of(grade),
        "unknown": queries.unknown_of(grade),
    }
