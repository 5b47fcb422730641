"""Fit the weights by which two messages are told to be one dispute (anxin/triage/pairs.json), and say how well they do on new texts.

    python tools/pair_weights.py [--write]

It learns from the invented sets of tests/triage, and from the real messages where they are at hand (ANXIN_SHARED_DATA). First it prints what
each set gives when it is judged by weights fitted on the others alone. ``--write`` puts the weights in place.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from anxin.triage import Message, disputes, likeness
from anxin.triage.weights import Weights
from tests.triage.labelled import Delivery, deliveries
from tests.triage.scoring import pairs_found

#: how freely the weights may grow
_FREE = 3.0
#: fifty true pairs are too few to let a sign speak against its meaning
FOR, AGAINST = likeness.NAMES.for_it, likeness.NAMES.against


@dataclass(frozen=True)
class Table:
    """The pairs of one set that are worth comparing and have signs: one row of strengths each, and whether they are one dispute."""

    strengths: np.ndarray
    same: np.ndarray


def table(messages: Sequence[Message], same: set[frozenset[str]]) -> Table:
    rows = [(each, each.signs.strengths) for each in disputes.compared(messages) if each.signs is not None]
    strengths = [[each[name] for name in (*FOR, *AGAINST)] for _, each in rows]
    return Table(
        np.array(strengths),
        np.array(
            [frozenset((messages[each.first].key, messages[each.second].key)) in same for each, _ in rows]
        ),
    )


def fit(tables: Sequence[Table]) -> Weights:
    """Weights of the signs: none speaks against its meaning; one that would is left out and the others are fitted again."""
    strengths, same = (
        np.vstack([one.strengths for one in tables]),
        np.concatenate([one.same for one in tables]),
    )
    names = [*FOR, *AGAINST]
    while True:
        columns = [(*FOR, *AGAINST).index(name) for name in names]
        fitted = LogisticRegression(C=_FREE, max_iter=2000).fit(strengths[:, columns], same)
        weights = dict(zip(names, map(float, fitted.coef_[0]), strict=True))
        wrong = [name for name, weight in weights.items() if (weight < 0) == (name in FOR)]
        if not wrong:
            return Weights(
                round(float(fitted.intercept_[0]), 2), {name: round(one, 2) for name, one in weights.items()}
            )
        names = [name for name in names if name not in wrong]


def try_out(sets: Sequence[Delivery], tables: Mapping[str, Table]) -> None:
    """Print for each set how many pairs are right by weights that have not seen it."""
    right = told = true = 0
    for one in sets:
        weights = fit([tables[other.where] for other in sets if other.where != one.where])
        found = pairs_found(one.messages, weights)
        hits = len(found & one.same)
        right, told, true = right + hits, told + len(found), true + len(one.same)
        print(
            f"{one.where}: {hits} of {len(one.same)} found, {len(found) - hits} false, F1 {2 * hits / (len(found) + len(one.same)):.2f}"
        )
    print(f"all: {right} of {true} found, {told - right} false, F1 {2 * right / (told + true):.2f}")


def main(arguments: Sequence[str]) -> None:
    sets = deliveries()
    tables = {one.where: table(one.messages, one.same) for one in sets}
    try_out(sets, tables)
    weights = fit(list(tables.values()))
    if "--write" in arguments:
        data = {"nothing_known": weights.nothing_known, "signs": dict(weights.signs)}
        likeness.SHIPPED.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
