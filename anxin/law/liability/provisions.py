"""The provisions that steps rest on, read from ``data/liability.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from anxin.law.errors import DataError
from anxin.law.parameters import CONFIDENCES, UNCHECKED
from anxin.law.statutes import Reference, parse_reference

FILE = Path(__file__).parent.parent / "data" / "liability.yaml"


@dataclass(frozen=True)
class Provision:
    """A place in a statute with what it says, in our words, and how surely it was read."""

    key: str
    reference: Reference
    confidence: str
    says: str

    @property
    def needs_check(self) -> bool:
        """Shown as 待核: nobody has held it against the text yet."""
        return self.confidence in UNCHECKED


@lru_cache
def provisions() -> Mapping[str, Provision]:
    """All provisions by key. Raises :class:`DataError` naming the entry."""
    content = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {key: _provision(key, entry) for key, entry in content["provisions"].items()}


def _provision(key: str, entry: Mapping[str, Any]) -> Provision:
    where = f"{FILE.name}：“{key}”"
    if set(entry) != {"reference", "confidence", "says"}:
        raise DataError(f"{where}应写明 reference、confidence、says，不能有别的栏。")
    if entry["confidence"] not in CONFIDENCES:
        raise DataError(f"{where}的可信度“{entry['confidence']}”不对。")
    return Provision(key, parse_reference(entry["reference"], where), entry["confidence"], entry["says"])
