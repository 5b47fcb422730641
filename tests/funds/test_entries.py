"""Bookings of a special account: recorded once, reversed, and tied to labour cost; balances against them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.evidence.models import JournalEntry
from anxin.funds import services_register as register
from anxin.funds.entries import Booking, kind_of, month_of, natural_keys
from anxin.funds.models import AccountBalance, AccountEntry, Disbursement
from anxin.funds.queries_accounts import accounts_by_number, balance_after, entry_page, reconciliation
from anxin.funds.reconciling import reconcile
from anxin.funds.services_accounts import record_balance, record_entries
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused
from tests.monitoring import factories as make

OPENED = dt.date(2026, 3, 1)
NUMBER = "990000000123456"
CARD = "9900000000000000017"


def came(day: int = 1, fen: int = 1_000_000, **more) -> Booking:
    return Booking(
        dt.date(2026, 9, day), "in", fen, **{"purpose": "2026年8月人工费", "reference": "IN1", **more}
    )


def went(day: int = 10, fen: int = 400_000, **more) -> Booking:
    return Booking(dt.date(2026, 9, day), "out", fen, **{"purpose": "8月工资", "reference": "OUT1", **more})


@pytest.fixture
def account(db, actor, now):
    return register.record_special_account(
        make.project("P1"), number=NUMBER, opened_on=OPENED, actor=actor, now=now
    )


@pytest.fixture
def deliver(account, actor, now):
    def run(*bookings: Booking, at: dt.datetime = now):
        return record_entries(account=account, entries=bookings, source="九月对账单", actor=actor, now=at)

    return run


@pytest.mark.parametrize(
    ("direction", "purpose", "kind"),
    [
        ("in", "2026年9月人工费用拨付", "labour_cost"),
        ("in", "工资退回 账号户名不符", "returned"),
        ("in", "结息", "interest"),
        ("in", "往来款", "other"),
        ("out", "9月农民工工资代发", "wages"),
        ("out", "代发工资手续费", "fee"),
        ("out", "材料款", "other"),
    ],
)
def test_text_of_a_booking_says_what_it_is(direction, purpose, kind):
    assert kind_of(Booking(OPENED, direction, 1, purpose=purpose)) == kind


@pytest.mark.parametrize(
    ("purpose", "month"),
    [("2026年9月工资", "2026-09"), ("2026-09人工费", "2026-09"), ("9月工资", ""), ("合同20261234号", "")],
)
def test_text_of_a_booking_names_its_month_only_with_the_year(purpose, month):
    assert month_of(Booking(OPENED, "out", 1, purpose=purpose)) == month


def test_statement_twice_changes_nothing(deliver, account):
    first = deliver(came(), went())
    entries = JournalEntry.objects.count()
    again = deliver(came(), went())
    assert (first.added, again.added, again.unchanged) == (2, 0, 2)
    assert JournalEntry.objects.count() == entries
    assert Disbursement.objects.count() == 1


def test_overlapping_statement_in_another_order_adds_only_what_is_new(deliver):
    deliver(came(), went())
    again = deliver(went(12, reference="OUT2"), went(), came())
    assert (again.added, again.unchanged) == (1, 2)


def test_two_equal_bookings_of_one_statement_are_two(deliver):
    assert deliver(went(), went()).added == 2
    assert deliver(went(), went()).added == 0


def test_one_reference_for_a_batch_tells_payees_apart_by_account(deliver):
    outcome = deliver(went(counterparty="甲工人", counterparty_account=CARD), went(counterparty="乙工人"))
    assert outcome.added == 2


def test_counterparty_is_sealed_found_by_hash_and_shown_masked(deliver, account):
    deliver(went(counterparty="甲工人", counterparty_account=CARD))
    [row] = entry_page(account).items
    assert (row.counterparty, row.counterparty_account) == ("甲**", "尾号 0017")
    assert CARD.encode() not in bytes(AccountEntry.objects.get().counterparty_account.envelope)
    assert CARD not in JournalEntry.objects.latest("sequence").summary


@pytest.mark.parametrize(
    ("booking", "field"),
    [
        (came(fen=0), "amount_fen"),
        (Booking(dt.date(2026, 12, 1), "in", 1), "booked_on"),
        (Booking(dt.date(2026, 2, 1), "in", 1), "booked_on"),
        (Booking(OPENED, "sideways", 1), "direction"),
        (came(kind="gift"), "kind"),
        (came(month="2026-13"), "month"),
    ],
)
def test_statement_with_a_booking_that_cannot_be_is_refused_whole(booking, field, deliver):
    with pytest.raises(Refused) as refusal:
        deliver(went(), booking)
    assert refusal.value.field == field
    assert "第2笔" in refusal.value.sentence
    assert not AccountEntry.objects.exists()


def test_labour_cost_that_arrives_is_the_disbursement_of_its_month(deliver):
    deliver(came())
    row = Disbursement.objects.get()
    assert (row.month, row.paid_fen, row.paid_on) == ("2026-08", 1_000_000, dt.date(2026, 9, 1))
    assert row.entry is not None


def test_labour_cost_without_a_month_belongs_to_the_month_it_was_booked_in(deliver):
    deliver(came(purpose="人工费"))
    assert Disbursement.objects.get().month == "2026-09"


def test_disbursement_recorded_by_hand_is_proved_and_not_doubled(deliver, account, actor, now):
    register.record_disbursement(
        account.project, month=Month(2026, 7), paid_fen=1_000_000, paid_on=dt.date(2026, 9, 1), due_fen=2_000_000,
        actor=actor, now=now,
    )  # fmt: skip
    deliver(came())
    row = Disbursement.objects.get(superseded_at=None)
    assert (row.month, row.due_fen, row.paid_fen) == ("2026-07", 2_000_000, 1_000_000)
    assert row.entry is not None


def test_reversal_takes_back_its_booking_and_the_disbursement(deliver, account):
    deliver(came())
    outcome = deliver(Booking(dt.date(2026, 9, 2), "out", 1_000_000, reference="IN1", reversal=True))
    taken = AccountEntry.objects.get(is_reversal=True)
    assert (outcome.reversals_open, taken.reverses.reference, taken.kind) == (0, "IN1", "labour_cost")
    assert not Disbursement.objects.filter(superseded_at=None).exists()
    assert balance_after(reconciliation(account)) == 0


def test_reversal_that_names_another_reference_finds_it_even_when_it_comes_first(deliver):
    reversal = Booking(dt.date(2026, 9, 20), "in", 400_000, reference="R9", reverses="OUT1", reversal=True)
    assert deliver(reversal).reversals_open == 1
    assert deliver(went()).reversals_open == 0
    assert AccountEntry.objects.get(is_reversal=True).reverses.reference == "OUT1"


def test_reversal_never_takes_back_the_same_booking_twice(deliver):
    deliver(went())
    back = Booking(dt.date(2026, 9, 11), "in", 400_000, reference="OUT1", reversal=True)
    assert deliver(back, back).reversals_open == 1


def test_entries_and_balances_stay_with_an_account_whose_record_is_corrected(deliver, account, actor, now):
    deliver(came())
    record_balance(account=account, balance_fen=1_000_000, on=dt.date(2026, 9, 1), actor=actor, now=now)
    later = now + dt.timedelta(days=1)
    corrected = register.record_special_account(
        account.project, number=NUMBER, opened_on=OPENED, name="甲公司滨江项目农民工工资专用账户",
        replaces=account, actor=actor, now=later,
    )  # fmt: skip
    assert [row.entry.reference for row in entry_page(corrected).items] == ["IN1"]
    assert [stretch.difference_fen for stretch in reconciliation(corrected)] == [0]
    assert accounts_by_number("9900 0000 0123 456") == [corrected]


def test_balance_again_is_unchanged_and_another_amount_replaces_it(account, actor, now):
    day = dt.date(2026, 9, 30)
    first = record_balance(account=account, balance_fen=5, on=day, actor=actor, now=now)
    assert record_balance(account=account, balance_fen=5, on=day, actor=actor, now=now) == first
    record_balance(account=account, balance_fen=7, on=day, actor=actor, now=now)
    assert list(AccountBalance.objects.order_by("id").values_list("balance_fen", "superseded_at")) == [
        (5, now),
        (7, None),
    ]


@pytest.mark.parametrize(
    ("fen", "day", "field"),
    [
        (-1, OPENED, "balance_fen"),
        (1, dt.date(2027, 1, 1), "balance_on"),
        (1, dt.date(2026, 1, 1), "balance_on"),
    ],
)
def test_balance_that_cannot_be_is_refused_at_its_field(fen, day, field, account, actor, now):
    with pytest.raises(Refused) as refusal:
        record_balance(account=account, balance_fen=fen, on=day, actor=actor, now=now)
    assert refusal.value.field == field


def test_difference_between_bank_and_bookings_shows_where_it_arose(deliver, account, actor, now):
    deliver(came(), went())
    for day, fen in ((5, 1_000_000), (20, 550_000), (30, 550_000)):
        record_balance(account=account, balance_fen=fen, on=dt.date(2026, 9, day), actor=actor, now=now)
    assert [stretch.difference_fen for stretch in reconciliation(account)] == [0, -50_000, 0]


_days = st.dates(OPENED, dt.date(2026, 6, 30))
_moves = st.lists(st.tuples(_days, st.integers(0, 10**9), st.integers(0, 10**9)), max_size=12)


@given(_moves, st.dictionaries(_days, st.integers(0, 10**9), max_size=5))
def test_opening_and_movements_make_the_closing_of_every_stretch(moves, stated):
    stretches = reconcile(OPENED, moves, stated.items())
    opening = 0
    for stretch in stretches:
        assert stretch.opening_fen == opening
        assert stretch.computed_fen == opening + stretch.in_fen - stretch.out_fen
        opening = stretch.computed_fen + stretch.difference_fen
    total = sum(came - went for _, came, went in moves)
    assert opening == total + sum(stretch.difference_fen for stretch in stretches)


_bookings = st.lists(
    st.builds(
        Booking, _days, st.sampled_from(["in", "out"]), st.integers(1, 3),
        counterparty=st.sampled_from(["", "甲"]), reference=st.sampled_from(["", "R1"]),
        reversal=st.booleans(),
    ),
    max_size=10,
)  # fmt: skip


@given(_bookings, st.randoms(use_true_random=False))
def test_keys_of_a_statement_do_not_depend_on_its_order(bookings, chance):
    keys = natural_keys((booking, "") for booking in bookings)
    assert len(set(keys)) == len(keys)
    chance.shuffle(bookings)
    assert sorted(natural_keys((booking, "") for booking in bookings)) == sorted(keys)
