"""From records to :class:`anxin.law.overlay.Overlay`: what was confirmed and had not ended at a moment."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from anxin import law as law_data
from anxin.law import Law, LawError, UnknownKey
from anxin.law.overlay import Overlay
from anxin.local_law.models import (
    WAS_CONFIRMED,
    CalendarYear,
    Confirmation,
    LocalValue,
    State,
    TwoPersonRecord,
)

_log = logging.getLogger("anxin.local_law")


def effective(known_at: dt.datetime | None) -> Q:
    """The rows that count: now (``None``), or as it was known at a moment."""
    if known_at is None:
        return Q(state=State.CONFIRMED)
    return (
        WAS_CONFIRMED & Q(confirmed_at__lte=known_at) & (Q(ended_at__isnull=True) | Q(ended_at__gt=known_at))
    )


def stored(known_at: dt.datetime | None = None) -> Overlay:
    """The overlay of the database at a moment; three queries. Records the shipped law no longer fits are left out."""
    condition = effective(known_at)
    return fitting(
        LocalValue.objects.filter(condition),
        Confirmation.objects.filter(condition),
        CalendarYear.objects.filter(condition),
    )


def fitting(
    values: QuerySet[LocalValue] | Iterable[LocalValue],
    confirmations: QuerySet[Confirmation] | Iterable[Confirmation],
    calendars: QuerySet[CalendarYear] | Iterable[CalendarYear],
) -> Overlay:
    """An overlay of these records that loads.

    An upgrade may ship a law in which a parameter is gone or has another value. A record about it must not
    keep the whole product from starting: it is left out, and the console says so beside it.
    """
    overlay = of(
        _in_order(values),
        [one for one in _in_order(confirmations) if covers(one, shipped())],
        sorted(calendars, key=lambda one: one.year),
    )
    try:
        law_data.load(settings.ANXIN_LAW_DIRS, overlay)
    except LawError:
        return _only_sound(overlay)
    return overlay


def of(
    values: Iterable[LocalValue], confirmations: Iterable[Confirmation], calendars: Iterable[CalendarYear]
) -> Overlay:
    """The records in the words of the law package."""
    return Overlay(
        local_values=tuple(local_value_entry(one) for one in values),
        confirmations=tuple(_confirmation_entry(one) for one in confirmations),
        calendars={one.year: _calendar_entry(one) for one in calendars},
    )


def shipped() -> Law:
    """The law of the files alone, without anything that was recorded on screen."""
    return law_data.load(settings.ANXIN_LAW_DIRS)


def covers(confirmation: Confirmation, law: Law) -> bool:
    """Whether the value that two persons looked at is still the one the files hold."""
    try:
        parameter = law.parameter(confirmation.key)
    except UnknownKey:
        return False
    region = confirmation.region
    dated = parameter.local_values.get(region, ()) if region else parameter.values
    asked = (confirmation.value_from, confirmation.only_for, confirmation.value)
    return any((one.from_, one.only_for, one.value) == asked for one in dated)


def local_value_entry(one: LocalValue) -> dict[str, Any]:
    """As in a data file of the law, with its ``key``."""
    entry: dict[str, Any] = {
        "key": one.key,
        "region": one.region,
        "name": one.region_name,
        "from": one.valid_from,
        "value": one.value,
        "unit": one.unit,
        "source": one.source,
        "confidence": "confirmed",
    }
    if one.confirmed_at is not None:
        entry["checked_on"] = timezone.localdate(one.confirmed_at)
    optional = {
        "until": one.valid_until,
        "counting": one.counting,
        "note": one.note,
        "only_for": one.only_for,
    }
    return entry | {name: value for name, value in optional.items() if value}


def _confirmation_entry(one: Confirmation) -> dict[str, Any]:
    assert one.confirmed_at is not None
    return {
        "key": one.key,
        "region": one.region,
        "from": one.value_from,
        "only_for": one.only_for,
        "document": one.document,
        "by": f"{one.proposed_by_name}、{one.confirmed_by_name}",
        "on": timezone.localdate(one.confirmed_at),
    }


def _calendar_entry(one: CalendarYear) -> dict[str, Any]:
    days = [(dt.date.fromisoformat(day), kind, festival) for day, kind, festival in one.days]
    return {"notice": one.notice, "days": days}


def _in_order(records: Iterable[Any]) -> list[Any]:
    """By first confirmation: the content of the overlay, and so its digest, does not hang on the database."""
    return sorted(records, key=_order)


def _order(one: TwoPersonRecord) -> tuple[dt.datetime, int]:
    return one.confirmed_at or one.proposed_at, one.pk or 0


def _only_sound(overlay: Overlay) -> Overlay:
    kept: list[Mapping[str, Any]] = []
    for entry in overlay.local_values:
        try:
            law_data.load(settings.ANXIN_LAW_DIRS, Overlay(local_values=(*kept, entry)))
        except LawError as problem:
            _log.warning("left out a local value of %s: %s", entry["key"], problem)
        else:
            kept.append(entry)
    return Overlay(tuple(kept), overlay.confirmations, overlay.calendars)
