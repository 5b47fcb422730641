"""A name found in a text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Name:
    """A name as written, and where (in title and body put together)."""

    words: str
    start: int
    end: int
