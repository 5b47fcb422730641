"""Clues held against the register and against each other: worked out first, written afterwards.

Working out reads and unseals what the last months have said and takes seconds for a long list; writing takes moments. So
nobody waits for the database while it is worked out, and :func:`standing` tells afterwards what has moved meanwhile.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from django.db.models import Q, QuerySet
from django.utils import timezone

from anxin import triage
from anxin.clues.intake import WAGE_MONTH
from anxin.clues.masking import masked_words
from anxin.clues.matching import Match, Said, match_employers, match_projects
from anxin.clues.models import Candidate, Clue, Correction, Likeness, Telling
from anxin.evidence import bulk
from anxin.evidence.sealing import Sealed
from anxin.kernel.money import FEN_PER_YUAN
from anxin.kernel.months import Month
from anxin.triage.weights import Weights

#: clues of so many days are held against each other
DAYS = 180
#: how much speaks for one dispute, and how likely it is wages: stored as whole numbers
_THOUSANDTHS, TEN_THOUSANDTHS = 1000, 10_000
_PIECE = 500
#: how many months a clue may be about that does not say it
_UNSAID = 6
_WARNED = "同一个项目、同一月份的工资预警"

#: clue and field → the correction that a person's word is; another one is another word
Corrected = Mapping[tuple[int, str], int]


def corrected(clue_ids: Iterable[int]) -> dict[tuple[int, str], int]:
    """Which fields of which clues a person has decided on."""
    found: dict[tuple[int, str], int] = {}
    for piece in bulk.chunks(clue_ids):
        rows = Correction.objects.filter(clue__in=piece, ended_at__isnull=True)
        found.update(((clue, field), pk) for clue, field, pk in rows.values_list("clue_id", "field", "pk"))
    return found


def locked(clue_ids: Collection[int]) -> None:
    """Nobody corrects these clues until the caller's transaction ends; always in the same order."""
    for piece in bulk.chunks(sorted(clue_ids)):
        rows = Clue.objects.select_for_update().filter(pk__in=piece).order_by("pk")
        list(rows.values_list("pk"))


def moved(clue_ids: Collection[int], then: Corrected) -> set[int]:
    """Of locked clues those of which a person has said something else since ``then``."""
    now = corrected(clue_ids)
    return {
        clue for clue, field in now.keys() | then.keys() if now.get((clue, field)) != then.get((clue, field))
    }


def match(clues: Sequence[Clue], decided: Corrected, now: dt.datetime) -> list[Candidate]:
    """What the names in these clues may mean. One alone is taken where it fits for certain and nobody has decided.

    The clues are given what is taken; nothing is written.
    """
    candidates: list[Candidate] = []
    parties: tuple[tuple[str, str, Callable[[Iterable[Said]], Mapping[Said, list[Match]]]], ...] = (
        ("employer", "debtor", match_employers),
        ("project", "project_name", match_projects),
    )
    for about, named, look_up in parties:
        said = {clue.pk: (getattr(clue, named), clue.region_id) for clue in clues if clue.arrears}
        found = look_up({one for one in said.values() if one[0]})
        for clue in clues:
            matches = found.get(said[clue.pk], []) if clue.pk in said else []
            if (clue.pk, about) not in decided:
                alone = len(matches) == 1 and matches[0].certain
                setattr(clue, f"{about}_id", matches[0].pk if alone else None)
            candidates += [
                Candidate(clue=clue, why=one.why[:200], found_at=now, **{f"{about}_id": one.pk})
                for one in matches
            ]
    return candidates


def alike(new: Mapping[int, Telling], weights: Weights, now: dt.datetime) -> list[Likeness]:
    """Claims, by clue, held against each other and those of the last months; nothing is written.

    A list of former years is compared within itself. Claims further apart than the window are not one dispute.
    """
    window = dt.timedelta(days=DAYS)
    recent = claims_told().filter(clue__received_at__gte=now - window)
    tellings = [one for one in recent if one.clue_id not in new]
    tellings += [one for one in new.values() if one.clue.arrears]
    tellings.sort(key=lambda one: one.clue_id)
    messages = messages_of(tellings)
    ids = [one.clue_id for one in tellings]
    came = [one.clue.received_at for one in tellings]
    found = {
        (ids[pair.first], ids[pair.second]): Likeness(
            first_id=ids[pair.first],
            second_id=ids[pair.second],
            score=round(pair.score * _THOUSANDTHS),
            reasons=[masked_words(reason) for reason in pair.reasons],
            proposed_at=now,
        )
        for pair in triage.pairs(messages, weights)
        if new.keys() & {ids[pair.first], ids[pair.second]}
        and abs(came[pair.first] - came[pair.second]) <= window
    }
    for first, second in warned_of(tellings):
        if new.keys() & {first, second}:
            alone = Likeness(
                first_id=first, second_id=second, score=_THOUSANDTHS, proposed_at=now, reasons=[]
            )
            found.setdefault((first, second), alone).reasons.append(_WARNED)
    return list(found.values())


def claims_told() -> QuerySet[Telling]:
    """What is told in clues about wages, with the clue."""
    return Telling.objects.filter(superseded_at__isnull=True, clue__arrears=True).select_related("clue")


def messages_of(tellings: Iterable[Telling]) -> list[triage.Message]:
    """As they are held against each other: the words, and the clue as it stands; the key is the clue's."""
    return [triage.Message(str(one.clue_id), *opened_words(one), _as_read(one.clue)) for one in tellings]


def warned_of(tellings: Iterable[Telling]) -> list[tuple[int, int]]:
    """Pairs of a warning's clue and what somebody told of the same project and months, each with the earlier key first.

    The words of a warning are the machine's own and may not be like those of a worker: here the project decides, which
    both name for certain, and the month of the warning lies within those that the worker's clue is about (those before it
    came in; six where it does not say how many).
    """
    by_project: dict[int, list[Telling]] = defaultdict(list)
    for one in tellings:
        if one.clue.project_id is not None:
            by_project[one.clue.project_id].append(one)
    return [
        (min(one.clue_id, other.clue_id), max(one.clue_id, other.clue_id))
        for told in by_project.values()
        for one in told
        if one.clue.channel == Clue.Channel.SWEEP and WAGE_MONTH in one.said
        for other in told
        if other.clue.channel != Clue.Channel.SWEEP and one.said[WAGE_MONTH] in _months(other.clue)
    ]


def _months(clue: Clue) -> set[str]:
    """The months that it is about: as many as it says up to the one it came in."""
    last = Month.of(timezone.localtime(clue.received_at).date())
    return {str(last.plus(-back)) for back in range((clue.months or _UNSAID) + 1)}


def write(clue_ids: Collection[int], candidates: Iterable[Candidate], likenesses: Iterable[Likeness]) -> int:
    """Keep what was worked out of these clues, and no other; returns how many pairs are new.

    What a person has decided of a pair stays decided.
    """
    mine = set(clue_ids)
    for piece in bulk.chunks(mine):
        Candidate.objects.filter(clue__in=piece).delete()
        # what was proposed of words that have changed since
        stale = Q(first__in=piece) | Q(second__in=piece)
        Likeness.objects.filter(stale, state=Likeness.State.PROPOSED).delete()
    Candidate.objects.bulk_create((one for one in candidates if one.clue_id in mine), batch_size=_PIECE)
    before = Likeness.objects.count()
    fresh = [one for one in likenesses if mine & {one.first_id, one.second_id}]
    Likeness.objects.bulk_create(fresh, batch_size=_PIECE, ignore_conflicts=True)
    return Likeness.objects.count() - before


def opened_words(telling: Telling) -> tuple[str, str]:
    """Title and text, unsealed, for reading by the machine."""
    title, text = telling.title, telling.text
    assert isinstance(title, Sealed)  # what SealedField gives back
    assert isinstance(text, Sealed)
    return title.open(), text.open()


def _as_read(clue: Clue) -> triage.Reading:
    """The clue as it stands, a person's words before the machine's."""
    yuan = None if clue.amount_fen is None else clue.amount_fen // FEN_PER_YUAN
    return triage.Reading(
        bool(clue.arrears), clue.score / TEN_THOUSANDTHS, clue.construction, clue.people, yuan, clue.months,
        clue.debtor or None, clue.project_name or None, None, clue.urgency, (),
    )  # fmt: skip
