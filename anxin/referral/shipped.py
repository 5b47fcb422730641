"""The tables as they come with the system: read once from the data files of this package."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Shipped:
    """One table of the data files."""

    path: Path
    title: str
    valid_from: dt.date
    source: str
    entries: tuple[dict[str, Any], ...]


@lru_cache
def shipped(sort: str) -> Shipped:
    """``routing``, ``conclusions`` or ``ledger``."""
    path = _DATA / f"{sort}.yaml"
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Shipped(path, told["title"], told["valid_from"], told["source"], tuple(told["rows"]))
