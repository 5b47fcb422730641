"""What the wording of a whole message says where no named sign does: its letters and pairs of letters, weighed.

The signs of :mod:`anxin.triage.wages` know the ways of speaking that somebody wrote down; this knows the rest, less surely. The weights
are fitted by ``tools/wording_weights.py`` on every labelled text. Numbers and letters for places are taken out before.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

SHIPPED = Path(__file__).with_name("wording.json")

_PLACE = re.compile(r"[A-Z]{1,2}\d*(?=[市县区])")
_NUMBER = re.compile(r"\d[\d,.]*")
_CLAUSE = re.compile(r"[^，。！？!?；;：:、\n]+")


@dataclass(frozen=True)
class Weights:
    """What each letter and pair of letters adds, in log odds of a message of that alone."""

    intercept: float
    letters: Mapping[str, float]


@cache
def shipped() -> Weights:
    """The weights that come with the product."""
    data = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return Weights(data["intercept"], data["letters"])


def letters(text: str) -> Iterator[str]:
    """Each letter of the text and each pair, without its numbers and place letters."""
    bare = _NUMBER.sub("0", _PLACE.sub("某", text))
    yield from bare
    yield from map("".join, pairwise(bare))


def tells(text: str, weights: Weights | None = None) -> float:
    """How far the wording speaks for wages owed (above 0) or for something else, in log odds; a long text weighs no more than a short one."""
    weights = weights or shipped()
    counts = Counter(each for each in letters(text) if each in weights.letters)
    heavy = {each: 1 + math.log(count) for each, count in counts.items()}
    length = math.sqrt(sum(one * one for one in heavy.values())) or 1.0
    return weights.intercept + sum(one * weights.letters[each] for each, one in heavy.items()) / length


def clause(text: str, speaks_for: bool) -> str:
    """The clause whose letters speak most for wages owed, or most against."""
    known, side = shipped().letters, 1 if speaks_for else -1
    clauses = _CLAUSE.findall(text) or [text]
    return max(clauses, key=lambda one: side * sum(known.get(each, 0.0) for each in letters(one)))
