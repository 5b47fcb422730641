"""The guides as shipped: read once from ``guides/*.yaml``, checked when they are read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "guides"


@dataclass(frozen=True)
class ShippedGuide:
    """One guide as it came with the product; ``version`` is the day its words were last looked at."""

    key: str
    order: int
    title: str
    summary: str
    version: dt.date
    valid_from: dt.date
    source: str
    body: str


@lru_cache(maxsize=1)
def shipped() -> dict[str, ShippedGuide]:
    """Every guide by its key, in the order in which they are offered."""
    found = [_read(path) for path in sorted(FOLDER.glob("*.yaml"))]
    return {one.key: one for one in sorted(found, key=lambda one: one.order)}


def _read(path: Path) -> ShippedGuide:
    entry: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    wanted = {one.name for one in fields(ShippedGuide)}
    if set(entry) != wanted or entry["key"] != path.stem:
        raise ValueError(f"{path.name}：字段应为 {'、'.join(sorted(wanted))}，key 与文件名一致。")
    return ShippedGuide(**entry)
