"""At the desk: numbers in order, one registration of a group with its people, promises by a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from anxin.clues.claimant_rows import Said
from anxin.clues.models import Claimant, Clue
from anxin.clues.queries_claimants import group_of
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.reception.models import Promise, Visit
from anxin.reception.queries import (
    VisitFilters,
    counts,
    open_promises,
    promise_counts,
    promise_page,
    queue_of,
    visit_page,
)
from anxin.reception.services import (
    call_next,
    join_clue,
    keep_promise,
    let_go,
    move_visit,
    promise,
    register_group,
    take_number,
)
from anxin.reception.typed import people_of
from tests.clues.conftest import ticket
from tests.monitoring.factories import id_number
from tests.reception.conftest import NOW, TODAY, VOICE

LATER = NOW + dt.timedelta(hours=1)


def number(office, region: str = "990101", now: dt.datetime = NOW, people: int = 3) -> Visit:
    by = office.inspector if region == "990101" else office.outsider
    return take_number(region=region, people=people, about="讨要上月工资", by=by, now=now)


# --- the queue


def test_numbers_run_by_place_and_day_and_the_lowest_is_called(office):
    tomorrow = NOW + dt.timedelta(days=1)
    given = [number(office), number(office), number(office, "990102"), number(office, now=tomorrow)]
    assert [one.number for one in given] == [1, 2, 1, 1]
    assert call_next("990101", by=office.clerk, now=LATER).number == 1
    assert call_next("990101", by=office.clerk, now=LATER).number == 2
    with pytest.raises(Refused, match="没有等候"):
        call_next("990101", by=office.clerk, now=LATER)


def test_a_number_is_called_received_and_left_with_an_answer(visit, office):
    move_visit(visit, "called", by=office.clerk, now=NOW)
    move_visit(visit, "received", by=office.inspector, now=LATER)
    gone = let_go(visit, answer="已约总包单位周一上午对账", by=office.inspector, now=LATER)
    assert (gone.state, gone.called_at, gone.received_at, gone.left_at) == ("left", NOW, LATER, LATER)
    assert gone.received_by == "某inspector" and queue_of(office.leader, on=TODAY) == []
    actions = list(
        JournalEntry.objects.filter(object_type="visit").order_by("sequence").values_list("action", flat=True)
    )
    assert actions == ["reception.number_taken", "reception.called", "reception.received", "reception.left"]


def test_who_was_not_there_is_called_again(visit, office):
    move_visit(visit, "called", by=office.clerk, now=NOW)
    move_visit(visit, "missed", by=office.clerk, now=NOW)
    assert move_visit(visit, "called", by=office.clerk, now=LATER).called_at == LATER


def test_steps_out_of_their_order_are_refused(visit, office):
    with pytest.raises(Refused, match="不能改为“已离开”"):
        let_go(visit, answer="请回去等消息", by=office.inspector, now=NOW)
    move_visit(visit, "received", by=office.inspector, now=NOW)
    with pytest.raises(Refused, match="不能改为“过号未到”"):
        move_visit(visit, "missed", by=office.inspector, now=NOW)
    with pytest.raises(Refused, match="没有这一步"):
        move_visit(visit, "left", by=office.inspector, now=NOW)


@pytest.mark.parametrize(
    ("people", "about", "says"), [(0, "讨要工资", "几个人"), (3, "讨", "什么事"), (3, "讨" * 201, "不能超过")]
)
def test_a_number_needs_people_and_a_matter(office, people, about, says):
    with pytest.raises(Refused, match=says):
        take_number(region="990101", people=people, about=about, by=office.clerk, now=NOW)
    assert not Visit.objects.exists()


def test_another_district_neither_sees_nor_works_the_queue(visit, office):
    assert queue_of(office.outsider, on=TODAY) == [] and queue_of(office.inspector, on=TODAY) == [visit]
    for act in (
        lambda: number(office, "990101") and take_number(
            region="990101", people=1, about="讨要工资", by=office.outsider, now=NOW
        ),
        lambda: call_next("990101", by=office.outsider, now=NOW),
        lambda: move_visit(visit, "called", by=office.outsider, now=NOW),
        lambda: register_group(visit, VOICE, [], by=office.outsider, now=NOW),
    ):  # fmt: skip
        with pytest.raises(Refused, match="不在您负责的范围"):
            act()


def test_the_database_gives_a_number_once(visit):
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.create(region_id="990101", on=TODAY, number=1, people=1, about="同号", came_at=NOW)


# --- the group


def test_a_group_is_one_clue_with_its_people(visit, office):
    people = people_of(
        f"钱某人，{id_number(1)}，13900007777，12000\n李某 木工 8000.50\n\n孙某,{id_number(3)}"
    )
    clue, written = register_group(visit, VOICE, people, by=office.clerk, now=NOW)
    visit.refresh_from_db()
    clue.refresh_from_db()
    assert (visit.clue, clue.channel, clue.people, written.added) == (clue, "visit", 3, 3)
    assert group_of(clue).sums[0].fen == 2_000_050
    told = "".join(f"{one.summary}{one.after}" for one in JournalEntry.objects.all())
    assert "钱某人" not in told and id_number(1) not in told


def test_a_wrong_row_is_named_and_nothing_is_saved(visit, office):
    people = people_of(f"钱某人 {id_number(1)}\n李某 990102198503070030")
    with pytest.raises(Refused, match=r"第2行：.*校验"):
        register_group(visit, VOICE, people, by=office.clerk, now=NOW)
    visit.refresh_from_db()
    assert visit.clue is None and not Clue.objects.exists() and not Claimant.objects.exists()


def test_they_come_again_and_join_what_is_known(told, visit, office):
    (clue,) = told(ticket("1"))
    join_clue(visit, clue, [Said("钱某人", id_number(1))], by=office.clerk, now=NOW)
    visit.refresh_from_db()
    assert visit.clue == clue and Claimant.objects.get().clue == clue
    with pytest.raises(Refused, match="已经登记过线索"):
        register_group(visit, VOICE, [], by=office.clerk, now=LATER)


def test_a_visit_joins_no_clue_of_another_district(told, visit, office):
    (clue,) = told(ticket("1", place="江北区"))
    with pytest.raises(Refused, match="没有这条线索"):
        join_clue(visit, clue, [], by=office.clerk, now=NOW)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("钱某人", ("钱某人", "", "", "", {})),
        ("13900007777 钱某人 木工", ("钱某人", "", "13900007777", "木工", {})),
        ("钱某人，1.2万", ("钱某人", "", "", "", {"worker": 1_200_000})),
        ("钱某人;99010219850307003x;￥500", ("钱某人", "99010219850307003X", "", "", {"worker": 50_000})),
    ],
)
def test_a_typed_line_is_read_in_whatever_order(text, expected):
    (said,) = people_of(text)
    assert (said.name, said.id_number, said.phone, said.trade, said.amounts) == expected


def test_a_line_without_a_name_is_named():
    with pytest.raises(Refused, match="第2行没有姓名"):
        people_of("钱某人\n13900007777")


# --- promises


@pytest.fixture
def received(visit, office) -> Visit:
    return move_visit(visit, "received", by=office.inspector, now=NOW)


def promised(visit: Visit, office, days: int = 3) -> Promise:
    return promise(
        visit,
        what="约总包单位对账并答复工人",
        due_on=TODAY + dt.timedelta(days=days),
        responsible="林某",
        by=office.inspector,
        now=NOW,
    )


def test_a_promise_is_open_until_its_day_then_overdue_then_kept(received, office):
    made = promised(received, office)
    assert promise_counts(office.leader, today=TODAY + dt.timedelta(days=3))["overdue"] == 0
    late = TODAY + dt.timedelta(days=4)
    assert promise_counts(office.leader, today=late)["overdue"] == 1
    assert [one.pk for one in promise_page(office.leader, "overdue", today=late)[0]] == [made.pk]
    keep_promise(made, words="已对账，周三发放", on=TODAY, by=office.inspector, now=LATER)
    assert not open_promises(office.leader).exists()
    assert promise_counts(office.leader, today=late) == {
        "open": 0,
        "overdue": 0,
        "soon": 0,
        "kept": 1,
        "late": 0,
    }
    with pytest.raises(Refused, match="已经兑现"):
        keep_promise(made, words="已对账，周三发放", on=TODAY, by=office.inspector, now=LATER)


def test_nothing_is_promised_before_anybody_was_heard(visit, office):
    with pytest.raises(Refused, match="还没有接谈"):
        promised(visit, office)


@pytest.mark.parametrize(("days", "says"), [(-1, "早于来访")])
def test_a_promise_is_not_due_before_it_was_made(received, office, days, says):
    with pytest.raises(Refused, match=says):
        promised(received, office, days)


@pytest.mark.parametrize(("words", "day", "says"), [("好", 0, "怎样兑现"), ("已对账发放", 5, "今天之间")])
def test_a_promise_is_kept_with_words_and_a_day_that_has_been(received, office, words, day, says):
    made = promised(received, office)
    with pytest.raises(Refused, match=says):
        keep_promise(made, words=words, on=TODAY + dt.timedelta(days=day), by=office.inspector, now=LATER)


def test_promises_of_another_district_do_not_exist(received, office):
    promised(received, office)
    assert not open_promises(office.outsider).exists() and open_promises(office.inspector).count() == 1


# --- the register


def test_the_register_counts_groups_and_people_and_pages_by_key(office):
    for serial in range(5):
        number(office, people=serial + 1)
    number(office, now=NOW - dt.timedelta(days=40), people=100)
    all_of_it = counts(office.leader, VisitFilters())
    assert (all_of_it.groups, all_of_it.persons) == (6, 115)
    month = VisitFilters(first=dt.date(2026, 11, 1), last=dt.date(2026, 11, 30))
    assert (counts(office.leader, month).groups, counts(office.leader, month).persons) == (5, 15)
    seen, after = [], ""
    while True:
        page, after = visit_page(office.leader, VisitFilters(), after=after or "", limit=2)
        seen += [one.people for one in page]
        if after is None:
            break
    assert seen == [5, 4, 3, 2, 1, 100]
    assert counts(office.outsider, VisitFilters()).groups == 0


def test_the_register_costs_the_same_queries_however_long(office, django_assert_num_queries):
    for _ in range(12):
        number(office)
    counts(office.leader, VisitFilters())  # reads the person's grants
    for limit in (2, 10):
        with django_assert_num_queries(1):
            visit_page(office.leader, VisitFilters(), limit=limit)
    with django_assert_num_queries(2):
        counts(office.leader, VisitFilters())


def test_an_address_with_nonsense_narrows_nothing():
    assert (
        VisitFilters.read({"first": "2026-13-01", "last": "x", "region": "%", "text": " "}) == VisitFilters()
    )


def test_a_group_of_another_place_is_refused_as_a_whole(visit, office):
    with pytest.raises(Refused, match="不在您负责的范围"):
        register_group(visit, replace(VOICE, region="990102"), [], by=office.clerk, now=NOW)
    assert not Clue.objects.exists()
