"""Which clues count as claims of wages, and when saying that one is none needs a second person.

A clue that was read as wages owed, by the machine or by a person, leaves the numbers and is answered directly only with
another person's yes: else one officer could correct it to "no" and close it alone.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q

from anxin.clues.correcting import FIELDS
from anxin.clues.models import Clue, Correction, Reading
from anxin.referral.models import Conclusion

#: the rule of :func:`claimed` in words, beside the numbers
RULE = "曾判读或登记为欠薪的，改为“否”以后，到另一人复核同意直接答复之前仍算欠薪线索"
_FIELD = "arrears"
_YES = FIELDS[_FIELD].words(True)
_MOST = 200


def ever_owed() -> Q:
    """Condition over clues: some reading of what was told, or a value before a correction, said that wages are owed."""
    readings = Reading.objects.filter(telling__clue=OuterRef("pk"), arrears=True)
    corrected = Correction.objects.filter(clue=OuterRef("pk"), field=_FIELD, was=_YES)
    return Q(Exists(readings)) | Q(Exists(corrected))


def claimed(end: dt.datetime) -> Q:
    """Condition over clues that count as claims of wages at the moment ``end``, by :data:`RULE`.

    The second person's yes is a reviewed direct answer that has not ended: sent back, or not agreed to by who told us,
    it is none. A number of an earlier day stays what it was.
    """
    agreed = Conclusion.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gte=end),
        clue=OuterRef("pk"),
        outcome="answered",
        reviewed_at__lt=end,
    )
    return Q(arrears=True) | (Q(arrears=False) & ever_owed() & ~Q(Exists(agreed)))


def owed_reason(clue: Clue) -> str:
    """Why a second person has to look at a direct answer, in words; empty where nobody ever read wages owed."""
    if not Clue.objects.filter(ever_owed(), pk=clue.pk).exists():
        return ""
    corrections = Correction.objects.filter(clue=clue, field=_FIELD, ended_at__isnull=True)
    last = corrections.order_by("-pk").first()
    if last is None:
        return "曾判读或登记为欠薪，须另一人复核。"
    return f"曾判读或登记为欠薪，{last.by_name}更正为“{last.became}”，须另一人复核。更正理由：{last.why}"[
        :_MOST
    ]
