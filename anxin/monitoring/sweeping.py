"""A sweep: the rules held against the facts, and the difference written down once.

Facts are read and rules run outside the writing transaction, so that nobody at a console waits for them.
When the turn to write comes and another sweep has written since the facts were read, they are read again:
two sweeps at once end as if one had followed the other. Everything is written in one transaction; a process
killed before its end leaves nothing behind.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

import anxin
from anxin.evidence import journal
from anxin.evidence.journal import SYSTEM, Actor
from anxin.kernel.refusal import Refused
from anxin.law import LawError
from anxin.local_law import queries as local_law
from anxin.monitoring import recording, shadowing, snapshot, stages
from anxin.monitoring.diffing import Change, Difference
from anxin.monitoring.models import Sweep, SweepTurn
from anxin.monitoring.outcomes import Outcome, outcome, report
from anxin.monitoring.reach import Reach

if TYPE_CHECKING:
    from anxin.monitoring.engines import Engine

#: so many times the facts are read again because another sweep was faster
_TRIES = 5
#: findings kept in the report of a rehearsal
REPORT_LIMIT = 2000
#: warnings named one by one in the journal entry of a sweep
JOURNAL_LIMIT = 5000


@dataclass(frozen=True)
class Request:
    """What a sweep is asked for."""

    as_of: dt.date
    known_at: dt.datetime
    trigger: str
    now: dt.datetime
    reach: Reach
    actor: Actor
    rehearsal: bool
    #: address of the Spark that is to run the rules; empty: DuckDB inside the process
    spark_url: str = ""


def sweep(
    *,
    as_of: dt.date,
    known_at: dt.datetime,
    trigger: str,
    now: dt.datetime,
    project_ids: Sequence[int] | None = None,
    employer_ids: Sequence[int] | None = None,
    actor: Actor = SYSTEM,
    rehearsal: bool = False,
    spark_url: str = "",
) -> Sweep:
    """Run the rules and write what changed. Neither ``project_ids`` nor ``employer_ids``: everybody.

    Only projects: the rules about projects, for these; warnings about employers stay as they are, and the
    other way round.

    It is a *rehearsal* (reported, but no warning changes) when asked for, when ``as_of`` or ``known_at`` lies
    before the last real sweep, and when ``as_of`` lies in the future: a past or a coming day must not
    overwrite what stands today. ``spark_url``: the rules run on that Spark, with the same findings. Raises
    :class:`~anxin.kernel.refusal.Refused` for a moment that has not come, and
    :class:`~anxin.monitoring.engines.EngineError` for a Spark that does not answer.
    """
    if known_at > now:
        raise Refused("“已知时刻”不能晚于现在，请改为现在或更早的时刻。", field="known_at")
    reach = Reach.of(project_ids, employer_ids)
    if reach.nobody:
        raise Refused("没有指定要扫描的项目或单位。", field="project_ids")
    request = Request(as_of, known_at, trigger, now, reach, actor, rehearsal, spark_url)
    started = time.perf_counter()
    for attempt in range(1, _TRIES + 1):
        turn = _turn()
        found = _evaluate(request)
        with transaction.atomic():
            head = SweepTurn.objects.select_for_update().get(pk=1)
            if head.number != turn and attempt < _TRIES:
                continue
            if head.number != turn:  # always overtaken: do it while the others wait
                found = _evaluate(request)
            return _write(request, found, head, started)
    raise AssertionError("the last attempt always writes")


def _turn() -> int:
    head, _ = SweepTurn.objects.get_or_create(pk=1)
    return head.number


def _engine(request: Request) -> Engine:
    from anxin.monitoring.engines import DuckEngine

    if not request.spark_url:
        return DuckEngine()
    from anxin.monitoring.engines.spark import SparkEngine

    return SparkEngine(request.spark_url)


@dataclass(frozen=True)
class Found:
    """What live rules found, and rules on trial beside them."""

    live: Outcome
    shadow: Outcome
    stages: dict[str, str]


def _evaluate(request: Request) -> Found:
    from anxin.monitoring import engine  # brings DuckDB, which a web process should not pay for
    from anxin.monitoring.rules import RULES
    from anxin.monitoring.rules.facts import Facts

    law = local_law.current(known_at=request.known_at)
    reach = request.reach
    standing = stages.of_rules(RULES, on=request.as_of, known_at=request.known_at)
    evaluated = {code: rule for code, rule in RULES.items() if standing[code] in ("live", "shadow")}
    chosen = reach.rules(evaluated)
    tables = snapshot.take(
        as_of=request.as_of,
        known_at=request.known_at,
        project_ids=reach.project_ids,
        employer_ids=reach.employer_ids,
    )
    # the regions of the whole city, whoever is looked at: so all sweeps share what was compiled once
    facts = Facts.from_arrow(tables, engine=_engine(request), regions=snapshot.regions())
    try:
        evaluation = engine.evaluate(facts, law, request.as_of, chosen)
    finally:
        facts.close()
    whole = outcome(evaluation, law, reach)
    live, shadow = (
        shadowing.part(whole, (code for code in chosen if standing[code] == stage))
        for stage in ("live", "shadow")
    )
    return Found(live, shadow, standing)


def make_ready(now: dt.datetime) -> None:
    """Compile the rules, so that the first sweep of this process takes no longer than the next; costs seconds."""
    from anxin.monitoring.compiling import plan_for
    from anxin.monitoring.rules import RULES

    law = local_law.current(known_at=now)
    plan = plan_for("duckdb", timezone.localdate(now), law, snapshot.regions())
    for rule in RULES.values():
        with suppress(LawError):  # the sweep says what is wrong with the law
            plan.rule(rule)


def _write(request: Request, everything: Found, head: SweepTurn, started: float) -> Sweep:
    found = everything.live
    rehearsal = request.rehearsal or _out_of_turn(request)
    difference = recording.compare_with_stored(found, request.reach)
    run = Sweep.objects.create(
        trigger=request.trigger,
        as_of=request.as_of,
        known_at=request.known_at,
        project_ids=list(request.reach.project_ids or ()),
        employer_ids=list(request.reach.employer_ids or ()),
        engine=found.engine,
        code_version=code_version(),
        parameters_hash=found.parameters_hash,
        rules=found.rules,
        facts=found.facts,
        findings=len(found.seen),
        gaps=len(found.gaps),
        opened=difference.opened,
        continued=difference.continued,
        worsened=difference.worsened,
        cleared=difference.cleared,
        rehearsal=rehearsal,
        started_at=request.now,
        milliseconds=round((time.perf_counter() - started) * 1000),
        report=report(found, difference, REPORT_LIMIT) if rehearsal else None,
    )
    stopped: list[str] = []
    if not rehearsal:
        recording.write(found, difference, run=run, reach=request.reach, now=request.now)
        shadowing.write(everything.shadow, run=run, reach=request.reach)
        if request.reach.everybody:
            stopped = shadowing.stop(everything.stages, run=run, now=request.now)
        head.number += 1
        head.save()
    _journal(request, run, difference, stopped)
    return run


def _out_of_turn(request: Request) -> bool:
    """Whether the day lies in the future, or before what a real sweep of these subjects has already seen."""
    if request.as_of > timezone.localdate(request.now):
        return True
    later = Sweep.objects.filter(rehearsal=False).filter(
        Q(as_of__gt=request.as_of) | Q(known_at__gt=request.known_at)
    )
    reach = request.reach
    if reach.everybody or later.filter(project_ids=[], employer_ids=[]).exists():
        return later.exists()
    sites, firms = set(reach.project_ids or ()), set(reach.employer_ids or ())
    return any(
        sites.intersection(seen) or firms.intersection(seen_firms)
        for seen, seen_firms in later.values_list("project_ids", "employer_ids")
    )


def _journal(request: Request, run: Sweep, difference: Difference, stopped: list[str]) -> None:
    """One entry for the sweep, naming every warning whose state it changed."""
    changed = {
        change.value: difference.of(change)[:JOURNAL_LIMIT]
        for change in (Change.OPENED, Change.REOPENED, Change.WORSENED, Change.CLEARED, Change.SETTLED)
    } | {"stopped": stopped[:JOURNAL_LIMIT]}
    numbers = f"新增{run.opened}条、延续{run.continued}条、加重{run.worsened}条、消除{run.cleared}条"
    journal.record(
        actor=request.actor,
        action="monitoring.rehearsed" if run.rehearsal else "monitoring.swept",
        object_type="sweep",
        object_id=run.pk,
        summary=f"{'试算' if run.rehearsal else '扫描'}{run.as_of.isoformat()}：{numbers}",
        now=request.now,
        after={
            "as_of": run.as_of.isoformat(),
            "known_at": run.known_at.isoformat(),
            "trigger": run.trigger,
            "projects": run.project_ids,
            "employers": run.employer_ids,
            "code_version": run.code_version,
            "parameters_hash": run.parameters_hash,
            "changed": {} if run.rehearsal else {kind: found for kind, found in changed.items() if found},
        },
    )


@lru_cache(maxsize=1)
def code_version() -> str:
    """Version of the product and a hash of the sources that decide: rules, engine and what they stand on."""
    digest = hashlib.sha256()
    for path in deciding_sources():
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return f"{anxin.__version__}+{digest.hexdigest()[:16]}"


def deciding_sources() -> list[Path]:
    """The files whose change may change what a sweep finds, in one order."""
    here = Path(__file__).parent
    return [*sorted(here.glob("rules/**/*.py")), here / "engine.py", *sorted(here.glob("snapshot/*.py"))]
