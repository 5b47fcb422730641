"""Money paid after a decision: one row a person and payment, with its proof, counted for the clue of the chain once."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.casework.models import Matter
from anxin.casework.services import open_matter
from anxin.casework.succession import join
from anxin.clues.claimant_rows import Said
from anxin.clues.claimants import add_claimant
from anxin.clues.models import Claimant
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.referral import services
from anxin.referral.counting import Span, figures
from anxin.referral.matter_paid import receipts_for
from anxin.referral.models import MatterPayment, Recovered, Referral
from anxin.referral.offers import offers
from anxin.referral.payees import clue_of, payees
from tests.monitoring import factories as make
from tests.monitoring.factories import id_number
from tests.referral.clues import a_clue, paper
from tests.referral.conftest import NOW

DAY = NOW.date()
WORD = {"proof": "word", "said": "11月20日电话，本人说已到账", "amount_fen": 100_001, "paid_on": DAY}


@pytest.fixture
def clue(city):
    found = a_clue(city)
    services.refer(found, by=city.desk, now=NOW, law=city.law)
    for serial, name in enumerate(("甲工人1", "甲工人2"), start=1):
        add_claimant(found, Said(name, id_number(serial), amounts={"worker": 600_000}), by=city.desk, now=NOW)
    return found


def a_matter(city, clue=None, procedure="inspection_case", lead="ZJ", by=None) -> Matter:
    made = open_matter(
        procedure=procedure, title="木工班工资", region=city.here, lead=city.bodies[lead], by=by or city.housing, on=DAY,
        now=NOW, law=city.law, project=city.site,
    )  # fmt: skip
    if clue is not None:
        join(made, Referral.objects.get(clue=clue).matter)
    return Matter.objects.select_related("lead", "root").get(pk=made.pk)


def keys(clue) -> list[str]:
    return [f"c{one.pk}" for one in Claimant.objects.filter(clue=clue).order_by("number")]


def pay(city, matter, *, by=None, now=NOW, **fields):
    return services.record_payment(matter, by=by or city.housing, now=now, **(WORD | fields))


def money(city):
    return figures(city.leader, Span(DAY, DAY, DAY))["money"].part


def test_a_payment_is_counted_for_the_clue_with_its_proof_and_once(city, clue):
    matter = a_matter(city, clue)
    first, _ = keys(clue)
    row = pay(city, matter, payee=first)
    assert row.recovered == Recovered.objects.get() and row.recovered.said.open() == WORD["said"]
    assert money(city) == 100_001 and offers(clue) == []
    with pytest.raises(Refused, match=r"已经在.*登记过"):
        pay(city, matter, payee=first)
    entry = JournalEntry.objects.get(action="matter.paid")
    assert "1,000.01" in entry.summary and "甲工人" not in entry.summary
    assert money(city) == 100_001 and MatterPayment.objects.count() == 1


def test_the_same_money_in_the_case_and_in_the_penalty_after_it_is_refused(city, clue):
    case, penalty = a_matter(city, clue), a_matter(city, clue, "penalty_enforcement")
    first, second = keys(clue)
    pay(city, case, payee=first)
    with pytest.raises(Refused, match=str(case)):
        pay(city, penalty, payee=first)
    pay(city, penalty, payee=second)
    assert money(city) == 200_002


def test_money_that_the_clue_counts_already_is_recorded_and_not_counted_again(city, clue):
    matter, first = a_matter(city, clue), Claimant.objects.get(clue=clue, number=1)
    services.add_recovered(clue, claimant=first, by=city.desk, now=NOW, **WORD)
    row = pay(city, matter, payee=f"c{first.pk}")
    assert row.recovered is None and offers(clue) == [] and money(city) == 100_001


def test_who_does_not_deal_with_the_clue_records_and_the_clue_is_offered_it(city, clue):
    matter = a_matter(city, clue, "penalty_enforcement", lead="JT", by=city.transport)
    Matter.objects.filter(pk=matter.pk).update(root=None, follows=None)
    row = pay(
        city, Matter.objects.select_related("lead").get(pk=matter.pk), by=city.transport, person="甲工人1"
    )
    assert row.recovered is None
    join(matter, Referral.objects.get(clue=clue).matter)
    (offer,) = offers(clue)
    assert offer.about == ("matter-paid", matter.pk) and offer.claimant.number == 1
    counted = services.adopt(clue, offer.key, by=city.desk, now=NOW)
    row.refresh_from_db()
    assert row.recovered == counted and offers(clue) == [] and money(city) == 100_001
    with pytest.raises(Refused, match="已经采用"):
        services.adopt(clue, offer.key, by=city.desk, now=NOW)


def test_taken_back_it_counts_nowhere_and_stays_on_record(city, clue):
    matter = a_matter(city, clue)
    row = pay(city, matter, payee=keys(clue)[0])
    with pytest.raises(Refused, match="请写明撤下的原因"):
        services.take_payment_back(row, why="", by=city.housing, now=NOW)
    services.take_payment_back(row, why="听错了人", by=city.housing, now=NOW)
    assert money(city) == 0 and offers(clue) == [] and MatterPayment.objects.get().withdrawn_why == "听错了人"
    with pytest.raises(Refused, match="已经撤下"):
        services.take_payment_back(row, why="听错了人", by=city.housing, now=NOW)
    assert pay(city, matter, payee=keys(clue)[0]).recovered is not None, "the right one may be recorded then"


def test_what_was_recorded_before_the_end_is_not_taken_back_after_it(city, clue):
    matter = a_matter(city, clue)
    row = pay(city, matter, payee=keys(clue)[0])
    Matter.objects.filter(pk=matter.pk).update(closed_on=DAY)
    later = NOW + dt.timedelta(days=3)
    with pytest.raises(Refused, match="办结以前登记的"):
        services.take_payment_back(row, why="听错了人", by=city.housing, now=later)
    late = pay(city, matter, payee=keys(clue)[1], now=later, paid_on=later.date())
    services.take_payment_back(late, why="听错了人", by=city.housing, now=later)


def test_a_receipt_brings_day_and_sum_and_gives_no_more_than_it_holds(city, clue):
    matter = a_matter(city, clue)
    first, second = keys(clue)
    found = make.pay(make.line(city.site, "2026-10", make.worker(1), net_fen=600_000), paid_on="2026-11-20")
    told = {"proof": "receipt", "receipt": found, "said": "", "paid_on": None}
    one = pay(city, matter, payee=first, **told | {"amount_fen": 400_000})
    assert (one.paid_on, one.recovered.receipt) == (DAY, found)
    assert [each.rest_fen for each in receipts_for(matter, clue)] == [200_000]
    with pytest.raises(Refused, match="只剩2,000"):
        pay(city, matter, payee=second, **told | {"amount_fen": 200_001})
    pay(city, matter, payee=second, **told | {"amount_fen": None})
    with pytest.raises(Refused, match="没有余额"):
        pay(city, matter, payee=second, **told | {"amount_fen": None})
    assert money(city) == 600_000


def test_a_paper_of_payment_holds_for_all_who_stand_on_it_and_no_more(city, clue):
    matter = a_matter(city, clue)
    proof = paper(matter, "payment_proof", by=city.housing)
    first, second = keys(clue)
    told = {"proof": "document", "document": proof, "said": ""}
    assert pay(city, matter, payee=first, paper_fen=150_000, **told).recovered is not None
    with pytest.raises(Refused, match="只剩"):
        pay(city, matter, payee=second, **told | {"amount_fen": 50_000})
    pay(city, matter, payee=second, **told | {"amount_fen": 49_999})
    assert money(city) == 150_000
    with pytest.raises(Refused, match="请选择附在本件事项里的"):
        pay(
            city,
            matter,
            payee=second,
            **told | {"document": paper(a_matter(city), "payment_proof", by=city.housing)},
        )


def test_a_paper_is_not_said_to_hold_less_than_was_recorded_by_it_in_a_matter(city, clue):
    matter = a_matter(city, clue)
    proof = paper(matter, "payment_proof", by=city.housing)
    row = pay(city, matter, payee=keys(clue)[0], proof="document", document=proof, said="")
    services.withdraw_recovered(row.recovered, why="登记错了人", by=city.desk, now=NOW)
    told = {"proof": "document", "document": proof, "paid_on": DAY, "by": city.desk, "now": NOW}
    other = Claimant.objects.get(clue=clue, number=2)
    with pytest.raises(Refused, match="不能比它少"):
        services.add_recovered(clue, claimant=other, amount_fen=1, paper_fen=100_000, **told)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"payee": ""}, "请从本件的人员里选择"),
        ({"payee": "c999999"}, "请从本件的人员里选择"),
        ({"amount_fen": 0}, "请填写到账金额"),
        ({"paid_on": DAY + dt.timedelta(days=1)}, "不晚于今天"),
        ({"said": ""}, "怎样确认"),
        ({"proof": "hearsay"}, "凭什么证明"),
    ],
)
def test_without_person_sum_day_or_proof_nothing_is_recorded(city, clue, fields, words):
    matter = a_matter(city, clue)
    with pytest.raises(Refused, match=words):
        pay(city, matter, **{"payee": keys(clue)[0]} | fields)
    assert not MatterPayment.objects.exists() and money(city) == 0


def test_who_does_not_work_the_matter_records_and_takes_back_nothing(city, clue):
    matter = a_matter(city, clue)
    with pytest.raises(Refused, match="没有办理权限"):
        pay(city, matter, payee=keys(clue)[0], by=city.transport)
    row = pay(city, matter, payee=keys(clue)[0])
    with pytest.raises(Refused, match="没有办理权限"):
        services.take_payment_back(row, why="听错了人", by=city.outsider, now=NOW)


def test_a_mediation_has_its_instalments_and_no_payments_of_this_kind(city, clue):
    matter = Referral.objects.get(clue=clue).matter
    with pytest.raises(Refused, match="这类事项不登记付款"):
        pay(city, matter, payee=keys(clue)[0])


def test_a_matter_without_a_clue_takes_the_name_as_it_is_typed(city):
    matter = a_matter(city)
    assert clue_of(matter) is None and payees(matter, None) == []
    with pytest.raises(Refused, match="请填写是谁拿到的"):
        pay(city, matter)
    row = pay(city, matter, person="赵某某")
    assert row.person.open() == "赵某某" and row.recovered is None
    with pytest.raises(Refused, match="登记过"):
        pay(city, matter, person="赵 某某")
