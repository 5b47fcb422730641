"""One fact as a row of a package: who, what, and in which row of whose file it stands. Shared by a site's month and a worker's claim.

``row`` is the key by which warnings and matches point at it (``payroll_line:12``). A row that was replaced later
stays, and says when.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from anxin.clues.masking import opened
from anxin.contracts.models import Contract
from anxin.dossier.people import People
from anxin.dossier.showing import day, moment, plain, yuan
from anxin.evidence.models import ImportBatch, Recorded
from anxin.funds.models import BankReceipt, ReceiptMatch
from anxin.kernel.masking import mask_card
from anxin.payroll.models import PayrollLine
from anxin.proof.contents import ABOUT
from anxin.workforce.models import AttendanceDay, AttendanceMonth, Enrolment

_WHO = {"sign": "代号", "name": "姓名"}
_FROM = {"source": "出处", "recorded": "记录时间", "replaced": "被替换"}
ROSTER = {
    **_WHO, "project": "项目", "employer": "用人单位", "team": "班组", "trade": "工种", "entry": "进场", "exit": "退场",
    "agreed": "约定工资", "pay_day": "约定发薪日", "contract": "合同", "card": "工资卡", **_FROM, "row": "行号",
}  # fmt: skip
DAYS = {
    **_WHO, "project": "项目", "day": "日期", "share": "工日", "hours": "工时", "overtime": "加班工时", "said_by": "依据",
    "remark": "备注", **_FROM,
}  # fmt: skip
MONTHS = {**_WHO, "project": "项目", "month": "月份", "days": "出勤天数", **_FROM}
LINES = {
    **_WHO, "project": "项目", "month": "月份", "team": "班组", "days": "出勤", "gross": "应发（元）", "deduction": "扣款（元）",
    "net": "实发（元）", "card": "工资卡", **_FROM, "row": "行号",
}  # fmt: skip
RECEIPTS = {
    **_WHO, "project": "项目", "month": "月份", "amount": "金额（元）", "paid": "到账日", "outcome": "结果", "reason": "退回原因",
    "reference": "银行流水号", **_FROM, "row": "行号",
}  # fmt: skip
MATCHES = {
    "receipt": "银行流水", "line": "工资行", "amount": "金额（元）", "state": "状态", "reason": "依据", "by": "谁定",
    "recorded": "记录时间", "ended": "终止",
}  # fmt: skip
CONTRACTS = {
    **_WHO, "number": "合同编号", "project": "项目", "employer": "用人单位", "state": "状态", "begins": "开始", "ends": "终止",
    "terms": "本人的条款", "signed": "工人签署", "method": "怎样签的", "in_force": "生效", "ended": "解除或终止", "sha256": "文件的 SHA-256",
}  # fmt: skip


class Sources:
    """Names of the delivered files, to say where a row stands; filled once, asked for every row."""

    def __init__(self, batches: Mapping[int, ImportBatch]) -> None:
        self.batches = batches

    def of(self, fact: Recorded) -> dict[str, str]:
        batch = self.batches.get(fact.batch_id or 0)
        where = f"{batch.filename} 第{fact.row_number}行" if batch and fact.row_number else ""
        return {
            "source": where or (batch.filename if batch else ""),
            "recorded": moment(fact.recorded_at),
            "replaced": moment(fact.superseded_at),
        }


def batches_of(*columns: Iterable[int | None]) -> dict[int, ImportBatch]:
    """The deliveries behind these columns of keys, with their files; one query besides those of the columns."""
    keys = {key for column in columns for key in column if key}
    return ImportBatch.objects.select_related("file").in_bulk(sorted(keys))


def who(people: People, key: str, name: str = "") -> dict[str, Any]:
    """The fields that say about whom a row is, by the key under which the person was added."""
    person = people.add(key, name)
    return {ABOUT: [person.sign], "sign": person.sign, "name": person.name}


def roster(one: Enrolment, sources: Sources, people: People) -> dict[str, Any]:
    signed = {True: "已签", False: "未签", None: ""}[one.contract_signed]
    return {
        **who(people, one.worker.id_hash),
        "project": one.project.name,
        "employer": one.employer.name if one.employer else one.employer_name,
        "team": one.team,
        "trade": one.trade,
        "entry": day(one.entry),
        "exit": day(one.exit),
        "agreed": one.agreed_wage,
        "pay_day": f"每月{one.pay_day}日" if one.pay_day else "",
        "contract": " ".join(
            filter(None, (signed, one.contract_number, day(one.contract_from), day(one.contract_until)))
        ),
        "card": _card(one.bank_card),
        **sources.of(one),
        "row": f"enrolment:{one.pk}",
    }


def attended(one: AttendanceDay, key: str, project: str, sources: Sources, people: People) -> dict[str, Any]:
    return {
        **who(people, key),
        "project": project,
        "day": day(one.day),
        "share": str(one.share),
        "hours": plain(one.hours),
        "overtime": plain(one.overtime_hours),
        "said_by": " ".join(filter(None, (one.get_source_display(), one.rule))),
        "remark": one.remark,
        **sources.of(one),
    }


def attended_month(
    one: AttendanceMonth, key: str, project: str, sources: Sources, people: People
) -> dict[str, Any]:
    return {
        **who(people, key),
        "project": project,
        "month": one.month,
        "days": str(one.days),
        **sources.of(one),
    }


def line(one: PayrollLine, project: str, sources: Sources, people: People) -> dict[str, Any]:
    """``one.worker`` at hand; somebody whom no roster knows stands under the name."""
    key = one.worker.id_hash if one.worker else f"name:{one.name}"
    return {**who(people, key, one.name), **promised(one, project), **sources.of(one)}


def promised(one: PayrollLine, project: str) -> dict[str, Any]:
    return {
        "project": project,
        "month": one.month,
        "team": one.team,
        "days": plain(one.days_worked),
        "gross": yuan(one.gross_fen),
        "deduction": yuan(one.deduction_fen),
        "net": yuan(one.net_fen),
        "card": _card(one.bank_card),
        "row": f"payroll_line:{one.pk}",
    }


def receipt(one: BankReceipt, key: str, project: str, sources: Sources, people: People) -> dict[str, Any]:
    return {
        **who(people, key, one.payee_name),
        "project": project,
        "month": one.month,
        "amount": yuan(one.amount_fen),
        "paid": day(one.paid_on),
        "outcome": one.get_outcome_display(),
        "reason": one.reason,
        "reference": one.reference,
        **sources.of(one),
        "row": f"receipt:{one.pk}",
    }


def match(one: ReceiptMatch) -> dict[str, Any]:
    return {
        "receipt": f"receipt:{one.receipt_id}",
        "line": f"payroll_line:{one.line_id}",
        "amount": yuan(one.amount_fen),
        "state": one.get_state_display(),
        "reason": one.reason,
        "by": one.decided_by_name,
        "recorded": moment(one.recorded_at),
        "ended": moment(one.ended_at),
    }


def contract(one: Contract, people: People) -> dict[str, Any]:
    return {
        **who(people, one.worker.id_hash),
        "number": one.number,
        "project": one.project.name,
        "employer": one.employer.name,
        "state": one.get_state_display(),
        "begins": day(one.begins_on),
        "ends": day(one.ends_on),
        "terms": plain(one.terms),
        "signed": moment(one.worker_signed_at),
        "method": " ".join(filter(None, (one.method, one.device, one.witness))),
        "in_force": moment(one.in_force_at),
        "ended": " ".join(filter(None, (day(one.ended_on), one.end_words))),
        "sha256": one.file.sha256 if one.file else "",
    }


def _card(sealed: Any) -> str:
    """Cards are masked in every package."""
    number = opened(sealed)
    return mask_card(number) if number else ""
