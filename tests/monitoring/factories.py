"""Facts of an invented county, written straight into the tables; region codes begin with 99."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from anxin.accounts.models import Grant, User
from anxin.evidence.sealing import finding_hash
from anxin.funds.models import BankReceipt, ReceiptMatch
from anxin.payroll.models import Payroll, PayrollLine
from anxin.registry.models import Organisation, Project, Region
from anxin.workforce.models import AttendanceDay, AttendanceMonth, Enrolment, Worker

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def at(text: str, hour: int = 9) -> dt.datetime:
    """``"2026-10-20"`` → that morning in Shanghai."""
    day = dt.date.fromisoformat(text)
    return dt.datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)


EARLY = at("2025-01-01")


def id_number(serial: int) -> str:
    """An invented ID number of a region that does not exist, with the right check digit."""
    body = f"99010119900101{serial:03d}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11]


def region(code: str = "990102") -> Region:
    return Region.objects.get_or_create(code=code, defaults={"name": f"虚构区{code}"})[0]


def organisation(code: str = "ORG1", **fields) -> Organisation:
    values = {"name": f"虚构单位{code}", "kind": Organisation.Kind.INDUSTRY_AUTHORITY, **fields}
    return Organisation.objects.get_or_create(code=code, defaults=values)[0]


def project(code: str = "P1", *, region_code: str = "990102", **fields) -> Project:
    values = {
        "name": f"虚构工程{code}",
        "region": region(region_code),
        "industry": "housing",
        "pay_day": 15,
        "pay_month_offset": 1,
        "recorded_at": EARLY,
        **fields,
    }
    return Project.objects.create(code=code, **values)


def worker(serial: int, name: str = "") -> Worker:
    number = id_number(serial)
    return Worker.objects.get_or_create(
        id_hash=finding_hash("id", number),
        defaults={"name": name or f"甲工人{serial}", "id_number": number, "recorded_at": EARLY},
    )[0]


def enrol(site: Project, *workers: Worker, **fields) -> None:
    for person in workers:
        Enrolment.objects.create(project=site, worker=person, recorded_at=EARLY, **fields)


def line(
    site: Project,
    month: str,
    person: Worker | None,
    *,
    net_fen: int = 600_000,
    name: str = "",
    recorded_at: dt.datetime = EARLY,
    **fields,
) -> PayrollLine:
    payroll, _ = Payroll.objects.get_or_create(
        project=site, month=month, defaults={"first_recorded_at": recorded_at}
    )
    shown = person.name if person else name
    return PayrollLine.objects.create(
        payroll=payroll,
        worker=person,
        name=shown,
        person_key=f"w{person.pk}" if person else shown,
        gross_fen=fields.pop("gross_fen", net_fen),
        net_fen=net_fen,
        content_hash=f"{site.pk}{month}{shown}{net_fen}",
        recorded_at=recorded_at,
        **fields,
    )


def pay(
    promised: PayrollLine,
    *,
    amount_fen: int | None = None,
    paid_on: str = "2026-11-18",
    recorded_at: dt.datetime = EARLY,
    state: str = ReceiptMatch.State.EXACT,
    outcome: str = BankReceipt.Outcome.PAID,
) -> BankReceipt:
    amount = promised.net_fen if amount_fen is None else amount_fen
    receipt = BankReceipt.objects.create(
        project=promised.payroll.project,
        month=promised.payroll.month,
        payee_name=promised.name,
        amount_fen=amount,
        paid_on=dt.date.fromisoformat(paid_on),
        outcome=outcome,
        natural_key=f"{promised.pk}/{amount}/{paid_on}/{outcome}",
        recorded_at=recorded_at,
    )
    ReceiptMatch.objects.create(
        receipt=receipt, line=promised, amount_fen=amount, state=state, reason="测试", recorded_at=recorded_at
    )
    return receipt


def attend(site: Project, person: Worker, *days: str, share: str = "1.00", **fields) -> None:
    for day in days:
        AttendanceDay.objects.create(
            project=site,
            worker=person,
            day=dt.date.fromisoformat(day),
            share=share,
            **{"recorded_at": EARLY, **fields},
        )


def attend_month(site: Project, person: Worker, month: str, days: str, **fields) -> None:
    AttendanceMonth.objects.create(
        project=site, worker=person, month=month, days=days, **{"recorded_at": EARLY, **fields}
    )


def user(name: str, role: str = "inspector", **scope: str) -> User:
    person = User.objects.create(username=name, password="!", display_name=name)
    Grant.objects.create(user=person, role=role, **scope)
    return person
