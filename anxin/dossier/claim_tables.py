"""What was claimed and what came of it, for one person: the clue's words, who says how much, money, mediation, letters.

Rows of other claimants are withheld; their names in words that are handed over are masked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from anxin.clues.masking import masked_words, opened
from anxin.clues.models_claimants import SIDES, Source
from anxin.dossier.claim_reading import ClaimRead
from anxin.dossier.mediation_tables import (
    INSTALMENT,
    case_facts,
    instalment,
    instalments_of,
    paid_words,
    stage_words,
)
from anxin.dossier.showing import day, moment, yuan
from anxin.letters.queries import kind_name
from anxin.proof import Table
from anxin.proof.contents import ABOUT, WITHHELD


def tables(told: ClaimRead) -> list[Table]:
    return [
        _clues(told),
        Table("t10_claims", "被欠多少，各方怎样说", _CLAIMS, _claims(told)),
        _conclusions(told),
        Table("t12_recovered", "追回的钱", _RECOVERED, _recovered(told)),
        _mediation(told),
        _instalments(told),
        _letters(told),
    ]


_CLAIMS = {
    "clue": "线索编号", "number": "序号", "sign": "代号", "name": "姓名", "trade": "工种或班组",
    **{str(side): f"{side.label}（元）" for side in SIDES}, "settled": "已定金额（元）", "why": "定下的理由",
}  # fmt: skip
_RECOVERED = {
    "clue": "线索编号", "sign": "代号", "name": "姓名", "amount": "金额（元）", "paid": "到账日", "proof": "证明", "by": "登记人",
    "at": "登记时间", "withdrawn": "撤销",
}  # fmt: skip


def _clues(told: ClaimRead) -> Table:
    columns = {
        "number": "编号", "channel": "渠道", "received": "收到", "title": "标题", "text": "内容", "place": "地点", "state": "办理状态",
        "debtor": "谁欠", "project": "所说项目", "people": "人数", "amount": "金额（元）",
    }  # fmt: skip
    rows = [
        {
            "number": one.clue.number,
            "channel": one.clue.get_channel_display(),
            "received": moment(one.clue.received_at),
            "title": masked_words(opened(one.telling.title), name=opened(one.telling.name)),
            "text": masked_words(opened(one.telling.text), name=opened(one.telling.name)),
            "place": one.telling.place,
            "state": one.clue.get_state_display(),
            "debtor": one.clue.debtor,
            "project": one.clue.project_name,
            "people": one.clue.people,
            "amount": yuan(one.clue.amount_fen),
        }
        for one in told.clues
    ]
    return Table("t09_clues", "说过的线索", columns, rows)


def _claims(told: ClaimRead) -> Iterator[dict[str, Any]]:
    for clue in told.clues:
        for one in clue.people:
            if one.claimant.pk != clue.mine.pk:
                yield {"clue": clue.clue.number, "number": one.claimant.number, **_said(one), WITHHELD: True}
                continue
            yield {
                **_me(told),
                "clue": clue.clue.number,
                "number": one.claimant.number,
                **_said(one),
            }


def _said(one: Any) -> dict[str, Any]:
    settled = one.amounts.get(Source.SETTLED)
    return {
        "trade": one.particulars.trade,
        "settled": yuan(settled.fen) if settled else "",
        "why": settled.why if settled else "",
    } | {str(side): yuan(amount.fen) for side, amount in one.said if amount}


def _me(told: ClaimRead) -> dict[str, Any]:
    return {ABOUT: [told.me.sign], "sign": told.me.sign, "name": told.me.name}


def _conclusions(told: ClaimRead) -> Table:
    columns = {
        "clue": "线索编号", "at": "时间", "name": "结论", "words": "说明", "standing": "状态", "by": "谁作出", "reviewed": "复核", "told": "告知反映人",
    }  # fmt: skip
    rows = [
        {
            "clue": one.clue.number,
            "at": moment(one.at),
            "name": one.name,
            "words": one.words,
            "standing": one.get_standing_display(),
            "by": one.by_name,
            "reviewed": " ".join(filter(None, (moment(one.reviewed_at), one.reviewed_by_name))),
            "told": moment(one.told_at),
        }
        for one in told.conclusions
    ]
    return Table("t11_conclusions", "结论", columns, rows)


def _recovered(told: ClaimRead) -> Iterator[dict[str, Any]]:
    mine = {one.pk for one in told.claimants}
    for one in told.recovered:
        own = one.claimant_id in mine or (one.claimant_id is None and opened(one.person) == told.name)
        row: dict[str, Any] = {
            "clue": one.clue.number,
            "amount": yuan(one.amount_fen),
            "paid": day(one.paid_on),
            "proof": one.get_proof_display(),
            "by": one.by_name,
            "at": moment(one.at),
            "withdrawn": " ".join(filter(None, (moment(one.withdrawn_at), one.withdrawn_why))),
        }
        yield {**_me(told), **row} if own else {**row, WITHHELD: True}


def _mediation(told: ClaimRead) -> Table:
    columns = {
        "matter": "事项编号", "applied": "申请日期", "employer": "用人单位", "claims": "调解请求", "claimed": "本人请求（元）",
        "stages": "层级和结果", "mediator": "调解员",
    }  # fmt: skip
    rows = [
        _me(told)
        | {
            "matter": one.case.matter.number,
            **case_facts(one.case),
            "claimed": yuan(one.claimed_fen),
            "stages": stage_words(one.case.stages.all()),
            "mediator": one.case.mediator.name if one.case.mediator else "",
        }
        for one in told.parties
    ]
    return Table("t13_mediation", "调解", columns, rows)


def _instalments(told: ClaimRead) -> Table:
    columns = {"matter": "事项编号", **INSTALMENT, "proofs": "付款的证明"}
    rows = [
        _me(told)
        | {
            "matter": party.case.matter.number,
            **instalment(one, share),
            "proofs": paid_words(one),
        }
        for party in told.parties
        for share in party.shares.all()
        for one in instalments_of(share)
    ]
    return Table("t14_instalments", "调解协议的分期付款", columns, rows)


def _letters(told: ClaimRead) -> Table:
    columns = {
        "matter": "事项编号", "letter": "文书", "number": "文号", "issued": "成文日期", "state": "状态", "served": "送达",
        "sha256": "用印文件的 SHA-256",
    }  # fmt: skip
    rows = [
        _me(told)
        | {
            "matter": one.matter.number,
            "letter": kind_name(one.kind),
            "number": one.number,
            "issued": day(one.issued_on),
            "state": one.get_state_display(),
            "served": "；".join(
                f"{day(service.served_on)}"
                + (f" {service.receiver}" if told.names_me(service.receiver) else "")
                for service in one.services.all()
            ),
            "sha256": one.sealed_file.sha256 if one.sealed_file else "",
        }
        for one in told.letters
    ]
    return Table("t15_letters", "写到本人的文书", columns, rows)
