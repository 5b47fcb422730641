"""What became of a payroll on its way to the bank, as rows of a package: steps, the workers' own answers, the bank's results.

Shared by a site's month and a worker's claim. Objects come with what their row names: see each function.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from anxin.agency.models import Confirmation, Objection, PayOrderLine, RunStep, WorkerWord
from anxin.dossier.fact_rows import who
from anxin.dossier.people import People
from anxin.dossier.showing import day, moment, yuan
from anxin.dossier.streams import CHUNK

STEPS = {
    "run": "工资表编号", "employer": "用人单位", "month": "月份", "team": "班组", "action": "事项", "at": "时间", "by": "经办", "note": "说明",
}  # fmt: skip
ANSWERS = {
    "sign": "代号", "name": "姓名", "project": "项目", "month": "月份", "day": "哪一天", "answer": "工人的答复", "net": "当时的实发（元）",
    "says": "原话", "channel": "方式", "at": "时间", "by": "经手", "photo": "照片的 SHA-256", "reply": "答复工人", "replied": "答复时间",
    "replied_by": "答复人",
}  # fmt: skip
ORDERS = {
    "sign": "代号", "name": "姓名", "project": "项目", "month": "月份", "order": "代发单", "reference": "明细编号", "amount": "金额（元）",
    "state": "结果", "reason": "退回原因", "paid": "到账日", "bank_reference": "银行流水号", "sent": "报送银行", "answered": "银行答复",
    "line": "工资行",
}  # fmt: skip
_YES, _NO = "确认无误", "有异议"


def steps(found: QuerySet[RunStep]) -> Iterator[dict[str, Any]]:
    for one in found.select_related("run__employer").order_by("pk").iterator(chunk_size=CHUNK):
        run = one.run
        yield {
            "run": str(run.pk),
            "employer": run.employer.name,
            "month": run.month,
            "team": run.team,
            "action": one.get_action_display(),
            "at": moment(one.at),
            "by": one.actor_name,
            "note": one.note,
        }


def answers(
    agreed: QuerySet[Confirmation],
    contested: QuerySet[Objection],
    words: QuerySet[WorkerWord],
    people: People,
) -> Iterator[dict[str, Any]]:
    """Yes and no to the lines of runs, then what was said from the own phone to promises and days."""
    with_line = ("line__worker", "line__run__project", "photo")
    for yes in agreed.select_related(*with_line).order_by("pk").iterator(chunk_size=CHUNK):
        yield _to_line(yes, people) | {"answer": _YES}
    for no in contested.select_related(*with_line).order_by("pk").iterator(chunk_size=CHUNK):
        yield _to_line(no, people) | {"answer": _NO, "day": day(no.day), "says": no.says} | _reply(no)
    for word in (
        words.select_related("worker", "project", "promise").order_by("pk").iterator(chunk_size=CHUNK)
    ):
        yield {
            **who(people, word.worker.id_hash, word.worker.name),
            "project": word.project.name,
            "month": word.promise.month if word.promise else f"{word.day:%Y-%m}",
            "day": day(word.day),
            "answer": _YES if word.state == WorkerWord.State.SAID else _NO,
            "net": yuan(word.net_fen),
            "says": word.says,
            "channel": "本人手机",
            "at": moment(word.at),
            **_reply(word),
        }


def _to_line(one: Confirmation | Objection, people: People) -> dict[str, Any]:
    line = one.line
    return {
        **who(people, line.worker.id_hash, line.worker.name),
        "project": line.run.project.name,
        "month": line.run.month,
        "net": yuan(one.net_fen),
        "channel": one.get_channel_display(),
        "at": moment(one.at),
        "by": one.actor_name,
        "photo": one.photo.sha256 if one.photo else "",
    }


def _reply(one: Objection | WorkerWord) -> dict[str, str]:
    return {
        "reply": one.answer,
        "replied": moment(one.answered_at),
        "replied_by": one.answered_by_name,
    }


def ordered(found: QuerySet[PayOrderLine], people: People) -> Iterator[dict[str, Any]]:
    """Each payee of each order to a bank, those that came back and were paid again as well."""
    behind = ("order__run__project", "run_line__worker")
    for one in found.select_related(*behind).order_by("pk").iterator(chunk_size=CHUNK):
        run = one.order.run
        promise = one.run_line.payroll_line_id
        yield {
            **who(people, one.run_line.worker.id_hash, one.run_line.worker.name),
            "project": run.project.name,
            "month": run.month,
            "order": one.order.reference,
            "reference": one.reference,
            "amount": yuan(one.amount_fen),
            "state": one.get_state_display(),
            "reason": one.reason,
            "paid": day(one.paid_on),
            "bank_reference": one.bank_reference,
            "sent": moment(one.order.sent_at),
            "answered": moment(one.result_at),
            "line": f"payroll_line:{promise}" if promise else "",
        }
