"""Payroll lines that were approved inside the product, and the references under which a bank pays them.

The lines become facts like those of a file: recorded, superseded when corrected, journalled, and named to whoever
reacts to new payrolls.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction

from anxin.evidence import bulk
from anxin.evidence.journal import Actor, record
from anxin.evidence.sealing import Sealed
from anxin.kernel.masking import mask_name
from anxin.kernel.money import yuan_string
from anxin.kernel.months import Month
from anxin.payroll.lines import Line, content_hash_of, plain_days
from anxin.payroll.models import PaymentReference, Payroll, PayrollLine
from anxin.payroll.revising import CurrentLines
from anxin.registry.models import Project
from anxin.workforce.people import plain_name

#: the action under which approved lines are journalled
PROMISED = "payroll.promised"
#: how a reference of ours looks: twelve digits of the order, five of the line; no hyphen, which tables lose
OUR_REFERENCE = re.compile(r"AX\d{17}")
_TENTH = Decimal("0.1")
#: before/after pairs kept in the journal entry
_JOURNALLED = 100


@dataclass(frozen=True)
class Promise:
    """What one known worker is to be paid. ``replaces``: the current line that this one corrects."""

    worker_id: int
    name: str
    team: str
    days_worked: Decimal
    gross_fen: int
    deduction_fen: int
    net_fen: int
    #: a sealed card, as models hand it out
    bank_card: object
    card_hash: str
    replaces: int | None = None


def promise_lines(
    *,
    project: Project,
    month: Month,
    promises: Sequence[Promise],
    summary: str,
    actor: Actor,
    now: dt.datetime,
    held: Collection[int] = (),
) -> list[int]:
    """Write the promises; returns the id of each one's current line, in their order.

    A worker's line that came from a file, of the same team or the only one, is replaced: it spoke of the same wage.
    Lines in ``held`` are another payroll's and stay. Unchanged lines are left alone, so that running twice equals
    running once.
    """
    with transaction.atomic():
        Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        payroll, _ = Payroll.objects.get_or_create(
            project=project, month=str(month), defaults={"first_recorded_at": now}
        )
        writing = _Writing(payroll, set(held), promises)
        for promise in promises:
            writing.take(promise)
        bulk.supersede(PayrollLine, writing.replaced, by=None, now=now)
        bulk.insert(
            PayrollLine,
            Line._fields,
            writing.new,
            constants={
                "payroll_id": payroll.pk,
                "month": payroll.month,
                "batch_id": None,
                "recorded_at": now,
            },
        )
        ids = dict(
            PayrollLine.objects.filter(
                payroll=payroll, month=payroll.month, superseded_at__isnull=True
            ).values_list("person_key", "id")
        )
        if writing.new:
            _record(payroll, writing, summary, actor, now)
    return [ids[key] for key in writing.keys]


class _Writing:
    """The month's current lines, and what the promises make of them."""

    def __init__(self, payroll: Payroll, held: set[int], promises: Sequence[Promise]) -> None:
        self._current = CurrentLines(payroll, [f"w{one.worker_id}" for one in promises])
        self._held = held
        self.replaced: list[int] = []
        self.new: list[Line] = []
        #: the person key of each promise, in their order
        self.keys: list[str] = []
        self.changes: list[tuple[Line, Line]] = []

    def take(self, promise: Promise) -> None:
        line = _line(promise)
        old = self._line_replaced(promise, line)
        if old is None:
            line = line._replace(person_key=self._current.free_key(line.person_key, line.team))
            self.new.append(line)
        else:
            pk, known = old
            self._held.add(pk)
            line = line._replace(person_key=known.person_key)
            if (known.content_hash, known.worker_id) != (line.content_hash, line.worker_id):
                if known.worker_id is None:
                    line = line._replace(person_key=self._current.free_key(f"w{line.worker_id}", line.team))
                self.replaced.append(pk)
                self.new.append(line)
                self.changes.append((known, line))
        self.keys.append(line.person_key)

    def _line_replaced(self, promise: Promise, line: Line) -> tuple[int, Line] | None:
        known = [one for one in self._current.of(line) if one[0] not in self._held]
        named = [one for one in known if one[0] == promise.replaces]
        same_team = [one for one in known if plain_name(one[1].team) == plain_name(line.team)]
        return next(iter(named or same_team or (known if len(known) == 1 else [])), None)


def _line(promise: Promise) -> Line:
    days = promise.days_worked.quantize(_TENTH, rounding=ROUND_HALF_UP)
    card = promise.bank_card.envelope if isinstance(promise.bank_card, Sealed) else None
    deduction = promise.deduction_fen or None
    return Line(
        worker_id=promise.worker_id,
        row_number=None,
        name=promise.name[:60],
        person_key=f"w{promise.worker_id}",
        team=promise.team[:60],
        days_worked=days,
        gross_fen=promise.gross_fen,
        deduction_fen=deduction,
        net_fen=promise.net_fen,
        bank_card=card,
        card_hash=promise.card_hash,
        content_hash=content_hash_of(
            promise.name, promise.team, days, promise.gross_fen, deduction, promise.net_fen, promise.card_hash
        ),
    )


def _record(payroll: Payroll, writing: _Writing, summary: str, actor: Actor, now: dt.datetime) -> None:
    record(
        actor=actor,
        action=PROMISED,
        object_type="payroll",
        object_id=payroll.pk,
        summary=f"{summary}：{len(writing.new)}条工资明细成立，其中更正{len(writing.replaced)}条",
        before={"changes": [_shown(old) for old, _ in writing.changes[:_JOURNALLED]]}
        if writing.changes
        else None,
        after={
            "kind": "payroll",
            "project_ids": [payroll.project_id],
            "months": [payroll.month],
            "counts": {"inserted": len(writing.new), "superseded": len(writing.replaced)},
            "changes": [_shown(new) for _, new in writing.changes[:_JOURNALLED]],
        },
        now=now,
    )


def _shown(line: Line) -> dict[str, Any]:
    return {
        "name": mask_name(line.name),
        "team": line.team,
        "days_worked": plain_days(line.days_worked),
        "net": yuan_string(line.net_fen),
    }


def give_references(references: Mapping[str, int], *, now: dt.datetime) -> None:
    """Remember under which reference a bank is asked to pay which line (reference → line id).

    Kept by month and person, not by line: a line that is corrected (another card) is still paid under it.
    """
    lines = {
        pk: (payroll, key)
        for pk, payroll, key in PayrollLine.objects.filter(pk__in=list(references.values())).values_list(
            "id", "payroll_id", "person_key"
        )
    }
    rows = [(reference, *lines[line]) for reference, line in references.items()]
    bulk.insert(
        PaymentReference,
        ("reference", "payroll_id", "person_key"),
        rows,
        constants={"recorded_at": now},
        ignore_conflicts=True,
    )


def lines_by_reference(references: Collection[str]) -> dict[str, int]:
    """The current line that each of our references pays; unknown references are absent."""
    asked: dict[str, tuple[int, str]] = {}
    for piece in bulk.chunks(set(references)):
        for reference, payroll, key in PaymentReference.objects.filter(reference__in=piece).values_list(
            "reference", "payroll_id", "person_key"
        ):
            asked[reference] = (payroll, key)
    lines: dict[tuple[int, str], int] = {}
    for payrolls in bulk.chunks({payroll for payroll, _ in asked.values()}):
        rows = PayrollLine.objects.filter(payroll_id__in=payrolls, superseded_at__isnull=True)
        for pk, payroll, key in rows.values_list("id", "payroll_id", "person_key"):
            lines[payroll, key] = pk
    return {reference: lines[where] for reference, where in asked.items() if where in lines}
