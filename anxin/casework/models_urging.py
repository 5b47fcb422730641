"""催办: somebody asked how far a matter is, who was told, and what they answered."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from anxin.casework.models import Matter
from anxin.clues.models import TicketNote


class Urging(models.Model):
    """One urging of a matter. Others than leaders urge it once a day at most, all of them together."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="urgings")
    #: null: a hotline's caller, whose centre stands in ``by_name``
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=120)
    from_leader = models.BooleanField(default=False)
    words = models.CharField(max_length=500)
    at = models.DateTimeField()
    #: the local day of ``at``
    day = models.DateField()
    #: so many people were told
    told = models.PositiveSmallIntegerField()
    answer = models.CharField(max_length=500, blank=True)
    answered_by_name = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # whether a matter waits for an answer, and its urgings, the latest first
            models.Index(fields=["matter", "answered_at", "-id"], name="urging_open"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "day"], condition=models.Q(from_leader=False), name="urged_once_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, answer="")
                | models.Q(answered_at__isnull=False) & ~models.Q(answer=""),
                name="urging_answered_with_words",
            ),
        ]


class CallersUrging(models.Model):
    """What a hotline's caller said when they urged, and the urging of the matter that carries it; its answer goes back."""

    note = models.OneToOneField(TicketNote, on_delete=models.CASCADE, related_name="carried_by")
    urging = models.ForeignKey(Urging, on_delete=models.CASCADE, related_name="callers")
