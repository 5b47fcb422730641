"""Payroll files become payroll lines."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from anxin.evidence import bulk
from anxin.evidence.kinds import ApplyContext, ApplyResult, ImportRefused, RowProblem
from anxin.evidence.sealing import Sealed, finder, sealer
from anxin.kernel.masking import mask_name
from anxin.kernel.money import yuan_string
from anxin.payroll.models import Payroll, PayrollLine
from anxin.workforce.pairing import pair
from anxin.workforce.people import Identified, identify, plain_name, project_for_import

if TYPE_CHECKING:
    from anxin.sheets.result import ParsedRow


class _Line(NamedTuple):
    """What one row promises, in the order of the columns of the table."""

    worker_id: int | None
    row_number: int
    name: str
    #: who within the month, before rows of one person are told apart
    person_key: str
    team: str
    days_worked: Decimal | None
    gross_fen: int
    deduction_fen: int | None
    net_fen: int
    bank_card: bytes | None
    card_hash: str
    content_hash: str


_Known = tuple[int, _Line]


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
        people = identify(project, rows, now=context.now, report=context.report)
        result.problems += people.problems
        result.counts["workers_registered"] = people.created
        incoming = _lines(rows, people, result)
        context.report(len(rows) // 2, len(rows), "写入工资明细")
        payroll, _ = Payroll.objects.get_or_create(
            project=project, month=str(context.month), defaults={"first_recorded_at": context.now}
        )
        _write(payroll, incoming, context, result)
        return result


def _lines(rows: Sequence[ParsedRow], people: Identified, result: ApplyResult) -> list[_Line]:
    lines = []
    read = _LineReader()
    for row in rows:
        worker = people.workers.get(row.number)
        if worker is None:
            if row.number not in people.unknown:
                continue  # given back
            shown = mask_name(row.values.get("name") or "")
            reason = (
                f"花名册中没有“{shown}”，本行照收，但无法与实名制人员对应；请补充身份证号或先导入花名册。"
            )
            result.problems.append(RowProblem(row.number, reason, rejected=False, field="name"))
        lines.append(read.line(row.number, row.values, worker))
    return lines


class _LineReader:
    """Turns the values of a row into a line; what is the same for all rows is prepared once."""

    def __init__(self) -> None:
        self._seal = sealer()
        self._find = finder("card")

    def line(self, row: int, values: Mapping[str, Any], worker: int | None) -> _Line:
        name = (values.get("name") or "")[:60]
        team = (values.get("team") or "")[:60]
        days, deduction = values.get("days_worked"), values.get("deduction")
        gross, net = values.get("gross"), values.get("net")
        # A sheet may state only one of the two; what it leaves out follows from what it says.
        if net is None:
            net = (gross or 0) - (deduction or 0)
        if gross is None:
            gross = net + (deduction or 0)
        card = values.get("bank_card")
        card_hash = self._find(card) if card else ""
        return _Line(
            worker,
            row,
            name,
            f"w{worker}" if worker is not None else _name_key(name, values.get("employee_number")),
            team,
            days,
            gross,
            deduction,
            net,
            self._seal(card) if card else None,
            card_hash,
            _content_hash(name, team, days, gross, deduction, net, card_hash),
        )


def _name_key(name: str, number: str | None) -> str:
    """Somebody known by name (and work number) alone; ``|`` is what tells several lines of one person apart."""
    return ("n:" + plain_name(name)[:60] + (f"#{number[:20]}" if number else "")).replace("|", "")


def _content_hash(
    name: str, team: str, days: Decimal | None, gross: int, deduction: int | None, net: int, card_hash: str
) -> str:
    said = f"{name}|{team}|{_plain_days(days)}|{gross}|{deduction}|{net}|{card_hash}"
    return hashlib.sha256(said.encode()).hexdigest()


@lru_cache(maxsize=1000)
def _plain_days(days: Decimal | None) -> str | None:
    """``26.0`` and ``26`` alike."""
    return None if days is None else format(days.normalize(), "f")


def _write(payroll: Payroll, incoming: list[_Line], context: ApplyContext, result: ApplyResult) -> None:
    """Compare with the month's current lines person by person; replace what changed, add what is new."""
    current = _current(payroll)
    used_keys = {line.person_key for known in current.values() for _, line in known}
    keeps_card = "bank_card" not in context.recognition.columns
    by_person: dict[str, list[_Line]] = defaultdict(list)
    for line in incoming:
        by_person[line.person_key].append(line)
    new: list[_Line] = []
    replaced: list[int] = []
    for person, lines in by_person.items():
        known = current.get(person)
        if known is None and len(lines) == 1:
            new.append(lines[0])
            continue
        for line, old in _pairs(known or [], lines):
            if old is None:
                new.append(line._replace(person_key=_free_key(person, line.team, used_keys)))
                continue
            merged = line._replace(person_key=old[1].person_key)
            if keeps_card:
                merged = _with_card_of(old[1], merged)
            if merged.content_hash == old[1].content_hash and merged.worker_id == old[1].worker_id:
                result.unchanged += 1
                continue
            replaced.append(old[0])
            new.append(merged)
            if not _same_team(old, merged):
                reason = f"此人本月原有一条班组为“{old[1].team or '未填'}”的工资明细，已按更正替换；如确有两份工资，请在同一文件中分行列出。"
                result.problems.append(RowProblem(line.row_number, reason, rejected=False, field="team"))
            result.changes.append({"before": _shown(old[1]), "after": _shown(merged)})
    result.superseded = bulk.supersede(PayrollLine, replaced, by=context.batch.pk, now=context.now)
    result.inserted = len(new)
    bulk.insert(
        PayrollLine,
        _Line._fields,
        new,
        constants={"payroll_id": payroll.pk, "batch_id": context.batch.pk, "recorded_at": context.now},
    )


def _current(payroll: Payroll) -> dict[str, list[_Known]]:
    """The month's current lines by person (the key up to the first ``|``), oldest first."""
    found: dict[str, list[_Known]] = defaultdict(list)
    rows = PayrollLine.objects.filter(payroll=payroll, superseded_at__isnull=True).order_by("id")
    for pk, *values in rows.values_list("id", *_Line._fields).iterator(chunk_size=5000):
        line = _Line(*values)
        card = line.bank_card
        line = line._replace(bank_card=card.envelope if isinstance(card, Sealed) else None)
        found[line.person_key.split("|", 1)[0]].append((pk, line))
    return found


def _with_card_of(old: _Line, line: _Line) -> _Line:
    """The line of a file that has no card column, with the card that was known."""
    content = _content_hash(
        line.name,
        line.team,
        line.days_worked,
        line.gross_fen,
        line.deduction_fen,
        line.net_fen,
        old.card_hash,
    )
    return line._replace(bank_card=old.bank_card, card_hash=old.card_hash, content_hash=content)


def _pairs(known: list[_Known], lines: list[_Line]) -> list[tuple[_Line, _Known | None]]:
    likenesses = [_same_content, _same_card_and_team, _same_team]
    if len(known) == len(lines) == 1:
        likenesses.append(_may_be_corrected)
    return pair(known, lines, *likenesses)


def _same_content(old: _Known, new: _Line) -> bool:
    return old[1].content_hash == new.content_hash


def _same_card_and_team(old: _Known, new: _Line) -> bool:
    return bool(new.card_hash) and old[1].card_hash == new.card_hash and _same_team(old, new)


def _same_team(old: _Known, new: _Line) -> bool:
    return plain_name(old[1].team) == plain_name(new.team)


def _may_be_corrected(old: _Known, new: _Line) -> bool:
    """Whether another team on the only line is a correction: surely for a known worker.

    Somebody known by name alone may be a namesake in the other team, unless the card says otherwise.
    """
    if new.worker_id is not None or not (old[1].team and new.team):
        return True
    return bool(new.card_hash) and old[1].card_hash == new.card_hash


def _free_key(person: str, team: str, used: set[str]) -> str:
    """A key for one more line of a person: by team, and by count where even the team is the same."""
    key, count = person, 1
    while key in used:
        key = f"{person}|{team[:20]}" if count == 1 else f"{person}|{team[:20]}|{count}"
        count += 1
    used.add(key)
    return key


def _shown(line: _Line) -> dict[str, Any]:
    """The journal's view: no identifiers; the row number leads to the sealed source row."""
    return {
        "row": line.row_number,
        "name": mask_name(line.name),
        "team": line.team,
        "days_worked": _plain_days(line.days_worked),
        "gross": yuan_string(line.gross_fen),
        "deduction": None if line.deduction_fen is None else yuan_string(line.deduction_fen),
        "net": yuan_string(line.net_fen),
    }
