"""Regions, organisations, employers, projects, and who plays which role in a project."""

from __future__ import annotations

from django.db import models

from anxin.evidence.models import Recorded


class Region(models.Model):
    """A place of GB/T 2260 down to street, or of the bureau's own tree below it.

    The code holds only its significant digits (``99``, ``9901``, ``990102``, ``990102003``), so that the
    subtree of a region is the codes that start with it.
    """

    code = models.CharField(primary_key=True, max_length=12)
    name = models.CharField(max_length=60)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")

    def __str__(self) -> str:
        return self.name


class Industry(models.TextChoices):
    HOUSING = "housing", "住建"
    TRANSPORT = "transport", "交通"
    WATER = "water", "水务"
    OTHER = "other", "其他"


class Organisation(models.Model):
    """A public body, bank, insurer, guarantor or hotline centre."""

    class Kind(models.TextChoices):
        BUREAU = "bureau", "人社部门"
        INDUSTRY_AUTHORITY = "industry_authority", "行业主管部门"
        TOWN = "town", "镇街"
        BANK = "bank", "银行"
        INSURER = "insurer", "保险机构"
        GUARANTOR = "guarantor", "担保公司"
        HOTLINE = "hotline", "12345热线"

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True)

    def __str__(self) -> str:
        return self.name


class Employer(models.Model):
    """A business, known by its unified social credit code (GB 32100)."""

    uscc = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=120, db_index=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True)

    def __str__(self) -> str:
        return self.name


class Project(models.Model):
    """A construction project under supervision."""

    class State(models.TextChoices):
        IN_PROGRESS = "in_progress", "在建"
        SUSPENDED = "suspended", "停工"
        COMPLETED = "completed", "完工"

    code = models.CharField("项目编码", max_length=40, unique=True)
    name = models.CharField("项目名称", max_length=120)
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    industry = models.CharField(max_length=20, choices=Industry.choices)
    #: the body that answers for this project (谁主管谁负责)
    responsible = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.IN_PROGRESS)
    permit_number = models.CharField("施工许可证号", max_length=60, blank=True)
    permit_on = models.DateField("施工许可日期", null=True)
    commencement = models.DateField("开工日期", null=True)
    planned_completion = models.DateField("计划竣工日期", null=True)
    #: the day the construction contract was signed, from which the days for the special account run
    contract_on = models.DateField("施工合同签订日期", null=True)
    completion = models.DateField("竣工日期", null=True)
    contract_fen = models.BigIntegerField("合同价款（分）", null=True)
    #: agreed pay day: day of month, in the wage month (0) or the month after (1)
    pay_day = models.PositiveSmallIntegerField("发薪日", null=True)
    pay_month_offset = models.PositiveSmallIntegerField(default=1)
    government_invested = models.BooleanField("政府投资", default=False)
    #: money of state-owned businesses, where it is not the government's own
    state_invested = models.BooleanField("国有企业投资", default=False, db_default=False)
    site_address = models.CharField("工地地址", max_length=200, blank=True)
    #: where the site is, in degrees as telephones tell them (WGS 84); both or neither
    latitude = models.DecimalField("纬度", max_digits=8, decimal_places=5, null=True)
    longitude = models.DecimalField("经度", max_digits=8, decimal_places=5, null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [
            # the project list within a region's subtree, by key
            models.Index(fields=["region", "id"], name="project_region"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pay_day__isnull=True) | models.Q(pay_day__range=(1, 31)),
                name="pay_day_in_month",
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="project_place_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Participation(models.Model):
    """One employer's role in one project."""

    class Role(models.TextChoices):
        OWNER = "owner", "建设单位"
        GENERAL_CONTRACTOR = "general_contractor", "施工总承包单位"
        SUBCONTRACTOR = "subcontractor", "分包单位"
        LABOUR_COMPANY = "labour_company", "劳务公司"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="participations")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="participations")
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "employer", "role"], name="participation_once")
        ]


class ProjectApproval(Recorded):
    """A permit or filing of the project: planning, construction permit, contract filing."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="approvals")
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=80)
    issued_on = models.DateField(null=True)
    issuer = models.CharField(max_length=80, blank=True)


# Django finds models through this module.
from anxin.registry.models_aliases import Alias  # noqa: E402, F401
