"""Money person by person: whose it is, how proofs are divided, and what a list of payments may and may not say."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.clues.claimant_rows import Said
from anxin.clues.claimants import add_claimant, settle
from anxin.clues.models import Claimant
from anxin.evidence.imports import ImportRefused, accept_batch, open_batch
from anxin.evidence.journal import Actor, JournalEntry
from anxin.evidence.models import ImportProblem
from anxin.kernel.refusal import Refused
from anxin.referral import services
from anxin.referral.claims import Claim, claims_of, standings_of
from anxin.referral.concluding import lacking, recovered_fen, unpaid_reason
from anxin.referral.models import ListedPayment, Recovered
from anxin.referral.recovering import receipts_for
from tests.monitoring import factories as make
from tests.monitoring.factories import id_number
from tests.referral.clues import a_clue, paper
from tests.referral.conftest import NOW
from tests.signals.conftest import table

DAY = NOW.date()
SAID = "11月20日电话，本人说已到账"
HEADINGS = ("收款人", "身份证号", "付款金额", "付款日期", "流水号")


@pytest.fixture
def clue(city):
    found = a_clue(city)
    services.refer(found, by=city.desk, now=NOW, law=city.law)
    return found


def person(city, clue, name, worker=None, *, serial=0):
    said = Said(name, id_number(serial) if serial else "", amounts={"worker": worker} if worker else {})
    add_claimant(clue, said, by=city.desk, now=NOW)
    return Claimant.objects.latest("pk")


def word(city, clue, **more):
    told = {"proof": "word", "said": SAID, "paid_on": DAY, "by": city.desk, "now": NOW, **more}
    return services.add_recovered(clue, **told)


def receipt(city, serial=1, fen=600_000, month="2026-10"):
    return make.pay(make.line(city.site, month, make.worker(serial), net_fen=fen), paid_on="2026-11-20")


def claim(one) -> Claim:
    return claims_of([one.pk])[one.pk]


def lists(city, clue, *rows, by=None):
    actor = Actor(f"user:{(by or city.desk).pk}", "某人")
    batch = open_batch(
        kind="claim_payments", data=table(HEADINGS, *rows), filename="付款.csv", actor=actor, now=NOW,
        project_code=clue.number,
    )  # fmt: skip
    if batch.already_accepted:
        return batch
    return accept_batch(batch.pk, actor=actor, now=NOW, recognition=batch.recognition)


def reasons(batch):
    return dict(ImportProblem.objects.filter(batch=batch).values_list("row", "reason"))


# --- whose money it is


def test_a_name_that_one_person_has_finds_them_and_one_that_two_have_is_asked_about(city, clue):
    first = person(city, clue, "钱某人", 100_000)
    assert word(city, clue, person="钱 某人", amount_fen=40_000).claimant == first
    twin = person(city, clue, "孙某", 50_000, serial=3)
    person(city, clue, "孙某", 70_000, serial=4)
    with pytest.raises(Refused, match="名单里有2个人叫这个名字"):
        word(city, clue, person="孙某", amount_fen=100)
    with pytest.raises(Refused, match="没有叫这个名字的人"):
        word(city, clue, person="没有此人", amount_fen=100)
    made = word(city, clue, claimant=twin, amount_fen=100)
    assert made.claimant == twin and made.person.open() == "孙某"


def test_somebody_of_another_clues_list_is_not_chosen(city, clue):
    person(city, clue, "钱某人")
    other = person(city, a_clue(city), "李某")
    with pytest.raises(Refused, match="不在这条线索的名单里"):
        word(city, clue, claimant=other, amount_fen=100)


def test_a_receipt_finds_its_person_by_the_id_number_before_the_name(city, clue):
    person(city, clue, "甲工人1", serial=7)
    by_id = person(city, clue, "甲工人", serial=1)
    assert make.worker(1).id_hash == by_id.id_hash
    assert (
        services.add_recovered(clue, proof="receipt", receipt=receipt(city), by=city.desk, now=NOW).claimant
        == by_id
    )


def test_a_person_of_a_merged_clue_is_found_too_and_the_own_list_goes_first(city, clue):
    merged = a_clue(city)
    merged.dispute = clue
    merged.save(update_fields=["dispute"])
    theirs = person(city, merged, "李某")
    mine = person(city, clue, "钱某人")
    assert word(city, clue, person="李某", amount_fen=100).claimant == theirs
    person(city, merged, "钱某人")
    assert word(city, clue, person="钱某人", amount_fen=100).claimant == mine


def test_money_recorded_before_the_list_is_given_its_person_once(city, clue):
    row = word(city, clue, person="钱某人", amount_fen=40_000)
    word(city, clue, person="李某", amount_fen=100)
    one = person(city, clue, "钱某人", 30_000)
    assert services.assign_all(clue, by=city.desk, now=NOW) == (0, 2), (
        "more than they are owed: a person looks"
    )
    settle(one, 50_000, why="按考勤核算", by=city.desk, now=NOW)
    assert services.assign_all(clue, by=city.desk, now=NOW) == (1, 1)
    assert claim(one) == Claim(30_000, 50_000, 0, 40_000, 0) and claim(one).rest == 10_000
    with pytest.raises(Refused, match="已经对应到人"):
        services.assign(row, one, by=city.desk, now=NOW)
    left = Recovered.objects.get(claimant=None)
    with pytest.raises(Refused, match="没有处理这条线索的权限"):
        services.assign(left, one, by=city.outsider, now=NOW)


# --- no more than is owed, no more than the proof holds


def test_a_person_is_paid_in_parts_by_different_proofs_and_never_more_than_owed(city, clue):
    one = person(city, clue, "甲工人1", 1_000_000, serial=1)
    found = receipt(city)
    services.add_recovered(clue, proof="receipt", receipt=found, amount_fen=250_050, by=city.desk, now=NOW)
    word(city, clue, person="甲工人1", amount_fen=700_000)
    assert claim(one) == Claim(1_000_000, None, 250_050, 700_000, 0) and claim(one).rest == 49_950
    with pytest.raises(Refused, match=r"应得10,000\.00元，已证明到账9,500\.50元，最多还能登记499\.50元"):
        word(city, clue, person="甲工人1", amount_fen=49_951)
    assert word(city, clue, person="甲工人1", amount_fen=49_950).amount_fen == 49_950
    assert claim(one).rest == 0


def test_one_receipt_is_divided_over_persons_and_never_beyond_its_sum(city, clue):
    people = [person(city, clue, name) for name in ("钱某人", "李某", "孙某")]
    found = receipt(city)

    def take(one, fen):
        return services.add_recovered(
            clue, proof="receipt", receipt=found, claimant=one, amount_fen=fen, by=city.desk, now=NOW
        )

    take(people[0], 400_000)
    assert [one.rest_fen for one in receipts_for(clue)] == [200_000]
    with pytest.raises(Refused, match="这张回单已经证明过一笔这个人"):
        take(people[0], 1)
    with pytest.raises(Refused, match=r"只剩2,000\.00元"):
        take(people[1], 200_001)
    assert take(people[1], None).amount_fen == 200_000
    with pytest.raises(Refused, match="没有余额"):
        take(people[2], 1)
    assert receipts_for(clue) == [] and recovered_fen(clue) == 600_000


def test_a_paper_holds_what_was_read_off_it(city, clue):
    first, second = person(city, clue, "钱某人"), person(city, clue, "李某")
    document = paper(clue.referrals.get().matter, "payment_proof", by=city.desk)
    told = {"proof": "document", "document": document}
    word(city, clue, claimant=first, amount_fen=500, paper_fen=800, **told)
    with pytest.raises(Refused, match=r"合计8\.00元，已经证明5\.00元，只剩3\.00元"):
        word(city, clue, claimant=second, amount_fen=301, **told)
    word(city, clue, claimant=second, amount_fen=301, paper_fen=801, **told)
    with pytest.raises(Refused, match=r"只剩0\.00元"):
        word(city, clue, claimant=person(city, clue, "孙某"), amount_fen=1, paper_fen=700, **told)


# --- concluding rests on it


def test_settled_needs_everybody_on_the_list_proved(city, clue):
    first, second = person(city, clue, "钱某人", 60_000), person(city, clue, "李某", 40_000)
    word(city, clue, claimant=first, amount_fen=60_000)
    assert "没有逐人证明到核定的数" in unpaid_reason(clue, 100_000)
    rest = "名单上还有1人的到账没有逐人证明到应得的数，共差400.00元。"
    few = f"已证明到账600.00元，少于线索所说的18,600.00元，也没有劳动者确认。{rest}"
    assert unpaid_reason(clue, 60_000) == few, (
        "the clue says four, the list holds two: it is not the whole claim"
    )
    clue.people = 2
    assert unpaid_reason(clue, 60_000) == few.replace("线索所说的18,600.00元", "名单合计的1,000.00元")
    clue.people = 3
    third = person(city, clue, "孙某")
    assert "其中1人还没有定下金额" in unpaid_reason(clue, 60_000)
    settle(third, 0, why="核实没有欠这个人", by=city.desk, now=NOW)
    word(city, clue, claimant=second, amount_fen=40_000)
    assert unpaid_reason(clue, 100_000) == "" == lacking(standings_of([clue])[clue.pk])
    assert standings_of([a_clue(city)]) == {}


# --- lists of payments


def test_a_list_goes_on_row_by_row_and_proves_nothing_by_itself(city, clue):
    one = person(city, clue, "钱某人", 100_000)
    twins = [person(city, clue, "孙某", 50_000, serial=serial) for serial in (3, 4)]
    batch = lists(
        city, clue,
        ("钱某人", "", "600", "2026-11-18", "A1"), ("孙某", "", "1", "2026-11-18", "A2"),
        ("孙某", id_number(4), "500", "2026-11-18", "A3"), ("没有此人", "", "1", "2026-11-18", "A4"),
        ("钱某人", "", "400.01", "2026-11-18", "A5"), ("钱某人", "", "400", "2026-12-18", "A6"),
        ("合计", "", "1500", "2026-11-18", ""),
    )  # fmt: skip
    assert set(reasons(batch)) == {3, 5, 6, 7, 8} and batch.rows_rejected == 4
    assert "补填身份证号" in reasons(batch)[3] and "没有叫这个名字" in reasons(batch)[5]
    assert "晚于今天" in reasons(batch)[7] and "只剩400.00元" in reasons(batch)[6]
    assert (claim(one).unproved, claim(twins[1]).unproved) == (60_000, 50_000)
    assert recovered_fen(clue) == 0 and claim(one).rest == 100_000


def test_the_same_file_and_the_same_rows_in_another_file_change_nothing(city, clue):
    person(city, clue, "钱某人", 100_000)
    row = ("钱某人", "", "600", "2026-11-18", "A1")
    lists(city, clue, row)
    assert lists(city, clue, row).already_accepted
    again = lists(city, clue, ("钱某人", "", "100", "2026-11-19", "A2"), row)
    assert again.rows_unchanged == 1 and ListedPayment.objects.count() == 2
    doubled = lists(city, clue, ("钱某人", "", "1", "2026-11-19", ""), ("钱某人", "", "1", "2026-11-19", ""))
    assert "与第2行重复" in ImportProblem.objects.get(batch=doubled).reason


def test_a_row_that_names_a_receipt_of_the_project_is_proved_by_it(city, clue):
    one = person(city, clue, "甲工人1", 1_000_000, serial=1)
    found = receipt(city)
    found.reference = "HD-1"
    found.save(update_fields=["reference"])
    lists(
        city,
        clue,
        ("甲工人1", "", "6000", "2026-11-20", "HD-1"),
        ("甲工人1", "", "6000", "2026-11-20", "HD-2"),
    )
    assert claim(one) == Claim(1_000_000, None, 600_000, 0, 0), "the second would be more than is owed"
    assert Recovered.objects.get().listed == ListedPayment.objects.get()


def test_the_word_of_the_person_proves_the_row_that_was_listed_before_or_after(city, clue):
    one = person(city, clue, "钱某人", 100_000)
    word(city, clue, person="钱某人", amount_fen=60_000, paid_on=dt.date(2026, 11, 18))
    lists(city, clue, ("钱某人", "", "600", "2026-11-18", "A1"), ("钱某人", "", "400", "2026-11-19", "A2"))
    assert claim(one) == Claim(100_000, None, 0, 60_000, 40_000)
    row = word(city, clue, person="钱某人", amount_fen=40_000, paid_on=dt.date(2026, 11, 19))
    assert claim(one) == Claim(100_000, None, 0, 100_000, 0)
    with pytest.raises(Refused, match="已有证明"):
        services.withdraw_listed(row.listed, why="清单写错了", by=city.desk, now=NOW)
    services.withdraw_recovered(row, why="登记错了人", by=city.desk, now=NOW)
    assert claim(one).unproved == 40_000
    with pytest.raises(Refused, match="没有处理这条线索的权限"):
        services.withdraw_listed(row.listed, why="清单写错了", by=city.outsider, now=NOW)
    services.withdraw_listed(row.listed, why="清单写错了", by=city.desk, now=NOW)
    assert claim(one).unproved == 0
    assert JournalEntry.objects.filter(action="referral.payment_withdrawn").exists()


def test_who_may_not_work_the_clue_imports_no_list_and_a_clue_without_people_takes_none(city, clue):
    with pytest.raises(ImportRefused, match="还没有人员名单"):
        lists(city, clue, ("钱某人", "", "600", "2026-11-18", "A1"))
    person(city, clue, "钱某人")
    with pytest.raises(ImportRefused, match="不由您办理"):
        lists(city, clue, ("钱某人", "", "600", "2026-11-18", "A1"), by=city.outsider)
    assert not ListedPayment.objects.exists()
