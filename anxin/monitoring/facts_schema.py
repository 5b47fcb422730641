"""The fact tables that rules read: the contract between the database and the rules.

Money is whole fen (``int64``); days are ``date32``; a wage month is text ``YYYY-MM``; people are opaque
text keys that rules compare and hand back but never interpret. Everything is as known at the evaluated
moment: superseded or later rows have been left out by whoever builds the tables. A table may be empty;
a table that is not given counts as empty.
"""

from __future__ import annotations

import pyarrow as pa

ID = pa.int64()
FEN = pa.int64()
DAY = pa.date32()
MONTH = pa.string()
TEXT = pa.string()


def _required(name: str, kind: pa.DataType) -> pa.Field:
    return pa.field(name, kind, nullable=False)


def _optional(name: str, kind: pa.DataType) -> pa.Field:
    return pa.field(name, kind, nullable=True)


#: one row per project under supervision
PROJECTS = pa.schema(
    [
        _required("project_id", ID),
        _required("region", TEXT),  # GB/T 2260 code, 6 digits or longer below the county
        _optional("industry", TEXT),
        _optional("commencement", DAY),
        _optional("completion", DAY),  # the day work was completed; null while in progress
        _optional("contract_fen", FEN),  # price of the construction contract
        _optional("permit_on", DAY),  # construction permit, or approval of the commencement report
        _optional("pay_day", pa.int64()),  # agreed day of month, 1-31; 31 means the last day
        _optional("pay_month_offset", pa.int64()),  # 0 in the wage month, 1 in the month after
        _required("state", TEXT),  # in_progress, suspended, completed
    ]
)

#: one row per project, worker and month in which the worker attended, already added up
ATTENDANCE = pa.schema(
    [
        _required("project_id", ID),
        _required("worker_key", TEXT),
        _required("month", MONTH),
        _required("days", pa.float64()),  # days worked; half a day is 0.5
        _optional("first_day", DAY),  # null where only a monthly total was delivered
        _optional("last_day", DAY),
    ]
)

#: months for which any attendance was delivered
ATTENDANCE_MONTHS = pa.schema([_required("project_id", ID), _required("month", MONTH)])

#: one row per enrolment on the real-name roster
ENROLMENTS = pa.schema(
    [
        _required("project_id", ID),
        _required("worker_key", TEXT),
        _optional("entry", DAY),
        _optional("exit", DAY),
        _required(
            "full_time", pa.bool_()
        ),  # false: paid by the hour (非全日制), the monthly minimum does not apply
    ]
)

#: one row per payroll line
PAYROLL_LINES = pa.schema(
    [
        _required("line_id", ID),
        _required("project_id", ID),
        _optional("worker_key", TEXT),  # null where the line could not be tied to a worker
        _required("name_key", TEXT),  # the person within the month: tells lines without a worker apart
        _required("month", MONTH),
        _required("gross_fen", FEN),
        _optional("deduction_fen", FEN),
        _required("net_fen", FEN),  # what was promised to arrive
        _optional("days_worked", pa.float64()),  # as the payroll itself says
    ]
)

#: months for which a payroll was delivered
PAYROLL_MONTHS = pa.schema([_required("project_id", ID), _required("month", MONTH)])

#: what has arrived for each payroll line: matched, successful receipts up to the evaluated day
PAYMENTS = pa.schema([_required("line_id", ID), _required("paid_fen", FEN), _optional("last_paid_on", DAY)])

#: months for which any bank receipt was delivered
RECEIPT_MONTHS = pa.schema([_required("project_id", ID), _required("month", MONTH)])

#: what owner and general contractor agreed about labour cost
LABOUR_COST_TERMS = pa.schema(
    [
        _required("project_id", ID),
        _required("cycle_months", pa.int64()),
        _required("due_day", pa.int64()),  # day of the period's month by which it must have arrived, 1-31
        _optional("monthly_fen", FEN),  # per period; null where only a share or nothing was agreed
        _required("first_month", MONTH),  # first month in which a disbursement falls due
    ]
)

#: labour cost that reached the special account
DISBURSEMENTS = pa.schema(
    [
        _required("disbursement_id", ID),
        _required("project_id", ID),
        _required("month", MONTH),  # the period it is for
        _optional("due_fen", FEN),  # what was due for the period, where the file says so
        _required("paid_fen", FEN),
        _required("paid_on", DAY),
    ]
)

#: wage deposits: cash, guarantee (bank), insurance, guarantor
WAGE_DEPOSITS = pa.schema(
    [
        _required("deposit_id", ID),
        _required("project_id", ID),
        _required("kind", TEXT),
        _required("amount_fen", FEN),
        _required("valid_from", DAY),
        _optional("valid_until", DAY),  # last day of validity; null: until released
        _optional("released_on", DAY),
    ]
)

#: special accounts for wages
SPECIAL_ACCOUNTS = pa.schema([_required("project_id", ID), _required("opened_on", DAY)])

#: money that left a special account, with what became of it (see ``anxin.funds.outflows``)
ACCOUNT_OUTFLOWS = pa.schema(
    [
        _required("entry_id", ID),
        _required("project_id", ID),
        _required("booked_on", DAY),
        _required("amount_fen", FEN),
        _required("fate", TEXT),
    ]
)

#: money taken from a wage deposit, and what of it has not been made good
DEPOSIT_USES = pa.schema(
    [
        _required("use_id", ID),
        _required("project_id", ID),
        _required("used_on", DAY),
        _required("used_fen", FEN),
        _required("open_fen", FEN),
    ]
)

#: what a project was found to owe as a wage deposit; 0 where it is exempt
DEPOSIT_ASSESSMENTS = pa.schema([_required("project_id", ID), _required("assessed_fen", FEN)])

#: table name → schema
SCHEMAS: dict[str, pa.Schema] = {
    "projects": PROJECTS,
    "attendance": ATTENDANCE,
    "attendance_months": ATTENDANCE_MONTHS,
    "enrolments": ENROLMENTS,
    "payroll_lines": PAYROLL_LINES,
    "payroll_months": PAYROLL_MONTHS,
    "payments": PAYMENTS,
    "receipt_months": RECEIPT_MONTHS,
    "labour_cost_terms": LABOUR_COST_TERMS,
    "disbursements": DISBURSEMENTS,
    "wage_deposits": WAGE_DEPOSITS,
    "special_accounts": SPECIAL_ACCOUNTS,
    "account_outflows": ACCOUNT_OUTFLOWS,
    "deposit_uses": DEPOSIT_USES,
    "deposit_assessments": DEPOSIT_ASSESSMENTS,
}


class FactsError(ValueError):
    """A fact table does not have the agreed shape; the message says which table and column."""


def conform(name: str, table: pa.Table) -> pa.Table:
    """The table with exactly the agreed columns, order and types.

    Raises :class:`FactsError` for an unknown table, a missing column, a type that does not convert or a
    null where none may be.
    """
    schema = SCHEMAS.get(name)
    if schema is None:
        raise FactsError(f"事实表“{name}”不在约定之内，可用的是：{'、'.join(SCHEMAS)}。")
    absent = [field.name for field in schema if field.name not in table.column_names]
    if absent:
        raise FactsError(f"事实表“{name}”缺少列：{'、'.join(absent)}。")
    for field in schema:
        if not field.nullable and table.column(field.name).null_count:
            raise FactsError(f"事实表“{name}”的“{field.name}”列不能有空值。")
    try:
        return table.select(schema.names).cast(schema)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, ValueError) as problem:
        raise FactsError(f"事实表“{name}”的列类型与约定不符：{problem}") from problem


def empty(name: str) -> pa.Table:
    """An empty table of the agreed shape."""
    return SCHEMAS[name].empty_table()
