"""Which workers a person may see: those enrolled, paid or seen at work on a project within the person's scope."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from anxin.accounts.access import VIEW, any_of, scopes
from anxin.accounts.models import User
from anxin.workforce.models import Worker

#: lookups from a worker to the projects that make the worker visible
_paths = ["enrolments__project__", "attendanceday__project__", "attendancemonth__project__"]


def visible_also_through(path: str) -> None:
    """Let a package above add its own tie between workers and projects (``payroll_lines__payroll__project__``)."""
    if path not in _paths:
        _paths.append(path)


def visible_workers(user: User, permission: str = VIEW) -> QuerySet[Worker]:
    """The workers tied to a project on which this person has the permission."""
    found = scopes(user, permission)
    if not found:
        return Worker.objects.none()
    # One sub-query per tie: joining several to-many relations at once would multiply rows. Each asks about the
    # one worker at hand; a list of all visible workers would read the millions of attendance days.
    myself = Worker.objects.filter(pk=OuterRef("pk"))
    reached = any_of(
        Q(Exists(myself.filter(any_of(scope.q(path) for scope in found), _tied(path)))) for path in _paths
    )
    return Worker.objects.filter(reached)


def _tied(path: str) -> Q:
    # A scope over everything is an empty filter; the tie itself must still exist, and be current.
    current = path.split("__", 1)[0]
    return Q(**{f"{current}__isnull": False, f"{current}__superseded_at__isnull": True})
