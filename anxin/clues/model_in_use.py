"""Which model reads: the bureau's own where one was put in use, else the one that comes with the product."""

from __future__ import annotations

from anxin.clues.models_learning import LearntModel
from anxin.triage.model import Model, from_json, shipped


def current_model() -> Model:
    """The model that reads new clues: the one in use, else the shipped one."""
    used = LearntModel.objects.filter(state=LearntModel.State.USED).first()
    if used is None or used.weights is None:
        return shipped()
    try:
        return from_json(used.weights)
    except ValueError:
        # a newer program no longer knows one of its signs; until a new one is trained the shipped model reads
        return shipped()
