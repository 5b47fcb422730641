"""Several payments for one line, one payment for several, rows listed twice, references of our own orders."""

from __future__ import annotations

from dataclasses import replace

from anxin.funds.matching import EXACT, PROPOSED, Ordered, match
from tests.funds.test_matching import line, receipt, result

ORDERED = Ordered(7, "王小明", "c1")


def test_payments_without_a_month_that_add_up_to_one_of_two_lines_pay_it():
    lines = [line(1, 7000, month="2026-08"), line(2, 5000, month="2026-09")]
    assert result(lines, [receipt(1, 2000), receipt(2, 3000)]) == [(1, 2, 2000, EXACT), (2, 2, 3000, EXACT)]


def test_part_without_a_month_that_two_lines_could_take_is_only_proposed():
    lines = [line(1, 7000, month="2026-08"), line(2, 5000, month="2026-09")]
    assert {state for *_, state in result(lines, [receipt(1, 2000)])} == {PROPOSED}


def test_payment_of_the_sum_of_two_months_pays_both():
    lines = [line(1, 7000, month="2026-08"), line(2, 5000, month="2026-09")]
    pairings = match(lines, [receipt(1, 12000)])
    assert [(p.line_id, p.amount_fen, p.state) for p in pairings] == [(1, 7000, EXACT), (2, 5000, EXACT)]
    assert pairings[0].reason == "卡号、姓名一致（一笔付清2条工资）"


def test_sum_that_two_combinations_of_months_make_is_only_proposed():
    lines = [line(number, 5000, month=f"2026-0{number}") for number in (7, 8, 9)]
    assert {state for *_, state in result(lines, [receipt(1, 10000)])} == {PROPOSED}


def test_sum_of_two_people_on_one_card_is_only_proposed():
    lines = [line(1, 7000), line(2, 5000, name="李大海")]
    assert {state for *_, state in result(lines, [receipt(1, 12000, name="")])} == {PROPOSED}


def test_sum_by_name_alone_with_a_namesake_is_only_proposed_or_nothing():
    lines = [line(1, 7000, person="w1", card=""), line(2, 5000, person="w2", card="")]
    assert result(lines, [receipt(1, 12000, card="")]) == []


def test_rest_of_a_confirmed_payment_is_proposed_for_the_next_month():
    lines = [line(1, 5000, month="2026-08"), line(2, 5000, month="2026-09")]
    assert result(lines, [receipt(1, 10000, card="other")], confirmed=[(1, 1, 5000)]) == [
        (1, 2, 5000, PROPOSED)
    ]


def test_whole_amount_that_may_be_part_of_a_bigger_line_is_only_proposed():
    lines = [line(1, 8000, month="2026-08"), line(2, 5000, month="2026-09")]
    assert {state for *_, state in result(lines, [receipt(1, 5000), receipt(2, 3000)])} == {PROPOSED}


def test_same_reference_payee_and_amount_again_is_only_proposed():
    first = replace(receipt(1), reference="LS1")
    lines = [line(1, month="2026-08"), line(2, month="2026-09")]
    assert result(lines, [first, replace(first, id=2)]) == [(1, 1, 5000, EXACT), (2, 2, 5000, PROPOSED)]


def test_same_reference_for_two_stated_months_pays_both():
    first = replace(receipt(1, month="2026-08"), reference="PC1")
    lines = [line(1, month="2026-08"), line(2, month="2026-09")]
    second = replace(first, id=2, month="2026-09")
    assert [state for *_, state in result(lines, [first, second])] == [EXACT, EXACT]


def test_reference_of_our_order_finds_its_line_before_an_earlier_month():
    lines = [line(6, month="2026-08"), line(7, month="2026-09")]
    assert result(lines, [replace(receipt(1), ordered=ORDERED)]) == [(1, 7, 5000, EXACT)]


def test_reference_of_our_order_counts_with_the_card_that_the_order_named():
    ordered = replace(ORDERED, card_hash="new")
    assert result([line(7)], [replace(receipt(1, card="new"), ordered=ordered)]) == [(1, 7, 5000, EXACT)]


def test_reference_of_our_order_with_another_name_is_only_proposed_and_pays_no_other_line():
    lines = [line(7), line(8, name="李大海", card="c2")]
    pairings = match(lines, [replace(receipt(1, name="李大海", card="c2"), ordered=ORDERED)])
    assert {p.state for p in pairings} == {PROPOSED}
    assert pairings[0].reason == "代发单流水号一致，但姓名或卡号不同"


def test_card_of_somebody_else_speaks_against_a_line_without_a_card():
    lines = [line(1, 5000, card="", person="w1"), line(2, 6000, card="c2", person="w2")]
    assert (1, 1, 5000, EXACT) not in result(lines, [receipt(1, 5000, card="c2")])
