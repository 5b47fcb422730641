"""Bank messages as rows: another way than a sheet to read what a kind of import takes.

``anxin.formats`` reads the message, ``anxin.sheets`` owns the shape in which rows are looked at, given back and
accepted; neither knows the other, so they meet here. A message becomes a :class:`MessageRecognition`: the same rows,
problems and source cells as a sheet's, with the messages themselves beside them. No database, no Django: a trial
run reads files without an installation.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from anxin import formats
from anxin.formats import (
    Direction,
    Format,
    FormatRefused,
    Outcome,
    PayOrder,
    PayResult,
    Reading,
    RowRefusal,
    Statement,
    StatementEntry,
)
from anxin.formats.codes import word_of
from anxin.kernel.money import yuan_string
from anxin.kernel.months import Month
from anxin.sheets import (
    SIGNALS,
    CellProblem,
    Recognition,
    SheetRefused,
    read_workbook,
    recognise,
    recognise_register,
)
from anxin.sheets.result import ParsedRow
from anxin.sheets.texts import column_letter
from anxin.sheets.workbook import Cell, Sheet, Workbook

#: kinds of import that a bank's message can fill
TAKES_MESSAGES = frozenset({"receipts"})
#: field → header, in the order of the columns in which a message is shown; ``raw`` is the record as it came
_COLUMNS = {
    "reference": "参考号",
    "name": "收款人姓名",
    "bank_card": "收款账号",
    "id_number": "身份证号",
    "amount": "金额",
    "paid_on": "到账日期",
    "status": "发放状态",
    "return_code": "退回代码",
    "reason": "失败原因",
    "wage_month": "工资月份",
    "project_code": "项目编码",
    "remark": "附言",
    "bank_reference": "银行流水号",
    "raw": "原文",
}
_LETTERS = {name: column_letter(index) for index, name in enumerate(_COLUMNS)}
_STATUS = {
    Outcome.PAID: "success",
    Outcome.RETURNED: "failed",
    Outcome.REVERSED: "failed",
    Outcome.PENDING: "pending",
}
_PENDING = "银行尚在处理，还没有结果；请在银行给出最终结果后重新导入。"
_SHOWN_STATUS = {"success": "成功", "failed": "失败", "reversed": "冲正", "pending": "处理中"}


@dataclass
class MessageRecognition(Recognition):
    """A bank message read as rows. ``reading`` has the messages, for who needs more than rows."""

    reading: Reading | None = field(default=None, repr=False)

    def as_json(self) -> dict[str, Any]:
        """What a sheet's says, and which format it was."""
        assert self.reading is not None
        return {**super().as_json(), "format": self.reading.format_key, "version": self.reading.version}


@dataclass(frozen=True)
class _Record:
    """One record of a message: values where it is a row, else why it is not."""

    line: int
    values: dict[str, Any]
    raw: str
    problem: tuple[str, str] | None = None
    skipped: str = ""


def recognise_bytes(
    kind: str,
    data: bytes,
    filename: str,
    *,
    month: Month | None = None,
    mapping: Mapping[str, Any] | None = None,
) -> Recognition:
    """A file as rows, whether it is a bank's message or a sheet. Raises ``SheetRefused`` with one sentence."""
    message = recognise_message(kind, data, filename, month=month, mapping=mapping)
    if message is not None:
        return message
    return recognise_workbook(read_workbook(data, filename), kind, month=month, mapping=mapping)


def recognise_workbook(
    workbook: Workbook, kind: str, *, month: Month | None = None, mapping: Mapping[str, Any] | None = None
) -> Recognition:
    """A workbook as rows, whether a clerk made it or a register. Raises ``SheetRefused`` with one sentence."""
    if kind in SIGNALS:
        return recognise_register(workbook, SIGNALS[kind], mapping=mapping)
    return recognise(workbook, kind, month=month, mapping=mapping)


def recognise_message(
    kind: str,
    data: bytes,
    filename: str,
    *,
    month: Month | None = None,
    mapping: Mapping[str, Any] | None = None,
) -> MessageRecognition | None:
    """The message as rows, ``None`` where the file is none. Raises ``SheetRefused`` for one that is not taken."""
    try:
        found = formats.detect(data, filename)
        if found is None:
            return None
        if kind not in TAKES_MESSAGES:
            raise SheetRefused(f"这是银行报文（{found.title}），只能作为银行回执导入，请改选种类。")
        if (mapping or {}).get("columns"):
            raise SheetRefused("银行报文的各列由格式规定，不需要指定；请去掉列对应关系。")
        return _recognition(kind, found, found.read(data), month)
    except FormatRefused as refusal:
        raise SheetRefused(str(refusal)) from refusal


def statements_of(recognition: Recognition) -> tuple[Statement, ...]:
    """Statements of accounts (not mere notifications of bookings), for who keeps accounts."""
    if not isinstance(recognition, MessageRecognition) or recognition.reading is None:
        return ()
    if not recognition.reading.version.startswith("camt.053"):
        return ()
    return tuple(one for one in recognition.reading.messages if isinstance(one, Statement))


# --- from a reading to rows ------------------------------------------------------------------------------


def _recognition(kind: str, found: Format, reading: Reading, month: Month | None) -> MessageRecognition:
    records, answers = _records(reading)
    # In a text file records are its lines below the control record; of a message the first is shown in row 2.
    shift = 0 if found.key == "wage_file" else 1
    rows, rejected, skipped = [], [], []
    for record in records:
        number = record.line + shift
        if record.problem:
            rejected.append(_problem(number, record))
        elif record.skipped:
            skipped.append((number, record.skipped))
        else:
            rows.append(ParsedRow(number, record.values))
    months = {row.values["wage_month"] for row in rows if row.values.get("wage_month")}
    period = month or (Month.parse(months.pop()) if len(months) == 1 else None)
    return MessageRecognition(
        kind=kind,
        sheet=found.title,
        header_rows=[1],
        period=period,
        columns=dict(_COLUMNS),
        column_letters=dict(_LETTERS),
        layout_key=hashlib.sha256(f"message|{found.key}".encode()).hexdigest()[:32],
        rows=rows,
        rejected=rejected,
        warnings=_month_warnings(rows, month),
        skipped=skipped,
        people=len({_person(row.values) for row in rows}),
        totals={
            "gross": None,
            "net": sum(row.values["amount"] for row in rows if row.values["status"] == "success"),
        },
        sheet_totals=None,
        rows_read=len(rows) + len(rejected),
        note="".join((f"按{found.title}（{_version(reading)}）读取。", *answers, *reading.notes)),
        all_columns={letter: _COLUMNS[name] for name, letter in _LETTERS.items()},
        unit="元",
        source=_source(found.title, records, shift),
        reading=reading,
    )


def _person(values: Mapping[str, Any]) -> object:
    """By the ID number, else by name and card: names alone repeat."""
    return values.get("id_number") or (values.get("name"), values.get("bank_card"))


def _version(reading: Reading) -> str:
    return f"第{reading.version}版" if reading.version.isdigit() else reading.version


def _month_warnings(rows: list[ParsedRow], month: Month | None) -> list[CellProblem]:
    """The clerk's month wins over the file's; where they differ somebody should look."""
    other = next((row for row in rows if row.values.get("wage_month") not in ("", None, str(month))), None)
    if month is None or other is None:
        return []
    said = Month.parse(other.values["wage_month"])
    sentence = f"报文写的是{said.chinese()}，导入时指定的是{month.chinese()}，已按{month.chinese()}处理，请确认没有选错文件。"
    return [CellProblem(other.number, _LETTERS["wage_month"], _COLUMNS["wage_month"], str(said), sentence)]


def _problem(number: int, record: _Record) -> CellProblem:
    assert record.problem is not None
    name, sentence = record.problem
    letter, header = _LETTERS.get(name, ""), _COLUMNS.get(name, "")
    where = f"第{record.line}笔" + (f"（{header}）" if header else "")
    return CellProblem(number, letter, header, "", f"{where}：{sentence}", name if header else "")


def _source(title: str, records: list[_Record], shift: int) -> Sheet:
    """The records as cells, at the rows by which problems name them."""
    last = max((record.line for record in records), default=1) + shift
    blank: list[Cell] = [""] * len(_COLUMNS)
    table: list[list[Cell]] = [list(_COLUMNS.values()), *(list(blank) for _ in range(last - 1))]
    for record in records:
        table[record.line + shift - 1] = [_cell(name, record) for name in _COLUMNS]
    return Sheet(title, table)


def _cell(name: str, record: _Record) -> Cell:
    if name == "raw":
        return record.raw
    value = record.values.get(name)
    if value is None:
        return ""
    if name == "amount":
        return yuan_string(value)
    if name == "status":
        return _SHOWN_STATUS[value]
    return word_of(value) if name == "return_code" and value else str(value)


def _records(reading: Reading) -> tuple[list[_Record], list[str]]:
    """Every record of every message in the order of the file, refused ones included; and what is said of whole orders."""
    records = [_refused(refusal) for refusal in reading.refusals if refusal.line]
    answers: list[str] = []
    for message in reading.messages:
        if isinstance(message, PayOrder):
            raise SheetRefused("这是代发文件（付款指令），不是银行的结果；请导入银行返回的回执文件。")
        if isinstance(message, Statement):
            undone = _undone(message)
            records += [_of_entry(entry, message, undone.get(entry.line, 0)) for entry in message.entries]
        else:
            records += [_of_result(line) for line in message.lines]
            if message.whole is not None:
                answers.append(message.whole.sentence)
    if not records and not answers and not any(isinstance(one, Statement) for one in reading.messages):
        raise SheetRefused("报文里没有一笔记录，请核对是否导出成功。")
    said = [f"银行对整批的答复：{answer}。" for answer in answers]
    if answers and not records:
        said.append("报文没有逐笔结果，没有可以入账的行；请在银行给出逐笔结果后导入。")
    return sorted(records, key=lambda record: record.line), said


def _refused(refusal: RowRefusal) -> _Record:
    names = {"card": "bank_card", "code": "return_code", "outcome": "status"}
    return _Record(
        refusal.line, {}, refusal.raw, problem=(names.get(refusal.field, refusal.field), refusal.sentence)
    )


def _of_result(line: PayResult) -> _Record:
    values: dict[str, Any] = {
        "name": line.name or None,
        "bank_card": line.card or None,
        "id_number": line.id_number or None,
        "amount": line.amount_fen,
        "paid_on": line.paid_on,
        "status": _STATUS[line.outcome],
        "return_code": line.code,
        "reason": _reason(line.outcome == Outcome.REVERSED, line.code, line.reason),
        "reference": line.reference or line.bank_reference,
        "bank_reference": line.bank_reference,
        "wage_month": line.month,
        "project_code": line.project_code,
    }
    problem = None
    if not line.name and not line.card:
        sentence = "报文没有带原来的收款人和账号，认不出是谁；请银行在回执里带上原交易的收款人、账号和金额。"
        problem = ("name", sentence)
    elif not line.amount_fen:
        problem = ("amount", "报文没有带原来的金额；请银行在回执里带上原交易的收款人、账号和金额。")
    elif line.outcome == Outcome.PENDING:
        problem = ("status", _PENDING)
    return _Record(line.line, values, line.raw, problem)


def _came_back(entry: StatementEntry) -> bool:
    return entry.returned or (entry.reversal and entry.direction == Direction.IN)


def _undone(statement: Statement) -> dict[int, int]:
    """Payments of this statement that came back within it: line → line of what came back.

    One that came back is not paid, though both bookings stand there; one that was sent again afterwards is.
    """
    sent: dict[tuple[str, int], list[StatementEntry]] = {}
    undone: dict[int, int] = {}
    for entry in sorted(statement.entries, key=lambda one: (one.booked_on, one.line)):
        key = entry.payer_reference, entry.amount_fen
        if not entry.payer_reference or entry.pending:
            continue
        if _came_back(entry):
            if sent.get(key):
                undone[sent[key].pop(0).line] = entry.line
        elif entry.direction == Direction.OUT and not entry.reversal:
            sent.setdefault(key, []).append(entry)
    return undone


def _of_entry(entry: StatementEntry, statement: Statement, undone_by: int) -> _Record:
    came_back = _came_back(entry)
    status = "pending" if entry.pending else "failed" if came_back else "success"
    values: dict[str, Any] = {
        "name": entry.counterparty_name or None,
        "bank_card": entry.counterparty_account or None,
        "amount": entry.amount_fen,
        "paid_on": entry.booked_on,
        "status": status,
        "return_code": entry.code,
        "reason": _reason(entry.reversal, entry.code, entry.reason) if came_back else None,
        "reference": entry.payer_reference or entry.reference,
        "bank_reference": entry.reference,
        "remark": entry.purpose,
    }
    if entry.direction == Direction.IN and not came_back:
        return _Record(entry.line, values, entry.raw, skipped="收入，不是发放的工资")
    if statement.currency not in ("", "CNY"):
        return _Record(
            entry.line, values, entry.raw, ("amount", f"币种是{statement.currency}，只接收人民币。")
        )
    if entry.direction == Direction.OUT and entry.reversal:
        return _Record(entry.line, values, entry.raw, skipped="冲正一笔收入，不是发放的工资")
    if not entry.counterparty_name and not entry.counterparty_account:
        if entry.batch_size > 1:
            sentence = (
                f"这是{entry.batch_size}笔合并记账，报文没有列出每一笔；请导入带明细的 camt.054 或回执文件。"
            )
            return _Record(entry.line, values, entry.raw, ("name", sentence))
        return _Record(entry.line, values, entry.raw, skipped="没有收款人（手续费等），不是发放的工资")
    if undone_by:
        return _Record(entry.line, values, entry.raw, skipped=f"这笔款已在第{undone_by}笔退回或冲正")
    problem = ("status", _PENDING) if entry.pending else None
    return _Record(entry.line, values, entry.raw, problem)


def _reason(reversed_: bool, code: str, said: str) -> str | None:
    """Why the money is not there: the bank's words, else the word of its code."""
    words = said or (word_of(code) if code else "")
    if reversed_:
        return f"银行冲正：{words}" if words else "银行冲正"
    return words or None
