"""What the task force adds to a matter's page: its emergency, joint tasks, meetings."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from anxin.casework.models import Matter
from anxin.enforcement import joint, queries
from anxin.registry.models import Organisation
from anxin.registry.queries import organisations
from anxin.web.policy import user_of

_KINDS = Organisation.Kind


def panel(request: HttpRequest, matter: Matter) -> dict[str, Any]:
    """The context of ``parts/matter_force*.html``."""
    case = joint.joint_case(user_of(request), matter)
    choosing = case.leads and matter.closed_on is None
    return {
        "emergency": queries.of_matter(matter),
        "joint": case,
        "joint_bodies": organisations(_KINDS.BUREAU, _KINDS.INDUSTRY_AUTHORITY, _KINDS.TOWN)
        if choosing
        else [],
    }
