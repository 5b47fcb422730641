"""The people of a group: one clue, N claimants, and for each what every side says is owed, side by side."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anxin.evidence.models import Recorded
from anxin.evidence.sealing import SealedField


class Source(models.TextChoices):
    """Who says how much is owed; ``SETTLED`` is a person's decision over all of them."""

    WORKER = "worker", "工人自述"
    SUBCONTRACTOR = "subcontractor", "分包单位认可"
    CONTRACTOR = "contractor", "总包单位认可"
    INSPECTOR = "inspector", "监察员核实"
    SETTLED = "settled", "已定金额"


#: the sides that may differ until somebody settles
SIDES = (Source.WORKER, Source.SUBCONTRACTOR, Source.CONTRACTOR, Source.INSPECTOR)


class Claimant(models.Model):
    """One person of a clue's group. What is known of them stands in :class:`Particulars`, as facts."""

    clue = models.ForeignKey("clues.Clue", on_delete=models.CASCADE, related_name="claimants")
    #: 序号 within the clue; never given again
    number = models.PositiveIntegerField()
    #: keyed hashes of the name and the ID number (empty: not said), by which the same person is known again
    name_hash = models.CharField(max_length=64)
    id_hash = models.CharField(max_length=64, blank=True)
    added_at = models.DateTimeField()
    #: null: belongs to the group
    left_at = models.DateTimeField(null=True)
    left_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            # also pages the list of a clue
            models.UniqueConstraint(fields=["clue", "number"], name="claimant_number_once"),
            models.UniqueConstraint(
                fields=["clue", "id_hash"],
                condition=Q(left_at__isnull=True) & ~Q(id_hash=""),
                name="claimant_person_once",
            ),
        ]
        indexes = [
            # in which clues the same person stands
            models.Index(fields=["id_hash"], name="claimant_person"),
        ]

    def __str__(self) -> str:
        return f"{self.number}号"


class Particulars(Recorded):
    """Who a claimant is, as said; said differently, the row before is superseded."""

    claimant = models.ForeignKey(Claimant, on_delete=models.CASCADE, related_name="particulars")
    name = SealedField()
    id_number = SealedField(null=True)
    phone = SealedField(null=True)
    phone_hash = models.CharField(max_length=64, blank=True)
    trade = models.CharField("工种或班组", max_length=60, blank=True)
    by_name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            # also finds what is known of a claimant now
            models.UniqueConstraint(
                fields=["claimant"], condition=Q(superseded_at__isnull=True), name="particulars_current_once"
            )
        ]


class Amount(Recorded):
    """What one side says is owed to a claimant, or what a person settled, with the reason."""

    claimant = models.ForeignKey(Claimant, on_delete=models.CASCADE, related_name="amounts")
    source = models.CharField("说法", max_length=13, choices=Source.choices)
    fen = models.BigIntegerField("金额（分）")
    why = models.CharField("理由", max_length=200, blank=True)
    by_name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            # also finds what each side says of a claimant now
            models.UniqueConstraint(
                fields=["claimant", "source"],
                condition=Q(superseded_at__isnull=True),
                name="amount_current_once",
            ),
            models.CheckConstraint(condition=Q(fen__gte=0), name="amount_not_negative"),
        ]


class ListPhoto(models.Model):
    """A photograph of a list, kept to be typed off beside it."""

    clue = models.ForeignKey("clues.Clue", on_delete=models.CASCADE, related_name="list_photos")
    file = models.ForeignKey("evidence.StoredFile", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by_name = models.CharField(max_length=80)
    #: what has been typed off it and is not in the list yet, as JSON (:mod:`list_typing`)
    draft = SealedField(null=True)
    #: when a machine was asked to read it, when it had, and why it found nothing
    reading_asked_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    read_note = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clue", "file"], name="list_photo_once")]
