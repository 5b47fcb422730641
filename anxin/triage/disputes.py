"""Which messages are about the same dispute: proposed with reasons, never against an identity number.

Two messages are compared only where they read alike, where one names what the other's claim is about, or where both have a
run of letters like a name that few have, so that ten thousand take seconds. How they are weighed: :mod:`anxin.triage.likeness`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from anxin.kernel.identifiers import find_id_numbers
from anxin.triage import likeness
from anxin.triage.likeness import Side, Signs
from anxin.triage.reading import Reading, headed
from anxin.triage.traits import Traits, traits
from anxin.triage.weights import Weights

#: at least this much speaks for one dispute
PROPOSED = 1.5
#: so much alike that they are compared; so much that the texts alone say so
_ALIKE, _VERY_ALIKE = 0.1, 0.4
#: a piece of a name in more messages than this tells nothing apart
_COMMON = 8
#: so many pieces of names in common are enough to compare, where none of them is in a title
_PIECES_ENOUGH = 3
#: claims of one district compared by debtor's name: of more, the last
_MOST_OF_A_DISTRICT = 400
#: messages compared at a time, which bounds the memory
_BLOCK = 512


@dataclass(frozen=True)
class Message:
    """A message with its reading."""

    key: str
    title: str
    body: str
    reading: Reading


@dataclass(frozen=True)
class Pair:
    """Two messages, by position in the list, that seem to be about one dispute, and why."""

    first: int
    second: int
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Compared:
    """Two messages that are worth comparing, with the likeness of their texts, 0 to 1; ``signs``: ``None`` where neither is about wages."""

    first: int
    second: int
    alike: float
    one: Side
    other: Side
    signs: Signs | None


def compared(messages: Sequence[Message]) -> Iterator[Compared]:
    """Every two messages that may be one dispute, but those of different people by their identity numbers."""
    texts = [headed(message.title, message.body) for message in messages]
    known = [traits(*text, message.reading) for text, message in zip(texts, messages, strict=True)]
    sides = [Side(message.reading, one) for message, one in zip(messages, known, strict=True)]
    alike = _alike([f"{title} {title} {body[:800]}" for title, body in texts])
    mentions = _standing(known, frozenset().union(*(one.owing | one.sites for one in known)), 1)
    rare = _standing(known, frozenset().union(*(one.pieces for one in known)), 2)
    wages = [position for position, message in enumerate(messages) if message.reading.arrears]
    candidates = set(alike) | _mentioning(mentions, known, wages) | _of_one_district(known, wages)
    candidates |= set(_named_alike(rare, known, wages)) | _of_one_sum(messages, wages)
    for first, second in sorted(candidates):
        if _conflict(known[first].identities, known[second].identities):
            continue
        one, other, cosine = sides[first], sides[second], alike.get((first, second), 0.0)
        of_wages = one.reading.arrears or other.reading.arrears or cosine >= _VERY_ALIKE
        signs = likeness.signs_of(one, other, cosine, mentions, rare) if of_wages else None
        yield Compared(first, second, cosine, one, other, signs)


def weighed(messages: Sequence[Message]) -> Iterator[Compared]:
    """Those of :func:`compared` that the weights decide: wages in one at least, and not so alike that the texts alone say so."""
    return (each for each in compared(messages) if each.signs is not None and each.alike < _VERY_ALIKE)


def pairs(messages: Sequence[Message], weights: Weights | None = None) -> list[Pair]:
    """The pairs that are proposed as one dispute, the surest first."""
    if len(messages) < 2:
        return []
    weights = weights or likeness.shipped()
    found = (_judged(each, weights) for each in compared(messages))
    return sorted(
        (pair for pair in found if pair.score >= PROPOSED),
        key=lambda pair: (-pair.score, pair.first, pair.second),
    )


def clusters(messages: Sequence[Message], weights: Weights | None = None) -> list[int]:
    """For each message the position of the first message of its dispute.

    Pairs are joined from the surest on; a join that would bring different identity numbers together is left out.
    """
    lead = list(range(len(messages)))
    members = {position: [position] for position in lead}
    identities = [set(find_id_numbers(one.title + one.body)) for one in messages]
    for pair in pairs(messages, weights):
        first, second = sorted((lead[pair.first], lead[pair.second]))
        if first == second or _conflict(identities[first], identities[second]):
            continue
        for position in members.pop(second):
            lead[position] = first
            members[first].append(position)
        identities[first] |= identities[second]
    return lead


def _conflict(first: set[str] | frozenset[str], second: set[str] | frozenset[str]) -> bool:
    """Whether both name people and not the same ones."""
    return bool(first and second and first != second)


def _standing(known: Sequence[Traits], pieces: frozenset[str], fewest: int) -> Mapping[str, list[int]]:
    """For each piece of a name the messages whose text has it, as a name or within other words, where they are few."""
    found: dict[str, list[int]] = defaultdict(list)
    for position, one in enumerate(known):
        grams = {
            one.text[start : start + size] for size in (2, 3) for start in range(len(one.text) - size + 1)
        }
        for piece in grams & pieces:
            found[piece].append(position)
    return {piece: positions for piece, positions in found.items() if fewest <= len(positions) <= _COMMON}


def _named_alike(
    rare: Mapping[str, list[int]], known: Sequence[Traits], wages: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Pairs, one of them about wages, that share a rare piece of a title or of a debtor's name, or several others."""
    claims = set(wages)
    counted: dict[tuple[int, int], int] = defaultdict(int)
    for piece, positions in rare.items():
        for pair in combinations(positions, 2):
            named = piece in known[pair[0]].pieces or piece in known[pair[1]].pieces
            if named and (pair[0] in claims or pair[1] in claims):
                heads = piece in known[pair[0]].headed or piece in known[pair[1]].headed
                counted[pair] += _PIECES_ENOUGH if heads else 1
    return (pair for pair, count in counted.items() if count >= _PIECES_ENOUGH)


def _mentioning(
    mentions: Mapping[str, list[int]], traits: Sequence[Traits], wages: Sequence[int]
) -> set[tuple[int, int]]:
    claims = set(wages)
    return {
        (min(mine, other), max(mine, other))
        for mine in wages
        for piece in traits[mine].owing | traits[mine].sites
        for other in mentions.get(piece, ())
        if other != mine and other in claims
    }


def _of_one_sum(messages: Sequence[Message], wages: Sequence[int]) -> set[tuple[int, int]]:
    """Claims of as many people for as much money, however differently they are told."""
    by_sum: dict[tuple[object, object], list[int]] = defaultdict(list)
    for position in wages:
        reading = messages[position].reading
        if reading.people and reading.amount_yuan:
            by_sum[(reading.people, reading.amount_yuan)].append(position)
    groups = (positions for positions in by_sum.values() if len(positions) <= _COMMON)
    return {pair for positions in groups for pair in combinations(positions, 2)}


def _of_one_district(traits: Sequence[Traits], wages: Sequence[int]) -> set[tuple[int, int]]:
    by_district: dict[str, list[int]] = defaultdict(list)
    for position in wages:
        for district in traits[position].districts:
            by_district[district].append(position)
    groups = (positions[-_MOST_OF_A_DISTRICT:] for positions in by_district.values())
    return {pair for positions in groups for pair in combinations(positions, 2)}


def _alike(texts: Sequence[str]) -> dict[tuple[int, int], float]:
    """Pairs that read alike, with the cosine of their weighted letter groups."""
    # seconds to import: only for those who compare
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(analyzer="char", ngram_range=(2, 3), sublinear_tf=True).fit_transform(texts)
    found: dict[tuple[int, int], float] = {}
    for start in range(0, len(texts), _BLOCK):
        cosines = (vectors[start : start + _BLOCK] @ vectors.T).tocoo()
        keep = (cosines.data >= _ALIKE) & (cosines.col > cosines.row + start)
        for row, column, value in zip(cosines.row[keep], cosines.col[keep], cosines.data[keep], strict=True):
            found[(int(row) + start, int(column))] = float(np.clip(value, 0, 1))
    return found


def _judged(each: Compared, weights: Weights) -> Pair:
    first, second, alike = each.first, each.second, each.alike
    if each.signs is None:
        return _of_one_place(each.one.traits, each.other.traits, first, second, alike)
    very_alike = alike >= _VERY_ALIKE
    score = PROPOSED + weights.score(each.signs.strengths)
    score = max(score, PROPOSED + alike) if very_alike else score
    if score < PROPOSED:
        return Pair(first, second, round(score, 3), ())
    alike_words = (f"文字相近（{alike:.0%}）",) if very_alike else ()
    reasons = (*alike_words, *likeness.reasons(each.one.traits, each.other.traits, each.signs))
    return Pair(first, second, round(score, 3) if reasons else 0.0, reasons)


#: matters other than wages: so much alike and about one place
_ALIKE_OF_ONE_PLACE = 0.1
#: an estate, a school, a works with so long a name is one place, wherever it is named; a road is many
_TELLING = re.compile(r".{4,}[^路街巷]")


def _of_one_place(mine: Traits, theirs: Traits, first: int, second: int, alike: float) -> Pair:
    """Two messages that are not about wages: one matter where they read somewhat alike and name one place."""
    places = [
        one for one in mine.places for other in theirs.places if one.endswith(other) or other.endswith(one)
    ]
    places += [one for one in mine.places if _TELLING.fullmatch(one) and one in theirs.text]
    places += [one for one in theirs.places if _TELLING.fullmatch(one) and one in mine.text]
    conflict = mine.districts and theirs.districts and not mine.districts & theirs.districts
    if alike < _ALIKE_OF_ONE_PLACE or not places or conflict:
        return Pair(first, second, 0.0, ())
    return Pair(
        first, second, round(PROPOSED + alike, 3), (f"都说“{min(places)}”的事，文字也相近（{alike:.0%}）",)
    )
