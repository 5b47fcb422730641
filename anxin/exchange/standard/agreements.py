"""What no roster file holds (agreed pay day, contract and its file, trainings): in by the door of the particulars.

A row of the package is checked by itself and comes back by itself; what stands up is taken project by project. A
contract's rule and its file are two rows of the standard and one change of the enrolment.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from anxin.evidence import bulk
from anxin.evidence.journal import Actor
from anxin.evidence.sealing import finder
from anxin.exchange.standard.contract_files import keep_file
from anxin.exchange.standard.registering import Registered
from anxin.exchange.standard.unpacking import Package, Problem, Row
from anxin.kernel.refusal import Refused
from anxin.registry.models import Project
from anxin.workforce import particulars
from anxin.workforce.models import Enrolment, Training, Worker
from anxin.workforce.particulars_many import Agreement, TrainingSaid, take_contracts, take_trainings

CONTRACT, FILE, TRAINING, TRAINED = (
    "WorkerContractRule",
    "ContractFile",
    "ProjectTraining",
    "x_TrainingWorker",
)
_PLACE_FIELDS = {"project": "projectCode", "person": "idCardNumber"}
#: field of the door → the standard's
_FIELDS = {
    CONTRACT: {"pay_day": "x_payDay", "valid_until": "endDate", "signed": "contractCode", **_PLACE_FIELDS},
    FILE: {"file": "x_file", "hash": "x_sha256", "size": "x_size", **_PLACE_FIELDS},
}
_TRAINING_FIELDS = {"kind": "x_kind", "on": "trainingDate", "hours": "trainingDuration"}
_STRANGER = "这名工人不在本项目花名册上，此行未收。"
_PROJECT = "项目未能登记或不在本包里，此行未收。"
_MOVED = "花名册刚刚有更新，此行未收，请再导入一次。"


def take_agreements(package: Package, done: Registered, *, by: Actor, now: dt.datetime) -> None:
    """Contracts and trainings of the package; after the roster, whose enrolments they need."""
    find = finder("id")
    _contracts(package, done, find, by, now)
    _trainings(package, done, find, by, now)


# --- contracts -------------------------------------------------------------------------------------------


@dataclass
class _Changed:
    """One enrolment's agreement as the package leaves it, and the rows that say so."""

    place: Enrolment
    agreement: Agreement
    rows: list[tuple[str, int]] = field(default_factory=list)


class _Places:
    """The enrolments of the package's projects, by project and person, and what becomes of them."""

    def __init__(self, package: Package, done: Registered, find: Callable[[str], str]) -> None:
        self.done, self.find = done, find
        self.teams = {
            (row["projectCode"], row["teamSysNo"]): row["teamName"] for _, row in package.of("TeamMaster")
        }
        self.changed: dict[int, _Changed] = {}
        self.known: dict[tuple[int, str], list[Enrolment]] = defaultdict(list)
        said = {row["projectCode"] for name in (CONTRACT, FILE) for _, row in package.of(name)}
        projects = [done.projects[code] for code in said if code in done.projects]
        current = Enrolment.objects.filter(project__in=projects, superseded_at__isnull=True)
        for one in current.select_related("worker", "contract_file").order_by("id"):
            self.known[one.project_id, one.worker.id_hash].append(one)

    def of(self, row: Row) -> Enrolment:
        """The enrolment that a row is about: the one of its team, or the only one there is."""
        project = self.done.projects.get(row["projectCode"])
        if project is None:
            raise Refused(_PROJECT, field="project")
        places = self.known[project.pk, self.find(row["idCardNumber"])]
        team = self.teams.get((row["projectCode"], row.get("x_teamSysNo", "")), "")
        found = [one for one in places if one.team == team] or places
        if not found:
            raise Refused(_STRANGER, field="person")
        if len(found) > 1:
            reason = "这名工人在本项目有几份登记，看不出是哪一份的合同；请写明班组编号。"
            raise Refused(reason, field="person")
        return found[0]

    def agreement(self, place: Enrolment) -> Agreement:
        changed = self.changed.get(place.pk)
        return changed.agreement if changed else _standing(place)

    def change(self, place: Enrolment, agreement: Agreement, name: str, number: int) -> None:
        changed = self.changed.setdefault(place.pk, _Changed(place, agreement))
        changed.agreement = agreement
        changed.rows.append((name, number))


def _contracts(
    package: Package, done: Registered, find: Callable[[str], str], by: Actor, now: dt.datetime
) -> None:
    places = _Places(package, done, find)
    for name in (CONTRACT, FILE):
        for number, row in package.of(name):
            try:
                place = places.of(row)
                before = places.agreement(place)
                after = (
                    _agreed(place, before, row)
                    if name == CONTRACT
                    else _filed(place, before, row, package, now)
                )
            except Refused as refusal:
                done.refuse(name, number, refusal, _FIELDS[name])
                continue
            if after is None:
                done.problems.append(Problem(name, number, "x_file", _NOT_CARRIED, rejected=False))
                done.count(name, changed=False)
            elif after == before:
                done.count(name, changed=False)
            else:
                places.change(place, after, name, number)
    _take(places, by, now)


_NOT_CARRIED = "包里没有这份合同的原件，只有名称和校验值；没有登记文件，请另行上传。"


def _agreed(place: Enrolment, before: Agreement, row: Row) -> Agreement:
    """What the row leaves empty keeps what is known."""
    after = replace(
        before,
        pay_day=int(row["x_payDay"]) if "x_payDay" in row else before.pay_day,
        number=row.get("contractCode", before.number)[:60],
        valid_from=_date(row.get("startDate")) or before.valid_from,
        valid_until=_date(row.get("endDate")) or before.valid_until,
    )
    if after != before:
        particulars.check_contract(
            pay_day=after.pay_day,
            signed=place.contract_signed,
            number=after.number,
            valid_from=after.valid_from,
            valid_until=after.valid_until,
        )
    return after


def _filed(
    place: Enrolment, before: Agreement, row: Row, package: Package, now: dt.datetime
) -> Agreement | None:
    """The agreement with the row's file; ``None`` where the package only names one that is not here."""
    standing = before.file or place.contract_file
    if standing is not None and standing.sha256 == row.get("x_sha256", "").lower():
        return before
    if "x_file" not in row:
        return None
    return replace(before, file=keep_file(package, row, now))


def _take(places: _Places, by: Actor, now: dt.datetime) -> None:
    of_project: dict[int, list[_Changed]] = defaultdict(list)
    for changed in places.changed.values():
        of_project[changed.place.project_id].append(changed)
    projects = {project.pk: project for project in places.done.projects.values()}
    for pk, changes in of_project.items():
        said = {one.place.pk: one.agreement for one in changes}
        gone = take_contracts(projects[pk], said, by=by, now=now)
        for one in changes:
            for name, number in one.rows:
                if one.place.pk in gone:
                    places.done.refuse(name, number, Refused(_MOVED, field="person"), _FIELDS[name])
                else:
                    places.done.count(name, changed=True)


def _standing(place: Enrolment) -> Agreement:
    return Agreement(place.pay_day, place.contract_number, place.contract_from, place.contract_until)


# --- trainings -------------------------------------------------------------------------------------------


def _trainings(
    package: Package, done: Registered, find: Callable[[str], str], by: Actor, now: dt.datetime
) -> None:
    heads = _heads(package, done)
    projects = {
        done.projects[row["projectCode"]].pk: done.projects[row["projectCode"]] for row in heads.values()
    }
    hashes = {find(row["idCardNumber"]) for _, row in package.of(TRAINED)}
    workers = dict(bulk.look_up(Worker, "id_hash", hashes, ("id",)))
    enrolled = set(
        Enrolment.objects.filter(project__in=projects, superseded_at__isnull=True).values_list(
            "project_id", "worker_id"
        )
    )
    stands = set(
        Training.objects.filter(project__in=projects, superseded_at__isnull=True).values_list(
            "project_id", "worker_id", "on", "kind", "hours"
        )
    )
    new: dict[int, list[TrainingSaid]] = defaultdict(list)
    for number, row in package.of(TRAINED):
        try:
            worker = workers.get(find(row["idCardNumber"]))
            project, said = _training(heads.get(row["x_trainingCode"]), worker, done)
            changed = (project.pk, *said) not in stands
            if changed:
                particulars.check_training(on=said.on, kind=said.kind, hours=said.hours, now=now)
                if (project.pk, worker) not in enrolled:
                    raise Refused(_STRANGER, field="person")
                new[project.pk].append(said)
        except Refused as refusal:
            fields = {**_TRAINING_FIELDS, "training": "x_trainingCode", "person": "idCardNumber"}
            done.refuse(TRAINED, number, refusal, fields)
            continue
        done.count(TRAINED, changed=changed)
    for pk, rows in new.items():
        take_trainings(projects[pk], rows, by=by, now=now)


def _heads(package: Package, done: Registered) -> dict[str, Row]:
    """Code → training, of those that are whole."""
    heads: dict[str, Row] = {}
    for number, row in package.of(TRAINING):
        if row["projectCode"] not in done.projects:
            done.refuse(TRAINING, number, Refused(_PROJECT, field="on"), {"on": "projectCode"})
        elif "x_trainingCode" in row:
            heads[row["x_trainingCode"]] = row
        else:
            reason = Refused("没有培训编号，看不出谁参加了这次培训，此行未收。", field="on")
            done.refuse(TRAINING, number, reason, {"on": "x_trainingCode"})
    return heads


def _training(head: Row | None, worker: int | None, done: Registered) -> tuple[Project, TrainingSaid]:
    if head is None:
        raise Refused("这次培训不在本包里或已退回，此行未收。", field="training")
    if worker is None:
        raise Refused(_STRANGER, field="person")
    on, hours = dt.date.fromisoformat(head["trainingDate"]), Decimal(head["trainingDuration"])
    return done.projects[head["projectCode"]], TrainingSaid(worker, on, head.get("x_kind", ""), hours)


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
