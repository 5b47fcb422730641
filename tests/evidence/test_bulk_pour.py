"""Rows poured into a table come out as they went in, on every database."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anxin.evidence import bulk
from anxin.workforce.models import IdentityClaim
from tests.monitoring import factories as make

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 9, 7, 8, 0, 1, 250, tzinfo=dt.UTC)
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXTS, min_size=1, max_size=6, unique=True))
def test_any_text_comes_out_as_it_went_in(site, person, texts):
    IdentityClaim.objects.all().delete()
    rows = [(text, text, NOW, None) for text in ["\\N", "a\tb\n\\r\r", *texts]]
    bulk.pour(
        IdentityClaim,
        ("plain_name", "claimed_name", "first_said_at", "device_id"),
        list(dict.fromkeys(rows)),
        constants={
            "project_id": site.pk, "worker_id": person.pk, "source": "x\\", "state": "pending", "reason": "",
            "decided_by_name": "",
        },
    )  # fmt: skip
    found = IdentityClaim.objects.values_list("plain_name", "claimed_name", "first_said_at", "device_id")
    assert set(found) == set(rows)
    assert set(IdentityClaim.objects.values_list("source", flat=True)) == {"x\\"}


@pytest.fixture
def site():
    return make.project("P1")


@pytest.fixture
def person():
    return make.worker(1)
