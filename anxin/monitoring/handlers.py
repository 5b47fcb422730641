"""Reactions to the journal: what arrives about a project or an employer is held against the rules soon after."""

from __future__ import annotations

from itertools import chain

from anxin.evidence.bulk import chunks
from anxin.evidence.journal import react_to
from anxin.evidence.models import JournalEntry
from anxin.monitoring.models import TouchedEmployer, TouchedProject
from anxin.registry.models import Employer, Project

#: actions after which somebody may be judged differently; each names ``project_ids`` or ``employer_ids`` in ``after``
ACTIONS = (
    "import.accepted",
    "funds.match_confirmed",
    "funds.match_denied",
    "funds.recorded",
    "funds.received",
    "payroll.promised",
    "registry.recorded",
)

#: after these a warning may have begun, ended or come back
CHANGES = ("monitoring.swept", "warning.clearing_agreed", "warning.reopened_by_hand")


def touched(entry: JournalEntry) -> None:
    """Note the projects and employers and queue the sweep, in the transaction of the facts themselves."""
    from anxin.monitoring.tasks import sweep_touched_task  # the task module needs the app registry

    named = entry.after or {}
    projects = _known(Project, named.get("project_ids"))
    employers = _known(Employer, named.get("employer_ids"))
    TouchedProject.objects.bulk_create([TouchedProject(project_id=pk) for pk in projects])
    TouchedEmployer.objects.bulk_create([TouchedEmployer(employer_id=pk) for pk in employers], batch_size=500)
    if projects or employers:
        sweep_touched_task.enqueue()


def warnings_changed(entry: JournalEntry) -> None:
    """A sweep has written, or people have cleared a warning or opened it again: clues are made and told soon after.

    Queued in the transaction of what happened, so that nothing is left out where the process is killed.
    """
    from anxin.monitoring.tasks import clues_task

    clues_task.enqueue()


def _known(model: type[Project] | type[Employer], named: list[int] | None) -> list[int]:
    """Those that are registered, in order; one query for each five hundred."""
    found = (
        model._default_manager.filter(pk__in=piece).values_list("pk", flat=True)
        for piece in chunks(named or (), 500)
    )
    return sorted(chain.from_iterable(found))


def register() -> None:
    """Called once when the application starts."""
    for action in ACTIONS:
        react_to(action, touched)
    for action in CHANGES:
        react_to(action, warnings_changed)
