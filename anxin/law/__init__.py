"""Law as data: statutes, dated parameters, the working-day calendar. See ``README.md``."""

from anxin.law.calendar import DatedAnswer, DayKind, WorkCalendar
from anxin.law.errors import (
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
from anxin.law.paydays import DueDate, pay_day

__all__ = [
    "DataError",
    "DatedAnswer",
    "DayKind",
    "DueDate",
    "Law",
    "LawError",
    "NoValue",
    "NotYetInForce",
    "Repealed",
    "Span",
    "Unconfirmed",
    "UnknownKey",
    "UnpublishedYear",
    "Value",
    "WorkCalendar",
    "load",
    "pay_day",
]
