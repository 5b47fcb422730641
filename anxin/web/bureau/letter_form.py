"""The form of a draft, made from the template's typed fields; what was typed comes back as it was, right or wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from anxin.kernel.money import MoneyError, parse_yuan, yuan_string
from anxin.letters import content
from anxin.letters.models import Letter, LetterHead
from anxin.typesetting.errors import Problem
from anxin.typesetting.fields import Field
from anxin.typesetting.templates import template

#: between the columns of a row; Excel puts a tab there
_BETWEEN = "|"


@dataclass(frozen=True)
class Shown:
    """One field as the page shows it. ``wrong``: sentences to be read beside it."""

    field: Field
    value: str
    wrong: tuple[str, ...]

    @property
    def id(self) -> str:
        return f"f-{self.field.name}"

    @property
    def is_rows(self) -> bool:
        return bool(self.field.columns)

    @property
    def head(self) -> str:
        """The columns in the order in which a row is typed."""
        return f" {_BETWEEN} ".join(one.label for one in self.field.columns)

    @property
    def options(self) -> list[tuple[str, str]]:
        return list(self.field.options.items())


def shown(
    letter: Letter, values: Mapping[str, Any], head: LetterHead | None, on: dt.date, *, tell: bool
) -> list[Shown]:
    """All fields in the order of the template; ``tell``: with what is wrong beside each."""
    wrong = by_field(letter, values, head, on) if tell else {}
    return shown_fields(content.asked(template(letter.kind)), values, wrong)


def shown_fields(
    fields: Iterable[Field], values: Mapping[str, Any], wrong: Mapping[str, Sequence[str]]
) -> list[Shown]:
    """These fields with what was typed, right or wrong."""
    return [Shown(one, _typed(one, values.get(one.name)), tuple(wrong.get(one.name, ()))) for one in fields]


def by_field(
    letter: Letter, values: Mapping[str, Any], head: LetterHead | None, on: dt.date
) -> dict[str, list[str]]:
    """Field → what is missing or wrong with it, in sentences."""
    return told(content.problems(letter.kind, values, head, on), template(letter.kind).fields, values)


def told(
    problems: Iterable[Problem], fields: Mapping[str, Field], values: Mapping[str, Any]
) -> dict[str, list[str]]:
    """These problems by field, in sentences."""
    found: dict[str, list[str]] = {}
    for problem in problems:
        name = problem.field.partition(".")[0]
        found.setdefault(name, []).append(_said(problem.sentence, fields.get(name), values.get(name)))
    return found


def read(letter: Letter, post: QueryDict) -> dict[str, Any]:
    """What was typed, as values of the fields; what cannot be read stays as it was typed."""
    return read_fields(content.asked(template(letter.kind)), post)


def read_fields(fields: Iterable[Field], post: QueryDict) -> dict[str, Any]:
    """The same for these fields."""
    return {one.name: _value(one, post.get(one.name, "").replace("\r\n", "\n").strip()) for one in fields}


def _said(sentence: str, field: Field | None, value: Any) -> str:
    """A sum that could not be read is told as people write sums, not in fen."""
    if field is not None and field.type == "money" and isinstance(value, str):
        return f"“{field.label}”的“{value[:20]}”不是金额，请填写如 1234.56。"
    if "以分为单位" in sentence:
        return sentence.replace("须是以分为单位的整数金额，不小于0", "不是金额，请填写如 1234.56")
    return sentence


def _value(field: Field, text: str) -> Any:
    if not text:
        return ""
    if field.columns:
        return [_row(field, line) for line in text.split("\n") if line.strip()]
    return _plain(field, text)


def _plain(field: Field, text: str) -> Any:
    if field.type == "money":
        try:
            return parse_yuan(text)
        except MoneyError:
            return text
    if field.type == "number":
        try:
            return int(text)
        except ValueError:
            return _decimal(text)
    return text


def _decimal(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


def _row(field: Field, line: str) -> dict[str, Any]:
    """One line; a column that is the difference of two others may be left out."""
    cells = [one.strip() for one in line.split("\t" if "\t" in line else _BETWEEN)]
    columns = list(field.columns)
    row: dict[str, Any] = {}
    for column, cell in zip(columns, cells, strict=False):
        row[column.name] = _plain(column, cell) if cell else ""
    if len(cells) > len(columns):  # too many: told, not dropped
        row[f"第{len(columns) + 1}栏"] = cells[len(columns)]
    for column in columns:
        parts = [row.get(name) for name in column.minus]
        if parts and row.get(column.name, "") == "" and all(isinstance(one, int) for one in parts):
            row[column.name] = parts[0] - parts[1]  # type: ignore[operator]
    return row


def _typed(field: Field, value: Any) -> str:
    """The value as somebody would type it."""
    if value is None or value == "":
        return ""
    if field.columns and isinstance(value, list):
        return "\n".join(_typed_row(field, row) for row in value)
    if field.type == "money" and isinstance(value, int):
        return yuan_string(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _typed_row(field: Field, row: Mapping[str, Any]) -> str:
    known = [_typed(column, row.get(column.name)) for column in field.columns]
    more = [str(value) for name, value in row.items() if field.column(name) is None]
    return f" {_BETWEEN} ".join([*known, *more])
