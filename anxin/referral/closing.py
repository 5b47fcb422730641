"""Closing and opening again. A clue closes with the last of its matters, never before; opened again it keeps its number."""

from __future__ import annotations

import datetime as dt

from anxin.accounts.models import User
from anxin.clues.models import Clue
from anxin.evidence.journal import SYSTEM, Actor
from anxin.referral.chains import open_matters
from anxin.referral.current import closing_of, conclusion_of, move, note, referral_of
from anxin.referral.models import Closing, Conclusion

Standing = Conclusion.Standing
#: standings after which only the matter is waited for
READY = {Standing.CONFIRMED: Closing.How.CONFIRMED, Standing.UNCONFIRMED: Closing.How.UNCONFIRMED}


def close_if_ready(
    clue: Clue, conclusion: Conclusion, *, by: User | Actor, now: dt.datetime
) -> Closing | None:
    """Close where the conclusion stands and every matter of the chain has come to its own end; else it waits for them."""
    how = READY.get(Standing(conclusion.standing))
    referral = conclusion.referral
    if how is None or referral is None or closing_of(clue) is not None:
        return None  # struck off on the proof of the money before the worker spoke
    if open_matters(referral):
        return None
    return close_now(clue, conclusion, how, by=by, now=now)


def close_now(
    clue: Clue, conclusion: Conclusion, how: str, *, by: User | Actor, now: dt.datetime, by_name: str = ""
) -> Closing:
    """销号: with the day, and by whom it was concluded, or who struck it off themselves (``by_name``)."""
    made = Closing.objects.create(
        clue=clue, conclusion=conclusion, how=how, closed_at=now, by_name=by_name or conclusion.by_name
    )
    move(clue, Clue.State.CLOSED, now=now)
    note(clue, "closed", f"办结：{conclusion.name}（{made.get_how_display()}）", by=by, now=now,
         after={"conclusion": conclusion.pk, "how": how})  # fmt: skip
    return made


def reopen(clue: Clue, conclusion: Conclusion, *, why: str, by: User | Actor, now: dt.datetime) -> None:
    """The worker does not agree: the conclusion ends, the clue goes back to the body that has it.

    Where all its matters have ended it goes back to the desk, which passes it on again; the number stays.
    """
    conclusion.standing, conclusion.ended_at = Standing.REJECTED, now
    conclusion.save(update_fields=["standing", "ended_at"])
    closing = closing_of(clue)
    if closing is not None:
        closing.reopened_at, closing.reopened_why = now, why[:200]
        closing.save(update_fields=["reopened_at", "reopened_why"])
    referral = referral_of(clue)
    if referral is not None and not open_matters(referral):
        referral.ended_at = now
        referral.save(update_fields=["ended_at"])
        referral = None
    move(clue, Clue.State.REFERRED if referral is not None else Clue.State.NEW, now=now)
    note(clue, "reopened", f"劳动者不同意“{conclusion.name}”，重新办理", by=by, now=now,
         after={"conclusion": conclusion.pk, "was_closed": closing is not None})  # fmt: skip


def matter_ended(clue: Clue, *, now: dt.datetime) -> Closing | None:
    """A matter's last step was taken: the clue closes where its conclusion stands. Twice is as good as once."""
    conclusion = conclusion_of(clue)
    if conclusion is None or closing_of(clue) is not None:
        return None
    return close_if_ready(clue, conclusion, by=SYSTEM, now=now)
