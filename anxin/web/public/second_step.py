"""One step more for a phone that nobody knows, where many of these have come from its address: a sum, and one button.

Every worker can do it with a thumb, it needs no script, and what was typed goes along. It holds off the machine that only
sends; how many may come in this way at all is counted besides (``limits.STEPPED``, ``limits.FRESH_STEPPED``). Nothing is stored: the ticket is
signed, belongs to the one form whose word it was made for, and says the right number only to who holds the key.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from django.core import signing

from anxin.evidence.sealing import finding_hash

_SALT = "second-step"
#: a form that waits longer is asked anew
HOLDS = dt.timedelta(minutes=30)
_LARGEST, _BUTTONS = 9, 4
#: names in the form
TICKET, PRESSED = "step_ticket", "step_pressed"


@dataclass(frozen=True)
class Step:
    """What is asked, the numbers on the buttons, and the ticket that goes back with the one pressed."""

    question: str
    choices: tuple[int, ...]
    ticket: str


def ask(key: str, now: dt.datetime) -> Step:
    """A sum for the form with this word."""
    one, other = (secrets.randbelow(_LARGEST) + 1 for _ in range(2))
    right = one + other
    wrong = [number for number in range(2, 2 * _LARGEST + 1) if number != right]
    chosen = secrets.SystemRandom().sample(wrong, _BUTTONS - 1)
    said = [_mark(key, right), int(now.timestamp())]
    return Step(
        f"{one} 加 {other} 等于几？", tuple(sorted([right, *chosen])), signing.dumps(said, salt=_SALT)
    )


def done(sent: Mapping[str, str], now: dt.datetime) -> bool:
    """Whether the form comes back with the right number for its own ticket."""
    pressed = sent.get(PRESSED, "")
    try:
        mark, moment = signing.loads(sent.get(TICKET, ""), salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return False
    fresh = now - dt.datetime.fromtimestamp(moment, dt.UTC) <= HOLDS
    return (
        fresh
        and pressed.isdecimal()
        and len(pressed) < 4
        and mark == _mark(sent.get("key", ""), int(pressed))
    )


def _mark(key: str, right: int) -> str:
    return finding_hash("flood", f"{_SALT}|{key}|{right}")
