"""Long lists are read by key: a page, and the key after which the next one begins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """``items`` of one page; ``next_after`` is the key to ask the next page with, ``None`` at the end."""

    items: Sequence[T]
    next_after: int | None


def day_cursor(after: str) -> tuple[dt.date, int] | None:
    """``2026-11-20_123`` of a list by day and number; nonsense counts as "from the beginning"."""
    day, _, pk = after.rpartition("_")
    try:
        return dt.date.fromisoformat(day), int(pk)
    except ValueError:
        return None
