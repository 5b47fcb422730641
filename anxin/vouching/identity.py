"""Who says who somebody is, before they sign: providers of identity, chosen by one setting.

A place asks for a provider (the signer's own telephone, or the desk with a tablet), the provider confirms the person or refuses, and
what it found (:class:`Found`) is journalled and bound into the signature. Whom it does not confirm cannot sign.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from anxin.evidence.journal import Actor, record
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.signing.parties import Method, Person

CONFIRMED, REFUSED = "identity.confirmed", "identity.refused"
TRIES_AN_HOUR = 10
_HOUR = dt.timedelta(hours=1)


class Place(StrEnum):
    """Where the signer is."""

    OWN_PHONE = "own_phone"
    DESK = "desk"


@dataclass(frozen=True)
class Code:
    """A code that was right: the number of its record, and the SHA-256 (hex) of what was shown when it was asked for."""

    reference: str
    shown: str


@dataclass(frozen=True)
class Asking:
    """What a provider may know of one who wants to sign; each uses what it needs.

    ``id_number`` opens the number of the identity card (empty where none is known), ``same_card`` tells whether a typed one is the
    signer's, ``right_code`` takes the code that went to the signer's own telephone and raises :class:`Refused` for a wrong one.
    """

    person: Person
    shown: str
    device: str
    at: dt.datetime
    typed: str = ""
    witness: str = ""
    operator: str = ""
    operator_reference: str = ""
    id_number: Callable[[], str] = field(default=lambda: "")
    same_card: Callable[[str], bool] = field(default=lambda number: False)
    right_code: Callable[[str], Code] | None = None


@dataclass(frozen=True)
class Found:
    """Who said that it is this person, when, how and how surely; ``shown`` is the SHA-256 (hex) of what they said yes to.

    ``level`` is the provider's word: ``demonstration``, ``in_person``, or what the national platform answers.
    """

    provider: str
    method: Method
    level: str
    at: dt.datetime
    device: str
    shown: str
    reference: str = ""
    witness: str = ""

    def as_json(self) -> dict[str, Any]:
        """For the journal; nothing of the person is in it."""
        return {
            "provider": self.provider,
            "method": self.method.value,
            "level": self.level,
            "at": self.at.isoformat(timespec="seconds"),
            "reference": self.reference,
            "witness": self.witness,
        }


class IdentityProvider(Protocol):
    """Somebody who can say who a signer is."""

    @property
    def name(self) -> str:
        """As in the setting ``ANXIN_IDENTITY``."""

    @property
    def place(self) -> Place: ...

    @property
    def sends_code(self) -> bool:
        """Whether a code goes to the signer's telephone first; else the signer brings a word from elsewhere."""

    @property
    def demonstration(self) -> bool:
        """Whether it proves nothing of real people."""

    def confirm(self, asking: Asking) -> Found:
        """Raises :class:`Refused` for whom it does not confirm, and where it cannot be asked."""


def confirm(
    provider: IdentityProvider, asking: Asking, *, by: Actor, about: tuple[str, int], after: dict[str, Any]
) -> Found:
    """Ask, and journal the answer, also a refusal, under ``about`` (kind and number of the thing that is to be signed).

    Call it outside the transaction that signs: what was refused stays written down. Raises :class:`Refused`, also after too many
    refusals in an hour: nobody tries out numbers of identity cards here.
    """
    kind, number = about
    tried = JournalEntry.objects.filter(
        object_type=kind, object_id=str(number), action=REFUSED, at__gt=asking.at - _HOUR
    )
    if tried.count() >= TRIES_AN_HOUR:
        raise Refused("身份核验没有通过的次数太多，请一小时后再试。")
    try:
        found = provider.confirm(asking)
    except Refused:
        said = {**after, "provider": provider.name}
        _journal(REFUSED, "没有确认签名人的身份", by, about, asking, said)
        raise
    _journal(CONFIRMED, "确认签名人的身份", by, about, asking, {**after, **found.as_json()})
    return found


def _journal(
    action: str, words: str, by: Actor, about: tuple[str, int], asking: Asking, after: dict[str, Any]
) -> None:
    kind, number = about
    record(
        actor=by, action=action, object_type=kind, object_id=number, summary=words, now=asking.at, after=after
    )
