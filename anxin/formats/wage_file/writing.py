"""Writing the 工资信息文件: what is written here is what the reader takes, or it is not written at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from anxin.formats.base import Format
from anxin.formats.messages import FormatRefused, Outcome, PayOrder, PayResults
from anxin.formats.wage_file import grammar
from anxin.formats.wage_file.grammar import CODES, ORDER, RESULTS
from anxin.formats.wage_file.reading import OUTCOMES, read
from anxin.kernel.money import yuan_string

_STATES = {outcome: state for state, outcome in OUTCOMES.items()}
_CODES = {entry.reason: code for code, entry in CODES.bank.items() if entry.reason}


def write_order(order: PayOrder) -> bytes:
    """Raises ``FormatRefused`` naming the first line that no bank could take."""
    details = [
        [
            "D",
            str(number),
            line.reference,
            line.name,
            line.card,
            line.id_number,
            yuan_string(line.amount_fen),
            line.bank_code,
            line.purpose,
        ]
        for number, line in enumerate(order.lines, 1)
    ]
    return _checked(_file(ORDER, order, Format.moment(order), details, order.total_fen, []))


def write_results(results: PayResults, order: PayOrder, *, created_at: dt.datetime | None = None) -> bytes:
    """The bank's answer to ``order``: each line with what became of it."""
    lines = sorted(results.lines, key=lambda line: line.sequence)
    details = [
        [
            "R",
            str(line.sequence),
            line.reference,
            line.name,
            line.card,
            line.id_number,
            yuan_string(line.amount_fen),
            line.paid_on.isoformat() if line.paid_on else "",
            _STATES[line.outcome],
            line.bank_code if line.bank_code in CODES.bank else _code(line.outcome, line.code),
            line.reason,
            line.bank_reference,
        ]
        for line in lines
    ]
    paid = [line.amount_fen for line in lines if line.outcome == Outcome.PAID]
    total = sum(line.amount_fen for line in lines)
    extra = [str(len(paid)), yuan_string(sum(paid))]
    return _checked(_file(RESULTS, order, created_at or Format.moment(order), details, total, extra))


def _code(outcome: Outcome, reason: str) -> str:
    if outcome == Outcome.PAID:
        return "00"
    return _CODES.get(reason, "99") if outcome == Outcome.RETURNED or reason else ""


def _file(
    kind: str,
    order: PayOrder,
    created_at: dt.datetime,
    details: Sequence[Sequence[str]],
    total_fen: int,
    extra: Sequence[str],
) -> bytes:
    control = [
        grammar.MARK,
        grammar.VERSION,
        kind,
        order.reference,
        order.project_code,
        order.month,
        order.payer_account,
        order.payer_name,
        created_at.isoformat(timespec="seconds"),
        str(len(details)),
        yuan_string(total_fen),
        *extra,
    ]
    for number, fields in enumerate([control, *details], 1):
        if any(map(grammar.has_forbidden, fields)):
            raise FormatRefused(
                "forbidden", "内容含有竖线“|”或换行，工资信息文件写不下，请更正姓名或用途。", f"第{number}行"
            )
    lines = [grammar.SEPARATOR.join(fields) for fields in details]
    text = grammar.SEPARATOR.join([*control, grammar.digest(control, lines)])
    return "".join(f"{line}\n" for line in [text, *lines]).encode()


def _checked(data: bytes) -> bytes:
    """Read what was written: a line that would come back is found before the bank finds it."""
    reading = read(data)
    if reading.refusals:
        refusal = reading.refusals[0]
        raise FormatRefused(refusal.code, refusal.sentence, f"第{refusal.line - 1}笔")
    return data
