"""What gates told, day by day: a row for each site, person, day and device, added up by the database.

The day is the calendar day of the place. The rule by which punches become attendance begins its days some hours later
and lets a night shift end on the next one, by region and date; signs of forgery look at the clock, not at the days
paid, and a departure after midnight can only add a day with a punch, which speaks for the person.

Only the days that signs of forgery look at are read: punches of all time would grow without end. Punches carry the
batch in which they arrived and, out of a file, the moment at which a later file withdrew them. Whom a punch belongs to
is kept as it is known today: a person who was put on the roster later is seen on the days before, and punches whose
person is still open are nobody's.

Of named sites the people's punches elsewhere are read too: who is at two sites at once is seen only with both.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Count, DateField, Max, Min, Q, QuerySet, Value
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from anxin.local_law import queries as local_law
from anxin.monitoring.facts_schema import FILE_DEVICE
from anxin.monitoring.snapshot.view import CHUNK, Row, Rows, View
from anxin.workforce.models import Enrolment, Punch

_DAY = dt.timedelta(days=1)


def _punch_days(view: View) -> Iterable[Row]:
    zone = timezone.get_default_timezone()
    rows = (
        _punches(view, zone)
        .annotate(
            day=TruncDate("at", tzinfo=zone, output_field=DateField()),
            gate=Coalesce("device__serial", Value(FILE_DEVICE)),
        )
        .values_list("project_id", "worker_id", "day", "gate")
        .annotate(
            first=Min("at"),
            last=Max("at"),
            punches=Count("pk"),
            face=Max("face_hash"),
            in_time=Count("pk", filter=Q(backfilled=False)),
        )
        .order_by("project_id", "worker_id", "day", "gate")
    )
    for project, worker, day, gate, first, last, punches, face, in_time in rows.iterator(CHUNK):
        # A file is always later than what it tells of, which says nothing; a device that was cut off does.
        late = gate != FILE_DEVICE and not in_time
        times = clock(first, zone), clock(last, zone)
        yield project, str(worker), day, gate, *times, punches, face or None, late


def _punches(view: View, zone: dt.tzinfo) -> QuerySet[Punch]:
    """Punches of known people in the days looked at, as they had arrived and stood."""
    since, until = moments_looked_at(view, zone)
    return Punch.objects.filter(
        _somewhere(view),
        view.in_days("at", zone),
        Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=view.known_at),
        worker__isnull=False,
        at__gte=since,
        at__lt=until,
        batch__received_at__lte=view.known_at,
    )


def moments_looked_at(view: View, zone: dt.tzinfo) -> tuple[dt.datetime, dt.datetime]:
    """From when and until when signs of forgery look: the last months, the day itself among them."""
    from anxin.monitoring.rules.forgery.common import days_back  # brings the rules, which only a sweep needs

    until = view.as_of + _DAY
    first = until - days_back(local_law.current(known_at=view.known_at), view.as_of) * _DAY
    midnights = (dt.datetime.combine(day, dt.time(), zone) for day in (first, until))
    return next(midnights), next(midnights)


def _somewhere(view: View) -> Q:
    """The named sites, and of their people the other sites on whose rosters they stand: only there punches are theirs."""
    if not view.project_ids:
        return view.here()
    people = Enrolment.objects.filter(view.here()).values("worker_id")
    others = Enrolment.objects.filter(worker__in=people).exclude(view.here()).values_list("project_id")
    elsewhere = sorted({project for (project,) in others.distinct().order_by()})
    return view.here() | Q(project__in=elsewhere, worker__in=people) if elsewhere else view.here()


def clock(at: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """What the clock at the gate showed, in whole seconds."""
    return at.astimezone(zone).replace(tzinfo=None, microsecond=0)


TABLES: dict[str, Rows] = {"punch_days": _punch_days}
