"""Warnings that nobody works on: because two people agreed to it until a day, or because nobody does."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Mute(models.Model):
    """A warning that for a while need not be worked on: who says so, why, who agreed, until when."""

    class State(models.TextChoices):
        ASKED = "asked", "待决定"
        AGREED = "agreed", "静默中"
        REFUSED = "refused", "未同意"
        OVER = "over", "已结束"

    warning = models.ForeignKey("monitoring.Warning", on_delete=models.CASCADE, related_name="mutes")
    reason = models.CharField(max_length=1000)
    until = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # asked or in force once at a time; also finds it
            models.UniqueConstraint(
                fields=["warning"],
                condition=models.Q(state__in=["asked", "agreed"]),
                name="mute_once",
            )
        ]


class Escalation(models.Model):
    """A rung of the ladder that was taken for a warning on which nobody acted; each once."""

    warning = models.ForeignKey("monitoring.Warning", on_delete=models.CASCADE, related_name="escalations")
    #: from which day nobody had acted: working again starts the ladder anew
    since = models.DateField()
    #: working days after ``since``
    rung = models.PositiveSmallIntegerField()
    on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["warning", "since", "rung"], name="escalated_once")]
