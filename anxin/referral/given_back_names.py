"""Nobody who told us is named to a sender of lists: names known to us are masked in what officers wrote."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from django.db.models import Q

from anxin.clues.masking import masked_words, opened
from anxin.clues.models import Clue, Particulars, Telling
from anxin.evidence import bulk
from anxin.kernel.masking import mask_name
from anxin.referral.given_back_rows import Given

#: one sign alone is no name that could be found in a sentence
_SHORTEST_NAME = 2


def named_nobody(rows: Sequence[tuple[Clue, Given]]) -> list[Given]:
    """The same with the names of whoever told us, and of the people of their lists, masked in what officers wrote."""
    names = _names({_lead(clue) for clue, row in rows if _written(row)})
    return [_hidden(row, names.get(_lead(clue), frozenset())) for clue, row in rows]


def _lead(clue: Clue) -> int:
    return clue.dispute_id or clue.pk


def _written(row: Given) -> bool:
    return bool(row.result or row.returned_why)


def _hidden(row: Given, names: frozenset[str]) -> Given:
    if not _written(row):
        return row
    hide = _hider(names)
    return replace(row, result=hide(row.result), returned_why=hide(row.returned_why))


def _hider(names: frozenset[str]) -> Callable[[str], str]:
    def hide(text: str) -> str:
        # the longest first: 张三丰 before 张三
        for name in sorted(names, key=len, reverse=True):
            text = text.replace(name, mask_name(name))
        return masked_words(text)

    return hide


def _names(leads: set[int]) -> dict[int, frozenset[str]]:
    """By the first clue of a dispute everybody who told us of it or stands in its lists."""
    found: dict[int, set[str]] = defaultdict(set)
    for piece in bulk.chunks(sorted(leads)):
        together = Q(clue__in=piece) | Q(clue__dispute__in=piece)
        told = Telling.objects.filter(together, superseded_at__isnull=True, name__isnull=False)
        rows = list(told.values_list("clue__dispute", "clue", "name"))
        of_lists = Q(claimant__clue__in=piece) | Q(claimant__clue__dispute__in=piece)
        listed = Particulars.objects.filter(of_lists, superseded_at__isnull=True)
        rows += listed.values_list("claimant__clue__dispute", "claimant__clue", "name")
        for dispute, clue, name in rows:
            plain = opened(name).strip()
            if len(plain) >= _SHORTEST_NAME:
                found[dispute or clue].add(plain)
    return {key: frozenset(names) for key, names in found.items()}
