"""What people do with clues: correct, confirm, merge and take back; each within their own scope."""

from __future__ import annotations

import pytest

from anxin.accounts.models import Grant, Role, User
from anxin.clues.models import Claimant, Clue, Correction, Likeness, Merge
from anxin.clues.queries import ClueFilters, clue_page, counts, visible_clue, visible_clues
from anxin.clues.services import confirm, correct, merge, merge_by_hand, refuse, unmerge
from anxin.evidence.models import JournalEntry
from anxin.evidence.sealing import finding_hash
from anxin.kernel.refusal import Refused
from anxin.registry.models import Employer, Organisation, Project
from tests.clues.conftest import NOW, OTHER, OWED, ticket
from tests.monitoring.factories import id_number
from tests.signals.conftest import uscc

TWICE = "东台安置房工地众力劳务欠我们14个木工工资18.6万元，三个月没发钱。"
THRICE = "众力劳务在东台安置房工地欠14个木工工资18.6万元，到现在一分没给。"


def last(action: str) -> JournalEntry:
    return JournalEntry.objects.filter(action=action).latest("sequence")


# --- corrections


@pytest.mark.parametrize(
    ("field", "value", "column", "kept"),
    [
        ("arrears", "no", "arrears", False),
        ("people", "15", "people", 15),
        ("people", "", "people", None),
        ("amount_fen", "19.25万", "amount_fen", 19_250_000),
        ("months", "5", "months", 5),
        ("debtor", "众利劳务", "debtor", "众利劳务"),
        ("urgency", "3", "urgency", 3),
        ("construction", "no", "construction", False),
    ],
)
def test_a_corrected_field_shows_the_persons_value_and_the_machines_stays(
    told, office, field, value, column, kept
):
    (clue,) = told(ticket("1"))
    reading = clue.tellings.get().reading
    machine = getattr(reading, column)
    correct(clue, field, value, why="电话回访核实", by=office.inspector, now=NOW)
    clue.refresh_from_db()
    reading.refresh_from_db()
    assert getattr(clue, column) == kept and getattr(reading, column) == machine != kept
    assert (clue.looked_at, clue.looked_by_name) == (NOW, "某inspector")
    assert last("clue.corrected").object_id == str(clue.pk)


def test_a_second_correction_ends_the_first(told, office):
    (clue,) = told(ticket("1"))
    correct(clue, "people", "15", why="电话回访核实", by=office.inspector, now=NOW)
    correct(clue, "people", "16", why="名单上有16人", by=office.leader, now=NOW)
    first, second = Correction.objects.order_by("pk")
    assert (first.was, first.became, first.ended_at) == ("14人", "15人", NOW)
    assert (second.was, second.became, second.ended_at) == ("15人", "16人", None)


@pytest.mark.parametrize(
    ("field", "value", "why", "says"),
    [
        ("people", "14", "电话回访核实", "没有改动"),
        ("people", "很多", "电话回访核实", "整数"),
        ("people", "0", "电话回访核实", "整数"),
        ("amount_fen", "-5", "电话回访核实", "大于零"),
        ("urgency", "0", "电话回访核实", "紧急程度"),
        ("arrears", "maybe", "电话回访核实", "请选择"),
        ("people", "15", "核实", "不少于4个字"),
        ("employer", "7", "电话回访核实", "列出的登记名称"),
        ("score", "1", "电话回访核实", "没有这一项"),
    ],
)
def test_a_correction_that_says_nothing_is_refused(told, office, field, value, why, says):
    (clue,) = told(ticket("1"))
    with pytest.raises(Refused, match=says):
        correct(clue, field, value, why=why, by=office.inspector, now=NOW)
    assert not Correction.objects.exists()


def test_of_several_employers_a_person_chooses(told, office):
    firms = [
        Employer.objects.create(uscc=uscc(n), name=name)
        for n, name in enumerate(["云州众力劳务有限公司", "江北众力劳务有限公司"])
    ]
    (clue,) = told(ticket("1"))
    correct(clue, "employer", str(firms[1].pk), why="与反映人核对", by=office.inspector, now=NOW)
    clue.refresh_from_db()
    assert clue.employer == firms[1]


def test_the_journal_has_no_full_name_of_who_owes(told, office):
    (clue,) = told(ticket("1"))
    correct(clue, "debtor", "孙大有", why="包工头本人", by=office.inspector, now=NOW)
    entry = last("clue.corrected")
    assert "孙大有" not in f"{entry.summary}{entry.before}{entry.after}" and "孙**" in entry.summary


def test_a_reading_is_agreed_with_once(told, office):
    (clue,) = told(ticket("1"))
    confirm(clue, by=office.inspector, now=NOW)
    assert "判读无误" in last("clue.confirmed").summary
    with pytest.raises(Refused, match="已由某inspector看过"):
        confirm(clue, by=office.leader, now=NOW)


def test_a_clue_not_read_yet_cannot_be_agreed_with(deliver, office):
    deliver(ticket("1"))
    with pytest.raises(Refused, match="还没有判读"):
        confirm(Clue.objects.get(), by=office.inspector, now=NOW)


@pytest.mark.parametrize("who", ["clerk", "outsider"])
def test_who_does_not_work_the_place_corrects_and_confirms_nothing(told, office, who):
    (clue,) = told(ticket("1"))
    for act in (
        lambda: correct(clue, "people", "15", why="电话回访核实", by=getattr(office, who), now=NOW),
        lambda: confirm(clue, by=getattr(office, who), now=NOW),
    ):
        with pytest.raises(Refused, match="没有办理"):
            act()


# --- one dispute


def test_merged_clues_have_one_lead_and_a_merge_taken_back_leaves_no_trace_on_them(told, office):
    first, _second = told(ticket("1"), ticket("2", TWICE))
    before = list(Clue.objects.order_by("pk").values())
    pair = Likeness.objects.get()
    merge(pair, by=office.inspector, now=NOW)
    assert list(Clue.objects.order_by("pk").values_list("dispute", flat=True)) == [None, first.pk]
    unmerge(pair, why="是两个班组的事", by=office.inspector, now=NOW)
    assert list(Clue.objects.order_by("pk").values()) == before
    kept = Merge.objects.get()
    assert (kept.ended_by_name, kept.ended_why) == ("某inspector", "是两个班组的事")
    pair.refresh_from_db()
    assert pair.state == "proposed"
    assert [last(f"clues.{what}").object_id for what in ("merged", "unmerged")] == [str(first.pk)] * 2


def test_three_that_hang_together_fall_apart_where_one_merge_ends(told, office):
    clues = told(ticket("1"), ticket("2", TWICE), ticket("3", THRICE))
    for pair in Likeness.objects.order_by("pk"):
        if (pair.first_id, pair.second_id) != (clues[0].pk, clues[2].pk):
            merge(pair, by=office.inspector, now=NOW)
    assert set(Clue.objects.exclude(pk=clues[0].pk).values_list("dispute", flat=True)) == {clues[0].pk}
    pair = Likeness.objects.get(first=clues[0], second=clues[1])
    unmerge(pair, why="第一条另有其人", by=office.inspector, now=NOW)
    assert list(Clue.objects.order_by("pk").values_list("dispute", flat=True)) == [None, None, clues[1].pk]


def test_different_id_numbers_are_never_merged(told, office):
    first, second = told(
        ticket("1", f"{OWED}身份证{id_number(1)}"), ticket("2", f"{TWICE}身份证{id_number(2)}")
    )
    assert not Likeness.objects.exists()
    pair = Likeness.objects.create(first=first, second=second, score=2000, proposed_at=NOW)
    with pytest.raises(Refused, match="身份证号不同"):
        merge(pair, by=office.inspector, now=NOW)
    assert not Merge.objects.exists()


def test_a_third_clue_does_not_bring_different_id_numbers_together(told, office):
    clues = told(
        ticket("1", f"{OWED}身份证{id_number(1)}"),
        ticket("2", TWICE),
        ticket("3", f"{THRICE}身份证{id_number(2)}"),
    )
    merge(Likeness.objects.get(first=clues[0], second=clues[1]), by=office.inspector, now=NOW)
    with pytest.raises(Refused, match="身份证号不同"):
        merge(Likeness.objects.get(first=clues[1], second=clues[2]), by=office.inspector, now=NOW)


def single(clue: Clue, serial: int | None, *, people: int | None = 1, **said) -> None:
    """A clue about one person, or as many as said, with one person on its list."""
    Clue.objects.filter(pk=clue.pk).update(people=people)
    on_list(clue, serial, **said)


def on_list(clue: Clue, serial: int | None, name: str = "钱某人") -> None:
    Claimant.objects.create(
        clue=clue, number=clue.claimants.count() + 1, name_hash=finding_hash("name", name),
        id_hash=finding_hash("id", id_number(serial)) if serial else "", added_at=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(("serial", "differs"), [(2, True), (1, False), (None, False)])
def test_the_lists_of_two_single_people_keep_them_apart_by_number(told, office, serial, differs):
    first, second = told(ticket("1"), ticket("2", TWICE))
    single(first, 1)
    single(second, serial)
    if differs:
        with pytest.raises(Refused, match="身份证号不同"):
            merge(Likeness.objects.get(), by=office.inspector, now=NOW)
    else:
        merge(Likeness.objects.get(), by=office.inspector, now=NOW)
    assert Merge.objects.count() == (0 if differs else 1)


@pytest.mark.parametrize(("serial", "differs"), [(2, True), (1, False)])
def test_a_number_in_the_words_is_held_against_the_other_ones_list(told, office, serial, differs):
    first, second = told(ticket("1", f"{OWED}身份证{id_number(1)}"), ticket("2", TWICE))
    Clue.objects.update(people=None)
    single(second, serial, people=None)
    pair = Likeness.objects.get(first=first, second=second)
    if differs:
        with pytest.raises(Refused, match="身份证号不同"):
            merge(pair, by=office.inspector, now=NOW)
        Claimant.objects.update(left_at=NOW)
    merge(pair, by=office.inspector, now=NOW)


@pytest.mark.parametrize("group", ["said", "listed"])
def test_a_group_is_a_dispute_of_several_whose_claimants_stay_apart(told, office, group):
    first, second = told(ticket("1"), ticket("2", TWICE))
    single(first, 1)
    single(second, 2, people=5 if group == "said" else None)
    if group == "listed":
        on_list(second, 3)
    merge(Likeness.objects.get(), by=office.inspector, now=NOW)
    assert set(Claimant.objects.values_list("clue", flat=True)) == {first.pk, second.pk}


# --- by number


def test_two_that_nobody_proposed_are_merged_by_number_and_taken_back(told, office):
    first, second = told(ticket("1"), ticket("2", OTHER))
    before = list(Clue.objects.order_by("pk").values())
    typed = f" {first.number.replace('〔', '[').replace('〕', ']')} "
    made = merge_by_hand(second, typed, why="同一个班组，前后两次来电", by=office.inspector, now=NOW)
    assert (made.first, made.second, made.reasons) == (
        first,
        second,
        ["某inspector提出：同一个班组，前后两次来电"],
    )
    assert Clue.objects.get(pk=second.pk).dispute == first
    assert last("clues.merged").summary.endswith("并案：同一个班组，前后两次来电")
    with pytest.raises(Refused, match="已经并案"):
        merge_by_hand(first, second.number, why="同一个班组的事", by=office.inspector, now=NOW)
    unmerge(Likeness.objects.get(), why="是两个班组的事", by=office.inspector, now=NOW)
    assert list(Clue.objects.order_by("pk").values()) == before and Merge.objects.get().ended_at == NOW


def test_a_pair_that_was_proposed_or_kept_apart_is_the_same_pair_by_number(told, office):
    first, second = told(ticket("1"), ticket("2", TWICE))
    refuse(Likeness.objects.get(), by=office.inspector, now=NOW)
    reasons = Likeness.objects.get().reasons
    merge_by_hand(first, second.number, why="反映人说是一回事", by=office.inspector, now=NOW)
    pair = Likeness.objects.get()
    assert pair.state == "merged" and pair.reasons == [*reasons, "某inspector提出：反映人说是一回事"]


@pytest.mark.parametrize(
    ("number", "why", "says"),
    [
        ("990101〔2026〕线索99999号", "同一个班组的事", "没有找到编号为“990101〔2026〕线索99999号”"),
        (" ", "同一个班组的事", "请填写另一条线索的编号"),
        ("own", "同一个班组的事", "本条线索自己的编号"),
        ("there", "同一个班组的事", "没有找到.*共同的上级"),
        ("other", "一样", "不少于4个字"),
    ],
)
def test_what_cannot_be_merged_by_number_leaves_nothing(told, office, number, why, says):
    clue, other, there = told(ticket("1"), ticket("2", OTHER), ticket("3", OTHER, place="江北区"))
    Likeness.objects.all().delete()
    numbers = {"own": clue.number, "other": other.number, "there": there.number}
    with pytest.raises(Refused, match=says):
        merge_by_hand(clue, numbers.get(number, number), why=why, by=office.inspector, now=NOW)
    assert not Likeness.objects.exists() and not Merge.objects.exists()


def test_by_number_other_peoples_claims_and_places_stay_apart_too(told, office):
    first, second, there = told(ticket("1"), ticket("2", OTHER), ticket("3", OTHER, place="江北区"))
    Likeness.objects.all().delete()
    single(first, 1)
    single(second, 2)
    with pytest.raises(Refused, match="身份证号不同"):
        merge_by_hand(first, second.number, why="同一个班组的事", by=office.inspector, now=NOW)
    with pytest.raises(Refused, match="不在您负责的地区内"):
        merge_by_hand(first, second.number, why="同一个班组的事", by=office.clerk, now=NOW)
    assert not Likeness.objects.exists()
    merge_by_hand(first, there.number, why="同一个班组的事", by=office.leader, now=NOW)
    assert Merge.objects.count() == 1


def test_what_is_not_one_dispute_is_not_proposed_again(told, office):
    told(ticket("1"), ticket("2", TWICE))
    refuse(Likeness.objects.get(), by=office.inspector, now=NOW)
    told(ticket("3", OTHER))
    assert list(Likeness.objects.values_list("state", flat=True)) == ["refused"]
    assert "不是同一件事" in last("clues.kept_apart").summary
    with pytest.raises(Refused, match="已经处理过"):
        refuse(Likeness.objects.get(), by=office.inspector, now=NOW)


def test_a_merge_across_districts_needs_somebody_over_both(told, office):
    told(ticket("1"), ticket("2", OWED + "请尽快帮助我们。", place="江北区"))
    pair = Likeness.objects.get()
    with pytest.raises(Refused, match="共同的上级"):
        merge(pair, by=office.inspector, now=NOW)
    merge(pair, by=office.leader, now=NOW)
    assert Merge.objects.count() == 1


def test_a_merge_that_does_not_stand_cannot_be_taken_back(told, office):
    told(ticket("1"), ticket("2", TWICE))
    with pytest.raises(Refused, match="没有并案"):
        unmerge(Likeness.objects.get(), why="是两个班组的事", by=office.inspector, now=NOW)


# --- lists and scope


def test_each_district_sees_its_own_clues_and_the_city_all(told, office):
    here, there = told(ticket("1"), ticket("2", place="江北区"))
    assert [visible_clue(office.inspector, clue.pk) for clue in (here, there)] == [here, None]
    assert [visible_clue(office.outsider, clue.pk) for clue in (here, there)] == [None, there]
    assert visible_clues(office.leader).count() == 2


def test_whoever_answers_for_the_project_sees_its_clues_alone(told, office):
    body = Organisation.objects.create(code="ZJ", name="住建局", kind="industry_authority")
    Project.objects.create(
        code="P-1",
        name="东台安置房工程",
        region=office.here,
        industry="housing",
        responsible=body,
        recorded_at=NOW,
    )
    user = User.objects.create_user("building")
    Grant.objects.create(user=user, role=Role.INSPECTOR, region="9901", organisation="ZJ")
    meant, _ = told(ticket("1"), ticket("2", OTHER))
    assert list(visible_clues(user)) == [meant]


def test_the_desk_lists_the_most_urgent_first_page_after_page(told, office):
    told(
        ticket("1"),
        ticket("2", OTHER),
        ticket("3", OWED + "再不给钱我就跳楼！"),
        ticket("4", OWED + "家里孩子等着交学费。"),
    )
    seen, after = [], ""
    while True:
        page = clue_page(office.inspector, ClueFilters(), after=after, limit=1)
        seen += [clue.sender_number for clue in page.items]
        if page.next_after is None:
            break
        after = page.next_after
    assert seen == ["3", "4", "1", "2"]


def test_the_desk_counts_and_narrows_by_part(told, office):
    first, other = told(ticket("1"), ticket("2", OTHER))
    confirm(first, by=office.inspector, now=NOW)
    assert counts(office.inspector, ClueFilters()) == {"": 2, "wages": 1, "other": 1, "new": 1}
    for part, expected in (("wages", [first]), ("other", [other]), ("new", [other])):
        assert clue_page(office.inspector, ClueFilters(part=part)).items == [expected[0]]
    assert clue_page(office.inspector, ClueFilters(text="众力")).items == [first]
    assert clue_page(office.inspector, ClueFilters(region="990102")).items == []


def test_an_address_with_nonsense_narrows_nothing():
    query = {"part": "x", "channel": "fax", "urgency": "9", "region": "%", "text": " "}
    assert ClueFilters.read(query) == ClueFilters()
