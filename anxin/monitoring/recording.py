"""What a sweep leaves behind: warnings, their evidence and history, and gaps; set-based, in the caller's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet

from anxin.evidence import bulk
from anxin.evidence.journal import SYSTEM
from anxin.kernel.money import sentence_yuan
from anxin.monitoring import muting
from anxin.monitoring.diffing import Change, Difference, Kept, Measure, compare
from anxin.monitoring.handling import forget_clearance
from anxin.monitoring.models import Gap, Level, Sweep, Warning, WarningEvent, WarningRow
from anxin.monitoring.outcomes import Missing, Outcome, Seen
from anxin.monitoring.reach import Reach, Subject

BATCH = 500
SENTENCE_LIMIT = 500
MISSING_LIMIT = 300
State = Warning.State
Kind = WarningEvent.Kind


def compare_with_stored(outcome: Outcome, reach: Reach) -> Difference:
    """The difference between what was found and the warnings of the same subjects and rules."""
    stored = _in_scope(Warning.objects.all(), outcome, reach)
    # Of what is cleared for good only what comes back matters: the archive grows, a night's work must not.
    relevant = list(stored.filter(~Q(state=State.CLEARED) | Q(hand_cleared=True)).only(*_COMPARED))
    kept = {warning.fingerprint: _kept(warning) for warning in relevant}
    unknown = [fingerprint for fingerprint in outcome.seen if fingerprint not in kept]
    for chunk in _chunks(unknown):
        for warning in Warning.objects.filter(fingerprint__in=chunk).only(*_COMPARED):
            kept[warning.fingerprint] = _kept(warning)
    holding = {(rule, gap.subject, gap.month) for gap in outcome.gaps.values() for rule in gap.holds}
    unjudged = [
        warning.fingerprint
        for warning in relevant
        if holding & {(warning.rule, _subject(warning), month) for month in ("", warning.month)}
    ]
    found = {fingerprint: seen.measure for fingerprint, seen in outcome.seen.items()}
    return compare(found, kept, unjudged=unjudged)


_COMPARED = (
    "fingerprint",
    "rule",
    "project_id",
    "employer_id",
    "month",
    "state",
    "level",
    "people",
    "amount_fen",
    "hand_cleared",
    "hand_cleared_level",
    "hand_cleared_people",
    "hand_cleared_amount_fen",
)


def _kept(warning: Warning) -> Kept:
    return Kept(
        measure=_measure(warning),
        cleared=warning.state == State.CLEARED,
        let_pass=Measure(
            warning.hand_cleared_level or warning.level,
            warning.hand_cleared_people,
            warning.hand_cleared_amount_fen,
        )
        if warning.hand_cleared
        else None,
    )


def _measure(warning: Warning) -> Measure:
    return Measure(warning.level, warning.people, warning.amount_fen)


def _subject(warning: Warning) -> Subject:
    return Subject(warning.project_id, warning.employer_id)


def _in_scope(rows: QuerySet[Any], outcome: Outcome, reach: Reach) -> QuerySet[Any]:
    return rows.filter(reach.q(), rule__in=outcome.rules)


def write(
    outcome: Outcome,
    difference: Difference,
    *,
    run: Sweep,
    reach: Reach,
    now: dt.datetime,
) -> None:
    """Bring warnings, rows, events and gaps to what this sweep found."""
    stored = _stored(difference.changes)
    events: list[WarningEvent] = []
    new, changed = [], []
    for fingerprint, change in difference.changes.items():
        if change is Change.OPENED:
            warning = _open(outcome.seen[fingerprint], run)
            new.append(warning)
            text = warning.sentence
        else:
            warning = stored[fingerprint]
            text = _apply(change, warning, outcome.seen.get(fingerprint), run)
            changed.append(warning)
        if change in _EVENTS:
            events.append(_event(_EVENTS[change], warning, text, now))
    ended = [warning for warning in changed if warning.muted_until and _wakes(difference, warning)]
    muting.end_for(ended, "情况变重或已经变化，静默结束。", now=now)
    Warning.objects.bulk_create(new, batch_size=BATCH)
    bulk.update(changed, _WRITTEN)
    for event in events:
        event.warning_id = event.warning.pk  # known only now for new warnings
    WarningEvent.objects.bulk_create(events, batch_size=BATCH)
    _replace_rows([*new, *changed], outcome.seen)
    _write_gaps(outcome, run, reach)


def _wakes(difference: Difference, warning: Warning) -> bool:
    """A warning that got worse, went or came back is muted no more."""
    ends = (Change.WORSENED, Change.REOPENED, Change.CLEARED)
    return difference.changes[warning.fingerprint] in ends


_EVENTS: dict[Change, str] = {
    Change.OPENED: Kind.OPENED,
    Change.REOPENED: Kind.REOPENED,
    Change.WORSENED: Kind.WORSENED,
    Change.EASED: Kind.EASED,
    Change.CLEARED: Kind.CLEARED,
    Change.SETTLED: Kind.CLEARED,
}

_WRITTEN = (
    "level",
    "worst_level",
    "state",
    "people",
    "amount_fen",
    "longest_days",
    "sentence",
    "explanation",
    "opened_on",
    "last_seen",
    "cleared_on",
    "act_by",
    "act_by_provisional",
    "asked_by_id",
    "returned",
    "hand_cleared",
    "hand_cleared_level",
    "hand_cleared_people",
    "hand_cleared_amount_fen",
    "conclusion",
    "conclusion_title",
    "conclusion_right",
    "conclusion_by_facts",
    "concluded_on",
    "muted_until",
    "sweep_id",
)


def _stored(fingerprints: Iterable[str]) -> dict[str, Warning]:
    return {
        warning.fingerprint: warning
        for chunk in _chunks(list(fingerprints))
        for warning in Warning.objects.select_for_update().filter(fingerprint__in=chunk)
    }


def _open(seen: Seen, run: Sweep) -> Warning:
    warning = Warning(
        fingerprint=seen.fingerprint,
        rule=seen.rule,
        family=seen.family,
        advice=seen.advice,
        **seen.subject.columns(),
        month=seen.month,
        level=seen.measure.level,
        worst_level=seen.measure.level,
        people=seen.measure.people,
        amount_fen=seen.measure.amount_fen,
        longest_days=seen.days,
        sentence=seen.sentence[:SENTENCE_LIMIT],
        explanation=seen.explanation,
        first_seen=run.as_of,
        opened_on=run.as_of,
        last_seen=run.as_of,
        sweep=run,
    )
    _set_due(warning, seen, run)
    return warning


def _apply(change: Change, warning: Warning, seen: Seen | None, run: Sweep) -> str:
    """Bring the warning to what was found, and return what its history says."""
    warning.sweep = run
    if seen is None:
        return _gone(change, warning, run)
    before = _measure(warning)
    if change is Change.REOPENED:
        warning.state = State.OPEN
        warning.opened_on = run.as_of
        forget_clearance(warning)
    act_by = _due(change, warning, seen, run)
    warning.level, warning.people = seen.measure.level, seen.measure.people
    warning.amount_fen, warning.longest_days = seen.measure.amount_fen, seen.days
    warning.worst_level = max(warning.worst_level, warning.level)
    warning.sentence = seen.sentence[:SENTENCE_LIMIT]
    warning.explanation = seen.explanation | {"act_by": act_by}
    warning.last_seen = run.as_of
    return _words(before, seen.measure) if change in {Change.WORSENED, Change.EASED} else warning.sentence


def _gone(change: Change, warning: Warning, run: Sweep) -> str:
    if change is Change.HELD:
        return ""
    if change is Change.CLEARED:
        warning.state = State.CLEARED
        warning.cleared_on = run.as_of
        warning.returned = False
        return "数据显示该情形已不存在，自动消除。"
    warning.hand_cleared = False
    return "人工消除后，数据也显示该情形已不存在。"


def _due(change: Change, warning: Warning, seen: Seen, run: Sweep) -> dict[str, Any]:
    """When it is to be dealt with. A higher level allows less time, counted from the day it got worse."""
    if change is Change.REOPENED:
        warning.act_by = None
    if change is Change.REOPENED or seen.measure.level > warning.level:
        return _set_due(warning, seen, run)
    kept: dict[str, Any] = warning.explanation["act_by"]
    return kept


def _set_due(warning: Warning, seen: Seen, run: Sweep) -> dict[str, Any]:
    """Set the day, never to a later one than before, and the steps that lead to it."""
    within = seen.act_by(run.as_of)
    if warning.act_by is None or within.day < warning.act_by:
        warning.act_by, warning.act_by_provisional = within.day, within.provisional
        warning.explanation = warning.explanation | {"act_by": within.words}
    words: dict[str, Any] = warning.explanation["act_by"]
    return words


def _words(before: Measure, after: Measure) -> str:
    parts = []
    if before.level != after.level:
        parts.append(f"级别由{Level(before.level).label}变为{Level(after.level).label}")
    if (before.people or 0) != (after.people or 0):
        parts.append(f"涉及人数由{before.people or 0}人变为{after.people or 0}人")
    if (before.amount_fen or 0) != (after.amount_fen or 0):
        was, now = sentence_yuan(before.amount_fen or 0), sentence_yuan(after.amount_fen or 0)
        parts.append(f"涉及金额由{was}变为{now}")
    return "，".join(parts) + "。"


def _event(kind: str, warning: Warning, text: str, now: dt.datetime) -> WarningEvent:
    return WarningEvent(
        warning=warning, kind=kind, at=now, actor=SYSTEM.key, actor_name=SYSTEM.name, text=text[:1000]
    )


def _replace_rows(warnings: Iterable[Warning], seen: Mapping[str, Seen]) -> None:
    """The evidence of what was found now; a warning no longer found keeps the rows it was last seen with."""
    found = [warning for warning in warnings if warning.fingerprint in seen]
    for chunk in _chunks([warning.pk for warning in found]):
        WarningRow.objects.filter(warning_id__in=chunk).delete()
    WarningRow.objects.bulk_create(
        (WarningRow(warning=warning, **row) for warning in found for row in seen[warning.fingerprint].rows()),
        batch_size=BATCH,
    )


def _write_gaps(outcome: Outcome, run: Sweep, reach: Reach) -> None:
    stored = {
        gap.fingerprint: gap for gap in _in_scope(Gap.objects.filter(closed_on__isnull=True), outcome, reach)
    }
    missing = [fingerprint for fingerprint in outcome.gaps if fingerprint not in stored]
    for chunk in _chunks(missing):
        stored.update({gap.fingerprint: gap for gap in Gap.objects.filter(fingerprint__in=chunk)})
    new = []
    for fingerprint, item in outcome.gaps.items():
        gap = stored.get(fingerprint)
        if gap is None:
            new.append(_gap(item, run))
            continue
        if gap.closed_on is not None:
            gap.first_seen, gap.closed_on = run.as_of, None
        gap.missing, gap.sweep = item.missing[:MISSING_LIMIT], run
    for fingerprint, gap in stored.items():
        if fingerprint not in outcome.gaps:
            gap.closed_on, gap.sweep = run.as_of, run
    Gap.objects.bulk_create(new, batch_size=BATCH)
    bulk.update(list(stored.values()), ("first_seen", "closed_on", "missing", "sweep_id"))


def _gap(item: Missing, run: Sweep) -> Gap:
    return Gap(
        fingerprint=item.fingerprint,
        rule=item.rule,
        **item.subject.columns(),
        month=item.month,
        missing=item.missing[:MISSING_LIMIT],
        first_seen=run.as_of,
        sweep=run,
    )


def _chunks(items: list[Any]) -> Iterable[list[Any]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))
