"""New clues are read, matched to the register and held against earlier ones: all of them in one pass.

Everything is worked out before the transaction, which keeps other writers out and only writes. What another pass has read
meanwhile is left to it; a clue of which a person has said something meanwhile is worked out again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from anxin import triage
from anxin.clues import holding
from anxin.clues.holding import TEN_THOUSANDTHS, opened_words
from anxin.clues.masking import masked_words
from anxin.clues.model_in_use import InUse, models_in_use
from anxin.clues.models import Candidate, Likeness, Reading, Telling
from anxin.evidence import bulk
from anxin.evidence.journal import Actor, record
from anxin.kernel.money import FEN_PER_YUAN

_LONGEST_NAME = 120
_PIECE = 500
#: passes in which people may say something of the very clues that are being read; then the next task goes on
_TRIES = 5
#: what a person, or the way a clue came, has said of wages goes before the reading, in the order of the list as well
_SURE = {True: TEN_THOUSANDTHS, False: 0}
#: what a reading says and a person may say instead
_SHOWN = (
    "arrears", "construction", "people", "amount_fen", "months", "debtor", "project_name", "urgency"
)  # fmt: skip


@dataclass(frozen=True)
class Triaged:
    """What was done. ``left``: something is still to be read, because people were at work on it."""

    read: int
    wages: int
    alike: int
    left: bool = False


@dataclass(frozen=True)
class _Worked:
    """What a pass has found out of unread tellings, by clue, and what people had said until then."""

    tellings: dict[int, Telling]
    readings: dict[int, Reading]
    decided: holding.Corrected
    candidates: Sequence[Candidate]
    likenesses: Sequence[Likeness]


def triage_new(*, actor: Actor, now: dt.datetime) -> Triaged:
    """Read every clue that says something not yet read. What a person has corrected stays as it is."""
    read = wages = alike = 0
    for _ in range(_TRIES):
        tellings = _unread()
        if not tellings:
            return Triaged(read, wages, alike)
        model = models_in_use()
        done = _written(_worked_out(tellings, model, now), model, actor, now)
        read, wages, alike = read + done.read, wages + done.wages, alike + done.alike
    return Triaged(read, wages, alike, left=bool(_unread()))


def hold_again(clue_id: int, *, actor: Actor, now: dt.datetime) -> bool:
    """What a person said of whether, who or where is held against the register and earlier clues anew.

    False where people said more of it all the while: somebody must ask again.
    """
    return any(_held_once(clue_id, actor, now) for _ in range(_TRIES))


def _unread() -> list[Telling]:
    rows = Telling.objects.filter(superseded_at__isnull=True, reading__isnull=True)
    return list(rows.select_related("clue").order_by("clue_id"))


def _worked_out(tellings: Sequence[Telling], model: InUse, now: dt.datetime) -> _Worked:
    """Reading takes a millisecond each, holding against the others some seconds for thousands."""
    by_clue = {telling.clue_id: telling for telling in tellings}
    decided = holding.corrected(by_clue)
    readings = {pk: _reading(telling, model, now) for pk, telling in by_clue.items()}
    clues = [telling.clue for telling in by_clue.values()]
    for clue in clues:
        reading = readings[clue.pk]
        clue.score = _SURE[bool(clue.arrears)] if (clue.pk, "arrears") in decided else reading.score
        for name in _SHOWN:
            if (clue.pk, name) not in decided:
                setattr(clue, name, getattr(reading, name))
    candidates = holding.match(clues, decided, now)
    return _Worked(by_clue, readings, decided, candidates, holding.alike(by_clue, model.dispute, now))


def _written(worked: _Worked, model: InUse, actor: Actor, now: dt.datetime) -> Triaged:
    """Keep what still stands: unread until now, and nobody has said more of it."""
    with transaction.atomic():
        holding.locked(worked.tellings)
        standing = _still_unread(worked.tellings.values()) - holding.moved(worked.tellings, worked.decided)
        if not standing:
            return Triaged(0, 0, 0)
        clues = [worked.tellings[pk].clue for pk in sorted(standing)]
        Reading.objects.bulk_create([worked.readings[clue.pk] for clue in clues], batch_size=_PIECE)
        bulk.update(clues, (*_SHOWN, "score", "employer_id", "project_id"))
        alike = holding.write(standing, worked.candidates, worked.likenesses)
        done = Triaged(len(clues), sum(bool(clue.arrears) for clue in clues), alike)
        record(
            actor=actor,
            action="clues.read",
            object_type="clue",
            object_id="",
            summary=f"判读线索{done.read}条，其中欠薪{done.wages}条，提示可能重复{done.alike}对",
            after={
                "read": done.read,
                "wages": done.wages,
                "alike": done.alike,
                "model": model.wages.version,
                "construction_model": model.construction.version,
                "dispute_model": model.dispute.version,
            },
            now=now,
        )
    return done


def _still_unread(tellings: Iterable[Telling]) -> set[int]:
    """The clues of those that no other pass has read and no other telling has replaced; their clues are locked."""
    found: set[int] = set()
    for piece in bulk.chunks([telling.pk for telling in tellings]):
        rows = Telling.objects.filter(pk__in=piece, superseded_at__isnull=True, reading__isnull=True)
        found.update(rows.values_list("clue_id", flat=True))
    return found


def _held_once(clue_id: int, actor: Actor, now: dt.datetime) -> bool:
    rows = Telling.objects.filter(superseded_at__isnull=True).select_related("clue")
    telling = rows.get(clue=clue_id)
    clue, decided = telling.clue, holding.corrected([clue_id])
    candidates = holding.match([clue], decided, now)
    likenesses = holding.alike({clue_id: telling}, models_in_use().dispute, now)
    with transaction.atomic():
        holding.locked([clue_id])
        if holding.moved([clue_id], decided) or not rows.filter(pk=telling.pk).exists():
            return False
        clue.save(update_fields=["employer_id", "project_id"])
        alike = holding.write([clue_id], candidates, likenesses)
        record(
            actor=actor,
            action="clue.held_again",
            object_type="clue",
            object_id=clue.pk,
            summary=f"{clue}更正后重新对应登记名称，提示可能重复{alike}对",
            after={"employer": clue.employer_id, "project": clue.project_id, "alike": alike},
            now=now,
        )
    return True


def _reading(telling: Telling, model: InUse, now: dt.datetime) -> Reading:
    title, text = opened_words(telling)
    found = triage.read(title, text, model.wages, model.construction)
    return Reading(
        telling=telling,
        model_version=model.wages.version[:40],
        read_at=now,
        arrears=found.arrears,
        score=round(found.score * TEN_THOUSANDTHS),
        construction=found.construction,
        people=found.people,
        amount_fen=None if found.amount_yuan is None else int(found.amount_yuan * FEN_PER_YUAN),
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
