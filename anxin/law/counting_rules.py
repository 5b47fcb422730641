"""How a length of time is counted: in which days, from where, and what happens at its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anxin.law.errors import DataError

#: units that measure time: the unit counted in, and the kind of day where nothing else is said
LENGTHS: dict[str, tuple[str, str]] = {
    "工作日": ("day", "working"),
    "日": ("day", "natural"),
    "小时": ("hour", "clock"),
    "个月": ("month", "natural"),
    "月": ("month", "natural"),
    "年": ("year", "natural"),
}
DAY_TYPES = {"working": "工作日", "natural": "自然日", "clock": "连续小时"}
BOUNDS = ("max", "min", "range")
_MODES = ("addition", "total")
_DIRECTIONS = ("forward", "backward")
_FIELDS = {
    "starts_on", "starts_on_alt", "day_type", "bound", "rolls", "strict", "start_day_counted",
    "direction", "extends", "mode", "same_as",
}  # fmt: skip


@dataclass(frozen=True)
class Counting:
    """The counting rule of one value, complete: what a data file leaves out has its default here."""

    #: day, hour, month or year
    measure: str
    #: working, natural or clock (hours run through nights and days off)
    day_type: str
    #: max: to be done by the end; min: the next step may follow only after the end; range: years of validity
    bound: str
    #: whether a last day that is a day off moves to the next working day
    rolls: bool
    #: read strictly against the authority: never moved later
    strict: bool
    start_day_counted: bool
    backward: bool
    #: the event it is counted from, in the words of the law
    starts_on: str
    starts_on_alt: str
    #: key of the period that this one extends
    extends: str
    #: of an extension: ``addition`` to the length, or the ``total`` with it
    mode: str
    #: key of the same duty in another statute
    same_as: str


def parse_counting(
    own: Mapping[str, Any], parent: Mapping[str, Any], unit: str, where: str, *, unit_differs: bool = False
) -> Counting | None:
    """The rule of a value in ``unit``; ``None`` where the unit is no length of time.

    ``parent`` holds what the parameter says for all its values. A local value in a unit of its own does not
    inherit the kind of day. Raises :class:`DataError`.
    """
    fields = {**parent, **own}
    if unit_differs:
        for name in {"day_type", "rolls"} - set(own):
            fields.pop(name, None)
    _refuse_strange(fields, where)
    if unit not in LENGTHS:
        return None
    measure, usual = LENGTHS[unit]
    day_type = fields.get("day_type", usual)
    bound = fields.get("bound", "max")
    backward = fields.get("direction") == "backward"
    strict = bool(fields.get("strict", False))
    by_nature = day_type == "natural" and bound == "max" and not strict and not backward
    return Counting(
        measure=measure,
        day_type=day_type,
        bound=bound,
        rolls=bool(fields.get("rolls", by_nature)) and day_type == "natural",
        strict=strict,
        start_day_counted=bool(fields.get("start_day_counted", False)),
        backward=backward,
        starts_on=fields.get("starts_on", ""),
        starts_on_alt=fields.get("starts_on_alt", ""),
        extends=fields.get("extends", ""),
        mode=fields.get("mode", "addition"),
        same_as=fields.get("same_as", ""),
    )


def _refuse_strange(fields: Mapping[str, Any], where: str) -> None:
    strange = sorted(set(fields) - _FIELDS)
    if strange:
        raise DataError(f"{where}的 counting 有不认识的字段：{'、'.join(strange)}。")
    for name, allowed in (
        ("day_type", tuple(DAY_TYPES)),
        ("bound", BOUNDS),
        ("mode", _MODES),
        ("direction", _DIRECTIONS),
    ):
        if name in fields and fields[name] not in allowed:
            raise DataError(f"{where}的 {name} 应为 {'、'.join(allowed)} 之一，现在是“{fields[name]}”。")
    for name in ("rolls", "strict", "start_day_counted"):
        if name in fields and not isinstance(fields[name], bool):
            raise DataError(f"{where}的 {name} 应为 true 或 false，现在是“{fields[name]}”。")
