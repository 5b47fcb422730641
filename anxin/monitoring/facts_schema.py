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
MOMENT = pa.timestamp("s")  # local time of the place, without a zone: what the clock at the gate showed
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
        _optional("owner_id", ID),  # employer ids
        _optional("contractor_id", ID),
        _optional("contract_on", DAY),  # signing of the construction contract
        _optional("planned_completion", DAY),
        _optional("government", pa.bool_()),
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
        _optional("employer_id", ID),
        _optional("team", TEXT),
        _optional("trade", TEXT),
        _optional("contract_on", DAY),  # labour contract signed; null: none known
        _optional("card", TEXT),  # keyed hash of the wage card on the roster
        _optional("phone", TEXT),  # keyed hash
        _optional("payee_key", TEXT),  # worker_key of whom the worker has authorised to receive (代收)
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
        _optional("card", TEXT),  # keyed hash of the card the line is to be paid to
        _optional("trade", TEXT),
        _optional("position", pa.int64()),  # place of the line in the list, from 1
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
SPECIAL_ACCOUNTS = pa.schema(
    [
        _required("project_id", ID),
        _required("opened_on", DAY),
        _optional("filed_on", DAY),  # 备案
        _optional("closed_on", DAY),
        _optional("closing_noticed_on", DAY),  # public notice before the closing
    ]
)

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

#: balance of the special account at the end of a day, one row a day with bookings
ACCOUNT_BALANCES = pa.schema(
    [_required("project_id", ID), _required("on", DAY), _required("balance_fen", FEN)]
)

#: looks at the rights notice board of a site
BOARD_CHECKS = pa.schema(
    [
        _required("check_id", ID),
        _required("project_id", ID),
        _required("checked_on", DAY),
        _required("standing", pa.bool_()),  # false: there is no board
        _required("missing_items", pa.int64()),  # of the twelve
        _optional("fix_by", DAY),  # last day set for putting it right
        _optional("fixed_on", DAY),
    ]
)

#: what leavers said about their settlement; a leaver without a row has said nothing
SETTLEMENTS = pa.schema(
    [
        _required("project_id", ID),
        _required("worker_key", TEXT),
        _required("left_on", DAY),
        _optional("confirmed_on", DAY),  # the worker says: settled
        _optional("contested_on", DAY),  # the worker says: still owed
        _required("handling", pa.bool_()),  # the contested claim is being handled
    ]
)

#: complaints, reports and leads about unpaid wages
CLUES = pa.schema(
    [
        _required("clue_id", ID),
        _required("received_on", DAY),
        _optional("project_id", ID),
        _optional("employer_id", ID),
        _required("region", TEXT),
        _required("channel", TEXT),
        _optional("worker_key", TEXT),  # who speaks, where known
        _optional("people", pa.int64()),
        _optional("amount_fen", FEN),
        _optional("months", pa.float64()),
        _required("extreme", pa.bool_()),  # threat to life, blocking, crowd
        _optional("closed_on", DAY),
        _optional("founded", pa.bool_()),  # result of the look into it
    ]
)

#: orders to pay (责令支付) with their last day
PAYMENT_ORDERS = pa.schema(
    [
        _required("order_id", ID),
        _optional("project_id", ID),
        _optional("employer_id", ID),
        _required("region", TEXT),
        _required("served_on", DAY),
        _required("due_on", DAY),
        _optional("people", pa.int64()),
        _optional("amount_fen", FEN),
        _optional("months", pa.float64()),  # longest arrears of one worker
        _optional("paid_on", DAY),
    ]
)

#: warnings that wait for somebody's answer
WARNING_TASKS = pa.schema(
    [
        _required("warning_id", ID),
        _optional("project_id", ID),
        _optional("employer_id", ID),
        _required("rule", TEXT),
        _required("level", pa.int64()),
        _required("opened_on", DAY),
        _optional("assigned_on", DAY),
        _optional("answered_on", DAY),  # last sign of work: acknowledged, noted, attached
    ]
)

#: wage cards; ``series`` and ``serial`` tell numbers in a row apart without the number itself
CARDS = pa.schema(
    [
        _required("card", TEXT),
        _required("worker_key", TEXT),
        _optional("opened_on", DAY),
        _optional("branch", TEXT),
        _optional("series", TEXT),  # keyed hash of the number without its last five digits
        _optional("serial", pa.int64()),  # the four digits before the check digit
    ]
)

#: stands for the device where punches came by file: a sheet of one team is no gate, and its times are often rounded
FILE_DEVICE = "file"
#: punches of gates, one row per project, worker, day and device
PUNCH_DAYS = pa.schema(
    [
        _required("project_id", ID),
        _required("worker_key", TEXT),
        _required("day", DAY),
        _required("device", TEXT),
        _required("first_at", MOMENT),
        _required("last_at", MOMENT),
        _required("punches", pa.int64()),
        _optional(
            "face", TEXT
        ),  # hash of the picture's features; null on all rows of a device: it sends none
        _required("backfilled", pa.bool_()),
    ]
)

#: money that left wage cards, where banks give it
CARD_FLOWS = pa.schema(
    [
        _required("card", TEXT),
        _required("at", MOMENT),
        _required("amount_fen", FEN),
        _required("to_account", TEXT),  # keyed hash
    ]
)

#: spans in which a site stood still; the last day is included
STANDSTILLS = pa.schema(
    [
        _required("project_id", ID),
        _required("from_day", DAY),
        _optional("until_day", DAY),  # null: still standing
        _required("cause", TEXT),
    ]
)

#: weather and power by site and day
SITE_DAYS = pa.schema(
    [
        _required("project_id", ID),
        _required("day", DAY),
        _optional("rain_mm", pa.float64()),
        _optional("power_kwh", pa.float64()),
    ]
)

#: registered persons of a business and the relatives it declared
OFFICERS = pa.schema([_required("employer_id", ID), _required("worker_key", TEXT), _required("office", TEXT)])

#: every business of the region
EMPLOYERS = pa.schema(
    [
        _required("employer_id", ID),
        _required("region", TEXT),
        _optional("industry", TEXT),
        _optional("founded_on", DAY),
        _optional("status", TEXT),  # normal, abnormal, revoked, deregistered
        _optional("status_on", DAY),
    ]
)

#: what other bodies report month by month; null is unknown, never zero
EMPLOYER_MONTHS = pa.schema(
    [
        _required("employer_id", ID),
        _required("month", MONTH),
        _optional("insured", pa.int64()),
        _optional("hires", pa.int64()),
        _optional("leavers", pa.int64()),
        _optional("insurance_due_fen", FEN),
        _optional("insurance_arrears_months", pa.int64()),
        _optional("insurance_arrears_fen", FEN),
        _optional("unemployment_claims", pa.int64()),
        _optional("water_m3", pa.float64()),
        _optional("power_kwh", pa.float64()),
    ]
)

#: single happenings: arbitration, inspection, enforcement, abnormal_registration, dishonesty, tax_arrears
EMPLOYER_EVENTS = pa.schema(
    [
        _required("event_id", ID),
        _required("employer_id", ID),
        _required("kind", TEXT),
        _required("on", DAY),
        _optional("until", DAY),
        _optional("people", pa.int64()),
        _optional("amount_fen", FEN),
    ]
)

#: businesses with a common owner or legal representative; stands once, in either direction
EMPLOYER_LINKS = pa.schema(
    [
        _required("employer_id", ID),
        _required("other_id", ID),
        _required("kind", TEXT),
        _optional("since", DAY),
        _optional("until", DAY),
    ]
)

#: months for which a source (social, unemployment, water, power) was delivered for a region
SOURCE_MONTHS = pa.schema([_required("source", TEXT), _required("region", TEXT), _required("month", MONTH)])

#: sites known from permits, bids or inspection
KNOWN_SITES = pa.schema(
    [
        _required("site_id", ID),
        _required("region", TEXT),
        _required("source", TEXT),  # permit, bid, inspection
        _required("number", TEXT),
        _required("name", TEXT),
        _required("on", DAY),
        _optional("contract_fen", FEN),
        _optional("project_id", ID),  # the registered project it was matched to
    ]
)

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
    "account_balances": ACCOUNT_BALANCES,
    "board_checks": BOARD_CHECKS,
    "settlements": SETTLEMENTS,
    "clues": CLUES,
    "payment_orders": PAYMENT_ORDERS,
    "warning_tasks": WARNING_TASKS,
    "cards": CARDS,
    "punch_days": PUNCH_DAYS,
    "card_flows": CARD_FLOWS,
    "standstills": STANDSTILLS,
    "site_days": SITE_DAYS,
    "officers": OFFICERS,
    "employers": EMPLOYERS,
    "employer_months": EMPLOYER_MONTHS,
    "employer_events": EMPLOYER_EVENTS,
    "employer_links": EMPLOYER_LINKS,
    "source_months": SOURCE_MONTHS,
    "known_sites": KNOWN_SITES,
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
