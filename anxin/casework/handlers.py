"""Reactions to the journal: a new calendar or local value moves the due days that rest on it."""

from __future__ import annotations

from anxin.evidence.journal import react_to
from anxin.evidence.models import JournalEntry
from anxin.local_law.actions import LAW_CHANGED


def law_changed(entry: JournalEntry) -> None:
    """Queue the recomputation in the transaction of the change itself."""
    from anxin.casework.tasks import recompute_task  # the task module needs the app registry

    after = entry.after or {}
    recompute_task.enqueue(
        entry.summary, str(after.get("key", "")), str(after.get("region", "")), str(entry.sequence)
    )


def register() -> None:
    """Called once when the application starts."""
    for action in LAW_CHANGED:
        react_to(action, law_changed)
