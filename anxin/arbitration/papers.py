"""What letters of an arbitration begin with: the parties, the case, the rows of an award, its corrections."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from anxin.accounts.models import User
from anxin.arbitration.access import require_handles
from anxin.arbitration.journalling import note
from anxin.arbitration.models import PROCEDURES, Applicant, ArbitrationCase, Award, Claim, Correction, Finding
from anxin.casework.models import Matter
from anxin.kernel.identifiers import id_number_problem
from anxin.kernel.money import sentence_yuan
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused
from anxin.letters import drafting
from anxin.letters.life import NUMBERED
from anxin.letters.models import Letter
from anxin.mediation.sealed import plain

AWARD, CORRECTION = "arbitration_award", "award_correction"


def known(matter: Matter) -> dict[str, Any]:
    """By field name of the templates, for matters of an arbitration; a few queries. Registered with ``letters.sources``."""
    if matter.procedure not in PROCEDURES:
        return {}
    case = ArbitrationCase.objects.filter(matter=matter).select_related("matter__lead").first()
    if case is None:
        return {}
    people = list(case.applicants.order_by("number"))
    found = _of_case(case, people)
    if len(people) == 1:
        found |= worker(people[0])
        claims = list(people[0].claims.order_by("item", "month", "pk"))
        found["claims"] = _claimed(claims) if claims else None
    award = case.awards.filter(corrections__isnull=False).order_by("-number").first()
    if award is not None:
        found |= corrections(award)
    return found


def _of_case(case: ArbitrationCase, people: Sequence[Applicant]) -> dict[str, Any]:
    first = plain(people[0].name) if people else ""
    accepted = case.matter.steps.filter(transition__in=("accept", "open")).order_by("pk").first()
    heard = case.matter.steps.filter(transition="hear").order_by("-pk").first()
    return {
        "commission": case.matter.lead.name,
        "people": len(people) or None,
        "representatives": "、".join(plain(one.name) for one in people if one.represents),
        "electors": [{"name": plain(one.name), "phone": plain(one.phone)} for one in people],
        "elected": [_representative(one) for one in people if one.represents],
        "applicant": first if len(people) == 1 else f"{first}等{len(people)}人",
        "respondent": case.employer_name,
        "cause": case.cause,
        "employer": case.employer_name,
        "employer_code": case.employer_code,
        "employer_address": case.employer_address,
        "employer_head": case.employer_head,
        "employer_phone": case.employer_phone,
        "applied_on": case.applied_on,
        "accepted_on": accepted.on if accepted else None,
        "heard_on": heard.on if heard else None,
    }


def _representative(applicant: Applicant) -> dict[str, str]:
    return {
        "name": plain(applicant.name),
        "id_number": plain(applicant.id_number),
        "phone": plain(applicant.phone),
    }


def worker(applicant: Applicant) -> dict[str, Any]:
    """An applicant as instruments name them; sex and birthday stand in the ID number."""
    number = plain(applicant.id_number)
    sure = bool(number) and id_number_problem(number) is None and len(number) == 18
    return {
        "worker": plain(applicant.name),
        "worker_id": number,
        "worker_gender": ("male" if int(number[16]) % 2 else "female") if sure else None,
        "worker_born": dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14])) if sure else None,
        "worker_address": plain(applicant.address),
        "worker_mail": plain(applicant.address),
        "worker_phone": plain(applicant.phone),
    }


def of_award(award: Award, applicant: Applicant) -> dict[str, Any]:
    """The fields of an award that are the award's own, for one applicant; one query."""
    rows = Finding.objects.filter(award=award, claim__applicant=applicant).select_related("claim")
    findings = list(rows.order_by("claim__item", "claim__month", "pk"))
    claims = [one.claim for one in findings]
    return {
        "claims": _claimed(claims),
        "facts": award.case.facts,
        "part": "part" if award.part else "whole",
        "items": [_row(one) for one in findings if one.owed_fen],
        "pay_within": award.pay_within,
        "finality": award.finality,
        "minimum_wage": award.minimum_fen,
        "ceiling": award.ceiling_fen,
        "rejected": "\n".join(_rejected(one) for one in findings if one.support != Finding.Support.WHOLE),
    }


def draft(award: Award, applicant: Applicant, *, by: User, now: dt.datetime) -> Letter:
    """Begin the award paper of one applicant with exactly the award's rows. Raises :class:`Refused`."""
    case = award.case
    require_handles(by, case)
    values = {**worker(applicant), **of_award(award, applicant)}
    if not values["items"] and not values["rejected"]:
        raise Refused(f"这份裁决没有{applicant}申请人的请求，请核对是给哪一位。")
    made = drafting.draft(
        case.matter,
        kind=AWARD,
        by=by,
        now=now,
        values={name: value for name, value in values.items() if value},
    )
    note(
        case,
        "award_drafted",
        f"起草{award}给{applicant}申请人的裁决书",
        by=by,
        now=now,
        after={"letter": made.pk},
    )
    return made


def corrections(award: Award) -> dict[str, Any]:
    """The table of a correction, and the number of the paper it corrects where one was issued."""
    rows: Sequence[Correction] = list(award.corrections.order_by("pk"))
    issued = Letter.objects.filter(matter=award.case.matter_id, kind=AWARD, state__in=NUMBERED)
    numbers = list(issued.exclude(number="").order_by("pk").values_list("number", flat=True))
    return {
        "award_number": "、".join(numbers),
        "corrections": [{"place": one.place, "before": one.before, "after": one.after} for one in rows],
    }


def _claimed(claims: Sequence[Claim]) -> str:
    """What was asked for, in a sentence."""
    said = "、".join(f"{_name(one)}{sentence_yuan(one.owed_fen)}" for one in claims)
    return f"申请人请求被申请人支付{said}，共计{sentence_yuan(sum(one.owed_fen for one in claims))}。"


def _name(claim: Claim) -> str:
    month = Month.parse(claim.month).chinese() if claim.month else ""
    return f"{month}{claim.get_item_display()}"


def _row(found: Finding) -> dict[str, Any]:
    """A line of the award's table; days and rate only where the finding is theirs."""
    claim = found.claim
    row: dict[str, Any] = {
        "item": claim.get_item_display(),
        "month": Month.parse(claim.month).chinese() if claim.month else "—",
        "due": found.due_fen,
        "paid": found.paid_fen,
        "owed": found.owed_fen,
    }
    if claim.days is not None and claim.rate_fen is not None and found.due_fen == claim.due_fen:
        row |= {"days": float(claim.days), "rate": claim.rate_fen}
    return row


def _rejected(found: Finding) -> str:
    rest = found.claim.owed_fen - found.owed_fen
    return f"对申请人关于{_name(found.claim)}的请求中的{sentence_yuan(rest)}不予支持：{found.reason.rstrip('。')}。"
