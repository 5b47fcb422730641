"""Who applies: added one by one or as a list, described later, taken out while nothing was decided of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from anxin.accounts.models import User
from anxin.arbitration.journalling import held, note
from anxin.arbitration.models import Applicant, ArbitrationCase, Finding
from anxin.clues.claimant_rows import Said
from anxin.clues.models import Claimant
from anxin.evidence.sealing import Sealed
from anxin.kernel.identifiers import id_number_problem, phone_problem
from anxin.kernel.refusal import Refused
from anxin.mediation.sealed import plain

#: people of one case; more apply in several
MOST = 500


@dataclass(frozen=True)
class Person:
    """One applicant in plain words, before they are sealed; ``row`` of a list, zero where brought over."""

    name: str
    id_number: str = ""
    phone: str = ""
    address: str = ""
    claimant: Claimant | None = None
    row: int = 0

    @classmethod
    def of(cls, said: Said) -> Person:
        return cls(said.name, said.id_number, said.phone, row=said.row)


def add(case: ArbitrationCase, people: Sequence[Person], *, by: User, now: dt.datetime) -> int:
    """Add the people who are not in the case yet; returns how many are new. Raises :class:`Refused`.

    Somebody is known again by the claimant of a clue or by the ID number: the same list twice changes nothing.
    """
    with transaction.atomic():
        case = held(case, by)
        standing = list(case.applicants.all())
        ids = {number for one in standing if (number := plain(one.id_number))}
        nameless = {plain(one.name) for one in standing if not one.id_number}
        claimants = {one.claimant_id for one in standing if one.claimant_id}
        fresh: list[Person] = []
        for person in people:
            check(person)
            if person.claimant is not None and person.claimant.pk in claimants:
                continue
            if person.id_number in ids if person.id_number else person.name in nameless:
                continue
            fresh.append(person)
            if person.id_number:
                ids.add(person.id_number)
            else:
                nameless.add(person.name)
            if person.claimant is not None:
                claimants.add(person.claimant.pk)
        if len(standing) + len(fresh) > MOST:
            raise Refused(f"一件仲裁不超过{MOST}名申请人，请分开立案。", field="people_list")
        first = (case.applicants.aggregate(last=Max("number"))["last"] or 0) + 1
        Applicant.objects.bulk_create(
            Applicant(
                case=case,
                number=number,
                claimant=one.claimant,
                name=Sealed.of(one.name.strip()),
                id_number=_sealed(one.id_number),
                phone=_sealed(one.phone),
                address=_sealed(one.address),
            )
            for number, one in enumerate(fresh, start=first)
        )
        if fresh:
            note(
                case,
                "applicants_added",
                f"增加{len(fresh)}名申请人",
                by=by,
                now=now,
                after={"people": len(fresh)},
            )
    return len(fresh)


def describe(
    applicant: Applicant, *, id_number: str, phone: str, address: str, by: User, now: dt.datetime
) -> None:
    """Write what is said of an applicant; what is left empty stays as it was. Raises :class:`Refused`."""
    with transaction.atomic():
        case = held(applicant.case, by)
        found = Applicant.objects.select_for_update().get(pk=applicant.pk)
        number, phone, address = id_number.strip().upper(), phone.strip(), address.strip()
        check(Person(plain(found.name), number, phone, address))
        others = case.applicants.exclude(pk=found.pk)
        if number and number in {plain(one.id_number) for one in others}:
            raise Refused("这个身份证号已经是本件另一位申请人的，请核对。", field="id_number")
        said = {"id_number": number, "phone": phone, "address": address}
        told = [name for name, value in said.items() if value]
        for name in told:
            setattr(found, name, Sealed.of(said[name]))
        if told:
            found.save(update_fields=told)
            note(
                case,
                "applicant_described",
                f"补充{found}申请人的信息",
                by=by,
                now=now,
                after={"fields": told},
            )


def remove(applicant: Applicant, *, why: str, by: User, now: dt.datetime) -> None:
    """Take an applicant out who was added by mistake, while no claim of theirs was decided. Raises :class:`Refused`."""
    if len(why.strip()) < 4:
        raise Refused("请写明为什么移出（不少于4个字）。", field="why")
    with transaction.atomic():
        case = held(applicant.case, by)
        if Finding.objects.filter(claim__applicant=applicant, award__isnull=False).exists():
            raise Refused("已经就这位申请人作出裁决，不能移出。")
        if case.applicants.count() == 1:
            raise Refused("至少要有一名申请人，不能移出最后一位；撤回申请请在事项里办理。")
        Finding.objects.filter(claim__applicant=applicant).delete()
        note(case, "applicant_removed", f"移出{applicant}申请人：{why.strip()[:200]}", by=by, now=now)
        applicant.delete()


def check(person: Person) -> None:
    """Refuse somebody who cannot be an applicant as written. Raises :class:`Refused`."""
    where = f"名单第{person.row}行" if person.row else "申请人"
    if not person.name.strip():
        raise Refused(f"{where}没有姓名，请补上。", field="people_list")
    if person.id_number and (wrong := id_number_problem(person.id_number)):
        raise Refused(f"{where}：{wrong}", field="people_list")
    if person.phone and (wrong := phone_problem(person.phone)):
        raise Refused(f"{where}：{wrong}", field="people_list")
    if len(person.name) > 60 or len(person.address) > 200:
        raise Refused(f"{where}的姓名或住所太长，请核对。", field="people_list")


def _sealed(text: str) -> Sealed | None:
    return Sealed.of(text.strip()) if text.strip() else None
