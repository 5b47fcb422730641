"""Asking to see who told us: one person gives the reason, another says yes, and the first looks once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Opening(models.Model):
    """A request to open what is sealed of a clue. Whether an approval has run out is a matter of the hour asked."""

    class State(models.TextChoices):
        WAITING = "waiting", "待批准"
        APPROVED = "approved", "已批准"
        DECLINED = "declined", "未批准"
        OPENED = "opened", "已查看"
        WITHDRAWN = "withdrawn", "已撤回"

    clue = models.ForeignKey("clues.Clue", on_delete=models.CASCADE, related_name="openings")
    #: which of name, phone, text; shown together, once
    fields = models.JSONField()
    why = models.CharField("理由", max_length=200)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_by_name = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_by_name = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    #: why not; empty where it was approved without a word
    decided_why = models.CharField(max_length=200, blank=True)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(decided_by=F("asked_by")), name="opening_decided_by_another"),
            models.CheckConstraint(
                condition=~Q(state__in=("approved", "declined", "opened")) | Q(decided_at__isnull=False),
                name="opening_decided_has_its_hour",
            ),
            models.CheckConstraint(
                condition=Q(state="opened", opened_at__isnull=False)
                | (~Q(state="opened") & Q(opened_at__isnull=True)),
                name="opening_opened_has_its_hour",
            ),
            # one person asks once at a time; also finds what waits on a clue
            models.UniqueConstraint(
                fields=["clue", "asked_by"], condition=Q(state="waiting"), name="opening_waits_once"
            ),
        ]
        indexes = [
            # the list of requests, newest first; and those that wait for somebody
            models.Index(fields=["state", "-id"], name="opening_state"),
        ]

    def __str__(self) -> str:
        return f"{self.clue}的查看申请"
