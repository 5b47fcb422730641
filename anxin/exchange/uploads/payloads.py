"""What is reported of our records, in our own words; an adapter puts it into a platform's."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Q

from anxin.evidence.sealing import Sealed, finding_hash
from anxin.exchange.models import Kind
from anxin.kernel.masking import mask_card, mask_id_number, mask_name, mask_phone
from anxin.kernel.money import yuan_string
from anxin.kernel.months import Month
from anxin.payroll.models import PayrollLine
from anxin.registry.models import Employer, Participation, Project
from anxin.workforce.models import AttendanceDay, Enrolment, Worker

Key = tuple[str, str]
_MASKS: Mapping[str, Callable[[str], str]] = {
    "id_number": mask_id_number,
    "bank_card": mask_card,
    "phone": mask_phone,
}
#: words for the fields, for people who mend a rejected record
FIELD_TITLES = {
    "uscc": "统一社会信用代码",
    "name": "名称或姓名",
    "region": "地区代码",
    "code": "项目编码",
    "permit": "施工许可证号",
    "contractor": "施工总承包单位",
    "owner": "建设单位",
    "commencement": "开工日期",
    "completion": "竣工日期",
    "state": "项目状态",
    "contract_yuan": "合同价款",
    "address": "工地地址",
    "id_number": "身份证号",
    "phone": "手机号",
    "project": "项目",
    "employer": "用人单位",
    "team": "班组",
    "trade": "工种",
    "entry": "进场日期",
    "exit": "退场日期",
    "contract": "劳动合同",
    "month": "月份",
    "days": "出勤天数",
    "dates": "出勤日期",
    "gross": "应发工资",
    "net": "实发工资",
    "bank_card": "银行卡号",
}


@dataclass
class Outgoing:
    """One record as it is to go. ``references``: the keys of what it is about (employer, project, worker)."""

    kind: str
    key: str
    title: str
    body: dict[str, Any]
    references: dict[str, str]
    needs: list[Key] = field(default_factory=list)
    projects: set[int] = field(default_factory=set)

    @property
    def version(self) -> str:
        """Equal for equal content. Keyed: an ID number could be tried out against a plain hash."""
        canonical = json.dumps(self.body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return finding_hash("upload", f"{self.kind}|{self.key}|{canonical}")


def masked_value(name: str, value: Any) -> Any:
    """A value of a body as people may see it."""
    if not isinstance(value, str) or not value:
        return value
    mask = _MASKS.get(name)
    return mask(value) if mask else value


def masked_body(outgoing: Outgoing) -> dict[str, Any]:
    """The body as people may see it; the name of a firm or project is no secret, a person's is."""
    person = outgoing.kind not in (Kind.ENTERPRISE, Kind.PROJECT)
    shown = {name: masked_value(name, value) for name, value in outgoing.body.items()}
    if person and isinstance(shown.get("name"), str):
        shown["name"] = mask_name(shown["name"])
    return shown


def of_project(project: Project, kinds: Iterable[str]) -> Iterator[Outgoing]:
    """Everything to report of one project, in the order of reporting."""
    wanted = set(kinds)
    for kind, build in _BUILDERS.items():
        if kind in wanted:
            yield from build(project)


def one(kind: str, key: str, projects: Iterable[int]) -> Outgoing | None:
    """The record as it stands now, or ``None`` where we no longer have it."""
    for project in Project.objects.filter(pk__in=list(projects)).select_related("region"):
        found = next((out for out in _NARROW[kind](project, key) if out.key == key), None)
        if found is not None:
            return found
    return None


# --- by kind ---------------------------------------------------------------------------------------------


def _enterprises(project: Project, only: Q | None = None) -> Iterator[Outgoing]:
    enrolled = Enrolment.objects.filter(project=project, superseded_at__isnull=True)
    tied = Q(participations__project=project) | Q(pk__in=enrolled.values("employer_id"))
    for firm in Employer.objects.filter(tied, only or Q()).distinct().order_by("pk"):
        body = {"uscc": firm.uscc, "name": firm.name, "region": firm.region_id or ""}
        yield Outgoing(
            Kind.ENTERPRISE, str(firm.pk), firm.name, body, {"employer": str(firm.pk)}, [], {project.pk}
        )


def _projects(project: Project) -> Iterator[Outgoing]:
    roles = {
        part.role: part.employer for part in project.participations.select_related("employer").order_by("-id")
    }
    owner = roles.get(Participation.Role.OWNER)
    contractor = roles.get(Participation.Role.GENERAL_CONTRACTOR)
    body = {
        "code": project.code,
        "name": project.name,
        "region": project.region_id,
        "permit": project.permit_number,
        "contractor": contractor.uscc if contractor else "",
        "owner": owner.uscc if owner else "",
        "commencement": _day(project.commencement),
        "completion": _day(project.completion or project.planned_completion),
        "state": project.state,
        "contract_yuan": "" if project.contract_fen is None else yuan_string(project.contract_fen),
        "address": project.site_address,
    }
    needs = [(str(Kind.ENTERPRISE), str(contractor.pk))] if contractor else []
    yield Outgoing(
        Kind.PROJECT, str(project.pk), project.name, body, {"project": str(project.pk)}, needs, {project.pk}
    )


def _personnel(project: Project, only: Q | None = None) -> Iterator[Outgoing]:
    current = {"superseded_at__isnull": True}
    tied = Q(pk__in=Enrolment.objects.filter(project=project, **current).values("worker_id")) | Q(
        pk__in=PayrollLine.objects.filter(payroll__project=project, worker__isnull=False, **current).values(
            "worker_id"
        )
    )
    for person in Worker.objects.filter(tied, only or Q()).order_by("pk").iterator(chunk_size=2000):
        body = {
            "name": person.name,
            "id_number": _opened(person.id_number),
            "phone": _opened(person.phone),
        }
        references = {"worker": str(person.pk)}
        yield Outgoing(
            Kind.PERSONNEL, str(person.pk), mask_name(person.name), body, references, [], {project.pk}
        )


def _entries(project: Project, only: Q | None = None) -> Iterator[Outgoing]:
    found = Enrolment.objects.filter(only or Q(), project=project, superseded_at__isnull=True)
    for one in found.select_related("worker", "employer").order_by("pk").iterator(chunk_size=2000):
        key = f"{project.pk}:{one.worker_id}:{one.team}"
        body = {
            "project": project.code,
            "id_number": _opened(one.worker.id_number),
            "employer": one.employer.uscc if one.employer else "",
            "team": one.team,
            "trade": one.trade,
            "entry": _day(one.entry),
            "exit": _day(one.exit),
            "contract": "" if one.contract_signed is None else str(int(one.contract_signed)),
        }
        title = f"{mask_name(one.worker.name)}　{one.team or '未分班组'}"
        yield _about(Kind.ENTRY, key, title, body, project, one.worker_id)


def _attendance(project: Project, only: Q | None = None) -> Iterator[Outgoing]:
    days = AttendanceDay.objects.filter(only or Q(), project=project, superseded_at__isnull=True)
    months: dict[tuple[int, str], list[AttendanceDay]] = defaultdict(list)
    for one in days.select_related("worker").order_by("worker_id", "day").iterator(chunk_size=5000):
        months[one.worker_id, str(Month.of(one.day))].append(one)
    for (worker, month), worked in months.items():
        total = sum((one.share for one in worked), Decimal(0))
        body = {
            "project": project.code,
            "id_number": _opened(worked[0].worker.id_number),
            "month": month,
            "days": format(total.normalize(), "f"),
            "dates": [f"{one.day}:{format(one.share.normalize(), 'f')}" for one in worked],
        }
        title = f"{mask_name(worked[0].worker.name)}　{month}"
        yield _about(Kind.ATTENDANCE, f"{project.pk}:{worker}:{month}", title, body, project, worker)


def _pay(project: Project, only: Q | None = None) -> Iterator[Outgoing]:
    """Lines of people we know: a name alone is nobody a platform could take."""
    lines = PayrollLine.objects.filter(
        only or Q(), payroll__project=project, superseded_at__isnull=True, worker__isnull=False
    )
    for one in lines.select_related("worker").order_by("pk").iterator(chunk_size=2000):
        assert one.worker is not None
        month = one.month
        body = {
            "project": project.code,
            "id_number": _opened(one.worker.id_number),
            "name": one.worker.name,
            "month": month,
            "team": one.team,
            "days": "" if one.days_worked is None else format(one.days_worked.normalize(), "f"),
            "gross": yuan_string(one.gross_fen),
            "net": yuan_string(one.net_fen),
            "bank_card": _opened(one.bank_card),
        }
        title = f"{mask_name(one.worker.name)}　{month}"
        yield _about(Kind.PAY, f"{project.pk}:{month}:{one.person_key}", title, body, project, one.worker_id)


def _about(
    kind: str, key: str, title: str, body: dict[str, Any], project: Project, worker: int | None
) -> Outgoing:
    """A record about a person on a project: both must be known to the platform first."""
    return Outgoing(
        kind,
        key,
        title,
        body,
        {"project": str(project.pk), "worker": str(worker)},
        [(str(Kind.PROJECT), str(project.pk)), (str(Kind.PERSONNEL), str(worker))],
        {project.pk},
    )


_BUILDERS: dict[str, Callable[[Project], Iterator[Outgoing]]] = {
    Kind.ENTERPRISE: _enterprises,
    Kind.PROJECT: _projects,
    Kind.PERSONNEL: _personnel,
    Kind.ENTRY: _entries,
    Kind.ATTENDANCE: _attendance,
    Kind.PAY: _pay,
}


def _by_key(build: Callable[..., Iterator[Outgoing]], project: Project, key: str) -> Iterator[Outgoing]:
    return build(project, Q(pk=int(key)))


def _by_worker(build: Callable[..., Iterator[Outgoing]], project: Project, key: str) -> Iterator[Outgoing]:
    return build(project, Q(worker=int(key.split(":")[1])))


def _one_pay(project: Project, key: str) -> Iterator[Outgoing]:
    _, month, person = key.split(":", 2)
    return _pay(project, Q(month=month, person_key=person))


#: the same for one record, without reading the others of its project
_NARROW: dict[str, Callable[[Project, str], Iterator[Outgoing]]] = {
    Kind.ENTERPRISE: partial(_by_key, _enterprises),
    Kind.PROJECT: lambda project, key: _projects(project),
    Kind.PERSONNEL: partial(_by_key, _personnel),
    Kind.ENTRY: partial(_by_worker, _entries),
    Kind.ATTENDANCE: partial(_by_worker, _attendance),
    Kind.PAY: _one_pay,
}


def _opened(sealed: object) -> str:
    return sealed.open() if isinstance(sealed, Sealed) else ""


def _day(value: Any) -> str:
    return value.isoformat() if value else ""
