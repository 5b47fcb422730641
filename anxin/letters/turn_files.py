"""The file of a paper that is signed in turn: set with a place for everybody, read, signed, verified. The one module that does so.

What reads and writes PDF comes with the first file, as in :mod:`anxin.contracts.papers`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence

from anxin.contracts.papers import Consent
from anxin.evidence import files
from anxin.evidence.sealing import Sealed
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.letters.models_turns import TurnPaper, TurnSigner
from anxin.signing.hashing import sha256
from anxin.signing.parties import IdentityCheck, Person, Slot
from anxin.signing.verdict import Verdict
from anxin.typesetting.agreements import agreement_pdf, boxes_for
from anxin.typesetting.errors import NotFilled
from anxin.typesetting.filling import fill
from anxin.typesetting.letters import Annex, Block, Form, Heading, Letter, Paragraph, Signatures, Table
from anxin.typesetting.templates import template
from anxin.vouching.keys import keys_at, roots

#: blocks as a screen shows them: ``{"kind": …, "text": …}``
Shown = list[dict[str, str]]
#: who signs, as the paper calls them, and who that is
Place = tuple[TurnSigner, str, Person]


def filled(key: str, data: Mapping[str, object], law: Law, *, field: str = "text") -> Letter:
    """The letter of a template. Raises :class:`Refused` with everything that is missing."""
    try:
        return fill(
            template(key), {name: value for name, value in data.items() if value != ""}, cite=law.cite
        )
    except NotFilled as missing:
        raise Refused("".join(one.sentence for one in missing.problems)[:300], field=field) from missing


def prepared(letter: Letter, places: Sequence[Place]) -> bytes:
    """The file with an empty place for each signature."""
    from anxin.signing.preparing import prepare

    room, boxes = boxes_for(len(places))
    slots = [
        Slot(slot_of(signer), role, person, box=box)
        for (signer, role, person), box in zip(places, boxes, strict=True)
    ]
    return prepare(agreement_pdf(letter, room=room), slots)


def slot_of(signer: TurnSigner) -> str:
    return f"signer-{signer.number}"


def blocks(letter: Letter) -> Shown:
    """The very words of the file, for a screen; places for a hand's signature are left out."""
    found = [{"kind": "title", "text": letter.title}]
    if letter.addressee:
        found.append({"kind": "paragraph", "text": f"{letter.addressee}："})
    for block in letter.blocks:
        found += [{"kind": kind, "text": text} for kind, text in _words(block)]
    return found


def sealed_blocks(letter: Letter) -> Sealed:
    """:func:`blocks`, to be kept."""
    return Sealed.of(json.dumps(blocks(letter), ensure_ascii=False))


def shown_words(paper: TurnPaper) -> Shown:
    """The very words of the file, for a screen."""
    if not isinstance(paper.shown, Sealed):
        raise Refused(f"{paper.noun}还没有定稿。")
    found: Shown = json.loads(paper.shown.open())
    return found


def read(paper: TurnPaper) -> bytes:
    """The file as it stands. Raises :class:`FileDamaged`, :class:`Refused` where none has been made."""
    if paper.file is None:
        raise Refused(f"{paper.noun}还没有定稿，没有文件。")
    return files.read(paper.file)


def text_digest(paper: TurnPaper) -> str:
    """SHA-256 of the file as it was closed; what everybody reads and says yes to. The file that stands now must begin
    with it byte for byte: what came behind are the signatures of others, not other words. Raises :class:`Refused`."""
    if paper.unsigned is None:
        raise Refused(f"{paper.noun}还没有定稿，没有文件。")
    closed = files.read(paper.unsigned)
    if not read(paper).startswith(closed):
        raise Refused(f"{paper.noun}文件与定稿时不一致，不能签名，请联系管理员。")
    return sha256(closed).hex()


def signed(
    paper: TurnPaper, signer: TurnSigner, person: Person, consent: Consent, *, at: dt.datetime
) -> bytes:
    """The file with one signature more. ``consent.shown`` is of the closed file. Raises :class:`Refused`."""
    from anxin.signing.sealing import sign
    from anxin.signing.stamps import Stamp

    if consent.shown != text_digest(paper):
        raise Refused(f"看过的不是这份{paper.noun}，请重新打开并阅读全文后再签。")
    pdf, keys = read(paper), keys_at(at)
    check = IdentityCheck(
        person=person, method=consent.method, at=consent.at, device=consent.device, shown=sha256(pdf).hex(),
        read_to_end=consent.whole, consent=True, reference=consent.reference, witness=consent.witness, level=consent.level,
    )  # fmt: skip
    return sign(
        pdf, slot=slot_of(signer), signer=keys.signer_for(person), identity=check, stamper=keys.stamper, at=at,
        stamp=Stamp(None, keys.small),
    )  # fmt: skip


def verdict(paper: TurnPaper, at: dt.datetime) -> Verdict:
    """What verification says of the file. Raises :class:`Unreadable`, :class:`FileDamaged`, :class:`Refused`."""
    from anxin.signing.verifying import verify

    return verify(read(paper), roots(), at)


def judged(paper: TurnPaper, at: dt.datetime) -> list[str]:
    """The verdict in sentences. Raises as :func:`verdict` does."""
    found = verdict(paper, at)
    if not found.signers:
        return ["还没有人签名。"]
    if found.changed:
        return ["文件被改动过，不能作为凭据。", *found.changed]
    told = f"文件没有被改动，已有{len(found.signers)}个签名"
    return [f"{told}，还有{len(found.missing)}个签名位是空的。" if found.missing else f"{told}，都在。"]


def _words(block: Block) -> list[tuple[str, str]]:
    if isinstance(block, Heading):
        return [("heading", block.number + block.text)]
    if isinstance(block, Paragraph):
        return [("paragraph", block.text)]
    if isinstance(block, Annex):
        return [("heading", f"附件：{block.name}")]
    if isinstance(block, Form):
        return [("paragraph", f"{label}：{text}") for label, text in block.pairs]
    if isinstance(block, Table):
        heads = [column.label for column in block.columns]
        said = [_cells(zip(heads, row, strict=False)) for row in block.rows]
        if block.foot:
            total, *rest = zip(heads, block.foot, strict=False)
            said.append("，".join(filter(None, (total[1], _cells(rest)))))
        return [("paragraph", one) for one in said]
    assert isinstance(block, Signatures)
    return []


def _cells(pairs: Iterable[tuple[str, str]]) -> str:
    """``付款日期：2026年4月12日，金额（元）：6,000.25``; an empty cell is left out."""
    return "，".join(f"{head}：{cell}" for head, cell in pairs if cell)
