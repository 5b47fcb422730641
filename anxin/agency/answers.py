"""A bank's file of results, whatever its format: read, then given to the orders it speaks of."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction

from anxin.agency.models import PayOrder
from anxin.agency.results import Applied, apply_results, orders_by_reference, refuse_whole
from anxin.connections.queries_layouts import agreed_mapping
from anxin.evidence.journal import Actor
from anxin.formats import registry as formats
from anxin.formats.codes import code_of_words
from anxin.formats.messages import FormatRefused, Outcome, PayResult, PayResults
from anxin.kernel.refusal import Refused
from anxin.payroll.promising import OUR_REFERENCE
from anxin.sheets import SheetRefused, read_workbook, recognise

_OUTCOMES = {
    "success": Outcome.PAID,
    "failed": Outcome.RETURNED,
    "reversed": Outcome.REVERSED,
    "pending": Outcome.PENDING,
}


def apply_file(order: PayOrder, data: bytes, filename: str, *, actor: Actor, now: dt.datetime) -> Applied:
    """Take a file of results for one order: one of the bank formats, or a table. Raises :class:`Refused`.

    A file that speaks of other orders only is refused whole, so that a slip of the hand is seen.
    """
    answers = read_answers(data, filename)
    mine = [one for one in answers if one.order_reference in ("", order.reference)]
    if not mine:
        others = "、".join(sorted({one.order_reference for one in answers})[:3])
        raise Refused(f"这份文件是代发单{others}的结果，不是{order.reference}的，请选对代发单再上传。")
    with transaction.atomic():
        for answer in mine:
            if answer.whole is not None and answer.whole.outcome == Outcome.RETURNED and not answer.lines:
                return refuse_whole(order, answer.whole, actor=actor, now=now)
        rows = [line for answer in mine for line in answer.lines]
        if not rows:
            raise Refused("文件里没有逐笔的发放结果，请向银行索取逐笔结果。")
        return apply_results(order, rows, actor=actor, now=now, source=filename)


def apply_answers(
    rows: Sequence[PayResult], *, actor: Actor, now: dt.datetime, source: str, receipts: bool = True
) -> list[Applied]:
    """Give rows to whatever orders their references belong to; rows of nobody's reference are left alone."""
    orders = orders_by_reference(row.reference for row in rows if row.reference)
    by_order: dict[int, list[PayResult]] = defaultdict(list)
    for row in rows:
        if row.reference in orders:
            by_order[orders[row.reference].pk].append(row)
    known = {order.pk: order for order in orders.values()}
    with transaction.atomic():
        return [
            apply_results(known[pk], own, actor=actor, now=now, source=source, receipts=receipts)
            for pk, own in sorted(by_order.items())
        ]


def read_answers(data: bytes, filename: str) -> list[PayResults]:
    """The answers a file holds. Raises :class:`Refused` with the reader's own sentence."""
    try:
        found = formats.detect(data, filename)
        if found is None:
            return [PayResults("", tuple(_rows_of_table(data, filename)))]
        reading = found.read(data)
    except (FormatRefused, SheetRefused) as refusal:
        raise Refused(str(refusal)) from None
    if reading.refusals:
        first = reading.refusals[0]
        raise Refused(
            f"文件第{first.line}行：{first.sentence}（共{len(reading.refusals)}行有误，整份没有登记）"
        )
    answers = [message for message in reading.messages if isinstance(message, PayResults)]
    if not answers:
        raise Refused(f"这是“{found.title}”，但里面没有发放结果，请核对是否选错了文件。")
    return answers


def _rows_of_table(data: bytes, filename: str) -> list[PayResult]:
    agreed = agreed_mapping("receipts", data, filename)
    recognition = recognise(read_workbook(data, filename), "receipts", mapping=agreed)
    if recognition.rejected:
        first = recognition.rejected[0]
        raise Refused(
            f"文件第{first.row}行：{first.reason}（共{len(recognition.rejected)}行有误，整份没有登记）"
        )
    rows = []
    for number, row in enumerate(recognition.rows, 1):
        values = row.values
        status, reason = values.get("status"), values.get("reason") or ""
        if status is None and "status" in recognition.columns:
            raise Refused(f"文件第{row.number}行没有写明发放成功还是失败，请补填状态后再上传。")
        reference = str(values.get("reference") or "")
        ours = OUR_REFERENCE.fullmatch(reference) is not None
        outcome = _OUTCOMES[status] if status else (Outcome.RETURNED if reason else Outcome.PAID)
        rows.append(
            PayResult(
                sequence=number,
                # A bank that prints its own number: then name, card and amount say which line it is.
                reference=reference if ours else "",
                bank_reference="" if ours else reference,
                name=values.get("name") or "",
                card=values.get("bank_card") or "",
                amount_fen=values.get("amount") or 0,
                paid_on=values.get("paid_on"),
                outcome=outcome,
                code=code_of_words(reason) if outcome == Outcome.RETURNED else "",
                reason=reason if outcome == Outcome.RETURNED else "",
                line=row.number,
            )
        )
    return rows
