"""Money recovered: person by person, to the fen, and never without its proof."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from anxin.evidence.sealing import Sealed
from anxin.funds.models import ReceiptMatch
from anxin.kernel.refusal import Refused
from anxin.referral import services
from anxin.referral.concluding import recovered_fen
from anxin.referral.models import Recovered
from anxin.referral.recovering import receipts_for, sums
from tests.monitoring import factories as make
from tests.referral.clues import a_clue, paper
from tests.referral.conftest import NOW

DAY = NOW.date()


@pytest.fixture
def clue(city):
    found = a_clue(city)
    services.refer(found, by=city.desk, now=NOW, law=city.law)
    return found


def receipt(city, fen=600_000, *, matched=True, person=1):
    line = make.line(city.site, "2026-10", make.worker(person), net_fen=fen)
    found = make.pay(line, paid_on="2026-11-20")
    if not matched:
        ReceiptMatch.objects.filter(receipt=found).update(ended_at=NOW)
    return found


def add(city, clue, proof, **more):
    return services.add_recovered(clue, proof=proof, by=more.pop("by", city.desk), now=NOW, **more)


def test_a_matched_receipt_brings_name_amount_and_day(city, clue):
    found = receipt(city)
    assert receipts_for(clue) == [found]
    row = add(city, clue, "receipt", receipt=found)
    assert (row.person.open(), row.amount_fen, row.paid_on) == ("甲工人1", 600_000, DAY)
    assert receipts_for(clue) == []


def test_a_receipt_that_nobody_matched_proves_nothing(city, clue):
    found = receipt(city, matched=False)
    assert receipts_for(clue) == []
    with pytest.raises(Refused, match="还没有对应到工资表"):
        add(city, clue, "receipt", receipt=found)


def test_a_receipt_proves_once(city, clue):
    found = receipt(city)
    add(city, clue, "receipt", receipt=found)
    other = a_clue(city)
    with pytest.raises(Refused, match="已经证明过一笔"):
        add(city, other, "receipt", receipt=found)


def test_a_word_says_how_and_a_document_lies_in_the_matter(city, clue):
    told = {"person": "乙工人", "amount_fen": 12_345, "paid_on": DAY}
    with pytest.raises(Refused, match="本人怎样确认的"):
        add(city, clue, "word", **told)
    add(city, clue, "word", said="11月20日电话，本人说已到账", **told)
    with pytest.raises(Refused, match="附在本件事项里"):
        add(city, clue, "document", **told)
    matter = clue.referrals.get().matter
    told["paid_on"] = DAY - dt.timedelta(days=1)
    add(city, clue, "document", document=paper(matter, "payment_proof", by=city.desk), **told)
    assert recovered_fen(clue) == 24_690


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"person": " "}, "谁拿到的"),
        ({"amount_fen": 0}, "到账金额"),
        ({"amount_fen": None}, "到账金额"),
        ({"paid_on": DAY + dt.timedelta(days=1)}, "不晚于今天"),
    ],
)
def test_what_is_missing_is_named(city, clue, change, words):
    told = {"person": "乙工人", "amount_fen": 100, "paid_on": DAY, "said": "电话里说已到账", **change}
    with pytest.raises(Refused, match=words):
        add(city, clue, "word", **told)


def test_the_database_itself_keeps_no_money_without_proof(city, clue):
    for proof in ("receipt", "document", "word"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Recovered.objects.create(
                clue=clue,
                person=Sealed.of("甲"),
                amount_fen=1,
                paid_on=DAY,
                proof=proof,
                by_name="某",
                at=NOW,
            )


def test_who_may_not_work_it_records_no_money(city, clue):
    with pytest.raises(Refused, match="没有处理这条线索的权限"):
        add(city, clue, "word", by=city.outsider, person="甲", amount_fen=1, paid_on=DAY, said="电话确认")


def test_a_row_taken_back_counts_no_more_and_frees_its_receipt(city, clue):
    found = receipt(city)
    row = add(city, clue, "receipt", receipt=found)
    with pytest.raises(Refused, match="撤下的原因"):
        services.withdraw_recovered(row, why="", by=city.desk, now=NOW)
    services.withdraw_recovered(row, why="登记到别的线索了", by=city.desk, now=NOW)
    assert recovered_fen(clue) == 0 and receipts_for(clue) == [found]


@given(st.lists(st.integers(1, 10**9), max_size=12), st.one_of(st.none(), st.integers(0, 10**10)))
def test_sums_hold_to_the_fen(amounts, claimed):
    found = sums(claimed, [Recovered(amount_fen=fen) for fen in amounts])
    assert found.proved == sum(amounts)
    if claimed is None:
        assert found.rest is None
    else:
        assert found.rest == max(claimed - found.proved, 0)


PERSON = {"person": "甲工人1", "amount_fen": 600_000, "paid_on": DAY}
SAID = {"said": "11月20日电话，本人说已到账"}


@pytest.mark.parametrize("name", ["甲工人1", "甲 工人1"])
def test_the_same_money_is_counted_once_however_it_is_proved(city, clue, name):
    add(city, clue, "word", **PERSON, **SAID)
    told = {**PERSON, "person": name}
    document = paper(clue.referrals.get().matter, "payment_proof", by=city.desk)
    for proof, more in (
        ("word", SAID),
        ("document", {"document": document}),
        ("receipt", {"receipt": receipt(city)}),
    ):
        with pytest.raises(Refused, match="已经登记过（凭本人确认）"):
            add(city, clue, proof, **(more if proof == "receipt" else told | more))
    assert recovered_fen(clue) == 600_000


@pytest.mark.parametrize(
    "other", [{"person": "甲工人2"}, {"amount_fen": 600_001}, {"paid_on": DAY - dt.timedelta(days=1)}]
)
def test_another_person_sum_or_day_is_other_money(city, clue, other):
    add(city, clue, "word", **PERSON, **SAID)
    add(city, clue, "word", **{**PERSON, **other}, **SAID)
    assert Recovered.objects.count() == 2


def test_a_document_proves_one_sum_of_a_person_and_may_prove_others_of_other_people(city, clue):
    document = paper(clue.referrals.get().matter, "payment_proof", by=city.desk)
    first = add(city, clue, "document", document=document, **PERSON)
    with pytest.raises(Refused, match="这份凭证已经证明过这个人"):
        add(city, clue, "document", document=document, **{**PERSON, "amount_fen": 1})
    with pytest.raises(Refused, match=r"只剩0\.00元"):
        add(city, clue, "document", document=document, **{**PERSON, "person": "甲工人2"})
    add(city, clue, "document", document=document, paper_fen=1_800_000, **{**PERSON, "person": "甲工人2"})
    services.withdraw_recovered(first, why="金额写错了", by=city.desk, now=NOW)
    add(city, clue, "document", document=document, **{**PERSON, "amount_fen": 1_200_000})
    assert recovered_fen(clue) == 1_800_000


def test_two_receipts_of_one_person_are_two_payments(city, clue):
    first = receipt(city)
    second = make.pay(make.line(city.site, "2026-09", make.worker(1), net_fen=600_000), paid_on="2026-11-20")
    for found in (first, second):
        add(city, clue, "receipt", receipt=found)
    assert recovered_fen(clue) == 1_200_000
