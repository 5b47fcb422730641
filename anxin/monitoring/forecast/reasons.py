"""Why the chance of a miss is as high as it is, in sentences with values."""

from __future__ import annotations

from anxin.monitoring.forecast.inputs import INPUTS, vector
from anxin.monitoring.forecast.model import Model
from anxin.monitoring.forecast.money import Row

#: strongest reasons that are told
REASONS = 3


def reasons(model: Model, row: Row) -> list[str]:
    """Sentences on the inputs that raise the chance most above the average case, the strongest first; none twice."""
    weights = model.contributions([vector(row)])[0].tolist()
    told: list[str] = []
    for weight, one in sorted(zip(weights, INPUTS, strict=True), key=lambda pair: -pair[0]):
        sentence = one.say(row)
        if weight > 0 and sentence and sentence not in told:
            told.append(sentence)
    return told[:REASONS]
