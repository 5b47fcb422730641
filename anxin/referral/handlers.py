"""Reactions to the journal: a step of a matter that a clue was passed on with."""

from __future__ import annotations

from anxin.evidence.journal import SYSTEM, react_to
from anxin.evidence.models import JournalEntry
from anxin.referral.models import Referral
from anxin.referral.referring import ASK_RETURN


def matter_stepped(entry: JournalEntry) -> None:
    """Queue what follows from a step that somebody took, in the transaction of the step."""
    from anxin.referral.tasks import follow_task  # the task module needs the app registry

    if Referral.objects.filter(matter=int(entry.object_id), ended_at__isnull=True).exists():
        follow_task.enqueue(int(entry.object_id), accepting(entry))


def accepting(entry: JournalEntry) -> str:
    """Who accepted by taking this step; empty where it went by itself or asks the hotline to take the ticket back."""
    asks = (entry.after or {}).get("transition") == ASK_RETURN
    return "" if asks or entry.actor == SYSTEM.key else entry.actor_name


def register() -> None:
    """Called once when the application starts."""
    react_to("matter.step", matter_stepped)
