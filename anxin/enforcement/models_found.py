"""What an inspector found of each person on the lists behind a case; :mod:`.finding` writes it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anxin.casework.models import Matter
from anxin.clues.models import Claimant
from anxin.mediation.models import Party


class FoundPerson(models.Model):
    """What an inspector found of one person who stands on a list: as a side says, another sum, or not at all."""

    class Verdict(models.TextChoices):
        SAID = "said", "按所说认定"
        CHANGED = "changed", "核定为其他金额"
        STRUCK = "struck", "不认定"

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="found_people")
    #: on the list of a clue, else a party of a mediation that came without one
    claimant = models.ForeignKey(Claimant, on_delete=models.PROTECT, null=True, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, related_name="+")
    verdict = models.CharField(max_length=7, choices=Verdict.choices)
    #: whose word it was, a key of ``listed.SOURCES``; empty where it is nobody's
    source = models.CharField(max_length=16, blank=True)
    fen = models.BigIntegerField("金额（分）", default=0)
    months = models.PositiveIntegerField("拖欠月数", default=0)
    why = models.CharField("理由", max_length=200, blank=True)
    by_name = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # one finding of a person holds in a case; both also find those of a case
            models.UniqueConstraint(
                fields=["matter", "claimant"],
                condition=Q(superseded_at__isnull=True, claimant__isnull=False),
                name="found_claimant_once",
            ),
            models.UniqueConstraint(
                fields=["matter", "party"],
                condition=Q(superseded_at__isnull=True, party__isnull=False),
                name="found_party_once",
            ),
            models.CheckConstraint(
                condition=Q(claimant__isnull=False, party__isnull=True)
                | Q(claimant__isnull=True, party__isnull=False),
                name="found_is_one_person",
            ),
            models.CheckConstraint(
                condition=(Q(verdict="said", fen__gt=0) & ~Q(source=""))
                | (Q(verdict="changed", fen__gt=0, source="") & ~Q(why=""))
                | (Q(verdict="struck", fen=0, source="") & ~Q(why="")),
                name="found_says_why",
            ),
        ]
