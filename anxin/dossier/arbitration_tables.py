"""The arbitration of the matter: who applies for what, what was found of it, the awards, and what came after each.

Who sat, heard and signed stands in ``hearing_tables``. Telephones and addresses of people stay here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anxin.arbitration.models import Award, Claim
from anxin.clues.masking import masked_words
from anxin.dossier.case_reading import ArbitrationRead, people_of
from anxin.dossier.hearing_tables import hearing_tables
from anxin.dossier.matter_tables import facts
from anxin.dossier.people import People, Person
from anxin.dossier.showing import day, moment, yuan
from anxin.proof import Table
from anxin.proof.contents import ABOUT

Known = Mapping[int, Person]


def tables(told: ArbitrationRead, people: People) -> list[Table]:
    """``t23`` to ``t33``; the applicants are among the people of the package."""
    return about(told, people_of(told.applicants, people), people.full)


def about(told: ArbitrationRead, known: Known, full: bool) -> list[Table]:
    """The same where the applicants are known already, by key; ``full`` shows the names of representatives whole."""
    return [
        _case(told),
        _applicants(told, known),
        _claims(told, known),
        _awards(told),
        _working(told, known),
        _corrections(told),
        _received(told, known),
        *hearing_tables(told, known, full),
        _consents(told, known),
    ]


def _case(told: ArbitrationRead) -> Table:
    case = told.case
    rows = [
        ("案由", case.cause),
        ("申请日期", day(case.applied_on)),
        ("被申请人", case.employer_name),
        ("统一社会信用代码", case.employer_code),
        ("单位住所", case.employer_address),
        ("法定代表人或负责人", case.employer_head),
        ("申请人", f"{len(told.applicants)}人"),
        ("请求合计（元）", yuan(sum(one.owed_fen for one in told.claims) if told.claims else None)),
        ("事实和理由", masked_words(case.facts)),
    ]
    return facts("t23_arbitration", "仲裁案件", rows)


def _applicants(told: ArbitrationRead, known: Known) -> Table:
    columns = {
        "number": "序号", "sign": "代号", "name": "姓名", "represents": "推举的代表", "claims": "请求项数", "asked": "请求合计（元）",
    }  # fmt: skip
    asked: dict[int, list[int]] = {}
    for claim in told.claims:
        asked.setdefault(claim.applicant_id, []).append(claim.owed_fen)
    rows = [
        _who(known[one.pk])
        | {
            "number": one.number,
            "represents": one.represents,
            "claims": len(asked.get(one.pk, ())),
            "asked": yuan(sum(asked.get(one.pk, ()))),
        }
        for one in told.applicants
    ]
    return Table("t24_applicants", "申请人", columns, rows)


def _claims(told: ArbitrationRead, known: Known) -> Table:
    columns = {
        "number": "申请人序号", "sign": "代号", "name": "姓名", "item": "项目", "month": "月份", "days": "天数", "rate": "日工资（元）",
        "due": "应付（元）", "paid": "已付（元）", "asked": "请求（元）", "source": "数字来源", "found_due": "认定应付（元）",
        "found_paid": "认定已付（元）", "found": "裁决支付（元）", "support": "认定", "reason": "理由", "award": "哪份裁决", "by": "登记人",
    }  # fmt: skip
    rows = [_claim(one, known[one.applicant_id]) for one in told.claims]
    return Table("t25_asked", "仲裁请求和认定", columns, rows)


def _claim(one: Claim, person: Person) -> dict[str, Any]:
    row = _who(person) | {
        "number": one.applicant.number,
        "item": one.get_item_display(),
        "month": one.month,
        "days": "" if one.days is None else str(one.days),
        "rate": yuan(one.rate_fen),
        "due": yuan(one.due_fen),
        "paid": yuan(one.paid_fen),
        "asked": yuan(one.owed_fen),
        "source": masked_words(one.source),
        "by": one.by_name,
    }
    finding = getattr(one, "finding", None)
    if finding is None:
        return row
    return row | {
        "found_due": yuan(finding.due_fen),
        "found_paid": yuan(finding.paid_fen),
        "found": yuan(finding.owed_fen),
        "support": finding.get_support_display(),
        "reason": masked_words(finding.reason),
        "award": str(finding.award or ""),
    }


def _awards(told: ArbitrationRead) -> Table:
    columns = {
        "award": "裁决", "finality": "终局", "part": "先行裁决", "decided": "裁决日期", "total": "裁决支付合计（元）", "within": "履行期限（日）",
        "minimum": "当地月最低工资（元）", "source": "最低工资的依据", "ceiling": "终局金额线（元）", "after": "救济与执行的事项", "by": "登记人",
        "recorded": "登记时间",
    }  # fmt: skip
    totals: dict[int, int] = {}
    for claim in told.claims:
        finding = getattr(claim, "finding", None)
        if finding is not None and finding.award_id is not None:
            totals[finding.award_id] = totals.get(finding.award_id, 0) + finding.owed_fen
    rows = [
        {
            "award": str(one),
            "finality": one.get_finality_display(),
            "part": one.part,
            "decided": day(one.decided_on),
            "total": yuan(totals.get(one.pk, 0)),
            "within": one.pay_within,
            "minimum": yuan(one.minimum_fen),
            "source": one.minimum_source,
            "ceiling": yuan(one.ceiling_fen),
            "after": one.after.number if one.after else "",
            "by": one.by_name,
            "recorded": moment(one.recorded_at),
        }
        for one in told.awards
    ]
    return Table("t26_awards", "裁决", columns, rows)


def _working(told: ArbitrationRead, known: Known) -> Table:
    """Item by item why an award is final or not, as it was worked out when it was made."""
    columns = {
        "award": "裁决", "number": "申请人序号", "sign": "代号", "item": "项目", "before": "先前已裁决（元）", "amount": "本次裁决（元）",
        "final": "适用终局", "why": "怎样判断",
    }  # fmt: skip
    numbers = {one.number: known[one.pk] for one in told.applicants}
    rows = [
        _judged(award, one, numbers.get(one["applicant"])) for award in told.awards for one in award.working
    ]
    return Table("t27_working", "终局裁决怎样判断", columns, rows)


def _judged(award: Award, one: Mapping[str, Any], person: Person | None) -> dict[str, Any]:
    row = {
        "award": str(award),
        "number": one["applicant"],
        "item": one["name"],
        "before": yuan(one["before"]),
        "amount": yuan(one["fen"]),
        "final": one["final"],
        "why": one["why"],
    }
    return row if person is None else row | {ABOUT: [person.sign], "sign": person.sign}


def _corrections(told: ArbitrationRead) -> Table:
    columns = {
        "award": "裁决", "place": "位置", "before": "原文", "after": "补正为", "on": "补正日期", "by": "登记人", "recorded": "登记时间",
    }  # fmt: skip
    rows = [
        {
            "award": str(award),
            "place": one.place,
            "before": one.before,
            "after": one.after,
            "on": day(one.on),
            "by": one.by_name,
            "recorded": moment(one.recorded_at),
        }
        for award in told.awards
        for one in sorted(award.corrections.all(), key=lambda one: one.pk)
    ]
    return Table("t28_corrections", "裁决的补正", columns, rows)


def _received(told: ArbitrationRead, known: Known) -> Table:
    """Each applicant's own day; without number and sign: the employer, or one day for all workers."""
    columns = {
        "award": "裁决", "side": "哪一方", "number": "申请人序号", "sign": "代号", "name": "姓名", "on": "收到日期", "how": "怎样收到的", "by": "登记人", "recorded": "登记时间",
    }  # fmt: skip
    rows = [
        {
            "award": str(award),
            "side": one.get_side_display(),
            "on": day(one.on),
            "how": masked_words(one.how),
            "by": one.by_name,
            "recorded": moment(one.recorded_at),
        }
        | (_who(known[one.applicant.pk]) | {"number": one.applicant.number} if one.applicant else {})
        for award in told.awards
        for one in sorted(award.received.all(), key=lambda one: one.pk)
    ]
    return Table("t29_received", "裁决何时收到", columns, rows)


def _consents(told: ArbitrationRead, known: Known) -> Table:
    """What was asked of those who are represented, a row for each answer; what nobody has answered has a row too."""
    columns = {
        "what": "事项", "words": "内容", "asked": "征求日期", "number": "申请人序号", "sign": "代号", "name": "姓名", "agrees": "同意",
        "on": "表示日期", "how": "怎样表示的", "by": "登记人",
    }  # fmt: skip
    rows = []
    for consent in told.consents:
        asked = {
            "what": consent.get_what_display(),
            "words": masked_words(consent.words),
            "asked": day(consent.asked_on),
            "by": consent.by_name,
        }
        answers = sorted(consent.answers.all(), key=lambda one: one.applicant.number)
        rows += [
            asked
            | _who(known[one.applicant_id])
            | {
                "number": one.applicant.number,
                "agrees": one.agrees,
                "on": day(one.on),
                "how": masked_words(one.how),
                "by": one.by_name,
            }
            for one in answers
        ] or [asked]
    return Table("t33_consents", "被代表的劳动者是否同意", columns, rows)


def _who(person: Person) -> dict[str, Any]:
    return {ABOUT: [person.sign], "sign": person.sign, "name": person.name}
