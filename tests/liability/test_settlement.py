"""The plan of a project: what registers, payrolls, receipts, accounts, deposits and recorded facts make of it."""

import datetime as dt

from anxin.funds import services_register
from anxin.funds.models import AccountBalance, AccountEntry
from anxin.registry.models import Participation
from tests.liability.conftest import employer
from tests.monitoring import factories as make

DAY = dt.date(2026, 3, 1)


def _steps(found, branch=0):
    return [(step.payer, step.manner, step.amount) for step in found.plan.branches[branch].outcome.steps]


def _settle(site):
    """Everything that would otherwise open branches."""
    site.record("due", "1000000", subject="乙建")
    site.record("paid", "1000000", subject="乙建")
    site.record("deposit", "0", subject="乙建")


def test_unpaid_lines_become_the_arrears_of_the_employer_on_the_roster(site):
    _settle(site)
    found = site.plan()
    assert found.problem == ""
    [item] = found.plan.case.arrears
    assert (item.employer, item.workers, item.months) == ("丙劳务", 3, ("2026-09",))
    assert _steps(found) == [("丙劳务", "清偿", 18_000_00), ("乙建", "先行清偿", 0)]


def test_what_arrived_is_taken_off_and_a_paid_worker_is_not_counted(site):
    _settle(site)
    make.pay(site.lines[0])
    make.pay(site.lines[1], amount_fen=200_000)
    [item] = site.plan().plan.case.arrears
    assert (item.workers, item.amount.alternatives[0].value) == (2, 1_000_000)


def test_a_month_before_its_pay_day_owes_nothing_and_the_day_after_it_does(site):
    due = dt.date(2026, 10, 15)
    assert "没有到期未发的工资" in site.plan(as_of=due).problem
    assert site.plan(as_of=due + dt.timedelta(days=1)).plan is not None


def test_what_is_learned_later_does_not_change_what_was_known_before(site, now):
    _settle(site)
    later = now + dt.timedelta(hours=2)
    make.pay(site.lines[0], recorded_at=later)
    site.record("means", "0", subject="丙劳务", now=later)
    assert site.plan(known_at=now).plan.case.arrears[0].workers == 3
    assert site.plan(known_at=later).plan.case.arrears[0].workers == 2
    assert _steps(site.plan(known_at=now))[0][2] == 18_000_00
    assert _steps(site.plan(known_at=later))[0][2] == 0


def test_a_fact_holds_from_its_day(site):
    _settle(site)
    site.record("means", "0", subject="丙劳务", since=dt.date(2026, 11, 10))
    assert _steps(site.plan(as_of=dt.date(2026, 11, 9)))[0][2] == 18_000_00
    assert _steps(site.plan(as_of=dt.date(2026, 11, 10)))[0][2] == 0


def test_project_money_and_deposit_nobody_recorded_open_branches(site):
    labels = {item.fact.label for item in site.plan().plan.undecided}
    assert labels == {"乙建：应付工程款", "乙建：可动用的工资保证金"}


def test_a_disputed_amount_gives_a_branch_for_each_claim(site):
    _settle(site)
    site.record("means", "0", subject="丙劳务")
    site.record("means", "0", subject="乙建")
    site.record("labour_paid", "否", subject="乙建")
    site.record("paid", ("990000", "乙建"), ("1000000", "甲公司"), subject="乙建", document="付款凭证")
    found = site.plan()
    assert [branch.outcome.gap for branch in found.plan.branches] == [8_000_00, 18_000_00]
    assert _steps(found)[-1] == ("甲公司", "先行垫付", 10_000_00)
    assert found.plan.undecided[-1].fact.paper


def test_without_a_permit_the_lawfulness_is_open(site):
    _settle(site)
    site.project.permit_number = ""
    site.project.save()
    [first, *_] = site.plan().plan.undecided
    assert first.fact.label == "规划、施工等手续齐备"


def test_balance_of_the_account_is_the_last_stated_with_later_bookings(site, now, actor):
    _settle(site)
    account = services_register.record_special_account(site.project, opened_on=DAY, actor=actor, now=now)
    AccountBalance.objects.create(
        account=account, on=dt.date(2026, 11, 1), balance_fen=500_000, recorded_at=now
    )
    for number, (day, direction, fen) in enumerate(
        [
            (dt.date(2026, 10, 30), "in", 9),
            (dt.date(2026, 11, 5), "in", 100_000),
            (dt.date(2026, 11, 6), "out", 50_000),
        ]
    ):
        AccountEntry.objects.create(
            account=account,
            booked_on=day,
            direction=direction,
            kind="other",
            amount_fen=fen,
            natural_key=str(number),
            recorded_at=now,
        )
    assert _steps(site.plan())[0] == ("乙建的工资专用账户", "专户支付", 550_000)


def test_a_used_deposit_leaves_what_is_left_and_a_lapsed_one_nothing(site, now, actor):
    site.record("due", "0", subject="乙建")
    site.record("paid", "0", subject="乙建")
    for subject in ("丙劳务", "乙建"):
        site.record("means", "0", subject=subject)
    deposit = services_register.record_deposit(
        site.project,
        kind="guarantee",
        amount_fen=1_000_000,
        valid_from=DAY,
        valid_until=dt.date(2026, 11, 30),
        actor=actor,
        now=now,
    )
    assert _steps(site.plan())[-1] == ("乙建的工资保证金", "动用保证金", 1_000_000)
    deposit.events.create(
        kind="used", on=dt.date(2026, 11, 10), amount_fen=400_000, natural_key="1", recorded_at=now
    )
    assert _steps(site.plan())[-1] == ("乙建的工资保证金", "动用保证金", 600_000)
    lapsed = site.plan(as_of=dt.date(2026, 12, 1))
    assert "乙建的工资保证金" not in [payer for payer, _, _ in _steps(lapsed)]


def test_a_team_leader_is_added_with_his_own_arrears(site):
    _settle(site)
    site.record("above", "丙劳务", subject="鲁某")
    site.record("form", "个人", subject="鲁某")
    site.record("owed", "46200", subject="鲁某")
    assert "没有写明人数" in site.plan().problem
    site.record("people", "7", subject="鲁某")
    found = site.plan()
    assert [item.employer for item in found.plan.case.arrears] == ["丙劳务", "鲁某"]
    assert found.plan.branches[0].outcome.total == 18_000_00 + 46_200_00
    assert found.parties[-1].role == "个人"


def test_workers_without_an_employer_are_placed_and_that_is_said(site):
    _settle(site)
    stranger = make.worker(8)
    make.enrol(site.project, stranger)
    make.line(site.project, "2026-09", stranger, net_fen=100_000)
    found = site.plan()
    assert found.plan.case.arrears[0].workers == 4
    assert found.notes == ("花名册没有写明1人的用人单位，他们的1,000.00元暂记在“丙劳务”名下，请补齐花名册。",)


def test_two_general_contractors_leave_the_subcontractors_giver_open_until_recorded(site):
    Participation.objects.create(
        project=site.project, employer=employer("戊建", 9), role="general_contractor"
    )
    assert "请登记发包人" in site.plan().notes[0]
    site.record("above", "戊建", subject="丙劳务")
    found = site.plan()
    assert found.notes == ()
    assert found.plan.case.party("丙劳务").above == "戊建"


def test_without_an_owner_the_page_says_what_to_register(site):
    Participation.objects.filter(role="owner").delete()
    found = site.plan()
    assert (found.plan, found.problem) == (
        None,
        "还没有登记建设单位，无法列出合同链；请先在概况里登记参建单位。",
    )


def test_a_fund_without_a_local_cap_is_said_and_not_counted(site):
    _settle(site)
    for subject in ("丙劳务", "乙建"):
        site.record("means", "0", subject=subject)
    site.record("fund", "1000000")
    found = site.plan()
    assert found.plan.branches[0].outcome.gap == 18_000_00
    assert "应急周转金没有计入" in found.notes[0]


def test_the_plan_costs_the_same_with_more_people(site, django_assert_max_num_queries):
    for serial in range(10, 30):
        person = make.worker(serial)
        make.enrol(site.project, person, employer=site.firms["丙劳务"])
        make.line(site.project, "2026-09", person)
    with django_assert_max_num_queries(14):
        assert site.plan().plan.case.arrears[0].workers == 23


def test_a_contract_chain_in_a_circle_is_a_sentence_not_a_crash(site):
    site.record("above", "丙劳务", subject="乙建")
    assert "绕成了圈" in site.plan().problem
