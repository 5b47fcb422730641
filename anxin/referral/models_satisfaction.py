"""Whether the person who told us is content with how it was handled: their own answer, given on their receipt."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anxin.clues.models import Clue
from anxin.evidence.sealing import SealedField


class Satisfaction(models.Model):
    """One answer of one person about one conclusion. Answered again, the one before is superseded; it is no consent."""

    class Grade(models.TextChoices):
        CONTENT = "content", "满意"
        FAIRLY = "fairly", "基本满意"
        NOT = "not", "不满意"

    #: whose receipt it is: where clues were merged each caller answers for themselves
    clue = models.ForeignKey(Clue, on_delete=models.PROTECT, related_name="satisfactions")
    #: of this clue, or of the one it was merged into
    conclusion = models.ForeignKey(
        "referral.Conclusion", on_delete=models.PROTECT, related_name="satisfactions"
    )
    grade = models.CharField(max_length=7, choices=Grade.choices)
    #: may name people: sealed
    words = SealedField(null=True)
    at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # one answer of a person holds for a conclusion; also finds it
            models.UniqueConstraint(
                fields=["clue", "conclusion"],
                condition=Q(superseded_at__isnull=True),
                name="satisfaction_current_once",
            )
        ]
