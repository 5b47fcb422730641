"""People who sign in, and what they may do where."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models


class Role(models.TextChoices):
    LEADER = "leader", "领导"
    INSPECTOR = "inspector", "监察员"
    CLERK = "clerk", "录入员"
    AUDITOR = "auditor", "审计员"
    ADMIN = "admin", "系统管理员"
    # people outside the bureau, each in a portal of their own
    PAYROLL_CLERK = "payroll_clerk", "劳资专管员"
    BANK_OPERATOR = "bank_operator", "银行经办"
    GRID_WORKER = "grid_worker", "网格员"
    MEDIATOR = "mediator", "调解员"
    ARBITRATOR = "arbitrator", "仲裁员"


class User(AbstractUser):
    """Somebody who signs in. ``display_name`` is what colleagues read."""

    display_name = models.CharField("姓名", max_length=40)
    office = models.CharField("单位", max_length=80, blank=True)

    def __str__(self) -> str:
        return self.display_name or self.username


class Grant(models.Model):
    """One role in one scope: a region's subtree × an industry × an organisation; empty means all.

    Roles outside the bureau have the one employer or institution they work for instead, and never "all".
    Codes, not foreign keys: regions, organisations and employers are registered above this package.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField("角色", max_length=16, choices=Role.choices)
    #: significant digits of a GB/T 2260 code: ``9901`` covers ``990102`` and its streets
    region = models.CharField("地区", max_length=12, blank=True)
    industry = models.CharField("行业", max_length=20, blank=True)
    #: code of the organisation that answers for the project
    organisation = models.CharField("单位代码", max_length=20, blank=True)
    #: unified social credit code of the employer a payroll clerk works for
    employer = models.CharField("用人单位", max_length=18, blank=True)
    #: code of the bank, insurer or guarantor an operator works for
    institution = models.CharField("金融机构", max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "region", "industry", "organisation", "employer", "institution"],
                name="grant_once",
            )
        ]
