"""Which employers passed a line in a month, counted by a stated rule. It proposes; a person decides.

Counted is a whole place at a time, for whoever answers for the whole place: half a count would accuse or spare by who asks.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils import timezone

from anxin.accounts.access import HANDLE, Scope, scopes
from anxin.accounts.models import User
from anxin.casework.models import Matter
from anxin.clues.models import Clue
from anxin.enforcement.models import Bulletin
from anxin.kernel.months import Month
from anxin.law import Law
from anxin.referral.dispute_people import RULE as PEOPLE_RULE
from anxin.referral.dispute_people import people_of_disputes
from anxin.referral.owed import RULE, claimed
from anxin.registry.models import Employer, Participation, Region

_ROLES = (Participation.Role.OWNER, Participation.Role.GENERAL_CONTRACTOR)
_SINGLE = ("arbitration", "arbitration_simple")
_COLLECTIVE = ("arbitration_collective", "group_event")
_KEYS = {
    Bulletin.Kind.CLUES: "casework.bulletin_clues",
    Bulletin.Kind.COLLECTIVE: "mediation_arbitration.collective_people",
    Bulletin.Kind.ARBITRATION: "casework.bulletin_arbitration_cases",
}
#: how is counted, in words; the page and the bulletin say it
RULES: dict[str, str] = {
    Bulletin.Kind.CLUES: "当月接收、地区在内、判读或者更正为欠薪且属工程建设领域的线索（判读或者更正为工程建设领域的，以及已关联项目的）；并案的几条算一条，判为不是欠薪的和还没有判读的"
    f"不算；{RULE}。线索计到所指的用人单位和所涉项目的建设单位、施工总承包单位，同一纠纷对同一单位只算一次。超过线的列出。",
    Bulletin.Kind.COLLECTIVE: "当月接收的欠薪线索中，并案后人数达到线的纠纷，加上当月开始的集体仲裁、群体性事件事项（演练不算）；"
    f"{PEOPLE_RULE}；{RULE}。计到所指的用人单位，没有指明的计到所涉项目的施工总承包单位。有一起就列出。",
    Bulletin.Kind.ARBITRATION: "当月开始的劳动仲裁和简易仲裁事项，按事项登记的用人单位计件；集体仲裁不在此列。达到线的列出。",
}


@dataclass(frozen=True)
class Line:
    """One threshold as it stands for a place on the month's last day."""

    kind: str
    title: str
    value: int
    unit: str
    basis: str

    @property
    def words(self) -> str:
        """The line in a sentence, with where it comes from."""
        over = "超过" if self.kind == Bulletin.Kind.CLUES else "达到"
        return f"{over}{self.value}{self.unit}（{self.basis}）"

    def passed(self, count: int) -> bool:
        if self.kind == Bulletin.Kind.COLLECTIVE:
            return count > 0
        return count > self.value if self.kind == Bulletin.Kind.CLUES else count >= self.value


@dataclass
class Reached:
    """An employer that passed a line, with what was counted."""

    line: Line
    employer: Employer
    rows: list[dict[str, Any]] = field(default_factory=list)
    bulletin: Bulletin | None = None

    @property
    def count(self) -> int:
        return len(self.rows)


def whole_places(user: User) -> list[Scope]:
    """Where this person answers for everything, whatever the trade or body."""
    return [one for one in scopes(user, HANDLE) if not (one.industry or one.organisation)]


def may_count(user: User, region: Region) -> bool:
    """Whether this person answers for the whole of the place."""
    return any(region.code.startswith(scope.region) for scope in whole_places(user))


def lines(law: Law, month: Month, region: Region) -> list[Line]:
    """The three lines of a place in a month."""
    found = []
    for kind, key in _KEYS.items():
        value = law.value(key, month.last_day, region.code)
        found.append(Line(kind, kind.label, int(value.value), value.unit, value.reference))
    return found


def reached(month: Month, region: Region, law: Law) -> list[Reached]:
    """Who passed a line, by line and then by how much; eight queries at most however many clues there are."""
    of = {line.kind: line for line in lines(law, month, region)}
    clues = _clues(month, region)
    matters = _matters(month, region)
    projects = {one.project_id for one in clues} | {one.project_id for one in matters}
    parties = _parties({pk for pk in projects if pk})
    counted = {
        Bulletin.Kind.CLUES: _by_clues(clues, parties),
        Bulletin.Kind.COLLECTIVE: _by_people(clues, matters, parties, of[Bulletin.Kind.COLLECTIVE].value),
        Bulletin.Kind.ARBITRATION: _by_case(matters),
    }
    names = Employer.objects.in_bulk({pk for rows in counted.values() for pk in rows})
    drafted = {
        (one.kind, one.employer_id): one
        for one in Bulletin.objects.filter(month=str(month), region=region).select_related("interview")
    }
    found = [
        Reached(
            of[kind],
            names[pk],
            sorted(rows, key=lambda row: (row["on"], row["number"])),
            drafted.get((kind, pk)),
        )
        for kind, employers in counted.items()
        for pk, rows in employers.items()
        if of[kind].passed(len(rows))
    ]
    order = list(of)
    return sorted(found, key=lambda one: (order.index(one.line.kind), -one.count, one.employer.name))


def _clues(month: Month, region: Region) -> list[Clue]:
    """Claims of wages by the rule of ``referral.owed``, as it stood at the end of the month."""
    first, last = _moments(month)
    rows = Clue.objects.filter(
        claimed(last), region__code__startswith=region.code, received_at__gte=first, received_at__lt=last
    )
    return list(rows.only(
        "number", "title", "received_at", "construction", "people", "dispute", "project", "employer"
    ).order_by("pk"))  # fmt: skip


def _matters(month: Month, region: Region) -> list[Matter]:
    rows = Matter.objects.filter(
        region__code__startswith=region.code, opened_on__range=(month.first_day, month.last_day),
        procedure__in=(*_SINGLE, *_COLLECTIVE),
    )  # fmt: skip
    return list(rows.order_by("pk"))


def _parties(projects: Iterable[int]) -> dict[int, dict[str, list[int]]]:
    """Project → role → employers."""
    found: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    rows = Participation.objects.filter(Q(project__in=projects), role__in=_ROLES).order_by("pk")
    for project, role, employer in rows.values_list("project", "role", "employer"):
        found[project][role].append(employer)
    return found


def _by_clues(
    clues: Sequence[Clue], parties: dict[int, dict[str, list[int]]]
) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
    for clue in clues:
        if not clue.of_construction:
            continue
        of_project = parties.get(clue.project_id or 0, {})
        meant = {clue.employer_id, *(pk for role in _ROLES for pk in of_project.get(role, ()))} - {None}
        for employer in meant:
            found[employer].setdefault(clue.dispute_id or clue.pk, _clue_row(clue))  # type: ignore[index]
    return {employer: list(rows.values()) for employer, rows in found.items()}


def _by_people(
    clues: Sequence[Clue], matters: Sequence[Matter], parties: dict[int, dict[str, list[int]]], line: int
) -> dict[int, list[dict[str, Any]]]:
    disputes: dict[int, list[Clue]] = defaultdict(list)
    for clue in clues:
        disputes[clue.dispute_id or clue.pk].append(clue)
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    people = people_of_disputes(disputes)
    for key, together in disputes.items():
        if people[key] >= line:
            largest = max(together, key=lambda one: one.people or 0)
            named = next((one.employer_id for one in together if one.employer_id), None)
            project = next((one.project_id for one in together if one.project_id), None)
            for employer in _meant(named, project, parties):
                found[employer].append(_clue_row(largest) | {"people": people[key]})
    for matter in matters:
        if matter.procedure in _COLLECTIVE:
            for employer in _meant(matter.employer_id, matter.project_id, parties):
                found[employer].append(_matter_row(matter))
    return found


def _meant(named: int | None, project: int | None, parties: dict[int, dict[str, list[int]]]) -> list[int]:
    if named:
        return [named]
    return parties.get(project or 0, {}).get(Participation.Role.GENERAL_CONTRACTOR, [])


def _by_case(matters: Sequence[Matter]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for matter in matters:
        if matter.procedure in _SINGLE and matter.employer_id:
            found[matter.employer_id].append(_matter_row(matter))
    return found


def _clue_row(clue: Clue) -> dict[str, Any]:
    on = timezone.localdate(clue.received_at).isoformat()
    return {
        "to": "clue",
        "pk": clue.pk,
        "number": clue.number,
        "title": clue.title,
        "on": on,
        "people": clue.people,
    }


def _matter_row(matter: Matter) -> dict[str, Any]:
    on = matter.opened_on.isoformat()
    return {
        "to": "matter",
        "pk": matter.pk,
        "number": matter.number,
        "title": matter.title,
        "on": on,
        "people": None,
    }


def _moments(month: Month) -> tuple[dt.datetime, dt.datetime]:
    first, following = month.first_day, month.plus(1).first_day
    start, end = (timezone.make_aware(dt.datetime.combine(day, dt.time())) for day in (first, following))
    return start, end
