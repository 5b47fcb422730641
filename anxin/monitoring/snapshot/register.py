"""Projects and who takes part in them."""

from __future__ import annotations

from collections.abc import Iterable

from anxin.monitoring.snapshot.view import CHUNK, Row, Rows, View
from anxin.registry.models import Participation, Project


def _projects(view: View) -> Iterable[Row]:
    owners = _in_role(view, Participation.Role.OWNER)
    contractors = _in_role(view, Participation.Role.GENERAL_CONTRACTOR)
    found = Project.objects.filter(view.here("pk"), recorded_at__lte=view.known_at).order_by("pk")
    for row in found.values_list(
        "pk",
        "region_id",
        "industry",
        "commencement",
        "completion",
        "contract_fen",
        "permit_on",
        "pay_day",
        "pay_month_offset",
        "state",
        "planned_completion",
        "government_invested",
    ).iterator(CHUNK):
        completion, state, planned, government = row[4], row[9], row[10], row[11]
        if completion is not None and completion > view.as_of:
            # On that day it was still being built, whatever the register says now.
            completion = None
            state = Project.State.IN_PROGRESS if state == Project.State.COMPLETED else state
        yield (
            *row[:4],
            completion,
            *row[5:9],
            str(state),
            owners.get(row[0]),
            contractors.get(row[0]),
            None,  # the register does not hold when the construction contract was signed
            planned,
            government,
        )


def _in_role(view: View, role: str) -> dict[int, int]:
    """Project → employer; the one registered last where there are several."""
    found = Participation.objects.filter(view.here(), role=role).order_by("pk")
    return dict(found.values_list("project_id", "employer_id").iterator(CHUNK))


TABLES: dict[str, Rows] = {"projects": _projects}
