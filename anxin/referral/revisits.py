"""What hotlines heard when they asked their callers back (回访), as conditions over the rows of ``counting``."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from anxin.clues.models import TicketNote


def revisits(end: dt.datetime) -> QuerySet[TicketNote]:
    """All told by then of a clue's caller and of those merged into it."""
    mine = Q(clue=OuterRef("pk")) | Q(clue__dispute=OuterRef("pk"))
    return TicketNote.objects.filter(mine, kind=TicketNote.Kind.REVISIT, recorded_at__lt=end)


def last_not_content(end: dt.datetime) -> QuerySet[TicketNote]:
    """Those in which a caller said 不满意 and has said neither since; hotlines tell late, so the callers' time counts."""
    answers = TicketNote.objects.filter(
        clue=OuterRef("clue"), kind=TicketNote.Kind.REVISIT, satisfied__isnull=False, recorded_at__lt=end
    )
    later = answers.filter(Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk")))
    return revisits(end).filter(~Exists(later), satisfied=False)
