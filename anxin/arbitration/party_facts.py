"""What parties hand in of an arbitration begins with: the application, evidence, authority, objections; after the award the complaint and
the request to set it aside.

These name the workers; other papers of the same matter do not by themselves, so each is registered for its own kind
(``letters.sources.register_for``). 劳动人事争议仲裁办案规则第二十九条; 劳动争议调解仲裁法第二十九条、第四十八条至第五十条.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from anxin.arbitration.aftermath import PROCEDURE, last_day
from anxin.arbitration.award_papers import party_row, people_of
from anxin.arbitration.letter_facts import applicant_words
from anxin.arbitration.models import PROCEDURES, ArbitrationCase, Award, Claim, Finding, Received
from anxin.arbitration.opening import before
from anxin.arbitration.papers import AWARD, COLLECTIVE, PARTIAL, person, worker
from anxin.casework.models import Matter
from anxin.kernel.months import Month
from anxin.law import LawError
from anxin.letters import content
from anxin.letters.life import NUMBERED, State
from anxin.letters.models import Letter
from anxin.local_law import queries as local_law
from anxin.mediation.sealed import plain
from anxin.registry.models import Region

_REFUSAL = "arbitration_refusal_notice"
_COPY = "被申请人收到申请书副本之日"
#: state of an arbitration in which somebody may sue without an award → how the complaint names it
_WITHOUT_AWARD = {"rejected": "rejected", "applied": "undecided", "reps": "undecided"}


def application(matter: Matter) -> dict[str, Any]:
    """The application for arbitration: who applies, against whom, for what.

    Before the case is filled in, the people are those of the mediation or clue that went before.
    """
    if matter.procedure not in PROCEDURES:
        return {}
    case = _case_of(matter)
    found: dict[str, Any] = {"commission": matter.lead.name, "copies_made": 1}
    if case is None:
        people = [person(one.name, one.id_number, one.phone, one.address) for one in before(matter).people]
        return found | _people(people)
    claims = Claim.objects.filter(applicant__case=case).select_related("applicant")
    people = [worker(one) for one in case.applicants.order_by("number")]
    rows = [
        _row(one, one.owed_fen, "支付", several=len(people) > 1)
        for one in claims.order_by("applicant__number", "item", "month", "pk")
    ]
    return found | _people(people) | {
        "employer_mail": case.employer_address,
        "facts": case.facts,
        "claims": rows,
    }  # fmt: skip


def complaint(matter: Matter) -> dict[str, Any]:
    """A complaint to the court: after an award of either side, or of who applied where nothing was accepted."""
    award = _award_of(matter)
    if award is not None:
        final = award.finality == Award.Finality.FINAL
        found = _after(award)
        if final:  # only the workers may sue
            return found | {"plaintiff": "worker", "prior": "final"}
        del found["facts"]  # they are the workers' words, and the employer may be the one who sues
        return found | {"prior": "open"}
    case = _case_of(matter) if matter.procedure in PROCEDURES else None
    if case is None or matter.state not in _WITHOUT_AWARD:
        return {}
    notices = Letter.objects.filter(matter=matter, kind=_REFUSAL, state__in=NUMBERED)
    notice = notices.exclude(state=State.REPLACED).order_by("-pk").first()
    return application(matter) | {
        "plaintiff": "worker",
        "prior": _WITHOUT_AWARD[matter.state],
        "award_number": notice.number if notice else "",
    }


def annulment(matter: Matter) -> dict[str, Any]:
    """The employer's request that a final award be set aside."""
    award = _award_of(matter)
    if award is None or award.finality != Award.Finality.FINAL:
        return {}
    city = Region.objects.filter(pk=award.case.region_id[:4]).values_list("name", flat=True).first()
    found = _after(award)
    del found["facts"]  # the reasons to set an award aside are not those for which it was applied for
    found["copies_made"] = 1 + len(found.get("others", ()))
    return {"higher_court": f"{city}中级人民法院" if city else ""} | found


def defence(matter: Matter) -> dict[str, Any]:
    """The answer of the respondent: when the copy of the application came, and a copy for each applicant (case rules, art. 33)."""
    case = _case_of(matter) if matter.procedure in PROCEDURES else None
    if case is None:
        return {}
    came = matter.event_dates.filter(name=_COPY).values_list("on", flat=True).first()
    return {"copy_on": came, "copies_made": case.applicants.count()}


def power_of_attorney(matter: Matter) -> dict[str, Any]:
    """Who gives it is the first applicant; an employer that gives one is typed. 调解仲裁法第二十四条."""
    case, found = _handed_in(matter)
    first = case.applicants.order_by("number").first() if case else None
    if first is None:
        return found
    said = worker(first)
    return found | {
        "principal": said["worker"],
        "principal_number": said.get("worker_id", ""),
        "principal_phone": said.get("worker_phone", ""),
    }


def evidence_list(matter: Matter) -> dict[str, Any]:
    """What the applicant hands in; the papers that lie in the matter already are its first rows. 办案规则第二十九条."""
    case, found = _handed_in(matter)
    law = local_law.current()
    papers = matter.documents.filter(withdrawn_at=None).exclude(kind__in=_NO_EVIDENCE).order_by("dated", "pk")
    rows = [{"title": law.document(one.kind).name} for one in papers]
    return found | {"submitted_by": applicant_words(case) if case else "", "evidence_rows": rows}


def recusal(matter: Matter) -> dict[str, Any]:
    """Who sits is known; who asks and of whom, a person says. 调解仲裁法第三十三条."""
    return _handed_in(matter)[1]


def jurisdiction_objection(matter: Matter) -> dict[str, Any]:
    """The respondent's, with its particulars in the case; the last day is the clock's. 办案规则第十条."""
    case, found = _handed_in(matter)
    if case is None:
        return found
    return found | {
        "employer": case.employer_name,
        "employer_code": case.employer_code,
        "employer_address": case.employer_address,
        "employer_head": case.employer_head,
        "employer_phone": case.employer_phone,
    }


#: papers that open or steer a case and prove nothing of what is claimed
_NO_EVIDENCE = (
    "arbitration_application",
    "evidence_list",
    "power_of_attorney",
    "recusal_application",
    "service_address_confirmation",
)


def _handed_in(matter: Matter) -> tuple[ArbitrationCase | None, dict[str, Any]]:
    """The case, and whom a paper of a pending one is given to; parties, cause and who sits come with every paper of it."""
    if matter.procedure not in PROCEDURES:
        return None, {}
    return _case_of(matter), {"commission": matter.lead.name}


#: kind of paper → what it begins with
SOURCES: Mapping[str, Callable[[Matter], Mapping[str, Any]]] = {
    "arbitration_application": application,
    "power_of_attorney": power_of_attorney,
    "evidence_list": evidence_list,
    "recusal_application": recusal,
    "jurisdiction_objection": jurisdiction_objection,
    "civil_complaint": complaint,
    "annulment_application": annulment,
    "statement_of_defence": defence,
}


def _case_of(matter: Matter) -> ArbitrationCase | None:
    return ArbitrationCase.objects.filter(matter=matter).first()


def _award_of(matter: Matter) -> Award | None:
    """The award whose remedies the matter is."""
    if matter.procedure != PROCEDURE:
        return None
    return Award.objects.filter(after=matter).select_related("case__matter__lead").first()


def _after(award: Award) -> dict[str, Any]:
    """Parties, sums, number and days of an award; a handful of queries however many its people are."""
    case, people = award.case, people_of(award)
    findings = list(
        Finding.objects.filter(award=award)
        .select_related("claim__applicant")
        .order_by("claim__applicant__number", "claim__item", "claim__month", "pk")
    )
    several = len(people) > 1
    return {
        **_people([worker(one) for one in people]),
        "employer": case.employer_name,
        "employer_code": case.employer_code,
        "employer_address": case.employer_address,
        "employer_head": case.employer_head,
        "employer_phone": case.employer_phone,
        "commission": case.matter.lead.name,
        "case_number": case.matter.number,
        "cause": case.cause,
        "decided_on": award.decided_on,
        "claims": [_row(one.claim, one.claim.owed_fen, "支付", several=several) for one in findings],
        "refused": [_row(one.claim, one.owed_fen, "", several=several) for one in findings if one.owed_fen],
        "awarded": sum(one.owed_fen for one in findings),
        "facts": case.facts,
        "copies_made": 1,
        **_paper(award),
        **_days(award, len(people)),
    }  # fmt: skip


def _people(people: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The first in the fields of a single worker, the others in the table."""
    if not people:
        return {}
    return {**people[0], "others": [party_row(one) for one in people[1:]]}


def _row(claim: Claim, fen: int, verb: str, *, several: bool) -> dict[str, Any]:
    """A line of what is asked for; whose it is, where several ask together."""
    whose = plain(claim.applicant.name) if several else ""
    return {
        "item": f"{verb}{whose}{'的' if whose else ''}{claim.get_item_display()}",
        "period": Month.parse(claim.month).chinese() if claim.month else "—",
        "amount": fen,
    }


def _paper(award: Award) -> dict[str, str]:
    """Number and courts of the award's own papers; nothing where another award of the case could be meant."""
    alike = Award.objects.filter(case=award.case_id, finality=award.finality, part=award.part)
    if alike.exclude(pk=award.pk).exists():
        return {}
    kinds = (PARTIAL,) if award.part else (AWARD, COLLECTIVE)
    rows = Letter.objects.filter(matter=award.case.matter_id, kind__in=kinds, state__in=NUMBERED)
    found: dict[str, str] = {}
    numbers = []
    for one in rows.exclude(state=State.REPLACED).order_by("pk"):
        said = content.values_of(one)
        if said.get("finality") != award.finality:
            continue
        numbers.append(one.number)
        found |= {name: said[name] for name in ("court", "higher_court") if said.get(name)}
    if not numbers and not Award.objects.filter(case=award.case_id).exclude(pk=award.pk).exists():
        # a paper that was made elsewhere and attached
        papers = award.case.matter.documents.filter(kind__in=kinds, withdrawn_at=None).exclude(number="")
        numbers = list(papers.order_by("pk").values_list("number", flat=True))
    return found | {"award_number": "、".join(numbers)}


def _days(award: Award, people: int) -> dict[str, dt.date]:
    """When each side received the award and its last day; of several workers only where all have the same."""
    law = local_law.current()
    found: dict[str, dt.date] = {}
    rows = list(award.received.all())
    for side in Received.Side.values:
        own = [one for one in rows if one.side == side]
        whole = (
            side == Received.Side.EMPLOYER or len(own) == people or any(not one.applicant_id for one in own)
        )
        if not own or not whole or len({one.on for one in own}) > 1:
            continue
        found[f"{side}_received"] = own[0].on
        try:
            found[f"{side}_until"] = last_day(own[0], award, award.case.region_id, law).due_day
        except LawError:
            continue  # a person counts it
    return found
