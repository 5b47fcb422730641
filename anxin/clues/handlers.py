"""Reactions to the journal: orders that have just come in are read and held against each other."""

from __future__ import annotations

from anxin.clues.imports import KIND
from anxin.evidence.journal import react_to
from anxin.evidence.models import JournalEntry


def orders_accepted(entry: JournalEntry) -> None:
    """Queue the reading in the transaction of the delivery itself."""
    from anxin.clues.tasks import triage_task  # the task module needs the app registry

    if (entry.after or {}).get("kind") == KIND:
        triage_task.enqueue()


def register() -> None:
    """Called once when the application starts."""
    react_to("import.accepted", orders_accepted)
