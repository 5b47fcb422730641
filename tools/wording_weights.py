"""Fit the weights by which a complaint's wording is told (anxin/triage/wording.json), and say how well "wages owed" does on new texts.

    python tools/wording_weights.py [--without FILE.yaml ...] [--write]

It learns from the invented texts of tests/triage, and from the real ones where they are at hand (ANXIN_SHARED_DATA). First it prints what ten folds
give, with the wording's weights and without them: the signs were mended on the same texts, so only texts left out by ``--without`` say what both are worth.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from anxin.triage import wording
from anxin.triage.model import shipped
from anxin.triage.wages import signs_of
from tests.triage.labelled import Judged, judged

#: letters and pairs in fewer texts are left out, and of the others all but so many that matter most
_FEWEST_TEXTS, _KEPT = 5, 3000
#: how freely the weights may grow
_FREE = 10.0
#: how much the wording counts beside the signs, and how far it leans towards wages: without any sign these say no with 4.8
_SHARE, _LEAN = 2.0, 3.0


def fit(messages: Sequence[Judged]) -> wording.Weights:
    """Weights of letters and pairs; claims and other messages count alike, however many of either there are."""
    owed = [one.arrears for one in messages]
    reader = TfidfVectorizer(
        analyzer=lambda text: list(wording.letters(text)),
        min_df=_FEWEST_TEXTS,
        sublinear_tf=True,
        use_idf=False,
    )
    table = reader.fit_transform([one.whole for one in messages])
    first = _logistic().fit(table, owed)
    matters = np.abs(first.coef_[0]) * np.sqrt(np.asarray((table > 0).sum(axis=0)).ravel())
    kept = sorted(np.argsort(-matters)[:_KEPT])
    names = reader.get_feature_names_out()[kept]
    shorter = TfidfVectorizer(
        analyzer=lambda text: list(wording.letters(text)), vocabulary=names, sublinear_tf=True, use_idf=False
    )
    fitted = _logistic().fit(shorter.fit_transform([one.whole for one in messages]), owed)
    weights = {
        str(name): round(_SHARE * float(one), 2) for name, one in zip(names, fitted.coef_[0], strict=True)
    }
    return wording.Weights(round(_SHARE * float(fitted.intercept_[0]) + _LEAN, 3), weights)


def _logistic() -> LogisticRegression:
    return LogisticRegression(C=_FREE, class_weight="balanced", solver="liblinear")


def try_out(messages: Sequence[Judged]) -> NDArray[np.float64]:
    """What the wording tells of each message, by weights fitted on nine tenths of the others."""
    groups = [f"{one.where} {one.arrears}" for one in messages]
    told = np.zeros(len(messages))
    for seen, unseen in StratifiedKFold(10, shuffle=True, random_state=0).split(groups, groups):
        weights = fit([messages[n] for n in seen])
        told[unseen] = [wording.tells(messages[n].whole, weights) for n in unseen]
    return told


def signs_alone(messages: Sequence[Judged]) -> NDArray[np.float64]:
    """The log odds by the named signs, each message's wording left aside."""
    model = shipped()
    return np.array(
        [
            model.intercept
            + model.weighed([sign for sign in signs_of(one.title, one.body) if sign.name != "wording"])
            for one in messages
        ]
    )


def report(messages: Sequence[Judged], told: NDArray[np.float64]) -> Mapping[str, tuple[float, float]]:
    """F1 by set: with the wording, and by the signs alone."""
    alone, owed = signs_alone(messages), np.array([one.arrears for one in messages])
    found = {}
    for where in dict.fromkeys(one.where for one in messages):
        here = np.array([one.where == where for one in messages])
        found[where] = (_f1(owed[here], (alone + told)[here]), _f1(owed[here], alone[here]))
        print(f"{where}: {found[where][0]:.2f} (signs alone {found[where][1]:.2f})")
    return found


def _f1(owed: NDArray[np.bool_], odds: NDArray[np.float64]) -> float:
    return float(2 * (owed & (odds > 0)).sum() / (owed.sum() + (odds > 0).sum()))


def main(arguments: Sequence[str]) -> None:
    messages = judged()
    learnt_from = [one for one in messages if one.where not in arguments]
    left_out = [one for one in messages if one.where in arguments]
    weights = fit(learnt_from)
    if left_out:
        report(left_out, np.array([wording.tells(one.whole, weights) for one in left_out]))
    else:
        report(learnt_from, try_out(learnt_from))
    if "--write" in arguments:
        data = {"intercept": weights.intercept, "letters": weights.letters}
        wording.SHIPPED.write_text(json.dumps(data, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
