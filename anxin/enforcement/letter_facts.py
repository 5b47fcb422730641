"""What an inspection knows of a matter for its letters: who investigates, who presides over the hearing, and what was found to be owed in all.

Single workers are left out: who complained is sealed, and whoever writes the letter decides whose name the employer reads.
"""

from __future__ import annotations

from typing import Any

from anxin.casework.models import Matter
from anxin.enforcement.hearing import host_of
from anxin.enforcement.inspection import arrears_of


def known(matter: Matter) -> dict[str, Any]:
    """By field name of the templates; three queries."""
    cards = matter.inspectors.filter(until__isnull=True).order_by("pk").values_list("name", "certificate")
    found: dict[str, Any] = {"handlers": "、".join(f"{name}（{card}）" for name, card in cards)}
    if (host := host_of(matter)) is not None:
        found |= {"host": host.name, "recorder": host.recorder}
    arrears = arrears_of(matter)  # a transfer to the police takes it from the case that it follows
    if arrears is not None:
        found |= {"people": arrears.people, "amount": arrears.total_fen, "months": arrears.months}
    return found
