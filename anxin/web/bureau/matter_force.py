"""What the task force adds to a matter's page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from anxin.casework.models import Matter
from anxin.enforcement import queries


def panel(request: HttpRequest, matter: Matter) -> dict[str, Any]:
    """The emergency that the matter was opened for."""
    return {"emergency": queries.of_matter(matter)}
