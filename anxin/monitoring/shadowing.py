"""What rules on trial find: written beside the warnings, for counting and comparing; set-based."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from anxin.evidence import bulk
from anxin.evidence.journal import SYSTEM
from anxin.monitoring.models import ShadowWarning, Sweep, Warning, WarningEvent
from anxin.monitoring.outcomes import Outcome, Seen
from anxin.monitoring.reach import Reach

_BATCH = 500
_LIMIT = 500


def part(outcome: Outcome, rules: Iterable[str]) -> Outcome:
    """The outcome of these rules alone."""
    wanted = set(rules)
    return replace(
        outcome,
        rules=[code for code in outcome.rules if code in wanted],
        seen={key: seen for key, seen in outcome.seen.items() if seen.rule in wanted},
        gaps={key: gap for key, gap in outcome.gaps.items() if gap.rule in wanted},
    )


def write(outcome: Outcome, *, run: Sweep, reach: Reach) -> None:
    """Bring the shadow warnings of these rules to what was found, within the sweep's reach."""
    within = ShadowWarning.objects.filter(reach.q(), rule__in=outcome.rules)
    stored = {row.fingerprint: row for row in within.filter(closed_on__isnull=True)}
    unknown = [key for key in outcome.seen if key not in stored]
    for start in range(0, len(unknown), _BATCH):
        for row in ShadowWarning.objects.filter(fingerprint__in=unknown[start : start + _BATCH]):
            stored[row.fingerprint] = row
    new = [_new(seen, run) for key, seen in outcome.seen.items() if key not in stored]
    for key, row in stored.items():
        found = outcome.seen.get(key)
        if found is None:
            row.closed_on = run.as_of
        else:
            _update(row, found, run)
    ShadowWarning.objects.bulk_create(new, batch_size=_BATCH)
    bulk.update(
        list(stored.values()),
        ("level", "people", "amount_fen", "sentence", "first_seen", "last_seen", "closed_on"),
    )


def stop(stages: dict[str, str], *, run: Sweep, now: dt.datetime) -> list[str]:
    """Close what rules leave behind that no longer warn, with the reason; returns the fingerprints.

    Shadow warnings of rules that are no longer on trial close without a word.
    """
    live = [code for code, stage in stages.items() if stage == "live"]
    trial = [code for code, stage in stages.items() if stage == "shadow"]
    gone = ShadowWarning.objects.filter(closed_on__isnull=True).exclude(rule__in=trial)
    gone.update(closed_on=run.as_of)
    left = list(
        Warning.objects.select_for_update().exclude(rule__in=live).exclude(state=Warning.State.CLEARED)
    )
    events = []
    for warning in left:
        stage = stages.get(warning.rule, "retired")
        word = {"shadow": "转为试运行", "draft": "退回草拟"}.get(stage, "已停用")
        warning.state, warning.cleared_on, warning.sweep = Warning.State.CLEARED, run.as_of, run
        warning.returned = False
        events.append(
            WarningEvent(
                warning=warning,
                kind=WarningEvent.Kind.STOPPED,
                at=now,
                actor=SYSTEM.key,
                actor_name=SYSTEM.name,
                text=f"规则{warning.rule}{word}，由它发出的预警关闭；这不表示事实已经消除。",
            )
        )
    bulk.update(left, ("state", "cleared_on", "sweep_id", "returned"))
    WarningEvent.objects.bulk_create(events, batch_size=_BATCH)
    return [warning.fingerprint for warning in left]


def _new(seen: Seen, run: Sweep) -> ShadowWarning:
    return ShadowWarning(
        fingerprint=seen.fingerprint,
        rule=seen.rule,
        **seen.subject.columns(),
        month=seen.month,
        level=seen.measure.level,
        people=seen.measure.people,
        amount_fen=seen.measure.amount_fen,
        sentence=seen.sentence[:_LIMIT],
        first_seen=run.as_of,
        last_seen=run.as_of,
    )


def _update(row: ShadowWarning, seen: Seen, run: Sweep) -> None:
    if row.closed_on is not None:
        row.first_seen, row.closed_on = run.as_of, None
    row.level, row.people, row.amount_fen = seen.measure.level, seen.measure.people, seen.measure.amount_fen
    row.sentence, row.last_seen = seen.sentence[:_LIMIT], run.as_of
