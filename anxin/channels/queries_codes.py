"""What the console reads of codes: which hang where, how often they are scanned, and what looks odd."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from anxin.accounts.access import any_of
from anxin.accounts.models import User
from anxin.channels.access import visible_codes
from anxin.channels.models_codes import CodeFlag, Scan, ScanCode, ScanDay
from anxin.channels.scans import distance_km
from anxin.registry.models import Project

#: what is odd is told for so many days
LOOK_BACK = dt.timedelta(days=30)
#: a printed board that nobody scans for so long is missing, hangs where nobody passes, or was never put up
SILENT = dt.timedelta(days=7)
#: more in a day than a large site has people; or by one telephone, more than anybody needs. Our own choices:
#: they draw attention, and nothing follows from them
MASS_A_DAY = 500
MASS_BY_ONE = 30


@dataclass(frozen=True)
class Flag:
    """Something to look at: word, colour, shape and what to do."""

    key: str
    word: str
    style: str
    shape: str
    advice: str


FLAGS = {
    flag.key: flag
    for flag in (
        Flag("far", "离工地很远", "mark-bad", "●", "有人在离工地很远的地方扫了这张码，可能被拍照转发或贴到别处；核实后换新码。"),
        Flag("mass", "扫得异常多", "mark-bad", "●", "一天之内扫得太多，可能有人拿它做别的用；核实后换新码。"),
        Flag("missing", "贴出后没人扫", "mark-wait", "▲", "打印7天以上没有一次扫码，告示牌可能没有贴、被遮住或丢失；请到现场看一看。"),
        Flag("old", "旧码还在用", "mark-wait", "▲", "已经换过的码仍有人扫，旧的一张还贴在某处；请取下。"),
    )
}  # fmt: skip
#: with any of them at all
ANY = "any"
FLAG_CHOICES = [(ANY, "有提示的")] + [(flag.key, flag.word) for flag in FLAGS.values()]
STATES = (("current", "在用"), ("old", "已换新"), ("unprinted", "还没打印"))


@dataclass(frozen=True)
class CodeFilters:
    """What narrows the list; an empty part narrows nothing."""

    text: str = ""
    region: str = ""
    kind: str = ""
    flag: str = ""
    state: str = ""


@dataclass(frozen=True)
class CodeRow:
    """One code of the list."""

    code: ScanCode
    flags: Sequence[Flag]
    recent: int
    total: int

    @property
    def keys(self) -> list[str]:
        return [flag.key for flag in self.flags]


def flagged(codes: QuerySet[ScanCode], now: dt.datetime) -> QuerySet[ScanCode]:
    """Each code with the flags it raises and its counters, worked out in the same query."""
    days = ScanDay.objects.filter(code=OuterRef("pk"))
    recent = days.filter(day__gt=timezone.localdate(now) - LOOK_BACK)
    return codes.annotate(**raised_flags(now), recent=_sum(recent), total=_sum(days))


def raised_flags(now: dt.datetime) -> dict[str, Any]:
    """``flag_far`` … → whether a code raises it now. What a person has cleared is raised by what came afterwards only."""
    return {f"flag_{key}": _raised(key, now) for key in FLAGS}


def matching_codes(user: User, filters: CodeFilters, now: dt.datetime) -> QuerySet[ScanCode]:
    """The visible codes that meet the filters, newest first, with flags and counters."""
    found = flagged(visible_codes(user), now).order_by("-pk")
    if filters.text:
        text = filters.text
        found = found.filter(Q(project__name__icontains=text) | Q(project__code__istartswith=text))
    if filters.region:
        found = found.filter(project__region__code__startswith=filters.region)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.state == "current":
        found = found.filter(withdrawn_at__isnull=True)
    elif filters.state == "old":
        found = found.filter(withdrawn_at__isnull=False)
    elif filters.state == "unprinted":
        found = found.filter(withdrawn_at__isnull=True, printed_at__isnull=True)
    if filters.flag == ANY:
        return found.filter(any_of(Q(**{f"flag_{key}": True}) for key in FLAGS))
    return found.filter(**{f"flag_{filters.flag}": True}) if filters.flag in FLAGS else found


def flag_counts(user: User, now: dt.datetime) -> dict[str, int]:
    """How many visible codes raise each flag; one query."""
    counts = {key: Count("pk", filter=Q(**{f"flag_{key}": True})) for key in FLAGS}
    return flagged(visible_codes(user), now).order_by().aggregate(**counts)


def row_of(code: Any) -> CodeRow:
    """A code of :func:`flagged` as the list shows it."""
    flags = [flag for key, flag in FLAGS.items() if getattr(code, f"flag_{key}")]
    return CodeRow(code, flags, code.recent, code.total)


@dataclass(frozen=True)
class RoughPlace:
    """Where a code was scanned, to a kilometre, and how often."""

    latitude: Decimal
    longitude: Decimal
    scans: int
    last: dt.datetime
    kilometres: int | None


def places_of(code: ScanCode, limit: int = 20) -> list[RoughPlace]:
    """The rough places that telephones told for this code in the last month, the most frequent first."""
    found: Any = (
        Scan.objects.filter(code=code, latitude__isnull=False)
        .values("latitude", "longitude")
        .annotate(scans=Count("pk"), last=Max("at"))
        .order_by("-scans", "latitude", "longitude")[:limit]
    )
    return [
        RoughPlace(**one, kilometres=_kilometres(code, one["latitude"], one["longitude"])) for one in found
    ]


def _kilometres(code: ScanCode, latitude: Decimal, longitude: Decimal) -> int | None:
    away = distance_km(code, float(latitude), float(longitude))
    return None if away is None else round(away)


def days_of(code: ScanCode, today: dt.date) -> list[ScanDay]:
    """The days of the last month on which this code was scanned, the latest first."""
    return list(ScanDay.objects.filter(code=code, day__gt=today - LOOK_BACK).order_by("-day"))


def generations_of(code: ScanCode) -> list[ScanCode]:
    """This board or helmet through its generations, the latest first."""
    same = ScanCode.objects.filter(project=code.project_id, kind=code.kind, number=code.number)
    return list(same.order_by("-generation"))


def sites_to_print(projects: QuerySet[Project], without_board: bool = False) -> QuerySet[Project]:
    """Sites with what they have: when their board was printed (``board_printed_at``) and how many helmets (``helmets``)."""
    current = ScanCode.objects.filter(project=OuterRef("pk"), withdrawn_at__isnull=True)
    boards = current.filter(kind=ScanCode.Kind.BOARD).values("printed_at")[:1]
    helmets = current.filter(kind=ScanCode.Kind.HELMET).order_by().values("project").annotate(n=Count("pk"))
    found = projects.annotate(
        board_printed_at=Subquery(boards),
        helmets=Coalesce(Subquery(helmets.values("n"), output_field=IntegerField()), Value(0)),
    )
    return found.filter(board_printed_at__isnull=True) if without_board else found


def _raised(key: str, now: dt.datetime) -> Any:
    cleared = CodeFlag.objects.filter(kind=key, cleared_by__isnull=False)
    if key in ("far", "mass"):
        # Counted by day: what a person cleared covers the day on which that was done.
        odd = Q(far__gt=0) if key == "far" else Q(scans__gte=MASS_A_DAY) | Q(by_one__gte=MASS_BY_ONE)
        days = ScanDay.objects.filter(odd, code=OuterRef("pk"), day__gt=timezone.localdate(now) - LOOK_BACK)
        seen = cleared.filter(code=OuterRef("code"), cleared_at__date__gte=OuterRef("day"))
        return Exists(days.exclude(Exists(seen)))
    mine = cleared.filter(code=OuterRef("pk"))
    if key == "old":
        since = mine.filter(cleared_at__gte=OuterRef("last_scanned_at"))
        return _whether(Q(withdrawn_at__isnull=False, last_scanned_at__gt=F("withdrawn_at")) & ~Exists(since))
    # Somebody has looked at the board: asked again only after a time, or when it is printed anew.
    looked = mine.filter(cleared_at__gt=now - LOOK_BACK, cleared_at__gte=OuterRef("printed_at"))
    silent = Q(last_scanned_at__isnull=True) | Q(last_scanned_at__lt=F("printed_at"))
    return _whether(
        silent
        & Q(
            kind=ScanCode.Kind.BOARD,
            withdrawn_at__isnull=True,
            printed_at__lte=now - SILENT,
            project__state=Project.State.IN_PROGRESS,
        )
        & ~Exists(looked)
    )


def _whether(condition: Any) -> Case:
    """A condition as a value that is true or false, never unknown."""
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _sum(days: QuerySet[ScanDay]) -> Coalesce:
    summed = days.order_by().values("code").annotate(n=Sum("scans")).values("n")
    return Coalesce(Subquery(summed, output_field=IntegerField()), Value(0))
