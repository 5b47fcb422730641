"""What each question learns from: the judgements of people who looked, and how a model is made of them and tried out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from anxin.clues.holding import opened_words
from anxin.clues.model_in_use import InUse
from anxin.clues.models import Correction, Telling
from anxin.clues.models_learning import LearntModel
from anxin.triage import construction, parties, training, trials, weights
from anxin.triage.reading import headed, plain
from anxin.triage.trials import Score

#: no more than the latest judgements are learnt from: minutes of work, and old words say little of new ones
_MOST = 20_000
Learnt = tuple[Score, Score, dict[str, Any]]


@dataclass(frozen=True)
class Lesson:
    """``learn``: figures of the model in use and of the new one on what it had not seen, and the new one's weights.

    It raises :class:`anxin.triage.trials.TooFewExamples`.
    """

    examples: Callable[[], Sequence[Any]]
    learn: Callable[[Sequence[Any], InUse, str], Learnt]


def _judged(field: str) -> QuerySet[Telling]:
    """What people have looked at, the latest first.

    Left out is what came with its answer (:class:`anxin.clues.intake.Given`): only a recording or a picture, or facts
    of the register. Its text is a sentence of ours, the same for yes and no, whatever a person heard in it later.
    """
    came_with_it = Correction.objects.filter(
        clue=OuterRef("clue"), field__in=("arrears", field), at=OuterRef("recorded_at")
    )
    judged = Telling.objects.filter(
        ~Exists(came_with_it),
        superseded_at__isnull=True,
        clue__looked_at__isnull=False,
        clue__arrears__isnull=False,
    )
    return judged.select_related("clue").order_by("-clue__looked_at", "-pk")


def _of_wages() -> list[training.Example]:
    return [
        training.example(*opened_words(telling), bool(telling.clue.arrears))
        for telling in _judged("arrears")[:_MOST]
    ]


def _learn_wages(examples: Sequence[training.Example], base: InUse, version: str) -> Learnt:
    before, after = training.measure(examples, base.wages), training.try_out(examples, base.wages)
    return before, after, training.train(examples, base.wages, version).as_json()


def _of_construction() -> list[weights.Judged]:
    """Only claims for wages: of others nobody asks. One that the machine took for none was never asked, but by a person."""
    said = Correction.objects.filter(clue=OuterRef("clue"), field="construction", ended_at__isnull=True)
    claims = _judged("construction").filter(Q(reading__arrears=True) | Exists(said), clue__arrears=True)
    return [_built(telling) for telling in claims[:_MOST]]


def _built(telling: Telling) -> weights.Judged:
    given, told = opened_words(telling)
    title, body = headed(plain(given), plain(told))
    strengths = construction.strengths(title + "\n" + body, parties.project(title, body))
    return weights.Judged(strengths, telling.clue.construction)


def _learn_construction(examples: Sequence[weights.Judged], base: InUse, version: str) -> Learnt:
    trials.enough([one.yes for one in examples], ("工程建设领域", "其他领域"), "欠薪来文")
    before = weights.measure(examples, base.construction)
    after = weights.try_out(examples, base.construction, construction.NAMES)
    return (
        before,
        after,
        weights.fit(examples, base.construction, construction.NAMES, version).as_json(),
    )


OF: Mapping[LearntModel.Question, Lesson] = {
    LearntModel.Question.WAGES: Lesson(_of_wages, _learn_wages),
    LearntModel.Question.CONSTRUCTION: Lesson(_of_construction, _learn_construction),
}
