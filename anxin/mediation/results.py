"""What came of mediation, counted: by level, organisation or mediator, each number with what it is a part of.

A stage is the time a case spent with one organisation. Ended: agreed, failed, or climbed for want of time (handed to
somebody else is not an end). Settled: agreed of ended. Performed: paid to the last instalment, of agreed. Days: from the
day the organisation had it to the agreement, over the agreed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Sum

from anxin.accounts.models import User
from anxin.mediation.access import visible_cases
from anxin.mediation.models import LEVELS, Instalment, Level, Share, Stage

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


@dataclass(frozen=True)
class Sums:
    """People and money of the stages of one level, in fen; what each is, :data:`MEANINGS` says."""

    people: int = 0
    claimed_fen: int = 0
    agreed_people: int = 0
    agreed_fen: int = 0
    paid_fen: int = 0


#: number of :class:`Sums` → its title, and what it counts, for whoever reads it
MEANINGS: dict[str, tuple[str, str]] = {
    "people": ("请求人数", "这一级受理的案件里，申请调解的劳动者"),
    "claimed_fen": ("请求金额", "这些劳动者申请时请求的金额，协议少于请求的也按请求算"),
    "agreed_people": ("协议人数", "在这一级达成协议、协议已经生效的劳动者"),
    "agreed_fen": ("协议金额", "生效的协议约定付给他们的金额"),
    "paid_fen": ("已付金额", "其中有证明、没有撤下的到账，付到哪一期算到哪一期"),
}
#: why the levels do not add up
TWICE = (
    "一件案子到过几级，请求人数和请求金额在每一级各算一次，各级不能相加；协议和已付只算在达成协议的那一级。"
)

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


def sums_by_level(user: User) -> dict[str, Sums]:
    """Level → people and money over its stages, levels without a case left out; one query."""
    shares = Share.objects.filter(agreement__case=OuterRef("case"), agreement__effective_on__isnull=False)
    paid = Instalment.objects.filter(
        share__agreement__case=OuterRef("case"), share__agreement__effective_on__isnull=False
    )
    agreed = PARTS["agreed"][1]
    rows = (
        stages(user)
        .order_by()
        .annotate(
            shared=_over(shares, "agreement__case", Count("pk")),
            promised=_over(shares, "agreement__case", Sum("total_fen")),
            arrived=_over(paid, "share__agreement__case", Sum("paid_fen")),
        )
        .values("level")
        .annotate(
            of_people=Sum("case__people"),
            of_claims=Sum("case__claimed_fen"),
            of_shares=Sum("shared", filter=agreed),
            of_promises=Sum("promised", filter=agreed),
            of_payments=Sum("arrived", filter=agreed),
        )
    )
    return {
        row["level"]: Sums(
            row["of_people"] or 0,
            row["of_claims"] or 0,
            row["of_shares"] or 0,
            row["of_promises"] or 0,
            row["of_payments"] or 0,
        )
        for row in rows
    }


def _over(rows: QuerySet[Any], case: str, total: Count | Sum) -> Subquery:
    """What these rows of the outer stage's case come to."""
    return Subquery(rows.order_by().values(case).annotate(total=total).values("total"))


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
