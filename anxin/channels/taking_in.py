"""Submissions become clues, many at a time: who told us need not wait for numbers, the journal and the reading."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Sequence

from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django_tasks import TaskResultStatus
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from anxin.channels.forms import FormTold, heading_of, words_of
from anxin.channels.models_voice import Submission
from anxin.clues.intake import Given, Voice, take_in
from anxin.clues.models import Clue
from anxin.evidence.journal import Actor
from anxin.evidence.sealing import Sealed
from anxin.kernel.refusal import Refused

BY_CODE = Actor("public", "扫码反映")
#: the form asks about unpaid wages and nothing else; what the machine cannot read, somebody has to hear or see soon
_UNREADABLE = Given(
    {"arrears": True, "urgency": Clue.Urgency.PRESSING.value},
    "只有录音或者照片，机器读不出来：先按欠薪、紧急处理，请听完、看完再核对",
)
#: the journal's chain is held by one writer meanwhile; others wait for no more than these
AT_ONCE = 50

_LOOK_AGAIN_AFTER, FOLLOWS_AFTER = dt.timedelta(seconds=1), dt.timedelta(seconds=2)
_looked_at: dt.datetime | None = None

logger = logging.getLogger("anxin.channels")


def take_in_waiting(*, now: dt.datetime) -> int:
    """Make clues of what waits, the oldest first; how many were made. One call at a time; twice does no harm."""
    made = 0
    after = 0
    while waiting := list(_waiting(after)):
        after = waiting[-1]
        made += _take_in(waiting, now)
    return made


def queue(*, now: dt.datetime) -> None:
    """Have what waits taken in, soon; called after the submission stands. A task that has not begun will see it.

    A process that has looked within the last second need not look again: the task that took in what was there then
    leaves another behind it (:data:`FOLLOWS_AFTER`).
    """
    global _looked_at
    if _looked_at is not None and dt.timedelta(0) <= now - _looked_at < _LOOK_AGAIN_AFTER:
        return
    _looked_at = now
    if not _queued().exists():
        _task().enqueue()


def queue_next(*, now: dt.datetime) -> None:
    """More may have come while the last ones were taken in."""
    if not _queued().exists():
        _task().using(run_after=now + FOLLOWS_AFTER).enqueue()


def _task() -> Task[[], None]:
    from anxin.channels.tasks_voice import take_in_task  # the task module needs the app registry

    return take_in_task


def _queued() -> QuerySet[DBTaskResult]:
    return DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=_task().module_path)


def queue_forgotten() -> None:
    """What the process could not queue any more before it ended; the scheduler looks every minute."""
    if _waiting(0).exists() and not _queued().exists():
        _task().enqueue()


def _waiting(after: int) -> QuerySet[Submission, int]:
    rows = Submission.objects.filter(clue__isnull=True, pk__gt=after).order_by("pk")
    return rows.values_list("pk", flat=True)[:AT_ONCE]


def _take_in(keys: Sequence[int], now: dt.datetime) -> int:
    """All of them, or, where one cannot be, each for itself: one bad submission must not hold up the others."""
    try:
        return _together(keys, now)
    except (Refused, DatabaseError):
        if len(keys) == 1:
            logger.exception("扫码反映第%s份没有转成线索，下一次再试。", keys[0])
            return 0
        return sum(_take_in([key], now) for key in keys)


def _together(keys: Sequence[int], now: dt.datetime) -> int:
    with transaction.atomic():
        held = list(
            Submission.objects.select_for_update(of=("self",))
            .select_related("code__project")
            .filter(pk__in=keys, clue__isnull=True)
            .order_by("pk")
        )
        clues = take_in([_voice(one) for one in held], actor=BY_CODE, now=now)
        for one, clue in zip(held, clues, strict=True):
            one.clue, one.words = clue, None
        Submission.objects.bulk_update(held, ["clue", "words"])
    return len(held)


def _voice(one: Submission) -> Voice:
    told = told_in(one)
    code = one.code if one.code is not None and one.code.current else None
    # A code that was replaced may hang elsewhere by now; its place is still nearer than none.
    region = one.region_id or (one.code.project.region_id if one.code else "")
    return Voice(
        channel=Clue.Channel.QR,
        kind=one.kind,
        region=region,
        received_at=one.received_at,
        title=heading_of(told),
        text=words_of(told),
        place=told.site,
        name=told.name,
        phone=told.phone,
        project=code.project if code else None,
        given=None if told.text else _UNREADABLE,
    )


def told_in(one: Submission) -> FormTold:
    """What was typed, while it waits to become a clue."""
    assert isinstance(one.words, Sealed)
    return FormTold(**json.loads(one.words.open()))
