"""Matters in the invented district, opened and moved by the services that the pages use."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from types import SimpleNamespace
from typing import Any

from PIL import Image

from anxin.accounts.models import User
from anxin.agency import services as agency
from anxin.agency.models import PayrollRun
from anxin.arbitration import tribunals
from anxin.arbitration.models import ArbitrationCase, Arbitrator, Hearing
from anxin.arbitration.scheduling import Wanted, set_hearing
from anxin.casework import flow, services
from anxin.casework.clockwork import Words
from anxin.casework.judging import Reason
from anxin.casework.models import Matter, Step
from anxin.clues.models import Clue
from anxin.clues.services import triage_new
from anxin.contracts.drafting import start_batch
from anxin.contracts.models import Contract
from anxin.enforcement.bulletins import draft_bulletin
from anxin.enforcement.emergencies import open_emergency
from anxin.enforcement.inspection import name_inspectors
from anxin.enforcement.meetings import plan_meeting
from anxin.enforcement.models import Bulletin, Emergency, Meeting
from anxin.evidence.imports import accept_batch, open_batch
from anxin.evidence.journal import SYSTEM, Actor
from anxin.kernel.months import Month
from anxin.local_law import queries as local_law
from anxin.mediation.models import MediationBody, MediationCase, Mediator
from anxin.workforce.models import Enrolment
from tests.contracts.conftest import SHARED
from tests.monitoring import factories as make


def a_matter(
    world: SimpleNamespace, now: dt.datetime, procedure: str = "complaint_intake", **fields: Any
) -> Matter:
    """Opened by the inspector, about the project here, nine days ago where nothing else is said."""
    values = {
        "procedure": procedure,
        "title": "木工班反映没有结清工资",
        "region": world.here.region,
        "lead": world.body,
        "by": world.inspector,
        "on": now.date() - dt.timedelta(days=9),
        "now": now,
        "law": local_law.current(),
        "project": world.here,
        "handler": world.inspector,
        **fields,
    }
    return services.open_matter(**values)


def a_mediation(world: SimpleNamespace, now: dt.datetime) -> MediationCase:
    """Applied for at the counter today, with the street's organisation and the mediator of the district."""
    body = MediationBody.objects.create(
        code="TJ-1", name="某调解委员会", level="town", region=world.here.region, recorded_at=now
    )
    mediator = Mediator.objects.create(
        code="TJY-1", name="某调解员", body=body, user=world.mediator, recorded_at=now
    )
    return MediationCase.objects.create(
        matter=a_matter(world, now, "mediation", on=now.date()), origin="counter", region=world.here.region,
        employer_name="某建工公司", claims="支付工资", facts="两个月没有发", applied_on=now.date(), people=1,
        claimed_fen=100, level="town", body=body, mediator=mediator, recorded_at=now,
    )  # fmt: skip


def a_hearing(world: SimpleNamespace, now: dt.datetime) -> Hearing:
    """Of a simple case that the district's arbitrator decides alone, set for the day after a week."""
    matter = a_matter(world, now, "arbitration_simple", project=None)
    case = ArbitrationCase.objects.create(
        matter=matter,
        region=world.here.region,
        employer_name="某建工公司",
        applied_on=now.date(),
        recorded_at=now,
    )
    of = {"body": world.body, "region": world.here.region, "recorded_at": now}
    one = Arbitrator.objects.create(code="ZC-1", name="某仲裁员", user=world.arbitrator, **of)
    other = Arbitrator.objects.create(code="ZC-2", name="某书记员", kind="secretary", **of)
    tribunals.form(case, tribunals.Named([one], other, "仲裁院院长提出"), by=world.inspector, now=now)
    wanted = Wanted(
        now + dt.timedelta(days=8),
        60,
        "online",
        meeting="123-456",
        identity_check="开庭前核对身份证",
        shorter_why="双方同意提前开庭",
    )
    return set_hearing(case, wanted, by=world.inspector, now=now, law=local_law.current())


def a_labour_contract(world: SimpleNamespace, now: dt.datetime) -> Contract:
    """Waiting to be made for the first worker of the project here, for their employer there."""
    place = world.workers[0].enrolments.get()
    asked = {"employer": world.firm, "project": world.here, "enrolments": [place.pk], "shared": SHARED}
    batch = start_batch(
        **asked, begins_on=now.date(), ends_on=None, text=None, send=True, user=world.payroll_clerk, now=now
    ).batch
    return batch.contracts.get()


def an_emergency(world: SimpleNamespace, now: dt.datetime, **fields: Any) -> Emergency:
    """Called in to the inspector an hour ago, at the project here."""
    values = {
        "place": "东台安置房售楼部门口",
        "people": 30,
        "what": "木工班聚集讨薪，没有堵路",
        "region": world.here.region,
        "lead": world.body,
        "by": world.inspector,
        "now": now - dt.timedelta(hours=1),
        "law": local_law.current(),
        "report_hours": 2,
        "project": world.here,
        **fields,
    }
    return open_emergency(**values)


def a_meeting(world: SimpleNamespace, now: dt.datetime, matter: Matter) -> Meeting:
    """Called for today by the inspector's body, about one matter."""
    return plan_meeting(
        title="专班第3次会商", on=now.date(), convenor=world.body, region=world.here.region,
        by=world.inspector, now=now, matters=[matter],
    )  # fmt: skip


def a_case(world: SimpleNamespace, now: dt.datetime) -> Matter:
    """An inspection case about the project here; the same one when asked again."""
    found = Matter.objects.filter(procedure="inspection_case").first()
    return found or a_matter(world, now, "inspection_case", title="连续两个月未发工资")


def a_bulletin(world: SimpleNamespace, now: dt.datetime) -> Bulletin:
    """Drafted by the inspector about the firm here: a collective dispute of this month; the same when asked again."""
    found = Bulletin.objects.first()
    if found is None:
        if not Matter.objects.filter(procedure="group_event").exists():
            an_emergency(world, now)
        found = draft_bulletin(
            kind="collective", employer=world.firm, month=Month.of(now.date()), region=world.here.region,
            lead=world.body, by=world.inspector, now=now, law=local_law.current(),
        )  # fmt: skip
    return found


def a_clue(
    world: SimpleNamespace, now: dt.datetime, number: str = "GD-1", text: str = "", **cells: str
) -> Clue:
    """An order of the district, taken in and read; the words are invented."""
    words = text or "我们14个木工在东台安置房工地给众力劳务做事，从7月到9月的工资18.6万元一直没有发。"
    row = {
        "工单编号": number,
        "来电时间": "2026-11-19 09:30",
        "诉求人": "赵某某",
        "电话": "13900001234",
        "内容": words,
        "区划代码": world.here.region_id,
        **cells,
    }
    data = "\n".join(",".join(line) for line in (row.keys(), row.values())).encode()
    batch = open_batch(kind="hotline", data=data, filename=f"{number}.csv", actor=SYSTEM, now=now)
    accept_batch(batch.pk, actor=SYSTEM, now=now, recognition=batch.recognition)
    triage_new(actor=SYSTEM, now=now)
    return Clue.objects.get(sender_number=number)


def a_picture(colour: str = "white") -> bytes:
    """A photograph as a phone sends one."""
    written = BytesIO()
    Image.new("RGB", (60, 80), colour).save(written, "JPEG")
    return written.getvalue()


def a_run(world: SimpleNamespace, now: dt.datetime) -> PayrollRun:
    """An October payroll of the firm here, made from attendance; the same one when asked again."""
    found = PayrollRun.objects.filter(project=world.here).first()
    if found is not None:
        return found
    Enrolment.objects.filter(project=world.here).update(employer=world.firm, agreed_wage="300元/天")
    make.attend(world.here, world.workers[0], "2026-10-08", "2026-10-09")
    return agency.draft_run(
        project=world.here,
        month=Month(2026, 10),
        employer=world.firm,
        actor=Actor("user:0", "某人"),
        now=now,
    )


def take(matter: Matter, step: str, *, by: User, on: dt.date, now: dt.datetime, **words: Any) -> Step:
    """Take a step with its papers attached, and its inspectors named where it needs them."""
    law = local_law.current()
    fresh = Matter.objects.select_related("lead").get(pk=matter.pk)
    option = next(one for one in flow.options(fresh, by, on, law) if one.transition.key == step)
    if option.reason is Reason.CONDITION:
        name_two_inspectors(fresh, by=by, on=on, now=now)
        option = next(one for one in flow.options(fresh, by, on, law) if one.transition.key == step)
    for group in option.missing:
        services.attach(
            fresh, kind=group[0], data=group[0].encode(), filename=f"{group[0]}.pdf", by=by, now=now, law=law
        )
    return flow.take(
        fresh, step, by=by, on=on, now=now, law=law, expected_version=fresh.version, words=Words(**words)
    )


def name_two_inspectors(matter: Matter, *, by: User, on: dt.date, now: dt.datetime) -> None:
    """Two invented inspectors with their cards."""
    people = (("林某某", "990101-001"), ("赵某某", "990101-002"))
    name_inspectors(matter, people, on=on, by=by, now=now, law=local_law.current())
