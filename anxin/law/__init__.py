"""Law as data: statutes, dated parameters, the working-day calendar. See ``README.md``."""

from anxin.law.calendar import DatedAnswer, DayKind, WorkCalendar
from anxin.law.deadlines import Deadline, Extension, Pause, Restart, Step
from anxin.law.errors import (
    BadQuestion,
    DataError,
    LawError,
    NotYetInForce,
    NoValue,
    Repealed,
    Unconfirmed,
    UnknownKey,
    UnpublishedYear,
)
from anxin.law.law import Law, Span, Value
from anxin.law.loading import load
from anxin.law.overlay import Overlay
from anxin.law.paydays import DueDate, pay_day

__all__ = [
    "BadQuestion",
    "DataError",
    "DatedAnswer",
    "DayKind",
    "Deadline",
    "DueDate",
    "Extension",
    "Law",
    "LawError",
    "NoValue",
    "NotYetInForce",
    "Overlay",
    "Pause",
    "Repealed",
    "Restart",
    "Span",
    "Step",
    "Unconfirmed",
    "UnknownKey",
    "UnpublishedYear",
    "Value",
    "WorkCalendar",
    "load",
    "pay_day",
]
