"""What was said and ordered about unpaid wages outside this house."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anxin.evidence.models import Recorded
from anxin.registry.models import Employer, Project, Region
from anxin.workforce.models import Worker


class Clue(Recorded):
    """One entry of the list of leads. Who spoke is kept as a keyed hash, never as a name or a number."""

    number = models.CharField("编号", max_length=80)
    channel = models.CharField("渠道", max_length=40)
    received_on = models.DateField("接收日期")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, related_name="clues")
    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, null=True, related_name="clues")
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    person_hash = models.CharField(max_length=64, blank=True)
    people = models.IntegerField("人数", null=True)
    amount_fen = models.BigIntegerField("金额（分）", null=True)
    months = models.FloatField("月数", null=True)
    extreme = models.BooleanField("极端", default=False)
    closed_on = models.DateField("办结日期", null=True)
    founded = models.BooleanField("属实", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=Q(superseded_at__isnull=True), name="clue_current_once"
            )
        ]
        indexes = [
            # an employer's leads, by day
            models.Index(fields=["employer", "received_on"], name="clue_employer"),
        ]


class PaymentOrder(Recorded):
    """An order to pay (责令支付) with its last day."""

    number = models.CharField("文书号", max_length=80)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, null=True, related_name="payment_orders")
    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, null=True, related_name="payment_orders")
    region = models.ForeignKey(Region, on_delete=models.PROTECT)
    served_on = models.DateField("送达日期")
    due_on = models.DateField("期满日期")
    people = models.IntegerField("人数", null=True)
    amount_fen = models.BigIntegerField("金额（分）", null=True)
    months = models.FloatField("最长月数", null=True)
    paid_on = models.DateField("付清日期", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=Q(superseded_at__isnull=True), name="payment_order_current_once"
            )
        ]


class CardFlow(Recorded):
    """Money that left a wage card, as a bank told it. Both accounts are kept as keyed hashes only."""

    card_hash = models.CharField(max_length=64)
    at = models.DateTimeField("时间")
    amount_fen = models.BigIntegerField("金额（分）")
    to_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            # begins with the card: the flows of a site's cards
            models.UniqueConstraint(
                fields=["card_hash", "at", "amount_fen", "to_hash"],
                condition=Q(superseded_at__isnull=True),
                name="card_flow_current_once",
            )
        ]


class LeaverSettlement(Recorded):
    """What a leaver said about the settlement; one who said nothing has no row."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="settlements")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="settlements")
    left_on = models.DateField("退场日期")
    confirmed_on = models.DateField("确认结清日期", null=True)
    contested_on = models.DateField("异议日期", null=True)
    handling = models.BooleanField("异议办理中", default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "worker"],
                condition=Q(superseded_at__isnull=True),
                name="settlement_current_once",
            )
        ]
