"""From the lead desk to the body that answers: proposed by the signed table, passed on, accepted, returned once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from anxin.accounts.access import HANDLE
from anxin.accounts.models import User
from anxin.casework import flow
from anxin.casework import services as casework
from anxin.casework.access import acts_on
from anxin.casework.giving import give_support
from anxin.casework.models import Matter, Step
from anxin.clues.access import may_work
from anxin.clues.models import Clue
from anxin.evidence.journal import SYSTEM
from anxin.kernel.money import sentence_yuan
from anxin.kernel.refusal import Refused
from anxin.law import Law, LawError
from anxin.referral import tables
from anxin.referral.access import may_answer
from anxin.referral.bodies import Resolved, bodies_of, resolve
from anxin.referral.current import (
    asking_of,
    closing_of,
    conclusion_of,
    locked,
    move,
    note,
    referral_of,
    words_of,
)
from anxin.referral.models import Asking, Referral
from anxin.referral.routing import Facts, Route, route
from anxin.registry.investment import is_public
from anxin.registry.models import Organisation

_COLLECTIVE = "mediation_arbitration.collective_people"
#: returns after which the wage office has it for good
_MOST_RETURNS = 2
#: the first step of a ticket, taken together with the acceptance so that nobody enters it twice
_SIGN = "sign"
#: the hotline's own way back, a step of its procedure, and the state in which its centre has not decided yet
ASK_RETURN, RETURN_ASKED = "ask_return", "returned"
#: the event from which the decision on a complaint is counted
_TOLD = "接到投诉之日"


@dataclass(frozen=True)
class Proposal:
    """What the table in force says of a clue: the route with the rows that decided, and the bodies meant."""

    facts: Facts
    held: tables.Held
    route: Route
    bodies: Resolved


def facts_of(clue: Clue, law: Law, on: dt.date) -> Facts:
    """What the table is asked about this clue. Raises :class:`Refused` where nobody has read it yet."""
    if clue.arrears is None:
        raise Refused("这条线索还没有判读，不能派单；请先在线索页看过原文，判读有误的先更正。")
    project = clue.project
    weights = set()
    if clue.urgency >= Clue.Urgency.PRESSING:
        weights.add("pressing")
    if clue.people and clue.people >= law.value(_COLLECTIVE, on, clue.region_id).value:
        weights.add("group")
    if project is not None and is_public(project):
        weights.add("government")
    about = "other" if not clue.arrears else ("construction" if clue.of_construction else "employer")
    industry = project.industry if project is not None else "unknown"
    return Facts(clue.region_id, about, industry, clue.kind, clue.channel, frozenset(weights))


def propose(clue: Clue, *, on: dt.date, law: Law) -> Proposal:
    """Who should have it. Raises :class:`Refused`."""
    facts = facts_of(clue, law, on)
    held = tables.in_force("routing", region=clue.region_id, on=on)
    found = route(held.rows, facts)
    responsible = clue.project.responsible_id if clue.project is not None else None
    bodies = resolve(
        found,
        bodies_of(clue.region_id),
        place=clue.region_id,
        industry=facts.industry,
        responsible=responsible,
    )
    return Proposal(facts, held, found, bodies)


def refer(
    clue: Clue,
    *,
    by: User,
    now: dt.datetime,
    law: Law,
    lead: Organisation | None = None,
    why: str = "",
    supporting: Sequence[Organisation] | None = None,
) -> Referral:
    """Pass a clue on: the matter is opened with what the clue says. Another lead than the table's needs a reason.

    Raises :class:`Refused`.
    """
    with transaction.atomic():
        held = locked(clue)
        _check_open(held, by)
        proposal = propose(held, on=timezone.localdate(now), law=law)
        if proposal.route.desk:
            raise Refused("这条线索不是工资问题，由分派岗直接答复办结，不往下派；判读有误的请先更正。")
        meant = Organisation.objects.get(pk=proposal.bodies.lead.pk)
        chosen = lead or meant
        reason = ""
        if chosen.pk != meant.pk:
            reason = words_of(why, "why", f"分派表定的牵头单位是{meant}，改派请写明理由")
        helpers = list(supporting) if supporting is not None else _helpers(proposal)
        matter = _open(held, proposal, chosen, helpers, by, now, law)
        give_support(matter, by=by, now=now)
        made = _kept(held, proposal, matter, meant, reason, by, now)
        move(held, Clue.State.REFERRED, now=now)
        note(
            held, "referred", f"派给{chosen}，开始“{law.procedure(matter.procedure).name}”{matter.number}",
            by=by, now=now,
            after={"matter": matter.pk, "lead": chosen.code, "proposed": meant.code, "why": reason},
        )  # fmt: skip
    return made


def accept(clue: Clue, *, by: User, now: dt.datetime, law: Law) -> Asking:
    """The body takes it up; from now on it answers. Raises :class:`Refused`."""
    with transaction.atomic():
        held = locked(clue)
        referral, asking = held_by(held, by)
        if asking.accepted_at is not None:
            raise Refused(f"{asking.body}已经接收，不用再点。")
        kept = _accepted(held, asking, str(by), by, now)
        matter = referral.matter
        steps = flow.options(matter, by, timezone.localdate(now), law)
        if any(step.transition.key == _SIGN and step.allowed for step in steps):
            flow.take(
                matter, _SIGN, by=by, on=timezone.localdate(now), now=now, law=law,
                expected_version=matter.version,
            )  # fmt: skip
    return kept


def accepted_by_step(referral: Referral, *, name: str, now: dt.datetime) -> None:
    """The body has taken a step in the matter: that is an acceptance too. Twice is as good as once."""
    asking = asking_of(referral)
    if asking.accepted_at is None and asking.returned_at is None:
        asking.accepted_at, asking.accepted_by_name = now, name
        asking.save(update_fields=["accepted_at", "accepted_by_name"])
        note(referral.clue, "accepted", f"{asking.body}办理，即为接收", by=SYSTEM, now=now,
             after={"body": asking.body.code, "by_step": True})  # fmt: skip


def return_(clue: Clue, *, why: str, by: User, now: dt.datetime, law: Law) -> Asking:
    """退单. The first goes back to the desk, the second to the wage office, which keeps it. Raises :class:`Refused`."""
    with transaction.atomic():
        held = locked(clue)
        referral, asking = held_by(held, by)
        reason = words_of(why, "why", "退单请写明理由，让下一个单位看得明白")
        _check_returnable(referral, asking)
        before = returns_of(referral)
        office = _wage_office(referral) if before + 1 >= _MOST_RETURNS else None
        if office is not None and office.pk == asking.body_id:
            raise Refused(f"{office}就是最后负责的单位，不能再退。")
        asking.returned_at, asking.returned_by_name, asking.returned_why = now, str(by), reason
        asking.save(update_fields=["returned_at", "returned_by_name", "returned_why"])
        if office is not None:
            _hand_on(referral, office, f"第二次退单：{reason}", "系统", by, now, law, final=True)
        then = f"第二次退单，由{office}办理" if office else "退回分派岗"
        note(held, "returned", f"{asking.body}退单，{then}", by=by, now=now,
             after={"body": asking.body.code, "why": reason, "to": office.code if office else ""})  # fmt: skip
    return asking


def redirect(clue: Clue, to: Organisation, *, why: str, by: User, now: dt.datetime, law: Law) -> Asking:
    """The desk asks another body after the first return. Raises :class:`Refused`."""
    with transaction.atomic():
        held = locked(clue)
        if not may_work(by, held):
            raise Refused("改派由分派岗办理，您没有处理这条线索的权限。")
        referral = referral_of(held)
        asking = asking_of(referral) if referral else None
        if referral is None or asking is None or asking.returned_at is None:
            raise Refused("这条线索没有退回来的派单，请刷新页面。")
        if to.pk == asking.body_id:
            raise Refused(f"{to}刚刚退回，请改派其他单位。", field="lead")
        reason = words_of(why, "why", "改派请写明理由")
        made = _hand_on(referral, to, reason, str(by), by, now, law, final=False)
        note(held, "redirected", f"改派{to}", by=by, now=now, after={"lead": to.code, "why": reason})
    return made


def _check_open(clue: Clue, by: User) -> None:
    if not may_work(by, clue):
        raise Refused("您没有处理这条线索的权限，请联系分派岗。")
    if clue.dispute_id is not None:
        raise Refused(f"这条线索已并入{clue.dispute}，请在那一条上派单，结果两条都算。")
    if referral_of(clue) is not None:
        raise Refused("这条线索已经派出，请在办理页查看。")
    if closing_of(clue) is not None:
        raise Refused("这条线索已经办结；反映人不同意的，先登记他的意见，重新打开后再派。")
    if conclusion_of(clue) is not None:
        raise Refused("这条线索的直接答复正等另一人复核；不该直接答复的，请复核的同事退回，退回以后再派。")


def _open(
    clue: Clue,
    proposal: Proposal,
    lead: Organisation,
    helpers: Sequence[Organisation],
    by: User,
    now: dt.datetime,
    law: Law,
) -> Matter:
    """The matter, with what the clue says: nothing is entered twice. Clocks count from the day it came in."""
    procedure = proposal.route.procedure
    today = timezone.localdate(now)
    first = not Referral.objects.filter(clue=clue).exists()
    on = min(timezone.localdate(clue.recorded_at), today) if first else today
    told = min(timezone.localdate(clue.received_at), today)
    asked = casework.opening_events(law, procedure, clue.region_id)
    industry = "" if proposal.facts.industry == "unknown" else proposal.facts.industry
    return casework.open_matter(
        procedure=procedure,
        title=title_of(clue),
        region=clue.region,
        lead=lead,
        supporting=[body for body in helpers if body.pk != lead.pk],
        by=by,
        on=on,
        now=now,
        law=law,
        industry=industry,
        project=clue.project,
        employer=clue.employer,
        events={name: told for name, required in asked if required or name == _TOLD},
    )


def _helpers(proposal: Proposal) -> list[Organisation]:
    return list(Organisation.objects.filter(pk__in=[body.pk for body in proposal.bodies.supporting]))


def title_of(clue: Clue) -> str:
    """Who owes how many people how much, as the matter's title; what the clue is called where that is not known."""
    people = f"{clue.people}人" if clue.people else "工人"
    amount = sentence_yuan(clue.amount_fen) if clue.amount_fen else ""
    if not (clue.debtor or clue.amount_fen or clue.people):
        return clue.title[:200]
    return f"{clue.debtor or '用人单位'}欠{people}工资{amount}：{clue.title}"[:200]


def _kept(
    clue: Clue,
    proposal: Proposal,
    matter: Matter,
    meant: Organisation,
    reason: str,
    by: User,
    now: dt.datetime,
) -> Referral:
    found = proposal.route
    made = Referral.objects.create(
        clue=clue,
        matter=matter,
        table=proposal.held.record,
        table_title=proposal.held.title[:160],
        route={
            "lead": found.lead,
            "supporting": list(found.supporting),
            "level": found.level,
            "procedure": found.procedure,
            "clock": found.clock,
            "why": [
                {"row": one.row.position, "name": one.row.name, "what": list(one.what)} for one in found.why
            ],
            "notes": list(proposal.bodies.notes),
        },
        proposed=meant,
        changed_why=reason,
        referred_at=now,
        referred_by_name=str(by),
    )
    Asking.objects.create(
        referral=made, position=1, body=matter.lead, asked_at=now, asked_by_name=str(by), why=reason
    )
    return made


def returns_of(referral: Referral) -> int:
    """How often the round was returned: to the desk, or asked of the hotline itself by a step of the matter."""
    asked = asked_returns(referral.matter_id).count()
    return asked + referral.askings.filter(returned_at__isnull=False).count()


def asked_returns(matter: Any) -> QuerySet[Step]:
    """The steps by which the hotline was asked to take a ticket back; ``matter``: its number, or where an outer query has it."""
    return Step.objects.filter(matter=matter, transition=ASK_RETURN, kind=Step.Kind.TAKEN)


def held_by(clue: Clue, by: User) -> tuple[Referral, Asking]:
    """The round and the body that has it, where this person acts for that body."""
    referral = referral_of(clue)
    if referral is None:
        raise Refused("这条线索还没有派出，请先派单。")
    if not may_answer(by, referral):
        raise Refused(f"本件由{referral.matter.lead}办理，您没有办理权限，请联系{referral.matter.lead}。")
    asking = asking_of(referral)
    if asking.returned_at is not None:
        raise Refused(f"{asking.body}已经退单，正在等分派岗改派。")
    return referral, asking


def _accepted(clue: Clue, asking: Asking, name: str, by: User, now: dt.datetime) -> Asking:
    asking.accepted_at, asking.accepted_by_name = now, name
    asking.save(update_fields=["accepted_at", "accepted_by_name"])
    note(clue, "accepted", f"{asking.body}接收", by=by, now=now, after={"body": asking.body.code})
    return asking


def _check_returnable(referral: Referral, asking: Asking) -> None:
    if asking.final:
        raise Refused(f"两次退单后由{asking.body}负责到底，不能再退。")
    if asking.accepted_at is not None:
        raise Refused(f"{asking.body}已经接收，不能再退；确需换单位的，在事项页办理移送。")
    if referral.matter.closed_on is not None:
        raise Refused("本件的事项已经办结，不能退单。")
    if referral.matter.state == RETURN_ASKED:
        raise Refused("已向热线申请退单，请等热线答复；热线不同意的，再在这里退单。")


def _wage_office(referral: Referral) -> Organisation:
    """The wage office of the place at the level of the route."""
    clue = referral.clue
    told = referral.route
    plain = Route("wage_office", (), told["level"], told["procedure"], told["clock"], False, ())
    office = resolve(plain, bodies_of(clue.region_id), place=clue.region_id, industry="unknown").lead
    return Organisation.objects.get(pk=office.pk)


def _hand_on(
    referral: Referral,
    to: Organisation,
    why: str,
    who: str,
    by: User,
    now: dt.datetime,
    law: Law,
    *,
    final: bool,
) -> Asking:
    matter = referral.matter
    if matter.lead_id != to.pk:
        if not acts_on(by, HANDLE, matter):
            raise Refused(f"您没有把{matter.lead}的事项移送{to}的权限。")
        casework.transfer(
            matter, to, on=timezone.localdate(now), reason=why, by=by, now=now, law=law,
            expected_version=matter.version, region=matter.region,
        )  # fmt: skip
    position = referral.askings.count() + 1
    return Asking.objects.create(
        referral=referral, position=position, body=to, asked_at=now, asked_by_name=who, why=why[:200],
        final=final,
    )  # fmt: skip


def clock_problem(proposal: Proposal, law: Law, on: dt.date) -> str:
    """A sentence where the clock of the route cannot be worked out in this place, else empty."""
    try:
        law.value(proposal.route.clock, on, proposal.facts.region)
    except LawError as problem:
        return str(problem)
    return ""
