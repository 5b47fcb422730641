"""A group is one clue with N people: typed or listed, known again, sums side by side, settled to the fen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anxin.clues.claimant_rows import Said
from anxin.clues.claimants import add_claimant, record_amount, remove_claimant, settle, settle_all
from anxin.clues.models import Amount, Claimant, Clue, Particulars
from anxin.clues.queries_claimants import claimant_of, group_of, person_page
from anxin.clues.triaging import triage_new
from anxin.evidence.imports import ImportRefused, accept_batch, open_batch
from anxin.evidence.journal import SYSTEM, Actor
from anxin.evidence.models import ImportBatch, ImportProblem, JournalEntry
from anxin.kernel.refusal import Refused
from tests.clues.conftest import NOW, OWED, ticket
from tests.monitoring.factories import id_number
from tests.signals.conftest import table

HEADINGS = ("姓名", "身份证号", "联系电话", "工种", "欠薪金额", "核实金额")
LATER = NOW + dt.timedelta(hours=1)


@pytest.fixture
def clue(told) -> Clue:
    return told(ticket("1"))[0]


@pytest.fixture
def listed(clue, office) -> Callable[..., ImportBatch]:
    """``listed(row, row, …)``: open and accept a list for the clue, as somebody of the office."""

    def take(*rows: tuple[str, ...], by=None, now: dt.datetime = NOW, number: str = "") -> ImportBatch:
        user = by or office.inspector
        actor = Actor(f"user:{user.pk}", str(user))
        batch = open_batch(
            kind="claimants",
            data=table(HEADINGS, *rows),
            filename="名单.csv",
            actor=actor,
            now=now,
            project_code=number or clue.number,
        )
        if batch.already_accepted:
            return batch
        return accept_batch(batch.pk, actor=actor, now=now, recognition=batch.recognition)

    return take


def person(serial: int, name: str = "", *, worker: str = "", inspector: str = "") -> tuple[str, ...]:
    return (name or f"工人{serial}", id_number(serial), f"1390000{serial:04d}", "木工", worker, inspector)


def reasons(batch: ImportBatch) -> list[tuple[int, str]]:
    return list(ImportProblem.objects.filter(batch=batch).order_by("row").values_list("row", "reason"))


def facts() -> list[list[tuple[object, ...]]]:
    """Every row there is, and whether it still holds."""
    people = list(Claimant.objects.order_by("pk").values_list("pk", "number", "left_at"))
    return [
        people,
        *(
            list(model.objects.order_by("pk").values_list("pk", "recorded_at", "superseded_at"))
            for model in (Particulars, Amount)
        ),
    ]


# --- lists


def test_good_rows_go_on_bad_rows_come_back_and_the_clue_counts_the_list(clue, listed):
    wrong = ("王某", "990102198503070030", "", "", "1000", "")
    batch = listed(person(1, worker="12000.50"), wrong, person(2), ("合计", "", "", "", "12000.50", ""))
    assert (batch.rows_accepted, batch.rows_rejected) == (3, 1)
    assert [row for row, _ in reasons(batch)] == [3, 5]
    assert "校验" in reasons(batch)[0][1] and "合计" in reasons(batch)[1][1]
    group = group_of(clue)
    assert group.people == 2 and [(one.source, one.fen) for one in group.sums] == [("worker", 1_200_050)]
    clue.refresh_from_db()
    assert clue.people == 2
    standing = clue.corrections.get(field="people", ended_at__isnull=True)
    assert (standing.was, standing.became, standing.why) == ("14人", "2人", "按名单上的人数")


def test_the_same_file_and_the_same_rows_in_another_file_change_nothing(clue, listed):
    listed(person(1, worker="100"), person(2))
    assert listed(person(1, worker="100"), person(2), now=LATER).already_accepted
    before = facts()
    batch = listed(person(2), person(1, worker="100"), now=LATER)
    assert batch.rows_unchanged == 2 and batch.rows_superseded == 0
    assert facts() == before


def test_a_changed_sum_supersedes_the_one_before_and_both_are_kept(clue, listed):
    listed(person(1, worker="100"))
    listed(person(1, worker="200.01", inspector="150"), now=LATER)
    first, second = Amount.objects.filter(source="worker").order_by("pk")
    assert (first.fen, first.superseded_at, second.fen, second.superseded_at) == (10_000, LATER, 20_001, None)
    assert Claimant.objects.count() == 1 and group_of(clue).differ == {first.claimant_id}


def test_who_was_listed_without_an_id_number_is_known_again_by_name_once_it_is_there(clue, listed):
    listed(("孙某", "", "", "", "100", ""))
    listed(("孙某", id_number(5), "", "", "100", ""), now=LATER)
    known = Claimant.objects.get()
    assert known.id_hash and Particulars.objects.filter(
        superseded_at__isnull=True
    ).get().id_number.open() == id_number(5)


def test_two_people_of_one_name_stay_two(clue, listed):
    listed(("孙某", id_number(5), "", "", "100", ""), ("孙某", id_number(6), "", "", "200", ""))
    assert Claimant.objects.count() == 2
    batch = listed(("孙某", "", "", "", "300", ""), now=LATER)
    assert "2个人叫这个名字" in reasons(batch)[0][1] and Amount.objects.count() == 2


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([("孙某", id_number(5), "", "", "", ""), ("李某", id_number(5), "", "", "", "")], "前面已经出现过"),
        ([("孙某", id_number(5), "", "", "", ""), ("孙某", "", "", "", "", "")], "前面有同名的人"),
        ([("孙某", "", "", "", "", ""), ("孙某", id_number(5), "", "", "", "")], "没有身份证号"),
        ([("李某", "", "", "", "", ""), ("孙某", "", "123", "", "", "")], "电话号码不对"),
        ([("李某", "", "", "", "", ""), ("孙某", "", "", "", "200000000", "")], "一亿元"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_told_apart_or_cannot_be_right_comes_back(listed, rows, says):
    batch = listed(*rows)
    assert batch.rows_accepted == 1 and says in reasons(batch)[0][1]


def test_one_id_number_under_another_name_comes_back(clue, listed):
    listed(person(1))
    batch = listed(person(1, "另一人"), now=LATER)
    assert "另一个姓名" in reasons(batch)[0][1]


def test_a_list_for_no_clue_is_refused(listed):
    with pytest.raises(ImportRefused, match="从线索页导入"):
        listed(person(1), number="没有这条")


def test_a_clerk_of_the_place_takes_in_a_list_and_one_of_another_place_does_not(listed, office):
    listed(person(1), by=office.clerk)
    with pytest.raises(ImportRefused, match="不在您负责的范围"):
        listed(person(2), by=office.outsider)
    assert Claimant.objects.count() == 1


def test_names_numbers_and_telephones_stand_sealed_and_in_no_journal(clue, listed):
    listed(person(1, "钱某人", worker="100"))
    entries = "".join(f"{one.summary}{one.before}{one.after}" for one in JournalEntry.objects.all())
    for value in ("钱某人", id_number(1), "13900000001"):
        assert value not in entries
    raw = Particulars.objects.get()
    assert str(raw.name) == "***" and raw.name.open() == "钱某人"


# --- typed


def test_a_person_is_typed_once_and_completed_later(clue, office):
    add_claimant(clue, Said("孙 某", trade="木工", amounts={"worker": 100}), by=office.inspector, now=NOW)
    add_claimant(clue, Said("孙某", phone="13900000009"), by=office.clerk, now=LATER)
    known = Particulars.objects.get(superseded_at__isnull=True)
    assert (known.name.open(), known.trade, known.phone.open()) == ("孙某", "木工", "13900000009")
    with pytest.raises(Refused, match="没有改动"):
        add_claimant(clue, Said("孙某"), by=office.inspector, now=LATER)


@pytest.mark.parametrize(
    ("said", "says"),
    [
        (Said(""), "填写姓名"),
        (Said("孙某", "990102198503070030"), "校验"),
        (Said("孙某", "99010219850307"), "18位"),
        (Said("孙某", amounts={"worker": -1}), "不小于零"),
    ],
)
def test_a_typed_row_that_cannot_be_right_is_refused(clue, office, said, says):
    with pytest.raises(Refused, match=says):
        add_claimant(clue, said, by=office.inspector, now=NOW)
    assert not Claimant.objects.exists()


def test_who_is_taken_out_counts_no_more_and_is_kept(clue, office):
    for name in ("孙某", "李某"):
        add_claimant(clue, Said(name, amounts={"worker": 100}), by=office.inspector, now=NOW)
    first = Claimant.objects.first()
    remove_claimant(first, why="是另一工地的人", by=office.inspector, now=LATER)
    clue.refresh_from_db()
    group = group_of(clue)
    assert clue.people == 1 and group.people == 1 and group.sums[0].fen == 100
    assert claimant_of(clue, first.pk) is None and Claimant.objects.count() == 2
    with pytest.raises(Refused, match="已经移出"):
        record_amount(first, "worker", 5, by=office.inspector, now=LATER)


# --- sums


@pytest.fixture
def two(clue, office) -> list[Claimant]:
    """One on whom the sides agree, one on whom they do not."""
    add_claimant(clue, Said("孙某", amounts={"worker": 500, "contractor": 500}), by=office.inspector, now=NOW)
    add_claimant(clue, Said("李某", amounts={"worker": 700, "contractor": 400}), by=office.inspector, now=NOW)
    return list(Claimant.objects.order_by("number"))


def test_the_sides_stand_beside_each_other_until_somebody_settles(clue, two, office):
    assert group_of(clue).differ == {two[1].pk} and group_of(clue).settled == 0
    settle(two[1], 650, why="按考勤核算", by=office.inspector, now=LATER)
    shown = person_page(clue, group_of(clue)).items[1]
    assert [(str(side), one.fen if one else None) for side, one in shown.said] == [
        ("worker", 700), ("subcontractor", None), ("contractor", 400), ("inspector", None)
    ]  # fmt: skip
    assert shown.settled is not None and (shown.settled.fen, shown.settled.why) == (650, "按考勤核算")
    assert group_of(clue).unsettled == {two[0].pk}


def test_all_that_are_open_are_settled_at_once_and_the_settled_stay(clue, two, office):
    settle(two[1], 650, why="按考勤核算", by=office.inspector, now=NOW)
    assert settle_all(clue, "contractor", why="总包书面认可", by=office.inspector, now=LATER) == 1
    sums = {str(one.source): one.fen for one in group_of(clue).sums}
    assert sums == {"worker": 1200, "contractor": 900, "settled": 1150}
    with pytest.raises(Refused, match="没有还未定下"):
        settle_all(clue, "contractor", why="总包书面认可", by=office.inspector, now=LATER)


def test_a_sum_is_settled_anew_with_another_reason(clue, two, office):
    settle(two[0], 500, why="双方签字认可", by=office.inspector, now=NOW)
    settle(two[0], 480, why="扣除已付二十元", by=office.inspector, now=LATER)
    assert list(Amount.objects.filter(source="settled").order_by("pk").values_list("fen", "superseded_at")) == [
        (500, LATER), (480, None)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "fen", "why", "says"),
    [
        ("clerk", 500, "按考勤核算", "没有办理"),
        ("outsider", 500, "按考勤核算", "没有办理"),
        ("inspector", 500, "好", "不少于4个字"),
        ("inspector", None, "按考勤核算", "填写金额"),
        ("inspector", -1, "按考勤核算", "不小于零"),
    ],
)
def test_a_sum_is_not_settled_otherwise(two, office, who, fen, why, says):
    with pytest.raises(Refused, match=says):
        settle(two[0], fen, why=why, by=getattr(office, who), now=NOW)
    assert not Amount.objects.filter(source="settled").exists()


def test_only_the_four_sides_are_recorded_as_said(two, office):
    for source in ("settled", "mayor"):
        with pytest.raises(Refused, match="是谁说的"):
            record_amount(two[0], source, 5, by=office.inspector, now=NOW)
    assert record_amount(two[0], "worker", 500, by=office.clerk, now=NOW) is None


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(st.integers(0, 10**9), min_size=1, max_size=6))
def test_no_fen_is_lost_or_made_between_a_list_and_its_sums(clue, office, said):
    Claimant.objects.all().delete()
    for serial, fen in enumerate(said, 1):
        add_claimant(clue, Said(f"工人{serial}", amounts={"inspector": fen}), by=office.inspector, now=NOW)
    settle_all(clue, "inspector", why="按考勤核算", by=office.inspector, now=NOW)
    assert {one.fen for one in group_of(clue).sums} == {sum(said)}


# --- the clue


def test_a_sum_nobody_knew_follows_the_list_once_everybodys_is_known(clue, office):
    Clue.objects.update(amount_fen=None)
    add_claimant(clue, Said("孙某"), by=office.inspector, now=NOW)
    add_claimant(clue, Said("李某", amounts={"worker": 50_000}), by=office.inspector, now=NOW)
    clue.refresh_from_db()
    assert clue.amount_fen is None
    record_amount(Claimant.objects.get(number=1), "worker", 70_000, by=office.inspector, now=NOW)
    clue.refresh_from_db()
    assert clue.amount_fen == 120_000
    settle(Claimant.objects.get(number=1), 65_001, why="按考勤核算", by=office.inspector, now=LATER)
    clue.refresh_from_db()
    standing = clue.corrections.get(field="amount_fen", ended_at__isnull=True)
    assert (clue.amount_fen, standing.why) == (115_001, "按名单上的金额合计")


def test_a_sum_that_was_told_stays_until_everybodys_is_settled(clue, two, office):
    clue.refresh_from_db()
    assert clue.amount_fen == 18_600_000
    settle_all(clue, "worker", why="双方签字认可", by=office.inspector, now=LATER)
    clue.refresh_from_db()
    assert clue.amount_fen == 1_200


def test_a_side_is_compared_with_the_same_people_alone(clue, two, office):
    add_claimant(clue, Said("孙大", amounts={"worker": 900}), by=office.inspector, now=NOW)
    sums = {str(one.source): (one.fen, one.difference) for one in group_of(clue).sums}
    assert sums == {"worker": (2100, None), "contractor": (900, -300)}


def test_reading_again_leaves_the_number_of_the_list(clue, listed, told):
    listed(person(1), person(2))
    told(ticket("1", OWED + "请尽快。"))
    triage_new(actor=SYSTEM, now=LATER)
    clue.refresh_from_db()
    assert clue.people == 2


def test_five_hundred_people_are_paged_with_as_many_queries_as_ten(clue, listed, django_assert_num_queries):
    listed(*(person(serial, worker="100") for serial in range(1, 121)))
    group = group_of(clue)
    seen, after = [], 0
    while True:
        with django_assert_num_queries(3):
            page = person_page(clue, group, after=after)
        seen += [one.claimant.number for one in page.items]
        if page.next_after is None:
            break
        after = page.next_after
    assert seen == list(range(1, 121))
    with django_assert_num_queries(1):
        assert group_of(clue).people == 120


CLUMSY = (
    ("东台工地欠薪人员名单",),
    ("单位：万元", "", "制表：老孙"),
    ("姓 名", "身份证号码", "欠薪金额（万元）", "核实金额（元）", "总包认可"),
    ("孙大", "", "1.234567", "12345.67", "1.2"),
    ("李 二", "", "０.８万元", "8000", "7千"),
    ("王三", "", " 0.5 ", "", "0.5"),
    ("合计", "", "2.534567", "", ""),
)


def test_a_list_in_ten_thousands_is_converted_column_by_column_to_the_fen(clue, office):
    actor = Actor(f"user:{office.inspector.pk}", str(office.inspector))
    data = {"data": table(*CLUMSY), "filename": "名单（最终）.csv", "project_code": clue.number}
    batch = open_batch(kind="claimants", actor=actor, now=NOW, **data)
    assert batch.report["note"] == "工人自述、总包单位认可：表上以万元计，已换算成元。"
    batch = accept_batch(batch.pk, actor=actor, now=NOW, recognition=batch.recognition)
    said = Amount.objects.filter(superseded_at__isnull=True).order_by("claimant__number", "source")
    assert list(said.values_list("claimant__number", "source", "fen")) == [
        (1, "contractor", 1_200_000),
        (1, "inspector", 1_234_567),
        (1, "worker", 1_234_567),
        (2, "contractor", 500_000),
        (2, "worker", 500_000),
    ]
    assert [row for row, _ in reasons(batch) if row == 5] == [5], "an amount that cannot be read comes back"


def test_a_list_that_names_no_unit_counts_in_yuan(clue, office):
    actor = Actor(f"user:{office.inspector.pk}", str(office.inspector))
    rows = (("姓名", "欠薪金额"), ("孙大", "1.23"))
    data = {"data": table(*rows), "filename": "名单.csv", "project_code": clue.number}
    batch = open_batch(kind="claimants", actor=actor, now=NOW, **data)
    assert batch.report["note"] == ""
    accept_batch(batch.pk, actor=actor, now=NOW, recognition=batch.recognition)
    assert Amount.objects.get().fen == 123
