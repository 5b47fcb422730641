"""How a payroll went to the bank stands in the packages: steps, the workers' answers, each payee with the bank's answer."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.agency import services
from anxin.agency.models import Channel, WorkerWord
from anxin.dossier.subjects import OfSiteMonth, OfWorker, hand_out
from anxin.formats.messages import Outcome
from anxin.local_law import queries as local_law
from anxin.registry.models import Organisation
from tests.agency import factories as agency
from tests.dossier.packs import NOW, person, rows
from tests.proof.packages import judged

LATER = agency.NOW + dt.timedelta(hours=1)


@pytest.fixture
def place(db):
    """Three on the payroll: one objects and is answered, one is paid, one comes back from the bank."""
    place = agency.site(3)
    run = agency.opened(place)
    first, second, third = agency.lines(run)
    contested = services.contest_line(
        first, says="少算两天", channel=Channel.OWN_PHONE, actor=agency.worker_actor(first), now=agency.NOW
    )
    services.answer_objection(
        contested, answer="两天是请假，考勤表上有本人签字。", actor=agency.DRAFTER, now=LATER
    )
    for line in (first, second, third):
        agency.confirm(line, LATER)
    run = services.submit_run(run, actor=agency.DRAFTER, now=LATER)
    run = services.approve_run(run, employer=place.general, actor=agency.CHECKER, now=LATER)
    order = services.send_order(agency.ordered(run), actor=agency.CHECKER, now=LATER)
    agency.take(order, agency.results(order, {2: (Outcome.RETURNED, "")}))
    WorkerWord.objects.create(
        worker=place.workers[2], project=place.project, day=dt.date(2026, 10, 8), says="那天下雨也上了班", at=LATER,
        state=WorkerWord.State.OPEN,
    )  # fmt: skip
    WorkerWord.objects.create(
        worker=place.workers[2], project=place.project, day=dt.date(2026, 11, 3), says="下个月的事", at=LATER,
        state=WorkerWord.State.OPEN,
    )  # fmt: skip
    place.project.responsible = Organisation.objects.create(code="HR", name="某区人社局", kind="bureau")
    place.project.save()
    place.inspector = person("inspector", "inspector", place.project.region_id)
    return place


def test_a_sites_month_shows_how_the_payroll_went_to_the_bank(place):
    subject = OfSiteMonth(place.project, agency.OCTOBER)
    made = hand_out(subject, by=place.inspector, now=NOW, law=local_law.current())
    assert judged(made.content).valid
    assert [row["action"] for row in rows(made, "t19_runs")] == [
        "编制", "交工人确认", "报总包审核", "审核通过", "生成代发单", "报送银行", "收到银行结果",
    ]  # fmt: skip
    said = [
        (row["sign"], row["answer"], row.get("says", ""), row.get("reply", "")[:2])
        for row in rows(made, "t20_answers")
    ]
    assert said == [
        ("P1", "确认无误", "", ""), ("P2", "确认无误", "", ""), ("P3", "确认无误", "", ""),
        ("P1", "有异议", "少算两天", "两天"), ("P3", "有异议", "那天下雨也上了班", ""),
    ]  # fmt: skip
    orders = rows(made, "t21_orders")
    assert [(row["sign"], row["amount"], row["state"]) for row in orders] == [
        ("P1", "6000.00", "已到账"), ("P2", "6000.00", "已退回"), ("P3", "6000.00", "已到账"),
    ]  # fmt: skip
    assert {row["line"] for row in orders} == {row["row"] for row in rows(made, "t06_payroll")}


def test_a_workers_claim_shows_the_own_answers_and_payments_alone(place):
    made = hand_out(OfWorker(place.workers[2]), by=place.inspector, now=NOW, law=local_law.current())
    assert judged(made.content).valid
    assert [(row["sign"], row.get("says", "")) for row in rows(made, "t20_answers")] == [
        ("P1", ""), ("P1", "那天下雨也上了班"), ("P1", "下个月的事"),
    ]  # fmt: skip
    (order,) = rows(made, "t21_orders")
    assert (order["sign"], order["state"], order["bank_reference"]) == (
        "P1",
        "已到账",
        f"B{order['reference']}",
    )
