"""What every step of a run shares: the run locked in the state it must be in, and the trace it leaves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from anxin.agency.lines import PAID_DAYS
from anxin.agency.models import PayrollRun, RunStep
from anxin.evidence.journal import Actor, record
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused
from anxin.law import Law, LawError
from anxin.local_law import queries as local_law

_State, _Action = PayrollRun.State, RunStep.Action
#: the figures of its lines may be changed
EDITABLE = (_State.DRAFT, _State.WITH_WORKERS, _State.RETURNED)
#: workers have been asked and may answer, also late
ASKED = (
    _State.WITH_WORKERS,
    _State.SUBMITTED,
    _State.RETURNED,
    _State.APPROVED,
    _State.SENT,
    _State.SETTLED,
)
#: the promise stands
PROMISED = (_State.APPROVED, _State.SENT, _State.SETTLED)
#: who did one of these has made the payroll, and may not approve it
MAKING = (_Action.DRAFTED, _Action.EDITED, _Action.REBUILT, _Action.OPENED, _Action.SUBMITTED)


def locked(run: PayrollRun) -> PayrollRun:
    """The run as it stands now; nobody else changes it before this transaction ends."""
    return (
        PayrollRun.objects.select_for_update(of=("self",))
        .select_related("project", "employer")
        .get(pk=run.pk)
    )


def locked_in(run: PayrollRun, states: Collection[str], what: str) -> PayrollRun:
    """:func:`locked`, refused unless the run is in one of the states; ``what`` names the step in words."""
    found = locked(run)
    if found.state not in states:
        raise Refused(f"{title(found)}现在是“{found.get_state_display()}”，不能{what}，请刷新后再看。")
    return found


def title(run: PayrollRun) -> str:
    """``2026年10月工资表（甲劳务公司·木工班）``."""
    of_team = f"·{run.team}" if run.team else ""
    return f"{Month.parse(run.month).chinese()}工资表（{run.employer.name}{of_team}）"


def paid_days_of(run: PayrollRun, law: Law | None = None) -> Decimal:
    """月计薪天数 as it was in force in the run's month, by ``law`` or the law as it stands here."""
    law = law or local_law.current()
    month = Month.parse(run.month)
    try:
        return Decimal(str(law.value(PAID_DAYS, on=month.last_day, region=run.project.region_id).value))
    except LawError as problem:
        raise Refused(str(problem)) from None


def trace(
    run: PayrollRun,
    action: str,
    *,
    actor: Actor,
    now: dt.datetime,
    summary: str,
    note: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    basis: str = "",
) -> None:
    """The step in the run's own history and in the journal; ``after`` names project and month for who reacts."""
    RunStep.objects.create(
        run=run, action=action, at=now, actor=actor.key, actor_name=actor.name, note=note[:500]
    )
    record(
        actor=actor,
        action=f"agency.{action}",
        object_type="payroll_run",
        object_id=run.pk,
        summary=f"{summary}：{title(run)}" + (f"，{note}" if note else ""),
        before=before,
        after={"project_ids": [run.project_id], "months": [run.month], "state": run.state, **(after or {})},
        basis=basis,
        now=now,
    )


def move(run: PayrollRun, state: str, *fields: str) -> None:
    run.state = state
    run.save(update_fields=["state", *fields])
