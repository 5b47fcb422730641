"""From the evidence keys of the rules to what a person can open."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

import anxin.monitoring.rules
from anxin.funds.models import SpecialAccount
from anxin.funds.models_accounts import AccountBalance
from anxin.monitoring import sources
from anxin.monitoring.source_pairs import PAIRS
from anxin.monitoring.source_rows import KINDS
from anxin.signals.models import (
    BoardCheck,
    CardFlow,
    Clue,
    EmployerEvent,
    InsuranceMonth,
    PaymentOrder,
    UtilityMonth,
)
from anxin.workforce.models import Enrolment
from tests.monitoring import factories as make
from tests.monitoring.employers import employer
from tests.workforce import gates

DAY = dt.date(2026, 10, 9)
KNOWN = {"recorded_at": make.EARLY}


@pytest.fixture
def site(db):
    return make.project()


def place(key: str, site=None) -> list[str]:
    found = sources.resolve([key], project_id=site.pk if site else None)
    return [source.text for source in found.get(key, [])]


def test_every_key_that_a_rule_gives_leads_somewhere():
    texts = (path.read_text() for path in Path(anxin.monitoring.rules.__file__).parent.rglob("*.py"))
    given = {kind for text in texts for kind in re.findall(r'literal\(\s*"([a-z_]+):"', text)}
    assert {"clue", "payroll_line", "enrolment", "employer_month"} <= given
    assert given <= KINDS.keys() | PAIRS


def test_rows_with_a_number_of_their_own(site):
    clue = Clue.objects.create(
        number="C-7", channel="热线", received_on=DAY, project=site, region=site.region, people=3, **KNOWN
    )
    order = PaymentOrder.objects.create(
        number="令1号", project=site, region=site.region, served_on=DAY, due_on=DAY, amount_fen=100, **KNOWN
    )
    check = BoardCheck.objects.create(project=site, checked_on=DAY, standing=False, **KNOWN)
    assert place(f"clue:{clue.pk}", site) == ["编号C-7，渠道热线，接收日期2026-10-09，人数3"]
    assert "文号令1号，送达日期2026-10-09" in place(f"payment_order:{order.pk}", site)[0]
    assert "是否设立否" in place(f"board_check:{check.pk}", site)[0]


def test_an_employer_its_events_and_its_months(db):
    firm = employer(name="甲厂")
    event = EmployerEvent.objects.create(number="E1", employer=firm, kind="tax_arrears", on=DAY, **KNOWN)
    InsuranceMonth.objects.create(employer=firm, month="2026-09", insured=12, **KNOWN)
    UtilityMonth.objects.create(employer=firm, month="2026-09", power_kwh=80.5, **KNOWN)
    UtilityMonth.objects.create(employer=firm, month="2026-08", power_kwh=99.0, **KNOWN)
    assert place(f"employer:{firm.pk}") == [f"单位名称甲厂，统一社会信用代码{firm.uscc}"]
    assert place(f"employer_event:{event.pk}") == ["种类欠税，编号E1，日期2026-10-09"]
    assert place(f"employer_month:{firm.pk}@2026-09") == [
        "月份2026-09，参保人数12",
        "月份2026-09，用电量（千瓦时）80.5",
    ]


def test_accounts_and_balances_of_the_project(site):
    account = SpecialAccount.objects.create(project=site, opened_on=DAY, **KNOWN)
    AccountBalance.objects.create(account=account, on=DAY, balance_fen=123_456, **KNOWN)
    assert place(f"special_account:{site.pk}@2026-10-09", site) == ["开户日期2026-10-09"]
    assert place(f"account_balance:{site.pk}@2026-10-09", site) == ["日期2026-10-09，余额¥1,234.56"]


def test_the_roster_says_who_and_a_stranger_is_shown_by_attendance(site):
    known, stranger = make.worker(1), make.worker(2)
    Enrolment.objects.create(
        project=site, worker=known, team="木工一班", entry=DAY, contract_signed=False, **KNOWN
    )
    make.attend(site, stranger, "2026-10-09", "2026-10-10")
    assert place(f"enrolment:{site.pk}@{known.pk}", site) == ["班组木工一班，进场日期2026-10-09，已签合同否"]
    assert place(f"enrolment:{site.pk}@{stranger.pk}", site) == ["花名册上没有，出勤2天"]


def test_a_month_of_pay_lists_and_of_punches(site):
    person = make.worker(1)
    line = make.line(site, "2026-10", person)
    make.attend(site, person, "2026-10-09")
    assert place(f"payroll:{site.pk}@2026-10", site)[0].startswith("2026-10工资表1行，实发合计¥")
    assert place(f"punches:{person.pk}@2026-10", site) == ["2026-10出勤1天"]
    assert line.name not in str(sources.resolve([f"payroll_line:{line.pk}"], project_id=site.pk))


def test_nothing_of_another_project_is_shown(site):
    other = make.project("P2")
    SpecialAccount.objects.create(project=other, opened_on=DAY, **KNOWN)
    make.line(other, "2026-10", make.worker(1))
    for key in (f"special_account:{other.pk}@2026-10-09", f"payroll:{other.pk}@2026-10"):
        assert place(key, site) == []


def test_punches_of_a_gate_show_days_passages_and_what_came_late(site):
    gate, person = gates.device(site), gates.enrol(site, 1)
    rows = [
        gates.row(2 * day + part, person, gates.at(text, day))
        for day in range(2)
        for part, text in ((1, "07:31"), (2, "18:02"))
    ]
    gates.send(gate, rows, now=gates.at("19:00", 1))
    [source] = sources.resolve([f"punches:{person.pk}@2026-09"], project_id=site.pk)[
        f"punches:{person.pk}@2026-09"
    ]
    assert source.place == "闸机“GZ-0001”"
    assert source.text.startswith("2026-09打卡2天4次，每天都是07:31和18:02，其中补传")


def test_punches_of_another_site_or_month_are_not_shown(site):
    other, person = make.project("P2"), gates.enrol(site, 1)
    gates.enrol(other, 1)
    gates.send(gates.device(other), [gates.row(1, person, gates.at("07:31"))], now=gates.at("08:00"))
    assert place(f"punches:{person.pk}@2026-09", site) == []
    assert place(f"punches:{person.pk}@2026-08", other) == []
    assert len(place(f"punches:{person.pk}@2026-09", other)) == 1


def test_what_left_a_card_is_shown_without_its_number(site):
    line = make.line(site, "2026-10", make.worker(1), card_hash="card")
    for hour, fen in ((10, 590_000), (12, 100)):
        CardFlow.objects.create(
            card_hash="card", at=make.at("2026-11-15", hour), amount_fen=fen, to_hash="t", **KNOWN
        )
    key = f"card_flow:{line.pk}@2026-11-15"
    assert place(key, site) == [
        "2026-11-15 10:00从工资卡转出¥5,900.00",
        "2026-11-15 12:00从工资卡转出¥1.00",
    ]
    assert place(key, make.project("P2")) == []
