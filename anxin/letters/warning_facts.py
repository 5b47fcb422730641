"""What the slips of a matter of warnings begin with: the gravest warning that stands of its project, else of its employer."""

from __future__ import annotations

from typing import Any

from anxin.casework.models import Matter
from anxin.monitoring.models import Warning
from anxin.monitoring.queries import all_warnings
from anxin.monitoring.slips import ESCALATION, SLIP, known


def slip(matter: Matter) -> dict[str, Any]:
    """The slip of the warning itself."""
    return _known(matter, SLIP)


def escalation(matter: Matter) -> dict[str, Any]:
    """The slip of one that has climbed."""
    return _known(matter, ESCALATION)


def _known(matter: Matter, kind: str) -> dict[str, Any]:
    about = {"project": matter.project_id} if matter.project_id else {"employer": matter.employer_id}
    if None in about.values():
        return {}
    standing = all_warnings().exclude(state=Warning.State.CLEARED).filter(advice=False, **about)
    warning = standing.order_by("-level", "-pk").first()
    return known(warning, kind) if warning else {}


#: kind of paper → what it begins with
SOURCES = {SLIP: slip, ESCALATION: escalation}
