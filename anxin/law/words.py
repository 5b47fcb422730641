"""Values of the law as Chinese phrases: the words for names inside structured values, and how numbers are said.

The names are part of the data (code reads them); ``data/words.yaml`` holds their words, for people only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from anxin.law.counting_rules import LENGTHS
from anxin.law.errors import DataError

WORDS = Path(__file__).parent / "data" / "words.yaml"
_FIELDS = {"name", "unit", "says", "denied", "hidden"}
#: names that a condition or a range may have
BOUNDS = frozenset({"min", "max", "above", "below"})
#: units of a parameter that also belong behind the numbers inside its value; others only name what is listed
_COUNTED = frozenset({*LENGTHS, "%", "元", "人", "倍"})
#: numbers of the calendar, which have no thousands
_CALENDAR_UNITS = frozenset({"年度"})
_MONTH_DAY = re.compile(r"^(\d\d)-(\d\d|末日)$")
_BRIEF = 40


@dataclass(frozen=True)
class Word:
    """How one name is said. ``unit`` is ``None`` where the numbers keep the unit of the parameter."""

    name: str
    unit: str | None = None
    #: a sentence part for a number, ``{}`` being the number with its unit
    says: str = ""
    #: what a false is called
    denied: str = ""
    #: left out of sentences
    hidden: bool = False


@lru_cache(maxsize=1)
def words() -> Mapping[str, Word]:
    """Every name of a structured value with its word. Raises :class:`DataError` naming the entry."""
    entries = yaml.safe_load(WORDS.read_text(encoding="utf-8"))["words"]
    return {str(name): _word(str(name), entry) for name, entry in entries.items()}


def _word(name: str, entry: str | Mapping[str, Any]) -> Word:
    if isinstance(entry, str):
        return Word(entry)
    if strange := sorted(set(entry) - _FIELDS):
        raise DataError(f"{WORDS.name}：“{name}”有不认识的字段：{'、'.join(strange)}。")
    if not entry.get("name"):
        raise DataError(f"{WORDS.name}：“{name}”缺少 name，请补齐。")
    if "says" in entry and entry["says"].count("{}") != 1:
        raise DataError(f"{WORDS.name}：“{name}”的 says 须有一处 {{}}。")
    return Word(**entry)


def word(name: str) -> str:
    """The word for a name or a code; what is Chinese already stays as it is."""
    return words()[name].name if name in words() else name


def path_words(path: str) -> str:
    """A label for one part of a value: ``2.when.paid_percent.below`` as ``第3项 · 条件 · 到账比例（%） · 低于``."""
    return " · ".join(_label(part) for part in path.split(".") if part)


def _label(part: str) -> str:
    if part.isdigit():
        return f"第{int(part) + 1}项"
    known = words().get(part)
    if known is None:
        return part
    return f"{known.name}（{known.unit}）" if known.unit else known.name


def value_words(value: Any, unit: str = "") -> str:
    """A value in one line: ``2,100元/月``, ``1%—3%``, ``是``, ``共4项：…``; ``由地方规定`` for none."""
    if value is None:
        return "由地方规定"
    if isinstance(value, bool):
        return "是" if value else "否"
    if _is_number(value):
        return number_words(value, unit)
    if isinstance(value, str):
        return _text(value)
    inner = unit if unit in _COUNTED else ""
    if isinstance(value, list) and not all(_is_number(item) for item in value):
        return f"共{len(value)}项：" + "；".join(_part(item, inner) for item in value)
    return _part(value, inner)


def value_parts(value: Any, unit: str = "") -> list[str]:
    """The parts of a long value, one to a line; empty where one line says it all."""
    inner = unit if unit in _COUNTED else ""
    if isinstance(value, list) and not all(_is_number(item) for item in value):
        parts = [_part(item, inner) for item in value]
    elif isinstance(value, dict):
        parts = _said(value, inner)
    else:
        return []
    return parts if len(parts) > 1 and len(value_words(value, unit)) > _BRIEF else []


def brief_words(value: Any, unit: str = "") -> str:
    """The same for a list of many values: a long table only says how many parts it has."""
    said = value_words(value, unit)
    if len(said) <= _BRIEF:
        return said
    if isinstance(value, list):
        first = value[0]
        short = isinstance(first, str) and len(first) < _BRIEF
        return f"{_text(first)}等{len(value)}项" if short else f"共{len(value)}项"
    return f"分{len(value)}种情形" if isinstance(value, dict) else f"{said[:_BRIEF]}…"


def number_words(number: float, unit: str) -> str:
    """``2,100元``, ``5个工作日``, ``2023年度``."""
    if unit in _CALENDAR_UNITS:
        return f"{number}{unit}"
    return f"{number:,}个{unit}" if unit == "工作日" else f"{number:,}{unit}"


def _part(value: Any, unit: str) -> str:
    if isinstance(value, dict):
        return _dict(value, unit)
    if isinstance(value, list):
        return _list(value, unit)
    if isinstance(value, bool):
        return "是" if value else "否"
    if _is_number(value):
        return number_words(value, unit)
    return _text(value) if isinstance(value, str) else "由地方规定"


def _list(value: list[Any], unit: str) -> str:
    if value and all(_is_number(item) for item in value):
        return "、".join([*(f"{item:,}" for item in value[:-1]), number_words(value[-1], unit)])
    return "、".join(_part(item, unit) for item in value)


def _dict(value: Mapping[str, Any], unit: str) -> str:
    if {"level", "words"} <= set(value):  # a row of a grading: level, what it means, what is measured
        condition = f"〔{_part(value['when'], unit)}〕" if value.get("when") else ""
        return f"{_text(value['level'])}：{value['words']}{condition}"
    if "what" in value:
        rest = _joined({name: part for name, part in value.items() if name != "what"}, unit)
        return f"{value['what']}（{rest}）" if rest else str(value["what"])
    return _joined(value, unit)


def _joined(value: Mapping[str, Any], unit: str) -> str:
    """The parts in one line; semicolons where a part has marks of its own."""
    said = _said(value, unit)
    return ("；" if any(mark in text for text in said for mark in "，、；：") else "，").join(said)


def _said(value: Mapping[str, Any], unit: str) -> list[str]:
    """The parts in their order, the bounds as one range."""
    said, bounds = [], {name: part for name, part in value.items() if name in BOUNDS}
    for name, part in value.items():
        if name not in BOUNDS:
            said.append(_named(name, part, unit))
        elif name == next(iter(bounds)):
            said.append(_range(bounds, unit))
    return [text for text in said if text]


def _named(name: str, part: Any, unit: str) -> str:
    known = words().get(name, Word(name))
    if known.hidden:
        return ""
    unit = unit if known.unit is None else known.unit
    if isinstance(part, bool):
        return known.name if part else known.denied or f"{known.name}：否"
    if known.says and not isinstance(part, dict) and part is not None:
        return known.says.replace("{}", _part(part, unit))
    said = _part(part, unit)
    if isinstance(part, dict):
        return f"{known.name}{said}" if set(part) <= BOUNDS else f"{known.name}（{said}）"
    if isinstance(part, str) or (isinstance(part, list) and not all(_is_number(item) for item in part)):
        return f"{known.name}：{said}"
    return f"{known.name}{said}"


def _range(bounds: Mapping[str, Any], unit: str) -> str:
    low, high = bounds.get("min"), bounds.get("max")
    said = []
    if low is not None and high is not None:
        said.append(f"{number_words(low, unit)}—{number_words(high, unit)}")
        bounds = {name: bound for name, bound in bounds.items() if name not in ("min", "max")}
    said += [f"{word(name)}{number_words(bound, unit)}" for name, bound in bounds.items()]
    return "，".join(said)


def _text(value: str) -> str:
    if value in words():
        return words()[value].name
    if found := _MONTH_DAY.match(value):
        month, day = int(found[1]), found[2]
        return f"{month}月{day}" if day == "末日" else f"{month}月{int(day)}日"
    # a pattern with places to fill in
    return value.replace("{", "〔").replace("}", "〕")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
