"""Whether people are content, as conditions over the rows of ``counting``: their own answer, else what the hotline heard.

Each caller of a dispute has one say, never two: what they answered themselves on the receipt goes before a call
(:data:`OWN_FIRST`). Opened again, the case is another one, and a call about it counts until they answer again.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from anxin.clues.models import TicketNote
from anxin.referral.models import Satisfaction

#: the rule in words, beside the number
OWN_FIRST = "同一个人只算一次：本人在查进度时的评价先于回访；重新办理以后本人没有再评价的，以其后的回访为准"


def revisits(end: dt.datetime) -> QuerySet[TicketNote]:
    """All told by then of a clue's caller and of those merged into it."""
    mine = Q(clue=OuterRef("pk")) | Q(clue__dispute=OuterRef("pk"))
    return TicketNote.objects.filter(mine, kind=TicketNote.Kind.REVISIT, recorded_at__lt=end)


def last_not_content(end: dt.datetime) -> QuerySet[TicketNote]:
    """Those in which a caller said 不满意 and has said neither since; hotlines tell late, so the callers' time counts."""
    later = _calls(end).filter(Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk")))
    own = _answers(end).filter(clue=OuterRef("clue"))
    holds = Q(conclusion__ended_at__isnull=True) | Q(conclusion__ended_at__gte=OuterRef("at"))
    return revisits(end).filter(~Exists(later), ~Exists(own.filter(holds)), satisfied=False)


def own_answers(end: dt.datetime) -> QuerySet[Satisfaction]:
    """What a clue's own person, and those of the clues merged into it, answered by then."""
    mine = Q(clue=OuterRef("pk")) | Q(clue__dispute=OuterRef("pk"))
    return _answers(end).filter(mine)


def own_not_content(end: dt.datetime) -> QuerySet[Satisfaction]:
    """Those in which somebody said 不满意 last, unless a call after it was opened again heard something else."""
    later = _answers(end).filter(clue=OuterRef("clue"), pk__gt=OuterRef("pk"))
    call = _calls(end).filter(at__gt=OuterRef("conclusion__ended_at"))
    last = own_answers(end).filter(~Exists(later), grade=Satisfaction.Grade.NOT)
    return last.filter(Q(conclusion__ended_at__isnull=True) | ~Exists(call))


def _answers(end: dt.datetime) -> QuerySet[Satisfaction]:
    return Satisfaction.objects.filter(at__lt=end)


def _calls(end: dt.datetime) -> QuerySet[TicketNote]:
    """Calls of the same clue as the outer row in which the caller answered."""
    return TicketNote.objects.filter(
        clue=OuterRef("clue"), kind=TicketNote.Kind.REVISIT, satisfied__isnull=False, recorded_at__lt=end
    )
