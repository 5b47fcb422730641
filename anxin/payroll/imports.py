"""Payroll files become payroll lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from anxin.evidence import bulk
from anxin.evidence.kinds import ApplyContext, ApplyResult, ImportRefused, RowProblem
from anxin.kernel.masking import mask_name
from anxin.kernel.money import yuan_string
from anxin.payroll.lines import MOST_FEN, Line, LineReader, plain_days, with_card_of
from anxin.payroll.models import Payroll, PayrollLine
from anxin.payroll.revising import CurrentLines, pairs, same_team
from anxin.workforce.people import Identified, identify, project_for_import

if TYPE_CHECKING:
    from anxin.sheets.result import ParsedRow


class PayrollImport:
    """工资表: one line per person and month."""

    kind = "payroll"
    title = "工资表"

    def check(self, *, project_code: str) -> None:
        project_for_import(project_code)

    def apply(self, context: ApplyContext) -> ApplyResult:
        project = project_for_import(context.batch.project_code, lock=True)
        if context.month is None:
            raise ImportRefused(
                "无法确定这是哪个月的工资表：表中没有写明月份，请指定工资所属月份（如 2026-09）。"
            )
        result = ApplyResult(project_ids=[project.pk], months=[str(context.month)])
        rows = context.recognition.rows
        people = identify(
            project,
            rows,
            now=context.now,
            report=context.report,
            source=f"{self.title}“{context.batch.filename}”",
        )
        result.problems += people.problems
        result.counts["workers_registered"] = people.created
        incoming = _lines(rows, people, result)
        context.report(len(rows) // 2, len(rows), "写入工资明细")
        payroll, _ = Payroll.objects.get_or_create(
            project=project, month=str(context.month), defaults={"first_recorded_at": context.now}
        )
        _write(payroll, incoming, context, result)
        return result


def _lines(rows: Sequence[ParsedRow], people: Identified, result: ApplyResult) -> list[Line]:
    lines = []
    read = LineReader()
    for row in rows:
        worker = people.workers.get(row.number)
        if worker is None and row.number not in people.unknown:
            continue  # given back
        too_much = _too_much(row)
        if too_much:
            result.problems.append(
                RowProblem(
                    row.number, "金额超过1亿元，不会是一个人的工资，请核对是否填错了列。", field=too_much
                )
            )
            continue
        if worker is None:
            shown = mask_name(row.values.get("name") or "")
            reason = (
                f"花名册中没有“{shown}”，本行照收，但无法与实名制人员对应；请补充身份证号或先导入花名册。"
            )
            result.problems.append(RowProblem(row.number, reason, rejected=False, field="name"))
        lines.append(read.line(row.number, row.values, worker))
    return lines


def _too_much(row: ParsedRow) -> str:
    """The field whose amount is beyond anybody's wage, or nothing."""
    fields = ("gross", "deduction", "net")
    return next((field for field in fields if abs(row.values.get(field) or 0) > MOST_FEN), "")


def _write(payroll: Payroll, incoming: list[Line], context: ApplyContext, result: ApplyResult) -> None:
    """Compare with the month's current lines person by person; replace what changed, add what is new."""
    by_person: dict[str, list[Line]] = defaultdict(list)
    for line in incoming:
        by_person[line.person_key].append(line)
    current = CurrentLines(payroll, by_person)
    keeps_card = "bank_card" not in context.recognition.columns
    new: list[Line] = []
    replaced: list[int] = []
    taken: set[int] = set()
    for person, lines in by_person.items():
        # Two work numbers of one name may both fit a line known by the name: it is only one of theirs.
        known = [one for one in current.of(lines[0]) if one[0] not in taken]
        if not known and len(lines) == 1:
            new.append(lines[0])
            continue
        for line, old in pairs(known, lines):
            if old is None:
                new.append(line._replace(person_key=current.free_key(person, line.team)))
                continue
            taken.add(old[0])
            merged = _merged(line, old[1], current, keeps_card=keeps_card)
            if merged.content_hash == old[1].content_hash and merged.worker_id == old[1].worker_id:
                result.unchanged += 1
                continue
            replaced.append(old[0])
            new.append(merged)
            result.changes.append({"before": _shown(old[1]), "after": _shown(merged)})
            if not same_team(old, merged):
                result.problems.append(_team_warning(line, old[1]))
    result.superseded = bulk.supersede(PayrollLine, replaced, by=context.batch.pk, now=context.now)
    result.inserted = len(new)
    bulk.insert(
        PayrollLine,
        Line._fields,
        new,
        constants={
            "payroll_id": payroll.pk,
            "month": payroll.month,
            "batch_id": context.batch.pk,
            "recorded_at": context.now,
        },
    )


def _merged(line: Line, old: Line, current: CurrentLines, *, keeps_card: bool) -> Line:
    """The incoming line with what only the current one knows: the worker, the card, the key."""
    if keeps_card:
        line = with_card_of(old, line)
    if line.worker_id is not None and old.worker_id is None:
        return line._replace(person_key=current.free_key(line.person_key, line.team))
    return line._replace(worker_id=line.worker_id or old.worker_id, person_key=old.person_key)


def _team_warning(line: Line, old: Line) -> RowProblem:
    reason = (
        f"此人本月原有一条班组为“{old.team or '未填'}”的工资明细，已按更正替换；"
        "如确有两份工资，请在同一文件中分行列出。"
    )
    return RowProblem(line.row_number or 0, reason, rejected=False, field="team")


def _shown(line: Line) -> dict[str, Any]:
    """The journal's view: no identifiers; the row number leads to the sealed source row."""
    return {
        "row": line.row_number,
        "name": mask_name(line.name),
        "team": line.team,
        "days_worked": plain_days(line.days_worked),
        "gross": yuan_string(line.gross_fen),
        "deduction": None if line.deduction_fen is None else yuan_string(line.deduction_fen),
        "net": yuan_string(line.net_fen),
    }
