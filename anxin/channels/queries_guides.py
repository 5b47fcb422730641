"""What readers and the console read of guides: the version of a day, older ones, and which are opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from django.db.models import F, Q, Sum

from anxin.accounts.models import User
from anxin.channels import guide_text
from anxin.channels.guide_text import Section
from anxin.channels.models_guides import GuideDay, GuideVersion, HelpPlace
from anxin.channels.shipped import shipped
from anxin.law import Law
from anxin.registry.access import visible_projects
from anxin.registry.models import Organisation

_State = GuideVersion.State


@dataclass(frozen=True)
class Guide:
    """One version of a guide. ``number`` 0 came with the product; ``until`` is its last day, where one is known."""

    key: str
    number: int
    title: str
    summary: str
    body: str
    source: str
    valid_from: dt.date
    until: dt.date | None = None

    @property
    def name(self) -> str:
        return f"第{self.number}版" if self.number else "随系统提供的一版"

    def read(self, *, law: Law, on: dt.date, region: str = "") -> Sequence[Section]:
        """Its sections as they stand on a day; of a version that has ended, on its last day."""
        day = min(on, self.until) if self.until else on
        return guide_text.sections(guide_text.told(self.body, law=law, on=day, region=region))


def versions(key: str) -> list[Guide]:
    """Every published version of a guide with its dates, the latest first; empty for a guide there is not. One query."""
    return _versions([key]).get(key, []) if key in shipped() else []


def current(key: str, on: dt.date) -> Guide | None:
    """The version that readers see on a day."""
    return _on(versions(key), on)


def all_current(on: dt.date) -> list[Guide]:
    """Every guide as readers see it on a day, in their order; one query."""
    found = _versions(list(shipped()))
    return [guide for key in shipped() if (guide := _on(found[key], on)) is not None]


def of_version(key: str, number: int) -> Guide | None:
    """One published version, old or to come."""
    return next((one for one in versions(key) if one.number == number), None)


def drafts() -> dict[str, GuideVersion]:
    """What waits for a second person, by guide."""
    return {one.key: one for one in GuideVersion.objects.filter(state=_State.DRAFT)}


def history(key: str) -> list[GuideVersion]:
    """All rows of a guide, the latest first."""
    return list(GuideVersion.objects.filter(key=key).order_by("-number"))


def count_open(key: str, *, project_id: int | None, on: dt.date) -> None:
    """Count one opening of a guide. No more than a counter: not who, not when."""
    counted = GuideDay.objects.filter(key=key, day=on, project=project_id)
    if not counted.update(opens=F("opens") + 1):
        GuideDay.objects.bulk_create(
            [GuideDay(key=key, day=on, project_id=project_id)], ignore_conflicts=True
        )
        counted.update(opens=F("opens") + 1)


def opens(user: User, *, since: dt.date) -> tuple[dict[str, int], list[tuple[str, int]]]:
    """Openings since a day: by guide, and by site for the twenty most frequent; of sites this person sees, and of none."""
    rows = GuideDay.objects.filter(day__gte=since)
    rows = rows.filter(Q(project__isnull=True) | Q(project__in=visible_projects(user)))
    by_guide = dict(rows.order_by().values_list("key").annotate(Sum("opens")))
    by_site = (
        rows.filter(project__isnull=False)
        .order_by()
        .values_list("project__name")
        .annotate(number=Sum("opens"))
        .order_by("-number", "project__name")
    )
    return by_guide, list(by_site[:20])


def home_region() -> str:
    """The place for which this installation works: what the regions of its bureaus have in common; one query."""
    bureaus = Organisation.objects.filter(kind=Organisation.Kind.BUREAU, region__isnull=False)
    codes = sorted(str(code) for code in bureaus.values_list("region_id", flat=True))
    if not codes:
        return ""
    # What the first and the last of them share, all between share.
    same = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(codes[0], codes[-1], strict=False))))
    return codes[0][: min(same // 2 * 2, 6)]


def places_near(region: str) -> list[HelpPlace]:
    """Where workers of a region can go: its own places before those of the city and the province; all without a region."""
    found = HelpPlace.objects.filter(ended_at__isnull=True).select_related("region")
    if region:
        found = found.filter(region__in=[region[:length] for length in range(2, len(region) + 1)])
    return sorted(found.order_by("pk")[:60], key=lambda one: -len(one.region_id) if region else 0)


def _versions(keys: Sequence[str]) -> dict[str, list[Guide]]:
    rows = GuideVersion.objects.filter(key__in=keys, state=_State.PUBLISHED).order_by("number")
    found: dict[str, list[Guide]] = {}
    for key in keys:
        text = shipped()[key]
        found[key] = [Guide(key, 0, text.title, text.summary, text.body, text.source, text.valid_from)]
    for row in rows:
        made = Guide(row.key, row.number, row.title, row.summary, row.body, row.source, row.valid_from)
        found[row.key].append(made)
    return {key: _with_ends(guides) for key, guides in found.items()}


def _with_ends(guides: list[Guide]) -> list[Guide]:
    """A version ends the day before a later one begins; the latest first."""
    ended: list[Guide] = []
    begins: dt.date | None = None
    for guide in reversed(guides):
        until = begins - dt.timedelta(days=1) if begins else None
        ended.append(replace(guide, until=until))
        begins = min(guide.valid_from, begins) if begins else guide.valid_from
    return ended


def _on(guides: Sequence[Guide], on: dt.date) -> Guide | None:
    return next((one for one in guides if one.valid_from <= on or one.number == 0), None)
