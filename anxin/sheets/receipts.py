"""Checks of bank receipts: amounts, states, and the same transfer twice."""

from __future__ import annotations

import datetime as dt
import re

from anxin.kernel.money import sentence_yuan
from anxin.kernel.months import Month
from anxin.sheets.dates import DateError, parse_date
from anxin.sheets.table import Table
from anxin.sheets.tabular import Collector
from anxin.sheets.wagemonth import unanimous, wage_month

_PRINTED_DAY = re.compile(r"20\d{2}[年./\-]\d{1,2}[月./\-]\d{1,2}日?|(?<!\d)20\d{6}(?!\d)")


def wage_month_of(table: Table, filename: str) -> Month | None:
    """The month whose wages a result file pays, from its titles and names, else from its memo column."""
    titles = table.sheet.rows[: table.header.first]
    texts = [cell for row in titles for cell in row if isinstance(cell, str)]
    texts += ["".join(cell for cell in row if isinstance(cell, str)) for row in titles]
    days = [day for day in table.values.get("paid_on", ()) if day] or _days_of_titles(texts)
    named = wage_month([*texts, table.sheet.name, filename], days)
    return named or wage_month(unanimous(table.cells.get("remark", ())), days)


def _days_of_titles(texts: list[str]) -> list[dt.date]:
    """Days that the lines above the header print; payment happened on one of them."""
    days = []
    for text in texts:
        for match in _PRINTED_DAY.finditer(text):
            try:
                day = parse_date(match[0])
            except DateError:
                continue
            days += [day] if day else []
    return days


def check(collector: Collector) -> None:
    """Amounts must be there and positive; the same reference twice is one transfer."""
    table = collector.table
    amounts = table.values["amount"]
    _amounts_of_failures(table)
    _amounts_of_reversals(table)
    outgoing_is_negative = _all_negative(collector)
    for index in list(collector.standing()):
        amount = amounts[index]
        if amount is None:
            collector.reject(index, "amount", "金额没有填写，请补填。")
        elif amount < 0 and not outgoing_is_negative:
            collector.reject(
                index, "amount", f"金额是负数（{sentence_yuan(amount)}），请核对是否为冲正或退款。"
            )
        elif amount < 0:
            amounts[index] = -amount
        elif amount == 0:
            collector.reject(index, "amount", "金额为0，没有发放，请核对。")
    _check_twice(collector)


def _amounts_of_failures(table: Table) -> None:
    """Of a failed transfer nothing arrived: banks print 0 there, and in another column what should have."""
    due, statuses = table.values.get("amount_due"), table.values.get("status")
    if due is None or statuses is None:
        return
    amounts = table.values["amount"]
    for index, status in enumerate(statuses):
        if status == "failed" and not amounts[index] and due[index]:
            amounts[index] = due[index]


def _amounts_of_reversals(table: Table) -> None:
    """What takes a payment back is written with or without a minus."""
    statuses, amounts = table.values.get("status"), table.values["amount"]
    for index, status in enumerate(statuses or ()):
        if status == "reversed" and amounts[index]:
            amounts[index] = abs(amounts[index])


def _all_negative(collector: Collector) -> bool:
    """Some banks print money going out as negative throughout."""
    amounts = [collector.table.values["amount"][i] for i in collector.outcome.data]
    known = [a for a in amounts if a]
    return len(known) > 1 and sum(1 for i in known if i < 0) * 2 > len(known)


def _check_twice(collector: Collector) -> None:
    """The same reference again, to the same payee with the same amount, rejects the later row.

    A reference that repeats with different payees belongs to the whole batch and says nothing. Without
    references, the same payee, amount and day again only warns.
    """
    values = collector.table.values
    seen: dict[tuple[object, ...], int] = {}
    references = values.get("reference")
    for index in list(collector.standing()):
        payee = tuple(values[n][index] if n in values else None for n in ("name", "bank_card", "amount"))
        reference = references[index] if references else None
        day = values["paid_on"][index] if "paid_on" in values else None
        status = values["status"][index] if "status" in values else None
        key = (*payee, reference) if reference else (*payee, None, day, status)
        if key not in seen:
            seen[key] = index
            continue
        first = collector.table.number(seen[key])
        if reference:
            collector.reject(
                index, "reference", f"与第{first}行是同一笔（流水号、收款人和金额相同），属于重复。"
            )
        else:
            collector.warn(
                index, "amount", f"与第{first}行的收款人、账号和金额都相同，请确认不是重复的一笔。"
            )
