"""How the weights of parties and sites are fitted: in each message, the right party is to weigh more than the others and than nobody.

A conditional logit, held to what a person would guess beforehand (:data:`GUESSES`), so that a feature seldom seen keeps a sensible weight.
Only ``tools/party_weights.py`` and the tests fit; reading a message needs the weights alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anxin.triage.ranking import Weights
from anxin.triage.spans import Party

FOLDS = 10
#: how strongly the weights are held to the guesses
_HOLD = 5.0
#: a feature seen with fewer parties than this, and not guessed, is left out
_RARE = 6
#: a message that names nobody counts as so many: few name no debtor, and nobody is to be accused for want of another; most name no site
_NOBODY_COUNTS: Mapping[str, float] = {"debtor": 5.0, "project": 1.0}

#: what a person would guess each feature to weigh, and "nobody"
GUESSES: Mapping[str, tuple[float, Mapping[str, float]]] = {
    "debtor": (2.0, {
        "early": 1.2, "organisation": 0.8, "legal": 0.7, "builder": 0.5, "labour": 0.6, "named_2_times": 0.6, "named_3_times": 0.4,
        "named_5_times": 0.2, "owes": 1.2, "owes_workers": 0.6, "role_owes": 1.0, "owes_in_clause": 0.5, "owes_next_clause": 0.3,
        "owes_in_sentence": 0.1, "title_owes": 0.6, "title_accused": 0.6, "begins_title": 0.2, "gone": 0.7, "accused": 0.3, "employs": 0.8,
        "joined": 0.8, "signed": 0.5, "owing_is": 1.5, "employer_named": 1.0, "boss": 0.8, "one_called": 0.8, "contracted": 1.0,
        "subcontractor": 1.2, "paid_to": 1.0, "runs_off_with": 1.0, "hires": 0.5, "full_name": 0.6, "titled": 0.5, "how_named": 0.5,
        "how_called": 0.5, "how_hired": 0.4, "how_subject": 0.3, "note": 0.5, "boss_behind": 0.3, "staff": 0.3, "demanded": 0.3, "says": 0.2,
        "contracts": 0.1, "pays": -1.0, "owner": -1.0, "contractor": -0.2, "developer": -0.3, "my_name": -3.0, "relation": -1.2,
        "authority": -2.0, "authority_owes": 1.5, "public": -0.3, "site_like": -1.5, "site_within": -1.0, "site_behind": -0.7,
        "slot_only": -1.3, "only_of_a_place": -0.5, "beside_a_named_one": -2.0, "project_office": -0.5, "masked": -0.7, "masked_firm": -2.0,
        "surname_only": -0.8, "managed": -1.0, "short": -0.8, "place_behind": -0.5, "at": -0.3, "hanging": -0.5, "sought": -0.3,
        "subsidiary_behind": 0.5, "develops": -0.5, "how_surname": -0.2, "addressed": -2.0,
    }),
    "project": (2.5, {
        "works": 1.0, "place": 0.8, "phase": 0.4, "in_title": 0.6, "begins_title": 0.4, "early": 0.6, "twice": 0.5, "worked_at": 1.2,
        "crafts": 0.8, "site_behind": 1.0, "workers": 0.6, "developed": 0.7, "named_site": 1.0, "by_firm": 0.5, "building": 0.8,
        "not_building": -3.0, "hardly_building": -1.0, "slot_only": -1.0, "owner": -0.3, "sought": -1.0, "firm_behind": -0.7,
        "public_place": -0.7, "very_long": -0.7, "owes": 0.4, "enterprise": -0.3,
    }),
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """The parties of one message; ``right``: those that a person said it is, none where the message names nobody."""

    parties: Sequence[Party]
    right: Sequence[bool]
    nobody: bool


def case(parties: Sequence[Party], truth: Sequence[str]) -> Case:
    """A message with the names that a person gave; empty where none is named."""
    return Case(parties, [any(same(one.name.words, name) for name in truth) for one in parties], not truth)


def same(found: str, meant: str) -> bool:
    """Whether the name found and the name meant are one, district in front or legal form behind left aside."""
    return found in meant or meant in found


def fit(cases: Sequence[Case], what: str) -> Weights:
    """The weights for ``debtor`` or ``project``; a case whose right party was not even found teaches nothing."""
    nobody, guesses = GUESSES[what]
    seen = Counter(feature for one in cases for party in one.parties for feature in party.features)
    names = sorted({name for name, count in seen.items() if count >= _RARE} | set(guesses))
    start = np.array([*(guesses.get(name, 0.0) for name in names), nobody])
    found = _descend(_likelihood(cases, names, start, _NOBODY_COUNTS[what]), start)
    return Weights(
        round(float(found[-1]), 3),
        {name: round(float(found[n]), 3) for n, name in enumerate(names) if abs(found[n]) >= 0.005},
    )


def try_out(cases: Sequence[Case], what: str, seed: int = 0) -> list[Party | None]:
    """What is found in each message with weights fitted on nine tenths of the messages, this one not among them."""
    fold = np.random.default_rng(seed).permutation(len(cases)) % FOLDS
    found: list[Party | None] = [None] * len(cases)
    for held in range(FOLDS):
        weights = fit([one for one, number in zip(cases, fold, strict=True) if number != held], what)
        for n in np.flatnonzero(fold == held):
            found[int(n)] = weights.best(cases[int(n)].parties)
    return found


Vector = NDArray[np.float64]
Loss = Callable[[Vector], tuple[float, Vector]]


def _likelihood(cases: Sequence[Case], names: Sequence[str], start: Vector, nobody_counts: float) -> Loss:
    """Minus the log-likelihood with its gradient; every message is a run of rows, "nobody" its last."""
    column = {name: n for n, name in enumerate(names)}
    rows, right, counts, lengths = [], [], [], []
    for one in cases:
        if not (any(one.right) or one.nobody):
            continue
        for party in one.parties:
            row = np.zeros(len(start))
            row[[column[name] for name in party.features if name in column]] = 1
            rows.append(row)
        last = np.zeros(len(start))
        last[-1] = 1
        rows.append(last)
        right += [*one.right, one.nobody]
        lengths.append(len(one.parties) + 1)
        counts.append(nobody_counts if one.nobody else 1.0)
    table, truth, weight = np.array(rows), np.array(right, dtype=float), np.array(counts)
    first = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    message = np.repeat(np.arange(len(lengths)), lengths)

    def loss(at: Vector) -> tuple[float, Vector]:
        sums = table @ at
        powers = np.exp(sums - np.maximum.reduceat(sums, first)[message])
        whole, hit = np.add.reduceat(powers, first), np.add.reduceat(powers * truth, first)
        pull = weight[message] * (powers / whole[message] - powers * truth / hit[message])
        off = at - start
        return float(
            -np.sum(weight * np.log(hit / whole)) + _HOLD / 2 * off @ off
        ), table.T @ pull + _HOLD * off

    return loss


def _descend(loss: Loss, start: Vector) -> Vector:
    from scipy.optimize import minimize  # a second to import: only for those who fit

    found: Vector = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 200}).x
    return found
