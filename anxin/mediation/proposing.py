"""Which level, organisation and mediator a case is proposed to, each with its reasons.

The nearest level that can hear the parties comes first: one where somebody speaks the language they need, where one is
needed. Within a level the mediator with the skill and the fewest cases at hand. A person decides; another choice needs a
reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from anxin.mediation.loads import loads_of_bodies, loads_of_mediators
from anxin.mediation.models import LEVELS, Level, MediationBody, MediationCase, Mediator

#: more of one level are not looked at: a town has a handful
_MOST = 60
_NEAR = {
    Level.ENTERPRISE: "用人单位自己有调解委员会，离双方最近。",
    Level.VILLAGE: "所在村（社区）有调解组织，离双方最近。",
    Level.TOWN: "所在镇（街道）有调解组织。",
    Level.COUNTY: "区（县）调解中心，能调处疑难的争议。",
}


@dataclass(frozen=True)
class Proposal:
    """One organisation with its best mediator (``None``: nobody there at present) and why."""

    level: Level
    body: MediationBody
    mediator: Mediator | None
    load: int
    reasons: tuple[str, ...]

    @property
    def key(self) -> str:
        """As a form names it: organisation and mediator."""
        return f"{self.body.pk}-{self.mediator.pk if self.mediator else 0}"


@dataclass(frozen=True)
class Wanted:
    """What a proposal looks at."""

    region: str
    place: str = ""
    employer: int | None = None
    skill: str = ""
    language: str = ""

    @classmethod
    def of(cls, case: MediationCase) -> Wanted:
        return cls(case.region_id, case.place, case.employer_id, case.skill, case.language)


def propose(wanted: Wanted, *, above: Level | None = None) -> list[Proposal]:
    """Every organisation that may take the case, the best first; four queries. ``above``: only higher levels.

    Empty where no organisation of the place is registered.
    """
    levels = LEVELS[LEVELS.index(above) + 1 :] if above else LEVELS
    bodies = list(_eligible(wanted, levels))
    people: dict[int, list[Mediator]] = {}
    rows = Mediator.objects.filter(body__in=[one.pk for one in bodies], left_on__isnull=True)
    for one in rows.select_related("user").order_by("pk"):
        people.setdefault(one.body_id, []).append(one)
    loads = loads_of_mediators([one.pk for rows_ in people.values() for one in rows_])
    body_loads = loads_of_bodies([one.pk for one in bodies])
    found = [_best(body, people.get(body.pk, []), loads, body_loads, wanted) for body in bodies]
    heard = [one for one in found if _speaks(one.mediator, wanted.language)]
    unheard = [one for one in found if one not in heard]
    return sorted(heard, key=_order) + sorted(unheard, key=_order)


def _eligible(wanted: Wanted, levels: Sequence[Level]) -> QuerySet[MediationBody]:
    """The employer's committee, the village's station, and the organisations on the way up from the place."""
    above = [wanted.region[:length] for length in (4, 6, 9, 12) if len(wanted.region) >= length]
    condition = Q(level__in=[Level.TOWN, Level.COUNTY], region__in=above)
    if wanted.place or len(wanted.region) > 9:
        village = Q(level=Level.VILLAGE, region=wanted.region)
        condition |= village & Q(place=wanted.place) if wanted.place else village
    if wanted.employer is not None:
        condition |= Q(level=Level.ENTERPRISE, employer=wanted.employer)
    rows = MediationBody.objects.filter(condition, level__in=levels, closed_on__isnull=True)
    return rows.select_related("region").order_by("pk")[:_MOST]


def _best(
    body: MediationBody,
    people: Sequence[Mediator],
    loads: dict[int, int],
    body_loads: dict[int, int],
    wanted: Wanted,
) -> Proposal:
    level = Level(body.level)
    reasons = [_NEAR[level]]
    if body.brand:
        reasons.append(f"品牌工作室“{body.brand}”。")
    if not people:
        reasons.append("目前没有登记在任的调解员，由组织指定。")
        if wanted.language:
            reasons.append(f"没有会说{wanted.language}的调解员，请另约翻译。")
        return Proposal(level, body, None, body_loads.get(body.pk, 0), tuple(reasons))
    best = min(
        people,
        key=lambda one: (
            not _speaks(one, wanted.language),
            wanted.skill not in one.skill_list,
            loads.get(one.pk, 0),
            one.pk,
        ),
    )
    load = loads.get(best.pk, 0)
    if wanted.language:
        speaks = _speaks(best, wanted.language)
        reasons.append(
            f"{best}会说{wanted.language}。" if speaks else f"没有会说{wanted.language}的调解员，请另约翻译。"
        )
    if wanted.skill:
        reasons.append(
            f"{best}擅长{wanted.skill}。"
            if wanted.skill in best.skill_list
            else f"没有专长{wanted.skill}的调解员。"
        )
    least = (
        "，在本组织最少" if len(people) > 1 and load == min(loads.get(one.pk, 0) for one in people) else ""
    )
    reasons.append(f"{best}手上有{load}件未结{least}。")
    return Proposal(level, body, best, load, tuple(reasons))


def _speaks(mediator: Mediator | None, language: str) -> bool:
    return not language or (mediator is not None and language in mediator.language_list)


def _order(one: Proposal) -> tuple[int, bool, int, int]:
    return LEVELS.index(one.level), one.mediator is None, one.load, one.body.pk
