"""Give each column of a header its field, by the words of the kind of sheet."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from anxin.sheets.headers import Header
from anxin.sheets.spec import FieldSpec, KindSpec, ValueType
from anxin.sheets.vocabulary.common import SERIAL_WORDS

#: a single amount under such a header is what people get, so it is the net pay
_GENERIC_AMOUNTS = frozenset(
    {"合计", "总计", "小计", "金额", "工资金额", "总金额", "合计金额", "总额", "工资合计", "总工资", "合计工资", "工资总额",
     "工资总计", "薪资合计", "工资小计", "工资总和", "本月工资", "工资"}
)  # fmt: skip
_TAKEN = ("social_insurance", "housing_fund", "tax", "advance", "other_deduction")
SUM_LEAVES = frozenset({"小计", "合计", "总计", "总额"})
#: one column for the bank and the number of the account
_BANK_AND_CARD = re.compile(
    r"(?:开户.{0,3}行|银行)(?:名称|全称)?[及和与、/,+&|].*[账帐卡]号?$|^银行[账帐卡]号(?:及|/)开户"
)


@dataclass
class Assignment:
    """Field → column. ``parts`` holds every column of the fields that may own several, main column included."""

    columns: dict[str, int]
    parts: dict[str, list[int]] = field(default_factory=dict)
    score: float = 0.0
    serial: int | None = None


def assign(header: Header, kind: KindSpec) -> Assignment:
    """The best field for each column: strongest words first, each field and each column once."""
    result = Assignment({})
    taken: set[int] = set()
    for strength, _, column, spec in _options(header, kind):
        if column in taken or (spec.name in result.columns and not spec.multiple):
            continue
        taken.add(column)
        if spec.name not in result.columns:
            result.columns[spec.name] = column
            result.score += spec.weight * strength / 100
        if spec.multiple:
            result.parts.setdefault(spec.name, []).append(column)
    for name, parts in result.parts.items():
        kept = without_detail(parts, header) or parts
        result.parts[name] = kept
        if result.columns[name] not in kept:
            result.columns[name] = kept[0]
    result.serial = next(
        (c for c, path in enumerate(header.paths) if path and path[-1] in SERIAL_WORDS), None
    )
    if kind.name == "payroll":
        _settle_payroll(result, header)
    card = result.columns.get("bank_card")
    if (
        card is not None
        and "bank_name" not in result.columns
        and _BANK_AND_CARD.search(header.paths[card][-1])
    ):
        result.columns["bank_name"] = card
    return result


def _options(header: Header, kind: KindSpec) -> list[tuple[float, int, int, FieldSpec]]:
    """(strength, order of the field, column, field), the strongest first."""
    options = []
    end = second_list(header)
    for column, path in enumerate(header.paths[:end]):
        if not path or column in header.days:
            continue
        for order, spec in enumerate(kind.fields):
            if header.days and spec.type is ValueType.DATE and kind.name == "attendance":
                continue  # the days are the columns; 时间 beside them says morning or afternoon
            strength = spec.strength(path)
            if strength > 0:
                options.append((strength, order, column, spec))
    return sorted(options, key=lambda option: (-option[0], option[1], option[2]))


def second_list(header: Header) -> int:
    """Where a second list begins beside the first (姓名 金额 | 姓名 金额); the table's width where none does."""
    paths = header.paths
    width = len(paths)
    first = next((c for c, path in enumerate(paths) if path), width)
    for start in range(first + 2, width):
        length = start - first
        if paths[start] != paths[first] or start + length > width + 1:
            continue
        block = paths[first:start]
        again = paths[start : start + length]
        if "姓名" in {path[-1] for path in block if path} and again == block[: len(again)]:
            return start
    return width


def _settle_deduction(result: Assignment, header: Header) -> None:
    """A 小计 of which all summands are taken off is their total, though its header does not say so."""
    if "deduction" in result.columns or "gross" not in result.columns:
        return
    taken = {c for name in _TAKEN for c in result.parts.get(name, ())}
    used = set(result.columns.values()) | {c for parts in result.parts.values() for c in parts}
    for column, path in enumerate(header.paths):
        if not path or path[-1] not in SUM_LEAVES or column in used:
            continue
        group = {
            c for c, p in enumerate(header.paths) if len(path) > 1 and p[:-1] == path[:-1] and c != column
        }
        if len(path) == 1:
            group = set(range(result.columns["gross"] + 1, column))
        if group and taken and (taken <= group and (len(path) > 1 or group <= taken)):
            result.columns["deduction"] = column
            return


def _settle_net(result: Assignment, header: Header) -> None:
    """应发工资, 社保, 合计金额: a bare amount to the right of what is taken off is what remains."""
    columns = result.columns
    gross = columns.get("gross")
    if "net" in columns or gross is None:
        return
    taken = [
        c
        for name in ("deduction", "advance", "social_insurance", "tax", "other_deduction", "housing_fund")
        for c in (result.parts.get(name) or ([columns[name]] if name in columns else []))
        if c > gross
    ]
    used = set(columns.values()) | {c for parts in result.parts.values() for c in parts}
    for column in range(max(taken, default=len(header.paths)) + 1, len(header.paths)):
        path = header.paths[column]
        if column not in used and len(path) == 1 and path[0] in _GENERIC_AMOUNTS:
            columns["net"] = column
            return


def _settle_payroll(result: Assignment, header: Header) -> None:
    columns = result.columns
    if "net" not in columns and "gross" in columns:
        leaf = header.paths[columns["gross"]][-1]
        if leaf in _GENERIC_AMOUNTS and len(header.paths[columns["gross"]]) == 1:
            columns["net"] = columns.pop("gross")
    _settle_deduction(result, header)
    _settle_net(result, header)
    trade = columns.get("trade")
    money = [
        columns[name] for name in ("base_pay", "overtime", "bonus", "allowance", "gross") if name in columns
    ]
    if (
        trade is not None
        and money
        and header.paths[trade][-1] in ("岗位", "职务", "职位")
        and trade > min(money)
        and trade < max(money)
    ):
        # “岗位” among amounts is post pay (岗位工资), not the person's post
        columns.pop("trade")
        columns.setdefault("allowance", trade)
        result.parts.setdefault("allowance", []).append(trade)


def without_detail(columns: list[int], header: Header) -> list[int]:
    """Leave out the columns whose own group has a subtotal among the columns of the header."""
    summed = {path[:-1] for path in header.paths if len(path) > 1 and path[-1] in SUM_LEAVES}
    return [
        column
        for column in columns
        if len(header.paths[column]) < 2
        or header.paths[column][-1] in SUM_LEAVES
        or not any(header.paths[column][: len(group)] == group for group in summed)
    ]
