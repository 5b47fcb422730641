"""Episodes held against the truth: right, wrong, missed, and how long before.

The terms, which the documents and the screens use as they stand here:

- A *wage warning* is right when wages of its subject were really overdue on some day from its first day to
  ``HORIZON`` days after its last one. A warning about the wages of one month asks for arrears of that month.
- *Serious arrears* are a subject's month whose wages stayed overdue for more than ``SERIOUS`` days within the period.
  Recall is the share of them that the rule had warned of while they were owed, or before.
- A *forgery sign* is right when forged records of its kind were planted at that project and month and, where
  rows name people, it names one of them. Recall is the share of planted records found.
- An *employer warning* is right when the business came to owe wages from the warning's first day to
  ``EMPLOYER_HORIZON`` days after its last one, or owed them already.
- A *duty on paper* has no truth but the paper itself: it is counted, and neither right nor wrong.
- *Lead* is the days from the first warning to the day the wages were due; below zero: after it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from anxin.monitoring.backtest.episodes import RED, Episode, Episodes
from anxin.monitoring.backtest.intervals import wilson
from anxin.monitoring.backtest.truth import Arrears, Truth, by_project
from anxin.monitoring.rules.framework import Rule

#: days after a warning in which what it announced may still come true
HORIZON = 45
EMPLOYER_HORIZON = 180
#: arrears that last no longer are a late payment, not a case
SERIOUS = 30
#: code of the row that takes all red wage warnings together
RED_WAGES = "RED-WAGES"
#: rules whose month is a wage month: right only about arrears of that very month
OF_WAGE_MONTH = frozenset({"W03", "P01", "W04", "G01", "G03", "G06"})


@dataclass(frozen=True)
class Score:
    """How often one rule was right. ``None`` where there is no truth to hold it against."""

    code: str
    fired: int
    true: int | None
    #: true cases in the period, and how many of them the rule found
    cases: int | None
    found: int | None
    lead_days_median: float | None
    #: honest look-alikes and how many of them were accused, for signs of forgery
    lookalikes: int | None = None
    accused: int | None = None
    #: people and money of what fired, and of what was missed
    people: int = 0
    amount_fen: int = 0
    missed_people: int = 0
    missed_fen: int = 0

    @property
    def precision(self) -> float | None:
        return None if self.true is None or not self.fired else self.true / self.fired

    @property
    def recall(self) -> float | None:
        return None if self.found is None or not self.cases else self.found / self.cases

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 % interval of the precision."""
        return None if self.true is None else wilson(self.true, self.fired)

    @property
    def recall_interval(self) -> tuple[float, float] | None:
        """95 % interval of the recall."""
        return None if self.found is None or self.cases is None else wilson(self.found, self.cases)

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "fired": self.fired,
            "true": self.true,
            "precision": _rounded(self.precision),
            "recall": _rounded(self.recall),
            "lead_days_median": self.lead_days_median,
            "interval": _pair(self.interval),
            "cases": self.cases,
            "found": self.found,
            "recall_interval": _pair(self.recall_interval),
            "lookalikes": self.lookalikes,
            "accused": self.accused,
            "people": self.people,
            "amount_fen": self.amount_fen,
            "missed_people": self.missed_people,
            "missed_fen": self.missed_fen,
        }


def score_all(
    episodes: Episodes, rules: Mapping[str, Rule], truth: Truth | None, *, first: dt.date, last: dt.date
) -> list[Score]:
    """One score a rule, in the order of the pack, then the one of all red wage warnings together."""
    scores = [score_rule(rule, episodes.of(rule.code), truth, first, last) for rule in rules.values()]
    red = [episode for episode in episodes if is_red_wages(episode, rules)]
    return [*scores, _score_wages(RED_WAGES, red, truth, first, last, lambda one: one.first_red or one.first)]


def is_red_wages(episode: Episode, rules: Mapping[str, Rule]) -> bool:
    """A warning that wages are at risk and that was red at some time; signs of forgery are advice and do not count."""
    rule = rules[episode.rule]
    return rule.family == "wages" and not rule.advice and episode.severity == RED


def score_rule(
    rule: Rule, fired: Sequence[Episode], truth: Truth | None, first: dt.date, last: dt.date
) -> Score:
    """The score of one rule by the measure of its kind."""
    if rule.advice:
        return _score_forgery(rule.code, fired, truth, first, last)
    if rule.family == "paper":
        return _unjudged(rule.code, fired)
    return _score_wages(rule.code, fired, truth, first, last, lambda one: one.first, subjects={rule.subject})


def _score_wages(
    code: str,
    fired: Sequence[Episode],
    truth: Truth | None,
    first: dt.date,
    last: dt.date,
    since: Callable[[Episode], dt.date],
    subjects: Collection[str] = ("project", "employer"),
) -> Score:
    subjects = [kind for kind in subjects if truth is not None and kind in truth.covers]
    if truth is None or not subjects:
        return _unjudged(code, fired)
    right, leads = 0, []
    warned: set[tuple[str, int, str]] = set()
    for episode in fired:
        spells = announced(episode, since(episode), truth)
        right += bool(spells)
        if spells:
            leads.append((spells[0].due - since(episode)).days)
        warned.update((spell.subject, spell.subject_id, spell.month) for spell in spells)
    cases = [spell for spell in truth.arrears if spell.subject in subjects and _serious(spell, first, last)]
    missed = [one for one in cases if (one.subject, one.subject_id, one.month) not in warned]
    return Score(
        code=code,
        fired=len(fired),
        true=right,
        cases=len(cases),
        found=len(cases) - len(missed),
        lead_days_median=_median(leads),
        **_sizes(fired),
        missed_people=sum(spell.people for spell in missed),
        missed_fen=sum(spell.amount_fen for spell in missed),
    )


def announced(episode: Episode, since: dt.date, truth: Truth) -> list[Arrears]:
    """The arrears that the warning was about, the earliest due first."""
    horizon = HORIZON if episode.subject == "project" else EMPLOYER_HORIZON
    until = episode.last + dt.timedelta(days=horizon)
    spells = truth.arrears_of.get((episode.subject, episode.subject_id), [])
    return [
        spell
        for spell in spells
        if spell.owed_between(since, until)
        and (episode.rule not in OF_WAGE_MONTH or not episode.month or spell.month == episode.month)
    ]


def _serious(spell: Arrears, first: dt.date, last: dt.date) -> bool:
    """Overdue for more than so many days, all of them within the period."""
    judged = spell.due + dt.timedelta(days=SERIOUS)
    return first <= spell.due and judged <= last and spell.overdue_days(last) > SERIOUS


def _score_forgery(
    code: str, fired: Sequence[Episode], truth: Truth | None, first: dt.date, last: dt.date
) -> Score:
    if truth is None or code not in truth.covers:
        return _unjudged(code, fired)
    # A pay list of a month arrives in the next one: what was planted in the last month cannot be seen yet.
    within = (f"{first:%Y-%m}", f"{last.replace(day=1) - dt.timedelta(days=1):%Y-%m}")
    planted = truth.planted(code)
    alike = truth.alike(code)
    at_project, honest = by_project(planted), by_project(alike)
    right, found, accused = 0, set(), set()
    for episode in fired:
        hit = {id(one) for one in at_project.get(episode.subject_id, ()) if _meets(episode, one)}
        right += bool(hit)
        found |= hit
        if not hit:
            accused |= {id(one) for one in honest.get(episode.subject_id, ()) if _meets(episode, one)}
    due = [one for one in planted if within[0] <= one.month <= within[1]]
    return Score(
        code=code,
        fired=len(fired),
        true=right,
        cases=len(due),
        found=sum(id(one) in found for one in due),
        lead_days_median=None,
        lookalikes=len(alike),
        accused=len(accused),
        **_sizes(fired),
    )


def _meets(episode: Episode, planted: Any) -> bool:
    same_month = not episode.month or not planted.month or episode.month == planted.month
    named = not episode.workers or not planted.workers or bool(episode.workers & planted.workers)
    return same_month and named


def _unjudged(code: str, fired: Sequence[Episode]) -> Score:
    return Score(code, len(fired), None, None, None, None, **_sizes(fired))


def _sizes(fired: Iterable[Episode]) -> dict[str, int]:
    episodes = list(fired)
    return {
        "people": sum(episode.people for episode in episodes),
        "amount_fen": sum(episode.amount_fen for episode in episodes),
    }


def _median(days: Sequence[int]) -> float | None:
    return float(median(days)) if days else None


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def _pair(interval: tuple[float, float] | None) -> list[float] | None:
    return None if interval is None else [round(bound, 4) for bound in interval]
