"""Open warnings as facts: what was given to somebody, and whether anything was done.

Muted warnings, signs of forgery and the warnings of the rule that looks at this table are left out.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from anxin.monitoring.models import Warning, WarningEvent
from anxin.monitoring.snapshot.view import CHUNK, Row, Rows, View

_SELF = "W20"
_ANSWERS = (WarningEvent.Kind.ACKNOWLEDGED, WarningEvent.Kind.NOTED, WarningEvent.Kind.ATTACHED)


def _warning_tasks(view: View) -> Iterable[Row]:
    """What had happened by ``known_at``; the state and the level of a warning are today's."""
    rows = (
        _open(view)
        .annotate(
            assigned=Max("events__at", filter=_by(view, (WarningEvent.Kind.ASSIGNED,))),
            answered=Max("events__at", filter=_by(view, _ANSWERS)),
        )
        .order_by("pk")
    )
    for *row, assigned, answered in rows.values_list(
        "pk", "project_id", "employer_id", "rule", "level", "opened_on", "assigned", "answered"
    ).iterator(CHUNK):
        yield (*row, *(timezone.localdate(at) if at else None for at in (assigned, answered)))


def _open(view: View) -> QuerySet[Warning]:
    whole = view.project_ids is None and view.employer_ids is None
    return Warning.objects.filter(
        Q() if whole else view.here() | view.among(),
        Q(muted_until__isnull=True) | Q(muted_until__lt=view.as_of),
        Q(cleared_on__isnull=True) | Q(cleared_on__gt=view.as_of),
        advice=False,
        opened_on__lte=view.as_of,
    ).exclude(rule=_SELF)


def _by(view: View, kinds: Iterable[str]) -> Q:
    return Q(events__kind__in=list(kinds), events__at__lte=view.known_at)


TABLES: dict[str, Rows] = {"warning_tasks": _warning_tasks}
