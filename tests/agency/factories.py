"""An invented site with a general contractor, a subcontractor, people on the roster and their October."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from anxin.agency import services
from anxin.agency.models import Channel, PayOrder, PayrollRun, RunLine
from anxin.evidence.journal import Actor
from anxin.evidence.sealing import Sealed, finding_hash
from anxin.formats.messages import Outcome, PayResult
from anxin.funds.services_register import record_special_account
from anxin.kernel.months import Month
from anxin.registry.models import Employer, Organisation, Participation, Project
from anxin.workforce.models import Worker
from tests.monitoring import factories

SHANGHAI = factories.SHANGHAI
NOW = dt.datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)
OCTOBER = Month(2026, 10)

DRAFTER = Actor("user:501", "分包小王")
CHECKER = Actor("user:502", "总包小郑")
BANKER = Actor("user:503", "银行小李")

GENERAL_USCC, SUB_USCC, OTHER_USCC = "91990100MA0GENER01", "91990100MA0SUBCO02", "91990100MA0OTHER03"


def card(serial: int) -> str:
    """An invented card under an unassigned bank number, with the right Luhn digit."""
    body = f"99{serial:013d}"
    for digit in "0123456789":
        number = body + digit
        doubled = [int(d) for d in reversed(number)]
        total = sum(d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(doubled))
        if total % 10 == 0:
            return number
    raise AssertionError


@dataclass
class Site:
    """What tests of agency payment stand on."""

    project: Project
    general: Employer
    sub: Employer
    workers: list[Worker]
    bank: Organisation


def employer(uscc: str, name: str) -> Employer:
    return Employer.objects.get_or_create(uscc=uscc, defaults={"name": name})[0]


def site(
    people: int = 3,
    *,
    code: str = "P1",
    days: int = 20,
    wage: str = "300元/天",
    balance_fen: int | None = 10**9,
) -> Site:
    """``people`` workers of the subcontractor, each with ``days`` days in October and a card."""
    project = factories.project(code)
    general, sub = employer(GENERAL_USCC, "虚构总包建设公司"), employer(SUB_USCC, "虚构劳务分包公司")
    roles = Participation.Role
    for firm, role in ((general, roles.GENERAL_CONTRACTOR), (sub, roles.SUBCONTRACTOR)):
        Participation.objects.create(project=project, employer=firm, role=role)
    bank = factories.organisation("BANK1", name="虚构银行", kind=Organisation.Kind.BANK)
    record_special_account(
        project,
        opened_on=dt.date(2026, 1, 5),
        bank=bank,
        number="9900110022003300",
        balance_fen=balance_fen,
        balance_on=dt.date(2026, 11, 19) if balance_fen is not None else None,
        actor=CHECKER,
        now=NOW,
    )
    workers = []
    for number in range(1, people + 1):
        worker = factories.worker(number)
        workers.append(worker)
        enrol(project, worker, sub, number=number, wage=wage)
        factories.attend(project, worker, *[f"2026-10-{day:02d}" for day in range(1, days + 1)])
    return Site(project, general, sub, workers, bank)


def enrol(
    project: Project,
    worker: Worker,
    firm: Employer,
    *,
    number: int,
    wage: str = "300元/天",
    team: str = "木工班",
    **fields,
) -> None:
    factories.enrol(
        project,
        worker,
        employer=firm,
        team=team,
        trade="木工",
        entry=dt.date(2026, 3, 1),
        agreed_wage=wage,
        bank_card=Sealed.of(card(number)),
        card_hash=finding_hash("card", card(number)),
        **fields,
    )


def drafted(place: Site, *, firm: Employer | None = None) -> PayrollRun:
    return services.draft_run(
        project=place.project, month=OCTOBER, employer=firm or place.sub, actor=DRAFTER, now=NOW
    )


def lines(run: PayrollRun) -> list[RunLine]:
    return list(run.lines.order_by("position"))


def worker_actor(line: RunLine) -> Actor:
    return Actor(services.worker_key(line.worker_id), "工人")


def confirm(line: RunLine, now: dt.datetime = NOW):
    return services.confirm_line(line, channel=Channel.OWN_PHONE, actor=worker_actor(line), now=now)


def opened(place: Site) -> PayrollRun:
    return services.open_to_workers(drafted(place), actor=DRAFTER, now=NOW)


def submitted(place: Site) -> PayrollRun:
    run = opened(place)
    for line in lines(run):
        confirm(line)
    return services.submit_run(run, actor=DRAFTER, now=NOW)


def approved(place: Site) -> PayrollRun:
    return services.approve_run(submitted(place), employer=place.general, actor=CHECKER, now=NOW)


def ordered(run: PayrollRun, **options) -> PayOrder:
    return services.make_order(
        run, format="wage_file", accept_warnings=True, actor=CHECKER, now=NOW, **options
    )


def sent(place: Site) -> PayOrder:
    return services.send_order(ordered(approved(place)), actor=CHECKER, now=NOW)


def results(
    order: PayOrder, outcomes: dict[int, tuple[Outcome, str]] | None = None, *, on: str = "2026-11-20"
) -> list[PayResult]:
    """The bank's answer to every line, paid unless ``outcomes`` (by sequence: outcome, code) says otherwise."""
    given = outcomes or {}
    rows = []
    for line in order.lines.order_by("sequence"):
        outcome, code = given.get(line.sequence, (Outcome.PAID, ""))
        rows.append(
            PayResult(
                sequence=line.sequence,
                reference=line.reference,
                name=line.payee_name,
                amount_fen=line.amount_fen,
                paid_on=dt.date.fromisoformat(on) if outcome == Outcome.PAID else None,
                outcome=outcome,
                code=code,
                bank_reference=f"B{line.reference}",
                line=line.sequence,
            )
        )
    return rows


def take(order: PayOrder, rows: list[PayResult]):
    return services.apply_results(order, rows, actor=BANKER, now=NOW)
