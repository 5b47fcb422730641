"""A case is made for a matter of one of the three procedures; who applied in what went before comes along."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from anxin.accounts.models import User
from anxin.arbitration.access import may_open
from anxin.arbitration.applicants import Person, add
from anxin.arbitration.journalling import note
from anxin.arbitration.models import PROCEDURES, ArbitrationCase
from anxin.casework.models import Matter
from anxin.clues.masking import masked_words
from anxin.clues.models import Clue
from anxin.clues.queries_claimants import group_of, person_page
from anxin.evidence.sealing import Sealed
from anxin.kernel.identifiers import uscc_problem
from anxin.kernel.refusal import Refused
from anxin.mediation.models import MediationCase
from anxin.mediation.sealed import plain
from anxin.referral.models import Referral
from anxin.registry.models import Employer

#: how many matters back somebody is looked for
_FAR = 6


@dataclass(frozen=True)
class Opening:
    """What the form asks. ``people`` as typed; empty where what went before names them."""

    applied_on: dt.date
    employer_name: str
    cause: str = "追索劳动报酬争议"
    employer: Employer | None = None
    employer_code: str = ""
    employer_address: str = ""
    employer_head: str = ""
    employer_phone: str = ""
    facts: str = ""
    people: Sequence[Person] = ()


@dataclass(frozen=True)
class Before:
    """What went before the matter: its mediation, its clue, and the people of the nearest of them."""

    mediation: MediationCase | None
    clue: Clue | None
    people: Sequence[Person]

    @property
    def words(self) -> str:
        """Where the people come from, for the form."""
        if not self.people:
            return ""
        return (
            f"调解{self.mediation}"
            if self.mediation is not None
            else f"线索{self.clue.number if self.clue else ''}的人员名单"
        )


def before(matter: Matter) -> Before:
    """Parties of the mediation that the matter follows, else the people of its clue; a few queries a matter back."""
    at: Matter | None = matter
    for _ in range(_FAR):
        if at is None:
            break
        mediation = (
            MediationCase.objects.filter(matter=at).select_related("clue", "matter", "employer").first()
        )
        if mediation is not None:
            return Before(mediation, mediation.clue, _parties(mediation))
        referral = Referral.objects.filter(matter=at).select_related("clue").first()
        if referral is not None:
            return Before(None, referral.clue, _listed(referral.clue))
        at = Matter.objects.filter(pk=at.follows_id).first() if at.follows_id else None
    return Before(None, None, ())


def open_case(matter: Matter, asked: Opening, *, by: User, now: dt.datetime) -> ArbitrationCase:
    """Make the case with its applicants. Asked for again, the case that stands is returned. Raises :class:`Refused`."""
    with transaction.atomic():
        held = (
            Matter.objects.select_for_update(of=("self",)).select_related("lead", "region").get(pk=matter.pk)
        )
        standing = ArbitrationCase.objects.filter(matter=held).first()
        if standing is not None:
            return standing
        if held.procedure not in PROCEDURES:
            raise Refused("这件事项不是仲裁，不能填写仲裁案件。")
        if not may_open(by, held):
            raise Refused(f"本件由{held.lead}办理，您没有权限。")
        _check(asked, now)
        people = asked.people or before(held).people
        if not people:
            raise Refused("请写明申请人：每行一人，写姓名、身份证号和电话。", field="people_list")
        case = ArbitrationCase.objects.create(
            matter=held,
            region=held.region,
            facts=masked_words(asked.facts)[:2000],
            recorded_at=now,
            **{name: getattr(asked, name) for name in _COPIED},
        )
        add(case, people, by=by, now=now)
        note(
            case,
            "opened",
            f"填写仲裁案件，{len(people)}名申请人",
            by=by,
            now=now,
            after={"people": len(people)},
        )
    return case


_COPIED = (
    "cause", "employer", "employer_name", "employer_code", "employer_address", "employer_head", "employer_phone",
    "applied_on",
)  # fmt: skip


def _check(asked: Opening, now: dt.datetime) -> None:
    if not asked.employer_name.strip():
        raise Refused("请填写被申请人，就是用人单位的名称。", field="employer_name")
    if asked.employer_code and (wrong := uscc_problem(asked.employer_code)):
        raise Refused(wrong, field="employer_code")
    if asked.applied_on > timezone.localdate(now):
        raise Refused("申请日期在将来，请填写今天或以前的日期。", field="applied_on")


def _parties(case: MediationCase) -> list[Person]:
    return [
        Person(plain(one.name), plain(one.id_number), plain(one.phone), plain(one.address), one.claimant)
        for one in case.parties.select_related("claimant").order_by("number")
    ]


def _listed(clue: Clue) -> list[Person]:
    found = []
    for one in person_page(clue, group_of(clue), limit=None).items:
        known = one.particulars
        name, number, phone = (
            value.open() if isinstance(value, Sealed) else ""
            for value in (known.name, known.id_number, known.phone)
        )
        found.append(Person(name, number, phone, "", one.claimant))
    return found
