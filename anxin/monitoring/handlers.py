"""Reactions to the journal: what arrives about a project is held against the rules soon after."""

from __future__ import annotations

from anxin.evidence.journal import react_to
from anxin.evidence.models import JournalEntry
from anxin.monitoring.models import TouchedProject
from anxin.registry.models import Project

#: actions after which a project may be judged differently; each names ``project_ids`` in ``after``
ACTIONS = (
    "import.accepted",
    "funds.match_confirmed",
    "funds.match_denied",
    "funds.recorded",
    "funds.received",
    "payroll.promised",
    "registry.recorded",
)


def touched(entry: JournalEntry) -> None:
    """Note the projects and queue the sweep, in the transaction of the facts themselves."""
    from anxin.monitoring.tasks import sweep_touched_task  # the task module needs the app registry

    named = (entry.after or {}).get("project_ids") or []
    known = Project.objects.filter(pk__in=named).values_list("pk", flat=True)
    rows = TouchedProject.objects.bulk_create([TouchedProject(project_id=pk) for pk in sorted(known)])
    if rows:
        sweep_touched_task.enqueue()


def register() -> None:
    """Called once when the application starts."""
    for action in ACTIONS:
        react_to(action, touched)
