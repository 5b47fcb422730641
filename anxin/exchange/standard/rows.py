"""Our records as rows of the standard's objects. Each function is one pass over one kind of record."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q

from anxin.exchange.standard import catalogue
from anxin.exchange.standard.showing import Showing
from anxin.kernel.money import parse_yuan, yuan_string
from anxin.payroll.models import PayrollLine
from anxin.registry.investment import judged
from anxin.registry.models import Employer, Participation, Project
from anxin.workforce.models import AttendanceDay, AttendanceMonth, Enrolment, Training, Worker

Row = dict[str, Any]
_CHUNK = 2000
_WAGE = re.compile(r"(\d+(?:\.\d{1,2})?)元/(天|小时|月)")
_RULES = {"小时": "0", "天": "1", "月": "3"}
_ROLE = Participation.Role


@dataclass
class Selection:
    """The projects a package is about, with what several objects need of them."""

    projects: Sequence[Project]
    showing: Showing
    today: dt.date
    #: (project id, team name) → number of the team, within the whole package
    teams: dict[tuple[int, str], int] = field(default_factory=dict)
    #: the employer of a team, where the roster names one that is registered
    team_employers: dict[tuple[int, str], str] = field(default_factory=dict)
    employers: dict[tuple[int, str], Employer] = field(default_factory=dict)
    #: project id → code and name of each of its owners, which say whose money it is
    owners: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    #: current enrolments of a worker on a project, for the employer and team of other rows
    places: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    #: hash of a contract on file → where it is in the package
    files: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for part in self._parts().select_related("employer").order_by("id"):
            self.employers.setdefault((part.project_id, part.role), part.employer)
            if part.role == _ROLE.OWNER:
                owner = part.employer
                self.owners.setdefault(part.project_id, []).append((owner.uscc, owner.name))
        places = self.enrolments().values_list("project_id", "worker_id", "team", "employer__uscc")
        for project, worker, team, uscc in places:
            self.places.setdefault((project, worker), (uscc or "", team))
            if team and uscc:
                self.team_employers.setdefault((project, team), uscc)
        named = {(project, team) for project, _, team, _ in places if team}
        lines = self.lines().exclude(team="").values_list("payroll__project_id", "team").distinct()
        self.teams = {key: number for number, key in enumerate(sorted(named | set(lines)), 1)}
        self.code = {project.pk: project.code for project in self.projects}

    def _parts(self) -> Any:
        return Participation.objects.filter(project__in=self.ids)

    @property
    def ids(self) -> list[int]:
        return [project.pk for project in self.projects]

    def enrolments(self) -> Any:
        return Enrolment.objects.filter(project__in=self.ids, superseded_at__isnull=True).order_by("id")

    def lines(self) -> Any:
        return PayrollLine.objects.filter(payroll__project__in=self.ids, superseded_at__isnull=True)

    def team(self, project: int, team: str) -> int | None:
        return self.teams.get((project, team)) if team else None

    def uscc(self, project: int, role: str) -> str | None:
        employer = self.employers.get((project, role))
        return employer.uscc if employer else None


def project_rows(chosen: Selection) -> Iterator[Row]:
    for one in chosen.projects:
        owner = chosen.employers.get((one.pk, _ROLE.OWNER))
        contractor = chosen.employers.get((one.pk, _ROLE.GENERAL_CONTRACTOR))
        yield {
            "projectCode": one.code,
            "projectName": one.name,
            "generalContractorCode": contractor.uscc if contractor else None,
            "generalContractorName": contractor.name if contractor else None,
            "ownerName": owner.name if owner else None,
            "buildCorporationCode": owner.uscc if owner else None,
            "builderLicenceNum": one.permit_number or None,
            "areaCode": area_code(one.region_id),
            "totalContractAmt": ten_thousands(one.contract_fen),
            "startDate": day(one.commencement),
            "completeDate": day(one.completion),
            "projectStatus": catalogue.ours("project_status")[one.state],
            "address": one.site_address or None,
            "x_regionCode": one.region_id,
            "x_industry": one.industry,
            "x_responsibleCode": one.responsible.code if one.responsible else None,
            "x_permitDate": day(one.permit_on),
            "x_contractDate": day(one.contract_on),
            "x_plannedCompleteDate": day(one.planned_completion),
            "x_payDay": one.pay_day,
            "x_payMonthOffset": one.pay_month_offset,
            "x_governmentInvested": flag(bool(judged(one, chosen.owners.get(one.pk, ())).government)),
        }


def employer_rows(chosen: Selection) -> Iterator[Row]:
    named = Q(participations__project__in=chosen.ids) | Q(pk__in=chosen.enrolments().values("employer_id"))
    for one in Employer.objects.filter(named).distinct().order_by("id").iterator(chunk_size=_CHUNK):
        yield {
            "organizationCode": one.uscc,
            "corpName": one.name,
            "areaCode": area_code(one.region_id) if one.region_id else None,
            "x_regionCode": one.region_id,
        }


def participant_rows(chosen: Selection) -> Iterator[Row]:
    types = catalogue.ours("contractor_type")
    for part in chosen._parts().select_related("employer").order_by("id").iterator(chunk_size=_CHUNK):
        yield {
            "projectCode": chosen.code[part.project_id],
            "organizationCode": part.employer.uscc,
            "contractorType": types[part.role],
        }


def worker_rows(chosen: Selection) -> Iterator[Row]:
    tied = (
        Q(pk__in=chosen.enrolments().values("worker_id"))
        | Q(pk__in=_days(chosen).values("worker_id"))
        | Q(pk__in=_months(chosen).values("worker_id"))
        | Q(pk__in=_trainings(chosen).values("worker_id"))
        | Q(pk__in=chosen.lines().filter(worker__isnull=False).values("worker_id"))
    )
    for worker in Worker.objects.filter(tied).order_by("id").iterator(chunk_size=_CHUNK):
        yield {
            "workerName": chosen.showing.name(worker.name),
            **chosen.showing.person(worker),
            **chosen.showing.born(worker),
            "cellPhone": chosen.showing.phone(worker.phone),
        }


def team_rows(chosen: Selection) -> Iterator[Row]:
    for (project, team), number in chosen.teams.items():
        yield {
            "teamSysNo": number,
            "projectCode": chosen.code[project],
            "organizationCode": chosen.team_employers.get((project, team)),
            "teamName": team,
        }


def member_rows(chosen: Selection) -> Iterator[Row]:
    for one in _enrolled(chosen):
        if one.team:
            yield {"teamSysNo": chosen.team(one.project_id, one.team), **chosen.showing.person(one.worker)}


def enrolment_rows(chosen: Selection) -> Iterator[Row]:
    for one in _enrolled(chosen):
        yield {
            "projectCode": chosen.code[one.project_id],
            "organizationCode": one.employer.uscc if one.employer else None,
            "teamSysNo": chosen.team(one.project_id, one.team),
            **chosen.showing.person(one.worker),
            "joinStatus": _join_status(one, chosen.today),
            "workTypeCode": catalogue.trade_code(one.trade) if one.trade else None,
            "cellPhone": chosen.showing.phone(one.worker.phone),
            "entryTime": day(one.entry),
            "exitTime": day(one.exit),
            "hasContract": flag(one.contract_signed),
            "contractCode": one.contract_number or None,
            "workerRole": "2",
            "payRollBankCardNumber": chosen.showing.card(one.bank_card),
            "x_trade": one.trade or None,
            "x_employeeNumber": one.employee_number or None,
            "x_agreedWage": one.agreed_wage or None,
            "x_employerName": one.employer_name or None,
        }


def entry_exit_rows(chosen: Selection) -> Iterator[Row]:
    for one in _enrolled(chosen):
        for moved, kind in ((one.entry, "0"), (one.exit, "1")):
            if moved:
                yield {
                    "projectCode": chosen.code[one.project_id],
                    "organizationCode": one.employer.uscc if one.employer else None,
                    **chosen.showing.person(one.worker),
                    "date": day(moved),
                    "type": kind,
                }


def contract_rows(chosen: Selection) -> Iterator[Row]:
    for one in _enrolled(chosen):
        if (
            one.contract_signed
            or one.pay_day
            or one.contract_number
            or one.contract_from
            or one.contract_until
        ):
            wage = _WAGE.fullmatch(one.agreed_wage)
            yield {
                "projectCode": chosen.code[one.project_id],
                "organizationCode": one.employer.uscc if one.employer else None,
                **chosen.showing.person(one.worker),
                "payRollRuleType": _RULES[wage[2]] if wage else None,
                "unitPrice": yuan_string(parse_yuan(wage[1]) or 0) if wage else None,
                "contractCode": one.contract_number or None,
                "startDate": day(one.contract_from),
                "endDate": day(one.contract_until),
                "x_teamSysNo": chosen.team(one.project_id, one.team),
                "x_payDay": one.pay_day,
            }


def contract_file_rows(chosen: Selection) -> Iterator[Row]:
    """Each contract on file; a name often tells whose it is, so it and the file go out in full only."""
    found = chosen.enrolments().filter(contract_file__isnull=False)
    for one in found.select_related("worker", "employer", "contract_file").iterator(chunk_size=_CHUNK):
        yield {
            "projectCode": chosen.code[one.project_id],
            "organizationCode": one.employer.uscc if one.employer else None,
            **chosen.showing.person(one.worker),
            "x_fileName": one.contract_file.name if chosen.showing.full else None,
            "x_sha256": one.contract_file.sha256,
            "x_size": one.contract_file.size,
            "x_file": chosen.files.get(one.contract_file.sha256),
            "x_teamSysNo": chosen.team(one.project_id, one.team),
        }


def training_rows(chosen: Selection) -> Iterator[Row]:
    """One row per training; who took part stands in rows of their own."""
    keys = _trainings(chosen).values_list("project_id", "on", "kind", "hours").distinct()
    for project, on, kind, hours in keys.order_by("project_id", "on", "kind", "hours"):
        yield {
            "projectCode": chosen.code[project],
            "trainingDate": day(on),
            "trainingDuration": number(hours),
            "trainingName": Training.Kind(kind).label,
            "x_trainingCode": _training_code(chosen, project, on, kind, hours),
            "x_kind": kind,
        }


def trained_rows(chosen: Selection) -> Iterator[Row]:
    found = _trainings(chosen).select_related("worker").order_by("id")
    for one in found.iterator(chunk_size=_CHUNK):
        yield {
            "x_trainingCode": _training_code(chosen, one.project_id, one.on, one.kind, one.hours),
            **chosen.showing.person(one.worker),
        }


def attendance_rows(chosen: Selection) -> Iterator[Row]:
    found = _days(chosen).select_related("worker").order_by("project_id", "worker_id", "day")
    for one in found.iterator(chunk_size=_CHUNK):
        uscc, team = chosen.places.get((one.project_id, one.worker_id), ("", ""))
        yield {
            "projectCode": chosen.code[one.project_id],
            "organizationCode": uscc or None,
            "teamSysNo": chosen.team(one.project_id, team),
            **chosen.showing.person(one.worker),
            "date": day(one.day),
            "x_share": number(one.share),
            "x_hours": number(one.hours),
            "x_overtimeHours": number(one.overtime_hours),
        }


def attendance_month_rows(chosen: Selection) -> Iterator[Row]:
    found = _months(chosen).select_related("worker").order_by("project_id", "month", "worker_id")
    for one in found.iterator(chunk_size=_CHUNK):
        yield {
            "projectCode": chosen.code[one.project_id],
            **chosen.showing.person(one.worker),
            "month": one.month,
            "days": number(one.days),
        }


def payroll_rows(chosen: Selection) -> Iterator[Row]:
    keys = chosen.lines().values_list("payroll__project_id", "month", "team").distinct()
    for project, month, team in sorted(keys):
        yield {
            "payRollCode": _payroll_code(chosen, project, month, team),
            "projectCode": chosen.code[project],
            "organizationCode": chosen.uscc(project, _ROLE.GENERAL_CONTRACTOR),
            "teamSysNo": chosen.team(project, team),
            "payMonth": month,
        }


def payroll_line_rows(chosen: Selection) -> Iterator[Row]:
    found = chosen.lines().select_related("payroll", "worker").order_by("payroll_id", "id")
    for one in found.iterator(chunk_size=_CHUNK):
        yield {
            "payRollCode": _payroll_code(chosen, one.payroll.project_id, one.payroll.month, one.team),
            **(chosen.showing.person(one.worker) if one.worker else {}),
            "days": number(one.days_worked),
            "payAmount": yuan_string(one.gross_fen),
            "actualAmount": yuan_string(one.net_fen),
            "payRollBankCardNumber": chosen.showing.card(one.bank_card),
            "x_workerName": chosen.showing.name(one.name) if one.name else None,
            "x_employeeNumber": _work_number(one.person_key),
            "x_deduction": None if one.deduction_fen is None else yuan_string(one.deduction_fen),
        }


#: object → its rows; objects that are not here have no records and go out empty
WRITERS: dict[str, Callable[[Selection], Iterator[Row]]] = {
    "ProjectMaster": project_rows,
    "SubContractor": employer_rows,
    "ProjectSubContractor": participant_rows,
    "WorkerMaster": worker_rows,
    "TeamMaster": team_rows,
    "TeamMember": member_rows,
    "ProjectWorker": enrolment_rows,
    "EntryExitHistory": entry_exit_rows,
    "WorkerContractRule": contract_rows,
    "ContractFile": contract_file_rows,
    "ProjectTraining": training_rows,
    "WorkerAttendance": attendance_rows,
    "PayRoll": payroll_rows,
    "PayRollDetail": payroll_line_rows,
    "x_AttendanceMonth": attendance_month_rows,
    "x_TrainingWorker": trained_rows,
}


def _enrolled(chosen: Selection) -> Iterator[Enrolment]:
    found = chosen.enrolments().select_related("worker", "employer")
    yield from found.iterator(chunk_size=_CHUNK)


def _days(chosen: Selection) -> Any:
    return AttendanceDay.objects.filter(project__in=chosen.ids, superseded_at__isnull=True)


def _months(chosen: Selection) -> Any:
    return AttendanceMonth.objects.filter(project__in=chosen.ids, superseded_at__isnull=True)


def _trainings(chosen: Selection) -> Any:
    return Training.objects.filter(project__in=chosen.ids, superseded_at__isnull=True)


def _training_code(chosen: Selection, project: int, on: dt.date, kind: str, hours: Decimal) -> str:
    return f"{chosen.code[project]}-{on:%Y%m%d}-{kind}-{number(hours)}"


def _join_status(one: Enrolment, today: dt.date) -> str:
    if one.exit and one.exit <= today:
        return "3"
    return "1" if one.entry and one.entry > today else "2"


def _payroll_code(chosen: Selection, project: int, month: str, team: str) -> str:
    return f"{chosen.code[project]}-{month.replace('-', '')}-{chosen.team(project, team) or 0}"


def _work_number(person_key: str) -> str | None:
    """The work number in the key of somebody known by name alone: ``n:张三#G01``, ``n:张三#G01|2``."""
    if not person_key.startswith("n:"):
        return None
    return person_key.partition("#")[2].partition("|")[0] or None


def area_code(region: str) -> str:
    """The six digits of a county; a place above it is filled with noughts."""
    return region[:6].ljust(6, "0")


def ten_thousands(fen: int | None) -> str | None:
    """Fen in units of 10,000 yuan, exactly: six decimals are one fen."""
    return None if fen is None else format((Decimal(fen) / 1_000_000).normalize(), "f")


def day(value: dt.date | None) -> str | None:
    return value.isoformat() if value else None


def flag(value: bool | None) -> str | None:
    return None if value is None else str(int(value))


def number(value: Decimal | None) -> str | None:
    return None if value is None else format(value.normalize(), "f")


__all__ = ["WRITERS", "Row", "Selection"]
