"""The clue that the matter came from: what was said, by whom is owed how much, what came of it, what was paid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from anxin.clues.masking import masked_words, opened
from anxin.clues.models import Source
from anxin.clues.models_claimants import SIDES
from anxin.dossier.matter_tables import facts
from anxin.dossier.people import People
from anxin.dossier.reading import ClueRead
from anxin.dossier.showing import day, moment, yuan
from anxin.proof import Table
from anxin.proof.contents import ABOUT
from anxin.referral.models import MatterPayment, Recovered


def people_of(told: ClueRead, people: People) -> None:
    """The claimants first, by their number in the clue: P1 is the first of the list."""
    for one in told.people:
        known = one.particulars
        key = one.claimant.id_hash or f"claimant:{one.claimant.pk}"
        people.add(key, opened(known.name), opened(known.id_number))


def tables(told: ClueRead, people: People) -> list[Table]:
    """The clue's own words come with long numbers masked, as on the screen."""
    return [
        _clue(told),
        _claims(told, people),
        _askings(told),
        _conclusions(told),
        _tellings(told),
        _words(told),
        _recovered(told, people),
    ]


def _clue(told: ClueRead) -> Table:
    clue, telling = told.clue, told.telling
    reading = getattr(telling, "reading", None)
    rows = [
        ("编号", clue.number),
        ("渠道", f"{clue.get_channel_display()}（{clue.get_kind_display()}）"),
        ("来件编号", clue.sender_number),
        ("收到", moment(clue.received_at)),
        ("标题", masked_words(opened(telling.title))),
        ("内容", masked_words(opened(telling.text))),
        ("地点", telling.place),
        ("办理状态", clue.get_state_display()),
        ("人数", str(clue.people or "")),
        ("金额（元）", yuan(clue.amount_fen)),
        ("谁欠", clue.debtor),
        ("所说项目", clue.project_name),
        ("判读", f"模型版本{reading.model_version}，{moment(reading.read_at)}" if reading else ""),
        ("看过", f"{clue.looked_by_name}，{moment(clue.looked_at)}" if clue.looked_at else ""),
        *(
            (f"第{number}次分派", f"{one.matter.number}，{moment(one.referred_at)}，{one.referred_by_name}，依{one.table_title}")
            for number, one in enumerate(told.referrals, start=1)
        ),
    ]  # fmt: skip
    return facts("t11_clue", "来自的线索", rows)


def _claims(told: ClueRead, people: People) -> Table:
    columns = {
        "sign": "代号", "name": "姓名", "trade": "工种或班组",
        **{str(side): f"{side.label}（元）" for side in SIDES}, "settled": "已定金额（元）", "why": "定下的理由",
    }  # fmt: skip
    rows = []
    for one in told.people:
        key = one.claimant.id_hash or f"claimant:{one.claimant.pk}"
        person = people.add(key, opened(one.particulars.name))
        settled = one.amounts.get(Source.SETTLED)
        row: dict[str, Any] = {
            ABOUT: [person.sign],
            "sign": person.sign,
            "name": person.name,
            "trade": one.particulars.trade,
            "settled": yuan(settled.fen) if settled else "",
            "why": settled.why if settled else "",
        }
        row |= {str(side): yuan(amount.fen) for side, amount in one.said if amount}
        rows.append(row)
    return Table("t12_claims", "各人被欠多少，各方怎样说", columns, rows)


def _askings(told: ClueRead) -> Table:
    columns = {
        "body": "单位", "asked": "交办", "accepted": "接收", "returned": "退回", "why": "原因",
    }  # fmt: skip
    rows = [
        {
            "body": one.body.name,
            "asked": f"{moment(one.asked_at)} {one.asked_by_name}",
            "accepted": f"{moment(one.accepted_at)} {one.accepted_by_name}".strip(),
            "returned": f"{moment(one.returned_at)} {one.returned_by_name}".strip(),
            "why": one.returned_why or one.why,
        }
        for one in told.askings
    ]
    return Table("t13_asked", "线索交给过哪些单位", columns, rows)


def _conclusions(told: ClueRead) -> Table:
    columns = {
        "at": "时间", "name": "结论", "words": "说明", "people": "人数", "amount": "核定金额（元）", "standing": "状态",
        "by": "谁作出", "reviewed": "复核", "silence": "未获确认的复核",
    }  # fmt: skip
    rows = [
        {
            "at": moment(one.at),
            "name": one.name,
            "words": one.words,
            "people": one.people,
            "amount": yuan(one.amount_fen),
            "standing": one.get_standing_display(),
            "by": one.by_name,
            "reviewed": _joined(moment(one.reviewed_at), one.reviewed_by_name, one.review_words),
            "silence": _joined(
                moment(one.silence_reviewed_at), one.silence_reviewed_by_name, one.silence_review_words
            ),
            "ended": moment(one.ended_at),
        }
        for one in told.conclusions
    ]
    return Table("t14_conclusions", "结论", columns, rows)


def _tellings(told: ClueRead) -> Table:
    """The number that was called stays sealed; who told us is never among what leaves."""
    columns = {
        "at": "时间", "conclusion": "告知的结论", "clue": "告知哪条线索的反映人", "way": "怎样告知的", "reached": "联系上", "words": "经过",
        "by": "谁告知",
    }  # fmt: skip
    rows = [
        {
            "at": moment(one.at),
            "conclusion": one.conclusion.name,
            "clue": one.clue.number,
            "way": one.get_way_display(),
            "reached": one.reached,
            "words": masked_words(one.note),
            "by": one.by_name or "本人",
        }
        for one in told.tellings
    ]
    return Table("t15_told", "把结论告知反映人", columns, rows)


def _words(told: ClueRead) -> Table:
    columns = {"at": "时间", "agrees": "同意", "words": "怎样说的", "heard": "谁听到，怎样听到"}
    rows = [
        {
            "at": moment(one.at),
            "agrees": one.agrees,
            "words": masked_words(opened(one.words)),
            "heard": "：".join(filter(None, (one.heard_by_name, one.how))),
        }
        for one in told.words
    ]
    return Table("t15_words", "劳动者对结论的话", columns, rows)


def _received(one: Recovered | MatterPayment, people: People) -> dict[str, Any]:
    """Money that one person got, with its proof."""
    person = people.named(opened(one.person))
    return {
        ABOUT: [person.sign],
        "sign": person.sign,
        "name": person.name,
        "amount": yuan(one.amount_fen),
        "paid": day(one.paid_on),
        "proof": one.get_proof_display(),
        "detail": proof_words(one),
        "by": one.by_name,
        "at": moment(one.at),
        "withdrawn": _joined(moment(one.withdrawn_at), one.withdrawn_why),
    }


def _recovered(told: ClueRead, people: People) -> Table:
    columns = {
        "sign": "代号", "name": "姓名", "amount": "金额（元）", "paid": "到账日", "proof": "证明", "detail": "证明是什么",
        "by": "登记人", "at": "登记时间", "withdrawn": "撤销",
    }  # fmt: skip
    rows = [_received(one, people) for one in told.recovered]
    return Table("t16_recovered", "追回的钱", columns, rows)


def payments(rows_of: Sequence[MatterPayment], people: People) -> Table:
    """What was recorded after the decision or the award; the same money may stand among what the clue recovered."""
    columns = {
        "sign": "代号", "name": "姓名", "amount": "金额（元）", "paid": "到账日", "proof": "证明", "detail": "证明是什么",
        "counted": "同时计入线索", "by": "登记人", "at": "登记时间", "withdrawn": "撤销",
    }  # fmt: skip
    rows = [
        _received(one, people) | {"counted": one.recovered is not None and one.recovered.withdrawn_at is None}
        for one in rows_of
    ]
    return Table("t16_payments", "本件登记的付款", columns, rows)


def _joined(*words: str) -> str:
    return " ".join(filter(None, words))


def proof_words(one: Any) -> str:
    """What proves money: the bank's reference, a file, or what somebody said, with long numbers masked."""
    if one.receipt is not None:
        return f"银行流水 {one.receipt.reference}"
    if one.document is not None:
        return f"文件 {one.document.filename}"
    return masked_words(opened(one.said))
