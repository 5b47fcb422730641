"""The difference of two runs has properties that hold for whatever was found."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from anxin.monitoring.diffing import Change, Kept, Measure, compare

measures = st.builds(
    Measure,
    st.integers(1, 4),
    st.none() | st.integers(0, 50),
    st.none() | st.integers(0, 10**9),
)
names = st.text("abcdef", min_size=1, max_size=2)
found = st.dictionaries(names, measures, max_size=8)
kept = st.dictionaries(
    names,
    st.builds(Kept, measures, st.just(False))
    | st.builds(Kept, measures, st.just(True), st.none() | measures),
    max_size=8,
)


@given(found, kept)
def test_every_finding_is_counted_exactly_once(findings, stored):
    difference = compare(findings, stored)
    assert difference.opened + difference.continued + difference.worsened == len(findings)


@given(found, kept)
def test_what_is_cleared_was_open_and_is_no_longer_found(findings, stored):
    difference = compare(findings, stored)
    for name in difference.of(Change.CLEARED):
        assert name not in findings and not stored[name].cleared
    open_and_gone = {name for name, old in stored.items() if not old.cleared and name not in findings}
    assert set(difference.of(Change.CLEARED)) == open_and_gone


@given(found)
def test_the_same_again_is_only_continued(findings):
    stored = {name: Kept(measure, cleared=False) for name, measure in findings.items()}
    assert set(compare(findings, stored).changes.values()) <= {Change.CONTINUED}


@given(found, kept)
def test_what_cannot_be_judged_is_never_cleared(findings, stored):
    difference = compare(findings, stored, unjudged=stored)
    assert difference.cleared == 0 and not difference.of(Change.SETTLED)


@given(measures, measures)
def test_worse_and_better_exclude_each_other_unless_people_and_money_disagree(one, other):
    if one.level != other.level:
        assert one.worse_than(other) != other.worse_than(one)
    assert not one.worse_than(one)


@given(measures, measures)
def test_what_people_let_pass_stays_exactly_while_it_does_not_exceed(now, then):
    change = compare({"a": now}, {"a": Kept(then, cleared=True, let_pass=then)}).changes["a"]
    larger = now.level > then.level or (now.people or 0) > (then.people or 0)
    larger = larger or (now.amount_fen or 0) > (then.amount_fen or 0)
    assert change is (Change.REOPENED if larger else Change.LET_PASS)
