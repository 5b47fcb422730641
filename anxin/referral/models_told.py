"""That a worker was told of a conclusion: each telling and each try is a row, with who did it, when and by which way."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anxin.clues.models import Clue
from anxin.evidence.sealing import SealedField


class WorkerTold(models.Model):
    """One telling of a conclusion, or one try that reached nobody. Never changed; what was heard afterwards is a word."""

    class Way(models.TextChoices):
        #: the page of the receipt, opened by whoever told us
        RECEIPT = "receipt", "本人凭回执查看"
        MESSAGE = "message", "短信"
        PHONE = "phone", "电话"
        FACE = "face", "当面"
        #: the hotline or body that sent the clue told its caller
        SENDER = "sender", "经来件单位"
        LETTER = "letter", "信函"
        #: an officer heard what the worker says of it, so that they know it
        HEARD = "heard", "听取意见时告知"

    #: whose receipt or telephone it is: where clues were merged, the caller's own
    clue = models.ForeignKey(Clue, on_delete=models.PROTECT, related_name="tellings_of_result")
    #: of this clue, or of the one it was merged into
    conclusion = models.ForeignKey("referral.Conclusion", on_delete=models.PROTECT, related_name="tellings")
    way = models.CharField(max_length=8, choices=Way.choices)
    #: else it was tried in vain
    reached = models.BooleanField(default=True)
    #: the number that was called: sealed
    number = SealedField(null=True)
    note = models.CharField(max_length=200, blank=True)
    #: empty where the worker saw it themselves
    by = models.CharField(max_length=80, blank=True)
    by_name = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            # the tellings of a conclusion, in their order
            models.Index(fields=["conclusion", "id"], name="worker_told_conclusion")
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(way="phone") | Q(number__isnull=False), name="worker_told_called_a_number"
            ),
            # nobody looks at their own receipt, is met or heard in vain
            models.CheckConstraint(
                condition=Q(reached=True) | Q(way__in=("phone", "sender", "letter")),
                name="worker_told_or_tried",
            ),
            models.CheckConstraint(
                condition=Q(way="receipt") | ~Q(by_name=""), name="worker_told_by_somebody"
            ),
        ]
