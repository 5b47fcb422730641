"""Long lists are read by key: a page, and the key after which the next one begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """``items`` of one page; ``next_after`` is the key to ask the next page with, ``None`` at the end."""

    items: Sequence[T]
    next_after: int | None
