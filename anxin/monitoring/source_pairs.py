"""Evidence keys of two parts (``attendance:WORKER@MONTH``): one key, every row that speaks of it.

Every table is asked once for all keys of a page.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import CharField, Count, F, Min, Q, Sum
from django.db.models.functions import Cast, Substr

from anxin.funds.models import Disbursement, SpecialAccount
from anxin.funds.models_accounts import AccountBalance
from anxin.kernel.money import format_yuan
from anxin.kernel.months import Month
from anxin.monitoring.source_punches import add_flows, add_punches
from anxin.monitoring.source_rows import (
    ACCOUNT,
    BALANCE,
    DISBURSEMENT,
    ENROLMENT,
    INSURANCE,
    TERM,
    UTILITY,
    Source,
    load,
    load_rows,
)
from anxin.payroll.models import PayrollLine
from anxin.workforce.models import AttendanceDay, AttendanceMonth, Enrolment

Found = defaultdict[str, list[Source]]


def add_pairs(found: Found, wanted: Mapping[str, set[str]], project_id: int | None) -> None:
    """The places behind all keys of two parts; of a project nothing is read but that of the warning."""
    if project_id is not None:
        for kind, add in OF_A_PROJECT.items():
            if wanted.get(kind):
                add(found, wanted[kind], project_id)
    if wanted.get("employer_month"):
        _add_employer_months(found, wanted["employer_month"])


def _current(project_id: int) -> Q:
    return Q(project_id=project_id, superseded_at__isnull=True)


def _second(keys: set[str]) -> set[str]:
    return {key.partition("@")[2] for key in keys}


def _add_loaded(found: Found, kind: str, loaded: list[tuple[int, Source]], key_of: Mapping[int, str]) -> None:
    for pk, source in loaded:
        found[f"{kind}:{key_of[pk]}"].append(source)


def _add_accounts(found: Found, keys: set[str], project_id: int) -> None:
    """``special_account:PROJECT@OPENED``."""
    days = {dt.date.fromisoformat(day) for day in _second(keys)}
    rows = SpecialAccount.objects.filter(_current(project_id), opened_on__in=days)
    key_of = {pk: f"{project_id}@{opened}" for pk, opened in rows.values_list("pk", "opened_on")}
    _add_loaded(found, "special_account", load("special_account", ACCOUNT, Q(pk__in=key_of)), key_of)


def _add_balances(found: Found, keys: set[str], project_id: int) -> None:
    """``account_balance:PROJECT@DAY``: every account of the project on that day."""
    days = {dt.date.fromisoformat(day) for day in _second(keys)}
    rows = AccountBalance.objects.filter(
        account__project_id=project_id, on__in=days, superseded_at__isnull=True
    )
    key_of = {pk: f"{project_id}@{on}" for pk, on in rows.values_list("pk", "on")}
    _add_loaded(found, "account_balance", load("account_balance", BALANCE, Q(pk__in=key_of)), key_of)


def _add_enrolments(found: Found, keys: set[str], project_id: int) -> None:
    """``enrolment:PROJECT@WORKER``: the lines of the roster; of a stranger the sheets that have days of theirs."""
    workers = {int(worker) for worker in _second(keys) if worker.isdecimal()}
    rows = Enrolment.objects.filter(_current(project_id), worker_id__in=workers)
    worker_of = dict(rows.values_list("pk", "worker_id"))
    key_of = {pk: f"{project_id}@{worker}" for pk, worker in worker_of.items()}
    _add_loaded(found, "enrolment", load("enrolment", ENROLMENT, Q(pk__in=key_of)), key_of)
    if strangers := workers - set(worker_of.values()):
        _add_strangers(found, strangers, project_id)


def _add_strangers(found: Found, workers: set[int], project_id: int) -> None:
    here = {"project_id": project_id, "worker_id__in": workers, "superseded_at__isnull": True}
    sheets = ("worker_id", *_FILE)
    days = AttendanceDay.objects.filter(share__gt=0, **here).values(*sheets)
    months = AttendanceMonth.objects.filter(days__gt=0, **here).values(*sheets)
    for rows, measure in ((days, "share"), (months, "days")):
        for row in rows.annotate(total=Sum(measure), first_row=Min("row_number")).order_by("batch_id"):
            key = f"enrolment:{project_id}@{row['worker_id']}"
            found[key].append(_attendance_source(key, row, "花名册上没有，"))


def _add_payrolls(found: Found, keys: set[str], project_id: int) -> None:
    """``payroll:PROJECT@MONTH``: the sheets with lines of that month, each once with its people added up."""
    rows = PayrollLine.objects.filter(
        payroll__project_id=project_id, month__in=_second(keys), superseded_at__isnull=True
    )
    sheets = rows.values("month", *_FILE)
    for row in sheets.annotate(total=Sum("net_fen"), people=Count("pk")).order_by("batch_id"):
        key = f"payroll:{project_id}@{row['month']}"
        text = f"{row['month']}工资表{row['people']}行，实发合计{format_yuan(row['total'] or 0)}"
        found[key].append(_sheet_source(key, "工资表", text, row))


def _add_employer_months(found: Found, keys: set[str]) -> None:
    """``employer_month:EMPLOYER@MONTH``: what the social insurance and the meters said of that month."""
    employers = {
        int(employer) for employer in (key.partition("@")[0] for key in keys) if employer.isdecimal()
    }
    where = Q(employer_id__in=employers, month__in=_second(keys), superseded_at__isnull=True)
    for spec in (INSURANCE, UTILITY):
        for row, source in load_rows("employer_month", spec, where, also=("employer_id", "month")):
            key = f"{row['employer_id']}@{row['month']}"
            if key in keys:
                found[f"employer_month:{key}"].append(source)


def _add_attendance(found: Found, keys: set[str], project_id: int) -> None:
    """``attendance:WORKER@MONTH``: one source per worker and sheet, with its days added up."""
    _add_days(found, "attendance", keys, project_id)


def _add_punches(found: Found, keys: set[str], project_id: int) -> None:
    """``punches:WORKER@MONTH``: what gates and files told; where nothing is kept of that, the days of attendance."""
    add_punches(found, keys, project_id)
    if silent := {key for key in keys if f"punches:{key}" not in found}:
        _add_days(found, "punches", silent, project_id)


def _add_days(found: Found, kind: str, keys: set[str], project_id: int) -> None:
    pairs = {(int(worker), month) for worker, _, month in (key.partition("@") for key in keys)}
    workers = {worker for worker, _ in pairs}
    months = sorted({month for _, month in pairs})
    first, last = Month.parse(months[0]).first_day, Month.parse(months[-1]).last_day
    here = {"project_id": project_id, "worker_id__in": workers, "superseded_at__isnull": True}
    month = Substr(Cast("day", CharField(max_length=10)), 1, 7)
    by_day = (
        AttendanceDay.objects.filter(day__range=(first, last), share__gt=0, **here)
        .annotate(of_month=month)
        .values("worker_id", "of_month", *_FILE)
        # days of a list stand in a row each: the first of them leads to the person
        .annotate(total=Sum("share"), first_row=Min("row_number"))
    )
    by_month = (
        AttendanceMonth.objects.filter(month__in=months, **here)
        .annotate(of_month=F("month"))
        .values("worker_id", "of_month", *_FILE)
        .annotate(total=Sum("days"), first_row=Min("row_number"))
    )
    for row in [*by_day.order_by("batch_id", "first_row"), *by_month.order_by("batch_id", "first_row")]:
        if (row["worker_id"], row["of_month"]) in pairs:
            key = f"{kind}:{row['worker_id']}@{row['of_month']}"
            found[key].append(_attendance_source(key, row, row["of_month"]))


_FILE = ("batch_id", "batch__filename", "batch__report__sheet")


def _attendance_source(key: str, row: dict[str, Any], prefix: str) -> Source:
    return _sheet_source(key, "考勤", f"{prefix}出勤{float(row['total']):g}天", row)


def _sheet_source(key: str, title: str, text: str, row: dict[str, Any]) -> Source:
    return Source(
        key=key,
        title=title,
        text=text,
        person="",
        batch=row["batch_id"],
        file=row["batch__filename"] or "",
        sheet=row["batch__report__sheet"] or "",
        row=row.get("first_row"),
    )


def _add_labour_cost(found: Found, keys: set[str], project_id: int) -> None:
    """``labour_cost:PROJECT@MONTH``: the terms, and what was disbursed for the month."""
    here = Q(project_id=project_id, superseded_at__isnull=True)
    terms = [source for _, source in load("labour_cost_term", TERM, here)]
    months = {key.partition("@")[2] for key in keys}
    paid = Disbursement.objects.filter(here, month__in=months).values_list("pk", "month")
    month_of = dict(paid)
    disbursed = load("disbursement", DISBURSEMENT, Q(pk__in=month_of))
    for key in keys:
        month = key.partition("@")[2]
        mine = [source for pk, source in disbursed if month_of[pk] == month]
        found[f"labour_cost:{key}"] += [*terms, *mine]


OF_A_PROJECT: dict[str, Callable[[Found, set[str], int], None]] = {
    "attendance": _add_attendance,
    "punches": _add_punches,
    "card_flow": add_flows,
    "labour_cost": _add_labour_cost,
    "special_account": _add_accounts,
    "account_balance": _add_balances,
    "enrolment": _add_enrolments,
    "payroll": _add_payrolls,
}
#: every kind whose key has two parts
PAIRS = frozenset(OF_A_PROJECT) | {"employer_month"}
