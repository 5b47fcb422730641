"""Reactions to the journal: a step of a matter in a clue's chain, and a further matter begun in it."""

from __future__ import annotations

from anxin.evidence.journal import SYSTEM, react_to
from anxin.evidence.models import JournalEntry
from anxin.referral.chains import of_matter
from anxin.referral.models import Referral
from anxin.referral.referring import ASK_RETURN


def matter_stepped(entry: JournalEntry) -> None:
    """Queue what follows from a step that somebody took, in the transaction of the step."""
    from anxin.referral.tasks import follow_task  # the task module needs the app registry

    if _runs(int(entry.object_id)):
        follow_task.enqueue(int(entry.object_id), accepting(entry))


def matter_followed(entry: JournalEntry) -> None:
    """Queue what follows from going on in a further matter, in the transaction of its beginning."""
    from anxin.referral.tasks import went_on_task  # as above

    if _runs(begun := int((entry.after or {})["matter"])):
        went_on_task.enqueue(begun)


def _runs(matter_id: int) -> bool:
    return Referral.objects.filter(of_matter(matter_id), ended_at__isnull=True).exists()


def accepting(entry: JournalEntry) -> str:
    """Who accepted by taking this step; empty where it went by itself or asks the hotline to take the ticket back."""
    asks = (entry.after or {}).get("transition") == ASK_RETURN
    return "" if asks or entry.actor == SYSTEM.key else entry.actor_name


def register() -> None:
    """Called once when the application starts."""
    react_to("matter.step", matter_stepped)
    react_to("matter.followed", matter_followed)
