"""Projects, employers and participants of a package go in by the registry's own services."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Exists

from anxin.evidence.journal import Actor
from anxin.exchange.standard import catalogue
from anxin.exchange.standard.unpacking import Package, Problem, Row
from anxin.kernel.identifiers import clean_identifier
from anxin.kernel.refusal import Refused
from anxin.registry import services
from anxin.registry.investment import public_owners
from anxin.registry.models import Employer, Organisation, Participation, Project, Region
from anxin.registry.projects import FIELDS


@dataclass
class Permit:
    """Whether whoever imports may change this project, or register one there."""

    may_change: Callable[[Project], bool]
    may_register: Callable[[str, str, str], bool]


@dataclass
class Registered:
    """The projects by code that the rest of the package may go to; counts per object."""

    projects: dict[str, Project] = field(default_factory=dict)
    employers: dict[str, Employer] = field(default_factory=dict)
    accepted: dict[str, int] = field(default_factory=dict)
    unchanged: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def count(self, name: str, *, changed: bool) -> None:
        counts = self.accepted if changed else self.unchanged
        counts[name] = counts.get(name, 0) + 1

    def refuse(self, name: str, row: int, refusal: Refused, fields: dict[str, str]) -> None:
        self.problems.append(Problem(name, row, fields.get(refusal.field or "", ""), str(refusal)))


#: our field → the standard's, to say where a refusal is
_PROJECT_FIELDS = {
    "code": "projectCode",
    "name": "projectName",
    "region": "areaCode",
    "industry": "x_industry",
    "state": "projectStatus",
    "responsible": "x_responsibleCode",
    "permit_number": "builderLicenceNum",
    "permit_on": "x_permitDate",
    "contract_on": "x_contractDate",
    "commencement": "startDate",
    "planned_completion": "x_plannedCompleteDate",
    "completion": "completeDate",
    "contract_fen": "totalContractAmt",
    "pay_day": "x_payDay",
    "pay_month_offset": "x_payMonthOffset",
    "government_invested": "x_governmentInvested",
    "site_address": "address",
}
_EMPLOYER_FIELDS = {"uscc": "organizationCode", "name": "corpName"}


def register(package: Package, permit: Permit, *, actor: Actor, now: dt.datetime) -> Registered:
    """Register what is new, change what differs, leave alone what is the same."""
    done = Registered()
    places = {code for _, row in package.of("ProjectMaster") for code in _region_codes(row)}
    places |= {code for _, row in package.of("SubContractor") for code in _region_codes(row)}
    regions = Region.objects.in_bulk(places)
    _projects(package, permit, regions, done, actor, now)
    _employers(package, regions, done, actor, now)
    _participants(package, done, actor, now)
    return done


def _projects(
    package: Package,
    permit: Permit,
    regions: dict[str, Region],
    done: Registered,
    actor: Actor,
    now: dt.datetime,
) -> None:
    codes = [row["projectCode"] for _, row in package.of("ProjectMaster")]
    known = {
        one.code: one
        for one in Project.objects.filter(code__in=codes)
        .select_related("region", "responsible")
        .annotate(by_owner=Exists(public_owners()))
    }
    bodies = {
        one.code: one
        for one in Organisation.objects.filter(
            code__in=[row["x_responsibleCode"] for _, row in package.of("ProjectMaster") if "x_responsibleCode" in row]
        )
    }  # fmt: skip
    for number, row in package.of("ProjectMaster"):
        try:
            values = _project_values(row, regions, bodies)
            project, changed = _project(row, known.get(row["projectCode"]), values, permit, actor, now)
        except Refused as refusal:
            done.refuse("ProjectMaster", number, refusal, _PROJECT_FIELDS)
            continue
        done.projects[project.code] = project
        done.count("ProjectMaster", changed=changed)


def _project(
    row: Row,
    known: Project | None,
    values: dict[str, Any],
    permit: Permit,
    actor: Actor,
    now: dt.datetime,
) -> tuple[Project, bool]:
    if known is None:
        body = values.get("responsible")
        place = (values["region"].code, values["industry"], body.code if body else "")
        if not permit.may_register(*place):
            raise Refused("您没有在该地区、该行业登记项目的权限。", field="region")
        return services.register_project(**values, actor=actor, now=now), True
    if not permit.may_change(known):
        # Somebody else's project does not exist for this person; its code is taken all the same.
        raise Refused(f"项目编码“{known.code}”已被登记，您没有导入该项目数据的权限。", field="code")
    changes = {name: value for name, value in values.items() if getattr(known, name) != value}
    if changes.get("government_invested") and vars(known)["by_owner"]:
        # counts as the government's already: what follows from its owner is no tick of somebody's
        del changes["government_invested"]
    if not changes:
        return known, False
    return services.update_project(known.pk, changes=changes, actor=actor, now=now), True


def _project_values(row: Row, regions: dict[str, Region], bodies: dict[str, Organisation]) -> dict[str, Any]:
    """Our fields from the row; what a package of another maker does not say is left out."""
    region = next((regions[code] for code in _region_codes(row) if code in regions), None)
    if region is None:
        raise Refused(f"没有登记地区代码“{row['areaCode'][:12]}”，请先登记该地区。", field="region")
    values: dict[str, Any] = {
        "code": row["projectCode"],
        "name": row["projectName"],
        "region": region,
        "industry": row.get("x_industry", "housing"),
        "state": _state(row),
        "permit_number": row.get("builderLicenceNum", ""),
        "site_address": row.get("address", ""),
        "commencement": _date(row.get("startDate")),
        "completion": _date(row.get("completeDate")),
        "contract_fen": _fen(row.get("totalContractAmt")),
    }
    if "x_responsibleCode" in row:
        if row["x_responsibleCode"] not in bodies:
            raise Refused(
                f"没有登记主管单位“{row['x_responsibleCode'][:20]}”，请先登记。", field="responsible"
            )
        values["responsible"] = bodies[row["x_responsibleCode"]]
    for name, code, read in (
        ("permit_on", "x_permitDate", _date),
        ("contract_on", "x_contractDate", _date),
        ("planned_completion", "x_plannedCompleteDate", _date),
        ("pay_day", "x_payDay", int),
        ("pay_month_offset", "x_payMonthOffset", int),
        ("government_invested", "x_governmentInvested", "1".__eq__),
    ):
        if code in row:
            values[name] = read(row[code])
    assert set(values) <= set(FIELDS)
    return values


def _state(row: Row) -> str:
    code = row.get("projectStatus")
    if code is None:
        return Project.State.IN_PROGRESS
    ours = catalogue.from_code("project_status")
    if code not in ours:
        words = catalogue.codes("project_status")[code]
        raise Refused(f"项目状态“{words}”在本系统没有对应，请待开工后再导入。", field="state")
    return ours[code]


def _employers(
    package: Package, regions: dict[str, Region], done: Registered, actor: Actor, now: dt.datetime
) -> None:
    codes = [clean_identifier(row["organizationCode"]) for _, row in package.of("SubContractor")]
    known = {one.uscc: one for one in Employer.objects.filter(uscc__in=codes)}
    for number, row in package.of("SubContractor"):
        uscc, name = clean_identifier(row["organizationCode"]), row["corpName"]
        found = known.get(uscc)
        try:
            if found is not None and found.name != name:
                raise Refused(f"统一社会信用代码{uscc}已登记为“{found.name}”，与本行名称不同。", field="name")
            if found is None:
                region = next((regions[code] for code in _region_codes(row) if code in regions), None)
                known[uscc] = services.register_employer(
                    uscc=uscc, name=name, region=region, actor=actor, now=now
                )
        except Refused as refusal:
            done.refuse("SubContractor", number, refusal, _EMPLOYER_FIELDS)
            continue
        done.employers[uscc] = known[uscc]
        done.count("SubContractor", changed=found is None)


def _participants(package: Package, done: Registered, actor: Actor, now: dt.datetime) -> None:
    roles = catalogue.from_code("contractor_type")
    standing = set(
        Participation.objects.filter(project__in=list(done.projects.values())).values_list(
            "project__code", "employer__uscc", "role"
        )
    )
    for number, row in package.of("ProjectSubContractor"):
        uscc = clean_identifier(row["organizationCode"])
        project, employer = done.projects.get(row["projectCode"]), done.employers.get(uscc)
        role = roles.get(row["contractorType"])
        if role is None:
            words = catalogue.codes("contractor_type")[row["contractorType"]]
            reason = f"本系统不登记“{words}”，此行未收。"
            done.problems.append(Problem("ProjectSubContractor", number, "contractorType", reason))
        elif project is None:
            reason = "项目未能登记或不在本包里，此行未收。"
            done.problems.append(Problem("ProjectSubContractor", number, "projectCode", reason))
        elif employer is None:
            reason = "企业未能登记或不在本包里，此行未收。"
            done.problems.append(Problem("ProjectSubContractor", number, "organizationCode", reason))
        else:
            changed = (project.code, uscc, role) not in standing
            if changed:
                services.add_participant(project, employer=employer, role=role, actor=actor, now=now)
            done.count("ProjectSubContractor", changed=changed)


def _region_codes(row: Row) -> list[str]:
    """The place by its own code, else by its six digits, a city or province without its noughts."""
    said = row.get("areaCode", "")
    shorter = said
    while len(shorter) > 2 and shorter.endswith("00"):
        shorter = shorter[:-2]
    return [code for code in dict.fromkeys((row.get("x_regionCode", ""), said, shorter)) if code]


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _fen(text: str | None) -> int | None:
    if text is None:
        return None
    fen = Decimal(text) * 1_000_000
    if fen != int(fen):
        raise Refused("承包合同额（万元）的小数超过六位，不足一分。", field="contract_fen")
    return int(fen)
