"""The life of a wage deposit: each event once, money never more than there is, release only after its notice."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.evidence.models import JournalEntry
from anxin.funds import services_deposits as deposits
from anxin.funds.deposit_state import Happened, state_of
from anxin.funds.models import DepositEvent, PaymentGuarantee, WageDeposit
from anxin.funds.services_register import record_deposit
from anxin.kernel.refusal import Refused
from tests.monitoring import factories as make

FROM = dt.date(2026, 3, 1)
UNTIL = dt.date(2027, 2, 28)
MILLION = 100_000_000


@pytest.fixture
def site(db):
    return make.project("P1")


@pytest.fixture
def act(actor, now):
    return {"actor": actor, "now": now}


@pytest.fixture
def letter(site, act):
    bank = make.organisation("BANK1", kind="bank")
    return deposits.issue_deposit(
        site, kind="guarantee", amount_fen=MILLION, valid_from=FROM, valid_until=UNTIL, institution=bank,
        number="BH-1", **act,
    )  # fmt: skip


def standing() -> WageDeposit:
    return WageDeposit.objects.get(superseded_at=None)


def test_letter_issued_twice_is_one_letter(letter, site, act):
    again = deposits.issue_deposit(
        site, kind="guarantee", amount_fen=MILLION, valid_from=FROM, valid_until=UNTIL,
        institution=letter.institution, number=" BH-1 ", **act,
    )  # fmt: skip
    assert again == letter
    assert (WageDeposit.objects.count(), DepositEvent.objects.count()) == (1, 1)


def test_same_number_with_another_amount_is_refused(letter, site, act):
    with pytest.raises(Refused, match="已经登记") as refusal:
        deposits.issue_deposit(
            site, kind="guarantee", amount_fen=5, valid_from=FROM, valid_until=UNTIL,
            institution=letter.institution, number="BH-1", **act,
        )  # fmt: skip
    assert refusal.value.field == "number"


def test_renewal_moves_the_last_day_and_keeps_what_was_known(letter, act, now):
    later = dt.date(2028, 2, 28)
    deposits.renew_deposit(letter, valid_until=later, on=now.date(), **act)
    assert standing().valid_until == later
    assert WageDeposit.objects.get(pk=letter.pk).superseded_at == now
    assert [event.kind for event in standing().original.events.order_by("id")] == ["issued", "renewed"]


def test_renewal_twice_is_one_renewal(letter, act, now):
    later = dt.date(2028, 2, 28)
    for _ in range(2):
        deposits.renew_deposit(letter, valid_until=later, on=now.date(), **act)
    assert WageDeposit.objects.count() == 2
    assert DepositEvent.objects.filter(kind="renewed").count() == 1


def test_renewal_to_an_earlier_day_is_refused(letter, act, now):
    with pytest.raises(Refused, match="晚于") as refusal:
        deposits.renew_deposit(letter, valid_until=UNTIL, on=now.date(), **act)
    assert refusal.value.field == "valid_until"


def test_cash_has_nothing_to_renew(site, act, now):
    cash = record_deposit(site, kind="cash", amount_fen=1, valid_from=FROM, **act)
    with pytest.raises(Refused, match="没有有效期"):
        deposits.renew_deposit(cash, valid_until=UNTIL, on=now.date(), **act)


def order(letter, act, fen=40_000_000, day=dt.date(2026, 11, 2), number="安人社支〔2026〕3号"):
    return deposits.order_use(letter, amount_fen=fen, on=day, number=number, people=12, **act)


def use(letter, act, fen=40_000_000, day=dt.date(2026, 11, 5), **more):
    return deposits.record_use(letter, amount_fen=fen, on=day, **more, **act)


def test_use_is_ordered_paid_and_topped_up(letter, act):
    order(letter, act)
    assert deposits.deposit_state(letter).ordered_fen == 40_000_000
    use(letter, act)
    assert deposits.deposit_state(letter).held_fen == 60_000_000
    deposits.top_up(letter, amount_fen=40_000_000, on=dt.date(2026, 11, 18), **act)
    state = deposits.deposit_state(letter)
    assert (state.held_fen, state.ordered_fen, state.open_fen) == (MILLION, 0, 0)


def test_every_event_sent_twice_is_one_event_and_one_journal_entry(letter, act):
    for _ in range(2):
        order(letter, act)
        use(letter, act)
        deposits.top_up(letter, amount_fen=10, on=dt.date(2026, 11, 18), **act)
    assert DepositEvent.objects.exclude(kind="issued").count() == 3
    assert JournalEntry.objects.filter(object_type="wagedeposit").count() == 4  # with the issue


def test_nobody_pays_what_was_not_ordered(letter, act):
    order(letter, act, fen=100)
    with pytest.raises(Refused, match=r"尚未支付的是1\.00元") as refusal:
        use(letter, act, fen=101)
    assert refusal.value.field == "amount_fen"


def test_order_over_what_is_free_is_refused(letter, act):
    order(letter, act, fen=MILLION - 1)
    with pytest.raises(Refused, match=r"可动用0\.01元"):
        order(letter, act, fen=2, number="安人社支〔2026〕4号")


def test_order_after_the_last_day_is_refused(site, act):
    old = record_deposit(
        site, kind="guarantee", amount_fen=MILLION, valid_from=FROM, valid_until=dt.date(2026, 10, 31), **act
    )
    with pytest.raises(Refused, match="到期后不能再要求支付"):
        order(old, act)


def test_more_is_not_topped_up_than_was_used(letter, act):
    with pytest.raises(Refused, match=r"尚未补足的是0\.00元"):
        deposits.top_up(letter, amount_fen=1, on=dt.date(2026, 11, 18), **act)


def test_event_of_a_day_to_come_is_refused(letter, act):
    with pytest.raises(Refused, match="还没有到") as refusal:
        order(letter, act, day=dt.date(2026, 11, 21))
    assert refusal.value.field == "on"


def test_release_without_notice_is_refused(letter, act, now):
    with pytest.raises(Refused, match="还没有登记返还公示"):
        deposits.release_deposit(letter, on=now.date(), **act)


def test_release_on_the_last_day_of_the_notice_is_refused_and_on_the_next_day_done(letter, act):
    deposits.announce_release(letter, on=dt.date(2026, 10, 10), **act)
    # 30 days from the day after: through 9 November
    with pytest.raises(Refused, match="2026-11-10起才可以返还"):
        deposits.release_deposit(letter, on=dt.date(2026, 11, 9), **act)
    deposits.release_deposit(letter, on=dt.date(2026, 11, 10), **act)
    assert standing().released_on == dt.date(2026, 11, 10)


def test_release_while_a_payment_is_ordered_is_refused(letter, act):
    deposits.announce_release(letter, on=dt.date(2026, 10, 10), **act)
    order(letter, act)
    with pytest.raises(Refused, match="尚未支付"):
        deposits.release_deposit(letter, on=dt.date(2026, 11, 12), **act)


def test_released_deposit_takes_no_more_events(letter, act):
    deposits.announce_release(letter, on=dt.date(2026, 10, 10), **act)
    deposits.release_deposit(letter, on=dt.date(2026, 11, 10), **act)
    with pytest.raises(Refused, match="返还"):
        order(letter, act)


def test_events_stay_with_a_deposit_whose_record_is_corrected(letter, site, act):
    order(letter, act)
    corrected = record_deposit(
        site, kind="guarantee", amount_fen=MILLION + 1, valid_from=FROM, valid_until=UNTIL, number="BH-1",
        institution=letter.institution, replaces=letter, **act,
    )  # fmt: skip
    assert deposits.deposit_state(corrected).ordered_fen == 40_000_000
    use(letter, act)  # whoever still holds the old record reaches the one that stands
    assert deposits.deposit_state(corrected).held_fen == 60_000_001


@pytest.mark.parametrize(
    ("values", "field"),
    [({"kind": "word"}, "kind"), ({"amount_fen": 0}, "amount_fen"), ({"valid_until": dt.date(2026, 1, 1)}, "valid_until")],
)  # fmt: skip
def test_payment_guarantee_that_cannot_be_is_refused_at_its_field(values, field, site, act):
    with pytest.raises(Refused) as refusal:
        deposits.record_payment_guarantee(
            site,
            **{"kind": "bank", "amount_fen": 5, "valid_from": FROM, "valid_until": UNTIL, **values},
            **act,
        )
    assert refusal.value.field == field


def test_payment_guarantee_is_recorded_and_journalled(site, act):
    deposits.record_payment_guarantee(
        site, kind="bank", amount_fen=MILLION, valid_from=FROM, valid_until=UNTIL, **act
    )
    assert PaymentGuarantee.objects.get().amount_fen == MILLION
    assert "工程款支付担保" in JournalEntry.objects.latest("sequence").summary


_events = st.lists(
    st.tuples(st.sampled_from(["use_ordered", "used", "topped_up"]), st.dates(FROM, UNTIL), st.integers(1, 10**8)),
    max_size=12,
)  # fmt: skip


@given(_events)
def test_held_is_what_was_given_less_used_plus_topped_up(rows):
    events = [Happened(key, kind, on, fen) for key, (kind, on, fen) in enumerate(rows)]
    state = state_of(MILLION, events)
    sums = {kind: sum(e.amount_fen for e in events if e.kind == kind) for kind in ("used", "topped_up")}
    assert state.held_fen == MILLION - sums["used"] + sums["topped_up"]
    assert all(0 <= one.open_fen <= one.amount_fen for one in state.uses)
    assert state.open_fen >= sums["used"] - sums["topped_up"]


@given(_events)
def test_older_use_is_made_good_before_a_later_one(rows):
    uses = state_of(MILLION, [Happened(key, *row) for key, row in enumerate(rows)]).uses
    still_open = [one.open_fen > 0 for one in uses]
    assert [one.on for one in uses] == sorted(one.on for one in uses)
    for place, one in enumerate(uses[1:], 1):
        if one.open_fen < one.amount_fen:
            assert not any(still_open[:place])
