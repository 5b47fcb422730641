"""How much speaks for two messages being one dispute: what they share and where they differ, each with its weight.

What is looked at is what a careful officer would look at: who owes, where, how many, how much, whose names, which rare words; and what speaks
against: another site, another part of the site, another trade, another matter. The weights are those of a logistic regression over the pairs
of the labelled sets (``tools/pair_weights.py``); they are few, so that each can be shown to a person as a reason.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from anxin.triage.naming import longest_shared
from anxin.triage.reading import Reading
from anxin.triage.shortening import without_form
from anxin.triage.traits import Traits
from anxin.triage.weights import Signs as SignNames
from anxin.triage.weights import Weights

SHIPPED = Path(__file__).with_name("pairs.json")
#: what can only speak for one dispute, and what can only speak against it
NAMES = SignNames(
    (
        "alike", "long_pieces", "short_pieces", "headed", "same_debtor", "near_debtor", "same_boss", "same_place", "same_trade",
        "same_sum", "near_sum", "same_people", "same_sum_and_people", "same_figure",
    ),
    (
        "other_debtor", "other_place", "other_part", "other_trade", "other_district", "other_people", "told_apart", "not_wages",
        "other_matter",
    ),
)  # fmt: skip
#: pieces like names, three letters long or two, count up to so many
_MOST_PIECES, _MOST_SHORT = 3, 2
_SUREST = 5.0
#: numbers of people, and sums, that may be one told roughly
_ROUGHLY, _NEARLY = 0.6, 0.95


@dataclass(frozen=True)
class Signs:
    """What two messages share and where they differ, by name, with how much of it there is.

    ``owing``: the piece of a debtor's name in both; ``common``: the rare pieces of names in both.
    """

    strengths: Mapping[str, float]
    owing: str
    common: frozenset[str]


@cache
def shipped() -> Weights:
    """The weights that come with the product."""
    data = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return Weights(data["nothing_known"], data["signs"])


@dataclass(frozen=True)
class Side:
    """One of the two messages."""

    reading: Reading
    traits: Traits


def signs_of(
    one: Side, other: Side, alike: float, mentions: Mapping[str, list[int]], rare: Mapping[str, list[int]]
) -> Signs:
    """What speaks for and against one dispute. ``mentions``: pieces of debtors' names; ``rare``: pieces few messages have."""
    mine, theirs = one.traits, other.traits
    # the lookup first: few pieces are rare
    common = frozenset(
        piece
        for piece in mine.pieces | theirs.pieces
        if piece in rare and piece in mine.text and piece in theirs.text
    )
    owing = shared(mine.owing, theirs.text, mentions) or shared(theirs.owing, mine.text, mentions)
    near = not owing and nearly(mine.debtor, theirs.debtor)
    where = _one_place(mine, theirs)
    long = sum(len(piece) == 3 for piece in common)
    strengths = {
        "alike": alike,
        "long_pieces": min(long, _MOST_PIECES),
        "short_pieces": min(len(common) - long, _MOST_SHORT),
        "headed": float(bool(common & (mine.headed | theirs.headed))),
        "same_debtor": float(bool(owing)),
        "near_debtor": float(near),
        "other_debtor": float(bool(mine.debtor and theirs.debtor and not owing and not near)),
        "same_boss": float(bool(mine.bosses & theirs.bosses)),
        "same_place": float(bool(where)),
        "other_place": float(bool(mine.where and theirs.where and not where)),
        "other_part": float(_other_part(mine, theirs)),
        "same_trade": float(bool(mine.trades & theirs.trades)),
        "other_trade": float(bool(mine.trades and theirs.trades and not mine.trades & theirs.trades)),
        "other_district": float(
            bool(mine.districts and theirs.districts and not mine.districts & theirs.districts)
        ),
        "told_apart": float(mine.apart or theirs.apart),
        **_of_figures(one, other),
        **_of_matter(one.reading, other.reading),
    }
    return Signs(strengths, owing, common)


def reasons(mine: Traits, theirs: Traits, signs: Signs) -> tuple[str, ...]:
    """What speaks for one dispute, in Chinese."""
    has = signs.strengths
    owing = (
        _whole(mine.debtor, theirs.text, signs.owing)
        or _whole(theirs.debtor, mine.text, signs.owing)
        or signs.owing
    )
    run = longest_shared(frozenset(r for r in mine.runs if any(p in r for p in signs.common)), theirs.text)
    boss, where = min(mine.bosses & theirs.bosses, default=""), _one_place(mine, theirs)
    said = [
        f"都说“{owing}”欠钱" if owing else "",
        f"“{mine.debtor}”与“{theirs.debtor}”只差个别字" if has["near_debtor"] else "",
        f"都提到“{run}”" if run and run not in owing else "",
        f"都提到“{boss}”" if boss and boss not in owing else "",
        f"都提到“{where}”" if where and run not in where and where not in owing else "",
        *(says for name, says in _FIGURES.items() if has[name]),
    ]
    return tuple(filter(None, said))


def _whole(name: str, text: str, piece: str) -> str:
    """As much of the name as the text has, where it has the piece."""
    return longest_shared(frozenset((name,)), text) if piece and piece in name else ""


_FIGURES = {
    "same_sum": "金额相同",
    "near_sum": "金额相近",
    "same_people": "人数相同",
    "same_figure": "说到同一个数字",
}


def _one_place(mine: Traits, theirs: Traits) -> str:
    """The first place of one that stands in the other's text."""
    both = [one for one in mine.where if one in theirs.text] + [
        one for one in theirs.where if one in mine.text
    ]
    return min(both, default="")


def _other_part(mine: Traits, theirs: Traits) -> bool:
    """三期 here and 二期 there."""
    kinds = mine.parts.keys() & theirs.parts.keys()
    return any(not mine.parts[kind] & theirs.parts[kind] for kind in kinds)


def _of_figures(one: Side, other: Side) -> dict[str, float]:
    people, sums = (
        (one.reading.people, other.reading.people),
        (one.reading.amount_yuan, other.reading.amount_yuan),
    )
    same_people = bool(people[0]) and people[0] == people[1]
    same_sum = bool(sums[0]) and sums[0] == sums[1]
    return {
        "same_sum": float(same_sum),
        "near_sum": float(not same_sum and _ratio(*sums) >= _NEARLY),
        "same_people": float(same_people),
        "other_people": float(bool(people[0] and people[1]) and _ratio(*people) < _ROUGHLY),
        "same_sum_and_people": float(same_people and same_sum),
        "same_figure": float(not same_sum and bool(one.traits.figures & other.traits.figures)),
    }


def _ratio(one: float | Decimal | None, other: float | Decimal | None) -> float:
    """How near two numbers are, 0 to 1; 0 where one is not known."""
    if not one or not other:
        return 0.0
    return min(float(one), float(other)) / max(float(one), float(other))


def _of_matter(one: Reading, other: Reading) -> dict[str, float]:
    """``not_wages``: by how much, in log odds, the less certain of the two is not about wages."""
    return {
        "not_wages": -min(0.0, _log_odds(one.score), _log_odds(other.score)),
        "other_matter": float(one.arrears != other.arrears),
    }


def _log_odds(chance: float) -> float:
    if chance <= 0 or chance >= 1:
        return -_SUREST if chance <= 0 else _SUREST
    return max(-_SUREST, min(_SUREST, math.log(chance / (1 - chance))))


def shared(names: frozenset[str], text: str, mentions: Mapping[str, list[int]]) -> str:
    """The first piece of a name, few have it, that stands in the other text."""
    return next((piece for piece in sorted(names) if piece in mentions and piece in text), "")


def nearly(one: str, other: str) -> bool:
    """Two names of firms that differ by a letter or two: 宏拓劳务 and 宏托劳务."""
    if min(len(one), len(other)) < 4:
        return False
    one, other = without_form(one), without_form(other)
    same_end = one[-2:] == other[-2:]
    return same_end and one != other and SequenceMatcher(None, one, other).ratio() >= 0.6
