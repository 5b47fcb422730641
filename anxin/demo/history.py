"""The older months, taken over in bulk as from a former system; only the latest came as files.

The facts are those that an import would leave, without a batch behind them. Matching is the product's own.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping

from django.db import transaction

from anxin.demo.people import Person
from anxin.demo.world import Line, Payment, Site, WageMonth
from anxin.evidence import bulk
from anxin.evidence.journal import Actor, record
from anxin.evidence.sealing import finding_hash, seal_bytes
from anxin.funds.models import BankReceipt
from anxin.funds.services import match_project
from anxin.payroll.models import Payroll, PayrollLine
from anxin.registry.models import Project
from anxin.workforce.models import AttendanceDay, Worker

#: the journal's word for a month taken over
TAKEN_OVER = "history.taken_over"


def worker_ids(site: Site) -> dict[str, int]:
    """ID number → worker key of the site's people, whom the roster file has registered."""
    hashes = {finding_hash("id", worker.id_number): worker.id_number for worker in site.workers}
    found = Worker.objects.filter(id_hash__in=hashes).values_list("id_hash", "id")
    return {hashes[id_hash]: pk for id_hash, pk in found}


def take_over(project: Project, site: Site, month: WageMonth, *, actor: Actor, now: dt.datetime) -> None:
    """Write attendance, payroll and receipts of one wage month, known since ``now``."""
    keys = worker_ids(site)
    with transaction.atomic():
        _attendance(project, month, keys, now)
        _payroll(project, month, keys, now)
        _receipts(project, month, now)
        match_project(project.pk, now=now)
        record(
            actor=actor,
            action=TAKEN_OVER,
            object_type="project",
            object_id=project.pk,
            summary=f"由原系统转入“{project.name}”{month.month.chinese()}的考勤、工资和发放记录（演示数据）",
            now=now,
            after={"month": str(month.month), "lines": len(month.lines), "receipts": len(month.payments)},
        )


def _attendance(project: Project, month: WageMonth, keys: Mapping[str, int], now: dt.datetime) -> None:
    rows = [(keys[worker.id_number], day) for worker, days in month.attendance for day in days]
    fixed = {"project_id": project.pk, "share": 1, "recorded_at": now}
    bulk.insert(AttendanceDay, ("worker_id", "day"), rows, constants=fixed)


def _payroll(project: Project, month: WageMonth, keys: Mapping[str, int], now: dt.datetime) -> None:
    payroll = Payroll.objects.create(project=project, month=str(month.month), first_recorded_at=now)
    columns = (
        "worker_id", "name", "person_key", "team", "days_worked", "gross_fen", "deduction_fen", "net_fen",
        "bank_card", "card_hash", "content_hash",
    )  # fmt: skip
    rows = [_line_row(line, keys[line.person.id_number]) for line in month.lines]
    fixed = {"payroll_id": payroll.pk, "month": payroll.month, "recorded_at": now}
    bulk.insert(PayrollLine, columns, rows, constants=fixed)


def _line_row(line: Line, worker_id: int) -> tuple[object, ...]:
    person: Person = line.person
    said = f"history|{person.id_number}|{line.days}|{line.gross_fen}|{line.net_fen}"
    return (
        worker_id,
        person.name,
        f"w{worker_id}",
        person.team,
        line.days,
        line.gross_fen,
        line.deduction_fen,
        line.net_fen,
        seal_bytes(person.card.encode()),
        finding_hash("card", person.card),
        finding_hash("history", said),
    )


def _receipts(project: Project, month: WageMonth, now: dt.datetime) -> None:
    columns = (
        "payee_name", "bank_card", "card_hash", "amount_fen", "paid_on", "reference", "natural_key",
    )  # fmt: skip
    fixed = {
        "project_id": project.pk,
        "month": str(month.month),
        "id_hash": "",
        "outcome": BankReceipt.Outcome.PAID,
        "reason": "",
        "recorded_at": now,
    }
    bulk.insert(BankReceipt, columns, [_receipt_row(paid) for paid in month.payments], constants=fixed)


def _receipt_row(paid: Payment) -> tuple[object, ...]:
    return (
        paid.name,
        seal_bytes(paid.card.encode()),
        finding_hash("card", paid.card),
        paid.amount_fen,
        paid.paid_on,
        paid.reference,
        hashlib.sha256(f"reference|{paid.reference}".encode()).hexdigest(),
    )
