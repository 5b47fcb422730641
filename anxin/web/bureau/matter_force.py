"""What the task force adds to a matter's page: its emergency, joint tasks, the meeting it waits for."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from anxin.arbitration.models import PROCEDURES
from anxin.casework.models import Matter
from anxin.casework.queries import MatterOverview
from anxin.enforcement import joint, marks
from anxin.enforcement.inspection import HELPED
from anxin.referral.payees import PROCEDURES as PAID_IN
from anxin.web.policy import user_of


def panel(request: HttpRequest, matter: Matter, told: MatterOverview, acts: bool) -> dict[str, Any]:
    """The context of ``parts/matter_force_top.html`` and ``parts/matter_joint.html``; one query on an arbitration."""
    arbitrated = matter.procedure in PROCEDURES
    return {
        "emergency": getattr(matter, "emergency", None),
        "given": joint.given(user_of(request), matter, told.given),
        "marked": marks.shown(matter),
        "candidate": marks.reason(matter),
        "pays": matter.procedure in PAID_IN,
        "helped": matter.procedure in HELPED,
        "arbitration": getattr(matter, "arbitration", None) if arbitrated else None,
        "fills_arbitration": arbitrated and acts,
        "giving": acts and matter.closed_on is None,
    }
