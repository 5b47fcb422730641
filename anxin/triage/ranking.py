"""Who, of all that a text names: every party's features weighed together, and nobody where none weighs enough.

A linear model, small on purpose: a person can read what each feature adds. The weights come with the product (``parties.json``) and are
fitted by ``tools/party_weights.py``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from anxin.triage.spans import Party

SHIPPED = Path(__file__).with_name("parties.json")


@dataclass(frozen=True)
class Weights:
    """What each feature adds, and what a party must weigh to be named at all."""

    nobody: float
    features: Mapping[str, float]

    def weight(self, party: Party) -> float:
        return sum(self.features.get(feature, 0.0) for feature in party.features)

    def best(self, parties: Sequence[Party]) -> Party | None:
        """The party that weighs most, the one named first among equals; ``None`` where none weighs enough."""
        best = max(parties, key=lambda one: (self.weight(one), -one.name.start), default=None)
        return best if best is not None and self.weight(best) > self.nobody else None


@cache
def shipped(what: str) -> Weights:
    """The weights that come with the product: ``debtor`` or ``project``."""
    data = json.loads(SHIPPED.read_text(encoding="utf-8"))[what]
    return Weights(data["nobody"], data["features"])
