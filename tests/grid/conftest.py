"""Two towns of one district with a grid worker each, a site in either, and the officers above them."""

from __future__ import annotations

from io import BytesIO
from types import SimpleNamespace

import pytest
from PIL import Image

from anxin.accounts.models import Grant, Role, User
from anxin.registry.models import Organisation
from tests.monitoring import factories as make


def photo(colour: str = "grey") -> bytes:
    """A photograph as a phone sends one."""
    written = BytesIO()
    Image.new("RGB", (80, 60), colour).save(written, "JPEG")
    return written.getvalue()


@pytest.fixture
def town(db) -> SimpleNamespace:
    """``here`` lies in 990101001, ``there`` in 990102001."""
    make.region("990101")
    body = Organisation.objects.create(code="ZJ", name="某住建局", kind="industry_authority")
    here = make.project("HERE", region_code="990101001", name="东台安置房工程", responsible=body)
    there = make.project("THERE", region_code="990102001", name="西河桥梁工程", industry="transport")
    people = {
        "worker": (Role.GRID_WORKER, "990101001", ""),
        "other": (Role.GRID_WORKER, "990102001", ""),
        "silent": (Role.GRID_WORKER, "990101001", ""),
        "leader": (Role.LEADER, "9901", ""),
        "inspector": (Role.INSPECTOR, "990101", ""),
        "outsider": (Role.INSPECTOR, "990102", ""),
        "housing": (Role.INSPECTOR, "9901", "housing"),
        "clerk": (Role.CLERK, "990101", ""),
    }
    found = {}
    for name, (role, region, industry) in people.items():
        user = User.objects.create_user(name, password="x", display_name=f"某{name}", office="某局")
        Grant.objects.create(user=user, role=role, region=region, industry=industry)
        found[name] = user
    return SimpleNamespace(here=here, there=there, **found)
