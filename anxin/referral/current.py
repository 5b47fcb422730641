"""What stands of a clue now, read under lock for whoever changes it; and the one way its state moves."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.clues import states
from anxin.clues.models import Clue
from anxin.evidence import journal
from anxin.evidence.journal import Actor
from anxin.kernel.refusal import Refused
from anxin.referral.models import Asking, Closing, Conclusion, Referral, further

ENOUGH_WORDS, MOST_WORDS = 4, 200


def locked(clue: Clue) -> Clue:
    """The clue, held until the transaction ends: everything here goes through it. Raises :class:`Refused`."""
    held = Clue.objects.select_for_update(of=("self",)).select_related(
        "region", "project", "employer", "dispute"
    )
    found = held.filter(pk=clue.pk).first()
    if found is None:
        raise Refused("没有这条线索，请从列表中重新打开。")
    return found


def referral_of(clue: Clue) -> Referral | None:
    """The round that runs now."""
    rows = Referral.objects.filter(clue=clue, ended_at__isnull=True).annotate(further=further())
    return rows.select_related("matter__lead", "matter__region", "proposed").first()


def asking_of(referral: Referral) -> Asking:
    """The body asked last in the round."""
    found = referral.askings.select_related("body").order_by("-position").first()
    assert found is not None  # a round begins with one
    return found


def lead_of(clue: Clue) -> Clue:
    """The clue on which this one is handled: the one it was merged into, where it was never passed on by itself."""
    if clue.dispute is None or Referral.objects.filter(clue=clue).exists():
        return clue
    return clue.dispute


def conclusion_of(clue: Clue) -> Conclusion | None:
    """The conclusion that holds now, in whatever standing."""
    return Conclusion.objects.filter(clue=clue, ended_at__isnull=True).first()


def closing_of(clue: Clue) -> Closing | None:
    """The closing that holds now."""
    return Closing.objects.filter(clue=clue, reopened_at__isnull=True).first()


def move(clue: Clue, to: str, *, now: dt.datetime) -> None:
    """The clue and those merged into it go on together; inside the caller's transaction."""
    wanted = Q(pk=clue.pk) | Q(dispute=clue.pk, referrals__isnull=True)
    rows = Clue.objects.filter(wanted).exclude(state=to).values_list("pk", flat=True)
    for pk in sorted(set(rows)):
        moved = states.move(pk, to, now=now)
        if pk == clue.pk:
            clue.state, clue.closed_at = moved.state, moved.closed_at


def words_of(
    text: str, field: str, missing: str, *, least: int = ENOUGH_WORDS, most: int = MOST_WORDS
) -> str:
    """What a person has to write. Raises :class:`Refused`."""
    said = text.strip()
    if len(said) < least:
        raise Refused(f"{missing}（不少于{least}个字）。", field=field)
    if len(said) > most:
        raise Refused(f"这一项不能超过{most}个字，现在是{len(said)}个字，请删减。", field=field)
    return said


def note(
    clue: Clue, action: str, summary: str, *, by: User | Actor, now: dt.datetime, after: dict[str, Any]
) -> None:
    """The journal entry of one act on a clue."""
    journal.record(
        actor=by if isinstance(by, Actor) else actor(by), action=f"referral.{action}", object_type="clue",
        object_id=clue.pk, summary=f"{clue}：{summary}", now=now, after=after,
    )  # fmt: skip
