"""The mediation of the matter: parties, levels, sessions, the agreement with its instalments, payments, the ways on.

Row functions are shared with ``claim_tables``, which has one worker's part of it. Telephones and addresses stay here, and
so does what each side said in a session: that stands in the record, which is a paper of the matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from anxin.clues.masking import masked_words
from anxin.dossier import mediation_papers
from anxin.dossier.case_reading import MediationRead, people_of
from anxin.dossier.clue_tables import proof_words
from anxin.dossier.matter_tables import facts
from anxin.dossier.people import People, Person
from anxin.dossier.showing import day, moment, yuan
from anxin.mediation.models import Instalment, MediationCase, Payment, Share, Stage
from anxin.proof import Table
from anxin.proof.contents import ABOUT

Known = Mapping[int, Person]
#: of one instalment, in every package
INSTALMENT = {
    "drafted": "协议日期", "effective": "生效", "number": "期次", "due": "应付日", "amount": "应付（元）", "paid": "已付（元）",
    "paid_on": "付清日",
}  # fmt: skip


def tables(told: MediationRead, people: People) -> list[Table]:
    """``t34`` to ``t43``; the parties are among the people of the package."""
    known = people_of(told.parties, people)
    shares = [(one, known[one.party_id]) for one in told.shares]
    return [
        _case(told),
        _parties(told, known),
        _stages(told),
        _sessions(told),
        _agreements(told),
        Table("t39_shares", "协议给各人的份额", _SHARE, [_share(one, person) for one, person in shares]),
        Table("t40_instalments", "协议的分期付款", _PARTY | INSTALMENT, list(_instalments(told, known))),
        Table("t41_payments", "分期款的到账", _PARTY | _PAYMENT, list(_payments(told, known))),
        _handoffs(told),
        mediation_papers.signers(told.signers, told.parties, known, people.full),
    ]


_PARTY = {"party": "序号", "sign": "代号", "name": "姓名"}
_SHARE = _PARTY | {
    "drafted": "协议日期", "total": "合计（元）", "confirmed": "本人确认日期", "how": "怎样确认的", "paper": "本人的协议书",
}  # fmt: skip
_PAYMENT = {
    "number": "期次", "amount": "金额（元）", "paid": "到账日", "proof": "证明", "detail": "证明是什么", "by": "登记人", "at": "登记时间",
    "withdrawn": "撤销",
}  # fmt: skip


def case_facts(case: MediationCase) -> dict[str, str]:
    """When a mediation was applied for, against whom, for what."""
    return {
        "applied": day(case.applied_on),
        "employer": case.employer_name,
        "claims": masked_words(case.claims),
    }


def stage_words(stages: Iterable[Stage]) -> str:
    """The levels in one line, in their order."""
    return "；".join(
        f"{one.get_level_display()} {one.body.name}，{day(one.started_on)}起，{one.get_outcome_display()}"
        for one in sorted(stages, key=lambda one: one.pk)
    )


def instalment(one: Instalment, share: Share) -> dict[str, Any]:
    """A row of one instalment, for :data:`INSTALMENT`."""
    return {
        "drafted": day(share.agreement.drafted_on),
        "effective": day(share.agreement.effective_on),
        "number": one.number,
        "due": day(one.due_on),
        "amount": yuan(one.amount_fen),
        "paid": yuan(one.paid_fen),
        "paid_on": day(one.paid_on),
    }


def instalments_of(share: Share) -> list[Instalment]:
    """In the order in which they fall due."""
    return sorted(share.instalments.all(), key=lambda one: one.number)


def paid_words(one: Instalment) -> str:
    """The payments of an instalment that stand, in one line."""
    return "；".join(
        f"{day(payment.paid_on)} {yuan(payment.amount_fen)}元 {payment.get_proof_display()}"
        for payment in one.payments.all()
        if payment.withdrawn_at is None
    )


def _case(told: MediationRead) -> Table:
    case = told.case
    said = case_facts(case)
    rows = [
        ("来源", case.get_origin_display()),
        ("申请日期", f"{said['applied']}{'（口头申请）' if case.oral else ''}"),
        ("地点", f"{case.region}{case.place}"),
        ("用人单位", said["employer"]),
        ("统一社会信用代码", case.employer_code),
        ("单位住所", case.employer_address),
        ("法定代表人或负责人", case.employer_head),
        ("争议类型", case.skill),
        ("人数", f"{case.people}人"),
        ("请求金额（元）", yuan(case.claimed_fen)),
        ("调解请求", said["claims"]),
        ("事实和理由", masked_words(case.facts)),
    ]
    return facts("t34_mediation", "调解", rows)


def _parties(told: MediationRead, known: Known) -> Table:
    rows = [_who(one.number, known[one.pk]) | {"claimed": yuan(one.claimed_fen)} for one in told.parties]
    return Table("t35_parties", "调解的当事人", _PARTY | {"claimed": "本人请求（元）"}, rows)


def _stages(told: MediationRead) -> Table:
    columns = {
        "level": "层级", "body": "调解组织", "mediator": "调解员", "started": "开始", "due": "期限", "basis": "期限的依据", "ended": "结束",
        "outcome": "结果", "expired": "最高一级到期告知", "reasons": "为什么由这个组织调解", "changed": "改选的理由",
    }  # fmt: skip
    rows = [
        {
            "level": one.get_level_display(),
            "body": one.body.name,
            "mediator": one.mediator.name if one.mediator else "",
            "started": day(one.started_on),
            "due": day(one.due_on),
            "basis": one.basis,
            "ended": day(one.ended_on),
            "outcome": one.get_outcome_display(),
            "expired": day(one.expired_on),
            "reasons": "".join(one.reasons),
            "changed": one.changed_why,
        }
        for one in told.stages
    ]
    return Table("t36_stages", "逐级调解", columns, rows)


def _sessions(told: MediationRead) -> Table:
    columns = {
        "at": "时间", "place": "地点", "online": "线上", "state": "状态", "result": "结果", "appointed": "约定人", "recorded": "登记笔录",
        "paper": "笔录文件",
    }  # fmt: skip
    rows = [
        {
            "at": moment(one.at),
            # of a session online it is the number of the meeting
            "place": "" if one.online else one.place,
            "online": one.online,
            "state": one.get_state_display(),
            "result": masked_words(one.result),
            "appointed": one.appointed_by_name,
            "recorded": " ".join(filter(None, (moment(one.recorded_at), one.recorded_by_name))),
            "paper": one.document.filename if one.document else "",
        }
        for one in told.sessions
    ]
    return Table("t37_sessions", "调解经过", columns, rows)


def _agreements(told: MediationRead) -> Table:
    columns = {
        "drafted": "拟定", "by": "拟定人", "facts": "争议事实", "other": "其他约定", "manner": "付款方式", "employer": "用人单位确认",
        "effective": "生效", "withdrawn": "撤回",
    }  # fmt: skip
    rows = [
        {
            "drafted": day(one.drafted_on),
            "by": one.by_name,
            "facts": masked_words(one.facts),
            "other": masked_words(one.other),
            "manner": masked_words(one.manner),
            "employer": " ".join(filter(None, (day(one.employer_confirmed_on), one.employer_confirmed_how))),
            "effective": day(one.effective_on),
            "withdrawn": " ".join(filter(None, (moment(one.withdrawn_at), one.withdrawn_why))),
        }
        for one in told.agreements
    ]
    return Table("t38_agreements", "调解协议", columns, rows)


def _share(one: Share, person: Person) -> dict[str, Any]:
    return _who(one.party.number, person) | {
        "drafted": day(one.agreement.drafted_on),
        "total": yuan(one.total_fen),
        "confirmed": day(one.confirmed_on),
        "how": masked_words(one.confirmed_how),
        "paper": one.document.filename if one.document else "",
    }


def _instalments(told: MediationRead, known: Known) -> Iterator[dict[str, Any]]:
    for share in told.shares:
        who = _who(share.party.number, known[share.party_id])
        for one in instalments_of(share):
            yield who | instalment(one, share)


def _payments(told: MediationRead, known: Known) -> Iterator[dict[str, Any]]:
    for share in told.shares:
        who = _who(share.party.number, known[share.party_id])
        for one in instalments_of(share):
            for payment in sorted(one.payments.all(), key=lambda payment: payment.pk):
                yield who | {"number": one.number} | _payment(payment)


def _payment(one: Payment) -> dict[str, Any]:
    return {
        "amount": yuan(one.amount_fen),
        "paid": day(one.paid_on),
        "proof": one.get_proof_display(),
        "detail": proof_words(one),
        "by": one.by_name,
        "at": moment(one.at),
        "withdrawn": " ".join(filter(None, (moment(one.withdrawn_at), one.withdrawn_why))),
    }


def _handoffs(told: MediationRead) -> Table:
    columns = {
        "route": "途径", "matter": "接着办理的事项", "opened": "日期", "owed": "当天还欠（元）", "each": "各人还欠（元，按当事人序号）",
        "by": "经办人",
    }  # fmt: skip
    rows = [
        {
            "route": one.get_route_display(),
            "matter": one.matter.number,
            "opened": day(one.opened_on),
            "owed": yuan(one.owed_fen),
            "each": "；".join(
                f"{number}号 {yuan(fen)}"
                for number, fen in sorted(one.owed.items(), key=lambda each: int(each[0]))
            ),
            "by": one.by_name,
        }
        for one in told.handoffs
    ]
    return Table("t42_handoffs", "没有履行时接着走的途径", columns, rows)


def _who(number: int, person: Person) -> dict[str, Any]:
    return {ABOUT: [person.sign], "party": number, "sign": person.sign, "name": person.name}
