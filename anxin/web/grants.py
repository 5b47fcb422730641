"""Roles and their scopes in words, for whoever manages accounts and for one's own account page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from anxin.accounts import access
from anxin.accounts.models import Grant, Role
from anxin.registry.models import Employer, Industry, Organisation, Region

_MAY = {
    access.VIEW: "查看",
    access.HANDLE: "处置预警",
    access.CLEAR: "决定消除",
    access.DECIDE: "作出领导决定",
    access.IMPORT: "导入文件",
    access.UNMASK: "查看完整个人信息",
    access.LAW: "提出本地数值",
    access.CONFIRM_LAW: "确认本地数值",
    access.MANAGE: "管理账号",
    access.AUDIT: "查阅日志",
    access.EMPLOYER: "办理本单位的用工和工资",
    access.BANK: "办理本机构的账户和代发",
    access.REPORT: "上报本网格的情况",
    access.MEDIATE: "调解交给本人的案件",
    access.ARBITRATE: "审理本人组成仲裁庭的案件",
}


@dataclass(frozen=True)
class GrantShown:
    """A grant in words."""

    pk: int
    role: str
    where: str
    may: str


def described_grants(grants: Iterable[Grant]) -> list[GrantShown]:
    """Grants in words; three queries however many there are."""
    found = list(grants)
    regions = dict(Region.objects.filter(code__in={g.region for g in found}).values_list("code", "name"))
    bodies = dict(
        Organisation.objects.filter(
            code__in={code for g in found for code in (g.organisation, g.institution)}
        ).values_list("code", "name")
    )
    firms = dict(Employer.objects.filter(uscc__in={g.employer for g in found}).values_list("uscc", "name"))
    industries = dict(Industry.choices)
    shown = []
    for grant in found:
        where = [
            regions.get(grant.region, grant.region),
            str(industries.get(grant.industry, grant.industry)),
            bodies.get(grant.organisation, grant.organisation),
            firms.get(grant.employer, grant.employer),
            bodies.get(grant.institution, grant.institution),
        ]
        permissions = "、".join(words for name, words in _MAY.items() if name in access.MAY[grant.role])
        role = Role(grant.role).label
        shown.append(
            GrantShown(grant.pk, str(role), "、".join(filter(None, where)) or "全部范围", permissions)
        )
    return shown
