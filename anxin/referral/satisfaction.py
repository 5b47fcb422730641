"""满意不满意: asked of whoever holds the receipt once it is concluded. Their answer moves nothing: opening again is a step of its own."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from anxin.clues.models import Clue
from anxin.evidence.sealing import Sealed
from anxin.kernel.refusal import Refused
from anxin.referral.current import conclusion_of, lead_of, locked, note
from anxin.referral.informing import WORKER
from anxin.referral.models import Conclusion, Satisfaction

_MOST = 500
#: standings after which nobody is asked any more whether they agree: then they are asked whether they are content
_OVER = (Conclusion.Standing.CONFIRMED, Conclusion.Standing.UNCONFIRMED, Conclusion.Standing.ANSWERED)


def asks(lead: Clue, conclusion: Conclusion | None) -> bool:
    """Whether the matter is concluded: agreed to, answered, or closed, and not opened again since."""
    if conclusion is None:
        return False
    told = conclusion.told_at is not None
    return conclusion.standing in _OVER or (told and lead.state == Clue.State.CLOSED)


def answer_of(clue: Clue, conclusion: Conclusion) -> Satisfaction | None:
    """What this person said of the conclusion last."""
    return Satisfaction.objects.filter(clue=clue, conclusion=conclusion, superseded_at__isnull=True).first()


def say_satisfied(clue: Clue, grade: str, words: str, *, now: dt.datetime) -> Satisfaction:
    """The person's answer about the conclusion that stands; said again it replaces the one before. Raises :class:`Refused`."""
    if grade not in Satisfaction.Grade.values:
        raise Refused("请选一个：满意、基本满意，或者不满意。", field="grade")
    said = words.strip()
    if len(said) > _MOST:
        raise Refused(f"最多写{_MOST}个字，现在是{len(said)}个字，请删减。", field="satisfied_words")
    with transaction.atomic():
        held = locked(clue)
        lead = lead_of(held)
        found = conclusion_of(lead)
        if found is None or not asks(lead, found):
            raise Refused("这件事还没有办完，办完以后再请您评价。")
        was = answer_of(held, found)
        if was is not None and (was.grade, _opened(was)) == (grade, said):
            return was
        if was is not None:
            was.superseded_at = now
            was.save(update_fields=["superseded_at"])
        made = Satisfaction.objects.create(
            clue=held, conclusion=found, grade=grade, words=Sealed.of(said) if said else None, at=now
        )
        note(held, "satisfaction", f"反映人对“{found.name}”评价：{made.get_grade_display()}", by=WORKER, now=now,
             after={"conclusion": found.pk, "grade": grade, "again": was is not None})  # fmt: skip
    return made


def _opened(one: Satisfaction) -> str:
    return one.words.open() if isinstance(one.words, Sealed) else ""
