"""What parties and mediator signed in a mediation: one row for each person and paper, with its number, seal and hash.

The signed and sealed file itself is among the papers of the matter. Workers are the people of the package; whoever acts for
the employer is masked unless the package shows people whole; the mediator acts in office.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from anxin.clues.masking import masked_words
from anxin.dossier.people import Person
from anxin.dossier.showing import moment
from anxin.evidence.sealing import finding_hash, plain
from anxin.kernel.masking import mask_name
from anxin.mediation.models import PaperSigner, Party
from anxin.mediation.stamping import method_words
from anxin.proof import Table
from anxin.proof.contents import ABOUT

_Side = PaperSigner.Side
_COLUMNS = {
    "paper": "文书", "of": "哪一份", "number": "文号", "sealed": "盖章时间", "body": "盖章的调解组织", "order": "序号", "side": "身份",
    "sign": "代号", "name": "姓名", "read": "读完全文", "signed": "签名时间", "method": "怎样核验本人", "device": "设备",
    "witness": "见证人", "refused": "拒绝签名", "refused_why": "拒签的情况和理由", "objection": "申请补正的内容",
    "file": "签名文件", "sha256": "签名文件的 SHA-256",
}  # fmt: skip


def signers(
    found: Sequence[PaperSigner], parties: Sequence[Party], known: Mapping[int, Person], full: bool
) -> Table:
    """``t43``. ``known``: the parties by key."""
    cards = {finding_hash("id", plain(one.id_number)): known[one.pk] for one in parties if one.id_number}
    names = {plain(one.name): known[one.pk] for one in parties}
    rows = [_row(one, cards, names, known, full) for one in found]
    return Table("t43_mediation_signers", "调解文书的签名和盖章", _COLUMNS, rows)


def _row(
    one: PaperSigner,
    cards: Mapping[str, Person],
    names: Mapping[str, Person],
    known: Mapping[int, Person],
    full: bool,
) -> dict[str, Any]:
    paper, name = one.paper, plain(one.name)
    person = None
    if one.side == _Side.WORKER:
        person = known[paper.share.party_id] if paper.share else cards.get(one.id_hash) or names.get(name)
    shown = name if full or one.side == _Side.MEDIATOR else mask_name(name)
    row = {
        "paper": paper.get_kind_display(),
        "of": str(paper.share.party) if paper.share else moment(paper.session.at) if paper.session else "",
        "number": paper.number,
        "sealed": moment(paper.sealed_at),
        "body": paper.body.name if paper.sealed_at else "",
        "order": one.number,
        "side": one.get_side_display(),
        "name": person.name if person else shown,
        "read": moment(one.read_at),
        "signed": moment(one.signed_at),
        "method": method_words(one),
        "device": one.device,
        "witness": one.witness,
        "refused": moment(one.refused_at),
        "refused_why": masked_words(one.refused_why),
        "objection": masked_words(plain(one.objection)),
        "file": paper.document.filename if paper.document else "",
        "sha256": paper.document.file.sha256 if paper.document else "",
    }
    return row if person is None else row | {ABOUT: [person.sign], "sign": person.sign}
