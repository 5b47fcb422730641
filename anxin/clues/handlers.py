"""Reactions to the journal: what has just come in is read and held against each other."""

from __future__ import annotations

from anxin.clues.imports import KIND
from anxin.clues.intake import TOGETHER
from anxin.evidence.journal import react_to
from anxin.evidence.models import JournalEntry

#: corrections after which a clue is held against the register and earlier clues again
_HELD_AGAIN = {"arrears", "debtor", "project", "project_name"}


def tickets_accepted(entry: JournalEntry) -> None:
    """A list has come: one reading of all of it."""
    if (entry.after or {}).get("kind") == KIND:
        _queue_reading()


def told(entry: JournalEntry) -> None:
    """Voices have come, alone or many at once: one reading of all, queued with the last of them."""
    if (entry.after or {}).get(TOGETHER):
        _queue_reading()


def _queue_reading() -> None:
    """In the transaction of what came: the task reads whatever is new, in one pass."""
    from anxin.clues.tasks import triage_task  # the task module needs the app registry

    triage_task.enqueue()


def corrected(entry: JournalEntry) -> None:
    """Another name, or a claim where none was read, may mean another entry of the register and another dispute."""
    from anxin.clues.tasks import hold_again_task

    if _HELD_AGAIN & set(entry.after or {}):
        hold_again_task.enqueue(int(entry.object_id))


def register() -> None:
    """Called once when the application starts."""
    react_to("clue.corrected", corrected)
    react_to("clue.told", told)
    react_to("clue.told_again", told)
    react_to("import.accepted", tickets_accepted)
