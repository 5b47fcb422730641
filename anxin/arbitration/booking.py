"""Half hours that a hearing keeps occupied, of its room or circuit place and of everybody who sits.

A row for each, unique in the database: of two hearings set at the same moment only one finds them free.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db import IntegrityError, transaction
from django.utils import timezone

from anxin.arbitration.models import ArbitrationCase, Arbitrator, Booking, Hearing
from anxin.kernel.refusal import Refused

SLOT = dt.timedelta(minutes=30)


def slots(begins_at: dt.datetime, ends_at: dt.datetime) -> Iterator[dt.datetime]:
    """The beginnings of the half hours that a hearing touches."""
    first = begins_at.replace(minute=0 if begins_at.minute < 30 else 30, second=0, microsecond=0)
    while first < ends_at:
        yield first
        first += SLOT


def person(one: Arbitrator) -> str:
    return f"person:{one.pk}"


def book(hearing: Hearing, people: Iterable[Arbitrator]) -> None:
    """Occupy everything that a hearing needs. Raises :class:`Refused` naming what is taken and by which case."""
    wanted = {person(one): str(one) for one in people}
    if hearing.room is not None:
        wanted[f"room:{hearing.room.pk}"] = hearing.room.name
    if hearing.circuit is not None:
        wanted[f"circuit:{hearing.circuit.pk}"] = "巡回庭"
    _take(hearing, wanted)


def free(hearing: Hearing) -> None:
    """A hearing that does not take place occupies nothing."""
    hearing.bookings.all().delete()


def rebook(case: ArbitrationCase, *, gone: Arbitrator, follower: Arbitrator, now: dt.datetime) -> None:
    """Who follows takes over the hearings ahead; raises :class:`Refused` where another one keeps them busy."""
    ahead = case.hearings.filter(state=Hearing.State.SET, begins_at__gt=now)
    for hearing in ahead.select_related("room", "circuit"):
        hearing.bookings.filter(what=person(gone)).delete()
        _take(hearing, {person(follower): str(follower)})


def _take(hearing: Hearing, wanted: dict[str, str]) -> None:
    times = list(slots(hearing.begins_at, hearing.ends_at))
    rows = [Booking(hearing=hearing, what=what, starts_at=at) for what in wanted for at in times]
    try:
        with transaction.atomic():
            Booking.objects.bulk_create(rows)
    except IntegrityError:
        raise Refused(_taken(wanted, times), field="begins_at") from None


def _taken(wanted: dict[str, str], times: list[dt.datetime]) -> str:
    standing = (
        Booking.objects.filter(what__in=wanted, starts_at__in=times)
        .select_related("hearing")
        .order_by("starts_at")
        .first()
    )
    if standing is None:  # freed in the same moment
        return "这个时间刚刚有变动，请再试一次。"
    begins, ends = (
        timezone.localtime(standing.hearing.begins_at),
        timezone.localtime(standing.hearing.ends_at),
    )
    return f"{wanted[standing.what]}在{begins:%Y-%m-%d %H:%M}至{ends:%H:%M}已有另一场开庭，请换时间、换庭室或者换人。"
