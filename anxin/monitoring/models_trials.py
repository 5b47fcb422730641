"""Back-tests that were asked for, and how often each rule has been right."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Backtest(models.Model):
    """Rules, as they are or with other numbers, over a past period of this bureau's own records."""

    class State(models.TextChoices):
        WAITING = "waiting", "排队中"
        RUNNING = "running", "进行中"
        DONE = "done", "已完成"
        FAILED = "failed", "没有做成"

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    first = models.DateField()
    last = models.DateField()
    #: codes; empty: every rule that is not retired
    rules = models.JSONField(default=list)
    #: values on trial, as in a data file of the law; empty: the law as it is
    changes = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    days_done = models.IntegerField(default=0)
    days = models.IntegerField(default=0)
    #: scores, appeared and vanished warnings, workload by organisation and district (see ``backtest.reporting``)
    report = models.JSONField(null=True)
    problem = models.CharField(max_length=300, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # the list, newest first
            models.Index(fields=["-id"], name="backtest_newest"),
        ]


class RuleAccuracy(models.Model):
    """How often one rule was right in one district and period; replaced by each new count."""

    class Source(models.TextChoices):
        CLOSURES = "closures", "办结情况"
        HINDSIGHT = "hindsight", "事后到账"

    rule = models.CharField(max_length=12)
    #: six digits of the district; empty: all of the bureau's
    region = models.CharField(max_length=6, blank=True)
    source = models.CharField(max_length=10, choices=Source.choices)
    #: ``2026Q3``, of the day the warnings were first given; empty: the whole period
    quarter = models.CharField(max_length=6, blank=True)
    first = models.DateField()
    last = models.DateField()
    fired = models.IntegerField()
    #: judged right; empty where nothing can be judged
    true = models.IntegerField(null=True)
    #: of how many judged
    judged = models.IntegerField(null=True)
    #: how many of ``fired`` have a conclusion, one that judges or not; empty where conclusions are not asked
    concluded = models.IntegerField(null=True)
    cases = models.IntegerField(null=True)
    found = models.IntegerField(null=True)
    lead_days_median = models.FloatField(null=True)
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "region", "source", "quarter"], name="accuracy_once_a_quarter"
            ),
        ]
