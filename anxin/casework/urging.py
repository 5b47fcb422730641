"""催办: whoever may see a matter asks its lead body how far it is; the urged are told, and answer.

Once a day a matter, by whomever; only leaders of the matter's body or place urge more often. An urging moves no clock
and takes no step: it is a question on record, with its answer.
"""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from anxin.accounts.access import DECIDE, HANDLE, actor, may
from anxin.accounts.models import User
from anxin.casework.access import acts_on, may_see
from anxin.casework.models import Matter
from anxin.casework.models_urging import CallersUrging, Urging
from anxin.casework.notifying import Colleagues, messages
from anxin.clues.masking import masked_words
from anxin.clues.models import TicketNote
from anxin.evidence.journal import Actor, record
from anxin.kernel.refusal import Refused, worded
from anxin.notices.kinds import Kind, register
from anxin.notices.models import ChannelName
from anxin.notices.services import send_many
from anxin.registry.models import Organisation

KIND = "urging"
LONGEST = 500
#: what a caller said is sealed beside the clue and told to nobody by notice
_CALLER = "来电人向热线催办，原话见线索页面。"


def register_notices() -> None:
    """Called once when the application starts."""
    channels = frozenset({str(ChannelName.EMAIL), str(ChannelName.WEBHOOK)})
    register(Kind(KIND, "催办", "我办理的事项被催办，或者我催办的有了答复", channels))


def may_urge(user: User, matter: Matter) -> bool:
    """Officers and leaders who may see it, also those of a supporting body."""
    return (may(user, HANDLE) or may(user, DECIDE)) and may_see(user, matter)


def may_answer(user: User, matter: Matter) -> bool:
    """Its handler, or whoever acts for the lead body."""
    return user.pk == matter.handler_id or acts_on(user, HANDLE, matter) or acts_on(user, DECIDE, matter)


def urgings_of(matter: Matter) -> list[Urging]:
    """All of a matter, the latest first; ``of_caller``: the answer also goes to a hotline's caller."""
    callers = CallersUrging.objects.filter(urging=OuterRef("pk"))
    return list(matter.urgings.annotate(of_caller=Exists(callers)).order_by("-pk"))


def with_urged(rows: QuerySet[Matter]) -> QuerySet[Matter]:
    """Matters with ``waits_for_answer``: an urging that nobody has answered."""
    waiting = Urging.objects.filter(matter=OuterRef("pk"), answered_at__isnull=True)
    return rows.annotate(waits_for_answer=Exists(waiting))


def urge(matter: Matter, words: str, *, by: User, now: dt.datetime) -> Urging:
    """Tell the handler and the lead body's leaders, where nobody is named all of the body. Raises :class:`Refused`.

    The same words of the same person on the same day are one urging.
    """
    if not may_urge(by, matter):
        raise Refused("您没有催办这件事项的权限。")
    words = worded(
        masked_words(words),
        "请写明催什么",
        field="words",
        more="，例如：三天没有进展，请今天回复",
        most=LONGEST,
    )
    known = matter.urgings.filter(by=by, day=timezone.localdate(now), words=words, answered_at__isnull=True)
    if (same := known.first()) is not None:
        return same
    leader = acts_on(by, DECIDE, matter)
    return _made(matter, words, by=by, by_name=str(by), leader=leader, who=actor(by), now=now)


def urge_for_caller(
    matter: Matter, centre: Organisation, note: TicketNote, *, who: Actor, now: dt.datetime
) -> Urging | None:
    """A hotline's caller asks, and the answer will be theirs too; ``None`` where the matter is closed.

    Urged today already, they join in while nobody has answered that; once answered, ``None``: the next day they may.
    """
    if matter.closed_on is not None:
        return None
    found = _of_today(matter, now)
    if found is not None and found.answered_at is not None:
        return None
    with transaction.atomic():
        carries = found or _made(
            matter, _CALLER, by=None, by_name=centre.name, leader=False, who=who, now=now
        )
        CallersUrging.objects.create(note=note, urging=carries)
    return carries


def answer(urging: Urging, words: str, *, by: User, now: dt.datetime) -> Urging:
    """The urged say how far it is; whoever urged is told. The same words again change nothing. Raises :class:`Refused`."""
    matter = urging.matter
    if not may_answer(by, matter):
        raise Refused(f"只有承办人和{matter.lead}的同事可以答复催办。")
    words = worded(masked_words(words), "请写明办到哪一步、什么时候有结果", field="answer", most=LONGEST)
    with transaction.atomic():
        held = Urging.objects.select_for_update().get(pk=urging.pk)
        if held.answered_at is not None and held.answer == words:
            return held
        if held.answered_at is not None:
            raise Refused(f"这次催办已由{held.answered_by_name}答复，请刷新页面查看。", field="answer")
        held.answer, held.answered_by_name, held.answered_at = words, str(by), now
        held.save(update_fields=["answer", "answered_by_name", "answered_at"])
        summary = f"{matter}：答复{held.by_name}的催办"
        _journal(matter, held, actor(by), "matter.urging_answered", summary, now)
        if held.by is not None and held.by.pk != by.pk:
            _tell([held.by], held, f"催办有了答复：{matter.number}", f"{by}答复：{words}", "answered", now)
    return held


def _made(
    matter: Matter, words: str, *, by: User | None, by_name: str, leader: bool, who: Actor, now: dt.datetime
) -> Urging:
    if matter.closed_on is not None:
        raise Refused("这件事项已经办结，不用再催。")
    people = [one for one in _urged(matter) if by is None or one.pk != by.pk]
    if not people:
        raise Refused(f"{matter.lead}还没有可以通知的承办人，请先交给同事承办，或者联系系统管理员。")
    try:
        with transaction.atomic():
            made = Urging.objects.create(
                matter=matter, by=by, by_name=by_name, from_leader=leader, words=words, at=now,
                day=timezone.localdate(now), told=len(people),
            )  # fmt: skip
            _journal(matter, made, who, "matter.urged", f"{matter}：{by_name}催办", now)
            _tell(
                people, made, f"催办：{matter.number}", f"{by_name}催办：{words}请到事项页面答复。", "", now
            )
    except IntegrityError:
        raise _today_already(matter, now) from None
    return made


def _urged(matter: Matter) -> list[User]:
    colleagues = Colleagues()
    found = {one.pk: one for one in [*colleagues.handling(matter), *colleagues.leading(matter)]}
    return list(found.values())


def _today_already(matter: Matter, now: dt.datetime) -> Refused:
    earlier = _of_today(matter, now)
    who = f"{earlier.by_name}已在{timezone.localtime(earlier.at):%H:%M}催过" if earlier else "已经催过"
    return Refused(f"这件事项今天{who}，一天催一次；请等承办单位答复，急的请领导催办。", field="words")


def _of_today(matter: Matter, now: dt.datetime) -> Urging | None:
    return matter.urgings.filter(day=timezone.localdate(now), from_leader=False).first()


def _tell(people: list[User], urging: Urging, title: str, body: str, suffix: str, now: dt.datetime) -> None:
    key = f"urging:{urging.pk}:{suffix}"
    told = messages(people, urging.matter, kind=KIND, title=title, body=body, once_key=key, page="/urgings")
    send_many(told, now=now)


def _journal(matter: Matter, urging: Urging, who: Actor, action: str, summary: str, now: dt.datetime) -> None:
    record(
        actor=who, action=action, object_type="matter", object_id=matter.pk, summary=summary,
        after={"urging": urging.pk}, now=now,
    )  # fmt: skip
