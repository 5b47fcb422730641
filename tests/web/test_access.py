"""Who may open what: every route for every role, and one's own scope for every object."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from anxin.accounts.access import (
    ARBITRATE,
    AUDIT,
    DECIDE,
    EMPLOYER,
    HANDLE,
    IMPORT,
    ISSUE,
    LAW,
    MANAGE,
    MAY,
    MEDIATE,
    UNMASK,
    VIEW,
)
from anxin.accounts.models import Role
from anxin.casework.services import attach
from anxin.channels.codes import issue_boards, issue_helmets
from anxin.clues.claimant_rows import Said
from anxin.clues.claimants import add_claimant, add_photo
from anxin.clues.opening import ask_opening
from anxin.connections.layouts import draft_receipts_layout
from anxin.connections.services import issue_key
from anxin.evidence import files
from anxin.evidence import imports as deliveries
from anxin.evidence.journal import Actor
from anxin.exchange.models import Platform
from anxin.exchange.uploads.filling import fill
from anxin.funds.services_inquiries import ask_query
from anxin.funds.services_register import record_deposit, record_special_account
from anxin.grid.reporting import Told, report
from anxin.letters import drafting
from anxin.local_law import queries as local_law
from anxin.local_law import services
from anxin.monitoring.models import Backtest, Sweep
from anxin.reception import services as reception
from anxin.referral.shipped import shipped
from anxin.referral.signing import propose_table
from anxin.registry.models import Employer, Organisation
from anxin.signals.models import KnownSite
from tests.support.deliveries import payroll, receipts
from tests.web.cases import (
    a_bulletin,
    a_case,
    a_clue,
    a_hearing,
    a_labour_contract,
    a_matter,
    a_mediation,
    a_meeting,
    a_picture,
    a_run,
    an_emergency,
)
from tests.workforce.gates import device

#: any signed-in person
ANYBODY = frozenset().union(*MAY.values(), {""})
READS = {
    "home": ANYBODY,
    "account": ANYBODY,
    "enrol": ANYBODY,
    "notices": ANYBODY,
    "notices-export": ANYBODY,
    "notice-settings": ANYBODY,
    "tasks": {HANDLE, DECIDE},
    "tasks-export": {HANDLE, DECIDE},
    "clues": {VIEW},
    "clues-export": {VIEW},
    "clue": {VIEW},
    "claimants": {VIEW},
    "claimants-export": {VIEW},
    "claimants-paid": {VIEW},
    "claimants-paid-export": {VIEW},
    "claimants-divide": {HANDLE, DECIDE},
    "claimants-photo": {HANDLE, IMPORT},
    "openings": {UNMASK},
    "openings-export": {UNMASK},
    "reviews": {VIEW},
    "reviews-export": {VIEW},
    "clue-work": {VIEW},
    "grid-overview": {VIEW},
    "grid-export": {VIEW},
    "grid-reports": {VIEW},
    "grid-reports-export": {VIEW},
    "grid-workers": {VIEW},
    "grid-workers-export": {VIEW},
    "grid-report": {VIEW},
    "arbitration": {VIEW},
    "arbitration-export": {VIEW},
    "arbitration-new": {HANDLE, DECIDE},
    "arbitration-case": {VIEW, ARBITRATE},
    "arbitration-claims-export": {VIEW, ARBITRATE},
    "arbitration-proposals": {HANDLE, DECIDE, ARBITRATE},
    "mediation": {VIEW},
    "mediation-export": {VIEW},
    "mediation-mine": {MEDIATE},
    "mediation-mine-export": {MEDIATE},
    "mediation-new": {HANDLE},
    "mediation-cases": {VIEW},
    "mediation-cases-export": {VIEW},
    "mediation-case": {VIEW, MEDIATE},
    "mediation-plan-export": {VIEW, MEDIATE},
    "mediation-bodies": {VIEW},
    "mediation-bodies-export": {VIEW},
    "mediation-mediators": {VIEW},
    "mediation-mediators-export": {VIEW},
    "arbitration-calendar": {VIEW, ARBITRATE},
    "arbitration-calendar-export": {VIEW, ARBITRATE},
    "arbitration-mine": {ARBITRATE},
    "arbitration-mine-export": {ARBITRATE},
    "arbitration-arbitrators": {VIEW},
    "arbitration-arbitrators-export": {VIEW},
    "arbitration-places": {VIEW},
    "arbitration-circuit-export": {VIEW},
    "arbitration-rooms-export": {VIEW},
    "arbitration-hearings": {VIEW, ARBITRATE},
    "arbitration-record": {HANDLE, DECIDE, ARBITRATE},
    "legal-aid": {VIEW},
    "aid-duties-export": {VIEW},
    "aid-requests-export": {VIEW},
    "aid-new": {HANDLE},
    "statistics": {VIEW},
    "statistics-rows": {VIEW},
    "statistics-export": {VIEW},
    "ledger": {VIEW},
    "ledger-export": {VIEW},
    "trend": {VIEW},
    "trend-export": {VIEW},
    "statistics-rows-export": {VIEW},
    "referral-table": {VIEW, LAW},
    "referral-export": {VIEW, LAW},
    "referral-version": {VIEW, LAW},
    "clue-model": {VIEW, LAW},
    "task-force": {HANDLE, DECIDE},
    "task-force-export": {HANDLE, DECIDE},
    "meetings": {VIEW},
    "thresholds": {HANDLE},
    "thresholds-export": {HANDLE},
    "bulletin": {HANDLE},
    "marks": {VIEW},
    "matter-inspection": {VIEW},
    "marks-export": {VIEW},
    "matter-marks": {VIEW},
    "matter-urgings": {VIEW},
    "matter-urgings-list": {VIEW},
    "meeting-new": {HANDLE, DECIDE},
    "meeting": {VIEW},
    "emergencies": {VIEW},
    "emergencies-export": {VIEW},
    "emergency-new": {HANDLE},
    "emergency": {VIEW},
    "guides": {VIEW, LAW},
    "guides-export": {VIEW, LAW},
    "guide": {VIEW, LAW},
    "guide-draft": {HANDLE, LAW},
    "guide-poster": {VIEW, LAW},
    "guide-leaflet": {VIEW, LAW},
    "help-places": {IMPORT},
    "codes": {VIEW},
    "codes-export": {VIEW},
    "codes-print": {IMPORT},
    "code-boards": {IMPORT},
    "code-stickers": {IMPORT},
    "code": {VIEW},
    "reception": {VIEW},
    "visits": {VIEW},
    "visits-export": {VIEW},
    "visit": {VIEW},
    "visit-group": {HANDLE, IMPORT},
    "promises": {VIEW},
    "promises-export": {VIEW},
    "promise": {VIEW},
    "roster": {VIEW},
    "roster-export": {VIEW},
    "duty-new": {HANDLE},
    "matters": {VIEW},
    "matters-export": {VIEW},
    "matter-new": {HANDLE},
    "matter-find": {HANDLE, IMPORT},
    "clue-new": {HANDLE, IMPORT},
    "matter": {VIEW},
    "matter-paper": {VIEW},
    "matter-evidence": {VIEW},
    "project-evidence": {VIEW},
    "project-evidence-list": {VIEW},
    "worker-evidence": {VIEW},
    "worker-evidence-list": {VIEW},
    "claimant-evidence": {VIEW},
    "claimant-evidence-list": {VIEW},
    "labour-contracts": {VIEW},
    "labour-contracts-export": {VIEW},
    "labour-contracts-site": {VIEW},
    "labour-contracts-site-export": {VIEW},
    "labour-contract-counter": {HANDLE},
    "letters": {VIEW},
    "letters-export": {VIEW},
    "letter-registers": {VIEW},
    "letter-heads": {ISSUE},
    "letter": {VIEW},
    "letter-pdf": {VIEW},
    "letter-docx": {VIEW},
    "matter-letters": {VIEW},
    "matter-letters-export": {VIEW},
    "matter-evidence-list": {VIEW},
    "due": {VIEW, EMPLOYER, MEDIATE, ARBITRATE},
    "overview": {VIEW},
    "overview-export": {VIEW},
    "wall": {VIEW},
    "warnings": {VIEW},
    "warnings-export": {VIEW},
    "warning": {VIEW},
    "rules": {VIEW, LAW},
    "rules-export": {VIEW, LAW},
    "rules-accuracy-export": {VIEW, LAW},
    "rule": {VIEW, LAW},
    "backtests": {VIEW, LAW},
    "backtest-new": {LAW},
    "backtest": {VIEW, LAW},
    "backtest-progress": {VIEW, LAW},
    "backtest-export": {VIEW, LAW},
    "projects": {VIEW},
    "projects-export": {VIEW},
    "project-new": {IMPORT},
    "project": {VIEW},
    "project-roster": {VIEW},
    "project-site-code": {VIEW},
    "project-agency": {VIEW},
    "project-words-export": {VIEW},
    "agency-run": {VIEW},
    "agency-run-export": {VIEW},
    "project-attendance": {VIEW},
    "project-attendance-month": {VIEW},
    "project-day": {VIEW},
    "roster-person": {VIEW},
    "roster-contract": {UNMASK},
    "project-funds": {VIEW},
    "project-deposits": {VIEW},
    "account-page": {VIEW},
    "account-export": {VIEW},
    "account-ask": {HANDLE},
    "account-act": {IMPORT},
    "deposit-assess": {HANDLE},
    "deposit-act": {IMPORT},
    "money-accounts": {VIEW},
    "money-deposits": {VIEW},
    "money-guarantees": {VIEW},
    "money-export": {VIEW},
    "account-queries": {VIEW},
    "account-queries-export": {VIEW},
    "account-query": {VIEW},
    "project-wages": {VIEW},
    "project-wages-month": {VIEW},
    "project-export": {VIEW},
    "project-warnings": {VIEW},
    "employers": {VIEW},
    "employers-export": {VIEW},
    "employer": {VIEW},
    "forecasts": {VIEW},
    "forecasts-export": {VIEW},
    "project-forecast": {VIEW},
    "coverage": {VIEW},
    "coverage-export": {VIEW},
    "coverage-site": {VIEW},
    "project-liability": {VIEW},
    "project-liability-export": {VIEW},
    "liability-fact": {IMPORT},
    "project-edit": {IMPORT},
    "project-register": {IMPORT},
    "gates": {VIEW},
    "gates-export": {VIEW},
    "gate-new": {IMPORT},
    "gate": {VIEW},
    "gate-claims": {VIEW},
    "gate-claims-export": {VIEW},
    "workers": {VIEW},
    "worker": {VIEW},
    "reveal": {UNMASK},
    "imports": {VIEW, IMPORT},
    "imports-export": {VIEW, IMPORT},
    "import-new": {IMPORT},
    "import": {VIEW, IMPORT},
    "import-progress": {VIEW, IMPORT},
    "import-rejects": {IMPORT},
    "import-file": {IMPORT},
    "packages": {VIEW},
    "packages-export": {VIEW},
    "package-objects": {VIEW},
    "uploads": {VIEW, MANAGE},
    "upload-export": {VIEW, MANAGE},
    "upload-records": {VIEW},
    "upload-record": {VIEW},
    "upload-new": {MANAGE},
    "upload-settings": {MANAGE},
    "matches": {VIEW},
    "system": {VIEW, MANAGE, AUDIT},
    "people": {MANAGE},
    "people-export": {MANAGE},
    "person-new": {MANAGE},
    "person": {MANAGE},
    "organisations": {MANAGE},
    "organisations-export": {MANAGE},
    "api-keys": {MANAGE},
    "api-keys-export": {MANAGE},
    "api-key-new": {MANAGE},
    "api-key": {MANAGE},
    "api-guide": {MANAGE},
    "api-calls": {MANAGE, AUDIT},
    "api-calls-export": {MANAGE, AUDIT},
    "layouts": {IMPORT, MANAGE},
    "layouts-export": {IMPORT, MANAGE},
    "layout-new": {IMPORT},
    "layout": {IMPORT},
    "layout-trial": {IMPORT},
    "journal": {AUDIT},
    "journal-export": {AUDIT},
    "sweeps": {VIEW, MANAGE, AUDIT},
    "sweeps-export": {VIEW, MANAGE, AUDIT},
    "sweep": {VIEW, MANAGE, AUDIT},
    "law": ANYBODY,
    "law-export": ANYBODY,
    "law-value": ANYBODY,
    "law-deadline": ANYBODY,
    "law-procedures": ANYBODY,
    "law-procedure": ANYBODY,
    "law-procedure-export": ANYBODY,
    "law-statutes": ANYBODY,
    "law-statutes-export": ANYBODY,
    "law-settings": {VIEW, LAW},
    "law-settings-export": {VIEW, LAW},
    "law-settings-new": {LAW},
    "law-settings-check": {LAW},
    "law-settings-calendars": {VIEW, LAW},
    "law-settings-template": {VIEW, LAW},
    "law-settings-list": {VIEW, LAW},
    "law-settings-record": {VIEW, LAW},
}
#: routes that only change something
CHANGES = {
    "sign-out",
    "leave-second-factor",
    "notices-read",
    "notice-open",
    "warnings-many",
    "warning-act",
    "warning-clue",
    "reception-number",
    "reception-next",
    "visit-act",
    "promise-keep",
    "roster-publish",
    "duty-act",
    "rule-stage-propose",
    "rule-stage-decide",
    "clue-act",
    "code-act",
    "clue-ask",
    "guide-act",
    "help-place-end",
    "opening-ask",
    "opening-decide",
    "clue-work-act",
    "referral-propose",
    "referral-act",
    "clue-model-ask",
    "clue-model-decide",
    "emergency-act",
    "claimants-act",
    "claimants-paid-act",
    "ledger-strike",
    "claimant-act",
    "meeting-act",
    "matter-joint",
    "matter-inspection-act",
    "matter-evidence-export",
    "project-evidence-export",
    "worker-evidence-export",
    "claimant-evidence-export",
    "letter-new",
    "letter-edit",
    "letter-check",
    "letter-act",
    "letter-link",
    "bulletin-draft",
    "bulletin-interview",
    "matter-step",
    "matter-act",
    "participant-remove",
    "project-site-code-issue",
    "liability-fact-withdraw",
    "import-kind",
    "import-mapping",
    "grid-prove",
    "arbitration-act",
    "mediation-act",
    "arbitration-keep",
    "arbitration-hearings-act",
    "arbitration-record-act",
    "import-accept",
    "import-withdraw",
    "match-decide",
    "account-query-act",
    "gate-act",
    "gate-claim-decide",
    "layout-mapping",
    "layout-act",
    "api-key-act",
    "person-act",
    "journal-verify",
    "law-settings-act",
    "package-export",
    "package-take",
    "upload-resend",
    "upload-switch",
}
#: tested by what they do, not by who may
OTHERS = {
    "healthz",
    "sign-in",
    "sign-in-code",
    "search",
    "warning-file",
    "warning-rows",
    "clue-file",
    "clue-ticket-file",
    "grid-file",
    "letter-proof",
    "letter-register-export",
    "mediation-paper",
    "mediation-preview",
    "arbitration-record-file",
    "package",
    "package-problems",
    # whoever asked for it alone: tests/web/test_evidence_pages.py
    "evidence-package",
    "evidence-package-progress",
    "evidence-package-file",
}
ROLES = {
    "leader": MAY[Role.LEADER],
    "inspector": MAY[Role.INSPECTOR],
    "clerk": MAY[Role.CLERK],
    "auditor": MAY[Role.AUDITOR],
    "admin": MAY[Role.ADMIN],
    "payroll_clerk": MAY[Role.PAYROLL_CLERK],
    "bank_operator": MAY[Role.BANK_OPERATOR],
    "grid_worker": MAY[Role.GRID_WORKER],
    "mediator": MAY[Role.MEDIATOR],
    "arbitrator": MAY[Role.ARBITRATOR],
    "nobody": frozenset({""}),
}


def routes() -> dict[str, URLPattern]:
    """The console's own; a portal has a namespace, and its tests beside its pages."""
    found = {}
    for resolver in get_resolver().url_patterns:
        if resolver.namespace is None:
            for pattern in resolver.url_patterns:
                if isinstance(pattern, URLPattern):
                    found[pattern.name] = pattern
    return found


@pytest.fixture
def batch(world, now):
    return deliveries.open_batch(
        kind="payroll",
        data=payroll(("甲工人1", 1, 6000), ("甲工人2", 2, 5000)),
        filename="9月工资.xlsx",
        project_code="HERE",
        actor=Actor(f"user:{world.clerk.pk}", "某clerk"),
        now=now,
    )


@pytest.fixture
def local_value(world, now):
    """A local value that somebody has proposed."""
    return services.propose_value(
        key="wage_payment.min_wage_monthly",
        region="990101",
        region_name="虚构区",
        valid_from=now.date(),
        value=2100,
        source_title="关于调整最低工资标准的通知",
        source_number="安政发〔2026〕3号",
        actor=Actor("user:0", "某人"),
        now=now,
    )


@pytest.fixture
def matter(world, now):
    """A matter with a paper."""
    found = a_matter(world, now)
    attach(
        found,
        kind="complaint_form",
        data=b"paper",
        filename="投诉书.pdf",
        by=world.inspector,
        now=now,
        law=local_law.current(),
    )
    return found


@pytest.fixture
def emergency(world, now):
    """People have gathered in the district."""
    return an_emergency(world, now)


@pytest.fixture
def clue(world, now):
    """An order of the district."""
    return a_clue(world, now)


@pytest.fixture
def list_photo(world, clue, now):
    """A photograph of the list of a group."""
    return add_photo(clue, a_picture(), by=world.inspector, now=now)


@pytest.fixture
def received(world, now):
    """A day of the roster, somebody who came, and what was promised to them."""
    today = now.date()
    plan = reception.Planned(region="990101", kind="leader", on=today, place="接访室", leader="周某")
    duty = reception.plan_duty(plan, by=world.inspector, today=today, now=now)
    by = {"by": world.inspector, "now": now}
    visit = reception.take_number(region="990101", people=3, about="讨要工资", **by)
    reception.move_visit(visit, "received", **by)
    made = reception.promise(visit, what="约总包对账", due_on=today, responsible="林某", **by)
    return {"duty": duty.pk, "visit": visit.pk, "promise": made.pk}


@pytest.fixture
def grid_report(world, now):
    """A small site that the district's grid worker has found."""
    told = Told(kind="site", people="few", urgency="ordinary", place="柳林路口工地")
    return report(
        told, key="a-word-of-the-phone-0001", by=world.grid_worker, now=now, picture=a_picture()
    ).report


@pytest.fixture
def letter(world, matter, now):
    """A letter that the inspector has begun."""
    return drafting.draft(matter, kind="risk_notice", by=world.inspector, now=now)


@pytest.fixture
def arbitration_matter(world, now):
    """An arbitration whose case nobody has filled in."""
    return a_matter(world, now, "arbitration", on=now.date())


@pytest.fixture
def mediated(world, now):
    """A case that the district's mediator has."""
    return a_mediation(world, now)


@pytest.fixture
def hearing(world, now):
    """Of a case on whose tribunal the district's arbitrator sits."""
    return a_hearing(world, now)


@pytest.fixture
def opening(world, clue, now):
    """Somebody asks to see who told it."""
    return ask_opening(clue, ["name"], why="联系核实人数", by=world.inspector, now=now)


@pytest.fixture
def signed_table(world, now):
    """A routing table that the leader has proposed for the city."""
    return propose_table(
        sort="routing",
        region="990101",
        valid_from=now.date(),
        entries=shipped("routing").entries,
        source_title="关于线索分派的通知",
        source_number="安治欠办〔2026〕1号",
        by=world.leader,
        now=now,
        law=local_law.current(),
    )


@pytest.fixture
def layout(world, now):
    """An institution's layout, drafted from a sample."""
    bank = Organisation.objects.create(code="SLYH", name="示例银行", kind="bank")
    return draft_receipts_layout(
        organisation=bank,
        name="代发回执",
        data=receipts(("甲工人1", 1, 6000)),
        filename="样本.xlsx",
        actor=Actor("user:0", "某人"),
        now=now,
    )


@pytest.fixture
def api_key(layout, now):
    """A key of that institution."""
    actor = Actor("user:0", "某人")
    return issue_key(
        title="试通", organisation=layout.organisation, scopes=["accounts.read"], actor=actor, now=now
    )[0]


@pytest.fixture
def money(world, now):
    """An account with a query, and a deposit."""
    by = {"actor": Actor("user:0", "某人"), "now": now}
    opened = dt.date(2026, 3, 1)
    account = record_special_account(world.here, opened_on=opened, **by)
    deposit = record_deposit(world.here, kind="cash", amount_fen=1, valid_from=opened, **by)
    query = ask_query(
        account,
        purpose="核查",
        case_number="1号",
        first_day=opened,
        last_day=opened,
        by=world.inspector,
        now=now,
    )
    return {"account": account.pk, "deposit": deposit.pk, "query": query.pk}


@pytest.fixture
def enrolment(world, now):
    """The first worker's place on the roster, with a contract on file."""
    row = world.workers[0].enrolments.get()
    row.contract_file = files.store(b"%PDF-1", name="合同.pdf", now=now)
    row.save()
    return row


@pytest.fixture
def gate(world, now):
    """A gate on the site here."""
    return device(world.here, now=now)


@pytest.fixture
def upload(world, now):
    """A record for a platform that was never switched on."""
    platform = Platform.objects.create(
        code="PROV", name="虚构省平台", adapter="sichuan", base_url="https://x.example", kinds=["project"]
    )
    fill(platform, world.here, now=now)
    return platform.records.get()


@pytest.fixture
def known(world, now):
    """An employer of the district, and a site that no project is."""
    region = world.here.region
    firm = Employer.objects.create(uscc="EMPLOYER", name="某示例公司", region=region)
    site = KnownSite.objects.create(
        source="permit",
        number="SG-1",
        name="某工地",
        plain_name="某工地",
        region=region,
        on=dt.date(2026, 5, 1),
        recorded_at=now,
    )
    return {"employer": firm.pk, "site": site.pk}


@pytest.fixture
def trial(world, now):
    """A back-test that has come to its end, and one under way."""
    asked = {"asked_by": world.leader, "asked_at": now, "first": now.date(), "last": now.date()}
    report = {"scores": [], "districts": {}, "workload": []}
    return {
        "done": Backtest.objects.create(state="done", report=report, **asked).pk,
        "running": Backtest.objects.create(state="running", **asked).pk,
    }


@pytest.fixture
def scan_code(world, now):
    """The board of the site, and a sticker for a helmet."""
    by = {"actor": Actor("user:0", "某人"), "now": now}
    issue_helmets([world.here], count=1, **by)
    return issue_boards([world.here], **by)[0]


@pytest.fixture
def labour_contract(world, enrolment, now):
    """A contract of the first worker of the site."""
    return a_labour_contract(world, now)


@pytest.fixture
def address(
    world,
    now,
    batch,
    local_value,
    matter,
    clue,
    list_photo,
    received,
    opening,
    emergency,
    layout,
    api_key,
    money,
    gate,
    enrolment,
    upload,
    known,
    trial,
    signed_table,
    scan_code,
    grid_report,
    letter,
    mediated,
    arbitration_matter,
    hearing,
    labour_contract,
):
    """Route name → an address that exists, in the inspector's district."""
    add_claimant(clue, Said("某甲", ""), by=world.inspector, now=now)
    claimant = clue.claimants.get()
    parts = {
        "pk": {
            "warning": world.warning.pk,
            "worker": world.workers[0].pk,
            "reveal": world.workers[0].pk,
            "person": world.inspector.pk,
            "person-act": world.inspector.pk,
            "sweep": Sweep.objects.get().pk,
            "agency-run": a_run(world, now).pk,
            "agency-run-export": a_run(world, now).pk,
            "law-settings-record": local_value.pk,
            "law-settings-act": local_value.pk,
            "clue": clue.pk,
            "clue-act": clue.pk,
            "clue-ask": clue.pk,
            "visit": received["visit"],
            "visit-group": received["visit"],
            "visit-act": received["visit"],
            "promise": received["promise"],
            "promise-keep": received["promise"],
            "duty-act": received["duty"],
            "claimants": clue.pk,
            "claimants-photo": clue.pk,
            "claimants-export": clue.pk,
            "claimants-act": clue.pk,
            "claimants-paid": clue.pk,
            "claimants-paid-export": clue.pk,
            "claimants-paid-act": clue.pk,
            "claimants-divide": clue.pk,
            "ledger-strike": clue.pk,
            "claimant-act": clue.pk,
            "opening-ask": clue.pk,
            "opening-decide": opening.pk,
            "referral-version": signed_table.pk,
            "clue-work": clue.pk,
            "clue-work-act": clue.pk,
            "referral-act": signed_table.pk,
            "meeting": a_meeting(world, now, matter).pk,
            "meeting-act": a_meeting(world, now, matter).pk,
            "matter-joint": matter.pk,
            "matter-inspection": a_case(world, now).pk,
            "matter-inspection-act": a_case(world, now).pk,
            "bulletin": a_bulletin(world, now).pk,
            "bulletin-interview": a_bulletin(world, now).pk,
            "matter-marks": matter.pk,
            "matter-urgings": matter.pk,
            "matter-urgings-list": matter.pk,
            "matter-evidence": matter.pk,
            "matter-evidence-list": matter.pk,
            "matter-evidence-export": matter.pk,
            "worker-evidence": world.workers[0].pk,
            "worker-evidence-list": world.workers[0].pk,
            "worker-evidence-export": world.workers[0].pk,
            "claimant-evidence": clue.pk,
            "claimant-evidence-list": clue.pk,
            "claimant-evidence-export": clue.pk,
            "emergency": emergency.pk,
            "emergency-act": emergency.pk,
            "letter": letter.pk,
            "letter-edit": letter.pk,
            "letter-check": letter.pk,
            "letter-act": letter.pk,
            "letter-link": letter.pk,
            "letter-pdf": letter.pk,
            "letter-docx": letter.pk,
            "letter-new": matter.pk,
            "matter-letters": matter.pk,
            "matter-letters-export": matter.pk,
            "labour-contract-counter": labour_contract.pk,
            "grid-report": grid_report.pk,
            "grid-prove": grid_report.pk,
            "arbitration-case": hearing.case_id,
            "arbitration-claims-export": hearing.case_id,
            "arbitration-proposals": hearing.case_id,
            "arbitration-act": hearing.case_id,
            "arbitration-hearings": hearing.case_id,
            "arbitration-hearings-act": hearing.case_id,
            "arbitration-record": hearing.pk,
            "arbitration-record-act": hearing.pk,
            "mediation-case": mediated.pk,
            "mediation-plan-export": mediated.pk,
            "mediation-act": mediated.pk,
            "code": scan_code.pk,
            "code-act": scan_code.pk,
            "matter": matter.pk,
            "matter-paper": matter.pk,
            "matter-step": matter.pk,
            "matter-act": matter.pk,
            "due": world.here.pk,
            "gate": gate.pk,
            "upload-record": upload.pk,
            "upload-settings": upload.platform_id,
            "upload-switch": upload.platform_id,
            "gate-act": gate.pk,
            "employer": known["employer"],
            "coverage-site": known["site"],
            "layout": layout.pk,
            "layout-trial": layout.pk,
            "layout-mapping": layout.pk,
            "layout-act": layout.pk,
            "api-key": api_key.pk,
            "api-key-act": api_key.pk,
            "account-query": money["query"],
            "account-query-act": money["query"],
            "backtest": trial["done"],
            "backtest-progress": trial["running"],
            "backtest-export": trial["done"],
        },
        "fact": 1,
        "account": money["account"],
        "deposit": money["deposit"],
        "kind": {"liability-fact": "means", "reveal": "worker", "due": "pay-day"},
        "document": matter.documents.get().pk,
        "step": "accept",
        "month": "2026-10",
        "what": {
            "project-export": "roster",
            "project-register": "deposit",
            "law-settings-export": "values",
            "upload-export": "platforms",
            "account-act": "balance",
            "deposit-act": "top-up",
            "money-export": "accounts",
            "account-query-act": "approve",
            "claimants-act": "add",
            "claimants-paid-act": "assign",
            "claimant-act": "amount",
        },
        "person": {"claimant-act": 1}
        | dict.fromkeys(
            ("claimant-evidence", "claimant-evidence-list", "claimant-evidence-export"), claimant.pk
        ),
        "photo": list_photo.pk,
        "worker": world.workers[0].pk,
        "day": "2026-10-05",
        "enrolment": enrolment.pk,
        "action": "note",
        "answer": {"opening-decide": "approve", "match-decide": "confirm", "gate-claim-decide": "confirm"},
        "sort": {
            **dict.fromkeys(("law-settings-list", "law-settings-record", "law-settings-act"), "values"),
            **dict.fromkeys((name for name in routes() if name.startswith("referral-")), "routing"),
        },
        "key": {
            "law-value": "inspection.investigation_days",
            "law-procedure": "inspection_case",
            "law-procedure-export": "inspection_case",
            "guide": "unpaid",
            "guide-draft": "unpaid",
            "guide-poster": "unpaid",
            "guide-leaflet": "unpaid",
            "guide-act": "unpaid",
        },
        "event": 1,
        "code": "W03",
    }

    def made(name: str) -> str:
        wanted = re.findall(r"<\w+:(\w+)>", str(routes()[name].pattern))
        values = {}
        for part in wanted:
            value = parts[part]
            if isinstance(value, dict):
                default = batch.pk if name.startswith("import") else world.here.pk
                value = value.get(name, world.warning.pk if name.startswith("warning") else default)
            values[part] = value
        query = {
            "law-settings-check": "?key=warning.w03&from=2020-05-01",
            "statistics-rows": "?show=closure&of=base",
            "statistics-rows-export": "?show=closure&of=base",
            "arbitration-new": f"?matter={arbitration_matter.pk}",
            "code-boards": f"?site={world.here.pk}",
            "code-stickers": f"?site={world.here.pk}-1-1",
        }.get(name, "")
        return reverse(name, kwargs=values) + query

    return made


def test_every_route_declares_a_policy_and_stands_in_one_of_these_tables():
    named = routes()
    without = [n for n, p in named.items() if n != "healthz" and not hasattr(p.callback, "policy")]
    assert without == []
    assert set(named) == set(READS) | CHANGES | OTHERS


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_opens_exactly_the_pages_of_its_permissions(role, sign_in, address):
    client = sign_in(role)
    wrong = []
    for name, needed in READS.items():
        status = client.get(address(name)).status_code
        allowed = bool(ROLES[role] & needed)
        shown = {204} if name == "import-progress" else {200, 302}  # 204: nothing is running, show the result
        # of what several roles open, each only its own: no project is a mediator's or an arbitrator's
        expected = (
            {404} if name == "due" and role in ("mediator", "arbitrator") else shown if allowed else {403}
        )
        if status not in expected:
            wrong.append((name, status))
    assert wrong == []


def test_what_changes_something_cannot_be_opened_by_a_link_or_its_head_alone(sign_in, address):
    client = sign_in("inspector")
    opened = {name: client.get(address(name)).status_code for name in CHANGES}
    heads = {name: client.head(address(name)).status_code for name in CHANGES}
    assert {name: status for name, status in opened.items() if status != 405} == {}
    assert {name: status for name, status in heads.items() if status != 405} == {}


def test_a_change_without_its_token_is_refused(sign_in, address):
    client = sign_in("inspector", enforce_csrf_checks=True)
    wrong = []
    for name in sorted(CHANGES | {"project-edit", "import-new", "workers", "search"}):
        answer = client.post(address(name), {"text": "x"})
        if answer.status_code != 403 or "操作已失效" not in answer.content.decode():
            wrong.append((name, answer.status_code))
    assert wrong == []


#: of pages with a number in their address: whose things nobody else may know of
OF_A_DISTRICT = [
    "gate",
    "upload-record",
    "warning",
    "worker",
    "reveal",
    "import",
    "import-file",
    "emergency",
    "grid-report",
    "arbitration-case",
    "arbitration-claims-export",
    "arbitration-proposals",
    "mediation-case",
    "mediation-plan-export",
    "arbitration-hearings",
    "arbitration-record",
    "clue",
    "claimants",
    "claimants-export",
    "claimants-paid",
    "claimants-paid-export",
    "claimants-divide",
    "meeting",
    "visit",
    "visit-group",
    "promise",
    "matter-marks",
    "matter-urgings",
    "matter-urgings-list",
    "matter-evidence",
    "matter-evidence-list",
    "worker-evidence",
    "worker-evidence-list",
    "claimant-evidence",
    "claimant-evidence-list",
    "letter",
    "matter-letters",
    "matter-letters-export",
    "bulletin",
    "matter-inspection",
    "labour-contracts-site",
    "labour-contracts-site-export",
    "labour-contract-counter",
    "matter",
    "matter-paper",
    "due",
    "account-page",
    "account-export",
    "account-ask",
    "account-act",
    "account-query",
    "deposit-assess",
    "deposit-act",
] + [
    name
    for name in READS
    if name.startswith("project") and name not in ("projects", "projects-export", "project-new")
]


def test_an_object_outside_ones_district_does_not_exist(sign_in, address):
    here, elsewhere = sign_in("inspector"), sign_in("outsider")
    assert {n for n in OF_A_DISTRICT if here.get(address(n)).status_code not in (200, 204)} == set()
    assert {n for n in OF_A_DISTRICT if elsewhere.get(address(n)).status_code != 404} == set()


def test_lists_show_only_ones_own_district(sign_in, world, batch):
    for client, seen, hidden in (
        (sign_in("inspector"), "东台安置房工程", "西河桥梁工程"),
        (sign_in("outsider"), "西河桥梁工程", "东台安置房工程"),
    ):
        for page in ("/warnings", "/projects"):
            text = client.get(page).content.decode()
            assert seen in text
            assert hidden not in text
    assert "9月工资.xlsx" in sign_in("clerk").get("/imports").content.decode()
    assert "9月工资.xlsx" not in sign_in("outsider").get("/imports").content.decode()


def test_a_clerk_sees_warnings_and_handles_none(sign_in, world):
    client = sign_in("clerk")
    assert "申请消除</summary>" not in client.get(f"/warnings/{world.warning.pk}").content.decode()
    assert client.post(f"/warnings/{world.warning.pk}/note", {"text": "看过"}).status_code == 403
    assert client.post("/warnings/many", {"ids": [world.warning.pk]}).status_code == 403


def test_a_stranger_with_htmx_is_sent_to_the_sign_in_page_as_a_whole(world):
    answer = Client().get(
        "/warnings", headers={"HX-Request": "true", "HX-Current-URL": "http://x/warnings?a=1"}
    )
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/sign-in?next=%2Fwarnings%3Fa%3D1"


@pytest.mark.parametrize("address", ["/warnings?text=%00", "/projects?text=a%00b", "/imports?month=%00"])
def test_a_character_that_no_database_keeps_is_a_bad_request_and_no_failure(sign_in, address):
    assert sign_in("inspector").get(address).status_code == 400


def test_a_note_with_such_a_character_is_refused_too(sign_in, world):
    address = f"/warnings/{world.warning.pk}/note"
    assert sign_in("inspector").post(address, {"text": "a\0b"}).status_code == 400


def test_a_warning_number_beyond_any_key_is_picked_by_nobody(sign_in, world):
    answer = sign_in("inspector").post("/warnings/many", {"ids": ["9" * 25], "action": "acknowledge"})
    assert answer.status_code == 302
