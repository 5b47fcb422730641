"""What gates told, day by day: a row for each site, person, day and device, added up by the database.

The day is the calendar day of the place. The rule by which punches become attendance begins its days some hours later
and lets a night shift end on the next one, by region and date; signs of forgery look at the clock, not at the days
paid, and a departure after midnight can only add a day with a punch, which speaks for the person.

Punches carry the batch in which they arrived and, out of a file, the moment at which a later file withdrew them. Whom a
punch belongs to is kept as it is known today: a person who was put on the roster later is seen on the days before, and
punches whose person is still open are nobody's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Count, DateField, Max, Min, Q, Value
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from anxin.monitoring.snapshot.view import CHUNK, Row, Rows, View
from anxin.workforce.models import Punch

#: stands for the device where punches came by file
FILE = "file"
_DAY = dt.timedelta(days=1)


def _punch_days(view: View) -> Iterable[Row]:
    zone = timezone.get_default_timezone()
    until = dt.datetime.combine(view.as_of + _DAY, dt.time(), zone)
    rows = (
        Punch.objects.filter(view.here(), worker__isnull=False, at__lt=until)
        .filter(batch__received_at__lte=view.known_at)
        .filter(Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=view.known_at))
        .annotate(
            day=TruncDate("at", tzinfo=zone, output_field=DateField()),
            gate=Coalesce("device__serial", Value(FILE)),
        )
        .values_list("project_id", "worker_id", "day", "gate")
        .annotate(
            first=Min("at"),
            last=Max("at"),
            punches=Count("pk"),
            in_time=Count("pk", filter=Q(backfilled=False)),
        )
        .order_by("project_id", "worker_id", "day", "gate")
    )
    for project, worker, day, gate, first, last, punches, in_time in rows.iterator(CHUNK):
        # A file is always later than what it tells of, which says nothing; a device that was cut off does.
        late = gate != FILE and not in_time
        times = _clock(first, zone), _clock(last, zone)
        yield project, str(worker), day, gate, *times, punches, None, late


def _clock(at: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """What the clock at the gate showed, in whole seconds."""
    return at.astimezone(zone).replace(tzinfo=None, microsecond=0)


TABLES: dict[str, Rows] = {"punch_days": _punch_days}
