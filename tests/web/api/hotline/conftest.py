"""A hotline with its key, in the city of the referral's tests."""

from __future__ import annotations

import pytest

from anxin.connections.scopes import HOTLINE_SCOPES
from anxin.registry.models import Organisation
from tests.referral.conftest import NOW, city, law  # noqa: F401


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def centre(city):  # noqa: F811
    return Organisation.objects.create(code="RX", name="云州市12345热线", kind="hotline", region=city.top)


@pytest.fixture
def hotline(centre, caller):
    return caller(organisation=centre, scopes=list(HOTLINE_SCOPES))
