"""Reading a 工资信息文件 strictly: the file as a whole first, then line by line."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from anxin.formats.messages import (
    Message,
    Outcome,
    PayOrder,
    PayOrderLine,
    PayResult,
    PayResults,
    Reading,
    RowRefusal,
)
from anxin.formats.wage_file import grammar
from anxin.formats.wage_file.grammar import CODES, ORDER, RESULTS
from anxin.kernel.identifiers import id_number_problem
from anxin.kernel.money import yuan_string
from anxin.kernel.months import Month

OUTCOMES = {"S": Outcome.PAID, "F": Outcome.RETURNED, "V": Outcome.REVERSED, "P": Outcome.PENDING}


@dataclass(frozen=True)
class _File:
    """A file whose control record, order, digest and totals agree."""

    kind: str
    control: list[str]
    details: list[list[str]]
    lines: list[str]
    notes: tuple[str, ...]


def read(data: bytes) -> Reading:
    """Raises ``FormatRefused`` with a code A01 to A10; lines that are refused alone are in ``refusals``."""
    file = _whole(data)
    refusals: list[RowRefusal] = []
    seen: dict[str, int] = {}
    message: Message
    if file.kind == ORDER:
        orders = [_order_line(file, index, seen, refusals) for index in range(len(file.details))]
        message = PayOrder(
            reference=file.control[3],
            project_code=file.control[4],
            month=file.control[5],
            payer_account=file.control[6],
            payer_name=file.control[7],
            created_at=_moment(file.control[8]),
            lines=tuple(line for line in orders if line),
        )
    else:
        results = [_result(file, index, seen, refusals) for index in range(len(file.details))]
        message = PayResults(file.control[3], tuple(line for line in results if line))
    return Reading("wage_file", grammar.VERSION, (message,), tuple(refusals), file.notes)


# --- the whole -------------------------------------------------------------------------------------------


def _whole(data: bytes) -> _File:
    limits = CODES.limits
    if len(data) > limits["bytes"]:
        raise CODES.refused("A09", lines=limits["lines"], megabytes=limits["bytes"] >> 20)
    text, notes = _text(data)
    lines = text.split("\n")
    if lines[-1] != "":
        raise CODES.refused("A08", f"第{len(lines)}行", what="没有以换行结束")
    lines = [line.removesuffix("\r") for line in lines[:-1]]
    if len(lines) > limits["lines"] + 1:
        raise CODES.refused("A09", lines=limits["lines"], megabytes=limits["bytes"] >> 20)
    control = _control(lines[0] if lines else "")
    details = _details(control[2], lines[1:], int(control[9]))
    if grammar.digest(control[:-1], lines[1:]) != control[-1]:
        raise CODES.refused("A06")
    _check_totals(control, details)
    return _File(control[2], control, details, lines[1:], notes)


def _text(data: bytes) -> tuple[str, tuple[str, ...]]:
    """UTF-8, with or without its mark. GB 18030 is read with a note: the digest, which is over UTF-8, proves it."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:64]:
        raise CODES.refused("A01", found="像是 UTF-16")
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("gb18030"), ("文件是 GBK 编码，已按摘要核对内容无误；请改用 UTF-8。",)
    except UnicodeDecodeError:
        raise CODES.refused("A01", found="既不是 UTF-8 也不是 GBK，或文件已损坏") from None


def _control(line: str) -> list[str]:
    fields = line.split(grammar.SEPARATOR)
    if fields[0] != grammar.MARK or len(fields) < 3:
        raise CODES.refused("A03", "第1行", what=f"应以 {grammar.MARK} 开头")
    if fields[1] != grammar.VERSION:
        raise CODES.refused("A02", "第1行", version=fields[1][:10])
    expected = grammar.CONTROL_FIELDS.get(fields[2])
    if expected is None:
        raise CODES.refused("A03", "第1行", what="种类应为 PAY（代发）或 RES（结果）")
    if len(fields) != expected:
        raise CODES.refused("A03", "第1行", what=f"应有{expected}个字段，现在有{len(fields)}个")
    problem = _control_problem(fields)
    if problem:
        raise CODES.refused("A03", "第1行", what=problem)
    return fields


def _control_problem(fields: list[str]) -> str:
    """What is wrong with a field of the control record, or nothing."""
    if any(grammar.has_forbidden(value) for value in fields):
        return "含有控制字符"
    if not 1 <= len(fields[3]) <= 35:
        return "批次号应为1至35个字符"
    try:
        month = Month.parse(fields[5])
        created = dt.datetime.fromisoformat(fields[8])
    except ValueError:
        return "月份应形如 2026-11，生成时间应形如 2026-11-21T10:30:00+08:00"
    if str(month) != fields[5]:
        return "月份应形如 2026-11"
    if created.tzinfo is None or created.isoformat(timespec="seconds") != fields[8]:
        return "生成时间应写到秒并带时区，形如 2026-11-21T10:30:00+08:00"
    for count, total in ((9, 10), (11, 12)) if fields[2] == RESULTS else ((9, 10),):
        if not (fields[count].isascii() and fields[count].isdigit() and len(fields[count]) <= 6):
            return "笔数应为数字"
        if grammar.fen_of(fields[total]) is None:
            return "金额应形如 12345.60"
    return ""


def _details(kind: str, lines: list[str], stated: int) -> list[list[str]]:
    """Fields of every detail line, in the order that their numbers prove."""
    if len(lines) != stated:
        raise CODES.refused("A04", stated=stated, found=len(lines))
    if not lines:
        raise CODES.refused("A10")
    details, before = [], 0
    for number, line in enumerate(lines, 2):
        where = f"第{number}行"
        fields = line.split(grammar.SEPARATOR)
        if fields[0] != grammar.DETAIL_MARK[kind] or len(fields) != grammar.DETAIL_FIELDS[kind]:
            what = f"应以 {grammar.DETAIL_MARK[kind]} 开头并有{grammar.DETAIL_FIELDS[kind]}个字段"
            raise CODES.refused("A08", where, what=what)
        if len(line) > CODES.limits["line_chars"] or any(map(grammar.has_forbidden, fields)):
            raise CODES.refused("A08", where, what="过长，或含有控制字符")
        sequence = int(fields[1]) if fields[1].isascii() and fields[1].isdigit() and len(fields[1]) < 7 else 0
        in_order = sequence == before + 1 if kind == ORDER else sequence > before
        if not in_order or str(sequence) != fields[1]:
            expected = f"是{before + 1}" if kind == ORDER else f"大于{before}"
            raise CODES.refused("A05", where, expected=expected, found=fields[1][:12])
        before = sequence
        details.append(fields)
    return details


def _check_totals(control: list[str], details: list[list[str]]) -> None:
    amounts = []
    for number, fields in enumerate(details, 2):
        fen = grammar.fen_of(fields[6])
        if fen is None:
            raise CODES.refused("A08", f"第{number}行", what="金额不是形如 12345.60 的数字")
        amounts.append(fen)
    _agree("总金额", control[10], sum(amounts))
    if control[2] == RESULTS:
        paid = [fen for fen, fields in zip(amounts, details, strict=True) if fields[8] == "S"]
        if int(control[11]) != len(paid):
            raise CODES.refused("A07", what="成功笔数", stated=control[11], found=len(paid))
        _agree("成功金额", control[12], sum(paid))


def _agree(what: str, stated: str, found: int) -> None:
    if grammar.fen_of(stated) != found:
        raise CODES.refused("A07", what=what, stated=f"{stated}元", found=f"{yuan_string(found)}元")


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


# --- line by line ----------------------------------------------------------------------------------------


def payee_problem(fields: list[str]) -> tuple[str, str, str] | None:
    """What is wrong with the payee of a line: (field, code, what)."""
    _, _, reference, name, card, id_number, amount, *_ = fields
    if not 1 <= len(reference) <= 35:
        return "reference", "B08", ""
    if not 1 <= len(name.strip()) <= 60:
        return "name", "B01", ""
    if not (card.isascii() and card.isdigit() and 6 <= len(card) <= 32):
        return "card", "B02", ""
    problem = id_number_problem(id_number) if id_number else None
    if problem:
        return "id_number", "B03", problem
    if not grammar.fen_of(amount):
        return "amount", "B04", ""
    return None


def _payee_refused(file: _File, index: int, seen: dict[str, int], refusals: list[RowRefusal]) -> bool:
    fields, number, raw = file.details[index], index + 2, file.lines[index]
    problem = payee_problem(fields)
    if problem:
        refusals.append(CODES.row(number, problem[0], problem[1], raw, what=problem[2]))
        return True
    first = seen.setdefault(fields[2], number)
    if first != number:
        refusals.append(CODES.row(number, "reference", "B05", raw, first=first))
        return True
    return False


def _order_line(
    file: _File, index: int, seen: dict[str, int], refusals: list[RowRefusal]
) -> PayOrderLine | None:
    if _payee_refused(file, index, seen, refusals):
        return None
    _, sequence, reference, name, card, id_number, amount, bank_code, purpose = file.details[index]
    fen = grammar.fen_of(amount) or 0
    return PayOrderLine(int(sequence), reference, name, card, id_number, fen, bank_code, purpose)


def _result(file: _File, index: int, seen: dict[str, int], refusals: list[RowRefusal]) -> PayResult | None:
    if _payee_refused(file, index, seen, refusals):
        return None
    number, raw = index + 2, file.lines[index]
    _, sequence, reference, name, card, id_number, amount, day, state, code, reason, bank_reference = (
        file.details[index]
    )
    outcome = OUTCOMES.get(state)
    if outcome is None:
        refusals.append(CODES.row(number, "outcome", "B09", raw, found=state[:10]))
        return None
    paid_on = _day(day)
    if (day or outcome in (Outcome.PAID, Outcome.REVERSED)) and paid_on is None:
        refusals.append(CODES.row(number, "paid_on", "B06", raw))
        return None
    meaning = CODES.bank_code(code)
    if (code and meaning is None) or (outcome == Outcome.RETURNED and (not code or code == "00")):
        refusals.append(CODES.row(number, "code", "B07", raw, found=code[:10]))
        return None
    return PayResult(
        sequence=int(sequence),
        reference=reference,
        name=name,
        card=card,
        id_number=id_number,
        amount_fen=grammar.fen_of(amount) or 0,
        paid_on=paid_on,
        outcome=outcome,
        code=meaning.reason if meaning else "",
        reason=reason,
        month=file.control[5],
        project_code=file.control[4],
        bank_reference=bank_reference,
        bank_code=code,
        line=number,
        raw=raw,
    )


def _day(text: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None
