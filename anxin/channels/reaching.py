"""To which telephone a text about a clue may go: to whoever told us, or, for what only the worker may be told, to the worker."""

from __future__ import annotations

from anxin.channels.models_voice import Submission
from anxin.clues.masking import opened
from anxin.clues.models import Clue
from anxin.kernel.identifiers import clean_identifier, phone_problem
from anxin.notices import outside


def callers_phone(clue: Clue) -> str:
    """The mobile number that whoever told us left, where the office can send texts; else empty. One query."""
    if not outside.reaches("phone"):
        return ""
    telling = clue.tellings.filter(superseded_at__isnull=True).first()
    return _mobile(opened(telling.phone)) if telling is not None else ""


def workers_phone(clue: Clue) -> str:
    """The same where it is the worker's own: not that of a helper who called. Two queries."""
    if not outside.reaches("phone"):
        return ""
    given = Submission.objects.filter(clue=clue).first()
    if given is not None and given.helped and not given.by_form:
        return _mobile(opened(given.own))
    return callers_phone(clue)


def _mobile(text: str) -> str:
    number = clean_identifier(text)
    return number if number and phone_problem(number) is None else ""
