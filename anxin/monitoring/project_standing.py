"""Which projects are worst, how much is unpaid, since when: projects in the order of their warnings."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import BigIntegerField, Count, F, Max, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Coalesce

from anxin.monitoring.models import Warning
from anxin.registry.models import Project

#: people who did not get their money; the other rules' amounts are deposits and costs, which do not add up
#: with wages
UNPAID_RULES = ("W03", "P01")
#: in the sorting key a level outweighs any sum of money (in fen: a trillion yuan)
_LEVEL = 10**14


@dataclass(frozen=True)
class StandingPage:
    """One page of projects, each with ``open_warnings``, ``worst_level``, ``unpaid_fen``, ``unpaid_days``.

    ``next_after`` asks for the next page; ``None`` on the last.
    """

    items: list[Project]
    next_after: str | None


def with_standing(projects: QuerySet[Project]) -> QuerySet[Project]:
    """The projects with their uncleared warnings counted, worst first; signs of forgery do not count.

    ``unpaid_fen`` and ``unpaid_days`` are of wages that did not arrive in full; 0 and ``None`` without any.
    """
    waiting = ~Q(warnings__state=Warning.State.CLEARED) & Q(warnings__isnull=False, warnings__advice=False)
    unpaid = waiting & Q(warnings__rule__in=UNPAID_RULES)
    whole = BigIntegerField()
    return (
        projects.annotate(
            open_warnings=Count("warnings", filter=waiting),
            worst_level=Coalesce(Max("warnings__level", filter=waiting), 0),
            unpaid_fen=Coalesce(Sum("warnings__amount_fen", filter=unpaid), Value(0, output_field=whole)),
            unpaid_days=Max("warnings__longest_days", filter=unpaid),
        )
        .annotate(
            # A sum of big integers is a decimal on some databases; the key of a page must be a whole number on all.
            standing=Cast(
                F("worst_level") * Value(_LEVEL, output_field=whole) + F("unpaid_fen") + F("open_warnings"),
                whole,
            )
        )
        .order_by("-standing", "-pk")
    )


def standing_page(projects: QuerySet[Project], after: str = "", limit: int = 30) -> StandingPage:
    """One page of :func:`with_standing`; ``after`` is the ``next_after`` of the page before."""
    rows = with_standing(projects)
    key, _, pk = after.partition("_")
    if key.isdecimal() and pk.isdecimal() and len(after) < 40:
        rows = rows.filter(Q(standing__lt=int(key)) | Q(standing=int(key), pk__lt=int(pk)))
    found = list(rows[: limit + 1])
    items = found[:limit]
    last = items[-1] if len(found) > limit else None
    return StandingPage(items, None if last is None else f"{last.standing}_{last.pk}")  # type: ignore[attr-defined]
