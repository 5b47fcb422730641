"""A city with two districts, and who receives there."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.clues.intake import Voice
from anxin.reception.models import Visit
from anxin.reception.services import take_number
from tests.clues.conftest import deliver, office, told  # noqa: F401  the same office

NOW = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 20)
VOICE = Voice(
    channel="visit",
    kind="complaint",
    region="990101",
    received_at=NOW,
    text="我们木工班在东台安置房工地做事，从7月到9月的工资一直没有发。",
    name="钱某人",
    phone="13900007777",
)


@pytest.fixture
def visit(office) -> Visit:  # noqa: F811
    return take_number(region="990101", people=14, about="木工班讨要工资", by=office.clerk, now=NOW)
