"""A form that somebody else filled in, and a receipt that an officer gave out: whoever holds its receipt is the worker only with what the form says of the worker.

The receipt comes out on the helper's phone. That the money has arrived is the worker's own word, so it is asked for with the
telephone that the form gave, or the last six signs of an ID number in it. Where it gave neither, nobody can be known by it,
and the word is passed on as the helper's. An officer who gives out a receipt has seen it: there, too, the worker's own number
is asked for wherever one is on record. A helper who telephoned left their own telephone, so that only the number that was
written down as the worker's counts then.
"""

from __future__ import annotations

import datetime as dt
import re

from anxin.channels import floods, limits
from anxin.channels.answering import answer
from anxin.channels.limits import Sender
from anxin.channels.models_voice import Message, Submission
from anxin.clues.masking import opened
from anxin.kernel.identifiers import clean_identifier, find_id_numbers, phone_problem
from anxin.kernel.refusal import Refused

#: how many signs of an ID number are asked for
ID_TAIL = 6
_TAIL = re.compile(r"\d{5}[\dX]")
PASSED_ON = "代填人凭回执回答：钱已收到，同意。（表是他人代填的，没有留本人的电话或身份证号，不算本人确认，请另向本人核实。）"
NOT_CONFIRMED = (
    "这份表是别人帮填的，没有留本人的电话或身份证号，所以不算本人确认。"
    "您的回答已转给承办人，承办人会另外找本人核实。"
)


def may_be_proved(submission: Submission) -> bool:
    """Whether the form gave something that the worker can be known by."""
    return bool(_known_by(submission))


def asks_own(submission: Submission) -> bool:
    """Whether whoever says that the money has come is asked for the worker's own number."""
    return (submission.helped or submission.issued_at is not None) and may_be_proved(submission)


def own_number(typed: str) -> str:
    """A telephone, or the last six signs of an ID number, as it is compared. Raises :class:`Refused`."""
    own = clean_identifier(typed).upper()
    if own and phone_problem(own) is not None and not _TAIL.fullmatch(own):
        raise Refused("请填本人的手机号（11位），或者身份证最后6位。", field="own")
    return own


def refuse_other_than_own(submission: Submission, typed: str, *, sender: Sender, now: dt.datetime) -> None:
    """Raises :class:`Refused` where such a receipt is used without the worker's own number; nothing where none is asked for."""
    known = _known_by(submission)
    if not submission.helped and (submission.issued_at is None or not known):
        return
    if not known:
        raise Refused(NOT_CONFIRMED)
    guesses = [limits.GUESS_OWN.of(submission.pk), limits.GUESS_ADDRESS.of(sender.place)]
    if floods.empty(guesses, now=now):
        raise Refused("这里输错的次数太多，请过十分钟再试，或者请承办人给本人打电话。", field="own")
    if not typed.strip():
        asked = "这份表是别人帮填的，请" if submission.helped else "请"
        raise Refused(f"{asked}再写一次本人的手机号，或者身份证最后6位。", field="own")
    if clean_identifier(typed).upper() not in known:
        floods.take(guesses, now=now)
        raise Refused("和表里留的本人手机号、身份证号对不上，请本人再写一次。", field="own")


def pass_on(submission: Submission, *, now: dt.datetime, key: str) -> Message:
    """The helper's word that the money came reaches the office as a message and confirms nothing. Raises :class:`Refused`."""
    return answer(submission, PASSED_ON, key=key, now=now)


def _known_by(submission: Submission) -> set[str]:
    """The telephones and the tails of ID numbers that the form told."""
    if submission.clue is None:
        return set()
    known = {opened(submission.own)} - {""}
    if submission.helped and not submission.by_form:
        return known  # the telephone on record is the helper's who called
    for told in submission.clue.tellings.all():
        known |= {number[-ID_TAIL:] for number in find_id_numbers(opened(told.text))}
        phone = clean_identifier(opened(told.phone))
        known |= {phone} if phone and "*" not in phone else set()
    return known
