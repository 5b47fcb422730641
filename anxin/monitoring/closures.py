"""How often each rule was right by what its warnings turned out to be: conclusions in service, by district and quarter.

- *Precision* is the share of right conclusions among those that count either way; the number of warnings that were
  given and of those that have a conclusion stand beside it.
- *Recall* asks of confirmed arrears (a lead that was found true, an order to pay) whether the rule had warned of the
  same project or business by the day they came, and no longer than the horizon of back-tests before. Ten leads about one
  site in one month are one case. Duties on paper and signs of forgery have none.
- *Lead* is the days from the warning to the day the wages were due: by pay list and bank where they tell it, else the
  due day that the warning itself names, where it is about the wages of one month.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from django.db.models import F

from anxin.evidence import bulk
from anxin.monitoring.backtest.comparing import DISTRICT
from anxin.monitoring.backtest.episodes import RED, Episode
from anxin.monitoring.backtest.scoring import EMPLOYER_HORIZON, HORIZON, OF_WAGE_MONTH, announced
from anxin.monitoring.backtest.truth import Truth
from anxin.monitoring.models import RuleAccuracy, Warning
from anxin.monitoring.rules.framework import Rule, Subject
from anxin.signals.models import Clue, PaymentOrder

#: four whole quarters before the present one
_QUARTERS = 4
Key = tuple[Subject, int]
#: (district or empty, quarter or empty)
Cell = tuple[str, str]


@dataclass(frozen=True)
class Case:
    """Arrears that were confirmed: about whom, where, and the day on which they were told of."""

    about: Key
    district: str
    day: dt.date


@dataclass
class _Tally:
    """What is counted of one rule in one cell."""

    fired: int = 0
    concluded: int = 0
    judged: int = 0
    right: int = 0
    cases: int = 0
    found: int = 0
    leads: list[int] = field(default_factory=list)


def quarter_of(day: dt.date) -> str:
    """``2026Q3``."""
    return f"{day.year}Q{(day.month - 1) // 3 + 1}"


def first_day(on: dt.date) -> dt.date:
    """The first day of the first quarter that is counted as of a day."""
    index = on.year * 4 + (on.month - 1) // 3 - _QUARTERS
    return dt.date(index // 4, index % 4 * 3 + 1, 1)


def episode_of(warning: Warning, region: str = "", first_red: dt.date | None = None) -> Episode:
    """A stored warning as back-tests see one."""
    about = _about(warning.project_id, warning.employer_id)
    red = warning.worst_level == RED
    return Episode(
        rule=warning.rule,
        subject=about[0],
        subject_id=about[1],
        region=region,
        month=warning.month,
        first=warning.first_seen,
        last=warning.last_seen,
        severity=warning.worst_level,
        people=warning.people or 0,
        amount_fen=warning.amount_fen or 0,
        first_red=(first_red or warning.first_seen) if red else None,
    )


def count(rules: Mapping[str, Rule], truth: Truth, *, on: dt.date, now: dt.datetime) -> list[RuleAccuracy]:
    """The figures of every rule, unsaved: the whole, each district, and each quarter of both."""
    first = first_day(on)
    tallies: dict[str, dict[Cell, _Tally]] = defaultdict(lambda: defaultdict(_Tally))
    for warning, district in _given(first, on):
        for cell in _cells(district, warning.first_seen):
            _add(tallies[warning.rule][cell], warning, truth)
    cases = confirmed(first, on)
    standing = _standing(cases)
    for code, rule in rules.items():
        if rule.family == "wages" and not rule.advice:
            _add_cases(tallies[code], [one for one in cases if one.about[0] == rule.subject], standing[code])
    return [
        _row(rules[code], cell, tally, first, on, now)
        for code, cells in sorted(tallies.items())
        if code in rules
        for cell, tally in sorted(cells.items())
    ]


def confirmed(first: dt.date, last: dt.date) -> list[Case]:
    """Arrears that leads or orders to pay confirmed in the period, by day; two queries."""
    leads = Clue.objects.filter(superseded_at=None, founded=True, received_on__range=(first, last))
    orders = PaymentOrder.objects.filter(superseded_at=None, served_on__range=(first, last))
    earliest: dict[tuple[Key, str], Case] = {}
    told = [*leads.values_list(*_WHERE, "received_on"), *orders.values_list(*_WHERE, "served_on")]
    for project, project_region, employer, employer_region, day in sorted(told, key=lambda row: row[-1]):
        for about, region in (
            (_about(project, None), project_region),
            (_about(None, employer), employer_region),
        ):
            if about[1]:
                case = Case(about, (region or "")[:DISTRICT], day)
                earliest.setdefault((about, f"{day:%Y-%m}"), case)
    return sorted(earliest.values(), key=lambda one: (one.day, one.about))


_WHERE = ("project_id", "project__region_id", "employer_id", "employer__region_id")


def _about(project: int | None, employer: int | None) -> Key:
    return ("project", project) if project else ("employer", employer or 0)


def _cells(district: str, day: dt.date) -> list[Cell]:
    quarter = quarter_of(day)
    places = ["", district] if district else [""]
    return [(place, when) for place in places for when in ("", quarter)]


def _given(first: dt.date, last: dt.date) -> Iterator[tuple[Warning, str]]:
    """Warnings first given in the period, with their district; one query."""
    given = Warning.objects.filter(first_seen__range=(first, last)).annotate(
        of_region=F("project__region_id"), of_employer=F("employer__region_id"), due=F("explanation__due")
    )
    for warning in given.defer("explanation", "sentence").order_by("pk").iterator(2000):
        yield warning, (warning.of_region or warning.of_employer or "")[:DISTRICT]


def _add(tally: _Tally, warning: Any, truth: Truth) -> None:
    tally.fired += 1
    if warning.concluded_on is None:
        return
    tally.concluded += 1
    if warning.conclusion_right is None:
        return
    tally.judged += 1
    if not warning.conclusion_right:
        return
    tally.right += 1
    due = _due(warning, truth)
    if due is not None:
        tally.leads.append((due - warning.first_seen).days)


def _due(warning: Any, truth: Truth) -> dt.date | None:
    """The day the wages were due that the warning was right about, where anything tells it."""
    if warning.family != "wages" or warning.advice:
        return None
    spells = announced(episode_of(warning), warning.first_seen, truth)
    if spells:
        return spells[0].due
    return dt.date.fromisoformat(warning.due) if warning.rule in OF_WAGE_MONTH and warning.due else None


#: rule → subject → first and last day of each of its warnings
_Standing = Mapping[str, Mapping[Key, list[tuple[dt.date, dt.date]]]]


def _standing(cases: Iterable[Case]) -> _Standing:
    """The warnings about the subjects of the cases; one query for each few thousand of them."""
    wanted: dict[Subject, set[int]] = {"project": set(), "employer": set()}
    for case in cases:
        wanted[case.about[0]].add(case.about[1])
    found: dict[str, dict[Key, list[tuple[dt.date, dt.date]]]] = defaultdict(lambda: defaultdict(list))
    for subject, keys in wanted.items():
        for piece in bulk.chunks(sorted(keys)):
            rows = Warning.objects.filter(**{f"{subject}__in": piece})
            for rule, key, since, until in rows.values_list("rule", subject, "first_seen", "last_seen"):
                found[rule][(subject, key)].append((since, until))
    return found


def _add_cases(
    cells: dict[Cell, _Tally], cases: Iterable[Case], warned: Mapping[Key, list[tuple[dt.date, dt.date]]]
) -> None:
    for case in cases:
        horizon = dt.timedelta(days=HORIZON if case.about[0] == "project" else EMPLOYER_HORIZON)
        before = any(since <= case.day <= until + horizon for since, until in warned.get(case.about, ()))
        for cell in _cells(case.district, case.day):
            cells[cell].cases += 1
            cells[cell].found += before


def _row(
    rule: Rule, cell: Cell, tally: _Tally, first: dt.date, last: dt.date, now: dt.datetime
) -> RuleAccuracy:
    region, quarter = cell
    judged_by_cases = rule.family == "wages" and not rule.advice
    since, until = _span(quarter, first, last)
    return RuleAccuracy(
        rule=rule.code,
        region=region,
        source=RuleAccuracy.Source.CLOSURES,
        quarter=quarter,
        first=since,
        last=until,
        fired=tally.fired,
        concluded=tally.concluded,
        true=tally.right,
        judged=tally.judged,
        cases=tally.cases if judged_by_cases else None,
        found=tally.found if judged_by_cases else None,
        lead_days_median=float(median(tally.leads)) if tally.leads else None,
        counted_at=now,
    )


def _span(quarter: str, first: dt.date, last: dt.date) -> tuple[dt.date, dt.date]:
    if not quarter:
        return first, last
    year, number = int(quarter[:4]), int(quarter[5:])
    since = dt.date(year, number * 3 - 2, 1)
    after = dt.date(year + number // 4, number % 4 * 3 + 1, 1)
    return since, min(after - dt.timedelta(days=1), last)
