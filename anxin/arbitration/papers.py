"""What letters of an arbitration begin with: the parties, the case, its corrections; an award's own paper is ``award_papers``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from anxin.arbitration.models import PROCEDURES, Applicant, ArbitrationCase, Award, Claim, Correction
from anxin.casework.models import Matter
from anxin.kernel.identifiers import id_number_problem
from anxin.kernel.money import sentence_yuan
from anxin.kernel.months import Month
from anxin.letters.life import NUMBERED
from anxin.letters.models import Letter
from anxin.mediation.sealed import plain

SIMPLE = "arbitration_simple"
#: the papers of an award: of one applicant, of all on one paper, of a part
AWARD, COLLECTIVE, PARTIAL = "arbitration_award", "collective_award", "partial_award"


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
    claims = list(
        Claim.objects.filter(applicant__case=case).order_by("applicant__number", "item", "month", "pk")
    )
    names = {one.pk: plain(one.name) for one in people}
    found["claim_rows"] = [{"name": names[one.applicant_id], **asked_row(one)} for one in claims]
    if len(people) == 1 and claims:
        found["claims"] = claimed(claims)
    award = case.awards.filter(corrections__isnull=False).order_by("-number").first()
    if award is not None:
        found |= corrections(award)
    return found


def _of_case(case: ArbitrationCase, people: Sequence[Applicant]) -> dict[str, Any]:
    first = plain(people[0].name) if people else ""
    steps = {one.transition: one for one in case.matter.steps.filter(transition__in=("accept", "open"))}
    # a simple case begins with the day of acceptance, the others with that of the application
    accepted = steps.get("accept") or (steps.get("open") if case.matter.procedure == SIMPLE else None)
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
        "received_on": case.applied_on,
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
    return person(
        *(plain(one) for one in (applicant.name, applicant.id_number, applicant.phone, applicant.address))
    )


def person(name: str, number: str, phone: str, address: str) -> dict[str, Any]:
    """A worker as the templates name one; what is not known is empty."""
    sure = bool(number) and id_number_problem(number) is None and len(number) == 18
    return {
        "worker": name,
        "worker_id": number,
        "worker_gender": ("male" if int(number[16]) % 2 else "female") if sure else None,
        "worker_born": dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14])) if sure else None,
        "worker_address": address,
        "worker_mail": address,
        "worker_phone": phone,
    }


def corrections(award: Award) -> dict[str, Any]:
    """The table of a correction, and the number of the paper it corrects where one was issued."""
    rows: Sequence[Correction] = list(award.corrections.order_by("pk"))
    kinds = (AWARD, COLLECTIVE, PARTIAL)
    issued = Letter.objects.filter(matter=award.case.matter_id, kind__in=kinds, state__in=NUMBERED)
    numbers = list(issued.exclude(number="").order_by("pk").values_list("number", flat=True))
    return {
        "award_number": "、".join(numbers),
        "corrections": [{"place": one.place, "before": one.before, "after": one.after} for one in rows],
    }


def claimed(claims: Sequence[Claim], who: str = "申请人") -> str:
    """What was asked for, in a sentence."""
    said = "、".join(f"{name_of(one)}{sentence_yuan(one.owed_fen)}" for one in claims)
    return f"{who}请求被申请人支付{said}，共计{sentence_yuan(sum(one.owed_fen for one in claims))}。"


def asked_row(claim: Claim) -> dict[str, Any]:
    """A line of a table of claims; days and rate only where the sum was reckoned from them. Money in fen."""
    row: dict[str, Any] = {
        "item": claim.get_item_display(),
        "month": Month.parse(claim.month).chinese() if claim.month else "—",
        "due": claim.due_fen,
        "paid": claim.paid_fen,
        "owed": claim.owed_fen,
    }
    if claim.days is not None and claim.rate_fen is not None:
        row |= {"days": float(claim.days), "rate": claim.rate_fen}
    return row


def name_of(claim: Claim) -> str:
    month = Month.parse(claim.month).chinese() if claim.month else ""
    return f"{month}{claim.get_item_display()}"
