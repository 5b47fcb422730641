"""What a rule's page says about its accuracy: counted on this bureau's records, and measured on the simulated city."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from anxin.accounts.access import VIEW
from anxin.accounts.models import User
from anxin.monitoring.backtest.intervals import wilson
from anxin.monitoring.models import RuleAccuracy
from anxin.registry.access import regions_within

#: measured by the maintainers on a city whose seed was not used in building; absent where nobody has measured
SIMULATED = Path(__file__).parent / "data" / "simulated_accuracy.json"


@dataclass(frozen=True)
class Accuracy:
    """One line of a rule's accuracy. Shares are ``None`` where there is nothing to hold it against."""

    source: str
    place: str
    #: what was looked at: a period, or the profile of the simulated city
    period: str
    fired: int
    true: int | None
    judged: int | None
    cases: int | None
    found: int | None
    lead_days_median: float | None
    #: how many of ``fired`` have a conclusion; ``None`` where none is asked for
    concluded: int | None = None
    #: ``2026年第3季度``, or empty for the whole period
    quarter: str = ""

    @property
    def precision(self) -> float | None:
        return self.true / self.judged if self.true is not None and self.judged else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 % interval of the precision."""
        return wilson(self.true, self.judged) if self.true is not None and self.judged else None

    @property
    def recall(self) -> float | None:
        return self.found / self.cases if self.found is not None and self.cases else None

    @property
    def recall_interval(self) -> tuple[float, float] | None:
        """95 % interval of the recall."""
        return wilson(self.found, self.cases) if self.found is not None and self.cases else None


@dataclass(frozen=True)
class Simulated:
    """A rule's line on the simulated city, and the command that shows it again."""

    line: Accuracy
    command: str


def of_rule(user: User, code: str) -> list[Accuracy]:
    """What this bureau's own records say: the whole first, then the districts within this person's scope.

    For each the whole period, then its quarters, the latest first.
    """
    return [line for _, line in within_scope(user, code)]


def within_scope(user: User, code: str = "") -> list[tuple[str, Accuracy]]:
    """Code of the rule and line, for one rule or all; two queries."""
    names = dict(regions_within(user, VIEW).values_list("code", "name"))
    found = RuleAccuracy.objects.filter(region__in=["", *names])
    found = found.filter(rule=code) if code else found
    quarters = found.exclude(quarter="").order_by("rule", "region", "-quarter")
    whole = found.filter(quarter="").order_by("rule", "region", "source")
    ordered = sorted([*whole, *quarters], key=lambda one: one.rule)
    return [(one.rule, _line(one, names)) for one in ordered]


def _line(one: RuleAccuracy, names: Mapping[str, str]) -> Accuracy:
    year, _, number = one.quarter.partition("Q")
    return Accuracy(
        source=one.get_source_display(),
        place=names[one.region] if one.region else "全部",
        period=f"{one.first.isoformat()} 至 {one.last.isoformat()}",
        fired=one.fired,
        true=one.true,
        judged=one.judged,
        cases=one.cases,
        found=one.found,
        lead_days_median=one.lead_days_median,
        concluded=one.concluded,
        quarter=f"{year}年第{number}季度" if number else "",
    )


def simulated(code: str) -> Simulated | None:
    """The rule on the simulated city, where it was measured."""
    told = _measured(SIMULATED)
    score = next((one for one in told.get("rules", ()) if one["code"] == code), None)
    if score is None:
        return None
    line = Accuracy(
        source="模拟城市",
        place="全部",
        period=f"{told['profile']}，种子{told['seed']}",
        fired=score["fired"],
        true=score["true"],
        judged=None if score["true"] is None else score["fired"],
        cases=score["cases"],
        found=score["found"],
        lead_days_median=score["lead_days_median"],
    )
    return Simulated(line, told["command"])


@lru_cache(maxsize=2)
def _measured(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return told
