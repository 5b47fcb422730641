"""People taken out of a finished package before somebody else reads it: another file, with an entry of its own."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from anxin.accounts.access import actor
from anxin.dossier.handing import REDACTED, Exported, facts
from anxin.dossier.models import EvidencePackage
from anxin.dossier.office import signer
from anxin.dossier.subjects import OfWorker, Subject
from anxin.evidence.journal import record
from anxin.kernel.masking import mask_name
from anxin.kernel.refusal import Refused, require_words, worded
from anxin.proof import CannotRedact, container, redact, verify
from anxin.proof.contents import PEOPLE, table_path
from anxin.proof.hashing import fingerprint
from anxin.proof.statement import STATEMENT, TAKEN_OUT
from anxin.vouching import heads
from anxin.vouching.keys import roots

#: of how many people the name of the file says the signs
_NAMED = 3


def possible(subject: Subject) -> bool:
    """Whether people can be taken out: one worker's package is about nobody else, and carries the name in its title."""
    return not isinstance(subject, OfWorker)


def people_in(package: bytes) -> list[dict[str, str]]:
    """``sign``, ``name`` and ``id_number`` of everybody who is still in it, as the package itself shows them."""
    lines = _file(package, table_path(PEOPLE)).split(b"\n")[:-1]
    rows = [json.loads(line) for line in lines if line != TAKEN_OUT]
    return [{name: row.get(name, "") for name in ("sign", "name", "id_number")} for row in rows]


def wanted(
    package: bytes, signs: Sequence[str], reason: str, recipient: str, subject: Subject
) -> dict[str, Any]:
    """Whom to take out, why and for whom, as the row keeps it; names masked. Raises :class:`Refused`."""
    if not possible(subject):
        raise Refused("这份证据包就是本人一个人的，不能从中隐去本人。")
    known = {one["sign"]: one["name"] for one in people_in(package)}
    chosen = [sign for sign in known if sign in signs]
    if not chosen:
        raise Refused("请勾选要隐去的人，至少一人。", field="person")
    if len(chosen) < len(set(signs)):
        raise Refused("勾选的人里有的已经不在这份证据包里，请重新勾选。", field="person")
    reason = worded(reason, "请写明为什么隐去", field="reason", more="，例如“与对方的争议无关”")
    require_words(recipient, "给谁看", field="recipient", most=100)
    return {
        "taken_out": [{"sign": sign, "name": mask_name(known[sign])} for sign in chosen],
        "reason": reason,
        "recipient": recipient.strip(),
    }


def made(package: EvidencePackage, source: bytes, now: dt.datetime) -> Exported:
    """The file without those who are to go, signed by whoever signed the source. Raises :class:`Refused`."""
    assert package.source is not None
    office = json.loads(_file(source, STATEMENT))["signers"][0]["name"]
    signs = [one["sign"] for one in package.taken_out]
    by = signer(office)
    try:
        content = redact(source, *signs, reason=package.reason, signer=by, at=now)
    except CannotRedact as problem:
        raise Refused(str(problem)) from problem
    verdict = verify(io.BytesIO(content), seals=heads.judge(roots()))
    if not verdict.valid or verdict.statement is None:
        raise Refused("隐去以后的证据包没有通过核验，没有做成，请联系系统管理员。")
    said = verdict.statement
    which = "".join(signs) if len(signs) <= _NAMED else f"{len(signs)}人"
    name = f"{PurePath(package.source.filename).stem}_隐去{which}.zip"
    left = f"共{said['leaves']}项，其中隐去{verdict.redacted}项；其余各项没有变动。"
    return Exported(
        content, name, office, said["leaves"], said["chain"]["sha256"], said["chain"]["sm3"], fingerprint(by.key),
        left, said.get("seal", {}).get("name", ""),
    )  # fmt: skip


def noted(package: EvidencePackage, subject: Subject, made: Exported, now: dt.datetime) -> None:
    """The entry of the journal: who took out whom, why, for whom to read, and which file it became."""
    kind, key = subject.key
    whom = named(package.taken_out)
    record(
        actor=actor(package.asked_by),
        action=REDACTED,
        object_type=kind,
        object_id=key,
        summary=f"从{subject.what}的证据包中隐去{whom}，另成一份，给{package.recipient}看；理由：{package.reason}",
        now=now,
        after={
            **facts(made),
            "full": package.full,
            "purpose": package.purpose,
            "source": package.source_id,
            "taken_out": package.taken_out,
            "reason": package.reason,
            "recipient": package.recipient,
        },
    )


def named(people: Sequence[dict[str, str]]) -> str:
    """``欧**（P1）、慕**（P2）``; of more than ten the first ten and how many they are."""
    told = "、".join(f"{one['name']}（{one['sign']}）" for one in people[:10])
    return told if len(people) <= 10 else f"{told}等{len(people)}人"


def _file(package: bytes, path: str) -> bytes:
    """One file of a package; empty where it is not in it."""
    source = io.BytesIO(package)
    for entry in container.read(source):
        if entry.path == path:
            return b"".join(container.chunks(source, entry))
    return b""
