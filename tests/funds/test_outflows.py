"""What becomes of money that leaves the account: the fate of one outflow, and of records as they stand."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.evidence.sealing import finding_hash
from anxin.funds import outflows
from anxin.funds import services_register as register
from anxin.funds.entries import Booking
from anxin.funds.judging import Moment, judged, suspects
from anxin.funds.models import AccountEvent
from anxin.funds.outflows import Inflow, Known, Outflow, judge
from anxin.funds.services_accounts import record_entries
from anxin.local_law.queries import current
from tests.monitoring import factories as make

DAY = dt.date(2026, 9, 10)
NEXT = DAY + dt.timedelta(days=1)
KNOWN = Known({"card"}, {"甲工人"}, {DAY: 500}, fee_limit_fen=200)


def fate(out: Outflow, *inflows: Inflow, known: Known = KNOWN) -> str:
    return judge([out], inflows, known)[out.key]


def out(fen: int = 300, kind: str = "wages", **more) -> Outflow:
    return Outflow(more.pop("key", 1), more.pop("day", DAY), kind, fen, **more)


@pytest.mark.parametrize(
    ("outflow", "expected"),
    [
        (out(account_hash="card"), outflows.TO_WORKER),
        (out(name="甲工人", account_hash="another"), outflows.TO_WORKER),
        (out(kind="other", name="甲工人"), outflows.TO_WORKER),
        (out(name="乙某", account_hash="strange"), outflows.OTHER_PAYEE),
        (out(kind="other", name="恒基建材有限公司"), outflows.OTHER_PAYEE),
        (out(500), outflows.PROVED),
        (out(501), outflows.UNPROVED),
        (out(500, name="代发工资过渡户"), outflows.PROVED),
        (out(501, name="代发工资过渡户"), outflows.UNPROVED),
        (out(501, kind="other", name="代发工资过渡户"), outflows.OTHER_PAYEE),
        (out(501, kind="other"), outflows.NOT_WAGES),
        (out(200, kind="fee"), outflows.FEE_SMALL),
        (out(201, kind="fee", name="某银行"), outflows.OTHER_PAYEE),
        (out(600, kind="other", reversed=True), outflows.REVERSED),
    ],
)
def test_fate_of_one_outflow(outflow, expected):
    assert fate(outflow) == expected


def test_pay_results_of_the_days_after_prove_a_batch_and_of_the_day_before_do_not():
    later = Known((), (), {NEXT: 300}, 0)
    assert fate(out(), known=later) == outflows.PROVED
    assert fate(out(day=NEXT + dt.timedelta(days=1)), known=later) == outflows.UNPROVED


def test_pay_results_prove_one_batch_and_not_the_same_money_twice():
    fates = judge([out(key=1), out(key=2)], [], KNOWN)
    assert fates == {1: outflows.PROVED, 2: outflows.UNPROVED}


def test_pay_results_of_single_payments_do_not_prove_a_batch_beside_them():
    fates = judge([out(400, key=1, account_hash="card"), out(300, key=2)], [], KNOWN)
    assert fates == {1: outflows.TO_WORKER, 2: outflows.UNPROVED}


def test_money_that_came_back_from_the_same_payee_is_no_longer_missing():
    stray = out(name="恒基建材有限公司")
    assert fate(stray, Inflow(NEXT, 300, "恒基建材有限公司")) == outflows.BACK
    assert fate(stray, Inflow(NEXT, 299, "恒基建材有限公司")) == outflows.OTHER_PAYEE
    assert fate(stray, Inflow(NEXT, 300, "另一公司")) == outflows.OTHER_PAYEE
    assert fate(stray, Inflow(DAY - dt.timedelta(days=1), 300, "恒基建材有限公司")) == outflows.OTHER_PAYEE


def test_one_return_makes_good_one_outflow():
    strays = [out(key=1, name="恒基建材有限公司"), out(key=2, name="恒基建材有限公司")]
    fates = judge(strays, [Inflow(NEXT, 300, "恒基建材有限公司")], KNOWN)
    assert sorted(fates.values()) == [outflows.BACK, outflows.OTHER_PAYEE]


def test_what_is_left_may_go_once_the_notice_has_run():
    free = Known((), (), {}, 0, free_from=DAY)
    assert fate(out(kind="other", name="甲建筑公司"), known=free) == outflows.CLOSING
    early = out(kind="other", name="甲建筑公司", day=DAY - dt.timedelta(days=1))
    assert fate(early, known=free) == outflows.OTHER_PAYEE


_outs = st.lists(
    st.builds(
        lambda kind, fen, name, card, days: (kind, fen, name, card, days),
        st.sampled_from(["wages", "other", "fee"]), st.integers(1, 400),
        st.sampled_from(["", "甲工人", "乙某", "代发过渡户"]), st.sampled_from(["", "card", "strange"]),
        st.integers(0, 4),
    ),
    max_size=8,
)  # fmt: skip


def _numbered(rows) -> list[Outflow]:
    return [
        Outflow(key, DAY + dt.timedelta(days=days), kind, fen, name, card)
        for key, (kind, fen, name, card, days) in enumerate(rows)
    ]


@given(_outs, st.randoms(use_true_random=False))
def test_order_in_which_bookings_are_given_does_not_matter(rows, chance: random.Random):
    flows = _numbered(rows)
    expected = judge(flows, [], KNOWN)
    chance.shuffle(flows)
    assert judge(flows, [], KNOWN) == expected


@given(_outs)
def test_batches_called_proved_are_never_more_than_the_bank_paid(rows):
    flows = _numbered(rows)
    fates = judge(flows, [], KNOWN)
    assert set(fates) == {one.key for one in flows}
    assert sum(one.amount_fen for one in flows if fates[one.key] == outflows.PROVED) <= 500


@pytest.fixture
def account(db, actor, now):
    return register.record_special_account(
        make.project("P1"), opened_on=dt.date(2026, 3, 1), actor=actor, now=now
    )


CARD = "9900000000000000017"


@pytest.mark.django_db
def test_records_say_which_outflows_were_wages(account, actor, now):
    site = account.project
    person = make.worker(1, "甲工人")
    make.line(site, "2026-08", person, name="甲工人", card_hash=finding_hash("card", CARD))
    other = make.project("P2")
    make.line(other, "2026-08", make.worker(2, "丙工人"), name="丙工人")
    bookings = [
        Booking(DAY, "out", 1, counterparty="甲工人", counterparty_account=CARD, purpose="工资"),
        Booking(DAY, "out", 2, counterparty="丙工人", purpose="工资"),  # a worker, of another project
        Booking(DAY, "out", 3, counterparty="恒基建材有限公司", purpose="货款"),
        Booking(NEXT, "in", 3, counterparty="恒基建材有限公司", purpose="退回"),
        Booking(DAY, "out", 4, purpose="8月工资"),
    ]
    record_entries(account=account, entries=bookings, source="对账单", actor=actor, now=now)
    rows = judged(Moment(now.date(), now), current())
    assert {row.amount_fen: row.fate for row in rows} == {
        1: "to_worker",
        2: "other_payee",
        3: "back",
        4: "unproved",
    }
    assert [row.amount_fen for row in suspects(rows)] == [2, 4]
    # on the day itself the money had not come back, and nothing was known before it was recorded
    assert {row.amount_fen: row.fate for row in judged(Moment(DAY, now), current())}[3] == "other_payee"
    assert judged(Moment(now.date(), now - dt.timedelta(hours=1)), current()) == []
    assert judged(Moment(now.date(), now, (other.pk,)), current()) == []


@pytest.mark.django_db
@pytest.mark.parametrize(("challenged", "expected"), [(False, "closing"), (True, "other_payee")])
def test_challenged_notice_frees_nothing(challenged, expected, account, actor, now):
    AccountEvent.objects.create(account=account, kind="notice", on=dt.date(2026, 8, 3), recorded_at=now)
    if challenged:
        AccountEvent.objects.create(
            account=account, kind="challenged", on=dt.date(2026, 8, 20), recorded_at=now
        )
    leaves = Booking(DAY, "out", 9, counterparty="甲建筑公司", purpose="余额")
    record_entries(account=account, entries=[leaves], source="对账单", actor=actor, now=now)
    assert [row.fate for row in judged(Moment(now.date(), now), current())] == [expected]
