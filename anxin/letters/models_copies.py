"""纸质文书: a party that was served electronically asks for the letter on paper, and how it was given."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class PaperRequest(models.Model):
    """One request (Civil Procedure Law 2023, art. 90); open until it says how the paper was handed over."""

    class Way(models.TextChoices):
        COLLECTED = "collected", "当面领取"
        POST = "post", "邮寄"

    service = models.ForeignKey("letters.Service", on_delete=models.PROTECT, related_name="paper_requests")
    asked_on = models.DateField("申请日期")
    #: on which occasion: by telephone, on the party's own page
    asked_how = models.CharField("怎样申请", max_length=200)
    #: who wrote it down: an officer, or the party on its own page
    asked_by_name = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    handed_on = models.DateField("交付日期", null=True)
    handed_way = models.CharField("交付方式", max_length=10, choices=Way.choices, blank=True)
    #: who collected it, or the number of the post
    handed_proof = models.CharField("领取人或者邮件编号", max_length=120, blank=True)
    handed_by_name = models.CharField(max_length=80, blank=True)
    handed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # also finds what is open: few among all requests
            models.UniqueConstraint(
                fields=["service"], condition=Q(handed_on__isnull=True), name="paper_asked_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(handed_on__isnull=True, handed_at__isnull=True, handed_way="", handed_proof="")
                | (
                    Q(handed_on__gte=F("asked_on"), handed_at__isnull=False)
                    & ~Q(handed_way="")
                    & ~Q(handed_proof="")
                ),
                name="paper_handed_says_how",
            ),
        ]
