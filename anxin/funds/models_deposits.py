"""What happens to a wage deposit, and the owner's guarantee that the project itself is paid for."""

from __future__ import annotations

from django.db import models

from anxin.evidence.models import Recorded
from anxin.registry.models import Organisation, Project


class DepositEvent(Recorded):
    """One event in the life of a wage deposit, known again by its content: sent twice, it is one event."""

    class Kind(models.TextChoices):
        ISSUED = "issued", "存储或出具"
        RENEWED = "renewed", "延期"
        USE_ORDERED = "use_ordered", "发出支付通知"
        USED = "used", "支付给农民工"
        TOPPED_UP = "topped_up", "补足"
        NOTICE = "notice", "返还公示"
        RELEASED = "released", "返还"

    deposit = models.ForeignKey("funds.WageDeposit", on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    on = models.DateField()
    amount_fen = models.BigIntegerField(null=True)
    valid_until = models.DateField(null=True)
    #: number of the decision, the notice or the new letter
    number = models.CharField(max_length=80, blank=True)
    people = models.PositiveIntegerField(null=True)
    note = models.CharField(max_length=200, blank=True)
    natural_key = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["deposit", "natural_key"],
                condition=models.Q(superseded_at__isnull=True),
                name="deposit_event_current_once",
            )
        ]


class PaymentGuarantee(Recorded):
    """The owner's guarantee that project money is paid (工程款支付担保)."""

    class Kind(models.TextChoices):
        BANK = "bank", "银行保函"
        INSURANCE = "insurance", "保证保险"
        GUARANTOR = "guarantor", "担保公司保函"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="payment_guarantees")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    institution = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True)
    number = models.CharField(max_length=60, blank=True)
    amount_fen = models.BigIntegerField()
    valid_from = models.DateField()
    valid_until = models.DateField()
    released_on = models.DateField(null=True)


class DepositAssessment(Recorded):
    """What a project was found to owe as a wage deposit, with the facts it was worked out from and its lines."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="deposit_assessments")
    on = models.DateField()
    #: ``deposit_amount.DepositFacts`` as JSON: amounts in fen, days as text
    facts = models.JSONField()
    amount_fen = models.BigIntegerField()
    exempt = models.BooleanField(default=False)
    percent = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    #: ``[text, basis, needs_check]`` line by line, as it was then
    lines = models.JSONField()
    law_digest = models.CharField(max_length=64)
    #: number of the paper in which it was fixed
    number = models.CharField(max_length=80, blank=True)
