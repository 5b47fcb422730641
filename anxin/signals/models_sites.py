"""What is known of sites from permits, bids, inspection, gauges and the weather."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anxin.evidence.models import Recorded
from anxin.registry.models import Project, Region


class KnownSite(Recorded):
    """A site that a permit, a published bid, an inspector's round or a grid worker's names."""

    class Source(models.TextChoices):
        PERMIT = "permit", "施工许可"
        BID = "bid", "中标公示"
        INSPECTION = "inspection", "巡查"
        GRID = "grid", "网格上报"

    source = models.CharField("来源", max_length=12, choices=Source.choices)
    number = models.CharField("编号", max_length=80)
    name = models.CharField("项目名称", max_length=160)
    #: the name without punctuation, brackets and words that sites share: what names are compared by
    plain_name = models.CharField(max_length=160)
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    on = models.DateField("日期")
    owner_name = models.CharField("建设单位", max_length=120, blank=True)
    contractor_name = models.CharField("总包单位", max_length=120, blank=True)
    contract_fen = models.BigIntegerField("合同价款（分）", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "number"],
                condition=Q(superseded_at__isnull=True),
                name="known_site_current_once",
            )
        ]


class SiteDecision(models.Model):
    """What a person decided about a known site: which project it is, or why it is under no supervision here.

    It hangs on the site's number, so that a later delivery of the same site moves nothing.
    """

    source = models.CharField(max_length=12, choices=KnownSite.Source.choices)
    number = models.CharField(max_length=80)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, related_name="site_decisions")
    #: why it is not subject to supervision; empty where a project was named
    reason = models.CharField(max_length=200, blank=True)
    decided_by_name = models.CharField(max_length=80)
    decided_at = models.DateTimeField()
    #: taken back, or replaced by another decision
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "number"], condition=Q(ended_at__isnull=True), name="site_decision_once"
            ),
            models.CheckConstraint(
                condition=Q(project__isnull=False) | ~Q(reason=""), name="site_decision_says_something"
            ),
        ]


class BoardCheck(Recorded):
    """One look at the rights notice board of a site."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="board_checks")
    checked_on = models.DateField("检查日期")
    standing = models.BooleanField("是否设立")
    missing_items = models.IntegerField("缺项数", default=0)
    fix_by = models.DateField("限改日期", null=True)
    fixed_on = models.DateField("改正日期", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "checked_on"],
                condition=Q(superseded_at__isnull=True),
                name="board_check_current_once",
            )
        ]


class Standstill(Recorded):
    """A span in which a site stood still; the last day is included, none means that it still stands."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="standstills")
    from_day = models.DateField("起")
    until_day = models.DateField("止", null=True)
    cause = models.CharField("原因", max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "from_day"],
                condition=Q(superseded_at__isnull=True),
                name="standstill_current_once",
            )
        ]


class SitePower(Recorded):
    """Power a site used on a day."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="power_days")
    day = models.DateField("日期")
    power_kwh = models.FloatField("用电量", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "day"],
                condition=Q(superseded_at__isnull=True),
                name="site_power_current_once",
            )
        ]


class RainDay(Recorded):
    """Rain that fell in a region on a day."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    day = models.DateField("日期")
    rain_mm = models.FloatField("降雨量", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "day"],
                condition=Q(superseded_at__isnull=True),
                name="rain_day_current_once",
            )
        ]
