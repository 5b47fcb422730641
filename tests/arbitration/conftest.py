"""A district whose bureau has an arbitration with two applicants; the minimum wage there is 2,000 yuan a month."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

import pytest

from anxin.accounts.models import Grant, Role, User
from anxin.arbitration import awarding, claims, opening
from anxin.arbitration.applicants import Person
from anxin.arbitration.claims import Line
from anxin.arbitration.models import Applicant, ArbitrationCase, Award, Claim
from anxin.arbitration.opening import Opening
from anxin.casework.models import Document, Matter
from anxin.casework.services import attach, open_matter
from anxin.demo.people import checked
from anxin.local_law import queries as local_law
from anxin.registry.models import Employer, Organisation
from tests.monitoring import factories as make

#: a Thursday
TODAY = dt.date(2026, 4, 2)
DAY = dt.timedelta(days=1)
IDS = (checked("99010119850312001"), checked("99010119900101001"))
WAGE = {
    "key": "wage_payment.min_wage_monthly", "region": "9901", "name": "某市", "from": dt.date(2023, 1, 1), "value": 2000,
    "source": "某市人社发〔2023〕1号",
}  # fmt: skip


def at(day: dt.date, hour: int = 10) -> dt.datetime:
    return make.at(day.isoformat(), hour)


NOW = at(TODAY)


@pytest.fixture
def bench(db, home) -> SimpleNamespace:
    """``law`` has the minimum wage, ``bare_law`` has none; the project's roster knows the first applicant."""
    make.region("9901")
    region = make.region("990101")
    bureau = Organisation.objects.create(code="YC-RS", name="某区人社局", kind="bureau", region_id="990101")
    firm = Employer.objects.create(uscc="91990101MA0000009P", name="某建工公司", region_id="990101")
    users = {}
    for name, (role, code) in {
        "inspector": (Role.INSPECTOR, "990101"),
        "leader": (Role.LEADER, "9901"),
        "outsider": (Role.INSPECTOR, "990102"),
        "clerk": (Role.CLERK, "990101"),
    }.items():
        users[name] = User.objects.create_user(name, password="x", display_name=f"某{name}", office="某局")
        Grant.objects.create(user=users[name], role=role, region=code)
    project = make.project("SITE", region_code="990101", responsible=bureau)
    return SimpleNamespace(
        region=region, bureau=bureau, firm=firm, project=project, law=local_law.on_trial([WAGE]), bare_law=local_law.current(),
        **users,
    )  # fmt: skip


def a_matter(bench: SimpleNamespace, procedure: str = "arbitration_simple", **fields) -> Matter:
    values = {
        "procedure": procedure, "title": "木工班请求支付工资", "region": bench.region, "lead": bench.bureau, "by": bench.inspector,
        "on": TODAY, "now": NOW, "law": bench.law, "project": bench.project, "employer": bench.firm, **fields,
    }  # fmt: skip
    return open_matter(**values)


def a_case(bench: SimpleNamespace, *, people: int = 2, heard: bool = True, **fields) -> ArbitrationCase:
    """Applied for today; ``heard``: the matter stands where it may be decided."""
    matter = a_matter(bench, **fields)
    listed = [Person("赵某某", IDS[0], "13900000001"), Person("钱某某", IDS[1], "13900000002")]
    listed += [Person(f"孙{number}") for number in range(people - 2)]
    asked = Opening(
        applied_on=TODAY, employer_name=bench.firm.name, employer=bench.firm, people=listed[:people]
    )
    made = opening.open_case(matter, asked, by=bench.inspector, now=NOW)
    if heard:
        Matter.objects.filter(pk=matter.pk).update(state="heard")
    return again(made)


def again(case: ArbitrationCase) -> ArbitrationCase:
    return ArbitrationCase.objects.select_related("matter__lead", "region", "employer").get(pk=case.pk)


def applicant(case: ArbitrationCase, number: int = 1) -> Applicant:
    return case.applicants.select_related("case").get(number=number)


def claimed(bench: SimpleNamespace, case: ArbitrationCase, number: int = 1, **fields) -> Claim:
    """24 days at 300 yuan less 3,000 yuan: 4,200 yuan; or a line of one's own."""
    line = Line(
        **{"item": "wage", "month": "2026-01", "days": Decimal(24), "rate_fen": 30_000, "paid_fen": 300_000}
        | fields
    )
    return claims.put(applicant(case, number), line, by=bench.inspector, now=NOW)


def due(
    bench: SimpleNamespace, case: ArbitrationCase, item: str, fen: int, number: int = 1, month: str = ""
) -> Claim:
    line = {"item": item, "month": month, "days": None, "rate_fen": None, "due_fen": fen, "paid_fen": 0}
    return claimed(bench, case, number, **line)


def found(bench: SimpleNamespace, claim: Claim, fen: int | None = None, reason: str = "") -> None:
    """Found as claimed, or so many fen of it."""
    due_fen = claim.due_fen if fen is None else fen + claim.paid_fen
    awarding.find(claim, due_fen=due_fen, paid_fen=claim.paid_fen, reason=reason, by=bench.inspector, now=NOW)


def decided(
    bench: SimpleNamespace, case: ArbitrationCase, *chosen: Claim, on: dt.date = TODAY
) -> list[Award]:
    keys = [one.pk for one in chosen] or list(
        Claim.objects.filter(applicant__case=case).values_list("pk", flat=True)
    )
    return awarding.decide(
        again(case), keys, on=on, pay_within=15, by=bench.inspector, now=at(on), law=bench.law
    )


def with_paper(bench: SimpleNamespace, case: ArbitrationCase) -> Document:
    """The award paper among the papers of the matter, as a person attaches it."""
    return attach(
        again(case).matter, kind="arbitration_award", data=b"%PDF-1.4 award", filename="裁决书.pdf", by=bench.inspector, now=NOW,
        law=bench.law,
    )  # fmt: skip
