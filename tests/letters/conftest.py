"""An office with everybody that a letter needs: who writes, who reviews, who issues, who keeps the seal, and some who may not."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from anxin.accounts.models import Grant, Role, User
from anxin.casework import services as casework
from anxin.casework.models import Matter
from anxin.letters import drafting, issuing
from anxin.letters.heads import enter_head
from anxin.letters.models import Letter
from anxin.local_law import queries as local_law
from anxin.registry.models import Employer, Organisation
from anxin.typesetting.templates import template
from tests.monitoring import factories as make
from tests.support.readings import seal_letter

PEOPLE = {
    "leader": (Role.LEADER, "9901"),
    "inspector": (Role.INSPECTOR, "990101"),
    "colleague": (Role.INSPECTOR, "990101"),
    "keeper": (Role.CLERK, "990101"),
    "outsider": (Role.INSPECTOR, "990102"),
    "auditor": (Role.AUDITOR, ""),
}


@pytest.fixture
def office(db, home, now) -> SimpleNamespace:
    """``matter`` is an arbitration of ``body``, which has its sign 云; ``law`` is the shipped one."""
    region = make.region("990101")
    body = Organisation.objects.create(
        code="HR", name="云州市云城区人力资源和社会保障局", kind="bureau", region=region
    )
    people = {}
    for name, (role, place) in PEOPLE.items():
        people[name] = User.objects.create(username=name, display_name=f"某{name}", office="某局")
        Grant.objects.create(user=people[name], role=role, region=place)
    firm = Employer.objects.create(uscc="91990101MA0000009P", name="云州某建工有限公司", region=region)
    project = make.project("HERE", region_code="990101", responsible=body, name="东台安置房工程")
    law = local_law.current()
    matter = casework.open_matter(
        procedure="arbitration", title="木工班追索劳动报酬", region=region, lead=body, by=people["inspector"],
        on=now.date(), now=now, law=law, project=project, employer=firm, handler=people["inspector"],
    )  # fmt: skip
    enter_head(
        body,
        {"prefix": "云", "issuer": body.name, "contact_phone": "0999-5550100"},
        by=people["leader"],
        now=now,
    )
    return SimpleNamespace(matter=matter, body=body, firm=firm, law=law, now=now, **people)


def whole(kind: str = "risk_notice") -> dict:
    """Everything that a person types into this letter."""
    return {
        name: value
        for name, value in template(kind).example().items()
        if name not in ("issuer", "number", "issued_on")
    }


def drafted(office, kind: str = "risk_notice", *, by: User | None = None, **more) -> Letter:
    return drafting.draft(
        office.matter, kind=kind, by=by or office.inspector, now=office.now, values=whole(kind), **more
    )  # fmt: skip


def reviewed(office, letter: Letter | None = None, **more) -> Letter:
    letter = letter or drafted(office, **more)
    letter = drafting.submit(letter, by=office.inspector, now=office.now, expected_version=letter.version)
    return issuing.review(letter, by=office.colleague, now=office.now, expected_version=letter.version)


def issued(office, letter: Letter | None = None, **more) -> Letter:
    letter = reviewed(office, letter, **more)
    return issuing.issue(
        letter, by=office.leader, now=office.now, law=office.law, expected_version=letter.version
    )


def sealed(office, letter: Letter | None = None, **more) -> Letter:
    letter = issued(office, letter, **more)
    return seal_letter(
        letter, by=office.keeper, now=office.now, law=office.law, expected_version=letter.version
    )


def fresh_matter(office) -> Matter:
    return Matter.objects.select_related("lead").get(pk=office.matter.pk)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
