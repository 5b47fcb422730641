"""An invented county with two projects, and people who may see one, the other, both or none."""

import pytest

from anxin.accounts.models import Grant, User
from anxin.registry import services
from anxin.registry.models import Region


@pytest.fixture
def county(db, now, actor):
    regions = [
        ("99", "演示省", ""), ("9901", "演示市", "99"), ("990101", "甲区", "9901"), ("990102", "乙区", "9901"),
    ]  # fmt: skip
    services.record_regions(regions, actor=actor, now=now)
    return Region.objects.in_bulk()


@pytest.fixture
def body(county, now, actor):
    return services.register_organisation(
        code="ZJ", name="演示住建局", kind="industry_authority", actor=actor, now=now
    )


@pytest.fixture
def first(county, body, now, actor):
    return services.register_project(
        code="P-1",
        name="甲区学校工程",
        region=county["990101"],
        industry="housing",
        responsible=body,
        actor=actor,
        now=now,
    )


@pytest.fixture
def second(county, now, actor):
    return services.register_project(
        code="P-2", name="乙区道路工程", region=county["990102"], industry="transport", actor=actor, now=now
    )


@pytest.fixture
def somebody(db):
    """``somebody("inspector", region="990101")`` → a user with that one grant."""

    def make(role, **scope):
        user = User.objects.create(username=f"u{User.objects.count()}", display_name="某某")
        if role:
            Grant.objects.create(user=user, role=role, **scope)
        return user

    return make
