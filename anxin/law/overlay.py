"""What a bureau has recorded for itself, laid over the shipped law: values, confirmations, calendar years."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from anxin.law.errors import DataError
from anxin.law.parameters import DatedValue, Parameter, parse_local


@dataclass(frozen=True)
class Overlay:
    """A bureau's own data; two overlays with the same content are equal and give the same law.

    ``local_values``: as in a data file, with ``key``. ``confirmations``: ``key``, ``region`` (empty: the
    nation), ``from`` (first day of the confirmed value), ``only_for`` (may be left out), ``document``, ``by``,
    ``on``. ``calendars``: year to ``{"notice": str, "days": [(date, "off" | "work", festival), …]}``.
    """

    local_values: Sequence[Mapping[str, Any]] = field(default=(), compare=False)
    confirmations: Sequence[Mapping[str, Any]] = field(default=(), compare=False)
    calendars: Mapping[int, Mapping[str, Any]] = field(default_factory=dict, compare=False)
    stamp: str = field(init=False)

    def __post_init__(self) -> None:
        content = [list(self.local_values), list(self.confirmations), sorted(self.calendars.items())]
        text = json.dumps(content, default=str, sort_keys=True, ensure_ascii=False)
        object.__setattr__(self, "stamp", hashlib.sha256(text.encode()).hexdigest())

    def __bool__(self) -> bool:
        return bool(self.local_values or self.confirmations or self.calendars)


def add_local_value(parameters: dict[str, Parameter], item: Mapping[str, Any], where: str) -> None:
    """Add one local value to its parameter; the same place, case and day replaces what was there."""
    key = item.get("key", "")
    if key not in parameters:
        raise DataError(f"{where}：地方值指向的参数“{key}”不存在，请检查键名。")
    parameter = parameters[key]
    merged = dict(parameter.local_values)
    for code, values in parse_local([item], parameter.parent_fields(), f"{where}：参数“{key}”").items():
        new = {_case(value) for value in values}
        kept = [value for value in merged.get(code, ()) if _case(value) not in new]
        merged[code] = tuple(sorted([*kept, *values], key=lambda value: value.from_))
    parameters[key] = replace(parameter, local_values=merged)


def _case(value: DatedValue) -> tuple[dt.date, str, tuple[str, ...]]:
    return value.from_, value.only_for, value.between


def confirm(parameters: dict[str, Parameter], item: Mapping[str, Any]) -> None:
    """Mark one dated value as held against the paper by this bureau. Raises :class:`DataError`."""
    key, region, first = item["key"], item.get("region", ""), item["from"]
    parameter = parameters.get(key)
    if parameter is None:
        raise DataError(f"确认记录指向的参数“{key}”不存在，请撤回该记录。")
    values = parameter.local_values.get(region, ()) if region else parameter.values
    case = item.get("only_for", "")
    if not any((value.from_, value.only_for) == (first, case) for value in values):
        place = f"地区{region}" if region else "全国"
        raise DataError(f"确认记录指向的“{parameter.name}”{place}自{first}起的数值不存在，请撤回该记录。")
    confirmed = tuple(
        _confirmed(value, item) if (value.from_, value.only_for) == (first, case) else value
        for value in values
    )
    if region:
        parameters[key] = replace(parameter, local_values={**parameter.local_values, region: confirmed})
    else:
        parameters[key] = replace(parameter, values=confirmed)


def _confirmed(value: DatedValue, item: Mapping[str, Any]) -> DatedValue:
    seen = f"{item['by']}于{item['on']}核对：{item['document']}"
    return replace(
        value,
        confidence="confirmed",
        checked_on=item["on"],
        source="；".join(text for text in (value.source, seen) if text),
    )
