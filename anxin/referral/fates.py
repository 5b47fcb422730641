"""Merged clues in the numbers: each was received and goes the way of the one it was merged into; a dispute counts once.

So nobody makes a denominator smaller by merging, and nothing counts as settled that came in again after it was.
"""

from __future__ import annotations

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, When

from anxin.referral.models import Closing, Referral

#: the rule in words, beside the numbers
RULE = "并案的每条都算收到，办结跟随所并入的线索；它收到以前那一条就已销号、没有重新打开再销号的，不算办结"
#: what is about the dispute or its worker counts once: by the clue that leads it
ONCE = Q(dispute__isnull=True)
ONCE_RULE = "并案的只算先来的一条"


def fate() -> Case:
    """Of a clue: the key of the one on which it is settled, itself where it was passed on by itself."""
    own = Referral.objects.filter(clue=OuterRef("pk"))
    return Case(
        When(dispute__isnull=True, then=F("pk")),
        When(Exists(own), then=F("pk")),
        default=F("dispute_id"),
        output_field=IntegerField(),
    )


def closings() -> QuerySet[Closing]:
    """Closings that settle a row annotated with ``fate``: its own, or of the one it was merged into, after it came in."""
    own = Q(clue=OuterRef("pk"))
    return Closing.objects.filter(own | Q(clue=OuterRef("fate"), closed_at__gte=OuterRef("received_at")))
