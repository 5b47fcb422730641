"""New clues are read, matched to the register and held against earlier ones: all of them in one pass."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from anxin import triage
from anxin.clues.masking import masked_words
from anxin.clues.matching import Match, match_employers, match_projects
from anxin.clues.model_in_use import current_model
from anxin.clues.models import Candidate, Clue, Correction, Likeness, Reading, Telling
from anxin.evidence import bulk
from anxin.evidence.journal import Actor, record
from anxin.evidence.sealing import Sealed
from anxin.kernel.money import FEN_PER_YUAN
from anxin.triage.model import Model

#: clues of so many days are held against each other
DAYS = 180
#: how much speaks for one dispute, and how likely it is wages: stored as whole numbers
_THOUSANDTHS, _TEN_THOUSANDTHS = 1000, 10_000
_LONGEST_NAME = 120
_PIECE = 500
#: what a person, or the way a clue came, has said of wages goes before the reading, in the order of the list as well
_SURE = {True: _TEN_THOUSANDTHS, False: 0}
#: what a reading says and a person may say instead
_SHOWN = (
    "arrears", "construction", "people", "amount_fen", "months", "debtor", "project_name", "urgency"
)  # fmt: skip


@dataclass(frozen=True)
class Triaged:
    """What one pass did."""

    read: int
    wages: int
    alike: int


def triage_new(*, actor: Actor, now: dt.datetime) -> Triaged:
    """Read every clue that says something not yet read. What a person has corrected stays as it is."""
    tellings = list(
        Telling.objects.filter(superseded_at__isnull=True, reading__isnull=True)
        .select_related("clue")
        .order_by("clue_id")
    )
    if not tellings:
        return Triaged(0, 0, 0)
    # Reading takes a millisecond each: done before the transaction, which keeps other writers out.
    model = current_model()
    readings = [_reading(telling, model, now) for telling in tellings]
    with transaction.atomic():
        Reading.objects.bulk_create(readings, batch_size=_PIECE, ignore_conflicts=True)
        corrected = _corrected(telling.clue_id for telling in tellings)
        clues = [telling.clue for telling in tellings]
        for clue, reading in zip(clues, readings, strict=True):
            known = (clue.pk, "arrears") in corrected
            clue.score = _SURE[bool(clue.arrears)] if known else reading.score
            for name in _SHOWN:
                if (clue.pk, name) not in corrected:
                    setattr(clue, name, getattr(reading, name))
        _match(clues, corrected, now)
        bulk.update(clues, (*_SHOWN, "score", "employer_id", "project_id"))
        alike = _propose({clue.pk for clue in clues}, Q(reading__read_at=now), now)
        done = Triaged(len(clues), sum(bool(clue.arrears) for clue in clues), alike)
        record(
            actor=actor,
            action="clues.read",
            object_type="clue",
            object_id="",
            summary=f"判读线索{done.read}条，其中欠薪{done.wages}条，提示可能重复{done.alike}对",
            after={"read": done.read, "wages": done.wages, "alike": done.alike, "model": model.version},
            now=now,
        )
    return done


def hold_again(clue_id: int, *, actor: Actor, now: dt.datetime) -> None:
    """What a person said of whether, who or where is held against the register and earlier clues anew."""
    with transaction.atomic():
        clue = Clue.objects.select_for_update().get(pk=clue_id)
        _match([clue], _corrected([clue.pk]), now)
        clue.save(update_fields=["employer_id", "project_id"])
        alike = _propose({clue.pk}, Q(clue=clue), now)
        record(
            actor=actor,
            action="clue.held_again",
            object_type="clue",
            object_id=clue.pk,
            summary=f"{clue}更正后重新对应登记名称，提示可能重复{alike}对",
            after={"employer": clue.employer_id, "project": clue.project_id, "alike": alike},
            now=now,
        )


def _reading(telling: Telling, model: Model, now: dt.datetime) -> Reading:
    title, text = opened_words(telling)
    found = triage.read(title, text, model)
    return Reading(
        telling=telling,
        model_version=model.version[:40],
        read_at=now,
        arrears=found.arrears,
        score=round(found.score * _TEN_THOUSANDTHS),
        construction=found.construction,
        people=found.people,
        amount_fen=None if found.amount_yuan is None else found.amount_yuan * FEN_PER_YUAN,
        months=found.months,
        debtor=masked_words(found.debtor or "")[:_LONGEST_NAME],
        project_name=masked_words(found.project or "")[:_LONGEST_NAME],
        place=masked_words(found.place or "")[:_LONGEST_NAME],
        urgency=found.urgency,
        reasons=[
            {"about": reason.about, "says": reason.says, "words": masked_words(reason.words)}
            for reason in found.reasons
        ],
    )


def opened_words(telling: Telling) -> tuple[str, str]:
    """Title and text, unsealed, for reading by the machine."""
    title, text = telling.title, telling.text
    assert isinstance(title, Sealed)  # what SealedField gives back
    assert isinstance(text, Sealed)
    return title.open(), text.open()


def _corrected(clue_ids: Iterable[int]) -> set[tuple[int, str]]:
    """Which fields of which clues a person has decided on."""
    found: set[tuple[int, str]] = set()
    for piece in bulk.chunks(clue_ids):
        rows = Correction.objects.filter(clue__in=piece, ended_at__isnull=True)
        found.update(rows.values_list("clue_id", "field"))
    return found


def _match(clues: Sequence[Clue], corrected: set[tuple[int, str]], now: dt.datetime) -> None:
    """What may be meant is kept; it is taken where one alone fits for certain and nobody has decided."""
    candidates: list[Candidate] = []
    parties: tuple[tuple[str, str, Callable[[Iterable[str]], Mapping[str, list[Match]]]], ...] = (
        ("employer", "debtor", match_employers),
        ("project", "project_name", match_projects),
    )
    for about, named, look_up in parties:
        found = look_up({getattr(clue, named) for clue in clues if clue.arrears and getattr(clue, named)})
        for clue in clues:
            matches = found.get(getattr(clue, named), []) if clue.arrears else []
            if (clue.pk, about) not in corrected:
                alone = len(matches) == 1 and matches[0].certain
                setattr(clue, f"{about}_id", matches[0].pk if alone else None)
            candidates += [
                Candidate(clue=clue, why=match.why[:200], found_at=now, **{f"{about}_id": match.pk})
                for match in matches
            ]
    for piece in bulk.chunks([clue.pk for clue in clues]):
        Candidate.objects.filter(clue__in=piece).delete()
    Candidate.objects.bulk_create(candidates, batch_size=_PIECE)


def _propose(new: set[int], what_they_say: Q, now: dt.datetime) -> int:
    """New claims held against each other and those of the last months; what a person has decided stays decided.

    A list of former years is compared within itself. Claims further apart than the window are not one dispute.
    """
    window = dt.timedelta(days=DAYS)
    recent = Q(clue__received_at__gte=now - window)
    tellings = list(
        Telling.objects.filter(recent | what_they_say, superseded_at__isnull=True, clue__arrears=True)
        .select_related("clue")
        .order_by("clue_id")
    )
    messages = [triage.Message(str(one.clue_id), *opened_words(one), _as_read(one.clue)) for one in tellings]
    ids = [one.clue_id for one in tellings]
    came = [one.clue.received_at for one in tellings]
    likenesses = [
        Likeness(
            first_id=ids[pair.first],
            second_id=ids[pair.second],
            score=round(pair.score * _THOUSANDTHS),
            reasons=[masked_words(reason) for reason in pair.reasons],
            proposed_at=now,
        )
        for pair in triage.pairs(messages)
        if new & {ids[pair.first], ids[pair.second]} and abs(came[pair.first] - came[pair.second]) <= window
    ]
    for piece in bulk.chunks(new):
        # what was proposed of words that have changed since
        stale = Q(first__in=piece) | Q(second__in=piece)
        Likeness.objects.filter(stale, state=Likeness.State.PROPOSED).delete()
    before = Likeness.objects.count()
    Likeness.objects.bulk_create(likenesses, batch_size=_PIECE, ignore_conflicts=True)
    return Likeness.objects.count() - before


def _as_read(clue: Clue) -> triage.Reading:
    """The clue as it stands, a person's words before the machine's."""
    yuan = None if clue.amount_fen is None else clue.amount_fen // FEN_PER_YUAN
    return triage.Reading(
        bool(clue.arrears), clue.score / _TEN_THOUSANDTHS, clue.construction, clue.people, yuan, clue.months,
        clue.debtor or None, clue.project_name or None, None, clue.urgency, (),
    )  # fmt: skip
