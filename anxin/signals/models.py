"""What other bodies report about employers, month by month and happening by happening."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anxin.evidence.models import Recorded
from anxin.registry.models import Employer, Region
from anxin.signals.models_sites import (
    BoardCheck,
    KnownSite,
    RainDay,
    SiteDecision,
    SitePower,
    Standstill,
)
from anxin.signals.models_wages import CardFlow, Clue, LeaverSettlement, PaymentOrder

__all__ = [
    "BoardCheck",
    "CardFlow",
    "Clue",
    "EmployerEvent",
    "EmployerLink",
    "EmployerProfile",
    "InsuranceMonth",
    "KnownSite",
    "LeaverSettlement",
    "Officer",
    "PaymentOrder",
    "RainDay",
    "SiteDecision",
    "SitePower",
    "SourceMonth",
    "Standstill",
    "UtilityMonth",
]


class EmployerProfile(Recorded):
    """What the market regulator reports of a business: its trade, its age, whether it still stands."""

    class Status(models.TextChoices):
        NORMAL = "normal", "存续"
        ABNORMAL = "abnormal", "经营异常"
        REVOKED = "revoked", "吊销"
        DEREGISTERED = "deregistered", "注销"

    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, related_name="profiles")
    industry = models.CharField("行业", max_length=60, blank=True)
    founded_on = models.DateField("成立日期", null=True)
    status = models.CharField("登记状态", max_length=12, choices=Status.choices, blank=True)
    status_on = models.DateField("状态日期", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employer"], condition=Q(superseded_at__isnull=True), name="profile_current_once"
            )
        ]


class InsuranceMonth(Recorded):
    """One employer's month at the social insurance: people, contributions, claims. Null is unknown, never zero."""

    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, related_name="insurance_months")
    month = models.CharField(max_length=7)
    insured = models.IntegerField("参保人数", null=True)
    hires = models.IntegerField("新增", null=True)
    leavers = models.IntegerField("减少", null=True)
    insurance_due_fen = models.BigIntegerField("应缴", null=True)
    insurance_arrears_months = models.IntegerField("欠缴月数", null=True)
    insurance_arrears_fen = models.BigIntegerField("欠缴", null=True)
    unemployment_claims = models.IntegerField("失业金申领人数", null=True)

    class Meta:
        constraints = [
            # also finds an employer's months, in order
            models.UniqueConstraint(
                fields=["employer", "month"],
                condition=Q(superseded_at__isnull=True),
                name="insurance_month_current_once",
            )
        ]
        indexes = [
            # the rows of one month, held against a delivery; the partitions of a snapshot
            models.Index(fields=["month"], name="insurance_month"),
        ]


class UtilityMonth(Recorded):
    """Water and power one employer used in a month. Null is unknown, never zero."""

    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, related_name="utility_months")
    month = models.CharField(max_length=7)
    water_m3 = models.FloatField("用水量", null=True)
    power_kwh = models.FloatField("用电量", null=True)

    class Meta:
        constraints = [
            # also finds an employer's months, in order
            models.UniqueConstraint(
                fields=["employer", "month"],
                condition=Q(superseded_at__isnull=True),
                name="utility_month_current_once",
            )
        ]
        indexes = [
            # the rows of one month, held against a delivery; the partitions of a snapshot
            models.Index(fields=["month"], name="utility_month"),
        ]


class EmployerEvent(Recorded):
    """One happening in a register of a court, a tribunal, an inspectorate, a tax office."""

    class Kind(models.TextChoices):
        ARBITRATION = "arbitration", "劳动仲裁"
        INSPECTION = "inspection", "劳动保障监察"
        ENFORCEMENT = "enforcement", "被执行"
        ABNORMAL_REGISTRATION = "abnormal_registration", "经营异常"
        DISHONESTY = "dishonesty", "失信"
        TAX_ARREARS = "tax_arrears", "欠税"

    number = models.CharField("编号", max_length=80)
    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField("种类", max_length=24, choices=Kind.choices)
    on = models.DateField("日期")
    until = models.DateField("止", null=True)
    people = models.IntegerField("人数", null=True)
    amount_fen = models.BigIntegerField("金额（分）", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=Q(superseded_at__isnull=True), name="employer_event_current_once"
            )
        ]
        indexes = [
            # what happened to one employer
            models.Index(fields=["employer", "on"], name="event_employer"),
        ]


class EmployerLink(Recorded):
    """Two businesses with a common owner or legal representative; stands once, in either direction."""

    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(Employer, on_delete=models.CASCADE, related_name="links_from")
    kind = models.CharField("关系", max_length=40)
    since = models.DateField("起", null=True)
    until = models.DateField("止", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "other", "kind"],
                condition=Q(superseded_at__isnull=True),
                name="employer_link_current_once",
            )
        ]


class Officer(Recorded):
    """A registered person of a business, or a relative it declared; known by a keyed hash alone."""

    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, related_name="officers")
    person_hash = models.CharField(max_length=64)
    office = models.CharField("职务", max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employer", "person_hash", "office"],
                condition=Q(superseded_at__isnull=True),
                name="officer_current_once",
            )
        ]


class SourceMonth(Recorded):
    """A source has delivered a month for a region: what is absent there is absent, and not merely late."""

    class Source(models.TextChoices):
        SOCIAL = "social", "社会保险"
        UNEMPLOYMENT = "unemployment", "失业金申领"
        WATER = "water", "用水"
        POWER = "power", "用电"

    source = models.CharField(max_length=12, choices=Source.choices)
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    month = models.CharField(max_length=7)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "region", "month"],
                condition=Q(superseded_at__isnull=True),
                name="source_month_current_once",
            )
        ]
