"""One invented site with a worker, another worker, and wages and days of both."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from anxin.evidence.sealing import Sealed
from anxin.web import clock
from anxin.workforce.models import AttendanceDay
from anxin.workforce.site_codes import issue_site_code
from tests.monitoring import factories as make


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch, now):
    monkeypatch.setattr(clock, "now", lambda: now)
    monkeypatch.setattr(clock, "today", now.date)


@pytest.fixture
def site(db, actor, now) -> SimpleNamespace:
    project = make.project("P1", name="东台安置房工程")
    zhou, other = make.worker(1, name="周建国"), make.worker(2, name="李秀英")
    for serial, worker in enumerate((zhou, other), start=1):
        worker.phone = Sealed.of(f"1390000{serial:04d}")
        worker.save()
    make.enrol(project, zhou, other, trade="木工", agreed_wage="300元/天", contract_signed=True)
    for day in (2, 3, 4):
        AttendanceDay.objects.create(
            project=project,
            worker=zhou,
            day=dt.date(2026, 11, day),
            share=1,
            recorded_at=make.EARLY,
        )
    return SimpleNamespace(
        project=project,
        code=issue_site_code(project, actor=actor, now=now).code,
        zhou=zhou,
        other=other,
        wage=make.line(project, "2026-10", zhou, net_fen=612_345),
        other_wage=make.line(project, "2026-10", other, net_fen=700_000),
    )


@pytest.fixture
def answer_questions(site):
    """``answer_questions(client, name, serial)`` walks through the screens; returns the last answer."""

    def walked(client: Client, name: str = "周建国", serial: int = 1, code: str | None = None):
        client.get(reverse("worker:scanned", kwargs={"code": site.code}))
        client.post(reverse("worker:sign-in-name"), {"name": name})
        client.post(reverse("worker:sign-in-digits"), {"digits": make.id_number(serial)[-6:]})
        shown = client.session["worker-sign-in"].get("shown", "")
        return client.post(reverse("worker:sign-in-code"), {"code": code or shown})

    return walked


@pytest.fixture
def zhou(site, answer_questions) -> Client:
    client = Client()
    assert answer_questions(client).status_code == 302
    return client
