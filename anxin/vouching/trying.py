"""One signature for trying: a sheet that says it is one, signed as a letter would be, and verified as anybody would."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from anxin.evidence.journal import Actor, record
from anxin.kernel.refusal import Refused
from anxin.signing.building import digest_of
from anxin.signing.hashing import SM3, sha256
from anxin.signing.parties import Extent, IdentityCheck, Method, Person, Reading, Slot
from anxin.signing.preparing import prepare
from anxin.signing.sealing import sign
from anxin.signing.stamps import Seal, Stamp, draw
from anxin.signing.verdict import Verdict
from anxin.signing.verifying import verify
from anxin.vouching.keys import keys_at, owner, roots

_WORDS = "仅供试签，无任何效力"
_SLOT = "trial"
_PAGE, _BOX = (420.0, 300.0), (40, 20, 380, 120)


@dataclass(frozen=True)
class Tried:
    """What came of it."""

    pdf: bytes
    verdict: Verdict
    owner: Person
    algorithm: str
    demonstration: bool

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {
            "owner": self.owner.name,
            "algorithm": self.algorithm,
            "demonstration": self.demonstration,
            **self.verdict.as_json(),
        }


def try_once(person: Person, *, by: Actor, at: dt.datetime) -> Tried:
    """Sign a trial sheet with the key of ``person`` and verify it; journalled. Raises :class:`Refused`."""
    keys, named = keys_at(at), owner(person)
    signer = keys.signer_for(named)
    page = draw(Stamp(None, _WORDS), label="试签", name=named.name, at=at, size=_PAGE)
    prepared = prepare(page, [Slot(_SLOT, "试签", named, box=_BOX)])
    check = IdentityCheck(
        person=named, method=Method.SEAL_KEEPER, at=at, device="安薪命令行", shown=sha256(prepared).hex(), read_to_end=False,
        consent=True, reference=_WORDS, reading=Reading(Extent.UNREAD),
    )  # fmt: skip
    small = f"{keys.small}；{_WORDS}" if keys.small else _WORDS
    pdf = sign(
        prepared, slot=_SLOT, signer=signer, identity=check, stamper=keys.stamper, at=at,
        stamp=Stamp(Seal("试签"), small),
    )  # fmt: skip
    verdict = verify(pdf, roots(), at)
    if not verdict.valid:
        raise Refused(f"签出来的文件自己验证不过：{''.join(verdict.changed + verdict.missing)}")
    key = signer.certificate.public_key
    said = (
        "SM2"
        if digest_of(signer.certificate) == SM3
        else {"ec": "ECDSA", "rsa": "RSA"}.get(key.algorithm, "")
    )
    record(
        actor=by, action="signing.tried", object_type="signing_key", object_id=person.key, summary=f"试签：{named.name}",
        now=at, after={"trusted": verdict.trusted, "algorithm": said, "demonstration": keys.demonstration},
    )  # fmt: skip
    return Tried(pdf, verdict, named, said, keys.demonstration)
