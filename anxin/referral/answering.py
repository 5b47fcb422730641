"""The worker's word. Agreeing confirms, disagreeing opens again, silence does neither: it is shown and counted."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.clues.access import may_work
from anxin.clues.models import Clue
from anxin.evidence.journal import Actor
from anxin.evidence.sealing import Sealed
from anxin.kernel.refusal import Refused
from anxin.law import Law, LawError
from anxin.referral.access import may_conclude, may_handle
from anxin.referral.closing import close_if_ready, reopen
from anxin.referral.current import closing_of, conclusion_of, lead_of, locked, note, referral_of, words_of
from anxin.referral.informing import WORKER, knows
from anxin.referral.models import Conclusion, Word
from anxin.referral.telling import tell_waiting

Standing = Conclusion.Standing
WAIT = "channels.worker_word_days"
#: standings in which the worker may still say something new
_ASKED = {Standing.TOLD, Standing.SILENT}
_ANSWERED = {Standing.CONFIRMED, Standing.UNCONFIRMED, Standing.ANSWERED}
_MOST = 1000


def worker_says(
    clue: Clue,
    agrees: bool,
    words: str,
    now: dt.datetime,
    *,
    heard_by: User | Actor | None = None,
    how: str = "",
) -> Word:
    """The worker agrees or does not: by themselves, or heard by an officer who says how.

    An ``Actor`` is the hotline that the worker called; that the clue is its ticket is known to the caller. A
    conclusion that was closed may still be disagreed with. Raises :class:`Refused`.
    """
    with transaction.atomic():
        held = _spoken_of(locked(clue), agrees)
        found = conclusion_of(held)
        if found is None or found.standing not in _ASKED | _ANSWERED:
            raise Refused("这条线索还没有告知结论，有了结论再请您确认。")
        if agrees and found.standing == Standing.CONFIRMED:
            raise Refused("已经确认过了，谢谢。")
        said = words.strip()
        if len(said) > _MOST:
            raise Refused(f"最多写{_MOST}个字，现在是{len(said)}个字，请删减。", field="words")
        heard = _heard(held, heard_by, how)
        made = Word.objects.create(
            clue=held, conclusion=found, agrees=agrees, words=Sealed.of(said) if said else None, at=now,
            heard_by_name=_name(heard_by), how=heard,
        )  # fmt: skip
        who = heard_by if isinstance(heard_by, Actor) else actor(heard_by) if heard_by else WORKER
        knows(found, clue, heard_by=heard_by, how=heard, now=now)
        note(held, "worker_said", f"劳动者{'同意' if agrees else '不同意'}“{found.name}”", by=who, now=now,
             after={"conclusion": found.pk, "agrees": agrees, "heard": bool(heard_by)})  # fmt: skip
        if not agrees:
            reopen(held, found, why="劳动者不同意结论", by=who, now=now)
        elif found.standing in _ASKED:
            found.standing = Standing.CONFIRMED
            found.save(update_fields=["standing"])
            close_if_ready(held, found, by=who, now=now)
    return made


def wait_ends(conclusion: Conclusion, law: Law) -> dt.date | None:
    """The last day on which the worker is waited for; ``None`` where nobody was told or it cannot be worked out."""
    if conclusion.told_at is None:
        return None
    start = timezone.localdate(conclusion.told_at)
    try:
        due = law.deadline(WAIT, start, conclusion.clue.region_id).due
    except LawError:
        return None
    return timezone.localdate(due) if isinstance(due, dt.datetime) else due


def ask_to_close(clue: Clue, *, by: User, now: dt.datetime, law: Law) -> Conclusion:
    """Ask a second person to close without the worker's word, after the days of the place. Raises :class:`Refused`."""
    with transaction.atomic():
        held = locked(clue)
        found = conclusion_of(held)
        referral = referral_of(held)
        if found is None or referral is None or found.standing != Standing.TOLD:
            raise Refused("这条线索不在等劳动者确认，请刷新页面。")
        if closing_of(held) is not None:
            raise Refused("这条线索已经凭付款证明销号，不用再提请；劳动者不同意的仍可以重新办理。")
        if not may_conclude(by, referral):
            raise Refused(f"本件由{referral.now.lead}办理，您没有办理权限。")
        if found.told_at is None:
            raise Refused("结论还没有告知劳动者，告知以后才开始等；请先告知，并在“告知劳动者”里登记。")
        until = wait_ends(found, law)
        if until is None:
            raise Refused("等待确认的天数算不出来，请先在“法规与期限”补上当地数值。")
        if timezone.localdate(now) <= until:
            raise Refused(f"等待劳动者确认到{until}为止，之后才能提请按“未获确认”办结；请先联系劳动者。")
        found.standing = Standing.SILENT
        found.silent_by, found.silent_by_name, found.silent_at = actor(by).key, str(by), now
        found.save(update_fields=["standing", "silent_by", "silent_by_name", "silent_at"])
        note(held, "silent", "劳动者逾期没有答复，提请按“未获确认”办结", by=by, now=now,
             after={"conclusion": found.pk, "until": until.isoformat()})  # fmt: skip
        tell_waiting(held, found, referral, now=now)
    return found


def _spoken_of(clue: Clue, agrees: bool) -> Clue:
    """The clue whose conclusion it is. Who was merged into another may open that one again, not agree for its worker."""
    lead = lead_of(clue)
    if lead.pk == clue.pk:
        return clue
    if agrees:
        raise Refused(
            "您反映的事和别人反映的一起办理，由最先反映的人确认；您有不同意见的，请写下来，会重新核实。"
        )
    return locked(lead)


def _name(heard_by: User | Actor | None) -> str:
    return heard_by.name if isinstance(heard_by, Actor) else str(heard_by) if heard_by else ""


def _heard(clue: Clue, heard_by: User | Actor | None, how: str) -> str:
    """How it was heard. Raises :class:`Refused`."""
    if heard_by is None:
        return ""
    if isinstance(heard_by, User):
        referral = referral_of(clue)
        if not (may_work(heard_by, clue) or (referral is not None and may_handle(heard_by, referral))):
            raise Refused("您没有处理这条线索的权限。")
    return words_of(how, "how", "请写明怎样听到的，例如“11月20日电话回访本人”")
