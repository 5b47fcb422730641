"""满意不满意: what each side said of a mediation that came to its end."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anxin.mediation.models_cases import Party, Stage
from anxin.referral.models import Satisfaction


class MediationSatisfaction(models.Model):
    """One answer of one side about the stage in which the mediation ended. Answered again, the one before is superseded."""

    class Side(models.TextChoices):
        WORKER = "worker", "劳动者"
        EMPLOYER = "employer", "用人单位"

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="satisfactions")
    side = models.CharField(max_length=8, choices=Side.choices)
    #: which worker; none where the employer answers
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, related_name="satisfactions")
    grade = models.CharField(max_length=7, choices=Satisfaction.Grade.choices)
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "party"],
                condition=Q(side="worker", superseded_at__isnull=True),
                name="mediation_worker_answers_once",
            ),
            models.UniqueConstraint(
                fields=["stage"],
                condition=Q(side="employer", superseded_at__isnull=True),
                name="mediation_employer_answers_once",
            ),
            models.CheckConstraint(
                condition=Q(side="worker", party__isnull=False) | Q(side="employer", party__isnull=True),
                name="mediation_answer_is_of_one",
            ),
        ]
