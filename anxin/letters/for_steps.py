"""Instruments of a matter that a step asks for and that are on their way in the product: signed, being signed, waiting for the seal.

What has been signed whole goes along with the step, so that nobody saves and uploads it again; of the others the page says
where they are. A letter becomes a paper of the matter when it is sealed (``sealing``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from anxin.casework.models import Matter
from anxin.letters.life import State
from anxin.letters.models import Letter, PartyPaper
from anxin.letters.party_signing import lacks, signing

_WAITS = (State.DRAFT, State.REVIEW, State.ISSUE, State.SEAL)
_BEING = (PartyPaper.State.DRAFT, PartyPaper.State.SIGNING)


@dataclass(frozen=True)
class Instrument:
    """One of them. ``ready``: it goes along with the step; else ``words`` say what it waits for. ``page``, ``key``: where it is."""

    kind: str
    words: str
    ready: bool
    page: str
    key: int


def with_instruments(matters: QuerySet[Matter]) -> QuerySet[Matter]:
    """``instruments`` on each: whether anything is on its way at all, so that a page asks further only then."""
    papers = PartyPaper.objects.filter(matter=OuterRef("pk"), state__in=_BEING)
    letters = Letter.objects.filter(matter=OuterRef("pk"), state__in=_WAITS)
    return matters.annotate(instruments=Exists(papers) | Exists(letters))


def on_their_way(matter: Matter, kinds: Collection[str]) -> Mapping[str, Instrument]:
    """By kind the one that is furthest; three queries, none without a kind."""
    if not kinds:
        return {}
    found: dict[str, Instrument] = {}
    for letter in Letter.objects.filter(matter=matter, kind__in=kinds, state__in=_WAITS).order_by("pk"):
        words = f"{letter.number or '本件里拟的这份文书'}现在{letter.get_state_display()}，用印以后自动作为本步的文书"
        found[letter.kind] = Instrument(letter.kind, words, False, "letter", letter.pk)
    for paper in signing(matter, kinds).prefetch_related("signers"):
        why = lacks(paper, sorted(paper.signers.all(), key=lambda one: one.number))
        words = why or "本件里已经签完，随本步存入案卷，不用再上传"
        known = found.get(paper.kind)
        if known is None or not known.ready:
            found[paper.kind] = Instrument(paper.kind, words, not why, "party-paper", paper.pk)
    return found
