"""The law as it stands here, and the lists of what was recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from threading import Lock
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from anxin import law as law_data
from anxin.kernel.paging import Page
from anxin.law import Law, LawError
from anxin.law.overlay import Overlay
from anxin.local_law import overlay as overlays
from anxin.local_law.models import CalendarYear, Confirmation, LocalValue, OverlayStamp, State

_lock = Lock()
#: the overlay of the last stamp seen, so that one small query answers :func:`current`
_last: tuple[tuple[str, str], Overlay] | None = None


def current(known_at: dt.datetime | None = None) -> Law:
    """The shipped law with what this bureau has confirmed and not withdrawn, now or as known at a moment.

    One small query where nothing has changed since the last call; a past moment costs three more. The same
    content is the same object with the same :meth:`~anxin.law.Law.digest`. Files in ``ANXIN_LAW_DIRS`` have
    no date of their own: they count at every moment.
    """
    try:
        return law_data.load(settings.ANXIN_LAW_DIRS, _overlay(known_at))
    except LawError:
        # A file of the bureau's own folder has changed, and a kept record no longer fits it.
        return law_data.load(settings.ANXIN_LAW_DIRS, overlays.stored(known_at))


def on_trial(values: Sequence[Mapping[str, Any]], known_at: dt.datetime | None = None) -> Law:
    """The law of :func:`current` with values that nobody has confirmed, to see what they would do.

    ``values``: as in a data file of the law, with ``key``, ``region``, ``from``, ``value`` and ``source``. Raises
    :class:`~anxin.law.LawError` for a value that does not fit its parameter.
    """
    overlay = _overlay(known_at)
    return law_data.load(
        settings.ANXIN_LAW_DIRS, replace(overlay, local_values=(*overlay.local_values, *values))
    )


def _overlay(known_at: dt.datetime | None) -> Overlay:
    stamp = OverlayStamp.objects.values_list("token", "changed_at").filter(pk=1).first()
    if stamp is None:
        return Overlay()
    token, changed_at = stamp
    if known_at is not None and changed_at is not None and known_at < changed_at:
        return overlays.stored(known_at)
    return _of_now(token)


def _of_now(token: str) -> Overlay:
    """Kept by token and by where the files stand: what fits depends on both."""
    global _last
    key = (token, repr([str(folder) for folder in settings.ANXIN_LAW_DIRS]))
    with _lock:
        if _last is not None and _last[0] == key:
            return _last[1]
    found = overlays.stored()
    with _lock:
        _last = (key, found)
    return found


def local_values(*, state: str = "", key: str = "", text: str = "") -> QuerySet[LocalValue]:
    """Recorded values, newest first."""
    return _filtered(LocalValue.objects.all(), state, key, text)


def confirmations(*, state: str = "", key: str = "", text: str = "") -> QuerySet[Confirmation]:
    """Recorded confirmations, newest first."""
    return _filtered(Confirmation.objects.all(), state, key, text)


def calendar_years() -> QuerySet[CalendarYear]:
    """Imported notices, the latest year first."""
    return CalendarYear.objects.select_related("file").order_by("-year", "-pk")


def _filtered(rows: QuerySet, state: str, key: str, text: str) -> QuerySet:  # type: ignore[type-arg]
    if state:
        rows = rows.filter(state=state)
    if key:
        rows = rows.filter(key=key)
    if text:
        rows = rows.filter(key__in=matching_keys(text))
    return rows.order_by("-pk")


def matching_keys(text: str) -> list[str]:
    """Keys of the parameters whose name or key holds every word of the text."""
    words = text.lower().split()
    law = current()
    said = {key: f"{key} {law.parameter(key).name}".lower() for key in law.keys()}  # noqa: SIM118
    return [key for key, name in said.items() if all(word in name for word in words)]


def page_of(rows: QuerySet, *, after: int | None, limit: int) -> Page:  # type: ignore[type-arg]
    """One page of a list that is read newest first."""
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found = list(rows[: limit + 1])
    shown = found[:limit]
    return Page(shown, shown[-1].pk if len(found) > limit else None)


def waiting() -> dict[str, int]:
    """How many proposals of each sort wait for a second person."""
    return {
        "values": LocalValue.objects.filter(state=State.PROPOSED).count(),
        "confirmations": Confirmation.objects.filter(state=State.PROPOSED).count(),
        "calendars": CalendarYear.objects.filter(state=State.PROPOSED).count(),
    }
