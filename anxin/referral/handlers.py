"""Reactions to the journal: a step of a matter that a clue was passed on with."""

from __future__ import annotations

from anxin.evidence.journal import SYSTEM, react_to
from anxin.evidence.models import JournalEntry
from anxin.referral.models import Referral


def matter_stepped(entry: JournalEntry) -> None:
    """Queue what follows from a step that somebody took, in the transaction of the step."""
    from anxin.referral.tasks import follow_task  # the task module needs the app registry

    if Referral.objects.filter(matter=int(entry.object_id), ended_at__isnull=True).exists():
        who = "" if entry.actor == SYSTEM.key else entry.actor_name
        follow_task.enqueue(int(entry.object_id), who)


def register() -> None:
    """Called once when the application starts."""
    react_to("matter.step", matter_stepped)
