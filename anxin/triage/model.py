"""What the signs weigh together: a logistic model, shipped with its weights, retrained by a bureau's own corrections.

The model is linear and small on purpose: a person can read what each sign adds. How it
is learnt stands in :mod:`anxin.triage.training`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from anxin.triage.wages import NAMES, Found

SHIPPED = Path(__file__).with_name("model.json")


@dataclass(frozen=True)
class Model:
    """Weights by sign, in the title and in the body, in log odds; ``threshold`` is the least chance that counts."""

    version: str
    intercept: float
    title: Mapping[str, float]
    body: Mapping[str, float]
    threshold: float = 0.5

    def weight(self, sign: Found) -> float:
        return (self.title if sign.in_title else self.body).get(sign.name, 0.0) * sign.strength

    def chance(self, found: Sequence[Found]) -> float:
        """The chance, 0 to 1, that a message with these signs is about wages owed."""
        return 1 / (1 + math.exp(-(self.intercept + self.weighed(found))))

    def weighed(self, found: Sequence[Found]) -> float:
        """The sum of the signs' weights, in log odds, without the intercept."""
        return sum(self.weight(sign) for sign in found)

    def strongest(self, found: Sequence[Found], limit: int = 5) -> list[Found]:
        """The signs that weigh most, for or against, each name once."""
        by_name: dict[str, Found] = {}
        for sign in sorted(found, key=lambda one: -abs(self.weight(one))):
            by_name.setdefault(sign.name, sign)
        return list(by_name.values())[:limit]

    def as_json(self) -> dict[str, Any]:
        return {
            "version": self.version, "intercept": self.intercept, "threshold": self.threshold,
            "title": dict(self.title), "body": dict(self.body),
        }  # fmt: skip


def from_json(data: Mapping[str, Any]) -> Model:
    """Raises ``ValueError`` where a sign is not one of the book's."""
    unknown = sorted((set(data["title"]) | set(data["body"])) - set(NAMES))
    if unknown:
        raise ValueError(f"模型里有不认识的迹象：{'、'.join(unknown)}，请用同一版本的程序训练。")
    return Model(data["version"], data["intercept"], data["title"], data["body"], data["threshold"])


@cache
def shipped() -> Model:
    """The model that comes with the product."""
    return from_json(json.loads(SHIPPED.read_text(encoding="utf-8")))
