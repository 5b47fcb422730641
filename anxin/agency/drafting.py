"""Making a payroll from attendance, and changing what it says until it is approved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from anxin.agency import steps
from anxin.agency.attended import Attended, employers_on, people_of
from anxin.agency.lines import (
    APPLIED,
    LineEdit,
    LinesRefused,
    apply,
    figures_of,
    from_attendance,
    must_explain,
)
from anxin.agency.models import PayrollRun, RunLine, RunStep
from anxin.agency.wages import Figures, deductions_of, plain, read_rate
from anxin.evidence import bulk
from anxin.evidence.journal import Actor
from anxin.evidence.sealing import Sealed, finding_hash
from anxin.kernel.identifiers import bank_card_problem, clean_identifier
from anxin.kernel.masking import mask_card, mask_name
from anxin.kernel.money import sentence_yuan, yuan_string
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused, worded
from anxin.registry.models import Employer, Project

_State, _Action = PayrollRun.State, RunStep.Action
_TALLY = "《保障农民工工资支付条例》第三十一条"


@dataclass(frozen=True)
class Rebuilt:
    """What reading attendance again changed."""

    added: int
    changed: int
    #: lines whose days were set by hand and stay so, although attendance has changed
    kept: int


def draft_run(
    *, project: Project, month: Month, employer: Employer, actor: Actor, now: dt.datetime, team: str = ""
) -> PayrollRun:
    """Make the payroll of an employer's people (or one team) from roster and attendance. Raises :class:`Refused`."""
    team = team.strip()[:60]
    if month.first_day > timezone.localdate(now):
        raise Refused(f"{month.chinese()}还没有到，不能编制该月工资表。", field="month")
    if employer not in employers_on(project):
        raise Refused(
            f"“{employer.name}”不是该项目的总包、分包或劳务单位，请先登记参建单位。", field="employer"
        )
    with transaction.atomic():
        Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        _refuse_overlap(project, month, employer, team)
        people = [one for one in people_of(project, month, employer, team) if one.days > 0]
        if not people:
            raise Refused(
                f"{month.chinese()}没有“{employer.name}”{f'{team}班组' if team else ''}人员的考勤，"
                "请先导入该月考勤表，并核对花名册上的所属单位。",
                field="month",
            )
        run = PayrollRun.objects.create(
            project=project,
            month=str(month),
            employer=employer,
            team=team,
            drafted_at=now,
            drafted_by_name=actor.name,
        )
        paid_days = steps.paid_days_of(run)
        rows = [_line(run, number, one, paid_days) for number, one in enumerate(people, 1)]
        RunLine.objects.bulk_create(rows, batch_size=500)
        steps.trace(
            run,
            _Action.DRAFTED,
            actor=actor,
            now=now,
            summary="按考勤编制",
            after={"people": len(rows), "net": yuan_string(sum(row.net_fen for row in rows))},
            basis=_TALLY,
        )
    return run


def _refuse_overlap(project: Project, month: Month, employer: Employer, team: str) -> None:
    others = PayrollRun.objects.filter(project=project, month=str(month), employer=employer).exclude(
        state=_State.WITHDRAWN
    )
    for other in others.select_related("employer"):
        if team in ("", other.team) or not other.team:
            raise Refused(f"已经有{steps.title(other)}，同一批人不能编制两次；请在原表上修改，或先作废原表。")


def _line(run: PayrollRun, position: int, one: Attended, paid_days: Decimal) -> RunLine:
    enrolment = one.enrolment
    line = RunLine(
        run=run,
        position=position,
        worker_id=enrolment.worker_id,
        name=enrolment.worker.name,
        team=enrolment.team,
        trade=enrolment.trade,
        attended_days=one.days,
        attended_hours=one.hours,
        agreed_wage=enrolment.agreed_wage,
        bank_card=enrolment.bank_card,
        card_hash=enrolment.card_hash,
    )
    from_attendance(line, paid_days)
    return line


def rebuild_run(run: PayrollRun, *, actor: Actor, now: dt.datetime) -> Rebuilt:
    """Read attendance and roster again: new people come in, days follow where nobody set them by hand."""
    with transaction.atomic():
        found = steps.locked_in(run, steps.EDITABLE, "重新读取考勤")
        paid_days = steps.paid_days_of(found)
        lines = {line.worker_id: line for line in found.lines.all()}
        new, changed, kept = [], [], 0
        for one in people_of(found.project, Month.parse(found.month), found.employer, found.team):
            line = lines.pop(one.enrolment.worker_id, None)
            if line is None:
                if one.days > 0:
                    new.append(_line(found, 0, one, paid_days))
                continue
            state = _reread(line, one, paid_days)
            changed += [line] if state else []
            kept += state == "kept"
        for line in lines.values():  # no longer this employer's, or off the roster in that month
            if line.attended_days:
                line.attended_days, line.attended_hours = Decimal(0), None
                apply(line, figures_of(line, paid_days), line.reason)
                changed.append(line)
                kept += 1
        last = max((line.position for line in found.lines.all()), default=0)
        for number, line in enumerate(new, last + 1):
            line.position = number
        RunLine.objects.bulk_create(new, batch_size=500)
        bulk.update(
            changed, [*APPLIED, "attended_days", "attended_hours", "agreed_wage", "bank_card", "card_hash"]
        )
        result = Rebuilt(len(new), len(changed), kept)
        if new or changed:
            note = f"新增{result.added}人，变动{result.changed}人"
            steps.trace(found, _Action.REBUILT, actor=actor, now=now, summary="按考勤重新编制", note=note)
    return result


def _reread(line: RunLine, one: Attended, paid_days: Decimal) -> str:
    """Bring a line up to roster and attendance; ``""`` nothing new, ``changed``, or ``kept`` (set by hand)."""
    enrolment = one.enrolment
    card_is_new = bool(enrolment.card_hash) and enrolment.card_hash != line.card_hash
    facts = (one.days, one.hours, enrolment.agreed_wage)
    if facts == (line.attended_days, line.attended_hours, line.agreed_wage) and not card_is_new:
        return ""
    by_itself = not must_explain(line, figures_of(line, paid_days)) and not line.deductions
    line.attended_days, line.attended_hours, line.agreed_wage = facts
    if card_is_new:
        line.bank_card, line.card_hash = enrolment.bank_card, enrolment.card_hash
    if by_itself and line.unit != RunLine.Unit.PIECE:
        typed = line.rate_fen if read_rate(line.agreed_wage) is None else None
        unit = line.unit
        from_attendance(line, paid_days)
        if typed is not None:  # the agreement cannot be read, and somebody has said what it is
            quantity = line.attended_hours if unit == RunLine.Unit.HOUR else line.attended_days
            apply(line, Figures(unit, typed, quantity or Decimal(0), paid_days=paid_days), line.reason)
        return "changed"
    apply(line, figures_of(line, paid_days), line.reason)
    return "kept"


def edit_lines(run: PayrollRun, edits: Sequence[LineEdit], *, actor: Actor, now: dt.datetime) -> int:
    """Set the figures of several lines at once, all or none; returns how many changed.

    Raises :class:`LinesRefused` with every row that cannot be so. Whoever confirmed other figures is asked anew.
    """
    with transaction.atomic():
        found = steps.locked_in(run, steps.EDITABLE, "修改工资表")
        changed = set_figures(found, edits)
        if changed:
            steps.trace(
                found,
                _Action.EDITED,
                actor=actor,
                now=now,
                summary="修改",
                note=f"改动{len(changed)}行",
                before={"lines": [before for before, _ in changed[:100]]},
                after={"lines": [after for _, after in changed[:100]]},
            )
    return len(changed)


def set_figures(run: PayrollRun, edits: Sequence[LineEdit]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Write edits of a locked run; returns (before, after) as the journal shows them. Raises :class:`LinesRefused`."""
    paid_days = steps.paid_days_of(run)
    lines = {line.pk: line for line in run.lines.filter(pk__in=[edit.line_id for edit in edits])}
    problems: dict[int, tuple[str, str]] = {}
    changed, rows = [], []
    for edit in edits:
        line = lines.get(edit.line_id)
        if line is None:
            raise Refused("有一行已不在这张工资表中，请刷新后再改。")
        figures = Figures(edit.unit, edit.rate_fen, edit.quantity, edit.extra_fen, edit.deductions, paid_days)
        problem = figures.problem() or _unexplained(line, figures, edit.reason)
        if problem:
            problems[line.pk] = problem
            continue
        if figures == figures_of(line, paid_days) and edit.reason.strip() == line.reason:
            continue
        before = shown(line)
        apply(line, figures, edit.reason)
        rows.append(line)
        changed.append((before, shown(line)))
    if problems:
        raise LinesRefused(problems, {pk: mask_name(line.name) for pk, line in lines.items()})
    bulk.update(rows, APPLIED)
    return changed


def _unexplained(line: RunLine, figures: Figures, reason: str) -> tuple[str, str] | None:
    if figures.rate_fen is None:
        return None  # still open; it must be filled before the run goes to its workers
    why = must_explain(line, figures)
    return ("reason", f"{why}，请写明原因。") if why and not reason.strip() else None


def add_person(run: PayrollRun, worker_id: int, *, reason: str, actor: Actor, now: dt.datetime) -> RunLine:
    """Take in somebody of the roster whom attendance does not show; the reason stays on the line."""
    worded(reason, "请写明为什么没有考勤也要发工资", field="reason")
    with transaction.atomic():
        found = steps.locked_in(run, steps.EDITABLE, "增加人员")
        if found.lines.filter(worker_id=worker_id).exists():
            raise Refused("此人已在工资表中。", field="worker")
        people = people_of(found.project, Month.parse(found.month), found.employer, found.team)
        one = next((one for one in people if one.enrolment.worker_id == worker_id), None)
        if one is None:
            raise Refused("该月花名册上没有此人，请先导入花名册。", field="worker")
        last = max(found.lines.values_list("position", flat=True), default=0)
        line = _line(found, last + 1, one, steps.paid_days_of(found))
        line.reason = reason.strip()[:200]
        line.save()
        note = f"增加{mask_name(line.name)}：{line.reason}"
        steps.trace(found, _Action.EDITED, actor=actor, now=now, summary="修改", note=note)
    return line


def remove_person(line: RunLine, *, actor: Actor, now: dt.datetime) -> None:
    """Take somebody without attendance out again. Who worked stays: leaving a person out is not a correction."""
    with transaction.atomic():
        found = steps.locked_in(line.run, steps.EDITABLE, "移出人员")
        current = found.lines.get(pk=line.pk)
        if current.attended_days > 0:
            raise Refused(
                f"{mask_name(current.name)}该月有考勤{plain(current.attended_days)}天，不能移出工资表；"
                "考勤有误的，请更正考勤后重新读取。"
            )
        if current.confirmations.exists() or current.objections.exists():
            raise Refused(f"{mask_name(current.name)}已对这一行作过答复，不能移出工资表。")
        note = f"移出{mask_name(current.name)}"
        current.delete()
        steps.trace(found, _Action.EDITED, actor=actor, now=now, summary="修改", note=note)


def set_card(line: RunLine, *, bank_card: str, actor: Actor, now: dt.datetime) -> RunLine:
    """The card a line is to be paid to, while the run is being made. After approval: ``ordering.mend_line``."""
    number = clean_identifier(bank_card)
    problem = bank_card_problem(number)
    if problem:
        raise Refused(problem, field="bank_card")
    with transaction.atomic():
        found = steps.locked_in(line.run, (*steps.EDITABLE, _State.SUBMITTED), "更改银行卡")
        current = found.lines.get(pk=line.pk)
        current.bank_card, current.card_hash = Sealed.of(number), finding_hash("card", number)
        current.save(update_fields=["bank_card", "card_hash"])
        note = f"{mask_name(current.name)}的银行卡改为{mask_card(number)}"
        steps.trace(found, _Action.EDITED, actor=actor, now=now, summary="修改", note=note)
    return current


def shown(line: RunLine) -> dict[str, Any]:
    """A line as the journal may keep it."""
    return {
        "line_id": line.pk,
        "name": mask_name(line.name),
        "unit": line.unit,
        "rate": None if line.rate_fen is None else yuan_string(line.rate_fen),
        "quantity": plain(line.quantity),
        "extra": yuan_string(line.extra_fen),
        "deductions": [f"{one.words}{sentence_yuan(one.fen)}" for one in deductions_of(line.deductions)],
        "net": yuan_string(line.net_fen),
        "reason": line.reason,
    }
