"""Writes of the registry. Each is one transaction and one journal entry, and refuses with a sentence."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from anxin.evidence.journal import SYSTEM, Actor, record
from anxin.evidence.models import ImportBatch
from anxin.kernel.identifiers import clean_identifier, uscc_problem
from anxin.kernel.refusal import Refused
from anxin.registry.models import (
    Employer,
    Organisation,
    Participation,
    Project,
    ProjectApproval,
    Region,
)
from anxin.registry.names import RECORDED
from anxin.registry.projects import check_project, project_values

# Every change here is journalled as RECORDED: sweeps of the touched projects react to it, kept names are brought up to date.
_NATIONAL = Path(__file__).parent / "data" / "regions.csv"


def load_regions(now: dt.datetime, *, actor: Actor = SYSTEM) -> int:
    """Register the provinces, cities and counties of GB/T 2260; returns how many were new or renamed.

    Running it again changes nothing, and never touches regions a bureau added below or beside them.
    """
    with _NATIONAL.open(encoding="utf-8", newline="") as file:
        rows = [(row["code"], row["name"], row["parent"]) for row in csv.DictReader(file)]
    return record_regions(rows, actor=actor, now=now)


def record_regions(rows: Iterable[tuple[str, str, str]], *, actor: Actor, now: dt.datetime) -> int:
    """Add or rename regions given as ``(code, name, parent code or "")``, parents before children.

    Codes hold significant digits only, and a child's code starts with its parent's. Returns the number changed.
    """
    known = {code: (name, parent or "") for code, name, parent in Region.objects.values_list()}
    changed = []
    for code, name, parent in rows:
        if not (code.isascii() and code.isdigit() and 2 <= len(code) <= 12):
            raise Refused(f"地区代码“{code}”不正确，应为2至12位数字。", field="code")
        if parent and (not code.startswith(parent) or parent not in known):
            raise Refused(f"地区“{name}”的上级代码“{parent}”不存在或与其代码{code}不符。", field="parent")
        if known.get(code) != (name, parent):
            changed.append(Region(code=code, name=name, parent_id=parent or None))
            known[code] = (name, parent)
    if not changed:
        return 0
    with transaction.atomic():
        Region.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["name", "parent"],
            batch_size=500,
        )
        record(
            actor=actor,
            action="registry.regions_recorded",
            object_type="region",
            object_id=changed[0].code,
            summary=f"登记或更名{len(changed)}个地区",
            now=now,
            after={"regions": len(changed)},
        )
    return len(changed)


def register_organisation(
    *, code: str, name: str, kind: str, region: Region | None = None, actor: Actor, now: dt.datetime
) -> Organisation:
    """Register a public body, bank, insurer, guarantor or hotline. ``code`` is the bureau's own, at most 20 characters."""
    code, name = code.strip(), name.strip()
    _require(code, "单位代码", "code")
    _require(name, "单位名称", "name")
    if kind not in Organisation.Kind.values:
        raise Refused(f"单位类别“{kind}”不在可选范围内，请重新选择。", field="kind")
    if kind == Organisation.Kind.HOTLINE and region is None:
        raise Refused("12345热线请填写它受理哪个地区的来电：接口只收这个地区的工单。", field="region")
    existing = Organisation.objects.filter(code=code).first()
    if existing:
        raise Refused(f"单位代码“{code}”已登记为“{existing.name}”，请换一个代码。", field="code")
    with transaction.atomic():
        organisation = Organisation.objects.create(code=code, name=name, kind=kind, region=region)
        _recorded(
            actor, now, "organisation", organisation.pk, f"登记单位“{name}”", [], {"code": code, "kind": kind}
        )
    return organisation


def register_employer(
    *, uscc: str, name: str, region: Region | None = None, actor: Actor, now: dt.datetime
) -> Employer:
    """Register a business by its unified social credit code, whose check digit must be right."""
    uscc, name = clean_identifier(uscc), name.strip()
    _require(name, "用人单位名称", "name")
    problem = uscc_problem(uscc)
    if problem:
        raise Refused(problem, field="uscc")
    existing = Employer.objects.filter(uscc=uscc).first()
    if existing:
        raise Refused(f"统一社会信用代码{uscc}已登记为“{existing.name}”，无需重复登记。", field="uscc")
    with transaction.atomic():
        employer = Employer.objects.create(uscc=uscc, name=name, region=region)
        _recorded(
            actor, now, "employer", employer.pk, f"登记用人单位“{name}”", [], {"uscc": uscc, "name": name}
        )
    return employer


def register_project(
    *,
    code: str,
    name: str,
    region: Region,
    industry: str,
    actor: Actor,
    now: dt.datetime,
    responsible: Organisation | None = None,
    state: str = Project.State.IN_PROGRESS,
    permit_number: str = "",
    permit_on: dt.date | None = None,
    commencement: dt.date | None = None,
    planned_completion: dt.date | None = None,
    completion: dt.date | None = None,
    contract_on: dt.date | None = None,
    contract_fen: int | None = None,
    pay_day: int | None = None,
    pay_month_offset: int = 1,
    government_invested: bool = False,
    state_invested: bool = False,
    site_address: str = "",
    latitude: Decimal | None = None,
    longitude: Decimal | None = None,
) -> Project:
    """Register a project. What is not known yet may stay empty: the rules name it as missing data."""
    project = Project(
        code=code.strip(),
        name=name.strip(),
        region=region,
        industry=industry,
        responsible=responsible,
        state=state,
        permit_number=permit_number.strip(),
        permit_on=permit_on,
        commencement=commencement,
        planned_completion=planned_completion,
        completion=completion,
        contract_on=contract_on,
        contract_fen=contract_fen,
        pay_day=pay_day,
        pay_month_offset=pay_month_offset,
        government_invested=government_invested,
        state_invested=state_invested,
        site_address=site_address.strip(),
        latitude=latitude,
        longitude=longitude,
        recorded_at=now,
    )
    check_project(project)
    with transaction.atomic():
        project.save(force_insert=True)
        _recorded(
            actor,
            now,
            "project",
            project.pk,
            f"登记项目“{project.name}”",
            [project.pk],
            project_values(project),
        )
    return project


def update_project(project_id: int, *, changes: Mapping[str, Any], actor: Actor, now: dt.datetime) -> Project:
    """Change registered values; the journal keeps what they were. Nothing changed leaves no entry."""
    with transaction.atomic():
        project = Project.objects.select_for_update().get(pk=project_id)
        before = project_values(project)
        for field, value in changes.items():
            if field not in before:
                raise Refused(f"项目没有“{field}”这一项，无法修改。", field=field)
            setattr(project, field, value.strip() if isinstance(value, str) else value)
        check_project(project)
        after = project_values(project)
        differing = [field for field in before if before[field] != after[field]]
        if differing:
            project.save()
            if "code" in differing:
                # Deliveries name their project by its code: they move with it, and whoever takes the old code
                # for another project must not find them there.
                ImportBatch.objects.filter(project_code=before["code"]).update(project_code=project.code)
            _recorded(
                actor,
                now,
                "project",
                project.pk,
                f"修改项目“{project.name}”的登记信息",
                [project.pk],
                {field: after[field] for field in differing},
                before={field: before[field] for field in differing},
            )
    return project


def add_participant(
    project: Project, *, employer: Employer, role: str, actor: Actor, now: dt.datetime
) -> Participation:
    """Record that ``employer`` plays ``role`` in ``project``; the same again changes nothing."""
    if role not in Participation.Role.values:
        raise Refused(f"参建角色“{role}”不在可选范围内，请重新选择。", field="role")
    with transaction.atomic():
        participation, created = Participation.objects.get_or_create(
            project=project, employer=employer, role=role
        )
        if created:
            title = Participation.Role(role).label
            _recorded(
                actor,
                now,
                "project",
                project.pk,
                f"“{employer.name}”登记为项目“{project.name}”的{title}",
                [project.pk],
                {"employer": employer.uscc, "role": role},
            )
    return participation


def remove_participant(participation: Participation, *, actor: Actor, now: dt.datetime) -> None:
    """Take back a participant registered by mistake."""
    project, employer = participation.project, participation.employer
    with transaction.atomic():
        participation.delete()
        _recorded(
            actor,
            now,
            "project",
            project.pk,
            f"“{employer.name}”不再是项目“{project.name}”的{Participation.Role(participation.role).label}",
            [project.pk],
            {},
            before={"employer": employer.uscc, "role": participation.role},
        )


def record_approval(
    project: Project,
    *,
    kind: str,
    number: str,
    actor: Actor,
    now: dt.datetime,
    issued_on: dt.date | None = None,
    issuer: str = "",
) -> ProjectApproval:
    """Record a permit or filing of the project (立项批复, 施工许可证, 合同备案…)."""
    kind, number = kind.strip(), number.strip()
    _require(kind, "批复类别", "kind")
    _require(number, "批复文号", "number")
    if project.approvals.filter(kind=kind, number=number, superseded_at__isnull=True).exists():
        raise Refused(f"{kind}“{number}”已登记，无需重复登记。", field="number")
    with transaction.atomic():
        approval = ProjectApproval.objects.create(
            project=project,
            kind=kind,
            number=number,
            issued_on=issued_on,
            issuer=issuer.strip(),
            recorded_at=now,
        )
        _recorded(
            actor,
            now,
            "project",
            project.pk,
            f"登记项目“{project.name}”的{kind}",
            [project.pk],
            {"kind": kind, "number": number},
        )
    return approval


def _require(text: str, title: str, field: str) -> None:
    if not text:
        raise Refused(f"{title}不能为空，请填写。", field=field)


def _recorded(
    actor: Actor,
    now: dt.datetime,
    object_type: str,
    object_id: int,
    summary: str,
    project_ids: list[int],
    after: dict[str, Any],
    before: dict[str, Any] | None = None,
) -> None:
    record(
        actor=actor,
        action=RECORDED,
        object_type=object_type,
        object_id=object_id,
        summary=summary,
        now=now,
        before=before,
        after={**after, "project_ids": project_ids},
    )
