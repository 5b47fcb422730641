"""What a clue that was referred tells the letters and papers of its matters: its number, the sender's own, the way it came, what it says.

People and sums are left out: what a clue claims was not found yet. Its title has no identifiers (``clues.masking``).
"""

from __future__ import annotations

from typing import Any

from anxin.casework.models import Matter
from anxin.clues.models import Clue
from anxin.referral.models import Referral


def known(matter: Matter) -> dict[str, Any]:
    """By field name of the templates; one query. ``ticket`` only for a hotline, whose number it is."""
    referral = Referral.objects.select_related("clue").filter(matter=matter.root_id or matter.pk).first()
    if referral is None:
        return {}
    clue = referral.clue
    return {
        "clue_number": clue.sender_number or clue.number,
        "ticket": clue.sender_number if clue.channel == Clue.Channel.HOTLINE else "",
        "channel": clue.get_channel_display(),
        "reported": clue.title,
    }
