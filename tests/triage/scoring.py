"""How well a set of messages is read: the figures that the tests hold to a floor and docs print."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from anxin.triage import Message, clusters, lengths, parties, read_messages
from anxin.triage.construction import building
from anxin.triage.reading import headed, plain
from anxin.triage.urgency import NOW, urgency
from anxin.triage.weights import Weights


@dataclass(frozen=True)
class Figures:
    """Shares between 0 and 1. ``…_right``: of those stated; ``…_none``: of those not stated, left empty."""

    f1: float
    people_right: float
    people_none: float
    amount_right: float
    amount_none: float
    debtor_found: float
    first_fifth: float


def figures(labelled: Sequence[Mapping[str, Any]]) -> Figures:
    """Read the messages (``id``, ``title``, ``text``) and hold them against their labels."""
    messages = read_messages((str(one["id"]), one["title"], one["text"]) for one in labelled)
    found = list(zip(labelled, messages, strict=True))
    hits = sum(one["arrears"] and message.reading.arrears for one, message in found)
    claims = [(one, message) for one, message in found if one["arrears"]]
    ranked = sorted(found, key=lambda each: -each[1].reading.score)[: len(found) // 5]
    return Figures(
        f1=2 * hits / (len(claims) + sum(message.reading.arrears for _, message in found)),
        people_right=_share(
            [message.reading.people == one["people"] for one, message in claims if one["people"]]
        ),
        people_none=_share([message.reading.people is None for one, message in claims if not one["people"]]),
        amount_right=_share(
            [
                message.reading.amount_yuan is not None
                and float(message.reading.amount_yuan) == one["amount_yuan"]
                for one, message in claims
                if one["amount_yuan"]
            ]
        ),
        amount_none=_share(
            [message.reading.amount_yuan is None for one, message in claims if not one["amount_yuan"]]
        ),
        debtor_found=_share(
            [
                _same(message, one["debtor"]) or _same(message, one.get("or_debtor") or "")
                for one, message in claims
                if one["debtor"]
            ]
        ),
        first_fifth=sum(one["arrears"] for one, _ in ranked) / len(claims),
    )


def same_disputes(labelled: Sequence[Mapping[str, Any]]) -> set[frozenset[str]]:
    """Every pair of ids that one or several ``same_as`` bring together."""
    lead = {one["id"]: one["id"] for one in labelled}
    for one in labelled:
        if one.get("same_as"):
            lead[one["id"]] = lead[one["same_as"]]
    return {frozenset(pair) for pair in combinations(lead, 2) if lead[pair[0]] == lead[pair[1]]}


def pairs_found(messages: Sequence[Message], weights: Weights | None = None) -> set[frozenset[str]]:
    """Every two keys that come into one dispute."""
    leads = clusters(messages, weights)
    return {
        frozenset((messages[a].key, messages[b].key))
        for a, b in combinations(range(len(messages)), 2)
        if leads[a] == leads[b]
    }


def pairs_f1(messages: Sequence[Message], same: set[frozenset[str]]) -> float:
    """F1 over pairs about one dispute."""
    found = pairs_found(messages)
    return 2 * len(found & same) / (len(found) + len(same))


def _same(message: Message, debtor: str) -> bool:
    """Whether the name found and the name meant are one, district in front or legal form behind left aside."""
    name = message.reading.debtor or ""
    return bool(name and debtor) and (name in debtor or debtor in name)


def _share(right: Sequence[bool]) -> float:
    return sum(right) / len(right)


@dataclass(frozen=True)
class Urgent:
    """Of ``of`` texts that threaten: the share found; ``precision``: of those called urgent now, the share that threaten."""

    of: int
    recall: float
    precision: float


def urgent(labelled: Iterable[tuple[str, int | None, int]]) -> Urgent:
    """Hold text, people and labelled level against the level that the words carry, wages or not."""
    both = [(level == NOW, urgency(text, people).level == NOW) for text, people, level in labelled]
    hits = sum(meant and found for meant, found in both)
    meant, called = sum(one for one, _ in both), sum(one for _, one in both)
    return Urgent(meant, hits / meant, hits / called)


def construction(labelled: Sequence[Mapping[str, Any]]) -> tuple[float, float]:
    """Recall and precision of "construction" over claims, whether or not each was found to be one."""
    found = [(bool(one["construction"]), _of_construction(one)) for one in labelled if "construction" in one]
    hits = sum(meant and read for meant, read in found)
    return hits / sum(meant for meant, _ in found), hits / sum(read for _, read in found)


def _of_construction(one: Mapping[str, Any]) -> bool:
    title, body = headed(plain(one["title"] or ""), plain(one["text"]))
    return building(title + "\n" + body, parties.project(title, body)) is not None


def months(labelled: Sequence[Mapping[str, Any]]) -> tuple[float, float]:
    """Share of stated lengths read right, and of those not stated left empty, over claims whether or not each was found to be one."""
    found = [(one["months"], _months(one)) for one in labelled if "months" in one]
    return (
        _share([meant == read for meant, read in found if meant is not None]),
        _share([read is None for meant, read in found if meant is None]),
    )


def _months(one: Mapping[str, Any]) -> int | None:
    title, body = headed(plain(one["title"] or ""), plain(one["text"]))
    length = lengths.months(title + "\n" + body)
    return length.value if length else None
