"""Money that people got in a matter of enforcement, each payment with its proof; what a clue counts stands in ``models_money``."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anxin.casework.models import Document, Matter
from anxin.clues.models import Claimant
from anxin.evidence.sealing import SealedField
from anxin.funds.models import BankReceipt
from anxin.referral.models_money import Recovered

__all__ = ["MatterPayment"]


class MatterPayment(models.Model):
    """What one person got after a decision or an award, to the fen. Without proof there is no row."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="payments")
    #: who of the matter's people, as ``payees.Payee.key``; empty where the name was typed
    person_key = models.CharField(max_length=24, blank=True)
    claimant = models.ForeignKey(Claimant, on_delete=models.PROTECT, null=True, related_name="+")
    person = SealedField()
    amount_fen = models.BigIntegerField()
    paid_on = models.DateField()
    proof = models.CharField(max_length=8, choices=Recovered.Proof.choices)
    receipt = models.ForeignKey(BankReceipt, on_delete=models.PROTECT, null=True, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    #: how the person confirmed it: sealed, because it may name them
    said = SealedField(null=True)
    #: the same money counted for the clue
    recovered = models.ForeignKey(
        Recovered, on_delete=models.PROTECT, null=True, related_name="matter_payments"
    )
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_name = models.CharField(max_length=80, blank=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            # what was paid in a matter, in its order
            models.Index(fields=["matter", "id"], name="matter_payment_matter"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="matter_payment_is_something"),
            models.CheckConstraint(
                condition=Q(proof="receipt", receipt__isnull=False)
                | Q(proof="document", document__isnull=False)
                | Q(proof="word", said__isnull=False),
                name="matter_payment_is_proved",
            ),
            # the same money of the same person and day once
            models.UniqueConstraint(
                fields=["matter", "person_key", "paid_on", "amount_fen"],
                condition=Q(withdrawn_at__isnull=True) & ~Q(person_key="") & Q(receipt__isnull=True),
                name="matter_payment_once",
            ),
            # a receipt may be divided over persons, and proves each person's money once
            models.UniqueConstraint(
                fields=["receipt", "person_key"],
                condition=Q(receipt__isnull=False, withdrawn_at__isnull=True),
                name="matter_payment_receipt_once",
            ),
        ]
