"""What no roster file holds (agreed pay day, contract, trainings) goes in by the door of the roster's particulars."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal

from anxin.evidence import bulk
from anxin.evidence.journal import Actor
from anxin.evidence.sealing import finding_hash
from anxin.exchange.standard.registering import Registered
from anxin.exchange.standard.unpacking import Package, Row
from anxin.kernel.refusal import Refused
from anxin.workforce import particulars
from anxin.workforce.models import Enrolment, Training, Worker

CONTRACT, TRAINING, TRAINED = "WorkerContractRule", "ProjectTraining", "x_TrainingWorker"
#: field of the door → the standard's
_CONTRACT_FIELDS = {
    "pay_day": "x_payDay",
    "valid_until": "endDate",
    "signed": "contractCode",
}
_TRAINING_FIELDS = {"kind": "x_kind", "on": "trainingDate", "hours": "trainingDuration"}
_STRANGER = "这名工人不在本项目花名册上，此行未收。"
_PROJECT = "项目未能登记或不在本包里，此行未收。"


def take_agreements(package: Package, done: Registered, *, by: Actor, now: dt.datetime) -> None:
    """Contracts and trainings of the package; after the roster, whose enrolments they need."""
    _contracts(package, done, by, now)
    _trainings(package, done, by, now)


def _contracts(package: Package, done: Registered, by: Actor, now: dt.datetime) -> None:
    teams = {(row["projectCode"], row["teamSysNo"]): row["teamName"] for _, row in package.of("TeamMaster")}
    known: dict[tuple[int, str], list[Enrolment]] = defaultdict(list)
    projects = {done.projects[row["projectCode"]] for _, row in package.of(CONTRACT) if row["projectCode"] in done.projects}  # fmt: skip
    current = Enrolment.objects.filter(project__in=projects, superseded_at__isnull=True)
    for one in current.select_related("worker", "project", "contract_file").order_by("id"):
        known[one.project_id, one.worker.id_hash].append(one)
    for number, row in package.of(CONTRACT):
        try:
            project = done.projects.get(row["projectCode"])
            if project is None:
                raise Refused(_PROJECT, field="project")
            places = known[project.pk, _hash(row)]
            team = teams.get((row["projectCode"], row.get("x_teamSysNo", "")), "")
            changed = _contract(_place(places, team), row, by, now)
        except Refused as refusal:
            fields = {**_CONTRACT_FIELDS, "project": "projectCode", "person": "idCardNumber"}
            done.refuse(CONTRACT, number, refusal, fields)
            continue
        done.count(CONTRACT, changed=changed)


def _place(places: list[Enrolment], team: str) -> Enrolment:
    """The enrolment that a contract is about: the one of its team, or the only one there is."""
    exact = [one for one in places if one.team == team]
    found = exact or places
    if not found:
        raise Refused(_STRANGER, field="person")
    if len(found) > 1:
        raise Refused("这名工人在本项目有几份登记，看不出是哪一份的合同；请写明班组编号。", field="person")
    return found[0]


def _contract(place: Enrolment, row: Row, by: Actor, now: dt.datetime) -> bool:
    """Whether something changed. What the package leaves empty keeps what is known."""
    pay_day = int(row["x_payDay"]) if "x_payDay" in row else place.pay_day
    number = row.get("contractCode", place.contract_number)[:60]
    first = _date(row.get("startDate")) or place.contract_from
    last = _date(row.get("endDate")) or place.contract_until
    stands = (place.pay_day, place.contract_number, place.contract_from, place.contract_until)
    if (pay_day, number, first, last) == stands:
        return False
    particulars.take_contract(
        place,
        pay_day=pay_day,
        signed=place.contract_signed,
        number=number,
        valid_from=first,
        valid_until=last,
        by=by,
        now=now,
    )
    return True


def _trainings(package: Package, done: Registered, by: Actor, now: dt.datetime) -> None:
    heads: dict[str, Row] = {}
    for number, row in package.of(TRAINING):
        if row["projectCode"] not in done.projects:
            done.refuse(TRAINING, number, Refused(_PROJECT, field="on"), {"on": "projectCode"})
        elif "x_trainingCode" in row:
            heads[row["x_trainingCode"]] = row
        else:
            reason = Refused("没有培训编号，看不出谁参加了这次培训，此行未收。", field="on")
            done.refuse(TRAINING, number, reason, {"on": "x_trainingCode"})
    projects = {done.projects[row["projectCode"]] for row in heads.values()}
    stands = set(
        Training.objects.filter(project__in=projects, superseded_at__isnull=True).values_list(
            "project_id", "worker__id_hash", "on", "kind", "hours"
        )
    )
    hashes = {_hash(row) for _, row in package.of(TRAINED)}
    workers = {
        one.id_hash: one for piece in bulk.chunks(hashes) for one in Worker.objects.filter(id_hash__in=piece)
    }
    for number, row in package.of(TRAINED):
        try:
            changed = _training(
                heads.get(row["x_trainingCode"]), workers.get(_hash(row)), done, stands, by, now
            )
        except Refused as refusal:
            fields = {**_TRAINING_FIELDS, "training": "x_trainingCode", "person": "idCardNumber"}
            done.refuse(TRAINED, number, refusal, fields)
            continue
        done.count(TRAINED, changed=changed)


def _training(
    head: Row | None,
    worker: Worker | None,
    done: Registered,
    stands: set[tuple[int, str, dt.date, str, Decimal]],
    by: Actor,
    now: dt.datetime,
) -> bool:
    if head is None:
        raise Refused("这次培训不在本包里或已退回，此行未收。", field="training")
    if worker is None:
        raise Refused(_STRANGER, field="person")
    project = done.projects[head["projectCode"]]
    on, hours = dt.date.fromisoformat(head["trainingDate"]), Decimal(head["trainingDuration"])
    kind = head.get("x_kind", "")
    if (project.pk, worker.id_hash, on, kind, hours) in stands:
        return False
    particulars.take_training(project, worker, on=on, kind=kind, hours=hours, by=by, now=now)
    return True


def _hash(row: Row) -> str:
    return finding_hash("id", row["idCardNumber"])


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
