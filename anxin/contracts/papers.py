"""The file of a contract: set, prepared for two signatures, signed in turn, and read again.

What reads and writes PDF takes a second to import, and every process meets this module at its start: it comes with the
first file.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from anxin.contracts.models import Contract
from anxin.evidence import files
from anxin.evidence.sealing import Sealed
from anxin.kernel.refusal import Refused
from anxin.law.law import Law
from anxin.registry.models import Employer
from anxin.signing.hashing import sha256
from anxin.signing.parties import METHOD_WORDS, IdentityCheck, Method, Person, Reading, Slot, reading_words
from anxin.signing.verdict import Unreadable, Verdict
from anxin.typesetting.agreements import EMPLOYER_BOX, WORKER_BOX, agreement_pdf
from anxin.typesetting.errors import NotFilled
from anxin.typesetting.filling import fill
from anxin.typesetting.letters import Form, Heading, Letter, Paragraph
from anxin.typesetting.templates import Template
from anxin.vouching.identity import Found
from anxin.vouching.keys import Keys, owner, roots
from anxin.workforce.models import Worker

EMPLOYER_SLOT, WORKER_SLOT = "employer", "worker"


@dataclass(frozen=True)
class Consent:
    """How it was shown who signs: the moment of consent, the device in words, and the witness at a counter."""

    method: Method
    at: dt.datetime
    device: str
    shown: str
    reference: str = ""
    witness: str = ""
    level: str = ""
    #: of whoever signs for an employer: what was opened before
    reading: Reading | None = None
    #: of a person who signs: the whole text was on the screen to its end, or was read out before a witness
    read_to_end: bool = False

    @classmethod
    def of(cls, found: Found) -> Consent:
        """The consent of somebody whom a provider of identity has confirmed, after the text was read to its end."""
        return cls(
            found.method, found.at, found.device, found.shown, found.reference, found.witness, found.level, read_to_end=True
        )  # fmt: skip

    @property
    def whole(self) -> bool:
        """Whether every word of the file was read."""
        return self.reading.whole if self.reading else self.read_to_end


def worker_person(worker: Worker) -> Person:
    return Person(worker.name, f"worker-{worker.pk}")


def employer_person(employer: Employer) -> Person:
    """The employer as its certificate names it, else its name and credit code."""
    return owner(Person(employer.name, employer.uscc))


def make(contract: Contract, template: Template, data: dict[str, Any], law: Law) -> tuple[bytes, str]:
    """The prepared file and its words. Raises :class:`Refused` with everything that is missing."""
    from anxin.signing.preparing import prepare

    try:
        letter = fill(template, data, cite=law.cite)
    except NotFilled as missing:
        raise Refused("".join(one.sentence for one in missing.problems)[:300]) from missing
    slots = [
        Slot(EMPLOYER_SLOT, "甲方（盖章）", employer_person(contract.employer), box=EMPLOYER_BOX),
        Slot(WORKER_SLOT, "乙方（签名）", worker_person(contract.worker), box=WORKER_BOX),
    ]
    return prepare(agreement_pdf(letter), slots), json.dumps(_words(letter), ensure_ascii=False)


def _words(letter: Letter) -> list[dict[str, str]]:
    """The text for a screen: headings and paragraphs in their order."""
    found = [{"kind": "title", "text": letter.title}]
    for block in letter.blocks:
        if isinstance(block, Heading):
            found.append({"kind": "heading", "text": block.number + block.text})
        elif isinstance(block, Paragraph):
            found.append({"kind": "paragraph", "text": block.text})
        elif isinstance(block, Form):
            found += [{"kind": "paragraph", "text": f"{label}：{text}"} for label, text in block.pairs]
    return found


def words_of(contract: Contract) -> list[dict[str, str]]:
    """The very words of the file; empty where it has not been made."""
    if not isinstance(contract.words, Sealed):
        return []
    found: list[dict[str, str]] = json.loads(contract.words.open())
    return found


def read(contract: Contract) -> bytes:
    """The file as it stands. Raises :class:`FileDamaged`, :class:`Refused` where none has been made."""
    if contract.file is None:
        raise Refused("这份合同还没有生成文件。")
    return files.read(contract.file)


def shown_digest(contract: Contract) -> str:
    """SHA-256 of the file that is shown; what a signer says yes to."""
    return sha256(read(contract)).hex()


def signed(
    pdf: bytes, *, slot: str, person: Person, consent: Consent, keys: Keys, at: dt.datetime, seal: bool
) -> bytes:
    """The file with one signature more. Raises :class:`Refused`: the wrong person, a taken place, another file."""
    from anxin.signing.sealing import sign
    from anxin.signing.stamps import Seal, Stamp

    check = IdentityCheck(
        person=person,
        method=consent.method,
        at=consent.at,
        device=consent.device,
        shown=consent.shown,
        read_to_end=consent.whole,
        consent=True,
        reference=consent.reference,
        witness=consent.witness,
        level=consent.level,
        reading=consent.reading,
    )
    return sign(
        pdf,
        slot=slot,
        signer=keys.signer_for(person),
        identity=check,
        stamper=keys.stamper,
        at=at,
        stamp=Stamp(Seal(person.name) if seal else None, keys.small),
    )


def judged(contract: Contract, at: dt.datetime) -> Sequence[str]:
    """What verification says of the file, in sentences that anybody understands."""
    from anxin.signing.verifying import verify

    try:
        verdict = verify(read(contract), roots(), at)
    except (Unreadable, files.FileDamaged, Refused) as problem:
        return [str(problem)]
    return [*_standing(verdict, contract), *(_said(one) for one in verdict.signers)]


def _standing(verdict: Verdict, contract: Contract) -> list[str]:
    if verdict.changed:
        return ["文件被改动过，不能作为凭据。", *verdict.changed]
    if verdict.missing:
        return ["已有的签名完整，文件没有被改动；还缺对方的签名，合同还没有生效。"]
    return ["文件完整，签署以后一个字也没有改动过，双方签名都在。"]


def _said(one: Any) -> str:
    identity = one.identity or {}
    how = METHOD_WORDS.get(identity.get("method", ""), "")
    witness = f"，见证人{identity['witness']}" if identity.get("witness") else ""
    at = one.time.astimezone(dt.timezone(dt.timedelta(hours=8))) if one.time else None
    when = f"{at:%Y-%m-%d %H:%M:%S}" if at else "时间不明"
    trust = "证书可信" if one.trusted else f"证书未获信任：{one.doubt}"
    read = f"；{said}" if (said := reading_words(identity)) else ""
    return f"{one.name}，{when}签署，身份核验：{how}{witness}{read}；{trust.rstrip('。')}。"
