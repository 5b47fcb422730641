"""What must hold for a project's registered values, and how the journal shows them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from anxin.kernel.refusal import Refused
from anxin.registry.models import Industry, Project

#: the values a bureau registers and may later change
FIELDS = (
    "code",
    "name",
    "region",
    "industry",
    "responsible",
    "state",
    "permit_number",
    "permit_on",
    "commencement",
    "planned_completion",
    "completion",
    "contract_on",
    "contract_fen",
    "pay_day",
    "pay_month_offset",
    "government_invested",
    "state_invested",
    "site_address",
    "latitude",
    "longitude",
)


def project_values(project: Project) -> dict[str, Any]:
    """The registered values as JSON: dates as ISO text, places and bodies by code."""
    values: dict[str, Any] = {}
    for field in FIELDS:
        value = getattr(project, field)
        if isinstance(value, dt.date):
            value = value.isoformat()
        elif isinstance(value, Decimal):
            value = f"{value:.5f}"
        elif field in {"region", "responsible"}:
            value = value.code if value else None
        values[field] = value
    return values


def check_project(project: Project) -> None:
    """Raises :class:`Refused` with the first thing that cannot be right, naming its field."""
    _check_identity(project)
    _check_dates(project)
    if project.contract_fen is not None and project.contract_fen <= 0:
        raise Refused("合同价款应大于0；如尚未确定，请留空。", field="contract_fen")
    if project.pay_day is not None and not 1 <= project.pay_day <= 31:
        raise Refused("发薪日应为1至31之间的日期；如合同未约定，请留空。", field="pay_day")
    if project.pay_month_offset not in (0, 1):
        raise Refused("发薪月份只能是当月或次月，请重新选择。", field="pay_month_offset")
    _check_place(project)


def _check_identity(project: Project) -> None:
    for field, title, longest in (("code", "项目编码", 40), ("name", "项目名称", 120)):
        text = getattr(project, field)
        if not text:
            raise Refused(f"{title}不能为空，请填写。", field=field)
        if len(text) > longest:
            raise Refused(f"{title}最长{longest}个字，现在是{len(text)}个字，请缩短。", field=field)
    if project.industry not in Industry.values:
        raise Refused(f"行业“{project.industry}”不在可选范围内，请重新选择。", field="industry")
    if project.state not in Project.State.values:
        raise Refused(f"项目状态“{project.state}”不在可选范围内，请重新选择。", field="state")
    other = Project.objects.filter(code=project.code).exclude(pk=project.pk).first()
    if other:
        raise Refused(f"项目编码“{project.code}”已登记为“{other.name}”，请核对编码。", field="code")


def _check_dates(project: Project) -> None:
    if project.commencement:
        for field, title in (("planned_completion", "计划竣工日期"), ("completion", "竣工日期")):
            day = getattr(project, field)
            if day and day < project.commencement:
                raise Refused(f"{title}{day}早于开工日期{project.commencement}，请核对。", field=field)
    if project.state == Project.State.COMPLETED and not project.completion:
        raise Refused("项目状态为完工时，请填写竣工日期。", field="completion")


def _check_place(project: Project) -> None:
    if (project.latitude is None) != (project.longitude is None):
        missing = "latitude" if project.latitude is None else "longitude"
        raise Refused("纬度和经度要一起填写；不知道的请两项都留空。", field=missing)
    for field, title, most in (("latitude", "纬度", 90), ("longitude", "经度", 180)):
        degrees = getattr(project, field)
        if degrees is not None and not -most <= degrees <= most:
            raise Refused(f"{title}应在-{most}至{most}之间，请核对。", field=field)
