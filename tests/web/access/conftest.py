"""An address for every route of the console, and one of everything that an address may name, in the inspector's district."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.casework.services import attach
from anxin.channels.codes import issue_boards, issue_helmets
from anxin.channels.recording import add_recording
from anxin.clues.claimant_rows import Said
from anxin.clues.claimants import add_claimant, add_photo
from anxin.clues.opening import ask_opening
from anxin.connections.layouts import draft_receipts_layout
from anxin.connections.services import issue_key
from anxin.contracts.models import ContractText
from anxin.evidence import files
from anxin.evidence import imports as deliveries
from anxin.evidence.journal import Actor
from anxin.exchange.models import Platform
from anxin.exchange.uploads.filling import fill
from anxin.funds.services_inquiries import ask_query
from anxin.funds.services_register import record_deposit, record_special_account
from anxin.grid.reporting import Told, report
from anxin.letters import drafting, party
from anxin.local_law import queries as local_law
from anxin.local_law import services
from anxin.monitoring.models import Backtest, Sweep
from anxin.reception import services as reception
from anxin.referral.models import GivenBack
from anxin.referral.shipped import shipped
from anxin.referral.signing import propose_table
from anxin.registry.models import Employer, Organisation
from anxin.signals.models import KnownSite
from tests.channels.test_recordings import MP3
from tests.support.deliveries import payroll, receipts
from tests.web.access.addresses import address_of
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
def given(world, clue, now):
    """What a hotline was told of that order: nothing but that it is where it is."""
    kept = files.store(b"a workbook", name="热线回传.xlsx", now=now)
    by = {"by": f"user:{world.inspector.pk}", "by_name": "某inspector"}
    made = GivenBack.objects.create(region=clue.region, rows=1, file=kept, at=now, **by)
    made.lines.create(clue=clue, position=1, state="已派单，待签收", mark="0" * 64)
    return made


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
def party_paper(world, matter, now):
    """A record of an interview that the inspector has begun."""
    return party.make(matter, kind="interview_record", by=world.inspector, now=now)


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
def contract_text(world, now):
    """A model text that a bureau proposed for the district."""
    return ContractText.objects.create(
        region=world.here.region, name="本区文本", version=1, body="见通用文本", made_at=now, made_by_name="某人", made_by_key="user:0",
    )  # fmt: skip


@pytest.fixture
def objects(
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
    party_paper,
    mediated,
    arbitration_matter,
    hearing,
    labour_contract,
    contract_text,
    given,
):
    """Name → key of one of everything in the inspector's district."""
    add_claimant(clue, Said("某甲", ""), by=world.inspector, now=now)
    claimant = clue.claimants.get()
    spoken = add_recording(
        "form.owes",
        language="普通话",
        data=MP3,
        filename="",
        on=now.date(),
        actor=Actor("user:0", "某人"),
        now=now,
    )
    return {
        "warning": world.warning.pk,
        "worker": world.workers[0].pk,
        "person": world.inspector.pk,
        "sweep": Sweep.objects.get().pk,
        "run": a_run(world, now).pk,
        "local_value": local_value.pk,
        "clue": clue.pk,
        "visit": received["visit"],
        "promise": received["promise"],
        "duty": received["duty"],
        "recording": spoken.pk,
        "opening": opening.pk,
        "signed_table": signed_table.pk,
        "given": given.pk,
        "meeting": a_meeting(world, now, matter).pk,
        "matter": matter.pk,
        "case": a_case(world, now).pk,
        "bulletin": a_bulletin(world, now).pk,
        "emergency": emergency.pk,
        "letter": letter.pk,
        "party_paper": party_paper.pk,
        "labour_contract": labour_contract.pk,
        "contract_text": contract_text.pk,
        "grid_report": grid_report.pk,
        "arbitration": hearing.case_id,
        "hearing": hearing.pk,
        "mediation": mediated.pk,
        "code": scan_code.pk,
        "site": world.here.pk,
        "gate": gate.pk,
        "upload": upload.pk,
        "platform": upload.platform_id,
        "employer": known["employer"],
        "known_site": known["site"],
        "layout": layout.pk,
        "api_key": api_key.pk,
        "query": money["query"],
        "backtest": trial["done"],
        "running_backtest": trial["running"],
        "batch": batch.pk,
        "claimant": claimant.pk,
        "arbitration_matter": arbitration_matter.pk,
        "account": money["account"],
        "deposit": money["deposit"],
        "document": matter.documents.get().pk,
        "photo": list_photo.pk,
        "enrolment": enrolment.pk,
    }


@pytest.fixture
def address(objects):
    """Route name → an address that exists, in the inspector's district."""
    return lambda name: address_of(name, objects)
