"""Taking a package in: registry first, then people, days and wages, each by the door that a clerk's file takes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from anxin.accounts.access import IMPORT, actor, may, may_on
from anxin.accounts.models import User
from anxin.evidence import imports
from anxin.evidence.journal import Actor, record
from anxin.evidence.models import ImportBatch
from anxin.exchange.models import PackageImport
from anxin.exchange.standard import catalogue
from anxin.exchange.standard.agreements import take_agreements
from anxin.exchange.standard.registering import Permit, Registered, register
from anxin.exchange.standard.sheets import Sheet, Sheets
from anxin.exchange.standard.unpacking import Package, Problem, read
from anxin.kernel.refusal import Refused
from anxin.registry.access import may_register
from anxin.sheets import SheetRefused

IMPORTED = "exchange.imported"
#: problems kept with the result of an import
MOST_PROBLEMS = 20_000
#: objects whose rows other objects say again, or which only tie rows together inside the package
_TIES = ("WorkerMaster", "TeamMaster", "PayRoll", "ProjectTraining")


@dataclass
class ObjectCount:
    """What became of the rows of one object."""

    name: str
    title: str
    read: int = 0
    accepted: int = 0
    unchanged: int = 0
    rejected: int = 0
    note: str = ""


@dataclass
class Imported:
    """The result of one package: counts per object, problems, and the batches that hold the rows."""

    counts: list[ObjectCount] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    projects: list[str] = field(default_factory=list)
    #: the row under which the result is kept
    kept: PackageImport | None = None

    @property
    def rejected(self) -> int:
        return sum(count.rejected for count in self.counts)

    @property
    def changed(self) -> int:
        return sum(count.accepted for count in self.counts)

    def as_json(self) -> dict[str, Any]:
        return {
            "objects": [vars(count) for count in self.counts],
            "problems": [vars(problem) for problem in self.problems],
            "batches": self.batches,
            "projects": self.projects,
        }


def import_for(user: User, data: bytes, filename: str, *, now: dt.datetime) -> Imported:
    """Take a package in for somebody who delivers files. Raises :class:`Refused` for a whole package."""
    if not may(user, IMPORT):
        raise Refused("您的账号没有导入数据的权限，请联系系统管理员。")
    permit = Permit(
        may_change=lambda project: may_on(user, IMPORT, project),
        may_register=lambda region, industry, body: may_register(
            user, region=region, industry=industry, organisation=body
        ),
    )
    return _import(data, filename, permit, by=actor(user), now=now)


def import_for_operator(by: Actor, data: bytes, filename: str, *, now: dt.datetime) -> Imported:
    """The same for whoever runs the server."""
    permit = Permit(may_change=lambda project: True, may_register=lambda region, industry, body: True)
    return _import(data, filename, permit, by=by, now=now)


def _import(data: bytes, filename: str, permit: Permit, *, by: Actor, now: dt.datetime) -> Imported:
    package = read(data, filename)
    done = register(package, permit, actor=by, now=now)
    names = {uscc: employer.name for uscc, employer in done.employers.items()}
    sheets = Sheets(package, done.projects, names)
    result = Imported(projects=sorted(done.projects))
    files = sheets.build()
    for sheet in files:
        _deliver(sheet, done, result, by, now)
    take_agreements(package, done, by=by, now=now)
    result.problems += [*package.problems, *done.problems, *sheets.problems]
    result.problems.sort(key=lambda one: (list(catalogue.objects()).index(one.object), one.row))
    result.counts = _counts(package, done, result)
    with transaction.atomic():
        _keep(package, filename, result, by, now)
        _journal(package, filename, result, by, now)
    return result


def _deliver(sheet: Sheet, done: Registered, result: Imported, by: Actor, now: dt.datetime) -> None:
    """One sheet through its door; what the door gives back is told by object, row and field."""
    try:
        batch = imports.open_batch(
            kind=sheet.kind,
            data=sheet.data(),
            filename=sheet.filename,
            actor=by,
            now=now,
            project_code=sheet.project,
            month=sheet.month or None,
            mapping=sheet.mapping,
        )
        if batch.refusal and batch.recognition is None:
            raise Refused(batch.refusal)
        if not batch.already_accepted:
            batch = imports.accept_batch(batch.pk, actor=by, now=now, recognition=batch.recognition)
    except (Refused, SheetRefused) as refusal:
        result.problems += [Problem(sheet.object, row, "", str(refusal)) for row in sheet.origin.values()]
        return
    result.batches.append(batch.pk)
    _give_back(sheet, batch, result)
    taken = len(sheet.lines) - _rejected_rows(sheet, result)
    unchanged = taken if batch.already_accepted else _unchanged_rows(batch, taken)
    done.accepted[sheet.object] = done.accepted.get(sheet.object, 0) + taken - unchanged
    done.unchanged[sheet.object] = done.unchanged.get(sheet.object, 0) + unchanged


def _unchanged_rows(batch: ImportBatch, taken: int) -> int:
    return min(batch.rows_unchanged, taken)


def _rejected_rows(sheet: Sheet, result: Imported) -> int:
    mine = set(sheet.origin.values())
    return len(
        {
            one.row
            for one in result.problems
            if one.object == sheet.object and one.rejected and one.row in mine
        }
    )


def _give_back(sheet: Sheet, batch: ImportBatch, result: Imported) -> None:
    for problem in batch.problems.order_by("row", "id"):
        row = sheet.origin.get(problem.row)
        if row is not None:
            rejected = problem.severity == problem.Severity.REJECTED
            told = Problem(sheet.object, row, sheet.field_of(problem.header), problem.reason, rejected)
            result.problems.append(told)


def _counts(package: Package, done: Registered, result: Imported) -> list[ObjectCount]:
    rejected = Counter(name for name, _ in {(one.object, one.row) for one in result.problems if one.rejected})
    counts = []
    for spec in catalogue.objects().values():
        count = ObjectCount(spec.name, spec.title, read=package.read.get(spec.name, 0))
        count.accepted = done.accepted.get(spec.name, 0)
        count.unchanged = done.unchanged.get(spec.name, 0)
        count.rejected = rejected.get(spec.name, 0)
        count.note = spec.note or spec.derived
        if spec.name in _TIES:
            count.note = "随引用它的各行一并接收。"
        counts.append(count)
    return counts


def _keep(package: Package, filename: str, result: Imported, by: Actor, now: dt.datetime) -> None:
    result.kept = PackageImport.objects.create(
        filename=filename[:255],
        sha256=package.sha256,
        taken_by=by.key,
        taken_by_name=by.name,
        taken_at=now,
        projects=result.projects,
        counts=[vars(count) for count in result.counts if count.read],
        problems=[vars(problem) for problem in result.problems[:MOST_PROBLEMS]],
        problem_count=len(result.problems),
        changed=result.changed,
        rejected=result.rejected,
    )


def _journal(package: Package, filename: str, result: Imported, by: Actor, now: dt.datetime) -> None:
    record(
        actor=by,
        action=IMPORTED,
        object_type="package",
        object_id=package.sha256[:64],
        summary=(
            f"按实名制数据标准导入“{filename[:100]}”：{len(result.projects)}个项目，"
            f"变动{result.changed}行，退回{result.rejected}行"
        ),
        now=now,
        after={
            "projects": result.projects,
            "batches": result.batches,
            "rows": {
                count.name: [count.read, count.accepted, count.unchanged, count.rejected]
                for count in result.counts
                if count.read
            },
        },
    )
