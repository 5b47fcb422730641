"""Telling the worker what came of it: by whom, when, by which way, reached or not. Only from then on are they waited for.

What is told is the conclusion that stands. Whoever opens their own receipt has seen it there; everything else an officer
does and writes down. A helper who looks at a receipt is not the worker: their looking tells nobody. Where clues were merged,
each caller is told of the one conclusion, and each telling stands under the caller's own clue.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.clues.masking import masked_words
from anxin.clues.models import Clue
from anxin.evidence.journal import Actor
from anxin.evidence.sealing import Sealed
from anxin.kernel.refusal import Refused, worded
from anxin.law import Law, LawError
from anxin.referral.access import may_handle, may_work
from anxin.referral.current import conclusion_of, lead_of, locked, note, referral_of
from anxin.referral.models import Conclusion, WorkerTold

Standing, Way = Conclusion.Standing, WorkerTold.Way
WORKER = Actor("worker", "劳动者本人")
#: within how long the worker is to be told, and after how many calls in vain another way is to be taken
TELL, TRIES = "channels.tell_days", "channels.tell_tries"
#: what an officer writes down; the other ways write themselves
BY_HAND = (Way.PHONE, Way.FACE, Way.SENDER, Way.LETTER)
_IN_VAIN = {Way.PHONE, Way.SENDER, Way.LETTER}
_NUMBER = re.compile(r"\d{5,20}")
_ASKS = {
    Way.FACE: ("请写明在哪里当面告知了谁", "，例如“在接待窗口告知本人”"),
    Way.SENDER: ("请写明哪个单位什么时候告知的", "，例如“12345热线11月20日回电告知本人”"),
    Way.LETTER: ("请写明寄到哪里、哪天签收", "，例如“挂号信寄本人住址，11月20日签收”"),
}


def tell(
    clue: Clue,
    way: str,
    *,
    by: User,
    now: dt.datetime,
    reached: bool = True,
    number: str = "",
    words: str = "",
) -> WorkerTold:
    """An officer has told the worker, or tried in vain. The same said twice at once is one. Raises :class:`Refused`.

    ``number`` is what was called; ``words`` says where, whom or how for the other ways.
    """
    if way not in BY_HAND:
        raise Refused("请选择怎样告知的：电话、当面、经来件单位或者信函。", field="way")
    if not reached and way not in _IN_VAIN:
        raise Refused("当面告知的，一定见到了本人；没有见到的不用登记。", field="reached")
    called, said = _called(way, number), words.strip()
    if way in _ASKS:
        ask, more = _ASKS[Way(way)]
        said = worded(said, ask, field="words", more=more)
    elif said:
        said = worded(said, "请写明通话的情况", field="words")
    with transaction.atomic():
        held, found = to_tell(clue, by=by)
        same = _same(held, found, way, reached, called, masked_words(said), by, now)
        if same is not None:
            return same
        return _keep(
            held, found, Way(way), by=by, now=now, reached=reached, number=called, words=masked_words(said)
        )


def to_tell(clue: Clue, *, by: User) -> tuple[Clue, Conclusion]:
    """The clue, held, and the conclusion that this person may tell its caller now: its own, or of the clue that it was merged
    into. Raises :class:`Refused` saying why not."""
    held = locked(clue)
    lead = lead_of(held)
    referral, found = referral_of(lead), conclusion_of(lead)
    if not (may_work(by, held) or (referral is not None and may_handle(by, referral))):
        raise Refused("您没有处理这条线索的权限，请联系承办单位或者分派岗。")
    if found is None:
        raise Refused("这条线索还没有结论，作出结论以后再告知。")
    if found.standing == Standing.REVIEW:
        raise Refused("结论还在等另一人复核，复核同意以前不告知。")
    if lead.pk != held.pk:
        _require_merged(held, found)
    elif not found.to_be_told:
        when = f"{timezone.localtime(found.told_at):%Y-%m-%d %H:%M}" if found.told_at else "此前"
        raise Refused(f"这个结论{when}已经告知过，不用再登记。")
    return held, found


def _require_merged(clue: Clue, found: Conclusion) -> None:
    """The caller of a merged clue has not been told of this conclusion, which stands. Raises :class:`Refused`."""
    if found.standing == Standing.SENT_BACK:
        raise Refused("结论被复核退回，重新作出结论以后再告知。")
    told = found.tellings.filter(clue=clue, reached=True).order_by("pk").first()
    if told is not None:
        raise Refused(f"这位反映人{timezone.localtime(told.at):%Y-%m-%d %H:%M}已经告知过，不用再登记。")


def callers_to_tell(clue: Clue, found: Conclusion, tellings: Iterable[WorkerTold]) -> list[Clue]:
    """The merged clues whose own caller is still to be told of the conclusion of ``clue``; one query."""
    if found.ended_at is not None or found.standing in (Standing.REVIEW, Standing.SENT_BACK):
        return []
    know = {one.clue_id for one in tellings if one.reached}
    rows = Clue.objects.filter(dispute=clue, referrals__isnull=True).exclude(channel=Clue.Channel.SWEEP)
    return [one for one in rows.order_by("pk") if one.pk not in know]


def texted(clue: Clue, *, by: User, now: dt.datetime, number: str) -> WorkerTold:
    """The office's gateway has taken a text with the conclusion for this telephone. Raises :class:`Refused`."""
    with transaction.atomic():
        held, found = to_tell(clue, by=by)
        return _keep(held, found, Way.MESSAGE, by=by, now=now, number=number)


def seen(clue: Clue, *, now: dt.datetime) -> WorkerTold | None:
    """Whoever told us has opened their receipt and read the conclusion that stands; written down once for each."""
    with transaction.atomic():
        held = locked(clue)
        found = conclusion_of(lead_of(held))
        if found is None or found.standing in (Standing.REVIEW, Standing.SENT_BACK):
            return None
        if found.tellings.filter(clue=held, way=Way.RECEIPT).exists():
            return None
        return _keep(held, found, Way.RECEIPT, by=None, now=now)


def heard_by_sender(
    clue: Clue, *, contacted: bool, asked: bool, by: Actor, at: dt.datetime, now: dt.datetime
) -> WorkerTold | None:
    """The hotline called its caller back about the conclusion that stood: told where they were asked, else tried in vain.

    In the caller's transaction, the clue held. ``None`` where nobody had to be told.
    """
    found = conclusion_of(clue)
    if found is None or not found.to_be_told or at < found.stands_since:
        return None
    if contacted and not asked:
        return None  # they were spoken to, of what is not said
    return _keep(clue, found, Way.SENDER, by=by, now=now, reached=contacted, words="热线回访")


def knows(
    conclusion: Conclusion, clue: Clue, *, heard_by: User | Actor | None, how: str, now: dt.datetime
) -> None:
    """Who says something of a conclusion knows it: a telling where none was written down. In the caller's transaction."""
    if conclusion.told_at is not None or conclusion.tellings.filter(clue=clue, reached=True).exists():
        return
    ways = Way.RECEIPT if heard_by is None else Way.SENDER if isinstance(heard_by, Actor) else Way.HEARD
    _row(clue, conclusion, ways, by=heard_by, now=now, words=masked_words(how))


def tell_by(conclusion: Conclusion, law: Law) -> dt.date | None:
    """The last day on which the worker is to be told; ``None`` where it cannot be worked out. ``clue`` must be at hand."""
    try:
        start = timezone.localdate(conclusion.stands_since)
        due = law.deadline(TELL, start, conclusion.clue.region_id).due
    except LawError:
        return None
    return timezone.localdate(due) if isinstance(due, dt.datetime) else due


def late_of(rows: Iterable[Conclusion], law: Law, today: dt.date) -> set[int]:
    """Keys of those whose worker was to be told before today."""
    known: dict[tuple[dt.date, str], dt.date | None] = {}
    late = set()
    for one in rows:
        key = (timezone.localdate(one.stands_since), one.clue.region_id)
        if key not in known:
            known[key] = tell_by(one, law)
        until = known[key]
        if until is not None and until < today:
            late.add(one.pk)
    return late


def most_tries(law: Law, on: dt.date, region: str) -> int:
    """After how many calls in vain another way is taken."""
    return int(law.value(TRIES, on, region).value)


def _called(way: str, number: str) -> str:
    if way != Way.PHONE:
        return ""
    digits = re.sub(r"[\s()（）+-]", "", number)
    if not _NUMBER.fullmatch(digits):
        raise Refused("请写明拨打的号码，只填数字，例如13800005678。", field="number")
    return digits


def _same(
    clue: Clue, found: Conclusion, way: str, reached: bool, number: str, said: str, by: User, now: dt.datetime
) -> WorkerTold | None:
    """A row that says the same of the same minute: the form was sent twice."""
    recent = found.tellings.filter(clue=clue, way=way, reached=reached, note=said, by=actor(by).key)
    for one in recent.filter(at__gte=now - dt.timedelta(minutes=1)):
        if (one.number.open() if isinstance(one.number, Sealed) else "") == number:
            return one
    return None


def _keep(
    clue: Clue, found: Conclusion, way: WorkerTold.Way, *, by: User | Actor | None, now: dt.datetime,
    reached: bool = True, number: str = "", words: str = "",
) -> WorkerTold:  # fmt: skip
    made = _row(clue, found, way, by=by, now=now, reached=reached, number=number, words=words)
    said = f"告知“{found.name}”：{way.label}{'' if reached else '，没有联系上'}"
    note(clue, "told" if reached else "told_in_vain", said, by=by or WORKER, now=now,
         after={"conclusion": found.pk, "telling": made.pk, "way": str(way), "reached": reached})  # fmt: skip
    return made


def _row(
    clue: Clue, found: Conclusion, way: WorkerTold.Way, *, by: User | Actor | None, now: dt.datetime,
    reached: bool = True, number: str = "", words: str = "",
) -> WorkerTold:  # fmt: skip
    """The row; and where it is the worker of this clue who knows it now, the clock of their word starts."""
    who = actor(by) if isinstance(by, User) else by
    made = WorkerTold.objects.create(
        clue=clue, conclusion=found, way=way, reached=reached, number=Sealed.of(number) if number else None,
        note=words[:200], by=who.key if who else "", by_name=who.name if who else "", at=now,
    )  # fmt: skip
    if reached and found.told_at is None and found.clue_id == clue.pk:
        found.told_at = now
        found.save(update_fields=["told_at"])
    return made
