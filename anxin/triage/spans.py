"""Names found in a text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Name:
    """A name as written, and where (in title and body put together)."""

    words: str
    start: int
    end: int


@dataclass(frozen=True)
class Party:
    """One firm, person or site under all the names that the text gives it, the fullest of them, and what the text says around them."""

    name: Name
    features: frozenset[str]
