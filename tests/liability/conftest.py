"""A project with owner, general contractor and labour company; three workers unpaid for September."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from anxin.law import load
from anxin.liability import services
from anxin.liability.queries import settlement_plan
from anxin.registry.models import Employer, Participation
from tests.monitoring import factories as make

ROLES = {"甲公司": "owner", "乙建": "general_contractor", "丙劳务": "labour_company"}


def employer(name: str, number: int) -> Employer:
    return Employer.objects.create(uscc=f"9199010{number}MA0000000X", name=name)


@pytest.fixture
def site(db, now, actor):
    """``facts``, ``plan`` and the rows of the project."""
    project = make.project("P1", permit_number="演示施许1")
    firms = {name: employer(name, number) for number, name in enumerate(ROLES)}
    for name, role in ROLES.items():
        Participation.objects.create(project=project, employer=firms[name], role=role)
    workers = [make.worker(serial) for serial in range(1, 4)]
    make.enrol(project, *workers, employer=firms["丙劳务"], employer_name="丙劳务")
    lines = [make.line(project, "2026-09", person, net_fen=600_000) for person in workers]

    def record(kind: str, *claims: str | tuple[str, str], subject: str = "", **fields):
        status = fields.pop("status", "known" if len(claims) == 1 else "disputed")
        values = {
            "document": "询问笔录",
            "since": dt.date(2026, 11, 1),
            "actor": actor,
            "now": now,
            **fields,
        }
        said = [claim if isinstance(claim, tuple) else (claim, "") for claim in claims]
        return services.record_fact(project, kind=kind, subject=subject, status=status, claims=said, **values)

    def plan(as_of: dt.date | None = None, known_at: dt.datetime | None = None):
        return settlement_plan(project, as_of or now.date(), known_at or now, load())

    return SimpleNamespace(
        project=project, firms=firms, workers=workers, lines=lines, record=record, plan=plan
    )
