"""What was recorded about who answers for arrears of a project, and on what paper it rests."""

from __future__ import annotations

from django.db import models

from anxin.evidence.models import Recorded
from anxin.registry.models import Project


class LiabilityFact(Recorded):
    """One fact about one party of a project, or about the project itself (``subject`` empty).

    ``claims`` holds what is said, in the words of a facts file: one for a known fact, several with who says
    so for a disputed one, possible ones for an unknown one. A corrected fact replaces the row; one that
    holds from a later day stands beside it.
    """

    class Status(models.TextChoices):
        KNOWN = "known", "已查明"
        DISPUTED = "disputed", "有争议"
        UNKNOWN = "unknown", "未查明"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="liability_facts")
    subject = models.CharField("对象", max_length=120, blank=True)
    kind = models.CharField("事项", max_length=20)
    status = models.CharField(max_length=10, choices=Status.choices)
    #: ``[{"value": "900000", "by": "某公司"}]``
    claims = models.JSONField()
    #: the paper it rests on, or that would decide it
    document = models.CharField("凭据", max_length=200, blank=True)
    #: first day on which it holds
    since = models.DateField()
    recorded_by_name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "subject", "kind", "since"],
                condition=models.Q(superseded_at__isnull=True),
                name="liability_fact_current_once",
            )
        ]
