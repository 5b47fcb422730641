"""What pages read of coming pay days: the list, one project's, and how often forecasts came true."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import (
    Avg,
    Case,
    Count,
    F,
    FloatField,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Floor, Greatest, Least

from anxin.accounts.access import VIEW, within
from anxin.accounts.models import User
from anxin.monitoring.models import ForecastModel, PayDayForecast
from anxin.registry.models import Project

#: classes of the chance that are told apart when forecasts are held against what happened
_CLASSES = 5
_HISTORY = 60
_COVERED = Q(free_fen__isnull=False, need_fen__isnull=False)
_SHORT = Q(need_fen__gt=F("expected_fen") + Greatest(F("free_fen"), Value(0)))


@dataclass(frozen=True)
class Standing:
    """A coming pay day in words: how the money stands to the need."""

    key: str
    title: str


SHORT = Standing("short", "资金不足")
ENOUGH = Standing("enough", "资金够发")
UNKNOWN = Standing("unknown", "数据不全")
STANDINGS = (SHORT, ENOUGH, UNKNOWN)
#: orders of the list; the first is meant where none is asked for
LIKELIEST, SOONEST = "chance", "due"
SORTS = ((LIKELIEST, "可能性从高到低"), (SOONEST, "发薪日从近到远"))


@dataclass(frozen=True)
class Coming:
    """One page of coming pay days; ``next_after`` is the key of the next, ``None`` at the end."""

    items: Sequence[PayDayForecast]
    next_after: str | None


@dataclass(frozen=True)
class Class:
    """Forecasts of about the same chance, and how many of these pay days were missed."""

    low: float
    high: float
    forecasts: int
    chance: float
    missed: float


def coming(
    user: User, *, standing: str = "", region: str = "", announced: bool = False, sort: str = LIKELIEST
) -> QuerySet[PayDayForecast]:
    """Pay days to come on this person's projects with what the last night said of them."""
    found = PayDayForecast.objects.filter(within(user, VIEW, "project__"), current=True)
    if region:
        found = found.filter(project__region__code__startswith=region)
    if announced:
        found = found.filter(announced=True)
    if standing == SHORT.key:
        found = found.filter(_COVERED & _SHORT)
    elif standing == ENOUGH.key:
        found = found.filter(_COVERED & ~_SHORT)
    elif standing == UNKNOWN.key:
        found = found.exclude(_COVERED)
    order = ("due", "id") if sort == SOONEST else ("-risk", "due", "id")
    return found.select_related("project__region", "model").order_by(*order)


def page(
    found: QuerySet[PayDayForecast], after: str = "", *, sort: str = LIKELIEST, limit: int = 30
) -> Coming:
    """One page of :func:`coming` in the same order; ``after`` is ``risk_due_id`` of the last row before."""
    key = _key(after)
    if key:
        risk, day, last = key
        later = Q(due__gt=day) | Q(due=day, id__gt=last)
        found = found.filter(later if sort == SOONEST else Q(risk__lt=risk) | (Q(risk=risk) & later))
    rows = list(found[: limit + 1])
    shown = rows[:limit]
    more = f"{shown[-1].risk}_{shown[-1].due}_{shown[-1].pk}" if len(rows) > limit else None
    return Coming(shown, more)


def _key(after: str) -> tuple[int, dt.date, int] | None:
    """The parts of a page's key; what is none begins at the first page."""
    try:
        risk, day, last = after.split("_")
        return int(risk), dt.date.fromisoformat(day), int(last)
    except ValueError:
        return None


def missing_fen(one: PayDayForecast) -> int | None:
    """What the balance and the expected labour cost leave open; 0 where they are enough, ``None`` where unknown."""
    if one.need_fen is None or one.free_fen is None:
        return None
    return max(0, one.need_fen - max(0, one.free_fen) - one.expected_fen)


def standing_of(one: PayDayForecast) -> Standing:
    """Which of ``STANDINGS`` a pay day is in."""
    missing = missing_fen(one)
    return UNKNOWN if missing is None else SHORT if missing else ENOUGH


def short_of_money(user: User) -> dict[str, int]:
    """For leaders: coming pay days whose money is not enough, the people who wait for it, and the announced ones."""
    return (
        coming(user)
        .order_by()
        .aggregate(
            pay_days=Count("id", filter=_COVERED & _SHORT),
            people=Sum("people", filter=_COVERED & _SHORT, default=0),
            announced=Count("id", filter=Q(announced=True)),
        )
    )


def of_project(project: Project) -> list[PayDayForecast]:
    """The coming pay days of a project, then what was forecast of past ones, the newest first."""
    found = PayDayForecast.objects.filter(project=project).select_related("model")
    return list(found.filter(Q(current=True) | Q(missed__isnull=False)).order_by("-due", "-as_of")[:_HISTORY])


def nights(coming: Sequence[PayDayForecast]) -> dict[str, list[PayDayForecast]]:
    """What each night said of these coming pay days of one project, by wage month, the oldest night first."""
    by_month: dict[str, list[PayDayForecast]] = {one.month: [] for one in coming}
    if coming:
        found = PayDayForecast.objects.filter(project=coming[0].project_id, month__in=by_month)
        for one in found.defer("known").order_by("as_of"):
            by_month[one.month].append(one)
    return by_month


def latest_model() -> ForecastModel | None:
    """The last night's model, with its trial or the reason why there was none."""
    return ForecastModel.objects.order_by("-made_on").first()


def came_true() -> list[Class]:
    """The bureau's own forecasts by class of the chance against what happened."""
    ended = PayDayForecast.objects.filter(missed__isnull=False, chance__isnull=False)
    number = Least(Cast(Floor(F("chance") * _CLASSES), IntegerField()), Value(_CLASSES - 1))
    went = Case(When(missed=True, then=Value(1.0)), default=Value(0.0), output_field=FloatField())
    rows = (
        ended.annotate(number=number)
        .values("number")
        .annotate(forecasts=Count("id"), mean=Avg("chance"), missed_share=Avg(went))
        .order_by("number")
    )
    return [
        Class(
            row["number"] / _CLASSES,
            (row["number"] + 1) / _CLASSES,
            row["forecasts"],
            row["mean"],
            row["missed_share"],
        )
        for row in rows
    ]
