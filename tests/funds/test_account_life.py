"""The life of a special account: agreement, filing, closing after its notice with nobody owed, and queries."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.evidence.models import JournalEntry
from anxin.funds import services_account_life as life
from anxin.funds import services_inquiries as inquiries
from anxin.funds import services_register as register
from anxin.funds.entries import Booking
from anxin.funds.models import AccountEvent, AccountQuery, SpecialAccount
from anxin.funds.queries_accounts import agreement_of, labour_cost_periods
from anxin.funds.queries_months import owed
from anxin.funds.services_accounts import record_entries
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused
from anxin.registry.models import Employer, Participation, Project
from tests.monitoring import factories as make

pytestmark = pytest.mark.django_db
OPENED = dt.date(2026, 3, 1)


@pytest.fixture
def act(actor, now):
    return {"actor": actor, "now": now}


@pytest.fixture
def account(act):
    site = make.project("P1", completion=dt.date(2026, 9, 30), state="completed")
    for role, code in (("owner", "91990100MA00000001"), ("general_contractor", "91990100MA00000002")):
        employer = Employer.objects.create(uscc=code, name=f"虚构单位{role}")
        Participation.objects.create(project=site, employer=employer, role=role)
    bank = make.organisation("BANK1", kind="bank")
    return register.record_special_account(site, opened_on=OPENED, bank=bank, **act)


def sign(account, act, **more):
    values = {"signed_on": OPENED, "due_day": 10, "first_month": Month(2026, 4), "share_bp": 2000,
              "share_of": "progress", **more}  # fmt: skip
    return life.sign_agreement(account, **values, **act)


def test_agreement_names_the_three_and_its_terms_become_the_projects(account, act):
    sign(account, act, contract_on=dt.date(2026, 2, 10))
    agreement = agreement_of(account)
    assert (agreement.owner.name, agreement.contractor.name) == (
        "虚构单位owner",
        "虚构单位general_contractor",
    )
    assert account.project.labour_cost_terms.get(superseded_at=None).share_bp == 2000


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"share_bp": None}, "monthly_fen"),
        ({"cycle_months": 2}, "cycle_months"),
        ({"share_bp": 10_001}, "share_bp"),
        ({"share_of": ""}, "share_of"),
        ({"signed_on": dt.date(2027, 1, 1)}, "signed_on"),
        ({"contract_on": dt.date(2027, 1, 1)}, "contract_on"),
    ],
)
def test_agreement_that_cannot_be_is_refused_at_its_field(values, field, account, act):
    with pytest.raises(Refused) as refusal:
        sign(account, act, **values)
    assert refusal.value.field == field
    assert agreement_of(account) is None


def test_agreement_without_an_owner_on_the_project_is_refused(account, act):
    Participation.objects.filter(role="owner").delete()
    with pytest.raises(Refused, match="还没有登记建设单位"):
        sign(account, act)


def test_share_of_progress_is_due_and_the_gap_is_told(account, act):
    sign(account, act)
    site = account.project
    life.record_progress(site, month=Month(2026, 4), amount_fen=100_000_001, **act)
    life.record_progress(site, month=Month(2026, 4), amount_fen=100_000_003, **act)  # corrected
    record_entries(
        account=account, source="对账单", **act,
        entries=[Booking(dt.date(2026, 4, 9), "in", 15_000_000, purpose="2026年4月人工费")],
    )  # fmt: skip
    april, may, *_ = labour_cost_periods(site, dt.date(2026, 5, 20), 1)
    assert (april.due_on, april.due_fen, april.paid_fen, april.gap_fen) == (
        dt.date(2026, 4, 10), 20_000_001, 15_000_000, 5_000_001,
    )  # fmt: skip
    assert (may.due_fen, may.paid_fen, may.gap_fen) == (None, 0, 0)


def test_filing_is_recorded_once_and_not_before_the_account(account, act):
    with pytest.raises(Refused, match="早于开户日期"):
        life.file_account(account, on=dt.date(2026, 2, 1), **act)
    life.file_account(account, on=dt.date(2026, 3, 20), number="备〔2026〕1号", **act)
    with pytest.raises(Refused, match="已经登记过备案"):
        life.file_account(account, on=dt.date(2026, 3, 21), **act)


def test_account_closes_the_day_after_its_notice_has_run(account, act):
    life.announce_closing(account, on=dt.date(2026, 10, 10), **act)
    with pytest.raises(Refused, match="2026-11-10起才可以销户"):
        life.close_account(account, on=dt.date(2026, 11, 9), **act)
    closed = life.close_account(account, on=dt.date(2026, 11, 10), number="撤1号", **act)
    assert (closed.closed_on, closed.line_id) == (dt.date(2026, 11, 10), account.pk)
    assert SpecialAccount.objects.filter(superseded_at=None).count() == 1
    with pytest.raises(Refused, match="已被更正"):
        life.close_account(account, on=dt.date(2026, 11, 11), **act)


def test_account_without_a_notice_does_not_close(account, act, now):
    with pytest.raises(Refused, match="还没有登记撤户公示"):
        life.close_account(account, on=now.date(), **act)


@pytest.mark.parametrize("refused", [False, True])
def test_stopped_notice_does_not_count_and_a_new_one_runs_anew(refused, account, act):
    life.announce_closing(account, on=dt.date(2026, 10, 5), **act)
    life.stop_closing(account, on=dt.date(2026, 10, 8), note="3人反映9月工资未付", refused=refused, **act)
    with pytest.raises(Refused, match="还没有登记撤户公示"):
        life.close_account(account, on=dt.date(2026, 11, 10), **act)
    life.announce_closing(account, on=dt.date(2026, 10, 12), **act)
    with pytest.raises(Refused, match="2026-11-12起"):
        life.close_account(account, on=dt.date(2026, 11, 10), **act)


def test_nobody_closes_while_wages_have_not_arrived(account, act):
    make.line(account.project, "2026-08", make.worker(1), net_fen=500_000)
    assert owed(account.project) == (1, 500_000)
    with pytest.raises(Refused, match=r"1人次、5,000\.00元工资没有到账记录"):
        life.announce_closing(account, on=dt.date(2026, 10, 5), **act)
    make.pay(account.project.payrolls.get().lines.get())
    assert owed(account.project) == (0, 0)
    life.announce_closing(account, on=dt.date(2026, 10, 5), **act)


def test_notice_before_completion_is_refused(account, act):
    Project.objects.update(completion=None, state="in_progress")
    account.project.refresh_from_db()
    with pytest.raises(Refused, match="还没有登记竣工"):
        life.announce_closing(account, on=dt.date(2026, 10, 5), **act)


def test_account_does_not_close_before_its_last_booking(account, act):
    life.announce_closing(account, on=dt.date(2026, 10, 5), **act)
    leaves = [Booking(dt.date(2026, 11, 12), "out", 5, purpose="余额")]
    record_entries(account=account, entries=leaves, source="对账单", **act)
    with pytest.raises(Refused, match="2026-11-12还有流水"):
        life.close_account(account, on=dt.date(2026, 11, 11), **act)


def test_every_step_leaves_a_journal_entry_of_the_project(account, act):
    before = JournalEntry.objects.count()
    life.file_account(account, on=dt.date(2026, 3, 20), **act)
    life.announce_closing(account, on=dt.date(2026, 10, 5), **act)
    entries = JournalEntry.objects.order_by("sequence")[before:]
    assert [entry.after["project_ids"] for entry in entries] == [[account.project_id]] * 2
    assert AccountEvent.objects.count() == 2


def ask(account, by, now, **more):
    values = {"purpose": "核查9月工资去向", "case_number": "安劳监案〔2026〕12号",
              "first_day": dt.date(2026, 9, 1), "last_day": dt.date(2026, 9, 30), **more}  # fmt: skip
    return inquiries.ask_query(account, **values, by=by, now=now)


@pytest.fixture
def people():
    return {
        "inspector": make.user("i", "inspector", region="9901"),
        "county_head": make.user("k", "leader", region="990102"),
        "city_head": make.user("c", "leader", region="9901"),
        "other_city_head": make.user("o", "leader", region="9902"),
    }


def test_query_is_asked_approved_by_a_city_head_and_answered(account, people, act, now):
    query = ask(account, people["inspector"], now)
    assert not inquiries.queries_for_banks(["BANK1"]).exists()
    inquiries.decide_query(query, approve=True, note="", by=people["city_head"], now=now)
    [seen] = inquiries.queries_for_banks(["BANK1"])
    assert not inquiries.queries_for_banks(["BANK2"]).exists()
    inquiries.answer_query(seen, answer="9月转出3笔", balance_fen=5, **act)
    assert AccountQuery.objects.get().state == "answered"
    trail = JournalEntry.objects.filter(action="funds.account_query").order_by("sequence")
    assert [entry.summary[:2] for entry in trail] == ["申请", "批准", "反馈"]
    assert all("第四十条" in entry.basis for entry in trail)


@pytest.mark.parametrize("who", ["county_head", "other_city_head", "inspector"])
def test_nobody_below_or_beside_the_city_head_approves(who, account, people, now):
    query = ask(account, people["inspector"], now)
    with pytest.raises(Refused, match="设区的市级以上"):
        inquiries.decide_query(query, approve=True, note="", by=people[who], now=now)


def test_whoever_asked_does_not_approve(account, people, now):
    query = ask(account, people["city_head"], now)
    with pytest.raises(Refused, match="不能自己批准"):
        inquiries.decide_query(query, approve=True, note="", by=people["city_head"], now=now)


def test_rejection_needs_a_reason_and_the_bank_never_sees_it(account, people, act, now):
    query = ask(account, people["inspector"], now)
    with pytest.raises(Refused, match="写明理由"):
        inquiries.decide_query(query, approve=False, note=" ", by=people["city_head"], now=now)
    inquiries.decide_query(query, approve=False, note="事由不足", by=people["city_head"], now=now)
    assert not inquiries.queries_for_banks(["BANK1"]).exists()
    with pytest.raises(Refused, match="还没有批准"):
        inquiries.answer_query(query, answer="…", **act)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"purpose": " "}, "purpose"),
        ({"case_number": ""}, "case_number"),
        ({"last_day": dt.date(2026, 8, 1)}, "last_day"),
        ({"last_day": dt.date(2026, 12, 1)}, "last_day"),
    ],
)
def test_query_that_cannot_be_is_refused_at_its_field(values, field, account, people, now):
    with pytest.raises(Refused) as refusal:
        ask(account, people["inspector"], now, **values)
    assert refusal.value.field == field


def test_query_follows_an_account_whose_bank_was_corrected(account, people, act, now):
    query = ask(account, people["inspector"], now)
    inquiries.decide_query(query, approve=True, note="", by=people["city_head"], now=now)
    other = make.organisation("BANK2", kind="bank")
    register.record_special_account(account.project, opened_on=OPENED, bank=other, replaces=account, **act)
    assert not inquiries.queries_for_banks(["BANK1"]).exists()
    assert inquiries.queries_for_banks(["BANK2"]).get() == query


def test_only_who_sees_the_project_sees_its_queries(account, people, now):
    query = ask(account, people["inspector"], now)
    assert inquiries.visible_queries(people["county_head"]).get() == query
    assert not inquiries.visible_queries(people["other_city_head"]).exists()
    assert not inquiries.visible_queries(make.user("p", "bank_operator", institution="BANK1")).exists()
