"""查明的欠薪 person by person: the lists behind a case are there, nothing is found without the inspector, and sums follow."""

from __future__ import annotations

import datetime as dt
import io
from types import SimpleNamespace

import openpyxl
import pytest

from anxin.casework.models import Matter
from anxin.clues.claimant_rows import Said as Told
from anxin.clues.claimants import add_claimant, record_amount, remove_claimant
from anxin.clues.intake import Voice, take_in
from anxin.clues.models import Amount, Claimant, Clue
from anxin.enforcement import crime
from anxin.enforcement.exports import found_workbook
from anxin.enforcement.finding import CHANGED, KEEP, OPEN, STRUCK, Ruling, register, rule, rule_rest
from anxin.enforcement.inspection import arrears_of
from anxin.enforcement.letter_facts import known
from anxin.enforcement.listed import listed, sums
from anxin.enforcement.models import FoundPerson
from anxin.evidence.journal import SYSTEM
from anxin.evidence.models import JournalEntry
from anxin.evidence.sealing import Sealed
from anxin.kernel.refusal import Refused
from anxin.letters.sources import known_for
from anxin.local_law import queries as local_law
from anxin.mediation.models import Agreement, MediationCase, Party, Share
from anxin.referral.models import Recovered, Referral
from tests.monitoring import factories as make

NOW = make.at("2026-04-01")
FIRST, SECOND = make.id_number(1), make.id_number(2)


@pytest.fixture
def case(world) -> SimpleNamespace:
    """A ticket with a clue of three people, and the inspection case that follows it."""
    ticket = open_(world, "hotline_12345")
    matter = open_(world, "inspection_case")
    matter.follows = ticket
    matter.save()
    clue = a_clue(world, ticket)
    people = [
        told(world, clue, "赵甲", FIRST, worker=500_000, contractor=400_000),
        told(world, clue, "钱乙", worker=300_000),
        told(world, clue, "孙丙", worker=200_000, subcontractor=200_000),
    ]
    return SimpleNamespace(matter=matter, ticket=ticket, clue=clue, people=people)


def open_(world, procedure: str) -> Matter:
    return world.matter(procedure, title="拖欠工资", law=local_law.current())


def a_clue(world, ticket=None, **fields) -> Clue:
    voice = Voice(
        received_at=NOW - dt.timedelta(days=20), text="工地欠我们三个人工资", title="欠薪", channel="hotline",
        kind="complaint", region="990102", project=None, employer=None,
    )  # fmt: skip
    clue = take_in([voice], actor=SYSTEM, now=NOW)[0]
    Clue.objects.filter(pk=clue.pk).update(months=4, **fields)
    if ticket is not None:
        Referral.objects.create(
            clue=clue, matter=ticket, table_title="表", route={}, proposed=ticket.lead, referred_at=NOW,
            referred_by_name="某甲",
        )  # fmt: skip
    return Clue.objects.get(pk=clue.pk)


def told(world, clue, name, id_number="", **amounts) -> Claimant:
    add_claimant(clue, Told(name, id_number, amounts=amounts), by=world.inspector, now=NOW)
    return clue.claimants.latest("number")


def key(claimant) -> str:
    return f"c{claimant.pk}"


def says(world, case, *rulings, matter=None, by=None) -> int:
    return rule(matter or case.matter, rulings, by=by or world.inspector, now=NOW)


def test_the_page_starts_with_the_people_and_what_each_side_says_and_nothing_is_found(case):
    people = listed(case.matter)
    assert [one.said for one in people] == [
        {"worker": 500_000, "contractor": 400_000},
        {"worker": 300_000},
        {"worker": 200_000, "subcontractor": 200_000},
    ]
    assert {one.months for one in people} == {4} and {one.list_name for one in people} == {case.clue.number}
    assert all(one.found is None for one in people) and arrears_of(case.matter) is None
    assert [(one.title, one.people, one.fen) for one in sums(people)] == [
        ("工人自述", 3, 1_000_000), ("分包单位认可", 1, 200_000), ("总包单位认可", 1, 400_000),
    ]  # fmt: skip


def test_taken_changed_and_struck_each_keep_whose_word_it_was_and_add_up(world, case):
    first, second, third = map(key, case.people)
    number = says(
        world, case, Ruling(first, "contractor:400000", 4),
        Ruling(second, CHANGED, 2, fen=250_000, why="按考勤核算"), Ruling(third, STRUCK, why="不是这个班组的人"),
    )  # fmt: skip
    assert number == 3
    assert arrears_of(case.matter) is None, "found is not registered"
    made = register(case.matter, by=world.inspector, now=NOW)
    assert (made.people, made.months, made.total_fen, made.single_fen) == (2, 4, 650_000, 400_000)
    assert made.source == "逐人核实3人：按总包单位认可1人，核定为其他金额1人，划去1人"
    assert [(one["source"], one["fen"], one["verdict"]) for one in made.lines] == [
        ("contractor", 400_000, "said"), ("", 250_000, "changed"), ("", 0, "struck"),
    ]  # fmt: skip
    found = Amount.objects.filter(source="inspector", superseded_at__isnull=True)
    assert dict(found.values_list("claimant_id", "fen")) == {
        case.people[0].pk: 400_000, case.people[1].pk: 250_000,
    }  # fmt: skip
    assert known(case.matter) | {"people": 2, "amount": 650_000, "months": 4} == known(case.matter)
    entry = JournalEntry.objects.filter(action="case.people_found").get()
    assert "赵甲" not in str(entry.after), "no name leaves its seal"


def test_somebody_open_is_not_registered_and_all_struck_neither(world, case):
    first, second, third = map(key, case.people)
    says(world, case, Ruling(first, "worker:500000", 4))
    with pytest.raises(Refused, match=r"还有2人没有核实（2号、3号）"):
        register(case.matter, by=world.inspector, now=NOW)
    says(world, case, *(Ruling(one, STRUCK, why="没有这回事") for one in (first, second, third)))
    with pytest.raises(Refused, match="都划去了"):
        register(case.matter, by=world.inspector, now=NOW)


@pytest.mark.parametrize(
    ("ruling", "sentence"),
    [
        ({"choice": "worker:500000"}, "1号：请填写拖欠了几个月"),
        ({"choice": "worker:400000", "months": 4}, "1号：这一方说的金额已经变动"),
        ({"choice": "subcontractor:0", "months": 4}, "1号：分包单位认可是0元"),
        ({"choice": "nobody:1", "months": 4}, "1号：这一方说的金额已经变动"),
        ({"choice": CHANGED, "months": 4, "why": "按考勤核算"}, "1号：请填写核定的金额"),
        ({"choice": CHANGED, "months": 4, "fen": 100}, "1号：请写明按什么核定"),
        ({"choice": STRUCK}, "1号：请写明为什么划去"),
        ({"choice": STRUCK, "key": "c0", "why": "没有这回事"}, "名单已经变动"),
    ],
)
def test_what_is_not_clear_comes_back_with_the_number_and_keeps_nothing(world, case, ruling, sentence):
    first, second, _ = map(key, case.people)
    with pytest.raises(Refused, match=sentence):
        says(world, case, Ruling(second, "worker:300000", 4), Ruling(**{"key": first, **ruling}))
    assert not FoundPerson.objects.exists()


def test_the_same_twice_changes_nothing_and_open_takes_it_back(world, case):
    one = Ruling(key(case.people[0]), "worker:500000", 4)
    assert [says(world, case, one), says(world, case, one)] == [1, 0]
    assert FoundPerson.objects.count() == 1
    assert says(world, case, Ruling(one.key, OPEN)) == 1
    assert listed(case.matter)[0].found is None and FoundPerson.objects.count() == 1, "kept, superseded"


def test_a_side_that_says_something_else_later_leaves_the_finding_until_the_inspector_looks(world, case):
    first = case.people[0]
    says(world, case, Ruling(key(first), "worker:500000", 4))
    record_amount(first, "worker", 900_000, by=world.inspector, now=NOW)
    assert says(world, case, Ruling(key(first), KEEP)) == 0
    assert listed(case.matter)[0].found.fen == 500_000
    assert says(world, case, Ruling(key(first), "worker:900000", 4)) == 1


def test_the_rest_is_taken_at_one_sides_word_only_where_that_side_spoke(world, case):
    says(world, case, Ruling(key(case.people[0]), STRUCK, why="没有这回事"))
    with pytest.raises(Refused, match="没有还未核实、又有“总包单位认可”金额的人"):
        rule_rest(case.matter, "contractor", 3, by=world.inspector, now=NOW)
    with pytest.raises(Refused, match="几个月"):
        rule_rest(case.matter, "worker", None, by=world.inspector, now=NOW)
    got = case.people[2]
    Recovered.objects.create(
        clue=case.clue, claimant=got, amount_fen=50_000, paid_on=NOW.date(), proof="word", said=Sealed.of("收到五百"),
        person=Sealed.of("孙丙"), by_name="某甲", at=NOW,
    )  # fmt: skip
    assert rule_rest(case.matter, "worker", 3, by=world.inspector, now=NOW) == 1
    people = listed(case.matter)
    assert [one.found and one.found.verdict for one in people] == ["struck", "said", None], (
        "who got money is looked at"
    )
    assert people[2].proved == 50_000


def test_only_who_works_on_the_case_finds_and_a_closed_case_stays(world, case):
    one = Ruling(key(case.people[0]), "worker:500000", 4)
    with pytest.raises(Refused, match="没有办理权限"):
        says(world, case, one, by=world.stranger)
    Matter.objects.filter(pk=case.matter.pk).update(closed_on=NOW.date())
    with pytest.raises(Refused, match="已经办结"):
        says(world, case, one)


def test_who_left_the_list_is_gone_and_a_merged_clue_brings_its_people_once(world, case):
    other = a_clue(world, dispute=case.clue)
    told(world, other, "赵甲", FIRST, worker=550_000, subcontractor=450_000)
    fourth = told(world, other, "李丁", SECOND, worker=100_000)
    remove_claimant(case.people[2], why="不是这个班组的人", by=world.inspector, now=NOW)
    people = listed(case.matter)
    assert [one.key for one in people] == [key(case.people[0]), key(case.people[1]), key(fourth)]
    assert people[0].said == {"worker": 500_000, "contractor": 400_000, "subcontractor": 450_000}


def test_an_earlier_mediation_is_a_source_beside_the_sides(world, case):
    mediated = open_(world, "mediation")
    made = MediationCase.objects.create(
        matter=mediated, clue=case.clue, origin="clue", region=case.clue.region, employer_name="某建工公司", claims="支付工资",
        facts="拖欠三个月", applied_on=NOW.date(), people=2, claimed_fen=700_000, recorded_at=NOW,
    )  # fmt: skip
    party = Party.objects.create(
        case=made, number=1, claimant=case.people[0], name=Sealed.of("赵甲"), claimed_fen=450_000
    )
    alone = Party.objects.create(case=made, number=2, name=Sealed.of("周戊"), claimed_fen=250_000)
    agreed = Agreement.objects.create(
        case=made, drafted_on=NOW.date(), by_name="某甲", facts="欠薪", manner="转账"
    )
    Share.objects.create(agreement=agreed, party=party, total_fen=420_000)
    people = {one.key: one for one in listed(case.matter)}
    assert people[key(case.people[0])].said["mediation_deal"] == 420_000
    assert people[f"p{alone.pk}"].said == {"mediation_claim": 250_000}
    says(world, case, Ruling(f"p{alone.pk}", "mediation_claim:250000", 2))
    rule_rest(case.matter, "worker", 4, by=world.inspector, now=NOW)
    assert register(case.matter, by=world.inspector, now=NOW).people == 4
    agreed.withdrawn_at = NOW
    agreed.save()
    assert "mediation_deal" not in listed(case.matter)[0].said


def test_the_transfer_to_the_police_begins_with_what_the_case_found(world, case):
    rule_rest(case.matter, "worker", 4, by=world.inspector, now=NOW)
    register(case.matter, by=world.inspector, now=NOW)
    transfer = open_(world, "crime_transfer")
    transfer.follows = case.matter
    transfer.save()
    assert arrears_of(transfer).people == 3
    assert (known(transfer)["people"], known(transfer)["months"], known(transfer)["amount"]) == (
        3,
        4,
        1_000_000,
    )
    people = listed(transfer)
    assert all(one.brought and one.found.fen for one in people), "nobody is found twice"


def test_who_is_owed_most_need_not_be_who_waits_longest(world, case):
    """Three months for 3,000 yuan and one month for 50,000: nobody is owed a large sum for three months."""
    first, second, third = map(key, case.people)
    says(
        world, case, Ruling(first, CHANGED, 1, fen=5_000_000, why="按考勤核算"), Ruling(second, "worker:300000", 3),
        Ruling(third, STRUCK, why="没有这回事"),
    )  # fmt: skip
    made = register(case.matter, by=world.inspector, now=NOW)
    assert (made.months, made.single_fen) == (3, 5_000_000)
    point = crime.watch(case.matter, NOW.date(), local_law.current()).points[0]
    assert (point.state, "其中最多一人3,000.00元" in point.why) == ("unmet", True)


def test_the_workbook_has_everybody_masked_with_every_side(world, case):
    says(world, case, Ruling(key(case.people[0]), "contractor:400000", 4))
    people = listed(case.matter)
    data = found_workbook(case.matter, people, on=NOW.date(), office="某单位")
    rows = openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)
    told_cells = [cell for row in rows for cell in row]
    assert "赵甲" not in told_cells and "赵*" in told_cells
    assert {"总包单位认可（元）", "怎样认定", "还没有核实"} <= set(told_cells)


def test_reading_costs_the_same_with_many(world, case, django_assert_num_queries):
    with django_assert_num_queries(7):
        listed(case.matter)
    for number in range(5):
        told(world, case.clue, f"工人{number}", worker=1_000)
    with django_assert_num_queries(7):
        listed(case.matter)


def test_the_list_of_arrears_has_everybody_found_in_full_and_tells_who_was_struck(world, case):
    first, second, third = map(key, case.people)
    says(
        world, case, Ruling(first, "contractor:400000", 4),
        Ruling(second, CHANGED, 0, fen=250_000, why="按考勤核算"), Ruling(third, STRUCK, why="不是这个班组的人"),
    )  # fmt: skip
    register(case.matter, by=world.inspector, now=NOW)
    transfer = open_(world, "crime_transfer")
    transfer.follows = case.matter
    transfer.save()
    for matter in (case.matter, transfer):
        said = known_for("arrears_list", matter)
        assert [(one["name"], one["period"], one["owed"]) for one in said["owed_rows"]] == [
            ("赵甲", "4个月", 400_000),
            ("钱乙", "不满一个月", 250_000),
        ]
        assert "不是这个班组的人" in said["struck"] and said["as_of"] == "2026-04-01"
    assert "owed_rows" not in known(case.matter), "no other paper names them by itself"
