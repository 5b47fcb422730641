"""What each question learns from: the judgements of people who looked, and how a model is made of them and tried out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from anxin.clues.holding import DAYS, claims_told, messages_of, opened_words
from anxin.clues.model_in_use import InUse
from anxin.clues.models import Clue, Correction, Likeness, Telling
from anxin.clues.models_learning import LearntModel
from anxin.triage import construction, disputes, likeness, parties, training, trials, weights
from anxin.triage.reading import headed, plain
from anxin.triage.trials import Score

#: no more than the latest judgements are learnt from: minutes of work, and old words say little of new ones
_MOST, _MOST_PAIRS = 20_000, 5_000
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


@dataclass(frozen=True)
class _JudgedPair(weights.Judged):
    """``dispute``: the same for pairs that hang together by what people merged or kept apart."""

    dispute: int


def _of_disputes() -> list[_JudgedPair]:
    """Pairs that people merged or kept apart, with what the machine sees in them among the claims of that time.

    Left out are warnings, whose words are our own, and what the weights do not decide: the same text sent twice, two
    that share nothing.
    """
    decided = Likeness.objects.exclude(state=Likeness.State.PROPOSED).exclude(
        Q(first__channel=Clue.Channel.SWEEP) | Q(second__channel=Clue.Channel.SWEEP)
    )
    rows = decided.order_by("-pk").values_list("first_id", "second_id", "state")[:_MOST_PAIRS]
    said = {(first, second): state == Likeness.State.MERGED for first, second, state in rows}
    if not said:
        return []
    messages = messages_of(_claims_about({clue for pair in said for clue in pair}))
    groups = _hanging_together(said)
    keys = [int(message.key) for message in messages]
    found = ((keys[each.first], keys[each.second], each.signs) for each in disputes.weighed(messages))
    return [
        _JudgedPair(signs.strengths, said[first, second], groups[first])
        for first, second, signs in found
        if signs is not None and (first, second) in said
    ]


def _claims_about(clues: Collection[int]) -> list[Telling]:
    """The claims of these clues among all that came in no more than the window before the last of them.

    A name tells two disputes apart only as far as few claims have it.
    """
    latest = Clue.objects.filter(pk__in=clues).aggregate(latest=Max("received_at"))["latest"]
    around = Q(clue__in=clues) | Q(clue__received_at__gte=latest - dt.timedelta(days=DAYS))
    return list(claims_told().filter(around).order_by("clue_id"))


def _hanging_together(pairs: Collection[tuple[int, int]]) -> dict[int, int]:
    """For each clue a number, the same for all that hang together by these pairs."""
    from scipy.sparse import coo_matrix  # a second to import: only for those who train
    from scipy.sparse.csgraph import connected_components

    place = {clue: n for n, clue in enumerate(sorted({clue for pair in pairs for clue in pair}))}
    first, second = zip(*((place[one], place[other]) for one, other in pairs), strict=True)
    links = coo_matrix(([1] * len(pairs), (first, second)), shape=(len(place), len(place)))
    _, groups = connected_components(links, directed=False)
    return dict(zip(place, groups.tolist(), strict=True))


def _learn_disputes(examples: Sequence[_JudgedPair], base: InUse, version: str) -> Learnt:
    trials.enough([one.yes for one in examples], ("同一件事", "不是同一件事"), "线索", unit="对")
    before = weights.measure(examples, base.dispute)
    groups = [one.dispute for one in examples]
    after = weights.try_out(examples, base.dispute, likeness.NAMES, groups)
    return before, after, weights.fit(examples, base.dispute, likeness.NAMES, version).as_json()


OF: Mapping[LearntModel.Question, Lesson] = {
    LearntModel.Question.WAGES: Lesson(_of_wages, _learn_wages),
    LearntModel.Question.CONSTRUCTION: Lesson(_of_construction, _learn_construction),
    LearntModel.Question.DISPUTE: Lesson(_of_disputes, _learn_disputes),
}
