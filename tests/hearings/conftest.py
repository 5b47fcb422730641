"""A commission with arbitrators, secretaries and two rooms, and a case of two workers against a firm."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.utils import timezone

from anxin.accounts.models import Grant, Role, User
from anxin.arbitration import scheduling, tribunals
from anxin.arbitration.models import Applicant, ArbitrationCase, Arbitrator, Hearing, Room
from anxin.casework.services import open_matter
from anxin.demo.people import checked
from anxin.evidence.sealing import Sealed
from anxin.local_law import queries as local_law
from anxin.registry.models import Organisation
from tests.monitoring import factories as make

#: a Thursday; the law's calendar of 2026 is published
TODAY = dt.date(2026, 4, 2)
IDS = (checked("99010119850312001"), checked("99010119900101001"))


def at(day: dt.date, hour: int = 10, minute: int = 0) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute)))


@pytest.fixture
def court(db, home) -> SimpleNamespace:
    """``xu``, ``zheng``, ``wang`` and ``spare`` are arbitrators, ``tang`` and ``relief`` keep records; ``xu`` signs in."""
    make.region("9901")
    region = make.region("990101")
    elsewhere = make.region("990102")
    body = Organisation.objects.create(code="YC-ZC", name="某区仲裁院", kind="bureau", region_id="990101")
    people = {
        "leader": (Role.LEADER, "9901"),
        "officer": (Role.INSPECTOR, "990101"),
        "outsider": (Role.INSPECTOR, "990102"),
        "xu_user": (Role.ARBITRATOR, "990101"),
        "zheng_user": (Role.ARBITRATOR, "990101"),
    }
    users = {}
    for name, (role, code) in people.items():
        users[name] = User.objects.create_user(name, password="x", display_name=f"某{name}", office="某局")
        Grant.objects.create(user=users[name], role=role, region=code)
    roster = {
        name: Arbitrator.objects.create(
            code=f"ZC-{name}", name=f"{chinese}某", kind="secretary" if name in ("tang", "relief") else "arbitrator",
            body=body, region=region, user=users.get(f"{name}_user"), phone=Sealed.of(f"1990000{number:04d}"),
            recorded_at=at(TODAY),
        )
        for number, (name, chinese) in enumerate(
            {"xu": "许", "zheng": "郑", "wang": "王", "spare": "备", "tang": "唐", "relief": "替"}.items(), 1
        )
    }  # fmt: skip
    rooms = [
        Room.objects.create(
            body=body, region=region, name=f"第{n}仲裁庭", address="演示路8号", recorded_at=at(TODAY)
        )
        for n in "一二"
    ]
    return SimpleNamespace(
        region=region, elsewhere=elsewhere, body=body, rooms=rooms, law=local_law.current(), **users, **roster
    )


def a_case(court: SimpleNamespace, procedure: str = "arbitration", *, on: dt.date = TODAY) -> ArbitrationCase:
    matter = open_matter(
        procedure=procedure, title="追索劳动报酬", region=court.region, lead=court.body, by=court.officer, on=on,
        now=at(on, 9), law=court.law,
    )  # fmt: skip
    # the steps to acceptance are the matter's own, tested with it
    matter.state = {
        "arbitration": "tribunal",
        "arbitration_simple": "notified",
        "arbitration_collective": "consult",
    }[procedure]
    matter.save(update_fields=["state"])
    case = ArbitrationCase.objects.create(
        matter=matter, region=court.region, employer_name="某建工公司", employer_code="91990101MA0000009P",
        employer_head="周大成", applied_on=on, recorded_at=at(on),
    )  # fmt: skip
    for number, (name, id_number) in enumerate((("赵某甲", IDS[0]), ("钱某乙", IDS[1])), 1):
        Applicant.objects.create(
            case=case, number=number, name=Sealed.of(name), id_number=Sealed.of(id_number),
            phone=Sealed.of(f"1991000000{number}") if number == 1 else None,
        )  # fmt: skip
    return case


def formed(
    court: SimpleNamespace, case: ArbitrationCase, *, of: tuple[str, ...] = ("xu", "zheng", "wang")
) -> ArbitrationCase:
    named = tribunals.Named([getattr(court, name) for name in of], court.tang, "仲裁院院长提出")
    tribunals.form(case, named, by=court.officer, now=at(TODAY, 11))
    return case


def a_hearing(
    court: SimpleNamespace, case: ArbitrationCase, day: dt.date = dt.date(2026, 4, 20), hour: int = 9, **more
) -> Hearing:
    wanted = scheduling.Wanted(
        **{"begins_at": at(day, hour), "minutes": 90, "way": "room", "room": court.rooms[0], **more}
    )
    return scheduling.set_hearing(case, wanted, by=court.officer, now=at(TODAY, 12), law=court.law)
