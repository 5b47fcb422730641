"""Who sat on the tribunal, when and where it heard, and who signed the record, how, or would not and why.

Labour arbitration law, articles 31 to 35 and 40. What was said stands in the record, which is a paper of the matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anxin.arbitration.models import Hearing, Signer
from anxin.clues.masking import masked_words, opened
from anxin.dossier.case_reading import ArbitrationRead
from anxin.dossier.people import Person
from anxin.dossier.showing import day, moment
from anxin.kernel.masking import mask_name
from anxin.proof import Table
from anxin.proof.contents import ABOUT
from anxin.signing.parties import METHOD_WORDS, Method

_Side = Signer.Side
#: officials, named like everybody who acts for the office
_OF_THE_BENCH = (_Side.ARBITRATOR, _Side.SECRETARY)


def hearing_tables(told: ArbitrationRead, known: Mapping[int, Person], full: bool) -> list[Table]:
    """``t30`` to ``t32``. ``known``: the applicants by key; ``full`` shows the names of representatives whole."""
    return [_seats(told), _hearings(told), _signers(told, known, full)]


def _seats(told: ArbitrationRead) -> Table:
    columns = {
        "part": "担任", "name": "姓名", "number": "编号", "from": "自", "left": "离开日期", "kind": "离开的原因", "why": "说明",
        "asked": "申请回避日期", "decided": "由谁决定", "form": "组庭形式", "proposed": "由谁提出", "formed": "组成日期", "by": "登记人",
    }  # fmt: skip
    rows = [
        {
            "part": one.get_part_display(),
            "name": one.arbitrator.name,
            "number": one.arbitrator.code,
            "from": day(one.from_on),
            "left": day(one.left_on),
            "kind": one.get_left_kind_display(),
            "why": masked_words(one.left_why),
            "asked": day(one.asked_on),
            "decided": one.decided_by,
            "form": one.tribunal.get_form_display(),
            "proposed": one.tribunal.proposed_by,
            "formed": day(one.tribunal.formed_on),
            "by": one.tribunal.formed_by_name,
        }
        for one in told.seats
    ]
    return Table("t30_tribunal", "仲裁庭", columns, rows)


def _hearings(told: ArbitrationRead) -> Table:
    columns = {
        "begins": "开始", "ends": "结束", "way": "方式", "place": "地点", "identity": "身份核验办法", "state": "状态", "notice": "最迟通知日",
        "notice_words": "通知日怎样算出", "shorter": "缩短通知的理由", "why": "变更的理由", "for": "由谁提出变更", "changed": "何时由谁变更",
        "by": "排期人", "recorded": "排期时间", "record": "庭审笔录", "closed": "定稿时间", "done": "签名结束", "closed_sha256": "定稿文件的 SHA-256",
        "signed_sha256": "签名后文件的 SHA-256",
    }  # fmt: skip
    return Table("t31_hearings", "开庭", columns, [_hearing(one) for one in told.hearings])


def _hearing(one: Hearing) -> dict[str, Any]:
    row: dict[str, Any] = {
        "begins": moment(one.begins_at),
        "ends": moment(one.ends_at),
        "way": one.get_way_display(),
        "place": one.place,
        "identity": one.identity_check,
        "state": one.get_state_display(),
        "notice": day(one.notice_by),
        "notice_words": one.notice_words,
        "shorter": masked_words(one.shorter_why),
        "why": masked_words(one.change_why),
        "for": one.changed_for,
        "changed": " ".join(filter(None, (moment(one.changed_at), one.changed_by_name))),
        "by": one.set_by_name,
        "recorded": moment(one.recorded_at),
    }
    record = getattr(one, "record", None)
    if record is None:
        return row
    return row | {
        "record": record.get_state_display(),
        "closed": " ".join(filter(None, (moment(record.closed_at), record.closed_by_name))),
        "done": moment(record.done_at),
        "closed_sha256": record.unsigned.sha256 if record.unsigned else "",
        "signed_sha256": record.file.sha256 if record.file else "",
    }


def _signers(told: ArbitrationRead, known: Mapping[int, Person], full: bool) -> Table:
    columns = {
        "hearing": "开庭", "number": "序号", "side": "身份", "sign": "代号", "name": "姓名", "read": "读完全文", "signed": "签名时间",
        "method": "怎样核验本人", "device": "设备", "witness": "见证人", "refused": "拒绝签名", "refused_why": "拒签的情况和理由",
        "refused_by": "记明人", "objection": "申请补正的内容",
    }  # fmt: skip
    cards = {opened(one.id_number): known[one.pk] for one in told.applicants if one.id_number}
    names: dict[str, list[Person]] = {}
    for one in told.applicants:
        names.setdefault(opened(one.name), []).append(known[one.pk])
    rows = [_signer(one, _applicant(one, cards, names), full) for one in told.signers]
    return Table("t32_signers", "庭审笔录的签名", columns, rows)


def _applicant(one: Signer, cards: Mapping[str, Person], names: Mapping[str, list[Person]]) -> Person | None:
    """Which applicant signs: by the ID number, else the only one of that name."""
    if one.side != _Side.APPLICANT:
        return None
    found = cards.get(opened(one.id_number))
    same = names.get(opened(one.name), [])
    return found or (same[0] if len(same) == 1 else None)


def _signer(one: Signer, person: Person | None, full: bool) -> dict[str, Any]:
    name = opened(one.name)
    shown = name if full or one.side in _OF_THE_BENCH else mask_name(name)
    row = {
        "hearing": moment(one.record.hearing.begins_at),
        "number": one.number,
        "side": one.get_side_display(),
        "name": person.name if person else shown,
        "read": moment(one.read_at),
        "signed": moment(one.signed_at),
        "method": METHOD_WORDS[Method(one.method)] if one.method else "",
        "device": one.device,
        "witness": one.witness,
        "refused": moment(one.refused_at),
        "refused_why": masked_words(one.refused_why),
        "refused_by": one.refused_by_name,
        "objection": masked_words(opened(one.objection)),
    }
    return row if person is None else row | {ABOUT: [person.sign], "sign": person.sign}
