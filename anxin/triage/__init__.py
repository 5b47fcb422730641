"""Reading of complaints: pure Python over text and vocabularies, no database, no network, no clock."""

from __future__ import annotations

from collections.abc import Iterable

from anxin.triage.disputes import Message, Pair, clusters, pairs
from anxin.triage.model import Model
from anxin.triage.reading import Reading, Reason, read

__all__ = ["Message", "Model", "Pair", "Reading", "Reason", "clusters", "pairs", "read", "read_messages"]


def read_messages(rows: Iterable[tuple[str, str, str]], model: Model | None = None) -> list[Message]:
    """Read ``(key, title, text)`` one by one."""
    return [Message(key, title, text, read(title, text, model)) for key, title, text in rows]
