"""Whether a value a person typed has the shape of what the law files hold: same structure, sensible numbers.

The rules and the engine read structured values by their names. A local value with another structure would only
be noticed in the night, by a sweep that stops.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from anxin.law import Law
from anxin.law.counting_rules import LENGTHS
from anxin.law.parameters import Parameter
from anxin.law.words import BOUNDS, path_words, word

_LEVELS = ("red", "orange", "yellow", "blue")
#: units whose numbers are counted in whole things
_WHOLE = frozenset({"人", "项", "类", "份", "次", "分", "起", "次/年", "次/月", *LENGTHS})
#: the largest number that is no slip of the keyboard, by unit
_LARGEST = {
    "小时": 8_784, "工作日": 3_660, "日": 36_600, "个月": 1_200, "月": 1_200, "年": 100, "%": 1_000,
    "%/日": 100, "倍": 1_000, "月最低工资": 1_000, "人": 1_000_000,
}  # fmt: skip
_LARGEST_OF_ALL = 10_000_000_000
_LONGEST_TEXT = 300


def examples(law: Law, key: str) -> list[Any]:
    """Every value the law holds for the parameter, the nation's first: a typed one must look like one of them."""
    parameter = law.parameter(key)
    dated = [*parameter.values, *(one for values in parameter.local_values.values() for one in values)]
    found: list[Any] = []
    for one in dated:
        if one.value is not None and one.value not in found:
            found.append(one.value)
    return found


def units(law: Law, key: str) -> list[str]:
    """The units a value may have: a length of time may be counted in any unit of time."""
    own = law.parameter(key).unit
    return [own, *(unit for unit in LENGTHS if unit not in (own, "月"))] if own in LENGTHS else [own]


def problem(parameter: Parameter, value: Any, unit: str, seen: list[Any]) -> str:
    """One Chinese sentence about what is wrong with the value, or an empty text."""
    if value is None:
        return "请填写数值。"
    return _checked(value, seen, unit or parameter.unit, "") if seen else _unseen(value, parameter, unit)


def _unseen(value: Any, parameter: Parameter, unit: str) -> str:
    """Nothing was ever recorded: the type and the unit say what can be expected."""
    if parameter.unit == "布尔":
        return "" if isinstance(value, bool) else "请填写“是”或“否”。"
    if _is_number(value):
        return _number(value, unit or parameter.unit, "", negative=False)
    if parameter.unit in _LARGEST or parameter.unit.startswith("元"):
        return f"请填写数字，单位是{unit or parameter.unit}。"
    if isinstance(value, str | list | dict) and value:
        return _long_text(value)
    return "请填写数值。"


def _checked(value: Any, seen: Iterable[Any], unit: str, path: str) -> str:
    known = list(seen)
    if isinstance(value, bool):
        return "" if any(isinstance(one, bool) for one in known) else _other_kind(known, path)
    if _is_number(value):
        return _checked_number(value, known, unit, path)
    if isinstance(value, str):
        return _checked_text(value, [one for one in known if isinstance(one, str)], known, path)
    if isinstance(value, list):
        return _checked_list(value, [one for one in known if isinstance(one, list)], known, unit, path)
    if isinstance(value, dict):
        return _checked_parts(value, [one for one in known if isinstance(one, dict)], known, unit, path)
    return _other_kind(known, path)


def _checked_number(value: float, known: list[Any], unit: str, path: str) -> str:
    numbers = [one for one in known if _is_number(one)]
    within = [one for one in known if isinstance(one, dict) and set(one) & BOUNDS and not path]
    if not numbers and not within:
        return _other_kind(known, path)
    leaves = [*numbers, *(number for one in within for number in one.values() if _is_number(number))]
    if not path and not isinstance(value, int) and unit in _WHOLE and all(_is_whole(one) for one in leaves):
        return f"单位是{unit}，请填写整数。"
    return _number(value, unit if not path else "", path, negative=any(one < 0 for one in leaves))


def _number(value: float, unit: str, path: str, *, negative: bool) -> str:
    where = f"“{path_words(path)}”" if path else "数值"
    if not math.isfinite(value):
        return f"{where}不是有效的数字。"
    if value < 0 and not negative:
        return f"{where}不能小于0。"
    if unit in LENGTHS and not isinstance(value, int):
        return f"单位是{unit}，请填写整数。"
    largest = _LARGEST.get(unit, _LARGEST_OF_ALL)
    if abs(value) > largest:
        return f"{where}{value:,}{unit}超出合理范围（不超过{largest:,}{unit}），请核对数值和单位。"
    return ""


def _checked_text(value: str, texts: list[str], known: list[Any], path: str) -> str:
    if not texts:
        return _other_kind(known, path)
    if not value.strip():
        return f"请填写“{path_words(path)}”。" if path else "请填写数值。"
    if any(not one.isascii() for one in texts):
        return _long_text(value)
    # A name that the program knows: another one would mean nothing to it.
    allowed = _LEVELS if set(texts) <= set(_LEVELS) else tuple(dict.fromkeys(texts))
    if value in allowed:
        return ""
    where = f"“{path_words(path)}”" if path else "这一参数"
    said = "、".join(word(one) for one in allowed)
    return f"{where}只能是 {said} 之一，“{value}”程序不认识。"


def _checked_list(value: list[Any], lists: list[list[Any]], known: list[Any], unit: str, path: str) -> str:
    if not lists:
        return _other_kind(known, path)
    if not value:
        return f"“{path_words(path)}”至少要有一项。" if path else "至少要有一项。"
    items = [item for one in lists for item in one]
    for index, item in enumerate(value):
        if sentence := _checked(item, items, unit, _join(path, str(index))):
            return sentence
    return ""


def _checked_parts(
    value: dict[str, Any], dicts: list[dict[str, Any]], known: list[Any], unit: str, path: str
) -> str:
    if not dicts:
        return _other_kind(known, path)
    allowed = {name for one in dicts for name in one}
    if allowed and allowed <= BOUNDS:
        allowed = set(BOUNDS)
    needed = set.intersection(*(set(one) for one in dicts)) - BOUNDS
    strange, missing = sorted(set(value) - allowed), sorted(needed - set(value))
    if strange:
        return f"有不认识的项“{path_words(_join(path, strange[0]))}”，请去掉。"
    if missing:
        return f"缺少“{path_words(_join(path, missing[0]))}”，请补齐。"
    if not value:
        return f"“{path_words(path)}”至少要有一个条件。" if path else "请填写数值。"
    for name, part in value.items():
        peers = [one[name] for one in dicts if name in one] or _numbers_of(dicts)
        if sentence := _checked(part, peers, unit, _join(path, name)):
            return sentence
    low, high = value.get("min"), value.get("max")
    if low is not None and high is not None and _is_number(low) and _is_number(high) and low > high:
        return (
            f"“{path_words(_join(path, 'min'))}”{low} 大于“{path_words(_join(path, 'max'))}”{high}，请核对。"
        )
    return ""


def _other_kind(known: list[Any], path: str) -> str:
    where = f"“{path_words(path)}”" if path else "这一参数的值"
    return f"{where}应为{_kind_words(known)}，请按已有数值的样子填写。"


def _kind_words(known: list[Any]) -> str:
    names = {bool: "是或否", int: "数字", float: "数字", str: "文字", list: "列表", dict: "分项的数值"}
    return "或".join(dict.fromkeys(names[type(one)] for one in known if type(one) in names)) or "数字"


def _long_text(value: Any) -> str:
    texts = [one for one in leaves(value).values() if isinstance(one, str)]
    if any(len(one) > _LONGEST_TEXT for one in texts):
        return f"文字太长，每项不超过{_LONGEST_TEXT}字。"
    return ""


def leaves(value: Any, path: str = "") -> dict[str, Any]:
    """The parts of a structured value by path: ``{"0.when.days.min": 31, …}``."""
    parts: Iterable[tuple[Any, Any]]
    if isinstance(value, dict):
        parts = value.items()
    elif isinstance(value, list):
        parts = enumerate(value)
    else:
        return {path: value}
    found: dict[str, Any] = {}
    for name, part in parts:
        found |= leaves(part, _join(path, str(name)))
    return found


def _numbers_of(dicts: list[dict[str, Any]]) -> list[Any]:
    return [part for one in dicts for part in one.values()]


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) or (isinstance(value, float) and value.is_integer())
