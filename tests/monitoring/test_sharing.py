"""What the people of a finding share: bounded, whole, masked."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from anxin.monitoring.checks import CHECKS, checks_of
from anxin.monitoring.rules.forgery import FORGERY_RULES
from anxin.monitoring.sharing import MOST_PEOPLE, MOST_THINGS, UNKNOWN, SharedRow, graph_of, letters
from anxin.web.bureau.shared_graph import WIDTH, picture

KEYS = st.sampled_from([f"{number}" for number in range(60)] + [""])
VALUES = st.one_of(st.none(), st.sampled_from([f"hash{number}" for number in range(20)]))
ROWS = st.lists(
    st.builds(
        SharedRow,
        KEYS,
        st.one_of(st.none(), st.integers(0, 10**8)),
        st.fixed_dictionaries(
            {"card": VALUES, "phone": VALUES, "face": VALUES, "device": VALUES, "to_account": VALUES}
            | {"copied_days": st.one_of(st.none(), st.integers(0, 20))}
        ),
    ),
    max_size=120,
)
NAMES = {f"{number}": f"赵测试{number}" for number in range(60)}


def row(key, amount=None, **detail):
    return SharedRow(key, amount, detail)


@given(ROWS)
def test_every_edge_joins_a_person_and_a_thing_that_are_there(rows):
    graph = graph_of(rows, NAMES)
    people, things = {one.key for one in graph.people}, {one.key for one in graph.things}
    assert len(people) == len(graph.people) and len(things) == len(graph.things)
    assert all(edge.person in people and edge.thing in things for edge in graph.edges)
    assert len(set(graph.edges)) == len(graph.edges)
    assert {edge.person for edge in graph.edges} == people


@given(ROWS)
def test_the_graph_is_bounded_and_states_what_it_left_out(rows):
    graph, whole = graph_of(rows, NAMES), graph_of(rows, NAMES, most_people=10**6, most_things=10**6)
    assert len(graph.people) <= MOST_PEOPLE and len(graph.things) <= MOST_THINGS
    assert len(graph.people) + graph.more_people == len(whole.people)
    assert len(graph.things) + graph.more_things == len(whole.things)
    assert whole.more_people == whole.more_things == 0
    assert all(thing.people == len(whole.people_of(thing)) > 1 for thing in whole.things)


@given(ROWS)
def test_no_name_is_whole_and_no_hash_is_shown(rows):
    graph = graph_of(rows, NAMES)
    drawn = picture(graph)
    said = "".join(one.label for one in [*graph.people, *graph.things]) + (drawn.words if drawn else "")
    assert "测试" not in said and "hash" not in said


@given(ROWS)
def test_every_box_stands_inside_the_picture_and_none_on_another(rows):
    drawn = picture(graph_of(rows, NAMES))
    if drawn is None:
        return
    assert all(box.x >= 0 and box.x + box.width <= WIDTH for box in drawn.boxes)
    assert all(box.y >= 0 and box.y + box.height <= drawn.height for box in drawn.boxes)
    for column in {box.x for box in drawn.boxes}:
        tops = sorted(box.y for box in drawn.boxes if box.x == column)
        assert all(after - before >= 32 for before, after in itertools.pairwise(tops))


def test_a_card_of_three_is_named_before_a_card_of_two_and_sums_their_wages():
    rows = [row("1", 100, card="x"), row("2", 200, card="x")]
    rows += [row(key, 1_000, card="y") for key in ("3", "4", "5")]
    graph = graph_of(rows, NAMES)
    assert [(one.label, one.people, one.amount_fen) for one in graph.things] == [
        ("卡A", 3, 3_000),
        ("卡B", 2, 300),
    ]
    assert [one.number for one in graph.people] == [1, 2, 3, 4, 5]


def test_what_one_person_has_alone_is_no_thing():
    graph = graph_of([row("1", card="x", phone="p"), row("2", card="y", phone="p")], NAMES)
    assert [one.label for one in graph.things] == ["手机A"]


def test_two_rows_of_one_person_are_not_two_people():
    graph = graph_of([row("1", card="x"), row("1", card="x")], NAMES)
    assert not graph.things and not graph.people


def test_people_without_a_key_are_each_their_own_and_unnamed():
    graph = graph_of([row("", card="x"), row("", card="x")], NAMES)
    assert [one.name for one in graph.people] == [UNKNOWN, UNKNOWN]


def test_cards_opened_together_are_shared_by_branch_and_day():
    rows = [row(key, card=key, branch="东街网点", opened_on="2026-03-02") for key in ("1", "2")]
    rows.append(row("3", card="3", branch="东街网点", opened_on="2026-03-03"))
    assert [(one.label, one.people) for one in graph_of(rows, NAMES).things] == [("同日同网点开卡A", 2)]


def test_letters_go_on_after_z():
    assert [letters(number) for number in (1, 26, 27, 53)] == ["A", "Z", "AA", "BA"]


def test_every_sign_says_what_to_check_and_which_honest_case_looks_alike():
    assert set(CHECKS) == {rule.code for rule in FORGERY_RULES}
    assert all(checks[-1].startswith("正当情形：") for checks in CHECKS.values())
    assert checks_of("W03") == ()
