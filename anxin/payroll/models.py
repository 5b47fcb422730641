"""Payrolls and their lines: what was promised per month."""

from __future__ import annotations

from typing import Any

from django.db import models

from anxin.evidence.models import Recorded
from anxin.evidence.sealing import SealedField
from anxin.registry.models import Project
from anxin.workforce.models import Worker


class Payroll(models.Model):
    """One project's wage month. Lines come from one or more files and may be corrected by later ones."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="payrolls")
    month = models.CharField(max_length=7)
    first_recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "month"], name="payroll_month_once")]


class PayrollLine(Recorded):
    """What one person was promised. ``worker`` is empty where the file does not say who, beyond a name."""

    payroll = models.ForeignKey(Payroll, on_delete=models.CASCADE, related_name="lines")
    #: the payroll's own month once more: by it the table lies in pieces (``evidence.months``)
    month = models.CharField(max_length=7)
    # The index line_worker begins with the worker, so that the column needs none of its own.
    worker = models.ForeignKey(
        Worker, on_delete=models.PROTECT, null=True, related_name="payroll_lines", db_index=False
    )
    name = models.CharField(max_length=60)
    #: who the line is for, within the month: ``w<id>`` for a known worker, else the name (and work number)
    person_key = models.CharField(max_length=120)
    team = models.CharField(max_length=60, blank=True)
    days_worked = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    gross_fen = models.BigIntegerField()
    deduction_fen = models.BigIntegerField(null=True)
    net_fen = models.BigIntegerField()
    bank_card = SealedField(null=True)
    card_hash = models.CharField(max_length=64, blank=True)
    #: SHA-256 of what the row says: an unchanged row in a later file is left alone
    content_hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            # one person's wages over all sites
            models.Index(fields=["worker", "id"], name="line_worker"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["payroll", "person_key", "month"],
                condition=models.Q(superseded_at__isnull=True),
                name="line_current_once",
            )
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.month = self.payroll.month
        super().save(*args, **kwargs)


class PaymentReference(models.Model):
    """A reference of ours in an order to a bank (``AX…``), and whose wage of which month it pays."""

    reference = models.CharField(max_length=30, unique=True)
    payroll = models.ForeignKey(Payroll, on_delete=models.CASCADE, related_name="references")
    #: the line's key within the month: the reference stays with the person when the line is corrected
    person_key = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()
