"""The ledger as rows: filtered, page by page by key, each with how it stands towards 销号 and what became of it before."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from anxin.accounts.models import User
from anxin.clues.models import Clue
from anxin.kernel.months import Month
from anxin.law import Law
from anxin.referral import chains
from anxin.referral.counting import DIMENSIONS, Span, moments, rows
from anxin.referral.fates import ONCE
from anxin.referral.models import Closing, Conclusion, Referral, WorkerTold, further
from anxin.referral.striking import Strike, own_hearsay, strikes

PAGE = 40


@dataclass(frozen=True)
class LedgerFilters:
    """What of the span is shown; empty: everything. ``closed`` is the month of 销号, ``overdue`` as counted on time."""

    closed: Month | None = None
    body: str = ""
    kind: str = ""
    state: str = ""
    struck: str = ""
    overdue: bool = False


NO_FILTERS = LedgerFilters()


@dataclass(frozen=True)
class LedgerRow:
    """One clue of the ledger. ``history`` holds every 销号 in order, also those that were opened again."""

    clue: Clue
    referral: Referral | None
    conclusion: Conclusion | None
    #: the one that counts on the day of the span
    closing: Closing | None
    history: Sequence[Closing] = ()
    #: only of what is not struck off now
    strike: Strike | None = None
    #: of what may be struck off, but not by who looks at it: why, in words
    hearsay: str = ""
    #: tellings and tries in vain of the conclusion to who told this clue, in their order
    tellings: Sequence[WorkerTold] = ()

    @property
    def number(self) -> str:
        """The number of the 销号 that counts: the clue's own and the how-manyth it is."""
        if self.closing is None:
            return ""
        keys = [one.pk for one in self.history]
        return f"{self.clue.number}-销{keys.index(self.closing.pk) + 1}"

    @property
    def undone(self) -> Sequence[Closing]:
        return [one for one in self.history if one.reopened_at is not None]

    @property
    def claimed(self) -> int | None:
        """As concluded, else as told; in fen."""
        return (
            self.conclusion.amount_fen
            if self.conclusion and self.conclusion.amount_fen
            else self.clue.amount_fen
        )

    @property
    def people(self) -> int | None:
        return self.conclusion.people if self.conclusion and self.conclusion.people else self.clue.people

    @property
    def rest(self) -> int | None:
        paid: int = getattr(self.clue, "recovered_fen", 0)
        return None if self.claimed is None else max(self.claimed - paid, 0)


@dataclass(frozen=True)
class LedgerPage:
    """One page, the latest first. ``next_after`` asks for the next one."""

    items: list[LedgerRow]
    total: int
    struck: int
    late: int
    next_after: int | None
    bodies: list[str] = field(default_factory=list)


def filtered(user: User, span: Span, filters: LedgerFilters) -> QuerySet[Clue]:
    """The clues of the span that this person sees and the filters let through, with what is counted of them."""
    wanted = Q()
    if filters.body:
        wanted &= Q(body=filters.body)
    if filters.kind:
        wanted &= Q(kind=filters.kind)
    if filters.state:
        wanted &= Q(state=filters.state)
    if filters.struck:
        wanted &= Q(closed=filters.struck == "yes")
    if filters.closed is not None:
        start, stop = moments(filters.closed.first_day, filters.closed.last_day)
        wanted &= Q(closed=True, closed_moment__gte=start, closed_moment__lt=stop)
    if filters.overdue:
        wanted &= Q(late=True)
    return rows(user, span).filter(ONCE, wanted)


def ledger_page(
    user: User, span: Span, filters: LedgerFilters, law: Law | None, *, after: int = 0, limit: int = PAGE
) -> LedgerPage:
    """One page by key; as many queries for a page as for a row. What is missing is said as of today only."""
    found = filtered(user, span, filters)
    # a sum must not be called like a column it counts: the column would be lost
    sums = found.order_by().aggregate(
        total=Count("pk"), struck=Count("pk", filter=Q(closed=True)), overdue=Count("pk", filter=Q(late=True))
    )
    keyed = found.filter(pk__lt=after) if after else found
    clues = list(keyed.order_by("-pk")[: limit + 1])
    more, clues = len(clues) > limit, clues[:limit]
    return LedgerPage(
        gathered(clues, span, law, by=user),
        sums["total"],
        sums["struck"],
        sums["overdue"],
        clues[-1].pk if more else None,
        bodies_of(user, span),
    )


def bodies_of(user: User, span: Span) -> list[str]:
    """Lead bodies of the span's clues, to choose from; one query."""
    column = DIMENSIONS["body"][1]
    return sorted(one[column] for one in rows(user, span).filter(ONCE).order_by().values(column).distinct())


def gathered(
    clues: Sequence[Clue], span: Span, law: Law | None = None, *, by: User | None = None
) -> list[LedgerRow]:
    """The rows of these clues in their order; five queries, and four more where ``law`` asks for what is missing.

    ``by``: what may be struck off, but not by this person, says so; one query more where anything may be struck off.
    """
    keys = [clue.pk for clue in clues]
    rounds = Referral.objects.filter(clue__in=keys).select_related("matter__lead").annotate(further=further())
    referrals = {one.clue_id: one for one in rounds.order_by("pk")}
    chains.fill(referrals.values())
    running = {one.clue_id: one for one in referrals.values() if one.ended_at is None}
    standing = Conclusion.objects.filter(clue__in=keys, ended_at__isnull=True)
    conclusions = {one.clue_id: one for one in standing.order_by("pk")}
    # the page, which asks with the law, shows no tellings; the workbook does
    tellings = _tellings(conclusions) if law is None else {}
    history: dict[int, list[Closing]] = defaultdict(list)
    for one in Closing.objects.filter(clue__in=keys).order_by("pk"):
        history[one.clue_id].append(one)
    closings = {key: _counting(several, span.as_of) for key, several in history.items()}
    waiting: Mapping[int, Strike] = {}
    if law is not None:
        open_now = [clue for clue in clues if all(one.reopened_at is not None for one in history[clue.pk])]
        paid: dict[int, int] = {clue.pk: getattr(clue, "recovered_fen", 0) for clue in open_now}
        waiting = strikes(open_now, running, conclusions, paid, law)
    proved = {
        pk: conclusions[pk] for pk, one in waiting.items() if one.ready and one.how == Closing.How.PROVED
    }
    hearsay = own_hearsay(proved, by) if proved and by is not None else {}
    return [
        LedgerRow(
            clue, referrals.get(clue.pk), conclusions.get(clue.pk), closings.get(clue.pk), history[clue.pk],
            waiting.get(clue.pk), hearsay.get(clue.pk, ""), tellings.get(clue.pk, ()),
        )
        for clue in clues
    ]  # fmt: skip


def _tellings(conclusions: Mapping[int, Conclusion]) -> Mapping[int, Sequence[WorkerTold]]:
    """Of each clue: what was told or tried of the conclusion that stands, to its own caller; one query."""
    found: dict[int, list[WorkerTold]] = defaultdict(list)
    rows = WorkerTold.objects.filter(conclusion__in=[one.pk for one in conclusions.values()])
    for one in rows.order_by("pk"):
        found[one.clue_id].append(one)
    return found


def _counting(several: Sequence[Closing], as_of: dt.date) -> Closing | None:
    """The one that counts at the end of the day: made by then, and not opened again by then."""
    for one in reversed(several):
        undone = one.reopened_at is not None and timezone.localdate(one.reopened_at) <= as_of
        if timezone.localdate(one.closed_at) <= as_of and not undone:
            return one
    return None
