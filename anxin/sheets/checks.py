"""Checks across the rows of a table. What makes a row useless rejects it; what a person should look at warns."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from anxin.kernel.identifiers import bank_card_problem, phone_problem
from anxin.kernel.money import sentence_yuan
from anxin.sheets.rows import RowKind
from anxin.sheets.spec import ValueType
from anxin.sheets.table import Table
from anxin.sheets.tabular import Collector
from anxin.sheets.texts import squeeze

#: headers that count work units (工日), of which one day can hold more than one
_WORK_UNITS = ("工日", "工数", "点工", "记工", "工天")


def check_duplicates(collector: Collector) -> None:
    """One person twice. The same ID number again rejects the later row, unless team, trade or employer differ:
    people do work for two teams in a month, so then both stand and the later is warned about. Without ID
    numbers two people may share a name, so a name again only warns."""
    table = collector.table
    ids, names = table.values.get("id_number"), table.values.get("name")
    seen: dict[object, int] = {}
    for index in list(collector.standing()):
        if index in table.group_start:
            continue
        by_id = ids is not None and ids[index] is not None
        key = ids[index] if ids is not None and by_id else _name_key(collector, index)
        if key is None:
            continue
        if key not in seen:
            seen[key] = index
            continue
        first = table.number(seen[key])
        if not by_id:
            if names is not None:
                collector.warn(index, "name", f"与第{first}行同名，请确认不是同一个人重复填写。")
        elif _differs(collector, seen[key], index):
            collector.warn(
                index, "id_number", f"与第{first}行是同一个人，班组、工种或单位不同，请确认不是重复填写。"
            )
        else:
            collector.reject(
                index, "id_number", f"与第{first}行是同一个人（身份证号相同），属于重复，请删去其中一行。"
            )


def _name_key(collector: Collector, index: int) -> object | None:
    """What tells people apart where there are no ID numbers: the name with whatever number stands beside it."""
    values = collector.table.values
    name = values["name"][index] if "name" in values else None
    number = values["employee_number"][index] if "employee_number" in values else None
    card = values["bank_card"][index] if "bank_card" in values else None
    phone = values["phone"][index] if "phone" in values else None
    if name is None:
        return number
    return (name, number, card, phone)


def _differs(collector: Collector, first: int, later: int) -> bool:
    values = collector.table.values
    return any(values[n][first] != values[n][later] for n in ("team", "trade", "employer") if n in values)


def check_cards(collector: Collector) -> None:
    """Card digits, and one card that several people are paid to."""
    table = collector.table
    cards = table.values.get("bank_card")
    if cards is None:
        return
    ids, names = table.values.get("id_number"), table.values.get("name")
    standing = [index for index in collector.standing() if cards[index] is not None]
    for index in standing:
        problem = bank_card_problem(cards[index])
        if problem:
            collector.warn(index, "bank_card", problem)
    if len({cards[index] for index in standing}) == len(standing):
        return  # the usual case, and no need to group 100,000 cards
    holders: dict[str, dict[object, list[int]]] = defaultdict(dict)
    for index in standing:
        person = (ids[index] if ids else None) or (names[index] if names else None)
        if person is not None:
            holders[cards[index]].setdefault(person, []).append(index)
    for people in holders.values():
        if len(people) > 1:
            rows = sorted(index for indices in people.values() for index in indices)
            listed = "、".join(str(table.number(index)) for index in rows[:6])
            for index in rows:
                collector.warn(
                    index,
                    "bank_card",
                    f"同一张银行卡登记在{len(people)}个人名下（第{listed}行），请核对卡号。",
                )


def check_phones(collector: Collector) -> None:
    phones = collector.table.values.get("phone")
    for index in collector.standing() if phones else ():
        if phones and phones[index] is not None and phone_problem(phones[index]):
            collector.warn(index, "phone", phone_problem(phones[index]) or "")


def check_days(collector: Collector) -> None:
    """More days than the month has cannot be days; work units (工日) can pass it and only warn."""
    table = collector.table
    days = table.values.get("days_worked")
    if days is None:
        return
    limit = table.period.days if table.period else 31
    month = table.period.chinese() if table.period else "一个月"
    units = any(word in squeeze(table.header_of("days_worked")) for word in _WORK_UNITS)
    for index in list(collector.standing()):
        value = days[index]
        if value is None:
            continue
        if value < 0:
            collector.reject(index, "days_worked", "出勤天数是负数，请核对。")
        elif value > limit and units:
            collector.warn(
                index, "days_worked", f"{value}个工日超过{month}的{limit}天，请确认其中包含加班折算。"
            )
        elif value > limit:
            collector.reject(index, "days_worked", f"出勤{value}天，超过{month}的{limit}天，请核对。")


def check_sheet_totals(collector: Collector) -> dict[str, int] | None:
    """Compare the sheet's own sum rows with the rows above. Returns the last total row's amounts in fen.

    Rejected rows count here: the sheet's total includes them. A total may mean everything above or only the
    rows since the total before (one per page), so either is right.
    """
    table, outcome = collector.table, collector.outcome
    stated: dict[str, int] | None = None
    names = [
        n
        for n in table.values
        if (table.kind.by_name[n].type is ValueType.MONEY and n != "wage") or n == "days_worked"
    ]
    section_start = 0
    for index, verdict in sorted(outcome.totals, key=lambda t: t[0]):
        above = [i for i in outcome.data if i < index]
        section = [i for i in above if i >= section_start]
        for name in names:
            values = table.values[name]
            if values[index] is None or not section:
                continue
            kept = [_arrived(table, rows) for rows in (above, section)] if name == "amount" else []
            sums = {
                sum((values[i] or 0 for i in rows), 0 * values[index]) for rows in (above, section, *kept)
            }
            if values[index] not in sums:
                label = "小计" if verdict.kind is RowKind.SUBTOTAL else "合计"
                computed = sum((values[i] or 0 for i in section), 0 * values[index])
                collector.warn(
                    index,
                    name,
                    f"表内{label}为{_shown(values[index])}，与上面各行之和{_shown(computed)}不符，请核对。",
                )
        section_start = index
        if verdict.kind is RowKind.TOTAL:
            stated = {
                n: table.values[n][index]
                for n in names
                if n != "days_worked" and table.values[n][index] is not None
            }
    return stated


def _arrived(table: Table, rows: list[int]) -> list[int]:
    """The rows of a bank's result that did not fail, which is what some banks add up."""
    statuses = table.values.get("status")
    return [i for i in rows if statuses[i] not in ("failed", "reversed")] if statuses else rows


def _shown(value: int | Decimal) -> str:
    return f"{value}" if isinstance(value, Decimal) else sentence_yuan(value)
