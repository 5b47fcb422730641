"""Fit the weights by which a complaint's debtor and site are told (anxin/triage/parties.json), and say how well they do on new texts.

    python tools/party_weights.py [--write]

It learns from the invented texts of tests/triage, and from the real ones where they are at hand (ANXIN_SHARED_DATA). First it prints
what ten folds give: every message read with weights that had not seen it. ``--write`` puts the weights in place.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from anxin.triage import fitting, ranking
from tests.triage.labelled import Labelled, cases_of, learnt_from


def _figures(messages: Sequence[Labelled], what: str) -> str:
    cases = cases_of(messages, what)
    found = fitting.try_out(cases, what)
    named = [(one, party) for one, party in zip(messages, found, strict=True) if one.names(what)]
    none = [party for one, party in zip(messages, found, strict=True) if not one.names(what)]
    right = sum(
        party is not None and any(fitting.same(party.name.words, name) for name in one.names(what))
        for one, party in named
    )
    return f"{what}: {right} of {len(named)} found, {sum(party is None for party in none)} of {len(none)} left empty"


def main(arguments: Sequence[str]) -> None:
    messages = learnt_from()
    weights = {}
    for what in fitting.GUESSES:
        judged = [one for one in messages if one.judged(what)]
        print(_figures(judged, what))
        fitted = fitting.fit(cases_of(judged, what), what)
        weights[what] = {"nobody": fitted.nobody, "features": dict(fitted.features)}
    if "--write" in arguments:
        ranking.SHIPPED.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
