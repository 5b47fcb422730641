"""Back-tests over the bureau's own records: asked for by a person, run by the worker, kept with their report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.evidence import journal
from anxin.kernel.refusal import Refused
from anxin.law import LawError
from anxin.local_law import queries as local_law
from anxin.monitoring.models_trials import Backtest
from anxin.registry.models import Project

#: a longer period is tried in parts: a run keeps the worker busy
LONGEST_DAYS = 400


def ask(
    *,
    user: User,
    first: dt.date,
    last: dt.date,
    now: dt.datetime,
    rules: Sequence[str] = (),
    changes: Sequence[Mapping[str, Any]] = (),
) -> Backtest:
    """Ask for a back-test, with numbers on trial where ``changes`` has any; the worker runs it.

    Raises :class:`Refused` for a period that has not passed or is too long, an unknown rule, and a value that does
    not fit its parameter.
    """
    from anxin.monitoring.rules import RULES
    from anxin.monitoring.tasks import backtest_task

    if last < first:
        raise Refused("结束日期早于开始日期，请改过来。", field="last")
    if last > timezone.localdate(now):
        raise Refused("结束日期还没有到，请选今天或更早的日期。", field="last")
    if (last - first).days > LONGEST_DAYS:
        raise Refused(f"一次最多试{LONGEST_DAYS}天，请缩短或分几次试。", field="first")
    unknown = [code for code in rules if code not in RULES]
    if unknown:
        raise Refused(f"没有规则“{unknown[0]}”。", field="rules")
    values = [dict(change) for change in changes]
    try:
        local_law.on_trial(_dated(values))
    except LawError as problem:
        raise Refused(f"试用的数值不对：{problem}", field="changes") from problem
    with transaction.atomic():
        trial = Backtest.objects.create(
            asked_by=user, asked_at=now, first=first, last=last, rules=list(rules), changes=values
        )
        journal.record(
            actor=actor(user),
            action="monitoring.backtest_asked",
            object_type="backtest",
            object_id=trial.pk,
            summary=f"回测{first.isoformat()}至{last.isoformat()}"
            + (f"，试用{len(values)}个数值" if values else ""),
            now=now,
            after={"rules": list(rules), "changes": values},
        )
        backtest_task.enqueue(trial.pk)
    return trial


def run(pk: int, *, now: dt.datetime) -> Backtest:
    """Run what was asked; a failure is kept with its sentence. Safe to run again."""
    trial = Backtest.objects.select_related("asked_by").get(pk=pk)
    if trial.state == Backtest.State.DONE:
        return trial
    Backtest.objects.filter(pk=pk).update(state=Backtest.State.RUNNING, days_done=0)
    try:
        trial.report = _report(trial, now)
        trial.state = Backtest.State.DONE
    except (Refused, LawError) as problem:
        trial.state, trial.problem = Backtest.State.FAILED, str(problem)[:300]
    trial.finished_at = timezone.now()
    trial.save(update_fields=["report", "state", "problem", "finished_at"])
    return trial


def _report(trial: Backtest, now: dt.datetime) -> dict[str, Any]:
    # brings DuckDB, which a web process should not pay for
    from anxin.monitoring.backtest import comparing, records, running
    from anxin.monitoring.rules import RULES

    rules = {code: rule for code, rule in RULES.items() if not trial.rules or code in trial.rules}
    days = running.days_between(trial.first, trial.last)
    rounds = 2 if trial.changes else 1
    Backtest.objects.filter(pk=trial.pk).update(days=len(days) * rounds)
    source = records.RecordedFacts()

    def tell(progress: running.Progress, passed: int = 0) -> None:
        Backtest.objects.filter(pk=trial.pk).update(days_done=passed + progress.done)

    as_is = running.run(source, records.law_known_at, rules, days, tell=tell)
    tried = None
    if trial.changes:
        values = _dated(trial.changes)
        tried = running.run(
            source,
            lambda known_at: local_law.on_trial(values, known_at),
            rules,
            days,
            tell=lambda progress: tell(progress, len(days)),
        )
    return comparing.report(
        as_is if tried is None else tried,
        rules,
        records.hindsight(source, trial.last, now),
        first=trial.first,
        last=trial.last,
        before=None if tried is None else as_is,
        organisations=_organisations(),
    )


def _dated(values: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """As the law reads them: dates are dates."""
    return [{**value, "from": dt.date.fromisoformat(str(value["from"]))} for value in values]


def _organisations() -> dict[int, str]:
    found = Project.objects.filter(responsible__isnull=False)
    return dict(found.values_list("pk", "responsible__name"))
