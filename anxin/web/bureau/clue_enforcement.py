"""What the task force adds to a clue's page: the emergencies that began with it, and the way to open one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from anxin.accounts import access
from anxin.clues.access import reaches
from anxin.clues.models import Clue
from anxin.enforcement.access import visible_emergencies
from anxin.web.policy import user_of


def panel(request: HttpRequest, clue: Clue) -> dict[str, Any]:
    """Real ones only: a drill is in no list but its own."""
    user = user_of(request)
    return {
        "emergencies": list(visible_emergencies(user).filter(clue=clue, drill=False).order_by("-pk")),
        "may_call": reaches(user, access.HANDLE, clue),
    }
