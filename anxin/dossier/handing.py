"""The way out that all packages take: signed, verified before it is handed over, then an entry of the journal."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from dataclasses import dataclass

from anxin.dossier.office import signer
from anxin.evidence.journal import Actor, record
from anxin.kernel.refusal import Refused
from anxin.proof import Contents, build, verify
from anxin.proof.hashing import fingerprint
from anxin.vouching import heads
from anxin.vouching.keys import roots

#: the entry that says a package was made
ACTION = "evidence.exported"
#: the entry that says people were taken out of one, and another file made
REDACTED = "evidence.redacted"


@dataclass(frozen=True)
class Exported:
    """A finished package and what the journal keeps of it."""

    content: bytes
    filename: str
    office: str
    leaves: int
    sha256: str
    sm3: str
    fingerprint: str
    #: one sentence where something stayed inside, else empty
    left_out: str
    #: whose certificate sealed the head besides; empty where only the package's own key signed
    sealed_by: str = ""


def signed(contents: Contents, *, office: str, name: str, left_out: str = "") -> Exported:
    """Built, signed in the name of ``office``, sealed by its key of the gateway where one is entered, and verified. ``name`` of the file without its day. Raises :class:`Refused`."""
    signs, seal = signer(office), heads.seal_of(office, contents.made_at)
    content = build(contents, [signs], seal=seal)
    verdict = verify(io.BytesIO(content), seals=heads.judge(roots()))
    if not verdict.valid or verdict.statement is None:
        raise Refused("证据包做好后没有通过核验，没有出具，请联系系统管理员。")
    said = verdict.statement
    return Exported(
        content, f"证据包_{name}_{contents.as_of:%Y%m%d}.zip", office, said["leaves"], said["chain"]["sha256"],
        said["chain"]["sm3"], fingerprint(signs.key), left_out, seal.name if seal else "",
    )  # fmt: skip


def facts(made: Exported) -> dict[str, object]:
    """What the journal keeps of a file that was made, by which it is known again."""
    return {
        "leaves": made.leaves,
        "sha256": made.sha256,
        "sm3": made.sm3,
        "file_sha256": hashlib.sha256(made.content).hexdigest(),
        "size": len(made.content),
        "signer": made.office,
        "sealed_by": made.sealed_by,
    }


def journal(
    made: Exported, *, what: str, object_type: str, object_id: object, by: Actor, now: dt.datetime, full: bool,
    purpose: str,
) -> None:  # fmt: skip
    """The entry that says who handed out what (``what``: a matter's number, a site and month, …) with the ends of the chain."""
    how = f"姓名和身份证号完整，目的：{purpose}" if full else "姓名和号码已隐去"
    record(
        actor=by,
        action=ACTION,
        object_type=object_type,
        object_id=object_id,
        summary=f"出具{what}的证据包：{made.leaves}项，{how}",
        now=now,
        after={**facts(made), "full": full, "purpose": purpose},
    )
