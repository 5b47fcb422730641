"""A form that somebody else filled in: whoever holds its receipt is the worker only with what the form says of the worker.

The receipt comes out on the helper's phone. That the money has arrived is the worker's own word, so it is asked for with the
telephone that the form gave, or the last six signs of an ID number in it. Where it gave neither, nobody can be known by it,
and the word is passed on as the helper's.
"""

from __future__ import annotations

import datetime as dt

from anxin.channels import floods, limits
from anxin.channels.answering import answer
from anxin.channels.limits import Sender
from anxin.channels.models_voice import Message, Submission
from anxin.clues.masking import opened
from anxin.kernel.identifiers import clean_identifier, find_id_numbers
from anxin.kernel.refusal import Refused

#: how many signs of an ID number are asked for
ID_TAIL = 6
PASSED_ON = "代填人凭回执回答：钱已收到，同意。（表是他人代填的，没有留本人的电话或身份证号，不算本人确认，请另向本人核实。）"
NOT_CONFIRMED = (
    "这份表是别人帮填的，没有留本人的电话或身份证号，所以不算本人确认。"
    "您的回答已转给承办人，承办人会另外找本人核实。"
)


def may_be_proved(submission: Submission) -> bool:
    """Whether the form gave something that the worker can be known by."""
    return bool(_known_by(submission))


def refuse_other_than_own(submission: Submission, typed: str, *, sender: Sender, now: dt.datetime) -> None:
    """Raises :class:`Refused` where a helped form's receipt is used without the worker's own number; nothing where nobody helped."""
    if not submission.helped:
        return
    known = _known_by(submission)
    if not known:
        raise Refused(NOT_CONFIRMED)
    guesses = [limits.GUESS_OWN.of(submission.pk), limits.GUESS_ADDRESS.of(sender.place)]
    if floods.empty(guesses, now=now):
        raise Refused("这里输错的次数太多，请过十分钟再试，或者请承办人给本人打电话。", field="own")
    if not typed.strip():
        raise Refused("这份表是别人帮填的，请再写一次本人的手机号，或者身份证最后6位。", field="own")
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
    known: set[str] = set()
    for told in submission.clue.tellings.all():
        known |= {number[-ID_TAIL:] for number in find_id_numbers(opened(told.text))}
        phone = clean_identifier(opened(told.phone))
        known |= {phone} if phone and "*" not in phone else set()
    return known
