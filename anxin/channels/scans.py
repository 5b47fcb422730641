"""A scan is counted: per code and day for good, one by one for a month. Who scanned is never kept."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from anxin.channels.models_codes import Scan, ScanCode, ScanDay
from anxin.evidence.sealing import finding_hash

#: single scans are kept so long, then only the counters
KEPT = dt.timedelta(days=31)
#: beyond so many a day one code's scans are only counted: a flood must not fill the disk
SINGLE_A_DAY = 1000
#: kilometres beyond which a scan is far from its site. A board hangs at the gate; a helmet goes home with its
#: wearer at night, but not into another province. Our own choice: it draws attention and nothing follows from it.
FAR_KM = {ScanCode.Kind.BOARD.value: 20, ScanCode.Kind.HELMET.value: 200}
_EARTH_KM = 6371.0


def record_scan(code: ScanCode, *, visitor: str, now: dt.datetime) -> Scan | None:
    """Count one scan; ``visitor`` is what tells phones apart today and leaves here as a keyed hash only.

    Returns the single scan, to which a place may be added, or ``None`` once this code had too many today.
    """
    day = timezone.localdate(now)
    who = finding_hash("scan-visitor", f"{day}|{visitor}")
    with transaction.atomic():
        counted = ScanDay.objects.filter(code=code, day=day)
        if not counted.update(scans=F("scans") + 1):
            ScanDay.objects.bulk_create([ScanDay(code=code, day=day, by_one=1)], ignore_conflicts=True)
            counted.update(scans=F("scans") + 1)
        ScanCode.objects.filter(pk=code.pk).update(last_scanned_at=now)
        if counted.values_list("scans", flat=True).get() > SINGLE_A_DAY:
            return None
        scan = Scan.objects.create(code=code, at=now, visitor=who)
        midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
        by_one = Scan.objects.filter(code=code, visitor=who, at__gte=midnight).count()
        if by_one > 1:
            counted.filter(by_one__lt=by_one).update(by_one=by_one)
    return scan


def tell_place(scan_id: int, *, latitude: float, longitude: float, now: dt.datetime) -> bool:
    """Add the rough place that the phone told, once and soon after the scan; says whether it was taken."""
    if not (math.isfinite(latitude) and -90 <= latitude <= 90):
        return False
    if not (math.isfinite(longitude) and -180 <= longitude <= 180):
        return False
    fresh = Scan.objects.select_related("code__project").filter(
        pk=scan_id, latitude__isnull=True, at__gt=now - dt.timedelta(minutes=10)
    )
    scan = fresh.first()
    if scan is None:
        return False
    rough = round(latitude, 2), round(longitude, 2)
    with transaction.atomic():
        place = {"latitude": Decimal(f"{rough[0]:.2f}"), "longitude": Decimal(f"{rough[1]:.2f}")}
        if not fresh.update(**place):
            return False
        if is_far(scan.code, *rough):
            day = timezone.localdate(scan.at)
            ScanDay.objects.filter(code=scan.code, day=day).update(far=F("far") + 1)
    return True


def is_far(code: ScanCode, latitude: float, longitude: float) -> bool:
    """Whether a place is too far from the code's site; never where the register does not know the site's place."""
    away = distance_km(code, latitude, longitude)
    return away is not None and away > FAR_KM[code.kind]


def distance_km(code: ScanCode, latitude: float, longitude: float) -> float | None:
    """Kilometres between a place and the code's site, along the earth."""
    site = code.project
    if site.latitude is None or site.longitude is None:
        return None
    here, there = math.radians(latitude), math.radians(float(site.latitude))
    turn = math.radians(longitude - float(site.longitude))
    part = math.sin((here - there) / 2) ** 2 + math.cos(here) * math.cos(there) * math.sin(turn / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, part)))


def forget(now: dt.datetime) -> int:
    """Single scans older than :data:`KEPT`; the counters stay."""
    deleted, _ = Scan.objects.filter(Q(at__lt=now - KEPT)).delete()
    return deleted
