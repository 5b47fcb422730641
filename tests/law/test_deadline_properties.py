"""What must hold for every deadline, whatever the key, the day and the place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from anxin.law import Deadline, Extension, LawError, Overlay, Pause, Restart, load

LAW = load()
ONE_DAY = dt.timedelta(days=1)
FIRST, LAST = dt.date(2004, 1, 1), dt.date(2026, 12, 31)
REGIONS = ("", "440402", "510104", "321102", "330102", "370202", "150102", "620502", "130108")


def _lengths() -> dict[str, tuple[str, ...]]:
    """Every key that can be computed, with its parts (one empty part where it has none)."""
    found: dict[str, tuple[str, ...]] = {}
    for key in LAW.keys():  # noqa: SIM118
        for span in LAW.spans(key):
            counting, content = span.value.counting, span.value.value
            if counting is not None and counting.bound != "range":
                found[key] = tuple(content) if isinstance(content, dict) else ("",)
    return found


PARTS = _lengths()
FORWARD = [
    key
    for key in PARTS
    if (counting := LAW.spans(key)[0].value.counting) and not counting.backward and counting.measure != "hour"
]
EXTENDABLE = [key for key in FORWARD if (other := LAW.extension_of(key)) and LAW.spans(other)]

STRICT = [
    key
    for key in FORWARD
    if (counting := LAW.spans(key)[0].value.counting)
    and (counting.measure, counting.day_type, counting.rolls) == ("day", "natural", False)
]
ROLLING = [
    key
    for key in FORWARD
    if (counting := LAW.spans(key)[0].value.counting) and (counting.rolls or counting.day_type == "working")
]


def questions(keys: Iterable[str]) -> st.SearchStrategy[tuple[str, dt.date]]:
    """A key with a start day on which there is a rule, through the last published year."""
    return st.sampled_from(sorted(keys)).flatmap(
        lambda key: st.tuples(st.just(key), st.dates(max(FIRST, LAW.spans(key)[0].from_), LAST))
    )


days = st.dates(FIRST, LAST)
regions = st.sampled_from(REGIONS)
any_question = questions(PARTS)
forward_question = questions(FORWARD)


def ask(key: str, start: dt.date, region: str = "", **more: object) -> Deadline:
    """The answer, for the first part where a provision has several; days without a rule are passed over."""
    try:
        return LAW.deadline(key, start, region, part=PARTS[key][0], **more)  # type: ignore[arg-type]
    except LawError:
        assume(False)
        raise


@st.composite
def pause_lists(draw: st.DrawFn) -> list[Pause]:
    """One to three pauses that do not overlap."""
    edges = sorted(draw(st.lists(days, min_size=2, max_size=6, unique=True)))
    edges = edges[: len(edges) // 2 * 2]
    return [Pause(first, last) for first, last in zip(edges[::2], edges[1::2], strict=True)]


@given(questions(ROLLING), regions)
def test_due_day_is_worked_where_the_law_rolls_or_counts_working_days(question, region):
    key, start = question
    answer = ask(key, start, region)
    counting = LAW.value(key, start, region).counting
    assume(counting is not None and (counting.rolls or counting.day_type == "working"))
    assert LAW.calendar.presumed_workday(answer.due_day)


@given(forward_question, regions)
def test_rolling_never_moves_earlier_and_passes_no_working_day(question, region):
    key, start = question
    answer = ask(key, start, region)
    between = [answer.nominal + n * ONE_DAY for n in range((answer.due_day - answer.nominal).days)]
    assert answer.due_day >= answer.nominal
    assert not any(LAW.calendar.presumed_workday(day) for day in between)


@given(forward_question, regions)
def test_due_is_never_before_the_start(question, region):
    key, start = question
    assert ask(key, start, region).due_day >= start


@given(forward_question, regions, pause_lists())
def test_a_pause_never_brings_the_due_date_forward(question, region, pauses):
    key, start = question
    assert ask(key, start, region, pauses=pauses).due_day >= ask(key, start, region).due_day


@given(forward_question, st.integers(0, 120), st.integers(0, 60), st.integers(0, 60))
def test_a_longer_pause_never_brings_the_due_date_forward(question, after, length, more):
    key, start = question
    first = start + after * ONE_DAY
    shorter = ask(key, start, pauses=[Pause(first, first + length * ONE_DAY)])
    longer = ask(key, start, pauses=[Pause(first, first + (length + more) * ONE_DAY)])
    assert longer.due_day >= shorter.due_day


@given(forward_question, st.integers(0, 90), st.integers(0, 40), st.integers(0, 40))
def test_two_pauses_that_touch_count_as_one(question, after, one, two):
    key, start = question
    first = start + after * ONE_DAY
    middle, last = first + one * ONE_DAY, first + (one + 1 + two) * ONE_DAY
    halves = [Pause(first, middle), Pause(middle + ONE_DAY, last)]
    assert ask(key, start, pauses=halves).due == ask(key, start, pauses=[Pause(first, last)]).due


@given(forward_question, st.integers(0, 400), st.integers(1, 400))
def test_a_pause_before_the_start_or_after_the_end_changes_nothing(question, length, gap):
    key, start = question
    plain = ask(key, start)
    before = Pause(start - length * ONE_DAY, start)
    after = Pause(plain.due_day + gap * ONE_DAY, plain.due_day + (gap + length) * ONE_DAY)
    assume(not LAW.spans(key)[0].value.counting.start_day_counted)
    assert ask(key, start, pauses=[before]).due == plain.due
    assert ask(key, start, pauses=[after]).due == plain.due


@given(questions(EXTENDABLE), st.integers(1, 30), st.integers(1, 30), pause_lists())
def test_a_longer_extension_is_never_due_earlier(question, one, two, pauses):
    key, start = question
    shorter, longer = sorted((one, two))
    dues = [
        ask(key, start, pauses=pauses).due_day,
        ask(key, start, pauses=pauses, extensions=[Extension(shorter)]).due_day,
        ask(key, start, pauses=pauses, extensions=[Extension(longer)]).due_day,
    ]
    assert all(earlier <= later for earlier, later in pairwise(dues))


@given(questions(EXTENDABLE), st.integers(1, 14), st.integers(1, 14))
def test_two_extensions_reach_as_far_as_one_of_their_sum(question, one, two):
    key, start = question
    twice = ask(key, start, extensions=[Extension(one), Extension(two)])
    assert twice.due == ask(key, start, extensions=[Extension(one + two)]).due


@given(any_question, st.integers(0, 400), regions)
def test_a_later_start_is_never_due_earlier_under_the_same_rule(question, later, region):
    key, start = question
    following = start + later * ONE_DAY
    one, two = ask(key, start, region), ask(key, following, region)
    assume(LAW.value(key, start, region) == LAW.value(key, following, region))
    assert one.due_day <= two.due_day


@pytest.mark.parametrize(
    ("there", "back"),
    [
        ("penalty.hearing_request_days", "mediation_arbitration.arb_hearing_notice_days"),
        ("penalty.court_rule_days", "penalty.hearing_notice_days"),
        ("mediation_arbitration.mediation_accept_days", "mediation_arbitration.arb_postpone_days"),
    ],
)
@given(start=st.dates(dt.date(2021, 7, 15), dt.date(2028, 12, 31)))
def test_adding_and_then_subtracting_working_days_returns_to_the_last_working_day(there, back, start):
    event = LAW.deadline(there, start).due_day
    assert LAW.deadline(back, event).due == LAW.calendar.previous_workday_on_or_before(start).day


@given(questions(STRICT), regions)
def test_natural_days_read_strictly_are_exactly_as_many(question, region):
    key, start = question
    answer = ask(key, start, region)
    counting = LAW.value(key, start, region).counting
    assume(counting is not None and counting.day_type == "natural" and not counting.rolls)
    assert answer.due_day - start == answer.length * ONE_DAY


@given(any_question, regions)
def test_the_next_step_is_open_from_the_day_after_a_shortest_period_and_only_there(question, region):
    key, start = question
    answer = ask(key, start, region)
    shortest = answer.bound == "min" and not answer.backward
    assert answer.act_from == (answer.due_day + ONE_DAY if shortest else None)


@given(forward_question, st.integers(0, 200))
def test_a_restart_counts_like_a_start_on_that_day(question, later):
    key, start = question
    again = start + later * ONE_DAY
    assume(LAW.spans(key)[0].value.counting.measure != "hour")
    restarted = ask(key, start, restarts=[Restart(again)])
    anew = ask(key, again)
    assume(LAW.value(key, start) == LAW.value(key, again))
    assert restarted.due == anew.due


@given(any_question, regions)
def test_an_answer_is_provisional_exactly_where_it_says_so(question, region):
    key, start = question
    answer = ask(key, start, region)
    assert answer.provisional == ("provisional" in [step.kind for step in answer.steps])
    if answer.provisional:
        assert max(answer.due_day, answer.nominal, start) > LAW.calendar.published_through


OWN = {"key": "mediation_arbitration.arb_award_days", "from": dt.date(2020, 1, 1), "value": 31}
OWN_WORKING = {"key": "inspection.decision_days_after_investigation", "from": dt.date(2020, 1, 1), "value": 3}


@pytest.fixture(scope="module")
def law_of_a_bureau():
    place = {"region": "990100", "name": "安城县", "source": "安城县规定（虚构）"}
    return load(overlay=Overlay(local_values=({**OWN, **place}, {**OWN_WORKING, **place})))


@given(question=any_question, region=st.sampled_from([*REGIONS, "99", "9901", "990101", "990200"]))
def test_a_local_value_changes_nothing_in_other_places(law_of_a_bureau, question, region):
    key, start = question
    shipped = ask(key, start, region)
    assert law_of_a_bureau.deadline(key, start, region, part=PARTS[key][0]) == shipped


@given(start=st.dates(FIRST, LAST))
def test_a_local_value_changes_its_place_from_its_first_day_on(law_of_a_bureau, start):
    for own in (OWN, OWN_WORKING):
        national = ask(own["key"], start)
        local = law_of_a_bureau.deadline(own["key"], start, "990100")
        assert local.length == (own["value"] if start >= own["from"] else national.length)
        assert (local.due_day < national.due_day) == (start >= own["from"])
