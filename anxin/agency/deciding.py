"""A run goes to its workers, to the general contractor, back, or becomes the promise."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from anxin.agency import steps
from anxin.agency.attended import is_general_contractor
from anxin.agency.lines import LinesRefused, problem_of
from anxin.agency.models import Objection, PayOrderLine, PayrollRun, RunLine, RunStep
from anxin.agency.states import CONFIRMED, answers_of
from anxin.agency.telling import tell_returned, tell_submitted
from anxin.evidence import bulk
from anxin.evidence.journal import Actor
from anxin.kernel.masking import mask_name
from anxin.kernel.money import sentence_yuan, yuan_string
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused, worded
from anxin.payroll.promising import Promise, promise_lines
from anxin.registry.models import Employer

_State, _Action = PayrollRun.State, RunStep.Action
_SIGNED = "《保障农民工工资支付条例》第三十一条"
_REVIEW = "《保障农民工工资支付条例》第二十八条"


def open_to_workers(run: PayrollRun, *, actor: Actor, now: dt.datetime) -> PayrollRun:
    """Show every line to its worker. Raises :class:`LinesRefused` naming the lines that are not complete."""
    with transaction.atomic():
        found = steps.locked_in(run, (_State.DRAFT, _State.RETURNED), "交工人确认")
        paid_days = steps.paid_days_of(found)
        lines = list(found.lines.order_by("position"))
        if not lines:
            raise Refused("工资表中没有人，请先按考勤编制。")
        problems = {line.pk: problem for line in lines if (problem := problem_of(line, paid_days))}
        if problems:
            raise LinesRefused(problems, {line.pk: mask_name(line.name) for line in lines})
        steps.move(found, _State.WITH_WORKERS)
        steps.trace(
            found,
            _Action.OPENED,
            actor=actor,
            now=now,
            summary="交工人确认",
            note=f"{len(lines)}人",
            basis=_SIGNED,
        )
    return found


def submit_run(run: PayrollRun, *, actor: Actor, now: dt.datetime, unanswered_note: str = "") -> PayrollRun:
    """Hand the run to the general contractor, once no objection waits.

    Workers who have not answered, or not said yes after an answer to their objection, are no yes: how many they are
    goes along, and the clerk says why.
    """
    note = unanswered_note.strip()
    with transaction.atomic():
        found = steps.locked_in(run, (_State.WITH_WORKERS,), "报总包审核")
        _refuse_open_objections(found)
        answers = answers_of(found)
        silent = [answer for answer in answers.values() if answer != CONFIRMED]
        if silent:
            ask = f"还有{len(silent)}人没有确认，没有答复不等于同意；请写明原因和怎样告知本人"
            worded(note, ask, field="unanswered_note", most=500)
        found.unanswered_note = note[:500] if silent else ""
        steps.move(found, _State.SUBMITTED, "unanswered_note")
        steps.trace(
            found,
            _Action.SUBMITTED,
            actor=actor,
            now=now,
            summary="报总包审核",
            note=f"{len(silent)}人没有确认：{note}" if silent else "全部工人已确认",
            basis=_SIGNED,
        )
        tell_submitted(found, actor=actor, now=now)
    return found


def return_run(
    run: PayrollRun, *, reason: str, employer: Employer, actor: Actor, now: dt.datetime
) -> PayrollRun:
    """The general contractor gives the run back with a reason."""
    reason = worded(reason, "请写明退回的原因", field="reason", most=500)
    with transaction.atomic():
        found = steps.locked_in(run, (_State.SUBMITTED,), "退回")
        _require_general_contractor(found, employer)
        found.return_reason = reason.strip()[:500]
        steps.move(found, _State.RETURNED, "return_reason")
        steps.trace(
            found,
            _Action.RETURNED,
            actor=actor,
            now=now,
            summary="退回修改",
            note=reason.strip(),
            basis=_REVIEW,
        )
        tell_returned(found, actor=actor, now=now)
    return found


def may_not_approve(run: PayrollRun, actor_key: str) -> str:
    """Why this person may not approve the run, in a sentence; empty where they may."""
    made = run.steps.filter(actor=actor_key, action__in=steps.MAKING).exists()
    return "编制、修改或报送过这张工资表的人不能审核它，请由另一人审核。" if made else ""


def approve_run(run: PayrollRun, *, employer: Employer, actor: Actor, now: dt.datetime) -> PayrollRun:
    """The general contractor's yes, by another person than who made the run; the promise stands from now on.

    Writes one payroll line per person through ``payroll``, so that monitoring and matching see it like any other.
    """
    with transaction.atomic():
        found = steps.locked_in(run, (_State.SUBMITTED,), "审核")
        _require_general_contractor(found, employer)
        refusal = may_not_approve(found, actor.key)
        if refusal:
            raise Refused(refusal)
        _refuse_open_objections(found)
        lines = list(found.lines.select_related("worker").order_by("position"))
        promise(found, lines, actor=actor, now=now)
        found.return_reason = ""
        steps.move(found, _State.APPROVED, "return_reason")
        total = sum(line.net_fen for line in lines)
        steps.trace(
            found,
            _Action.APPROVED,
            actor=actor,
            now=now,
            summary="审核通过",
            note=f"{len(lines)}人，{sentence_yuan(total)}",
            after={"people": len(lines), "net": yuan_string(total), "employer": employer.uscc},
            basis=_REVIEW,
        )
        if not any(line.net_fen for line in lines):
            steps.move(found, _State.SETTLED)
    return found


def promise(run: PayrollRun, lines: list[RunLine], *, actor: Actor, now: dt.datetime) -> None:
    """Write the lines as promises and remember which promise each became; the lines are given with their workers."""
    wanted = [
        Promise(
            worker_id=line.worker_id,
            name=line.name,
            team=line.team,
            days_worked=line.attended_days,
            gross_fen=line.gross_fen,
            deduction_fen=line.deduction_fen,
            net_fen=line.net_fen,
            bank_card=line.bank_card,
            card_hash=line.card_hash,
            replaces=line.payroll_line_id,
        )
        for line in lines
    ]
    written = promise_lines(
        project=run.project,
        month=Month.parse(run.month),
        promises=wanted,
        summary=f"{steps.title(run)}审核通过",
        actor=actor,
        now=now,
        held=_held_by_others(run),
    )
    for line, pk in zip(lines, written, strict=True):
        line.payroll_line_id = pk
    bulk.update(lines, ["payroll_line_id"])


def _held_by_others(run: PayrollRun) -> set[int]:
    """Lines of the same month that another employer's or team's payroll has promised."""
    rows = RunLine.objects.filter(
        run__project=run.project_id, run__month=run.month, payroll_line__superseded_at__isnull=True
    )
    return set(rows.exclude(run=run).exclude(payroll_line=None).values_list("payroll_line_id", flat=True))


def withdraw_run(run: PayrollRun, *, reason: str, actor: Actor, now: dt.datetime) -> PayrollRun:
    """Give up a run before it is approved; the same month may then be made anew. What workers said stays."""
    reason = worded(reason, "请写明作废的原因", field="reason", most=500)
    with transaction.atomic():
        found = steps.locked_in(run, steps.EDITABLE, "作废")
        if PayOrderLine.objects.filter(run_line__run=found).exists():
            raise Refused("已经报过银行的工资表不能作废。")
        steps.move(found, _State.WITHDRAWN)
        steps.trace(found, _Action.WITHDRAWN, actor=actor, now=now, summary="作废", note=reason.strip())
    return found


def _refuse_open_objections(run: PayrollRun) -> None:
    count = Objection.objects.filter(line__run=run, state=Objection.State.OPEN).count()
    if count:
        raise Refused(f"还有{count}条工人异议没有答复，请先逐条答复。")


def _require_general_contractor(run: PayrollRun, employer: Employer) -> None:
    if not is_general_contractor(run.project, employer):
        raise Refused(f"“{employer.name}”不是该项目的施工总承包单位，不能审核。")
