"""Money that people got in a matter of enforcement, each payment with its proof; what a clue counts stands in ``models_money``."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anxin.casework.models import Matter
from anxin.clues.models import Claimant
from anxin.evidence.sealing import SealedField
from anxin.referral.models_money import PROVED, ProvedPayment, Recovered

__all__ = ["MatterPayment"]


class MatterPayment(ProvedPayment):
    """What one person got after a decision or an award."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="payments")
    #: who of the matter's people, as ``payees.Payee.key``; empty where the name was typed
    person_key = models.CharField(max_length=24, blank=True)
    claimant = models.ForeignKey(Claimant, on_delete=models.PROTECT, null=True, related_name="+")
    person = SealedField()
    #: the same money counted for the clue
    recovered = models.ForeignKey(
        Recovered, on_delete=models.PROTECT, null=True, related_name="matter_payments"
    )

    class Meta:
        indexes = [
            # what was paid in a matter, in its order
            models.Index(fields=["matter", "id"], name="matter_payment_matter"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="matter_payment_is_something"),
            models.CheckConstraint(condition=PROVED, name="matter_payment_is_proved"),
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
