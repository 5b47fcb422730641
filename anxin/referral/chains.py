"""The chain of matters that a clue goes through: its own, and all that went on from it (mediation, inspection, arbitration).

A clue stands where the matter stands that was begun last and is open; it is open while any of them is. What is begun beside
a claim, and settles nothing by itself, is waited for like the others, but the clue does not move to it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Q

from anxin.casework.models import Matter
from anxin.clues.models import Clue
from anxin.evidence.journal import SYSTEM
from anxin.referral.current import closing_of, conclusion_of, locked, move, note
from anxin.referral.models import BESIDE, Referral

__all__ = ["BESIDE", "fill", "of_matter", "open_matters", "went_on", "within"]


def fill(referrals: Iterable[Referral]) -> None:
    """Read the chains of many rounds in one query; ``chain`` and ``now`` of each then ask for nothing more.

    ``matter`` of each round comes with ``lead`` at hand; of those annotated with ``further`` only the ones that went on are read.
    """
    rounds = [one for one in referrals if getattr(one, "further", True)]
    if not rounds:
        return
    later: dict[int, list[Matter]] = defaultdict(list)
    rows = Matter.objects.filter(root__in=[one.matter_id for one in rounds])
    for one in rows.select_related("lead").order_by("pk"):
        later[one.root_id or 0].append(one)
    for referral in rounds:
        referral.chain = (referral.matter, *later[referral.matter_id])


def within(referral: Referral) -> Q:
    """Condition over matters: those of the round's chain."""
    return Q(pk=referral.matter_id) | Q(root=referral.matter_id)


def open_matters(referral: Referral) -> Sequence[Matter]:
    """What of the chain has not come to its end, as it stands in the database now; one query."""
    return list(Matter.objects.filter(within(referral), closed_on__isnull=True).order_by("pk"))


def of_matter(matter_id: int) -> Q:
    """Condition over rounds: the one in whose chain the matter is."""
    return Q(matter=matter_id) | Q(matter__chain=matter_id)


def went_on(matter_id: int, now: dt.datetime) -> Clue | None:
    """A further matter was begun in the chain: what was concluded before it does not settle the clue any more.

    The conclusion then comes from the last matter, and a clue that was closed is open again under its number. What is begun
    beside the claim changes nothing. Twice is as good as once.
    """
    begun = Matter.objects.select_related("lead").get(pk=matter_id)
    if begun.procedure in BESIDE:
        return None
    with transaction.atomic():
        referral = (
            Referral.objects.filter(of_matter(matter_id), ended_at__isnull=True)
            .select_related("clue")
            .first()
        )
        if referral is None:
            return None
        clue = locked(referral.clue)
        conclusion = conclusion_of(clue)
        if conclusion is None or conclusion.at > begun.recorded_at:
            return None
        conclusion.ended_at = now
        conclusion.save(update_fields=["ended_at"])
        closing = closing_of(clue)
        if closing is not None:
            closing.reopened_at, closing.reopened_why = now, f"接着办理{begun.number}"[:200]
            closing.save(update_fields=["reopened_at", "reopened_why"])
        move(clue, Clue.State.REFERRED, now=now)
        note(clue, "went_on", f"接着办理{begun.number}，由{begun.lead}办理，原来的结论“{conclusion.name}”不再作数", by=SYSTEM,
             now=now, after={"matter": begun.pk, "conclusion": conclusion.pk, "was_closed": closing is not None})  # fmt: skip
    return clue
