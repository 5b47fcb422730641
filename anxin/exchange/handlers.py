"""Reactions to the journal: what changed is reported soon after."""

from __future__ import annotations

from anxin.evidence.journal import react_to
from anxin.evidence.models import JournalEntry
from anxin.exchange.models import Platform

#: actions after which a platform may have to learn something; each names ``project_ids`` in ``after``
ACTIONS = ("import.accepted", "registry.recorded")


def changed(entry: JournalEntry) -> None:
    """Queue the filling, in the transaction of the facts themselves."""
    from anxin.exchange.tasks import fill_task  # the task module needs the app registry

    named = (entry.after or {}).get("project_ids") or []
    if named and Platform.objects.filter(enabled=True).exists():
        fill_task.enqueue(sorted(named))


def register() -> None:
    """Called once when the application starts."""
    for action in ACTIONS:
        react_to(action, changed)
