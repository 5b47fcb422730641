"""After an agreement was not kept: which ways are open and by which article, and taking one without typing anything twice.

Judicial confirmation is asked for by both sides within its days, kept or not; a payment order and arbitration need an
instalment that is overdue. A case that failed may go to arbitration.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from anxin.accounts.models import User
from anxin.casework.models import Matter
from anxin.casework.services import attach
from anxin.casework.succession import go_on
from anxin.evidence import files
from anxin.kernel.money import sentence_yuan
from anxin.kernel.refusal import Refused
from anxin.law import Law, LawError
from anxin.mediation import papers
from anxin.mediation.access import require_handles
from anxin.mediation.agreeing import employer_data, worker_data
from anxin.mediation.applying import locked, step
from anxin.mediation.models import Agreement, Handoff, Instalment, MediationCase, Party
from anxin.mediation.paying import instalments_of, owed_by_party
from anxin.mediation.telling import must_tell, note
from anxin.registry.models import Region

Route = Handoff.Route
_CONFIRM, _GROUNDS = (
    "mediation_arbitration.judicial_confirm_days",
    "mediation_arbitration.payment_order_grounds",
)
_FORCE, _ARBITRATION = "mediation_force", "arbitration"


@dataclass(frozen=True)
class Way:
    """One way on. ``why``: why it is open, or why not; ``until``: its last day; ``taken``: what was begun already."""

    route: str
    name: str
    open: bool
    why: str
    articles: tuple[str, ...]
    until: dt.date | None = None
    taken: Handoff | None = None


def ways(
    case: MediationCase, today: dt.date, law: Law, *, instalments: Sequence[Instalment] | None = None
) -> list[Way]:
    """The three ways, open or not, each with its reason and article.

    ``instalments`` are those of :func:`instalments_of` where the caller has read them; two or three queries with them.
    """
    rows = list(instalments_of(case)) if instalments is None else instalments
    agreement = next((one.share.agreement for one in rows if one.share.agreement.effective_on), None)
    late = [one for one in rows if agreement and one.due_on < today and one.paid_on is None]
    taken = {one.route: one for one in case.handoffs.select_related("matter")}
    owed = sum(one.amount_fen - one.paid_fen for one in rows)
    return [
        _confirmation(case, agreement, owed, today, law, taken.get(Route.CONFIRMATION)),
        _payment_order(agreement, late, today, law, taken.get(Route.PAYMENT_ORDER)),
        _arbitration(case, late, law, taken.get(Route.ARBITRATION)),
    ]


def hand_on(
    case: MediationCase, route: str, *, by: User, now: dt.datetime, today: dt.date, law: Law
) -> Handoff:
    """Begin the way: its matter with project, employer and papers, and an application for each with what is still owed.

    An overdue instalment is written into the mediation as its breach where the way rests on it. Raises :class:`Refused`.
    """
    with transaction.atomic():
        held = locked(case)
        require_handles(by, held)
        way = next((one for one in ways(held, today, law) if one.route == route), None)
        if way is None:
            raise Refused("请选择司法确认、支付令或者仲裁。", field="route")
        if way.taken is not None:
            return way.taken
        if not way.open:
            raise Refused(f"现在不能走“{way.name}”：{way.why}", field="route")
        owed = {number: fen for number, fen in owed_by_party(held).items() if fen > 0}
        agreement = _effective(held)
        if route != Route.CONFIRMATION and held.matter.state == "performing":
            step(held.matter, "breach", on=today, by=by, now=now, law=law, says="分期款到期没有付清")
        matter = _matter(held, route, agreement, by=by, now=now, today=today, law=law)
        _bring_agreement(agreement, matter, by=by, now=now, law=law)
        for party in held.parties.filter(number__in=owed).order_by("number"):
            kind, data = _application(held, route, party, owed[party.number], agreement, today)
            papers.keep(matter, kind, data, by=by, now=now, law=law, what=f"{party.number}号")
        made = Handoff.objects.create(
            case=held, route=route, matter=matter, owed_fen=sum(owed.values()),
            owed={str(number): fen for number, fen in owed.items()}, opened_on=today, by_name=str(by),
        )  # fmt: skip
        note(held, "handed_on", f"转{way.name}：{matter}，{len(owed)}人还欠{sentence_yuan(made.owed_fen)}", by=by, now=now,
             after={"route": route, "matter": matter.pk, "owed": made.owed})  # fmt: skip
        must_tell(
            held,
            f"handed:{route}",
            f"{held}：已转{way.name}，{len(owed)}人还欠{sentence_yuan(made.owed_fen)}。",
            now=now,
        )
    return made


def _confirmation(
    case: MediationCase,
    agreement: Agreement | None,
    owed: int,
    today: dt.date,
    law: Law,
    taken: Handoff | None,
) -> Way:
    article = _articles(law, ("civil_procedure_law_2023", 205))
    if agreement is None or agreement.effective_on is None:
        return Way(Route.CONFIRMATION, "司法确认", False, "还没有生效的调解协议。", article, None, taken)
    try:
        until = law.deadline(_CONFIRM, agreement.effective_on, case.region_id).due_day
    except LawError as problem:
        return Way(Route.CONFIRMATION, "司法确认", False, str(problem), article, None, taken)
    if not owed:
        return Way(
            Route.CONFIRMATION, "司法确认", False, "协议款项已经付清，不需要确认。", article, until, taken
        )
    if today > until:
        why = f"协议{agreement.effective_on}生效，共同申请的期限到{until}，已经过去{(today - until).days}天。"
        return Way(Route.CONFIRMATION, "司法确认", False, why, article, until, taken)
    why = f"协议{agreement.effective_on}生效，双方共同申请，最晚{until}，还剩{(until - today).days}天。"
    return Way(Route.CONFIRMATION, "司法确认", True, why, article, until, taken)


def _payment_order(
    agreement: Agreement | None, late: Sequence[Instalment], today: dt.date, law: Law, taken: Handoff | None
) -> Way:
    article = _articles(law, ("labour_arbitration_law", 16), ("civil_procedure_law_2023", 225))
    if agreement is None or agreement.effective_on is None:
        why, opened = "还没有生效的调解协议。", False
    elif not late:
        why, opened = "还没有到期未付的分期款，要等约定的履行期满。", False
    else:
        why, opened = f"{_late(late)}，因拖欠劳动报酬达成的协议可以申请支付令。", True
        try:
            law.value(_GROUNDS, today)
        except LawError as problem:
            why, opened = str(problem), False
    return Way(Route.PAYMENT_ORDER, "支付令", opened, why, article, None, taken)


def _arbitration(case: MediationCase, late: Sequence[Instalment], law: Law, taken: Handoff | None) -> Way:
    failed = case.matter.state == "failed"
    article = _articles(law, ("labour_arbitration_law", 14 if failed else 15))
    if failed:
        why, opened = "调解没有达成协议，可以就原争议申请仲裁。", True
    elif late:
        why, opened = f"{_late(late)}，可以依法申请仲裁。", True
    else:
        why, opened = "调解没有终结，也没有到期未付的分期款。", False
    return Way(Route.ARBITRATION, "仲裁", opened, why, article, None, taken)


def _late(late: Sequence[Instalment]) -> str:
    people = len({one.share.party_id for one in late})
    fen = sum(one.amount_fen - one.paid_fen for one in late)
    first = min(one.due_on for one in late)
    return f"{people}人的分期款逾期（最早{first}），逾期部分{sentence_yuan(fen)}"


def _articles(law: Law, *provisions: tuple[str, int]) -> tuple[str, ...]:
    return tuple(law.cite(statute, article) for statute, article in provisions)


def _effective(case: MediationCase) -> Agreement | None:
    return case.agreements.filter(withdrawn_at__isnull=True, effective_on__isnull=False).first()


def _matter(
    case: MediationCase,
    route: str,
    agreement: Agreement | None,
    *,
    by: User,
    now: dt.datetime,
    today: dt.date,
    law: Law,
) -> Matter:
    """The matter of the way: confirmation and payment order share one, because both give the same agreement its force."""
    procedure = _ARBITRATION if route == Route.ARBITRATION else _FORCE
    standing = case.handoffs.filter(matter__procedure=procedure).select_related("matter__lead").first()
    if standing is not None:
        return standing.matter
    begun = case.matter.followed_by.filter(procedure=procedure).select_related("lead").first()
    if begun is not None:
        return begun
    on = today if procedure == _ARBITRATION or agreement is None else agreement.effective_on or today
    what = "申请仲裁" if procedure == _ARBITRATION else "调解协议的效力确认"
    return go_on(
        Matter.objects.select_related("lead", "project", "employer").get(pk=case.matter_id),
        procedure,
        by=by,
        now=now,
        law=law,
        title=f"{case.employer_name}拖欠工资：{what}"[:200],
        region=case.region,
        lead=case.matter.lead,
        on=on,
    )


def _bring_agreement(
    agreement: Agreement | None, matter: Matter, *, by: User, now: dt.datetime, law: Law
) -> None:
    """Every worker's signed and sealed copy is among the papers of the way, also where its procedure asks for none."""
    if agreement is None:
        return
    there = set(matter.documents.filter(withdrawn_at__isnull=True).values_list("file_id", flat=True))
    for share in agreement.shares.select_related("document__file").order_by("party__number"):
        paper = share.document
        if paper is not None and paper.file_id not in there:
            attach(
                matter, kind=paper.kind, data=files.read(paper.file), filename=paper.filename, number=paper.number,
                dated=paper.dated, by=by, now=now, law=law,
            )  # fmt: skip


def _application(
    case: MediationCase, route: str, party: Party, owed: int, agreement: Agreement | None, today: dt.date
) -> tuple[str, dict[str, object]]:
    """The instrument of one worker: nothing in it is typed anew."""
    data: dict[str, object] = {**worker_data(party), **employer_data(case), "issued_on": today}
    mediated = f"经{case.body}主持" if case.body else ""
    share = agreement.shares.select_related("document").get(party=party) if agreement else None
    number = share.document.number if share and share.document else ""
    signed = f"（{number}）" if number else ""
    agreed = (
        f"双方于{agreement.effective_on}{mediated}达成调解协议{signed}，"
        if agreement
        else "双方的争议经调解没有达成协议，"
    )
    facts = f"{case.facts.rstrip('。')}。{agreed}到{today}还有{sentence_yuan(owed)}没有支付。"
    if route == Route.ARBITRATION:
        claim = {"item": "支付拖欠的工资", "period": "见事实和理由", "amount": owed}
        return "arbitration_application", data | {
            "commission": f"{_county(case.region)}劳动人事争议仲裁委员会",
            "employer_mail": case.employer_address or None,
            "claims": [claim],
            "facts": facts,
            "evidence": f"调解协议书{signed}、调解笔录（调解组织制作）。"
            if agreement
            else "调解笔录、调解终结告知书（调解组织制作）。",
            "copies_made": 1,
        }
    court = f"{_county(case.region)}人民法院"
    if route == Route.PAYMENT_ORDER:
        return "payment_order_application", data | {
            "court": court, "amount": owed, "facts": facts, "evidence": f"调解协议书一份{signed}。",
        }  # fmt: skip
    assert agreement is not None and share is not None
    return "judicial_confirmation_application", data | {
        "court": court,
        "organisation": case.body.name if case.body else case.matter.lead.name,
        "agreed_on": agreement.effective_on,
        "agreement_number": number or None,
        "amount": share.total_fen,
    }


def _county(region: Region) -> str:
    """City and district as courts and commissions are named."""
    names = dict(Region.objects.filter(pk__in=[region.code[:4], region.code[:6]]).values_list("pk", "name"))
    return (
        f"{names.get(region.code[:4], '')}{names.get(region.code[:6], '') if len(region.code) >= 6 else ''}"
    )
