"""A city with two districts, their bodies and people, and clues of its own."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from anxin.accounts.models import Grant, Role, User
from anxin.local_law import queries as local_law
from anxin.registry.models import Employer, Organisation, Region
from tests.monitoring import factories as make

#: Friday
NOW = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)

PEOPLE = {
    "leader": (Role.LEADER, "9901", ""),
    "head": (Role.LEADER, "990101", ""),
    "desk": (Role.INSPECTOR, "990101", ""),
    "housing": (Role.INSPECTOR, "9901", "ZJ"),
    "transport": (Role.INSPECTOR, "9901", "JT"),
    "outsider": (Role.INSPECTOR, "990102", ""),
    "clerk": (Role.CLERK, "990101", ""),
}


@pytest.fixture
def law(db):
    return local_law.current()


@pytest.fixture
def city(db, home) -> SimpleNamespace:
    """Places, bodies with their officers, a housing project with its body, a firm."""
    top = Region.objects.create(code="9901", name="云州市")
    here = Region.objects.create(code="990101", name="云城区", parent=top)
    there = Region.objects.create(code="990102", name="江北区", parent=top)
    kinds = Organisation.Kind
    bodies = {
        code: Organisation.objects.create(code=code, name=name, kind=kind, region=region)
        for code, name, kind, region in (
            ("SRS", "云州市人社局", kinds.BUREAU, top),
            ("QRS", "云城区人社局", kinds.BUREAU, here),
            ("ZJ", "云州市住建局", kinds.INDUSTRY_AUTHORITY, top),
            ("JT", "云州市交通局", kinds.INDUSTRY_AUTHORITY, top),
        )
    }
    people = {}
    for name, (role, region, organisation) in PEOPLE.items():
        people[name] = User.objects.create_user(name, display_name=f"某{name}")
        Grant.objects.create(user=people[name], role=role, region=region, organisation=organisation)
    site = make.project("P1", region_code="990101", name="东台安置房工程", responsible=bodies["ZJ"])
    firm = Employer.objects.create(uscc="91990101MA0000009P", name="众力劳务有限公司", region=here)
    return SimpleNamespace(
        top=top,
        here=here,
        there=there,
        bodies=bodies,
        site=site,
        firm=firm,
        law=local_law.current(),
        **people,
    )
