"""What people read about warnings: lists by key, counts for the home page, gaps. No query in a loop."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from anxin.accounts.access import CLEAR, HANDLE, any_of, colleagues
from anxin.accounts.models import User
from anxin.monitoring.access import (
    PARTIES,
    SUBJECTS,
    may_on_warning,
    visible_warning,
    visible_warnings,
    within_subjects,
)
from anxin.monitoring.explaining import explain, shared_by
from anxin.monitoring.models import Gap, Level, Mute, Warning, WarningEvent
from anxin.monitoring.sections import SECTIONS, in_section
from anxin.registry.models import Employer, Project

__all__ = [
    "PAGE",
    "SORTS",
    "Counts",
    "WarningFilters",
    "WarningPage",
    "all_warnings",
    "assignable_users",
    "counts",
    "employer_gaps",
    "employer_warnings",
    "explain",
    "filtered",
    "first_of_each",
    "history",
    "project_gaps",
    "project_warnings",
    "section_counts",
    "shared_by",
    "visible",
    "visible_warning",
    "warning_page",
]

PAGE = 50
_FAR = dt.date(9999, 12, 31)

#: sort name → expression whose order, then the id's, the list follows; what is unknown comes last
SORTS: dict[str, tuple[Any, bool]] = {
    "level": (F("level"), True),
    "due": (Coalesce(F("act_by"), Value(_FAR)), False),
    "amount": (Coalesce(F("amount_fen"), Value(-1)), True),
    "newest": (F("opened_on"), True),
}


@dataclass(frozen=True)
class WarningFilters:
    """What the list shows. Empty means "all"; the names are those of the address bar."""

    #: ``uncleared`` (the default, without what is muted), ``standing`` (with it), ``muted``, ``all``, or one state
    #: (``open`` is the state 待处置)
    state: str = "uncleared"
    level: int | None = None
    #: ``wages``, ``paper`` or ``advice``; a screen shows one at a time, or each in a part of its own
    family: str = ""
    #: significant digits of a region code: the subtree
    region: str = ""
    industry: str = ""
    #: one code, or several joined by commas
    rule: str = ""
    #: cleared on this day or later, as an ISO date
    cleared_since: str = ""
    #: code of the organisation that answers for the project, or to which the warning was assigned
    organisation: str = ""
    #: assigned to this person
    mine: bool = False
    #: ``overdue``, ``today``
    due: str = ""
    #: ``mute``: asked to be muted, and this person may decide; ``decide``: asked to clear, and this person may decide; ``returned``: sent back to this person
    waiting: str = ""
    #: open for at least so many days
    age: int | None = None
    #: project code
    project: str = ""
    #: unified social credit code
    employer: str = ""
    #: warning number, or part of a project's or employer's name or code
    text: str = ""
    sort: str = "level"

    @classmethod
    def read(cls, query: Mapping[str, str]) -> WarningFilters:
        """From the address; what makes no sense there counts as empty."""
        values: dict[str, Any] = {}
        for item in fields(cls):
            text = query.get(item.name, "").strip()
            if not text:
                continue
            if item.name in {"level", "age"}:
                if text.isdecimal() and len(text) <= 4:
                    values[item.name] = int(text)
            elif item.name == "cleared_since":
                if _is_day(text):
                    values[item.name] = text
            elif item.name == "mine":
                values["mine"] = text in {"1", "true", "on"}
            else:
                values[item.name] = text
        if values.get("sort") not in SORTS:
            values.pop("sort", None)
        return cls(**values)


@dataclass(frozen=True)
class WarningPage:
    """One page of the list. ``next_after`` asks for the next one; ``None`` on the last.

    The key is text because it holds what the list is sorted by as well as the id.
    """

    items: list[Warning]
    next_after: str | None


@dataclass(frozen=True)
class Levels:
    """One family's open warnings by level."""

    all: int
    red: int
    orange: int
    yellow: int
    blue: int


@dataclass(frozen=True)
class Counts:
    """What needs this person today. Numbers of warnings that are not cleared; the levels by family.

    Signs of forgery are counted under ``advice`` and nowhere else.
    """

    overdue: int
    due_today: int
    new_red: int
    to_decide: int
    returned: int
    mine: int
    open: int
    red: int
    orange: int
    yellow: int
    blue: int
    wages: Levels
    paper: Levels
    advice: int
    #: out of the work lists for a while, and still in the numbers by level
    muted: int
    #: asked to be muted, and this person may decide
    mutes_to_decide: int


def visible(user: User) -> QuerySet[Warning]:
    """The warnings this person may see."""
    return visible_warnings(user)


def all_warnings() -> QuerySet[Warning]:
    """Every warning: for the system operator at the command line, who has no scope."""
    return Warning.objects.select_related(*SUBJECTS, *PARTIES)


def filtered(
    rows: QuerySet[Warning], filters: WarningFilters, *, on: dt.date, user: User | None = None
) -> QuerySet[Warning]:
    """``rows`` narrowed; ``on`` is the day against which due days and ages count."""
    rows = rows.filter(_state(filters.state, on), in_section(filters.family))
    exact = {
        "level": filters.level,
        "project__industry": filters.industry,
        "rule__in": [code for code in filters.rule.split(",") if code],
        "project__code": filters.project,
        "employer__uscc": filters.employer,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if filters.region:
        rows = rows.filter(
            Q(project__region__code__startswith=filters.region)
            | Q(employer__region__code__startswith=filters.region)
        )
    if filters.cleared_since:
        rows = rows.filter(cleared_on__gte=filters.cleared_since)
    if filters.organisation:
        rows = rows.filter(
            Q(project__responsible__code=filters.organisation)
            | Q(assigned_organisation__code=filters.organisation)
        )
    if filters.age is not None:
        rows = rows.filter(opened_on__lte=on - dt.timedelta(days=filters.age))
    if filters.due:
        # A sign is advice: it has a day by which somebody should have looked, and nothing to be late with.
        rows = rows.filter(Q(act_by=on) if filters.due == "today" else Q(act_by__lt=on), advice=False)
    if filters.text:
        rows = rows.filter(_text(filters.text))
    return rows if user is None else _about(rows, filters, user)


def _about(rows: QuerySet[Warning], filters: WarningFilters, user: User) -> QuerySet[Warning]:
    if filters.mine:
        rows = rows.filter(assigned_to=user)
    if filters.waiting == "decide":
        rows = rows.filter(_to_decide(user))
    elif filters.waiting == "mute":
        rows = rows.filter(_mute_to_decide(user))
    elif filters.waiting == "returned":
        rows = rows.filter(returned=True, asked_by=user)
    return rows


def warning_page(
    user: User | None, filters: WarningFilters, *, on: dt.date, after: str = "", limit: int = PAGE
) -> WarningPage:
    """One page of what this person may see, in a constant number of queries. No ``user``: the operator."""
    rows = all_warnings() if user is None else visible_warnings(user)
    rows = filtered(rows, filters, on=on, user=user)
    expression, descending = SORTS[filters.sort]
    rows = rows.annotate(sort_key=expression)
    start = _cursor(filters.sort, after)
    if start is not None:
        key, pk = start
        past = "lt" if descending else "gt"
        rows = rows.filter(Q(**{f"sort_key__{past}": key}) | Q(sort_key=key, pk__lt=pk))
    order = F("sort_key").desc() if descending else F("sort_key").asc()
    items: list[Any] = list(rows.order_by(order, "-pk")[: limit + 1])
    more = len(items) > limit
    last = items[limit - 1] if more else None
    return WarningPage(items[:limit], f"{last.sort_key}_{last.pk}" if last is not None else None)


def first_of_each(
    user: User, lists: Sequence[WarningFilters], *, on: dt.date, limit: int
) -> list[list[Warning]]:
    """The first rows of several lists, the highest level first, then the newest; one query."""
    if not lists:
        return []
    inside = {}
    for number, filters in enumerate(lists):
        rows = filtered(visible_warnings(user), filters, on=on, user=user).select_related(None)
        first = rows.order_by("-level", "-pk").values("pk")[:limit]
        inside[f"list_{number}"] = ExpressionWrapper(Q(pk__in=first), output_field=BooleanField())
    in_any = any_of(Q(**{name: True}) for name in inside)
    found: list[Any] = list(
        visible_warnings(user).annotate(**inside).filter(in_any).order_by("-level", "-pk")
    )
    return [[row for row in found if getattr(row, name)] for name in inside]


def counts(user: User, *, on: dt.date) -> Counts:
    """The numbers of the home page, in one query."""
    open_ = ~Q(state=Warning.State.CLEARED)
    counted = open_ & Q(advice=False)
    waiting = counted & awake(on)
    families = {
        f"{family}_{name}": Count("pk", filter=counted & Q(family=family) & condition)
        for family in Warning.Family.values
        for name, condition in _LEVELS.items()
    }
    found = visible_warnings(user).aggregate(
        overdue=Count("pk", filter=waiting & Q(act_by__lt=on)),
        due_today=Count("pk", filter=waiting & Q(act_by=on)),
        new_red=Count("pk", filter=Q(state=Warning.State.OPEN, level=Level.RED) & waiting),
        to_decide=Count("pk", filter=_to_decide(user)),
        returned=Count("pk", filter=open_ & Q(returned=True, asked_by=user)),
        mine=Count("pk", filter=open_ & awake(on) & Q(assigned_to=user)),
        open=Count("pk", filter=counted),
        muted=Count("pk", filter=open_ & Q(muted_until__gte=on)),
        mutes_to_decide=Count("pk", filter=_mute_to_decide(user)),
        signs=Count("pk", filter=open_ & Q(advice=True)),
        **{level.name.lower(): Count("pk", filter=counted & Q(level=level)) for level in Level},
        **families,
    )
    levels = {
        family: Levels(**{name: found.pop(f"{family}_{name}") for name in _LEVELS})
        for family in Warning.Family.values
    }
    return Counts(advice=found.pop("signs"), wages=levels["wages"], paper=levels["paper"], **found)


_LEVELS = {"all": Q(), **{level.name.lower(): Q(level=level) for level in Level}}


def section_counts(user: User | None, filters: WarningFilters, *, on: dt.date) -> dict[str, int]:
    """How many warnings of each part the same filters find; one query."""
    rows = all_warnings() if user is None else visible_warnings(user)
    rows = filtered(rows, replace(filters, family=""), on=on, user=user)
    found = rows.aggregate(**{f"in_{key}": Count("pk", filter=in_section(key)) for key in SECTIONS})
    return {key: found[f"in_{key}"] for key in SECTIONS}


def project_warnings(project: Project) -> QuerySet[Warning]:
    """A project's warnings, open ones first, worst first. The caller has checked the project's scope."""
    return _in_order(Warning.objects.filter(project=project))


def employer_warnings(employer: Employer) -> QuerySet[Warning]:
    """Warnings about an employer as a whole, like :func:`project_warnings`."""
    return _in_order(Warning.objects.filter(employer=employer))


def employer_gaps(employer: Employer) -> QuerySet[Gap]:
    """What could not be judged about this employer, newest month first."""
    return Gap.objects.filter(employer=employer, closed_on__isnull=True).order_by("-month", "rule", "pk")


def _in_order(rows: QuerySet[Warning]) -> QuerySet[Warning]:
    cleared_last = Q(state=Warning.State.CLEARED)
    return (
        rows.select_related("assigned_to", "assigned_organisation")
        .annotate(is_cleared=cleared_last)
        .order_by("is_cleared", "-level", "-pk")
    )


def project_gaps(project: Project) -> QuerySet[Gap]:
    """What could not be judged about this project, newest month first."""
    return Gap.objects.filter(project=project, closed_on__isnull=True).order_by("-month", "rule", "pk")


def history(warning: Warning) -> QuerySet[WarningEvent]:
    """Everything that happened to it, oldest first."""
    return warning.events.select_related("file").order_by("pk")


def assignable_users(warning: Warning) -> list[User]:
    """Active colleagues who may handle it where it is, by name; one query."""
    return [person for person in colleagues() if may_on_warning(person, HANDLE, warning)]


def awake(on: dt.date) -> Q:
    """What is not muted on this day."""
    return Q(muted_until__isnull=True) | Q(muted_until__lt=on)


def _state(state: str, on: dt.date) -> Q:
    if state == "all":
        return Q()
    if state == "standing":
        return ~Q(state=Warning.State.CLEARED)
    if state == "muted":
        return Q(muted_until__gte=on) & ~Q(state=Warning.State.CLEARED)
    if state in Warning.State.values:
        return Q(state=state) & (Q() if state == Warning.State.CLEARED else awake(on))
    return ~Q(state=Warning.State.CLEARED) & awake(on)


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _text(text: str) -> Q:
    found = (
        Q(employer__name__icontains=text)
        | Q(employer__uscc=text.upper())
        | Q(project__name__icontains=text)
        | Q(project__code__icontains=text)
        # a sub-query, not a join: one project with three employers of that name is one row
        | Q(project__in=Project.objects.filter(participations__employer__name__icontains=text))
    )
    return found | Q(pk=int(text)) if text.isdecimal() and len(text) < 18 else found


def _to_decide(user: User) -> Q:
    return (
        Q(state=Warning.State.CLEARING)
        & ~Q(asked_by=user, asked_by__isnull=False)
        & within_subjects(user, CLEAR)
    )


def _mute_to_decide(user: User) -> Q:
    asked = Mute.objects.filter(state=Mute.State.ASKED).exclude(asked_by=user)
    return Q(pk__in=asked.values("warning_id")) & within_subjects(user, CLEAR)


def _cursor(sort: str, after: str) -> tuple[Any, int] | None:
    """``4_123`` or ``2026-11-20_123``; nonsense counts as "from the beginning"."""
    key, _, pk = after.rpartition("_")
    try:
        return (dt.date.fromisoformat(key) if sort in {"due", "newest"} else int(key)), int(pk)
    except ValueError:
        return None
