"""The one place of the console that reads the clock; everything below is told the time."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone


def now() -> dt.datetime:
    return timezone.now()


def today() -> dt.date:
    """The local day in the office's time zone."""
    return timezone.localdate(now())


def local(moment: dt.datetime | None) -> dt.datetime:
    """A stored moment in the office's time zone; now, where none is given."""
    return timezone.localtime(moment or now())
