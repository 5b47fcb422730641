"""Seals as their keepers set them: first gone through to the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from anxin.accounts.models import User
from anxin.contracts import acting
from anxin.contracts import reading as contract_reading
from anxin.contracts.models import Contract
from anxin.letters import reading as letter_reading
from anxin.letters import sealing
from anxin.letters.models import Letter


def read_letter(letter: Letter, *, by: User, now: dt.datetime) -> None:
    """The keeper of the seal goes through the issued letter."""
    letter_reading.open_words(letter, by=by, now=now)
    letter_reading.read_to_end(letter, by=by, now=now)


def seal_letter(letter: Letter, *, by: User, now: dt.datetime, **more) -> Letter:
    """Read, then sealed."""
    read_letter(letter, by=by, now=now)
    return sealing.seal(letter, by=by, now=now, **more)


def ask_seals(ids: Collection[int], *, user: User, now: dt.datetime) -> list[Contract]:
    """The clerk looks at them to the end and asks for the seal."""
    laid = contract_reading.to_seal(user, ids)
    contract_reading.open_all(laid, user=user, now=now)
    contract_reading.read_to_end(laid, user=user, now=now)
    return acting.act("seal", ids, user=user, now=now)
