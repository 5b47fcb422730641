"""A site with a subcontractor's people, its clerk, another employer's clerk, and officers here and elsewhere."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from anxin.accounts.models import Grant, Role, User
from anxin.contracts import drafting
from anxin.contracts.models import Contract
from anxin.evidence.sealing import Sealed
from anxin.registry.models import Employer, Participation
from anxin.workforce.models import Enrolment
from tests.monitoring import factories as make

OWN, OTHER = "91990101MA0000009P", "91990101MA0000017K"
SHARED = {
    "employer_address": "云州市云水区建设路18号",
    "employer_head": "周大成",
    "worker_address": "云州市云水区建设路工地宿舍",
    "place": "东台安置房工地",
    "hours": "每日不超过八小时，每周至少休息一日。",
    "insurance": "依法参加社会保险。",
    "safety": "免费提供防护用品，告知职业危害。",
    "task": "1号楼模板工程",
}


def person(name: str, role: str, **where: str) -> User:
    user = User.objects.create_user(
        name, password="Dongtai-2026-xin", display_name=f"某{name}", office="某单位"
    )
    Grant.objects.create(user=user, role=role, **where)
    return user


@pytest.fixture
def site(db, home) -> SimpleNamespace:
    project = make.project("P1", region_code="990101", name="东台安置房工程")
    firm = Employer.objects.create(uscc=OWN, name="某劳务公司")
    other = Employer.objects.create(uscc=OTHER, name="别的劳务公司")
    for one in (firm, other):
        Participation.objects.create(project=project, employer=one, role="subcontractor")
    people = [make.worker(serial) for serial in range(1, 4)]
    for serial, worker in enumerate(people, 1):
        worker.phone = Sealed.of(f"1390000{serial:04d}")
        worker.save()
    make.enrol(
        project,
        *people,
        employer=firm,
        trade="木工",
        team="木工班",
        agreed_wage="300元/天",
        entry=dt.date(2026, 11, 1),
    )
    return SimpleNamespace(
        project=project,
        firm=firm,
        people=people,
        clerk=person("clerk", Role.PAYROLL_CLERK, employer=OWN),
        stranger=person("stranger", Role.PAYROLL_CLERK, employer=OTHER),
        inspector=person("inspector", Role.INSPECTOR, region="990101"),
        outsider=person("outsider", Role.INSPECTOR, region="990102"),
    )


def enrolments(site: SimpleNamespace) -> list[int]:
    return list(
        Enrolment.objects.filter(project=site.project, superseded_at__isnull=True).values_list(
            "pk", flat=True
        )
    )


def start(site: SimpleNamespace, now: dt.datetime, **more) -> drafting.Started:
    values = {
        "employer": site.firm, "project": site.project, "enrolments": enrolments(site), "shared": SHARED, "begins_on": None,
        "ends_on": None, "text": None, "send": True, "user": site.clerk, "now": now, **more,
    }  # fmt: skip
    return drafting.start_batch(**values)


@pytest.fixture
def sent(site, now) -> list[Contract]:
    """Three contracts, sent."""
    batch = start(site, now).batch
    drafting.make_batch(batch.pk, now=now)
    return list(batch.contracts.order_by("pk"))
