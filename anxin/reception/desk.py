"""The desk: a number in the queue, called, received, left; one registration of a group with names; promises."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.clues.access import visible_clue
from anxin.clues.claimant_rows import Said, Written, write_claimants
from anxin.clues.claimants import follow_list, may_list
from anxin.clues.intake import Voice
from anxin.clues.masking import masked_words
from anxin.clues.models import Clue
from anxin.clues.registering import register_clue
from anxin.evidence.journal import record
from anxin.evidence.sealing import Sealed
from anxin.kernel.refusal import Refused, worded
from anxin.reception.access import require_desk
from anxin.reception.models import Duty, Promise, QueueSeries, Visit

_MOST_PEOPLE = 100_000
_MOST_ABOUT, _MOST_ANSWER, _MOST_PROMISE, _MOST_KEPT = 200, 1000, 300, 300
_S = Visit.State
#: from → where it may go
_MOVES = {
    _S.WAITING: {_S.CALLED, _S.RECEIVED, _S.MISSED},
    _S.CALLED: {_S.RECEIVED, _S.MISSED},
    _S.MISSED: {_S.CALLED, _S.RECEIVED},
    _S.RECEIVED: {_S.LEFT},
}


def take_number(
    *, region: str, people: int, about: str, speaker: str = "", by: User, now: dt.datetime
) -> Visit:
    """Whoever comes gets the next number of the place and day. Raises :class:`Refused`."""
    require_desk(by, region)
    if not 0 < people <= _MOST_PEOPLE:
        raise Refused("请填写来了几个人，1以上的整数。", field="people")
    about = _text(about, "请写明来说什么事", _MOST_ABOUT, "about", "，例如“木工班讨要9月工资”")
    today = timezone.localtime(now).date()
    with transaction.atomic():
        QueueSeries.objects.get_or_create(region_id=region, on=today)
        series = QueueSeries.objects.select_for_update().get(region_id=region, on=today)
        series.last += 1
        series.save(update_fields=["last"])
        duty = Duty.objects.filter(region_id=region, on=today, cancelled_at__isnull=True).exclude(
            kind=Duty.Kind.FIELD
        )
        visit = Visit.objects.create(
            region_id=region,
            on=today,
            number=series.last,
            duty=duty.order_by("pk").first(),
            people=people,
            about=about,
            speaker=Sealed.of(speaker.strip()) if speaker.strip() else None,
            came_at=now,
        )
        _record(visit, "reception.number_taken", f"来访取号{visit}，{people}人", by, now)
    return visit


def call_next(region: str, *, by: User, now: dt.datetime) -> Visit:
    """Call the lowest number that waits. Raises :class:`Refused`."""
    require_desk(by, region)
    with transaction.atomic():
        waiting = Visit.objects.select_for_update().filter(
            region_id=region, on=timezone.localtime(now).date(), state=_S.WAITING
        )
        visit = waiting.order_by("number").first()
        if visit is None:
            raise Refused("现在没有等候的人。")
        return _moved(visit, _S.CALLED, by, now)


def move_visit(visit: Visit, to: str, *, by: User, now: dt.datetime) -> Visit:
    """Called, received or not there when called. Raises :class:`Refused`."""
    if to not in (_S.CALLED, _S.RECEIVED, _S.MISSED):
        raise Refused("没有这一步，请刷新页面。")
    with transaction.atomic():
        return _moved(_locked(visit, by), to, by, now)


def let_go(visit: Visit, *, answer: str, by: User, now: dt.datetime) -> Visit:
    """They leave with an answer, which is kept. Raises :class:`Refused`."""
    answer = _text(answer, "请写明怎样答复的", _MOST_ANSWER, "answer")
    with transaction.atomic():
        found = _locked(visit, by)
        found.answer = answer
        return _moved(found, _S.LEFT, by, now)


def register_group(
    visit: Visit, voice: Voice, people: Sequence[Said], *, by: User, now: dt.datetime
) -> tuple[Clue, Written]:
    """One registration of everybody who came: a clue with its people. Raises :class:`Refused` and writes nothing.

    A row that cannot be right is named by its number, so that the list is mended and sent again.
    """
    with transaction.atomic():
        found = _locked(visit, by)
        _require_unlinked(found)
        clue = register_clue(voice, by=by, now=now)
        written = _write(clue, people, by, now)
        found.clue = clue
        found.save(update_fields=["clue"])
        words = f"来访{found}登记为线索{clue}，名单{written.added}人"
        _record(found, "reception.group_registered", words, by, now)
    return clue, written


def join_clue(visit: Visit, clue: Clue, people: Sequence[Said], *, by: User, now: dt.datetime) -> Written:
    """They came again about something known: the visit and new names go to that clue. Raises :class:`Refused`."""
    with transaction.atomic():
        found = _locked(visit, by)
        _require_unlinked(found)
        if visible_clue(by, clue.pk) is None or not may_list(by, clue):
            raise Refused("没有这条线索，或不在您负责的范围内。", field="clue")
        known = Clue.objects.select_for_update().get(pk=clue.pk)
        written = _write(known, people, by, now)
        found.clue = known
        found.save(update_fields=["clue"])
        words = f"来访{found}并入已有线索{known}，名单增加{written.added}人"
        _record(found, "reception.visit_joined", words, by, now)
    return written


def promise(
    visit: Visit,
    *,
    what: str,
    due_on: dt.date,
    responsible: str,
    office: str = "",
    phone: str = "",
    by: User,
    now: dt.datetime,
) -> Promise:
    """Promise something to those who came, by a day and by a person. Raises :class:`Refused`."""
    what = _text(what, "请写明承诺办什么事", _MOST_PROMISE, "what")
    if not responsible.strip():
        raise Refused("请填写由谁负责。", field="responsible")
    with transaction.atomic():
        found = _locked(visit, by)
        if found.state in (_S.WAITING, _S.CALLED, _S.MISSED):
            raise Refused("还没有接谈，不能开承诺单；请先点“开始接谈”。")
        if due_on < found.on:
            raise Refused("期限不能早于来访当天。", field="due_on")
        made = Promise.objects.create(
            visit=found,
            region_id=found.region_id,
            what=what,
            due_on=due_on,
            responsible=responsible.strip()[:60],
            office=office.strip()[:80],
            phone=phone.strip()[:40],
            made_at=now,
            made_by_name=str(by),
        )
        words = f"来访{found}：{made}，{due_on}前由{made.responsible}负责"
        _record(found, "reception.promised", words, by, now)
    return made


def keep_promise(made: Promise, *, words: str, on: dt.date, by: User, now: dt.datetime) -> None:
    """What was promised is done, and how. Raises :class:`Refused`."""
    words = _text(words, "请写明怎样兑现的", _MOST_KEPT, "words")
    with transaction.atomic():
        found = Promise.objects.select_for_update().get(pk=made.pk)
        visit = _locked(found.visit, by)
        if found.kept_on is not None:
            raise Refused("这张承诺单已经兑现，请刷新页面。")
        if not visit.on <= on <= timezone.localtime(now).date():
            raise Refused("兑现日期应在来访当天到今天之间。", field="on")
        found.kept_on, found.kept_words, found.kept_by_name = on, words, str(by)
        found.save(update_fields=["kept_on", "kept_words", "kept_by_name"])
        _record(visit, "reception.promise_kept", f"来访{visit}：{found}已兑现", by, now)


def _write(clue: Clue, people: Sequence[Said], by: User, now: dt.datetime) -> Written:
    written = write_claimants(clue, people, by_name=str(by), now=now)
    if written.problems:
        lines = "；".join(f"第{row}行：{sentence}" for row, sentence, _ in written.problems[:5])
        raise Refused(f"名单里有{len(written.problems)}行不对，都没有保存。{lines}", field="people_list")
    follow_list(clue, by_name=str(by), actor=actor(by), now=now)
    return written


def _moved(visit: Visit, to: str, by: User, now: dt.datetime) -> Visit:
    state = _S(to)
    if state not in _MOVES.get(_S(visit.state), set()):
        raise Refused(f"{visit}现在是“{visit.get_state_display()}”，不能改为“{state.label}”，请刷新页面。")
    visit.state = state
    if state == _S.CALLED:
        visit.called_at = now
    elif state == _S.RECEIVED:
        visit.received_at, visit.received_by = now, str(by)
    elif state == _S.LEFT:
        visit.left_at = now
    visit.save()
    _record(visit, f"reception.{state.value}", f"来访{visit}：{state.label}", by, now)
    return visit


def _locked(visit: Visit, by: User) -> Visit:
    found = Visit.objects.select_for_update().get(pk=visit.pk)
    require_desk(by, found.region_id)
    return found


def _require_unlinked(visit: Visit) -> None:
    if visit.clue_id is not None:
        raise Refused("这批来访已经登记过线索，请在那条线索上补充。")


def _text(text: str, ask: str, most: int, field: str, more: str = "") -> str:
    return worded(masked_words(text), ask, field=field, more=more, most=most)


def _record(visit: Visit, action: str, summary: str, by: User, now: dt.datetime) -> None:
    record(
        actor=actor(by),
        action=action,
        object_type="visit",
        object_id=visit.pk,
        summary=summary,
        now=now,
        after={"region": visit.region_id, "people": visit.people, "clue": visit.clue_id},
    )
