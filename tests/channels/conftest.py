"""One invented site with its owner and contractor, and another one elsewhere."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from anxin.channels import codes
from anxin.registry.models import Employer, Participation
from tests.monitoring import factories as make


@pytest.fixture
def sites(db) -> SimpleNamespace:
    here = make.project(
        "P1",
        region_code="990101",
        name="东台安置房工程",
        latitude=Decimal("31.23000"),
        longitude=Decimal("121.47000"),
    )
    there = make.project("P2", region_code="990102", name="西河桥梁工程")
    owner = Employer.objects.create(uscc="91990101MA0000019P", name="某城投公司")
    builder = Employer.objects.create(uscc="91990101MA0000009P", name="某建工公司")
    Participation.objects.create(project=here, employer=builder, role="general_contractor")
    Participation.objects.create(project=here, employer=owner, role="owner")
    return SimpleNamespace(here=here, there=there, owner=owner, builder=builder)


@pytest.fixture
def board(sites, actor, now):
    """The board code of the first site, printed."""
    (code,) = codes.issue_boards([sites.here], actor=actor, now=now)
    codes.mark_printed([code], actor=actor, now=now)
    return code
