"""The exported file as plain values."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checker.calendar import Calendar

FORMAT = "anxin-findings/2"


class Unreadable(ValueError):
    """The file is not an export of warnings; the message says what is wrong."""


@dataclass(frozen=True)
class Row:
    """One row of evidence: the fixed columns and the details, under one roof."""

    values: Mapping[str, Any]
    as_of: dt.date
    calendar: Calendar
    #: month of the warning, empty for a standing condition
    month: str

    def __getitem__(self, name: str) -> Any:
        if name not in self.values:
            raise KeyError(f"证据行没有“{name}”")
        return self.values[name]

    def number(self, name: str) -> Any:
        """A number, 0 where there is none."""
        value = self[name]
        return 0 if value is None else value

    def day(self, name: str) -> dt.date | None:
        value = self[name]
        return None if value is None else dt.date.fromisoformat(value)

    def since(self, name: str) -> int | None:
        """Days from a day of the row to the evaluated day."""
        day = self.day(name)
        return None if day is None else (self.as_of - day).days


@dataclass(frozen=True)
class Claim:
    """One warning as it was given, with the rows and the table that it rests on."""

    values: Mapping[str, Any]
    rows: tuple[Row, ...]
    as_of: dt.date

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    @property
    def place(self) -> tuple[str, str, int]:
        return (self["rule"], self["subject"], self["subject_id"])

    @property
    def name(self) -> str:
        month = self["month"] or "—"
        return f"{self['rule']} {self['subject']}:{self['subject_id']} {month}"


def read(path: Path) -> Iterator[Claim]:
    """The warnings of one file, in order. Raises :class:`Unreadable`."""
    calendar = None
    with path.open(encoding="utf-8") as lines:
        for number, text in enumerate(lines, start=1):
            try:
                line = json.loads(text)
                if number == 1:
                    calendar = _calendar(line)
                elif calendar is not None:
                    yield _claim(line, calendar)
            except (ValueError, KeyError, TypeError, AttributeError) as problem:
                raise Unreadable(f"{path} 第{number}行不是预警导出的内容：{problem}") from problem
    if calendar is None:
        raise Unreadable(f"{path} 是空的，不是预警导出文件。")


def _calendar(line: Mapping[str, Any]) -> Calendar:
    if line.get("format") != FORMAT:
        raise Unreadable(f"第一行应写明格式 {FORMAT}")
    told = line["calendar"]
    return Calendar(
        off=frozenset(map(dt.date.fromisoformat, told["off"])),
        worked=frozenset(map(dt.date.fromisoformat, told["worked"])),
    )


def _claim(line: Mapping[str, Any], calendar: Calendar) -> Claim:
    as_of = dt.date.fromisoformat(line["as_of"])
    rows = tuple(
        Row(
            {**row["detail"], **{k: v for k, v in row.items() if k != "detail"}},
            as_of,
            calendar,
            line["month"],
        )
        for row in line["rows"]
    )
    return Claim(line, rows, as_of)
