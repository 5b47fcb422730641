"""Whether the figures of an instrument agree with each other and with the law: what no single field can tell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from anxin.kernel.money import sentence_yuan
from anxin.law import Law
from anxin.typesetting.errors import Problem

_WHOLE = 100


def problems(kind: str, values: Mapping[str, Any], law: Law, on: dt.date) -> tuple[Problem, ...]:
    """What does not agree, each in a sentence at its field; nothing while a field is missing or wrong by itself.

    ``values``: as the fields read them, money in fen. ``on``: the day whose law counts.
    """
    look = _LOOKS.get(kind)
    return look(values, law, on) if look else ()


def _compensation(values: Mapping[str, Any], law: Law, on: dt.date) -> tuple[Problem, ...]:
    """Each addition is the stated percentage of what is owed, within what the law allows (劳动保障监察条例第二十六条)."""
    percent, found = values["percent"], []
    allowed = law.value("wage_payment.extra_compensation_percent", on).value
    if not allowed["min"] <= percent <= allowed["max"]:
        found.append(
            Problem("percent", f"加付比例应在百分之{allowed['min']}到百分之{allowed['max']}之间，请核对。")
        )
    for number, row in enumerate(values["additions"]):
        # half a fen may go to either side
        if abs(row["added"] * _WHOLE - row["owed"] * percent) > _WHOLE // 2:
            found.append(
                Problem(
                    f"additions.{number}.added",
                    f"第{number + 1}行{row['name']}的加付赔偿金不等于应付金额的百分之{percent}，请核对。",
                )
            )
    return tuple(found)


def _per_person(values: Mapping[str, Any], law: Law, on: dt.date) -> tuple[Problem, ...]:
    """What each applicant is paid is the sum of their items, and everybody who is paid is a party (办案规则第五十三条)."""
    parties = {row["name"] for row in values["applicants"]}
    told, items = _sums(values["awarded"]), _sums(values["items"])
    found = [
        Problem("applicants", f"{name}不在申请人里，请核对姓名。")
        for name in sorted({*told, *items} - parties)
    ]
    for name in sorted({*told, *items}):
        if told.get(name, 0) != items.get(name, 0):
            found.append(
                Problem(
                    "awarded",
                    f"裁决支付{name}的{sentence_yuan(told.get(name, 0))}不等于逐项合计{sentence_yuan(items.get(name, 0))}，请核对。",
                )
            )
    return tuple(found)


def _sums(rows: Sequence[Mapping[str, Any]] | None) -> dict[str, int]:
    """Fen by name; two of one name count together."""
    sums: dict[str, int] = {}
    for row in rows or ():
        sums[row["name"]] = sums.get(row["name"], 0) + row["owed"]
    return sums


_LOOKS: dict[str, Callable[[Mapping[str, Any], Law, dt.date], tuple[Problem, ...]]] = {
    "compensation_decision": _compensation,
    "collective_award": _per_person,
    "partial_award": _per_person,
}
