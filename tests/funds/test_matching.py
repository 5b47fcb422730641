"""The pure matching of receipts to lines: the plain cases, and that nothing is created or lost."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.funds.matching import EXACT, PROPOSED, Line, Receipt, match

DAY = dt.date(2026, 10, 15)


def line(id=1, net=5000, *, month="2026-09", name="王小明", card="c1", person="", id_hash=""):
    return Line(id, month, person or f"n:{name}", name, card, id_hash, net)


def receipt(id=1, amount=5000, *, month="", name="王小明", card="c1", id_hash="", paid_on=DAY):
    return Receipt(id, month, name, card, id_hash, amount, paid_on)


def result(lines, receipts, **decisions):
    return [(p.receipt_id, p.line_id, p.amount_fen, p.state) for p in match(lines, receipts, **decisions)]


def test_card_name_and_amount_is_certain():
    assert result([line()], [receipt()]) == [(1, 1, 5000, EXACT)]


def test_id_number_and_name_is_certain_where_no_card_is_known():
    assert result([line(card="", id_hash="i")], [receipt(card="", id_hash="i")]) == [(1, 1, 5000, EXACT)]


def test_unique_name_and_amount_is_certain():
    assert result([line(card="")], [receipt()]) == [(1, 1, 5000, EXACT)]


def test_card_without_a_name_is_certain_where_the_card_has_one_name():
    pairings = match([line()], [receipt(name="")])
    assert [(p.state, p.reason) for p in pairings] == [(EXACT, "卡号一致（回执没有姓名）")]


def test_two_people_of_one_name_and_amount_are_only_proposed():
    lines = [line(1, card="", person="w1"), line(2, card="", person="w2")]
    assert result(lines, [receipt(card="")]) == [(1, 1, 5000, PROPOSED), (1, 2, 5000, PROPOSED)]


def test_two_bare_names_in_one_month_may_be_two_people():
    lines = [line(1, card=""), line(2, card="")]
    assert {state for *_, state in result(lines, [receipt(card="")])} == {PROPOSED}


def test_smaller_amount_on_the_same_card_is_a_part_payment():
    pairings = match([line()], [receipt(1, 2000), receipt(2, 3000)])
    assert [(p.amount_fen, p.state) for p in pairings] == [(2000, EXACT), (3000, EXACT)]
    assert "部分" in pairings[0].reason


def test_smaller_amount_by_name_alone_pays_nothing():
    assert result([line(card="")], [receipt(amount=2000, card="")]) == []


def test_more_than_is_open_is_only_proposed_up_to_what_is_open():
    assert result([line()], [receipt(amount=9000)]) == [(1, 1, 5000, PROPOSED)]


def test_same_name_and_amount_on_another_card_is_proposed():
    pairings = match([line()], [receipt(card="other")])
    assert [(p.state, p.reason) for p in pairings] == [(PROPOSED, "姓名、金额一致，但卡号不同")]


def test_same_card_with_another_name_is_proposed():
    assert result([line()], [receipt(name="李大海")]) == [(1, 1, 5000, PROPOSED)]


@pytest.mark.parametrize("written", ["王小鸣", "王小", "王小明明", "汪小明"])
def test_name_one_character_apart_with_the_amount_is_proposed(written):
    pairings = match([line(card="")], [receipt(name=written, card="")])
    assert [(p.state, p.reason) for p in pairings] == [(PROPOSED, "金额一致，姓名相差一个字")]


def test_name_two_characters_apart_is_nothing():
    assert result([line(card="")], [receipt(name="王大海", card="")]) == []


def test_without_a_stated_month_the_earliest_open_month_is_paid():
    lines = [line(2, month="2026-09"), line(1, month="2026-08")]
    assert result(lines, [receipt()]) == [(1, 1, 5000, EXACT)]
    assert result(lines, [receipt(1), receipt(2)]) == [(1, 1, 5000, EXACT), (2, 2, 5000, EXACT)]


def test_stated_month_pays_that_month_only():
    lines = [line(1, month="2026-08"), line(2, month="2026-09")]
    assert result(lines, [receipt(month="2026-09")]) == [(1, 2, 5000, EXACT)]
    assert result(lines, [receipt(month="2026-07")]) == []


def test_month_after_the_payment_is_not_paid_by_it():
    assert result([line(month="2026-11")], [receipt()]) == []


def test_denied_pair_is_neither_counted_nor_proposed_again():
    assert result([line()], [receipt(card="other")], denied=[(1, 1)]) == []
    assert result([line()], [receipt()], denied=[(1, 1)]) == []


def test_confirmed_part_leaves_only_the_rest_open():
    pairings = result(
        [line()], [receipt(1, card="other"), receipt(2, 5000), receipt(3, 1000)], confirmed=[(1, 1, 4000)]
    )
    assert (3, 1, 1000, EXACT) in pairings
    assert all(receipt_id != 1 for receipt_id, *_ in pairings)


_names = st.sampled_from(["王小明", "王小鸣", "李大海", "张伟", "张玮", ""])
_cards = st.sampled_from(["", "c1", "c2", "c3"])
_amounts = st.sampled_from([1, 1000, 2000, 3000, 5000])
_months = st.sampled_from(["2026-08", "2026-09", "2026-10"])


@st.composite
def _worlds(draw):
    lines = [
        Line(i, draw(_months), f"w{draw(st.integers(1, 4))}", draw(_names), draw(_cards), draw(st.sampled_from(["", "i1", "i2"])), draw(_amounts))
        for i in range(draw(st.integers(0, 8)))
    ]  # fmt: skip
    receipts = [
        Receipt(i, draw(st.one_of(st.just(""), _months)), draw(_names), draw(_cards), draw(st.sampled_from(["", "i1"])), draw(_amounts), DAY)
        for i in range(draw(st.integers(0, 8)))
    ]  # fmt: skip
    return lines, receipts


@given(_worlds())
def test_nothing_is_created_or_lost(world):
    lines, receipts = world
    counted: Counter = Counter()
    used: Counter = Counter()
    for pairing in match(lines, receipts):
        assert pairing.amount_fen > 0
        if pairing.state == EXACT:
            counted[pairing.line_id] += pairing.amount_fen
            used[pairing.receipt_id] += pairing.amount_fen
    assert all(counted[line.id] <= line.net_fen for line in lines)
    assert all(used[receipt.id] in (0, receipt.amount_fen) for receipt in receipts)


@given(_worlds(), st.randoms(use_true_random=False))
def test_order_of_arrival_does_not_matter(world, chance: random.Random):
    lines, receipts = world
    expected = match(lines, receipts)
    chance.shuffle(lines)
    chance.shuffle(receipts)
    assert match(lines, receipts) == expected


@given(_worlds())
def test_receipt_that_counts_is_not_also_proposed(world):
    exact = {p.receipt_id for p in match(*world) if p.state == EXACT}
    assert not exact & {p.receipt_id for p in match(*world) if p.state == PROPOSED}


@given(_worlds())
def test_every_certain_match_agrees_in_card_id_or_name(world):
    lines, receipts = world
    by_line, by_receipt = {x.id: x for x in lines}, {x.id: x for x in receipts}
    for p in match(lines, receipts):
        if p.state != EXACT:
            continue
        a, b = by_line[p.line_id], by_receipt[p.receipt_id]
        assert (a.name and a.name == b.name) or (not b.name and b.card_hash and a.card_hash == b.card_hash)
        assert not b.month or a.month == b.month
