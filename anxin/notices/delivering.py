"""Sending what is queued: by one worker or by several at once, never the same delivery twice.

A worker takes deliveries by a conditional update that also moves their next try behind a lease: of two
workers that saw the same rows, the second one's update finds none. How it ended is written under the
worker's own claim only. A worker that is killed in between leaves the rows as they are; after the lease
another one takes them up.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
import uuid
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from anxin.notices import channels
from anxin.notices.channels import Channel, NotDelivered
from anxin.notices.models import Delivery

_log = logging.getLogger(__name__)

#: longer than any single sending can take: every step of it has a time-out of seconds
LEASE = dt.timedelta(minutes=15)
#: the waiting time after the first, second, … try; after the last one it is given up
BACK_OFF = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
#: nobody is served by a reminder that is older
STALE = dt.timedelta(days=3)
#: deliveries taken for one message at most
_COMPANIONS = 200
#: seconds after which a run leaves the rest to the next one, so that imports and sweeps get their turn
_RUN_SECONDS = 60
_TOO_OLD = "超过3天没有送出，不再发送。"
_CLOSED = "账号已停用，不再发送。"
_ERROR = "发送时系统出错。"


@dataclass
class Outcome:
    """How many deliveries of one run were sent, given up, or wait for another try."""

    sent: int = 0
    failed: int = 0
    waiting: int = 0


def due(now: dt.datetime) -> QuerySet[Delivery]:
    """What waits to be sent, and what a killed worker left behind its lease."""
    return Delivery.objects.filter(state=Delivery.State.QUEUED, next_try__lte=now)


def retry_due(now: dt.datetime) -> Outcome:
    """Send everything that is due, first tries and later ones, for about a minute at most."""
    started, outcome = time.monotonic(), Outcome()

    def moment() -> dt.datetime:
        # The day is the caller's; how long sending takes is measured, because leases run on it.
        return now + dt.timedelta(seconds=time.monotonic() - started)

    outcome.failed += _give_up(due(now).filter(notice__created_at__lt=now - STALE), _TOO_OLD)
    outcome.failed += _give_up(due(now).filter(notice__to__is_active=False), _CLOSED)
    for channel in channels.ALL:
        answering = not channel.immediate
        while answering and time.monotonic() - started < _RUN_SECONDS:
            first = _first_due(channel, moment())
            if first is None:
                break
            taken = _take(channel, first, moment())
            # Nothing taken: another worker was faster; the next one in line may still be free.
            answering = not taken or _send(channel, taken, moment(), outcome)
    return outcome


def _first_due(channel: Channel, now: dt.datetime) -> Delivery | None:
    waiting = due(now).filter(channel=channel.name)
    return waiting.select_related("notice").order_by("next_try", "pk").first()


def _take(channel: Channel, first: Delivery, now: dt.datetime) -> list[Delivery]:
    """Take the first delivery and its companions; empty where another worker was faster."""
    together = due(now).filter(channel.companions(first), channel=channel.name)
    ids = list(together.order_by("pk").values_list("pk", flat=True)[:_COMPANIONS])
    claim = uuid.uuid4()
    due(now).filter(pk__in=ids).update(claim=claim, attempts=F("attempts") + 1, next_try=now + LEASE)
    return list(Delivery.objects.filter(claim=claim).select_related("notice__to").order_by("pk"))


def _send(channel: Channel, taken: list[Delivery], now: dt.datetime, outcome: Outcome) -> bool:
    """Send one message; whether it makes sense to go on with this channel."""
    mine = Delivery.objects.filter(claim=taken[0].claim, state=Delivery.State.QUEUED)
    try:
        channel.send([delivery.notice for delivery in taken], now=now)
    except NotDelivered as failure:
        _put_off(mine, taken, failure, now, outcome)
        return not failure.everybody
    except Exception:
        _log.exception("notices: sending %s by %s failed", [one.pk for one in taken], channel.name)
        _put_off(mine, taken, NotDelivered(_ERROR), now, outcome)
        return True
    outcome.sent += mine.update(state=Delivery.State.SENT, sent_at=now, next_try=None, sentence="")
    return True


def _put_off(
    mine: QuerySet[Delivery], taken: list[Delivery], failure: NotDelivered, now: dt.datetime, outcome: Outcome
) -> None:
    """Wait for the next try, each delivery by its own count; give up after the last one."""
    _log.warning("notices: %s by %s: %s", len(taken), taken[0].channel, failure.sentence)
    for attempts in sorted({delivery.attempts for delivery in taken}):
        those = mine.filter(attempts=attempts)
        if failure.final or attempts > len(BACK_OFF):
            outcome.failed += _give_up(those, failure.sentence)
        else:
            outcome.waiting += those.update(
                sentence=failure.sentence, next_try=now + BACK_OFF[attempts - 1], claim=None
            )


def _give_up(rows: QuerySet[Delivery], sentence: str) -> int:
    # By key: an update across a join is written differently by every database.
    ids = list(rows.values_list("pk", flat=True))
    return Delivery.objects.filter(Q(pk__in=ids), state=Delivery.State.QUEUED).update(
        state=Delivery.State.FAILED, sentence=sentence, next_try=None
    )
