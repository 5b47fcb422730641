"""What every paper that named people sign in turn has: its file, who signs, the codes that show that it is they.

Abstract: the record of a hearing and the papers made with a party have tables of their own and sign in one way
(:mod:`anxin.letters.turns`).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from anxin.evidence.models import StoredFile
from anxin.evidence.sealing import SealedField


def signs_or_refuses(name: str) -> list[models.BaseConstraint]:
    """What the database itself holds of every signer: signed or refused, never both, and no refusal without its reason."""
    return [
        models.CheckConstraint(
            condition=Q(signed_at__isnull=True) | Q(refused_at__isnull=True), name=f"{name}_signs_or_not"
        ),
        models.CheckConstraint(
            condition=Q(refused_at__isnull=True) | ~Q(refused_why=""), name=f"{name}_refusal_says_why"
        ),
    ]


class TurnPaper(models.Model):
    """A paper with its file as it was closed, and as it stands now with the signatures behind it."""

    #: what sentences call it
    noun: ClassVar[str] = "文书"

    #: JSON: the very words of the file as blocks, to read on a telephone
    shown = SealedField(null=True)
    unsigned = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True


class TurnSigner(models.Model):
    """One person who signs. Who they are is sealed; the phone and the card say that it is they."""

    number = models.PositiveSmallIntegerField()
    name = SealedField()
    phone = SealedField(null=True)
    id_number = SealedField(null=True)
    read_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    #: see ``signing.parties.Method``
    method = models.CharField(max_length=20, blank=True)
    device = models.CharField(max_length=80, blank=True)
    witness = models.CharField(max_length=60, blank=True)
    #: would not sign, and why, as who keeps the paper writes it down
    refused_at = models.DateTimeField(null=True)
    refused_why = models.CharField(max_length=300, blank=True)
    refused_by_name = models.CharField(max_length=80, blank=True)
    #: asked for a correction that was not made
    objection = SealedField(null=True)

    class Meta:
        abstract = True


class TurnLink(models.Model):
    """What the code on the screen opens: one paper for one signer, on the first telephone that opens it."""

    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    #: keyed hash of what the first telephone got; another telephone opens nothing any more
    device_hash = models.CharField(max_length=64, blank=True)
    opened_at = models.DateTimeField(null=True)
    #: replaced by a newer one, or used
    ended_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class TurnCode(models.Model):
    """A code that went to the signer's known telephone; only hashes are kept."""

    code_hash = models.CharField(max_length=64)
    #: SHA-256 of the closed file that was shown when it was asked for
    shown = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    wrong = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
