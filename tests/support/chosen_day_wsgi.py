"""The console's application with the clock of a test; loaded by the processes of :mod:`tests.support.chosen_day`."""

from __future__ import annotations

from anxin.config.wsgi import application
from anxin.web import clock
from tests.support.chosen_day import chosen_now

clock.now = chosen_now

__all__ = ["application"]
