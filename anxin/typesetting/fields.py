"""Typed fields of a template: what may stand in them, and how it is written into a letter."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from anxin.kernel.days import day_words
from anxin.kernel.money import sentence_yuan
from anxin.kernel.numerals import capital_yuan
from anxin.typesetting.errors import Problem, TemplateFault

TYPES = ("text", "long_text", "money", "date", "number", "choice", "people", "table")
IN_TABLES = ("text", "money", "date", "number")
#: forms beside the plain one, by type
FORMS = {
    "money": ("", "capital", "figures"),
    "date": ("",),
    "number": ("",),
    "choice": ("",),
    "text": ("",),
    "long_text": ("",),
}
MOST = {"text": 200, "long_text": 20_000}
MOST_ROWS = 5_000
MOST_FEN = 10**15
_KNOWN = {
    "label",
    "type",
    "required",
    "help",
    "example",
    "options",
    "columns",
    "total",
    "width",
    "minus",
    "times",
    "unless",
}


@dataclass(frozen=True)
class Field:
    """One field. ``columns`` of people and tables are fields themselves; ``total``: the column is summed.

    ``minus`` names two other columns of which this one must be the difference; ``times`` another field and how many times
    its amount this one must be; ``unless`` another field without which this one must be filled.
    """

    name: str
    label: str
    type: str = "text"
    required: bool = True
    help: str = ""
    example: Any = None
    options: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[Field, ...] = ()
    total: bool = False
    width: int = 0
    minus: tuple[str, ...] = ()
    times: tuple[str, int] | None = None
    unless: str = ""

    def column(self, name: str) -> Field | None:
        return next((one for one in self.columns if one.name == name), None)


def read_field(name: str, entry: Any, where: str, *, in_table: bool = False) -> Field:
    """A field as a template's file writes it. Raises :class:`TemplateFault`."""
    where = f"{where}的字段 {name}"
    if not isinstance(entry, Mapping) or not set(entry) <= _KNOWN or not entry.get("label"):
        raise TemplateFault(f"{where}须写明 label，且只能用 {'、'.join(sorted(_KNOWN))}。")
    type_ = entry.get("type", "text")
    if type_ not in (IN_TABLES if in_table else TYPES):
        raise TemplateFault(f"{where}的类型“{type_}”不认识。")
    if (type_ == "choice") != bool(entry.get("options")) or (type_ in ("people", "table")) != bool(
        entry.get("columns")
    ):
        raise TemplateFault(f"{where}：choice 须有 options，people 和 table 须有 columns，其他类型都没有。")
    columns = tuple(
        read_field(key, value, where, in_table=True) for key, value in entry.get("columns", {}).items()
    )
    one = Field(
        name, str(entry["label"]), type_, bool(entry.get("required", True)), str(entry.get("help", "")), entry.get("example"),
        {str(key): str(words) for key, words in entry.get("options", {}).items()}, columns,
        bool(entry.get("total", False)), int(entry.get("width", 0)), tuple(entry.get("minus", ())),
        (str(entry["times"][0]), int(entry["times"][1])) if "times" in entry else None, str(entry.get("unless", "")),
    )  # fmt: skip
    for column in columns:
        if any((other := one.column(key)) is None or other.type != column.type for key in column.minus):
            raise TemplateFault(f"{where}的 {column.name} 的 minus 须是同类型的另两列。")
    return one


def check(one: Field, value: Any) -> tuple[Any, list[Problem]]:
    """The value as letters use it, and what is wrong with it. An empty value that may be empty is ``None``."""
    if isinstance(value, str):
        value = value.strip()
    if value is None or value == "" or (one.columns and isinstance(value, list | tuple) and not value):
        missing = Problem(one.name, f"请填写“{one.label}”{f'（{one.help}）' if one.help else ''}。")
        return None, [missing] if one.required else []
    if one.columns:
        return _check_rows(one, value)
    checked, wrong = _check_value(one, value)
    return checked, [Problem(one.name, wrong)] if wrong else []


def _check_value(one: Field, value: Any) -> tuple[Any, str]:
    """The value and an empty sentence, or what is wrong with it."""
    if one.type in MOST:
        return value, _wrong_text(one, value)
    if one.type == "money":
        good = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < MOST_FEN
        return value, "" if good else f"“{one.label}”须是以分为单位的整数金额，不小于0。"
    if one.type == "number":
        good = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 10**12
        return value, "" if good else f"“{one.label}”须是不小于0的数字。"
    if one.type == "date":
        return _check_date(one, value)
    good = isinstance(value, str) and value in one.options
    return value, "" if good else f"“{one.label}”须是下列之一：{'、'.join(one.options.values())}。"


def _wrong_text(one: Field, value: Any) -> str:
    if not isinstance(value, str):
        return f"“{one.label}”须是文字。"
    most = MOST[one.type]
    if len(value) > most:
        return f"“{one.label}”不能超过{most}个字，现在是{len(value)}个字，请删减。"
    allowed = "\n" if one.type == "long_text" else ""
    if any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") and sign not in allowed for sign in value):
        return f"“{one.label}”里有换行或不能显示的符号，请删去后重填。"
    return ""


def _check_date(one: Field, value: Any) -> tuple[Any, str]:
    if isinstance(value, str):
        try:
            value = dt.date.fromisoformat(value)
        except ValueError:
            return value, f"“{one.label}”须是日期，如2026-04-02。"
    good = isinstance(value, dt.date) and not isinstance(value, dt.datetime)
    return value, "" if good else f"“{one.label}”须是日期，如2026-04-02。"


def _check_rows(one: Field, value: Any) -> tuple[Any, list[Problem]]:
    if not isinstance(value, list | tuple) or not all(isinstance(row, Mapping) for row in value):
        return value, [
            Problem(one.name, f"“{one.label}”须是若干行，每行写明{'、'.join(c.label for c in one.columns)}。")
        ]
    if len(value) > MOST_ROWS:
        return value, [
            Problem(one.name, f"“{one.label}”一次不能超过{MOST_ROWS}行，现在是{len(value)}行，请分成几份。")
        ]
    rows, problems = [], []
    for number, row in enumerate(value, 1):
        checked, wrong = _check_row(one, row, number)
        rows.append(checked)
        problems += wrong
    return rows, problems


def _check_row(one: Field, row: Mapping[str, Any], number: int) -> tuple[dict[str, Any], list[Problem]]:
    checked, problems = {}, []
    where = f"“{one.label}”第{number}行"
    if strange := set(row) - {column.name for column in one.columns}:
        problems.append(
            Problem(
                f"{one.name}.{number}", f"{where}里有不认识的栏目：{'、'.join(sorted(map(str, strange)))}。"
            )
        )
    for column in one.columns:
        checked[column.name], wrong = check(column, row.get(column.name))
        problems += [
            Problem(f"{one.name}.{number}.{column.name}", f"{where}：{found.sentence}") for found in wrong
        ]
    for column in one.columns:
        if column.minus and not problems:
            first, second = (checked[key] or 0 for key in column.minus)
            if checked[column.name] != first - second:
                less, more = (found.label for key in column.minus if (found := one.column(key)))
                problems.append(
                    Problem(
                        f"{one.name}.{number}.{column.name}",
                        f"{where}：{column.label}不等于{less}减{more}，请核对。",
                    )
                )
    return checked, problems


def words(one: Field, value: Any, form: str = "") -> str:
    """A checked value in words. ``capital`` writes an amount in figures and capitals, ``figures`` without 元."""
    if value is None:
        return ""
    if one.type == "money":
        if form == "capital":
            return f"人民币{sentence_yuan(value)}（大写：{capital_yuan(value)}）"
        return f"{value // 100:,}.{value % 100:02d}" if form == "figures" else sentence_yuan(value)
    if one.type == "date":
        return day_words(value)
    if one.type == "choice":
        return one.options[value]
    if one.type == "people":
        return "、".join(str(row[one.columns[0].name]) for row in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def total(value: Any, column: Field) -> int | float:
    """The sum of a column over all rows; what is empty counts nothing."""
    return sum(row[column.name] or 0 for row in value or ())


def examples(fields: Mapping[str, Field]) -> Iterator[tuple[str, Any]]:
    """The example of every field, for previews and tests; optional fields without one are left out."""
    for name, one in fields.items():
        if one.example is not None:
            yield name, one.example
