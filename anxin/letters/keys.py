"""Whose key seals, and who vouches for the time: the demonstration authority, until an office has its own.

Both stand behind the interfaces of ``anxin.signing``: an office with a certificate of an outside authority, or a signing machine,
registers another maker here (``use``) and nothing else changes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from asn1crypto import x509
from django.conf import settings

from anxin.registry.models import Organisation
from anxin.signing.authority import Authority, local_root
from anxin.signing.interfaces import Signer, TimeStamper
from anxin.signing.parties import Person
from anxin.signing.timestamps import LocalTimeStamper


@dataclass(frozen=True)
class Keys:
    """What one sealing needs."""

    signer: Signer
    stamper: TimeStamper


Maker = Callable[[Person, dt.datetime], Keys]
_maker: list[Maker] = []


def use(maker: Maker) -> None:
    """Seal with another signer and time stamper from now on."""
    _maker[:] = [maker]


def keys_for(person: Person, at: dt.datetime) -> Keys:
    """The signer of this office as of ``at``. Raises ``Refused`` where a gateway does not answer."""
    return (_maker[0] if _maker else _demonstration)(person, at)


def person_of(office: Organisation) -> Person:
    """The office as who signs: its name, and its code in this installation."""
    return Person(office.name[:60], office.code)


def roots() -> Sequence[x509.Certificate]:
    """Whom this installation trusts when it verifies."""
    return local_root(_folder())


def _demonstration(person: Person, at: dt.datetime) -> Keys:
    authority = Authority(_folder(), at)
    return Keys(authority.signer_for(person, at), LocalTimeStamper(authority, lambda: at))


def _folder() -> Path:
    """The same folder as ``anxin contract verify`` trusts."""
    return Path(settings.ANXIN_HOME) / "keys"
