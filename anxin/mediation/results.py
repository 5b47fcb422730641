"""What came of mediation, counted: by level, organisation or mediator, each number with what it is a part of.

A stage is the time a case spent with one organisation. Ended: agreed, failed, or climbed for want of time (handed to
somebody else is not an end). Settled: agreed of ended. Performed: paid to the last instalment, of agreed. Days: from the
day the organisation had it to the agreement, over the agreed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Sum

from anxin.accounts.models import User
from anxin.mediation.access import visible_cases
from anxin.mediation.models import LEVELS, Level, Stage

_OUT = Stage.Outcome
_ENDED = Q(outcome__in=[_OUT.AGREED, _OUT.FAILED, _OUT.CLIMBED])


@dataclass(frozen=True)
class Results:
    """Counts over stages. ``days`` is the sum over the agreed ones; ``mean_days`` divides it."""

    key: str | int
    begun: int = 0
    open: int = 0
    ended: int = 0
    agreed: int = 0
    failed: int = 0
    climbed: int = 0
    performed: int = 0
    days: int = 0

    @property
    def mean_days(self) -> float | None:
        return round(self.days / self.agreed, 1) if self.agreed else None

    @property
    def settled_share(self) -> float | None:
        return self.agreed / self.ended if self.ended else None


#: name in the address → rows behind a number
PARTS: dict[str, tuple[str, Q]] = {
    "": ("全部", Q()),
    "open": ("在调解", Q(outcome=_OUT.RUNNING)),
    "ended": ("已有结果", _ENDED),
    "agreed": ("达成协议", Q(outcome=_OUT.AGREED)),
    "failed": ("调解不成", Q(outcome=_OUT.FAILED)),
    "climbed": ("到期转上一级", Q(outcome=_OUT.CLIMBED)),
    "performed": ("付清", Q(outcome=_OUT.AGREED, case__matter__state="fulfilled")),
}


def stages(user: User) -> QuerySet[Stage]:
    """The stages of the cases that this person may see."""
    return Stage.objects.filter(case__in=visible_cases(user).values("pk"))


def by_level(user: User) -> list[Results]:
    """The four levels in their order, those without a case as well; one query."""
    found = {one.key: one for one in _counted(stages(user), "level")}
    return [found.get(level, Results(level)) for level in LEVELS]


def of_mediators(pks: Sequence[int]) -> dict[int, Results]:
    """Mediator → results over all their stages; one query."""
    return {int(one.key): one for one in _counted(Stage.objects.filter(mediator__in=pks), "mediator_id")}


def of_bodies(pks: Sequence[int]) -> dict[int, Results]:
    """Organisation → results; one query."""
    return {int(one.key): one for one in _counted(Stage.objects.filter(body__in=pks), "body_id")}


def in_part(rows: QuerySet[Stage], part: str, level: str = "") -> QuerySet[Stage]:
    """The stages behind a number of :func:`by_level`."""
    rows = rows.filter(PARTS.get(part, PARTS[""])[1])
    return rows.filter(level=level) if level in Level.values else rows


def _counted(rows: QuerySet[Stage], column: str) -> Iterable[Results]:
    lasted = ExpressionWrapper(F("ended_on") - F("started_on"), output_field=DurationField())
    counts = {name: Count("pk", filter=condition) for name, (_, condition) in PARTS.items() if name}
    agreed = PARTS["agreed"][1]
    found = rows.order_by().values(column).annotate(
        begun=Count("pk"), lasted=Sum(lasted, filter=agreed), **counts
    )  # fmt: skip
    for row in found:
        key, lasted_sum = row.pop(column), row.pop("lasted")
        days = lasted_sum.days if isinstance(lasted_sum, dt.timedelta) else int(lasted_sum or 0)
        yield Results(key, days=days, **row)
