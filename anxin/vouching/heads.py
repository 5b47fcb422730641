"""The seal of an evidence package's head: made by the office's key behind the gateway where one is entered, judged by anybody.

Judging needs neither database nor network: this module asks for the keys only when something is sealed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from asn1crypto import x509

from anxin.proof.keys import SEAL_FILES
from anxin.proof.verdict import SealFound
from anxin.proof.verification import Seals
from anxin.signing import heads
from anxin.signing.cms import BadSignature
from anxin.signing.interfaces import Signer, TimeStamper
from anxin.signing.naming import SHANGHAI, name_of


@dataclass(frozen=True)
class OfficeSeal:
    """A :class:`~anxin.proof.keys.HeadSeal` by a signer and a clock of this installation."""

    signer: Signer
    stamper: TimeStamper
    at: dt.datetime

    @property
    def name(self) -> str:
        return name_of(self.signer.certificate)

    @property
    def certificate(self) -> str:
        return heads.fingerprint(self.signer.certificate)

    def seal(self, statement: bytes) -> Mapping[str, bytes]:
        """Raises :class:`~anxin.kernel.refusal.Refused` where gateway or clock do not answer."""
        made = heads.seal(statement, signer=self.signer, stamper=self.stamper, at=self.at)
        return dict(zip(SEAL_FILES, made, strict=True))


def seal_of(office: str, at: dt.datetime) -> OfficeSeal | None:
    """The seal of the office of this name, or ``None`` where no key of the gateway was entered for it.

    Raises :class:`~anxin.kernel.refusal.Refused` where it was, and cannot be used.
    """
    from anxin.vouching import bodies
    from anxin.vouching.keys import keys_at
    from anxin.vouching.setup import current

    setup = current()
    if not setup.gateway:
        return None
    found = next((one for one in bodies.read(setup.keys).values() if one.owner.name == office), None)
    if found is None:
        return None
    keys = keys_at(at)
    return OfficeSeal(keys.signer_for(found.owner), keys.stamper, at)


def judge(roots: Sequence[x509.Certificate]) -> Seals:
    """What :func:`anxin.proof.verify` asks of a seal, for a reader who trusts ``roots``."""

    def judged(statement: bytes, files: Mapping[str, bytes]) -> SealFound:
        signature, data = (files[path] for path in SEAL_FILES)
        try:
            found = heads.check(statement, signature, data, roots)
        except BadSignature as problem:
            return SealFound("", "", "", problem=f"电子签章{problem}。")
        at = found.moment.astimezone(SHANGHAI).isoformat(timespec="seconds") if found.moment else ""
        return SealFound(found.name, at, heads.fingerprint(found.certificate), doubt=found.doubt)

    return judged
