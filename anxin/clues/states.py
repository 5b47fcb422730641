"""How far a clue has come. Who moves it, and why, is journalled by the caller: settling lies above this package."""

from __future__ import annotations

import datetime as dt

from anxin.clues.models import Clue
from anxin.kernel.refusal import Refused

#: from → where it may go. What is closed opens again under its own number, as new or with the body that had it.
_MOVES = {
    Clue.State.NEW: {Clue.State.REFERRED, Clue.State.REVIEW, Clue.State.CONCLUDED, Clue.State.CLOSED},
    Clue.State.REFERRED: {Clue.State.NEW, Clue.State.REVIEW, Clue.State.CONCLUDED, Clue.State.CLOSED},
    # sent back it is again what it was: with the body that has it, or with the desk
    Clue.State.REVIEW: {Clue.State.NEW, Clue.State.REFERRED, Clue.State.CONCLUDED, Clue.State.CLOSED},
    Clue.State.CONCLUDED: {Clue.State.NEW, Clue.State.REFERRED, Clue.State.CLOSED},
    Clue.State.CLOSED: {Clue.State.NEW, Clue.State.REFERRED},
}


def move(clue_id: int, to: str, *, now: dt.datetime) -> Clue:
    """The clue in its new state, locked, inside the caller's transaction. Raises :class:`Refused`."""
    clue = Clue.objects.select_for_update().get(pk=clue_id)
    state = Clue.State(to)
    if state not in _MOVES[Clue.State(clue.state)]:
        raise Refused(f"这条线索现在是“{clue.get_state_display()}”，不能改为“{state.label}”，请刷新页面。")
    clue.state, clue.closed_at = state, now if state == Clue.State.CLOSED else None
    clue.save(update_fields=["state", "closed_at"])
    return clue
