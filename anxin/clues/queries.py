"""What people read about clues. Every function costs a constant number of queries; lists page by key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from anxin.accounts.access import HANDLE
from anxin.accounts.models import User
from anxin.clues.access import visible_clue, visible_clues
from anxin.clues.models import Candidate, Clue, Correction, Likeness, Merge, Reading, Telling
from anxin.registry.models import Region

__all__ = [
    "ClueFilters",
    "clue_page",
    "counts",
    "filtered",
    "find",
    "looked_at",
    "overview",
    "places",
    "visible_clue",
    "visible_clues",
    "waiting",
]

PAGE = 40
#: the parts of the desk
PARTS = {"": "全部", "wages": "欠薪", "other": "非欠薪", "new": "未看"}
_OF_PART = {
    "": Q(),
    "wages": Q(arrears=True),
    "other": Q(arrears=False),
    "new": Q(looked_at__isnull=True),
}
_MOST_TEXT = 60


@dataclass(frozen=True)
class ClueFilters:
    """What a list is narrowed to; an empty part narrows nothing."""

    part: str = ""
    text: str = ""
    channel: str = ""
    urgency: str = ""
    region: str = ""
    state: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> ClueFilters:
        """From an address; what is not known counts as nothing."""
        part, channel, urgency, state = (
            query.get(name, "") for name in ("part", "channel", "urgency", "state")
        )
        return cls(
            part=part if part in PARTS else "",
            text=query.get("text", "").strip()[:_MOST_TEXT],
            channel=channel if channel in Clue.Channel.values else "",
            urgency=urgency if urgency in map(str, Clue.Urgency.values) else "",
            region=region if (region := query.get("region", "")).isalnum() else "",
            state=state if state in Clue.State.values else "",
        )


@dataclass(frozen=True)
class CluePage:
    """One page of the list. ``next_after`` asks for the next one; ``None`` on the last."""

    items: list[Clue]
    next_after: str | None


@dataclass(frozen=True)
class ClueOverview:
    """Everything on a clue's page."""

    clue: Clue
    telling: Telling
    #: what was said before, the latest first
    earlier: Sequence[Telling]
    reading: Reading | None
    corrections: Sequence[Correction]
    candidates: Sequence[Candidate]
    likenesses: Sequence[Likeness]
    merges: Sequence[Merge]
    #: the other clues of its dispute
    together: Sequence[Clue]


def filtered(rows: QuerySet[Clue], filters: ClueFilters) -> QuerySet[Clue]:
    """``rows`` narrowed."""
    rows = _narrowed(rows, filters)
    return rows.filter(_OF_PART[filters.part])


def clue_page(user: User, filters: ClueFilters, *, after: str = "", limit: int = PAGE) -> CluePage:
    """One page of what this person may see: the most urgent first, then the surest."""
    rows = filtered(visible_clues(user), filters)
    start = _cursor(after)
    if start is not None:
        urgency, score, pk = start
        rows = rows.filter(
            Q(urgency__lt=urgency)
            | Q(urgency=urgency, score__lt=score)
            | Q(urgency=urgency, score=score, pk__lt=pk)
        )
    items = list(rows.order_by("-urgency", "-score", "-pk")[: limit + 1])
    last = items[limit - 1] if len(items) > limit else None
    return CluePage(items[:limit], f"{last.urgency}_{last.score}_{last.pk}" if last is not None else None)


def counts(user: User, filters: ClueFilters) -> dict[str, int]:
    """How many clues each part of the desk has, in one query."""
    numbers = {f"n_{part}": Count("pk", filter=condition) for part, condition in _OF_PART.items() if part}
    found = _narrowed(visible_clues(user), filters).order_by().aggregate(all=Count("pk"), **numbers)
    return {part: found[f"n_{part}"] if part else found["all"] for part in PARTS}


@dataclass(frozen=True)
class Waiting:
    """Clues about wages owed that nobody has referred or answered yet."""

    number: int
    #: of them the most urgent
    now: int


def waiting(user: User) -> Waiting:
    """What waits for the lead desk within this person's scope; one query."""
    rows = visible_clues(user, HANDLE).filter(state=Clue.State.NEW, arrears=True, dispute__isnull=True)
    found = rows.order_by().aggregate(all=Count("pk"), now=Count("pk", filter=Q(urgency=Clue.Urgency.NOW)))
    return Waiting(found["all"], found["now"])


def find(user: User, text: str, *, limit: int) -> list[Clue]:
    """Clues by their own or the sender's number, the latest first."""
    rows = visible_clues(user).filter(Q(number__icontains=text) | Q(sender_number__icontains=text))
    return list(rows.order_by("-pk")[:limit])


def looked_at() -> tuple[int, int]:
    """How many clues of the whole office people have looked at, and how many of them are wages owed."""
    seen = Clue.objects.filter(looked_at__isnull=False, arrears__isnull=False)
    found = seen.aggregate(all=Count("pk"), owed=Count("pk", filter=Q(arrears=True)))
    return found["all"], found["owed"]


def places(user: User) -> list[Region]:
    """Counties and cities from which this person sees clues, by code; two queries."""
    codes = visible_clues(user).order_by().values_list("region_id", flat=True).distinct()
    wanted = {code[:length] for code in codes for length in (4, 6) if len(code) >= length}
    return list(Region.objects.filter(code__in=wanted).order_by("code"))


def overview(user: User, clue: Clue) -> ClueOverview:
    """The page of a clue that this person may see; other clues on it only within their scope."""
    tellings = list(clue.tellings.select_related("reading", "batch").order_by("-pk"))
    current = next(one for one in tellings if one.superseded_at is None)
    seen = visible_clues(user)
    pairs = Likeness.objects.filter(Q(first=clue, second__in=seen) | Q(second=clue, first__in=seen))
    lead = clue.dispute_id or clue.pk
    return ClueOverview(
        clue=clue,
        telling=current,
        earlier=[one for one in tellings if one.pk != current.pk],
        reading=getattr(current, "reading", None),
        corrections=list(clue.corrections.order_by("-pk")),
        candidates=list(clue.candidates.select_related("employer", "project").order_by("pk")),
        likenesses=list(
            pairs.select_related("first__region", "second__region").order_by("state", "-score", "pk")
        ),
        merges=list(
            Merge.objects.filter(Q(first=clue) | Q(second=clue))
            .select_related("first", "second")
            .order_by("-pk")
        ),
        together=list(seen.filter(Q(pk=lead) | Q(dispute=lead)).exclude(pk=clue.pk).order_by("pk")),
    )


def _narrowed(rows: QuerySet[Clue], filters: ClueFilters) -> QuerySet[Clue]:
    exact: dict[str, Any] = {
        "channel": filters.channel, "urgency": filters.urgency, "state": filters.state,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if filters.region:
        rows = rows.filter(region__code__startswith=filters.region)
    if filters.text:
        text = filters.text
        rows = rows.filter(
            Q(number__icontains=text) | Q(sender_number__icontains=text) | Q(title__icontains=text)
            | Q(debtor__icontains=text) | Q(project_name__icontains=text)
        )  # fmt: skip
    return rows


def _cursor(after: str) -> tuple[int, int, int] | None:
    parts = after.split("_")
    if len(parts) != 3 or not all(part.isdecimal() and len(part) <= 18 for part in parts):
        return None
    urgency, score, pk = map(int, parts)
    return urgency, score, pk
