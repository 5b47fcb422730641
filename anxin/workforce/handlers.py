"""Reactions to the journal: a roster that arrived may name those whom a gate has seen already."""

from __future__ import annotations

from anxin.evidence.journal import react_to
from anxin.evidence.models import JournalEntry
from anxin.workforce.models import Punch


def roster_arrived(entry: JournalEntry) -> None:
    """Queue the look at open punches of these projects, if there are any."""
    from anxin.workforce.tasks import catch_up_task  # the task module needs the app registry

    named = (entry.after or {}).get("project_ids") or []
    waiting = Punch.objects.filter(
        project_id__in=named, worker__isnull=True, open_reason=Punch.Open.NOT_ON_ROSTER
    )
    projects = sorted(set(waiting.order_by().values_list("project_id", flat=True).distinct()))
    if projects:
        catch_up_task.enqueue(projects)


def register() -> None:
    """Called once when the application starts."""
    react_to("import.accepted", roster_arrived)
