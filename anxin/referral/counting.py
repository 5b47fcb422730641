"""The numbers of settling, each with what is counted, out of what, until when and in which unit.

A number is two conditions over clues: its base and the part that counts. The same two conditions give the number, its
breakdown and its rows, so that they never disagree. Whether a clue was closed on a day is asked of its closings, not of
its state of today, so that a number of last month stays what it was. What counts as a claim is the rule of ``owed``: a
clue that was read as wages owed and corrected by a person stays in the denominators until a second person has agreed.
Merged clues count as received and go the way of the one they were merged into (``fates``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import (
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, Substr, TruncDate
from django.utils import timezone

from anxin.accounts.models import User
from anxin.casework.models import Deadline, Matter
from anxin.clues.access import visible_clues
from anxin.clues.models import Clue
from anxin.referral import fates
from anxin.referral.fates import ONCE, ONCE_RULE
from anxin.referral.models import BESIDE, Closing, Conclusion, Recovered, Referral, Word
from anxin.referral.owed import RULE, claimed
from anxin.referral.revisits import OWN_FIRST, last_not_content, own_answers, own_not_content, revisits

Unit = Literal["share", "days", "people", "fen", "clues"]
_COUNTY = 6
#: breakdown → what it is called, and the column it groups by
DIMENSIONS: Mapping[str, tuple[str, str]] = {
    "region": ("按地区", "place"),
    "channel": ("按渠道", "channel"),
    "body": ("按牵头单位", "body"),
}


@dataclass(frozen=True)
class Span:
    """Clues received from ``first`` to ``last``, as it stood at the end of the day ``as_of``."""

    first: dt.date
    last: dt.date
    as_of: dt.date
    #: significant digits of a place; empty: all that is seen
    region: str = ""


@dataclass(frozen=True)
class Indicator:
    """One number. ``part`` and ``base`` are annotations of :func:`rows`; shown in words beside the number."""

    key: str
    title: str
    unit: Unit
    part: Q
    base: Q
    numerator: str
    denominator: str
    #: where another number is easily taken for it
    note: str = ""


_ALL = Q()
_CAME = f"期间收到的欠薪线索条数；{fates.RULE}；{RULE}"
_CLOSED, _TOLD = Q(closed=True), ONCE & Q(told=True)
_ASKED, _CALLED = ONCE & Q(asked=True), ONCE & Q(revisited=True)
INDICATORS: tuple[Indicator, ...] = (
    Indicator("closure", "办结率", "share", _CLOSED, _ALL,
              "其中到截止日已经销号、没有重新打开的条数", _CAME),
    Indicator("settled", "确认付清率", "share", Q(closed=True, confirmed=True, outcome="settled"), _ALL,
              "其中结论为付清、经劳动者确认并已销号的条数", _CAME,
              "立案、转争议程序等办结的不算付清"),
    Indicator("on_time", "按期办结率", "share", Q(closed=True, limited=True, late=False), Q(closed=True, limited=True),
              "其中办理期限一次也没有逾期的条数", "已经销号、所办事项有办理期限的条数"),
    Indicator("days", "办结用时", "days", _CLOSED, _CLOSED,
              "从收到到销号的自然日，取中位数和第90百分位数（最近名次法）", "到截止日已经销号的条数"),
    Indicator("reopened", "重新打开率", "share", Q(told=True, reopened=True), _TOLD,
              "其中劳动者至少一次不同意结论、重新办理的条数", f"到截止日告知过结论的条数，{ONCE_RULE}"),
    Indicator("satisfied", "劳动者确认率", "share", Q(told=True, agreed=True), _TOLD,
              "其中最后一次表态为同意的条数", f"到截止日告知过结论、请劳动者确认的条数，{ONCE_RULE}",
              "没有答复的算在分母里，不算同意"),
    Indicator("silent", "没有答复", "share", Q(told=True, spoken=False), _TOLD,
              "其中劳动者一直没有答复的条数", f"到截止日告知过结论、请劳动者确认的条数，{ONCE_RULE}"),
    Indicator("content", "满意率", "share", Q(asked=True, content=True), _ASKED,
              "其中答满意或者基本满意的条数；并案的，每位反映人都没有答不满意才算",
              "到截止日本人在查进度时评价过，或者热线回访问到本人、答了是否满意的条数（含并入的），一件只算一次",
              f"{OWN_FIRST}；没有联系上的、没有问是否满意的不在分母里，见“回访没有问到”；没有评价也没有回访的不计；满意不算劳动者确认"),
    Indicator("unreached", "回访没有问到", "share", Q(revisited=True, reached=False), _CALLED,
              "其中一直没有联系上本人，或者没有问是否满意的条数", "到截止日热线回访过的条数（含并入的工单），一件只算一次",
              "只说热线的回访；办理单位告知结论没有联系上的，见“结论待告知”"),
    Indicator("untold", "结论待告知", "share", ONCE & Q(concluded=True, informed=False), ONCE & Q(concluded=True),
              "其中到截止日还没有告知到劳动者的条数（打过电话没有联系上的也算）",
              f"到截止日有结论、不等复核的条数，{ONCE_RULE}",
              "没有告知的不算“没有答复”，等待确认的天数也不起算"),
    Indicator("people", "确认付清人数", "people", Q(closed=True, confirmed=True, outcome="settled"), ONCE,
              "其中确认付清的线索的核定人数之和", f"期间线索所说的人数之和，{ONCE_RULE}；没有说人数的不计"),
    Indicator("money", "证明到账金额", "fen", Q(recovered_fen__gt=0), ONCE,
              "到截止日逐人证明到账的金额之和", f"期间线索所说的欠薪金额之和，{ONCE_RULE}；没有说金额的不计",
              "没有回单、凭证或本人确认的不计"),
)  # fmt: skip
BY_KEY = {one.key: one for one in INDICATORS}


@dataclass(frozen=True)
class Figure:
    """One number of one group. ``value`` is a share, or ``None`` where the base is nothing."""

    part: int
    base: int
    #: of days only
    median: int | None = None
    ninetieth: int | None = None

    @property
    def value(self) -> float | None:
        return self.part / self.base if self.base else None


def rows(user: User, span: Span) -> QuerySet[Clue]:
    """The claims of the span that this person sees, with everything that numbers are made of; one query."""
    start, stop = moments(span.first, span.last)
    end = moments(span.as_of, span.as_of)[1]
    found = visible_clues(user).filter(claimed(end), received_at__gte=start, received_at__lt=stop)
    found = found.annotate(fate=fates.fate())
    if span.region:
        found = found.filter(region__code__startswith=span.region)
    closing = (
        fates.closings()
        .filter(Q(reopened_at__isnull=True) | Q(reopened_at__gte=end), closed_at__lt=end)
        .order_by("-pk")
    )
    told = Conclusion.objects.filter(clue=OuterRef("pk"), told_at__lt=end)
    standing = Conclusion.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gte=end),
        Q(review_why="", at__lt=end) | Q(reviewed_at__lt=end),
        clue=OuterRef("pk"),
    )
    words = Word.objects.filter(clue=OuterRef("fate"), at__lt=end).order_by("-pk")
    referral = Referral.objects.filter(clue=OuterRef("fate"), referred_at__lt=end).order_by("-pk")
    called = revisits(end)
    limits = Deadline.objects.filter(nature=Deadline.Nature.LIMIT, authority=True, due_on__isnull=False)
    own = limits.filter(matter__referral__clue=OuterRef("fate"))
    # of what went on from the matter that the clue was passed on with; two conditions, so that each has its index
    further = limits.filter(matter__root__referral__clue=OuterRef("fate"), matter__recorded_at__lt=end)
    later = Matter.objects.filter(root__referral__clue=OuterRef("fate"), recorded_at__lt=end)
    later = later.exclude(procedure__in=BESIDE).order_by("-pk")
    paid = (
        Recovered.objects.filter(Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=end), clue=OuterRef("pk"), at__lt=end)
        .order_by()
        .values("clue")
        .annotate(total=Sum("amount_fen"))
        .values("total")
    )  # fmt: skip
    return found.annotate(
        closed=Exists(closing),
        closed_moment=Subquery(closing.values("closed_at")[:1]),
        outcome=Coalesce(
            Subquery(closing.values("conclusion__outcome")[:1], output_field=CharField()), _text("")
        ),
        # struck off on the proof of the money, and the worker has agreed since
        confirmed=Exists(closing.filter(how=Closing.How.CONFIRMED))
        | (
            Exists(closing.filter(how=Closing.How.PROVED))
            & Exists(words.filter(agrees=True))
            & ~Exists(_later_no(end))
        ),
        found_people=Coalesce(
            Subquery(closing.values("conclusion__people")[:1]), F("people"), output_field=IntegerField()
        ),
        told=Exists(told),
        concluded=Exists(standing),
        informed=Exists(standing.filter(told_at__lt=end)),
        spoken=Exists(words),
        agreed=Exists(words.filter(agrees=True)) & ~Exists(_later_no(end)),
        reopened=Exists(words.filter(agrees=False)),
        revisited=Exists(called),
        reached=Exists(called.filter(satisfied__isnull=False)),
        asked=Exists(called.filter(satisfied__isnull=False)) | Exists(own_answers(end)),
        content=~Exists(last_not_content(end)) & ~Exists(own_not_content(end)),
        limited=Exists(own) | Exists(further),
        late=Exists(own.filter(missed_on__lte=span.as_of))
        | Exists(further.filter(missed_on__lte=span.as_of)),
        recovered_fen=Coalesce(Subquery(paid), 0),
        # as Referral.now: begun last of those that were open on the day, of all where none was
        body=Coalesce(
            _first(later.filter(_open_on(span.as_of)), "lead__name"),
            _first(referral.filter(_open_on(span.as_of, "matter__")), "matter__lead__name"),
            _first(later, "lead__name"),
            _first(referral, "matter__lead__name"),
            _text("尚未派单"),
        ),
        place=Substr("region__code", 1, _COUNTY),
    )


def _first(found: QuerySet[Any], column: str) -> Subquery:
    return Subquery(found.values(column)[:1], output_field=CharField())


def _open_on(day: dt.date, matter: str = "") -> Q:
    return Q(**{f"{matter}closed_on__isnull": True}) | Q(**{f"{matter}closed_on__gt": day})


def figures(user: User, span: Span) -> dict[str, Figure]:
    """Every number over the whole span; two queries."""
    found = rows(user, span)
    asked: dict[str, Any] = {}
    for one in INDICATORS:
        asked |= _aggregates(one)
    told = found.order_by().aggregate(**asked)
    return {one.key: _figure(one, told, _days(found) if one.unit == "days" else ()) for one in INDICATORS}


def broken_down(user: User, span: Span, indicator: Indicator, dimension: str) -> list[tuple[str, Figure]]:
    """One number per place, channel or body, the largest base first; two queries at most."""
    column = DIMENSIONS[dimension][1]
    found = rows(user, span)
    groups = list(found.order_by().values(column).annotate(**_aggregates(indicator)))
    days: dict[str, list[int]] = {}
    if indicator.unit == "days":
        for group, spent in _spent(found, column):
            days.setdefault(group, []).append(spent)
    shown = [
        (str(group[column]), _figure(indicator, group, sorted(days.get(group[column], ()))))
        for group in groups
    ]
    return sorted(shown, key=lambda one: (-one[1].base, one[0]))


def counted(
    user: User, span: Span, indicator: Indicator, *, of: str, group: tuple[str, str] | None = None
) -> QuerySet[Clue]:
    """The rows behind a number: ``of`` is ``part``, ``base``, or ``rest`` (in the base and not in the part)."""
    found = rows(user, span).filter(indicator.base)
    if of == "part":
        found = found.filter(indicator.part)
    elif of == "rest":
        found = found.exclude(
            pk__in=rows(user, span).filter(indicator.base, indicator.part).order_by().values("pk")
        )
    if group is not None:
        found = found.filter(**{DIMENSIONS[group[0]][1]: group[1]})
    return found


def percentile(ordered: Sequence[int], share: int) -> int | None:
    """The nearest rank: the smallest value that at least ``share`` per cent do not exceed."""
    if not ordered:
        return None
    return ordered[max(-(-len(ordered) * share // 100) - 1, 0)]


def _aggregates(one: Indicator) -> dict[str, Any]:
    """Numerator and denominator of one number, by its unit."""
    part, base = one.base & one.part, one.base
    if one.unit == "people":
        return {
            f"{one.key}_part": Sum("found_people", filter=part or None),
            f"{one.key}_base": Sum("people", filter=base or None),
        }
    if one.unit == "fen":
        return {
            f"{one.key}_part": Sum("recovered_fen", filter=part or None),
            f"{one.key}_base": Sum("amount_fen", filter=base or None),
        }
    return {
        f"{one.key}_part": Count("pk", filter=part or None),
        f"{one.key}_base": Count("pk", filter=base or None),
    }


def _figure(one: Indicator, told: Mapping[str, Any], days: Sequence[int]) -> Figure:
    part, base = told[f"{one.key}_part"] or 0, told[f"{one.key}_base"] or 0
    if one.unit != "days":
        return Figure(part, base)
    return Figure(part, base, percentile(days, 50), percentile(days, 90))


def _days(found: QuerySet[Clue]) -> list[int]:
    return sorted(spent for _, spent in _spent(found, "channel"))


def _spent(found: QuerySet[Clue], column: str) -> list[tuple[str, int]]:
    """Days from receipt to closing, grouped in the database by both days so that few rows come back."""
    pairs = (
        found.filter(_CLOSED)
        .order_by()
        .annotate(came=TruncDate("received_at"), went=TruncDate("closed_moment"))
        .values(column, "came", "went")
        .annotate(number=Count("pk"))
    )
    return [
        (pair[column], max((pair["went"] - pair["came"]).days, 0))
        for pair in pairs
        for _ in range(pair["number"])
    ]


def _later_no(end: dt.datetime) -> QuerySet[Word]:
    """A word of disagreement after which nothing else was said."""
    after = Word.objects.filter(clue=OuterRef("clue"), pk__gt=OuterRef("pk"), at__lt=end)
    return Word.objects.filter(~Exists(after), clue=OuterRef("fate"), at__lt=end, agrees=False)


def _text(value: str) -> Value:
    return Value(value, output_field=CharField())


def moments(first: dt.date, last: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """From the beginning of ``first`` to the end of ``last``, in the office's time zone."""
    zone = timezone.get_current_timezone()
    start = dt.datetime.combine(first, dt.time(), zone)
    return start, dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), zone)
