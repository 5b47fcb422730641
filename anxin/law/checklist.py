"""What a person still has to look at: values nobody has seen in the text, values long unchecked, gaps to fill."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anxin.law.errors import NotYetInForce, NoValue, Repealed, Unconfirmed
from anxin.law.parameters import UNCHECKED

if TYPE_CHECKING:
    from anxin.law.law import Law, Value

#: unconfirmed: read by nobody, or worked out; stale: last held against its source over a year ago;
#: missing: the nation leaves it to localities and nothing is recorded for the place
REASONS = {
    "unconfirmed": "待核：没有见到原文，或由规定推导得出，须对照正式文件确认",
    "stale": "距上次核对已满一年，须对照现行文本再核一次",
    "missing": "国家没有统一规定，须由当地按正式文件填写",
}


@dataclass(frozen=True)
class CheckItem:
    """One thing to do. ``region`` and ``from_`` say which of the key's values; no ``from_``: none recorded."""

    reason: str
    key: str
    name: str
    region: str
    region_name: str
    from_: dt.date | None
    confidence: str
    checked_on: dt.date
    note: str


def checklist(law: Law, on: dt.date, region: str = "") -> list[CheckItem]:
    """Everything to confirm, to check again or to fill in on a day.

    With a ``region`` only the nation's values and those of the places it lies in are listed, and what is
    missing is asked for that place; without, all local values are listed.
    """
    keys = law.keys()
    items = [item for key in keys for item in _of_key(law, key, on, region)]
    order = list(REASONS)
    return sorted(items, key=lambda item: (order.index(item.reason), item.key, item.region, item.from_ or on))


def _of_key(law: Law, key: str, on: dt.date, region: str) -> Iterator[CheckItem]:
    parameter = law.parameter(key)
    if region and parameter.only_in and not any(region.startswith(code) for code in parameter.only_in):
        return  # another province's own rule: nothing to fill in here
    for value in law.timeline(key):
        if value.value is None or (region and not region.startswith(value.region)):
            continue
        if value.confidence in (*UNCHECKED, "derived"):
            yield _item("unconfirmed", value)
        elif _a_year_after(value.checked_on) <= on and (value.until is None or on <= value.until):
            yield _item("stale", value)
    try:
        law.value(key, on, region)
    except (NoValue, Unconfirmed):
        yield CheckItem(
            "missing", key, parameter.name, region, "", None, "unknown", parameter.checked_on, parameter.note
        )
    except (NotYetInForce, Repealed):
        return


def _item(reason: str, value: Value) -> CheckItem:
    return CheckItem(
        reason,
        value.key,
        value.name,
        value.region,
        value.region_name,
        value.from_,
        value.confidence,
        value.checked_on,
        value.note,
    )


def _a_year_after(day: dt.date) -> dt.date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return dt.date(day.year + 1, 3, 1)
