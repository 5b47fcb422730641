"""The standard as data: which objects and fields there are, what we keep for them, how sure we are of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

TITLE = "全国建筑工人管理服务信息平台数据标准（征求意见稿）"
#: objects of the standard itself; ours beside them begin with ``x_``
OWN = "x_"
Confidence = Literal["outline", "second_hand", "own"]
CONFIDENCE: Mapping[str, str] = {
    "outline": "公开目录所列",
    "second_hand": "据公开程序转述，未见标准原文",
    "own": "本系统补充",
}
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class FieldSpec:
    """One field. ``source``: where our records keep it, empty for "not kept here"."""

    code: str
    title: str
    type: str
    length: int | None
    required: bool
    dictionary: str
    source: str
    masked: str
    confidence: Confidence


@dataclass(frozen=True)
class ObjectSpec:
    """One object. ``note`` says why it goes out empty, ``derived`` why its rows are not read back."""

    name: str
    title: str
    fields: tuple[FieldSpec, ...]
    note: str
    derived: str
    confidence: Confidence

    @property
    def kept(self) -> bool:
        """Whether we have records for it."""
        return bool(self.fields)

    @property
    def own(self) -> bool:
        return self.name.startswith(OWN)


@cache
def objects() -> Mapping[str, ObjectSpec]:
    """Every object by name, in the order of the standard; ours last."""
    raw = yaml.safe_load((_HERE / "objects.yaml").read_text(encoding="utf-8"))["objects"]
    return {one["name"]: _object(one) for one in raw}


@cache
def codes(dictionary: str) -> Mapping[str, str]:
    """A code list, code → words."""
    return dict(_dictionaries()[dictionary]["codes"])


@cache
def ours(dictionary: str) -> Mapping[str, str]:
    """Our value → the standard's code."""
    return dict(_dictionaries()[dictionary].get("ours", {}))


@cache
def from_code(dictionary: str) -> Mapping[str, str]:
    """The standard's code → our value."""
    return {code: value for value, code in ours(dictionary).items()}


@cache
def trade_code(trade: str) -> str | None:
    """The code of a trade by its name; ``None`` for a name the list does not have."""
    table = _dictionaries()["trade"]
    known = {words: code for code, words in table["codes"].items()} | table["also"]
    return known.get(trade.strip())


@cache
def _dictionaries() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((_HERE / "dictionaries.yaml").read_text(encoding="utf-8"))
    return loaded


def _object(raw: Mapping[str, Any]) -> ObjectSpec:
    return ObjectSpec(
        name=raw["name"],
        title=raw["title"],
        fields=tuple(_field(one) for one in raw.get("fields", ())),
        note=raw.get("note", ""),
        derived=raw.get("derived", ""),
        confidence=raw.get("confidence", "outline"),
    )


def _field(raw: Mapping[str, Any]) -> FieldSpec:
    return FieldSpec(
        code=raw["code"],
        title=raw["title"],
        type=raw["type"],
        length=raw.get("length"),
        required=raw.get("required", False),
        dictionary=raw.get("dictionary", ""),
        source=raw.get("source", ""),
        masked=raw.get("masked", ""),
        confidence=raw.get("confidence", "second_hand"),
    )
