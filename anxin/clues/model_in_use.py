"""Which models read: the bureau's own where one was put in use, else those that come with the product."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from anxin.clues.models_learning import LearntModel
from anxin.triage import construction, likeness
from anxin.triage.model import Model, from_json, shipped
from anxin.triage.weights import Weights

_Read = TypeVar("_Read")
Question = LearntModel.Question


@dataclass(frozen=True)
class InUse:
    """What answers each question of a clue."""

    wages: Model
    construction: Weights
    dispute: Weights

    def version(self, question: str) -> str:
        by_question: Mapping[str, Model | Weights] = {
            Question.WAGES: self.wages,
            Question.CONSTRUCTION: self.construction,
            Question.DISPUTE: self.dispute,
        }
        return by_question[question].version


def models_in_use() -> InUse:
    """What reads new clues; one query for all questions."""
    rows = LearntModel.objects.filter(state=LearntModel.State.USED, weights__isnull=False)
    used = dict(rows.values_list("question", "weights"))
    return InUse(
        _known(used.get(Question.WAGES), from_json, shipped()),
        _known(used.get(Question.CONSTRUCTION), construction.NAMES.from_json, construction.SHIPPED),
        _known(used.get(Question.DISPUTE), likeness.NAMES.from_json, likeness.shipped()),
    )


def current_model() -> Model:
    """What tells whether wages are owed."""
    return models_in_use().wages


def _known(
    weights: Mapping[str, Any] | None, parse: Callable[[Mapping[str, Any]], _Read], ours: _Read
) -> _Read:
    """A newer program may no longer know one of the signs: until a new model is trained, the shipped one reads."""
    try:
        return ours if weights is None else parse(weights)
    except ValueError:
        return ours
