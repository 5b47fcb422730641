"""Money that people got: what is proved, what a list only says, and how much a paper of payment holds."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anxin.casework.models import Document
from anxin.clues.models import Claimant, Clue
from anxin.evidence.models import ImportBatch
from anxin.evidence.sealing import SealedField
from anxin.funds.models import BankReceipt

__all__ = ["PROVED", "ListedPayment", "PaperSum", "ProvedPayment", "Recovered"]

#: what shows that the money came stands in its row; the database holds every :class:`ProvedPayment` to it
PROVED = (
    Q(proof="receipt", receipt__isnull=False)
    | Q(proof="document", document__isnull=False)
    | Q(proof="word", said__isnull=False)
)


class PaperSum(models.Model):
    """What a paper of payment holds in all, as a person read it off: it never proves more than that."""

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="+")
    amount_fen = models.BigIntegerField()
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_fen__gt=0), name="paper_sum_is_something")]


class ListedPayment(models.Model):
    """A payment that somebody's list tells of. It proves nothing by itself and counts nowhere as money recovered."""

    clue = models.ForeignKey(Clue, on_delete=models.PROTECT, related_name="listed_payments")
    claimant = models.ForeignKey(Claimant, on_delete=models.PROTECT, related_name="listed_payments")
    amount_fen = models.BigIntegerField()
    paid_on = models.DateField()
    #: the payer's or the bank's number of the payment; empty where the list has none
    reference = models.CharField(max_length=80, blank=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="+")
    row_number = models.PositiveIntegerField()
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_name = models.CharField(max_length=80, blank=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["clue", "id"], name="listed_payment_clue")]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="listed_payment_is_something"),
            # the same row in another file is the same payment
            models.UniqueConstraint(
                fields=["claimant", "paid_on", "amount_fen", "reference"],
                condition=Q(withdrawn_at__isnull=True),
                name="listed_payment_once",
            ),
        ]


class ProvedPayment(models.Model):
    """Money that somebody got, to the fen, with its proof. Without proof there is no row, and no row is deleted: what
    was wrong is withdrawn. Whose money it is, and where it counts, is said by the model that inherits."""

    class Proof(models.TextChoices):
        RECEIPT = "receipt", "银行回单"
        WORD = "word", "本人确认"
        DOCUMENT = "document", "付款凭证"

    amount_fen = models.BigIntegerField()
    paid_on = models.DateField()
    proof = models.CharField(max_length=8, choices=Proof.choices)
    receipt = models.ForeignKey(BankReceipt, on_delete=models.PROTECT, null=True, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    #: how the person confirmed it: sealed, because it may name them
    said = SealedField(null=True)
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)
    #: as they were called then; empty also where it was withdrawn before the name was kept
    withdrawn_by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        abstract = True


class Recovered(ProvedPayment):
    """Money that one person got and that counts for a clue."""

    clue = models.ForeignKey(Clue, on_delete=models.PROTECT, related_name="recovered")
    #: who of the clue's list got it; null where the clue has no list, or nobody has said yet who it is
    claimant = models.ForeignKey(Claimant, on_delete=models.PROTECT, null=True, related_name="recovered")
    person = SealedField()
    #: the row of a list of payments that this proves
    listed = models.ForeignKey(ListedPayment, on_delete=models.PROTECT, null=True, related_name="proofs")

    class Meta:
        indexes = [
            models.Index(fields=["clue", "id"], name="recovered_clue"),
            # what one person of a list got
            models.Index(fields=["claimant", "id"], name="recovered_claimant"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="recovered_is_something"),
            models.CheckConstraint(condition=PROVED, name="recovered_is_proved"),
            # a receipt may be divided over persons, and proves each person's money once
            models.UniqueConstraint(
                fields=["receipt"],
                condition=Q(receipt__isnull=False, claimant__isnull=True, withdrawn_at__isnull=True),
                name="recovered_receipt_once",
            ),
            models.UniqueConstraint(
                fields=["receipt", "claimant"],
                condition=Q(receipt__isnull=False, claimant__isnull=False, withdrawn_at__isnull=True),
                name="recovered_receipt_person_once",
            ),
            models.UniqueConstraint(
                fields=["listed"],
                condition=Q(listed__isnull=False, withdrawn_at__isnull=True),
                name="recovered_listed_once",
            ),
        ]
