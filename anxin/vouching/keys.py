"""Whose key signs, and who vouches for the time.

With a gateway set, keys stay with it: a body's key is one that was entered (``bodies.py``), everybody else's the gateway names
when asked. Without one the demonstration's key signs, and only where all people are invented.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from asn1crypto import ocsp, x509
from django.conf import settings

from anxin.kernel.refusal import Refused
from anxin.registry.invented import invented_people
from anxin.signing.authority import Authority, local_root
from anxin.signing.gateway import GatewaySigner, issued_key
from anxin.signing.interfaces import Post, Signer, TimeStamper, ValidationData
from anxin.signing.parties import Person
from anxin.signing.timestamps import LocalTimeStamper, ServiceTimeStamper
from anxin.vouching import bodies, calling, lists
from anxin.vouching.setup import NEEDED, Setup, current, signing_problems

#: small print of every stamp, and what a letter's seal says
DEMONSTRATION = "示例证书，无法律效力"


@dataclass
class Keys:
    """Opened once for many signatures of one moment. ``small`` is what every stamp says in small print."""

    at: dt.datetime
    stamper: TimeStamper
    demonstration: bool
    authority: Authority | None = None
    gateway: _Gateway | None = None

    @property
    def small(self) -> str:
        return DEMONSTRATION if self.demonstration else ""

    def signer_for(self, person: Person) -> Signer:
        """The key of ``person``, under a certificate that names them. Raises :class:`Refused`."""
        if self.gateway is not None:
            return self.gateway.signer_for(person, self.at)
        assert self.authority is not None
        return self.authority.signer_for(person, self.at)


@dataclass
class _Gateway:
    setup: Setup
    post: Post
    bodies: dict[str, bodies.Body]
    authorities: tuple[x509.Certificate, ...]
    at: dt.datetime
    _issued: dict[Person, Signer] = field(default_factory=dict)

    def signer_for(self, person: Person, at: dt.datetime) -> Signer:
        body = next((one for one in self.bodies.values() if one.owner == person), None)
        if body is not None:
            for problem in bodies.problems(body, at):
                raise Refused(problem)
            return self._signer(body.alias, body.certificate, body.chain)
        if person not in self._issued:
            alias, certificate, chain = issued_key(self.post, self.setup.signing_url, person)
            self._issued[person] = self._signer(alias, certificate, chain)
        return self._issued[person]

    def _signer(
        self, alias: str, certificate: x509.Certificate, chain: tuple[x509.Certificate, ...]
    ) -> Signer:
        # a revoked certificate is refused before anything is signed
        self.data(self.at, certificate, *chain)
        return GatewaySigner(self.post, self.setup.signing_url, alias, certificate, chain, self.data)

    def data(self, at: dt.datetime, /, *certificates: x509.Certificate) -> ValidationData:
        """What a file needs to be judged later: authorities, lists, and what the responders of these certificates say."""
        said: tuple[ocsp.OCSPResponse, ...] = ()
        if self.setup.ocsp:
            from anxin.vouching import responders  # slow to import: only where they are asked

            said = responders.responses(certificates, self.authorities, at)
        return ValidationData(self.authorities, lists.lists(self.setup.revocation, at), said)


def keys_at(at: dt.datetime) -> Keys:
    """The keys of this installation as of ``at``.

    Raises :class:`Refused` where real people are registered and no gateway is set, or where it is set wrongly: a
    demonstration's certificate must not pass for one.
    """
    setup = current()
    if not setup.gateway:
        if not invented_people():
            raise Refused(NEEDED)
        authority = Authority(_folder(), at)
        return Keys(at, LocalTimeStamper(authority, lambda: at), True, authority=authority)
    for problem in signing_problems(setup, at):
        raise Refused(f"签名没有设置好：{problem}")
    gateway = _Gateway(
        setup, calling.poster(setup.credential), bodies.read(setup.keys), setup.authorities(), at
    )
    stamper = ServiceTimeStamper(calling.poster(), setup.time_url, gateway.data)
    return Keys(at, stamper, False, gateway=gateway)


def owner(person: Person) -> Person:
    """``person`` as the certificate names them: what a place that is prepared for a signature has to say.

    Without an entered certificate it is the person unchanged: the gateway is asked for one of exactly these words.
    Raises :class:`Refused` where the entered one is another's.
    """
    setup = current()
    body = bodies.read(setup.keys).get(person.key) if setup.gateway else None
    return body.named(person) if body is not None else person


def roots() -> Sequence[x509.Certificate]:
    """Whom this installation trusts when it verifies: the entered roots once a gateway signs, until then the demonstration's own.

    A file of roots that cannot be read vouches for nobody: papers stay readable, their signers are not trusted.
    """
    setup = current()
    if not setup.gateway:
        return local_root(_folder())
    try:
        return setup.anchors() if setup.trust else ()
    except Refused:
        return ()


def _folder() -> Path:
    """The same folder as ``anxin contract verify`` trusts."""
    return Path(settings.ANXIN_HOME) / "keys"
