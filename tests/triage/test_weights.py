"""Weights that begin from the shipped ones: judgements move them, few do not wreck them, none turns a sign round."""

from __future__ import annotations

import pytest

from anxin.triage import construction, likeness, read
from anxin.triage.weights import Judged, fit, measure, try_out

SHIPPED, NAMES = construction.SHIPPED, construction.NAMES


def local(many: int = 30) -> list[Judged]:
    """Judgements of a bureau that takes work in a workshop for construction."""
    return [
        one
        for _ in range(many)
        for one in (
            Judged({"maybe": 1, "other_trade": 1}, True),
            Judged({"maybe": 1, "job": 1}, False),
        )
    ]


def test_judgements_change_what_is_said():
    learnt = fit(local(), SHIPPED, NAMES, "本地")
    assert SHIPPED.score({"maybe": 1, "other_trade": 1}) < 0 < learnt.score({"maybe": 1, "other_trade": 1})
    assert learnt.score({"maybe": 1, "job": 1}) < 0


def test_a_message_is_read_by_the_weights_that_it_is_given():
    text = "我在车间做木工，老板拖欠工资三个月没有发。"
    learnt = fit(local(), SHIPPED, NAMES, "本地")
    assert [read("", text).construction, read("", text, built_by=learnt).construction] == [False, True]


def test_the_same_judgements_in_any_order_give_the_same_weights():
    assert fit(local(), SHIPPED, NAMES, "v") == fit(local()[::-1], SHIPPED, NAMES, "v")


def test_two_judgements_leave_the_shipped_weights_nearly_as_they_are():
    learnt = fit(local(1), SHIPPED, NAMES, "v")
    assert all(abs(learnt.signs[name] - SHIPPED.signs[name]) < 0.5 for name in NAMES.names)


@pytest.mark.parametrize("base, names", [(SHIPPED, NAMES), (likeness.shipped(), likeness.NAMES)])
def test_no_sign_comes_to_speak_against_its_meaning(base, names):
    """Every judgement says the contrary of every sign."""
    perverse = [Judged({name: 1.0}, name in names.against) for name in names.names] * 30
    learnt = fit(perverse, base, names, "v")
    assert all(learnt.signs[name] >= 0 for name in names.for_it)
    assert all(learnt.signs[name] <= 0 for name in names.against)


def test_they_are_tried_on_judgements_that_they_had_not_seen():
    before, after = measure(local(), SHIPPED), try_out(local(), SHIPPED, NAMES)
    assert (before.f1, after.f1) == (0.0, 1.0)


def test_without_a_word_for_construction_no_weights_make_it_so():
    eager = fit([Judged({}, True)] * 500, SHIPPED, NAMES, "v")
    assert eager.nothing_known > 0
    assert construction.building("老板拖欠工资三个月没有发。", None, eager) is None


def test_weights_of_signs_that_the_program_does_not_know_are_refused():
    kept = fit(local(), SHIPPED, NAMES, "v").as_json()
    assert NAMES.from_json(kept).as_json() == kept
    with pytest.raises(ValueError, match="不认识的迹象"):
        NAMES.from_json({**kept, "signs": {"no_such_sign": 1.0}})
