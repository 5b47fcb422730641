"""What people read about matters. Every function costs a constant number of queries; lists page by key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from anxin import law as engine
from anxin.accounts.access import HANDLE, colleagues
from anxin.accounts.models import User
from anxin.casework.access import acts_on, visible_matter, visible_matters
from anxin.casework.computing import answer, loaded
from anxin.casework.flow import options
from anxin.casework.models import Deadline, Document, Matter, OversightMark, Step, Task
from anxin.casework.situation import Situation, situation
from anxin.casework.statuses import Status, status
from anxin.kernel.paging import day_cursor
from anxin.law import Law
from anxin.law.procedures import Procedure
from anxin.registry.models import Organisation, Project

__all__ = [
    "MatterFilters",
    "MatterOverview",
    "MatterPage",
    "bodies_about",
    "counts",
    "deadline_steps",
    "filtered",
    "handlers_for",
    "matter_overview",
    "matter_page",
    "options",
    "project_matters",
    "situation",
    "under_oversight",
    "visible_deadline",
    "visible_document",
    "visible_matter",
    "visible_matters",
]

PAGE = 50
_FAR = dt.date(9999, 12, 31)

#: sort name → expression whose order, then the id's, the list follows; what has no due day comes last
SORTS: dict[str, tuple[Any, bool]] = {
    "due": (Coalesce(F("next_due_on"), Value(_FAR)), False),
    "newest": (F("opened_on"), True),
}


@dataclass(frozen=True)
class MatterFilters:
    """What the list shows. Empty means "all"; the names are those of the address bar."""

    #: ``open`` (the default), ``closed`` or ``all``
    standing: str = "open"
    procedure: str = ""
    state: str = ""
    #: significant digits of a region code: the subtree
    region: str = ""
    industry: str = ""
    #: code of the lead or a supporting body
    organisation: str = ""
    #: project code
    project: str = ""
    employer: int | None = None
    #: only mine to handle
    mine: bool = False
    #: ``overdue`` or ``today``: by the earliest running limit
    due: str = ""
    #: only under oversight
    oversight: bool = False
    #: part of the number, the title, the project's or employer's name
    text: str = ""
    sort: str = "due"

    @classmethod
    def read(cls, query: Mapping[str, str]) -> MatterFilters:
        """From the address; what makes no sense there counts as empty."""
        values: dict[str, Any] = {}
        for item in fields(cls):
            text = query.get(item.name, "").strip()
            if not text:
                continue
            if item.name in {"mine", "oversight"}:
                values[item.name] = text in {"1", "true", "on"}
            elif item.name == "employer":
                if text.isdecimal() and len(text) < 18:
                    values["employer"] = int(text)
            else:
                values[item.name] = text
        if values.get("sort") not in SORTS:
            values.pop("sort", None)
        if values.get("standing") not in {"open", "closed", "all"}:
            values.pop("standing", None)
        return cls(**values)


@dataclass(frozen=True)
class MatterPage:
    """One page of the list. ``next_after`` asks for the next one; ``None`` on the last."""

    items: list[Matter]
    next_after: str | None


@dataclass(frozen=True)
class Counts:
    """Numbers of open matters within this person's scope."""

    open: int
    mine: int
    overdue: int
    due_today: int
    oversight: int


@dataclass(frozen=True)
class ClockShown:
    """One run of a clock with how it stands."""

    deadline: Deadline
    status: Status


@dataclass(frozen=True)
class MatterOverview:
    """The page of a matter, all but what may be done next (see ``options``)."""

    matter: Matter
    procedure: Procedure
    state_name: str
    steps: Sequence[Step]
    #: the papers that each entry of the history rests on, by its key
    papers_of: Mapping[int, Sequence[Document]]
    clocks: Sequence[ClockShown]
    tasks: Sequence[Task]
    #: what people gave to bodies, whatever came of it, in the order of giving
    given: Sequence[Task]
    documents: Sequence[Document]
    oversight: Sequence[OversightMark]
    #: days of events that clocks count from
    events: Mapping[str, dt.date]


@dataclass(frozen=True)
class Bodies:
    """Bodies about one matter: those that support it, and those that could be chosen."""

    supporting: Sequence[Organisation]
    choices: Sequence[Organisation]


def filtered(
    rows: QuerySet[Matter], filters: MatterFilters, *, on: dt.date, user: User | None = None
) -> QuerySet[Matter]:
    """``rows`` narrowed; ``on`` is the day against which due days count."""
    if filters.standing != "all":
        rows = rows.filter(closed_on__isnull=filters.standing == "open")
    exact = {
        "procedure": filters.procedure,
        "state": filters.state,
        "industry": filters.industry,
        "project__code": filters.project,
        "employer": filters.employer,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if filters.region:
        rows = rows.filter(region__code__startswith=filters.region)
    if filters.organisation:
        helps = Matter.supporting.through.objects.filter(
            matter=OuterRef("pk"), organisation__code=filters.organisation
        )
        rows = rows.filter(Q(lead__code=filters.organisation) | Exists(helps))
    if filters.due:
        rows = rows.filter(next_due_on=on) if filters.due == "today" else rows.filter(next_due_on__lt=on)
    if filters.oversight:
        rows = rows.filter(_overseen())
    if filters.text:
        text = filters.text
        rows = rows.filter(
            Q(number__icontains=text) | Q(title__icontains=text) | Q(project__name__icontains=text)
            | Q(employer__name__icontains=text)
        )  # fmt: skip
    return rows.filter(handler=user) if filters.mine and user is not None else rows


def matter_page(
    user: User, filters: MatterFilters, *, on: dt.date, after: str = "", limit: int = PAGE
) -> MatterPage:
    """One page of what this person may see."""
    rows = filtered(visible_matters(user), filters, on=on, user=user)
    expression, descending = SORTS[filters.sort]
    rows = rows.annotate(sort_key=expression)
    start = day_cursor(after)
    if start is not None:
        key, pk = start
        past = "lt" if descending else "gt"
        rows = rows.filter(Q(**{f"sort_key__{past}": key}) | Q(sort_key=key, pk__lt=pk))
    order = F("sort_key").desc() if descending else F("sort_key").asc()
    items: list[Any] = list(rows.order_by(order, "-pk")[: limit + 1])
    last = items[limit - 1] if len(items) > limit else None
    return MatterPage(items[:limit], f"{last.sort_key}_{last.pk}" if last is not None else None)


def counts(user: User, *, on: dt.date) -> Counts:
    """The numbers of the home page, in one query."""
    found = (
        visible_matters(user)
        .filter(closed_on__isnull=True)
        .aggregate(
            open=Count("pk"),
            mine=Count("pk", filter=Q(handler=user)),
            overdue=Count("pk", filter=Q(next_due_on__lt=on)),
            due_today=Count("pk", filter=Q(next_due_on=on)),
            oversight=Count("pk", filter=_overseen()),
        )
    )
    return Counts(**found)


def under_oversight(matters: Sequence[Matter]) -> set[int]:
    """Which of these matters are under oversight now; one query."""
    open_marks = OversightMark.objects.filter(matter__in=[one.pk for one in matters], settled_on__isnull=True)
    return set(open_marks.values_list("matter_id", flat=True))


def matter_overview(
    matter: Matter, on: dt.date, law: Law, *, found: Situation | None = None, beside: Sequence[str] = ()
) -> MatterOverview:
    """Everything on a matter's page. The caller has checked that the person may see it.

    ``found`` is the matter's situation where the caller has read it already; ``beside`` names what a package
    above has hung on tasks and the page shows, to be read with them.
    """
    found = found or situation(matter, law)
    shown = matter.tasks.filter(Q(state=Task.State.OPEN) | Q(kind=Task.Kind.DECISION))
    tasks = list(
        shown.select_related("for_user", "for_organisation", "deadline", *beside).order_by("due_on", "pk")
    )
    clocks = [run.deadline for run in found.runs]
    marks = [row.oversight_mark for row in clocks if hasattr(row, "oversight_mark")]
    papers = [paper for kind in found.papers.values() for paper in kind]
    return MatterOverview(
        matter=matter,
        procedure=found.procedure,
        state_name=found.procedure.state(matter.state).name,
        steps=found.steps,
        papers_of=found.papers_of,
        clocks=[ClockShown(row, status(row, on, law.calendar)) for row in clocks],
        tasks=[task for task in tasks if task.state == Task.State.OPEN],
        given=sorted((task for task in tasks if task.kind == Task.Kind.DECISION), key=lambda task: task.pk),
        documents=sorted(papers, key=lambda paper: paper.pk),
        oversight=sorted(marks, key=lambda mark: (mark.raised_on, mark.pk), reverse=True),
        events=found.events,
    )


def bodies_about(matter: Matter, *kinds: str) -> Bodies:
    """The bodies that support the matter, and those of ``kinds`` to choose from, both by name; one query."""
    supports = Matter.supporting.through.objects.filter(matter=matter, organisation=OuterRef("pk"))
    rows: list[Any] = list(
        Organisation.objects.annotate(supports=Exists(supports))
        .filter(Q(supports=True) | Q(kind__in=kinds))
        .order_by("name", "pk")
    )
    return Bodies([row for row in rows if row.supports], [row for row in rows if row.kind in kinds])


def project_matters(user: User, project: Project) -> QuerySet[Matter]:
    """The matters about a project that this person may see, open ones first, newest first."""
    return (
        visible_matters(user)
        .filter(project=project)
        .annotate(is_closed=Q(closed_on__isnull=False))
        .order_by("is_closed", "-pk")
    )


def deadline_steps(deadline: Deadline, law: Law) -> engine.Deadline:
    """How the due day was reached, by the engine. Raises :class:`~anxin.law.LawError` with a sentence."""
    return answer(loaded(deadline), law)


def visible_deadline(user: User, deadline_id: int) -> Deadline | None:
    """One clock of a matter this person may see."""
    rows = Deadline.objects.filter(matter__in=visible_matters(user)).select_related("matter__lead")
    return rows.filter(pk=deadline_id).first()


def visible_document(user: User, document_id: int) -> Document | None:
    """One paper of a matter this person may see, withdrawn or not."""
    rows = Document.objects.filter(matter__in=visible_matters(user)).select_related("matter", "file")
    return rows.filter(pk=document_id).first()


def handlers_for(matter: Matter) -> list[User]:
    """Active colleagues who may handle this matter, by name; one query."""
    return [person for person in colleagues() if acts_on(person, HANDLE, matter)]


def _overseen() -> Q:
    return Q(Exists(OversightMark.objects.filter(matter=OuterRef("pk"), settled_on__isnull=True)))
