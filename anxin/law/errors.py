"""What can go wrong when the law is asked. Every message is one Chinese sentence for the reader."""

from __future__ import annotations


class LawError(ValueError):
    """The law cannot answer; the message says what is wrong and what to do."""


class UnknownKey(LawError):
    """No parameter, statute or provision has this name."""


class NotYetInForce(LawError):
    """Asked for a day before the first value."""


class Repealed(LawError):
    """Asked for a day after the last value ended."""


class NoValue(LawError):
    """The nation leaves the value to localities, and none is recorded for this region and day."""


class Unconfirmed(LawError):
    """The value has not been found in any document; a person must confirm it before it is used."""


class UnpublishedYear(LawError):
    """The State Council has not published this year's holidays: whether it is a working day is unknown."""


class BadQuestion(LawError):
    """The question itself is wrong: a pause that ends before it starts, an extension the law does not allow."""


class DataError(LawError):
    """A data file is malformed; the message names file and entry."""
