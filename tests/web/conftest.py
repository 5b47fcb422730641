"""One invented county with two districts, and one person of each role."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.test import Client

from anxin.accounts.models import Grant, Role, User
from anxin.registry.models import Employer, Organisation, Participation
from anxin.web import clock
from tests.monitoring import factories as make
from tests.monitoring.warnings import a_warning

PASSWORD = "Dongtai-2026-xin"

#: username → role, region
PEOPLE = {
    "leader": (Role.LEADER, "9901"),
    "inspector": (Role.INSPECTOR, "990101"),
    "colleague": (Role.INSPECTOR, "990101"),
    "outsider": (Role.INSPECTOR, "990102"),
    "clerk": (Role.CLERK, "990101"),
    "auditor": (Role.AUDITOR, ""),
    "admin": (Role.ADMIN, ""),
    "payroll_clerk": (Role.PAYROLL_CLERK, ""),
    "bank_operator": (Role.BANK_OPERATOR, ""),
    "grid_worker": (Role.GRID_WORKER, "990101"),
    "mediator": (Role.MEDIATOR, "990101"),
    "arbitrator": (Role.ARBITRATOR, "990101"),
    "nobody": (None, ""),
}
#: whom the people outside the bureau work for
WORK_FOR = {
    Role.PAYROLL_CLERK: {"employer": "91990101MA0000009P"},
    Role.BANK_OPERATOR: {"institution": "BANK"},
}


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch, now):
    monkeypatch.setattr(clock, "now", lambda: now)
    monkeypatch.setattr(clock, "today", now.date)


@pytest.fixture
def people(db) -> dict[str, User]:
    found = {}
    for name, (role, region) in PEOPLE.items():
        user = User.objects.create_user(name, password=PASSWORD, display_name=f"某{name}", office="某局")
        if role:
            Grant.objects.create(user=user, role=role, region=region, **WORK_FOR.get(role, {}))
        found[name] = user
    return found


@pytest.fixture
def world(people, now) -> SimpleNamespace:
    """A project here (990101) with a payroll month, a warning and a roster, and one elsewhere (990102)."""
    body = Organisation.objects.create(code="HR", name="某区人社局", kind="bureau")
    here = make.project("HERE", region_code="990101", responsible=body, name="东台安置房工程")
    there = make.project("THERE", region_code="990102", name="西河桥梁工程")
    firm = Employer.objects.create(uscc="91990101MA0000009P", name="某建工公司")
    Participation.objects.create(project=here, employer=firm, role="general_contractor")
    workers = [make.worker(serial) for serial in range(1, 4)]
    make.enrol(here, *workers, team="木工班")
    lines = [make.line(here, "2026-10", person) for person in workers]
    make.line(here, "2026-09", workers[0])
    elsewhere = make.worker(9)
    make.enrol(there, elsewhere)
    return SimpleNamespace(
        here=here,
        there=there,
        firm=firm,
        body=body,
        workers=workers,
        elsewhere=elsewhere,
        lines=lines,
        warning=a_warning(here, act_by=now.date() - dt.timedelta(days=2), level=4),
        other_warning=a_warning(there),
        **people,
    )


@pytest.fixture
def sign_in(people):
    """``sign_in("inspector")`` → a client with that person's session."""

    def signed_in(name: str, **options) -> Client:
        client = Client(**options)
        client.force_login(people[name], backend="anxin.accounts.backends.PeopleBackend")
        return client

    return signed_in
