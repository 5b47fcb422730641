"""The doors of people outside the bureau: each signs in at the same place and lands in the own portal."""

from __future__ import annotations

import pytest
from django.urls import URLResolver, get_resolver, reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "place"),
    [
        ("payroll_clerk", "employer:home"),
        ("bank_operator", "bank:home"),
        ("grid_worker", "grid:home"),
        ("mediator", "mediation-mine"),
    ],
)
def test_signing_in_leads_to_the_own_portal(role, place, sign_in, world):
    answer = sign_in(role).get(reverse("home"), follow=True)
    assert (answer.redirect_chain, answer.status_code) == ([(reverse(place), 302)], 200)


@pytest.mark.parametrize(
    ("role", "place"),
    [
        ("payroll_clerk", "bank:home"),
        ("bank_operator", "employer:home"),
        ("inspector", "employer:home"),
        ("leader", "bank:home"),
        ("admin", "employer:home"),
        ("grid_worker", "employer:home"),
        ("bank_operator", "grid:home"),
        ("inspector", "grid:home"),
        ("leader", "grid:home"),
    ],
)
def test_another_portal_stays_closed(role, place, sign_in, world):
    assert sign_in(role).get(reverse(place)).status_code == 403


@pytest.mark.parametrize("role", ["payroll_clerk", "bank_operator", "grid_worker", "mediator"])
def test_the_console_stays_closed_to_people_outside_the_bureau(role, sign_in, world):
    client = sign_in(role)
    for name in ("warnings", "projects", "workers", "imports", "matters", "people", "journal"):
        assert client.get(reverse(name)).status_code == 403, name


def test_every_page_of_a_portal_declares_its_policy():
    portals = [one for one in get_resolver().url_patterns if isinstance(one, URLResolver) and one.namespace]
    without = [
        f"{portal.namespace}:{pattern.name}"
        for portal in portals
        for pattern in portal.url_patterns
        if portal.namespace in {"employer", "bank", "grid"} and not hasattr(pattern.callback, "policy")
    ]
    assert without == []
    assert {"employer", "bank", "grid"} <= {portal.namespace for portal in portals}
