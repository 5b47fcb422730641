"""How often each rule has been right: the warnings that were given, against what turned out, by rule and district.

Counted once a month by itself, in two ways that stand beside each other. By hindsight: what the records say afterwards
(``backtest.records``); rules without such a truth (duties on paper, employers, signs of forgery) are counted and not
judged. By closures: the conclusions of warnings that were cleared (``concluding``, ``closures``). Measures feed the
floor below which a live rule goes back on trial (``stages.demote_below_floor``): the conclusions where there are enough
of them, since people looked, else hindsight.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models import F

from anxin.evidence import journal
from anxin.evidence.journal import SYSTEM
from anxin.local_law import queries as local_law
from anxin.monitoring import closures, concluding
from anxin.monitoring.backtest.comparing import DISTRICT
from anxin.monitoring.backtest.episodes import RED, Episode
from anxin.monitoring.backtest.scoring import HORIZON, Score, score_rule
from anxin.monitoring.models import RuleAccuracy, Warning, WarningEvent
from anxin.monitoring.stages import FLOOR, RuleMeasures, demote_below_floor

#: what is older says little about a rule as it is today
_LOOK_BACK = dt.timedelta(days=365)


def count(*, on: dt.date, now: dt.datetime) -> list[RuleAccuracy]:
    """Count all rules as of a day, keep the figures, and put back on trial what lies below the floor.

    By hindsight are judged warnings first given in the last year and old enough that what they announced must have
    come; by closures, those that have a conclusion.
    """
    from anxin.monitoring.backtest import records
    from anxin.monitoring.rules import RULES

    first, last = on - _LOOK_BACK, on - dt.timedelta(days=HORIZON)
    truth = records.hindsight(records.RecordedFacts(), on, now)
    by_district = _episodes(first, last)
    rows = []
    for code, rule in RULES.items():
        whole = [episode for part in by_district.values() for episode in part if episode.rule == code]
        rows.append(_row(code, "", score_rule(rule, whole, truth, first, last), first, last, now))
        for region, part in sorted(by_district.items()):
            mine = [episode for episode in part if episode.rule == code]
            if mine:
                local = _without_recall(score_rule(rule, mine, truth, first, last))
                rows.append(_row(code, region, local, first, last, now))
    with transaction.atomic():
        concluding.conclude_by_facts(truth, since=closures.first_day(on), on=on, now=now)
        closed = closures.count(RULES, truth, on=on, now=now)
        rows += closed
        RuleAccuracy.objects.all().delete()
        RuleAccuracy.objects.bulk_create(rows)
        journal.record(
            actor=SYSTEM,
            action="monitoring.accuracy_counted",
            object_type="rules",
            object_id=0,
            summary=f"核对{first.isoformat()}至{last.isoformat()}的预警，统计各规则的准确率",
            now=now,
            after={
                "hindsight": {row.rule: [row.fired, row.true] for row in _whole(rows, "hindsight")},
                "closures": {row.rule: [row.judged, row.true] for row in _whole(rows, "closures")},
            },
        )
    needed = local_law.current().value(FLOOR, on=on).value["cases"]
    demote_below_floor(_measures(rows, needed), now)
    return rows


def _episodes(first: dt.date, last: dt.date) -> Mapping[str, list[Episode]]:
    """Warnings first given in the period, as episodes by district; two queries."""
    given = Warning.objects.filter(first_seen__range=(first, last)).annotate(
        of_region=F("project__region_id"), of_employer=F("employer__region_id")
    )
    turned_red = _first_red(first)
    found: dict[str, list[Episode]] = defaultdict(list)
    for warning in given.order_by("pk").iterator(2000):
        region = warning.of_region or warning.of_employer or ""
        found[region[:DISTRICT]].append(closures.episode_of(warning, region, turned_red.get(warning.pk)))
    return found


def _first_red(first: dt.date) -> dict[int, dt.date]:
    """Warning → day on which its history first speaks of it getting worse, for those that are red now."""
    rows = WarningEvent.objects.filter(
        kind=WarningEvent.Kind.WORSENED, at__date__gte=first, warning__worst_level=RED, text__contains="红色"
    )
    days: dict[int, dt.date] = {}
    for warning, at in rows.order_by("pk").values_list("warning_id", "at__date").iterator(2000):
        days.setdefault(warning, at)
    return days


def _without_recall(score: Score) -> Score:
    """A district's own misses are not told apart from the others', so its recall would be wrong."""
    return Score(score.code, score.fired, score.true, None, None, score.lead_days_median, people=score.people)


def _row(
    code: str, region: str, score: Score, first: dt.date, last: dt.date, now: dt.datetime
) -> RuleAccuracy:
    return RuleAccuracy(
        rule=code,
        region=region,
        source=RuleAccuracy.Source.HINDSIGHT,
        first=first,
        last=last,
        fired=score.fired,
        true=score.true,
        judged=None if score.true is None else score.fired,
        cases=score.cases,
        found=score.found,
        lead_days_median=score.lead_days_median,
        counted_at=now,
    )


def _whole(rows: Iterable[RuleAccuracy], source: str) -> list[RuleAccuracy]:
    """The rows of one source over the whole bureau and period, where anything was fired."""
    return [row for row in rows if row.source == source and not (row.region or row.quarter) and row.fired]


def _measures(rows: Sequence[RuleAccuracy], needed: int) -> list[RuleMeasures]:
    """One measure a rule: its conclusions, where there are as many as the floor asks for, else hindsight."""
    from anxin.monitoring.backtest.intervals import wilson

    chosen = {row.rule: row for row in _whole(rows, "hindsight") if row.judged}
    chosen |= {row.rule: row for row in _whole(rows, "closures") if (row.judged or 0) >= needed}
    measures = []
    for row in chosen.values():
        interval = wilson(row.true or 0, row.judged or 0)
        assert interval is not None  # there are cases
        share = (row.true or 0) / (row.judged or 1)
        measures.append(RuleMeasures(row.rule, row.judged or 0, share, *interval, row.first, row.last))
    return measures
