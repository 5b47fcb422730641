"""From a roster row and what the clerk typed for all to the fields of one contract."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.db.models import Q, QuerySet

from anxin.contracts.models import Contract
from anxin.evidence.sealing import Sealed
from anxin.kernel.identifiers import id_number_problem
from anxin.registry.models import Employer, Project
from anxin.workforce.models import Enrolment

_WAGE = re.compile(r"\s*([\d,]+(?:\.\d{1,2})?)\s*元?\s*[/／每]?\s*(天|日|工日|工|月)\s*")
_WAYS = {"天": "day", "日": "day", "工日": "day", "工": "day", "月": "month"}
_RATE_WORDS = {"day": "每日{}元", "month": "每月{}元"}
#: what the clerk types once for everybody
SHARED = (
    "employer_address", "employer_head", "employer_phone", "worker_address", "place", "term", "task", "hours",
    "insurance", "safety",
)  # fmt: skip
#: what the roster says of each, and what the clerk gives for those of whom it says nothing
OWN = ("trade", "pay_way", "pay_rate", "pay_day")


def wage_of(agreed: str) -> tuple[str, str]:
    """``("day", "每日300元")`` for ``300元/天``; any other way of writing is piece work as it is written; empty for nothing."""
    if not agreed.strip():
        return "", ""
    found = _WAGE.fullmatch(agreed)
    if found is None:
        return "piece", agreed.strip()
    way = _WAYS[found[2]]
    return way, _RATE_WORDS[way].format(found[1])


def own_rows(project: Project, employer: Employer) -> QuerySet[Enrolment]:
    """The current roster's rows of this employer's people; rows that name no employer are anybody's to claim."""
    return Enrolment.objects.filter(
        Q(employer=employer) | Q(employer__isnull=True, employer_name__in=["", employer.name]),
        project=project,
        superseded_at__isnull=True,
    )


def own_terms(row: Enrolment, project: Project, given: dict[str, Any]) -> dict[str, Any]:
    """This worker's own fields: the roster's word, else what the clerk gave for all."""
    way, rate = wage_of(row.agreed_wage)
    if not rate:
        way, rate = given.get("pay_way", ""), given.get("pay_rate", "")
    return {
        "trade": row.trade or given.get("trade", ""),
        "pay_way": way,
        "pay_rate": rate,
        "pay_day": row.pay_day or given.get("pay_day") or project.pay_day,
    }


def filled(contract: Contract, shared: dict[str, Any], on: dt.date) -> dict[str, Any]:
    """Every field of the text. Identifiers are opened here and go into the sealed file and nowhere else."""
    worker, employer, project = contract.worker, contract.employer, contract.project
    number = _open(worker.id_number)
    born, gender = _from_id(number)
    return {
        **{name: shared.get(name, "") for name in SHARED},
        **contract.terms,
        **_parties(employer, project),
        "issued_on": on,
        "number": contract.number,
        "worker": worker.name,
        "worker_gender": gender,
        "worker_born": born,
        "worker_id": number,
        "worker_phone": _open(worker.phone),
        "term": "fixed" if contract.ends_on else "task",
        "begins_on": contract.begins_on,
        "ends_on": contract.ends_on,
    }


def _parties(employer: Employer, project: Project) -> dict[str, Any]:
    return {"employer": employer.name, "employer_code": employer.uscc, "project": project.name}


def _open(value: Any) -> str:
    return value.open() if isinstance(value, Sealed) else ""


def _from_id(number: str) -> tuple[dt.date | None, str]:
    """Birthday and gender, as an ID number of valid form tells them."""
    if id_number_problem(number) is not None or len(number) != 18:
        return None, ""
    day = dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    return day, "male" if int(number[16]) % 2 else "female"
