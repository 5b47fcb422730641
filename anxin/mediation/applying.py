"""An application for mediation: from a clue, its list of people, or a person at the counter. Then who takes it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from anxin.accounts.models import User
from anxin.casework import flow
from anxin.casework.clockwork import Words
from anxin.casework.models import Matter
from anxin.casework.services import open_matter
from anxin.casework.succession import join
from anxin.clues.access import may_work
from anxin.clues.claimant_rows import Said
from anxin.clues.masking import masked_words
from anxin.clues.models import Claimant, Clue
from anxin.clues.queries_claimants import Person, group_of, person_page
from anxin.evidence.sealing import Sealed
from anxin.kernel.identifiers import id_number_problem, uscc_problem
from anxin.kernel.refusal import Refused, worded
from anxin.law import Law, LawError
from anxin.mediation import papers
from anxin.mediation.access import require_handles
from anxin.mediation.models import SKILLS, MediationBody, MediationCase, Mediator, Party, Stage
from anxin.mediation.proposing import Wanted, propose
from anxin.mediation.sealed import own_hash, plain
from anxin.mediation.telling import must_tell, note, tell_workers_on_it
from anxin.referral import chains
from anxin.referral.current import referral_of
from anxin.registry.models import Employer, Organisation, Region

#: people of one case; more are applied for in several
MOST_PEOPLE = 100
_MOST_FEN = 10**10


@dataclass(frozen=True)
class Application:
    """What the form asks; ``people`` as typed, empty where the clue's list is taken."""

    region: Region
    lead: Organisation
    applied_on: dt.date
    employer_name: str
    claims: str
    facts: str
    people: Sequence[Said] = ()
    clue: Clue | None = None
    place: str = ""
    employer: Employer | None = None
    employer_code: str = ""
    employer_address: str = ""
    employer_head: str = ""
    employer_phone: str = ""
    skill: str = ""
    language: str = ""
    oral: bool = False


@dataclass
class _Wants:
    """One person of the application, sealed as soon as known."""

    name: Sealed
    fen: int
    id_number: Sealed | None = None
    phone: Sealed | None = None
    claimant: Claimant | None = None


def lead_for(region: Region) -> Organisation | None:
    """The nearest bureau or town that leads matters of the place; a higher one where the place has none."""
    kinds = (Organisation.Kind.BUREAU, Organisation.Kind.TOWN)
    codes = [region.code[:length] for length in (2, 4, 6, 9, 12) if len(region.code) >= length]
    rows = Organisation.objects.filter(kind__in=kinds, region__in=codes)
    return max(rows, key=lambda one: (len(one.region_id or ""), one.kind == "town", -one.pk), default=None)


def apply(asked: Application, *, by: User, now: dt.datetime, law: Law) -> MediationCase:
    """Open the case: a matter with its clocks, the application as PDF, the parties sealed. Raises :class:`Refused`.

    Asked for again for the same clue, the case that stands is returned and nothing changes.
    """
    if asked.clue is not None:
        standing = MediationCase.objects.filter(clue=asked.clue).select_related("matter").first()
        if standing is not None:
            return standing
        if not may_work(by, asked.clue):
            raise Refused("您没有办理这条线索的权限，请联系负责该地区的同事。")
    claims = worded(
        masked_words(asked.claims),
        "请写明请求什么",
        field="claims",
        more="，例如“支付9月、10月的工资”",
        most=500,
    )
    facts = worded(masked_words(asked.facts), "请写明事实和理由", field="facts", most=1000)
    _check(asked)
    people = _people(asked)
    with transaction.atomic():
        matter = open_matter(
            procedure="mediation",
            title=f"{asked.employer_name.strip()}拖欠{len(people)}人工资的调解"[:200],
            region=asked.region,
            lead=asked.lead,
            by=by,
            on=asked.applied_on,
            now=now,
            law=law,
            employer=asked.employer,
            project=asked.clue.project if asked.clue is not None else None,
        )
        referral = referral_of(asked.clue) if asked.clue is not None else None
        if referral is not None:
            join(matter, referral.now)  # the clue follows it: open while it runs, and standing there
            chains.went_on(matter.pk, now)
        case = MediationCase.objects.create(
            matter=matter,
            clue=asked.clue,
            origin=MediationCase.Origin.CLUE if asked.clue else MediationCase.Origin.COUNTER,
            region=asked.region,
            claims=claims,
            facts=facts,
            people=len(people),
            claimed_fen=sum(one.fen for one in people),
            recorded_at=now,
            **{name: getattr(asked, name) for name in _COPIED},
        )
        Party.objects.bulk_create(
            Party(
                case=case,
                number=number,
                claimant=one.claimant,
                name=one.name,
                id_number=one.id_number,
                id_hash=own_hash(plain(one.id_number)),
                phone=one.phone,
                claimed_fen=one.fen,
            )
            for number, one in enumerate(people, start=1)
        )
        papers.keep(matter, "mediation_application", _application(case, people), by=by, now=now, law=law)
        step(matter, "apply", on=asked.applied_on, by=by, now=now, law=law, body="worker")
        note(case, "applied", f"申请调解，{len(people)}人", by=by, now=now, after={"people": len(people)})
    return case


_COPIED = (
    "place", "employer", "employer_name", "employer_code", "employer_address", "employer_head", "employer_phone", "skill",
    "language", "oral", "applied_on",
)  # fmt: skip


def assign(
    case: MediationCase,
    *,
    body: MediationBody,
    mediator: Mediator | None,
    by: User,
    now: dt.datetime,
    today: dt.date,
    law: Law,
    why: str = "",
) -> Stage:
    """Accept the case and give it to an organisation; another than the one proposed needs a reason. Raises :class:`Refused`."""
    with transaction.atomic():
        held = locked(case)
        require_handles(by, held)
        running = held.stages.filter(ended_on__isnull=True).first()
        if held.matter.closed_on is not None:
            raise Refused("本件已经办结，不能再指派。")
        found = propose(Wanted.of(held))
        chosen = next((one for one in found if one.body.pk == body.pk), None)
        if chosen is None:
            raise Refused("这个调解组织不在本件可选的范围内，请从列表中选择。", field="choice")
        if mediator is not None and (mediator.body_id != body.pk or mediator.left_on is not None):
            raise Refused("这位调解员不在这个组织在任，请另选。", field="choice")
        if running is not None and (running.body_id, running.mediator_id) == (
            body.pk,
            mediator.pk if mediator else None,
        ):
            raise Refused("本件已经由他们办理，没有改动。", field="choice")
        as_proposed = chosen is found[0] and mediator == chosen.mediator
        if running is not None or not as_proposed:
            why = worded(
                why, "请写明为什么不按建议指派" if running is None else "请写明为什么改派", field="why"
            )
        else:
            why = ""
        start = held.applied_on if running is None else today
        if running is not None:
            end_stage(running, Stage.Outcome.HANDED, today)
        else:
            _accept(held, body, mediator, by=by, now=now, today=today, law=law)
        stage = begin_stage(held, body, mediator, start, law, reasons=chosen.reasons, why=why)
        note(held, "assigned", f"交{body}{f'，调解员{mediator}' if mediator else ''}办理", by=by, now=now,
             after={"body": body.code, "mediator": mediator.code if mediator else None, "why": why})  # fmt: skip
        until = f"，调解期限到{stage.due_on}" if stage.due_on else ""
        must_tell(held, f"assigned:{stage.pk}", f"{held}：调解申请已受理，由{body}调解{until}。", now=now)
        tell_workers_on_it(held, f"assigned:{stage.pk}", f"调解{held}交给您或您的同事办理{until}", now=now)
    return stage


def begin_stage(
    case: MediationCase,
    body: MediationBody,
    mediator: Mediator | None,
    on: dt.date,
    law: Law,
    *,
    reasons: Sequence[str],
    why: str = "",
) -> Stage:
    """The case lies with this organisation from a day on; the law's days of mediation count from then."""
    due_on, basis = stage_due(case, on, law)
    stage = Stage.objects.create(
        case=case, level=body.level, body=body, mediator=mediator, started_on=on, due_on=due_on, basis=basis,
        reasons=list(reasons), changed_why=why,
    )  # fmt: skip
    case.level, case.body, case.mediator, case.stage_due_on = body.level, body, mediator, due_on
    case.save(update_fields=["level", "body", "mediator", "stage_due_on"])
    return stage


def stage_due(case: MediationCase, on: dt.date, law: Law) -> tuple[dt.date | None, str]:
    """The last day of mediation that began on a day, and the provision (or why it cannot be worked out)."""
    try:
        found = law.deadline("mediation_arbitration.mediation_days", on, case.region_id)
    except LawError as problem:
        return None, str(problem)[:500]
    return found.due_day, (list(found.basis) or [""])[0][:500]


def end_stage(stage: Stage, outcome: str, on: dt.date) -> None:
    """The organisation's time with the case is over."""
    stage.ended_on, stage.outcome = max(on, stage.started_on), outcome
    stage.save(update_fields=["ended_on", "outcome"])


def locked(case: MediationCase) -> MediationCase:
    """The case, held until the transaction ends. Raises :class:`Refused`."""
    rows = MediationCase.objects.select_for_update(of=("self",)).select_related(
        "matter__lead",
        "matter__region",
        "matter__handler",
        "region",
        "employer",
        "clue",
        "body",
        "mediator__user",
    )
    found = rows.filter(pk=case.pk).first()
    if found is None:
        raise Refused("没有这件调解，请从列表中重新打开。")
    return found


def step(
    matter: Matter,
    key: str,
    *,
    on: dt.date,
    by: User,
    now: dt.datetime,
    law: Law,
    body: str = "",
    says: str = "",
) -> None:
    """One step of the matter as it stands now, on a day not before the last one."""
    fresh = Matter.objects.select_related("lead").get(pk=matter.pk)
    flow.take(
        fresh, key, by=by, on=max(on, fresh.stepped_on), now=now, law=law, expected_version=fresh.version,
        words=Words(note=says, body=body),
    )  # fmt: skip


def _accept(
    case: MediationCase,
    body: MediationBody,
    mediator: Mediator | None,
    *,
    by: User,
    now: dt.datetime,
    today: dt.date,
    law: Law,
) -> None:
    """The notice of acceptance, and the two steps that follow from giving the case to somebody."""
    data = {
        "organisation": body.name,
        "applicant": applicants(case),
        "employer": case.employer_name,
        "applied_on": case.applied_on,
        "mediator": mediator.name if mediator else None,
        "until": stage_due(case, case.applied_on, law)[0],
        "address": body.address or None,
        "phone": body.phone or None,
        "issued_on": today,
    }
    papers.keep(case.matter, "mediation_acceptance_notice", data, by=by, now=now, law=law)
    step(case.matter, "register", on=today, by=by, now=now, law=law)
    step(case.matter, "assign", on=today, by=by, now=now, law=law)


def applicants(case: MediationCase) -> str:
    """``赵某某等3人``: the first of the parties and how many; for papers only."""
    first = case.parties.order_by("number").first()
    name = plain(first.name) if first is not None else ""
    return name if case.people == 1 else f"{name}等{case.people}人"


def _application(case: MediationCase, people: Sequence[_Wants]) -> dict[str, object]:
    return {
        "organisation": f"{case.region.name}劳动争议调解组织",
        "manner": "oral" if case.oral else "written",
        "worker": [
            {
                "name": one.name.open(),
                "id": one.id_number.open() if one.id_number else None,
                "phone": one.phone.open() if one.phone else None,
                "amount": one.fen,
            }
            for one in people
        ],
        "employer": case.employer_name,
        "employer_code": case.employer_code or None,
        "employer_address": case.employer_address or None,
        "employer_head": case.employer_head or None,
        "employer_phone": case.employer_phone or None,
        "claims": case.claims,
        "facts": case.facts,
        "issued_on": case.applied_on,
    }


def _check(asked: Application) -> None:
    if not asked.employer_name.strip():
        raise Refused("请填写用人单位名称。", field="employer_name")
    if asked.employer_code and (wrong := uscc_problem(asked.employer_code)):
        raise Refused(wrong, field="employer_code")
    if asked.skill and asked.skill not in SKILLS:
        raise Refused("请从列表中选择争议类型。", field="skill")


def _people(asked: Application) -> list[_Wants]:
    found = [_typed(one) for one in asked.people] if asked.people else _listed(asked.clue)
    if not found:
        raise Refused(
            "请写明申请人：每行一人，写姓名和金额；线索有人员名单的会自动带过来。", field="people_list"
        )
    if len(found) > MOST_PEOPLE:
        raise Refused(
            f"一件调解不超过{MOST_PEOPLE}人，现在是{len(found)}人，请按班组分开申请。", field="people_list"
        )
    return found


def _typed(said: Said) -> _Wants:
    where = f"名单第{said.row}行" if said.row else "申请人"
    fen = said.amounts.get("worker")
    if not said.name.strip():
        raise Refused(f"{where}没有姓名，请补上。", field="people_list")
    if said.id_number and (wrong := id_number_problem(said.id_number)):
        raise Refused(f"{where}：{wrong}", field="people_list")
    if fen is None or not 0 < fen < _MOST_FEN:
        raise Refused(f"{where}没有金额，请写明请求多少元，可以到分。", field="people_list")
    return _Wants(
        Sealed.of(said.name.strip()),
        fen,
        Sealed.of(said.id_number) if said.id_number else None,
        Sealed.of(said.phone) if said.phone else None,
    )


def _listed(clue: Clue | None) -> list[_Wants]:
    """The people of the clue's list with what is settled for each, else what they say."""
    if clue is None:
        return []
    return [_claimant(one) for one in person_page(clue, group_of(clue), limit=None).items]


def _claimant(one: Person) -> _Wants:
    said = one.settled or one.amounts.get("worker")
    if said is None or said.fen <= 0:
        raise Refused(f"人员名单{one.claimant}没有金额，请先在线索的人员名单里补上。", field="people_list")
    known = one.particulars
    name, number, phone = known.name, known.id_number, known.phone
    assert isinstance(name, Sealed)
    return _Wants(
        name,
        said.fen,
        number if isinstance(number, Sealed) else None,
        phone if isinstance(phone, Sealed) else None,
        one.claimant,
    )
