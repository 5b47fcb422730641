"""The wording of a whole message: weights that can be read, and what they say of messages without a known sign."""

from __future__ import annotations

import pytest

from anxin.triage import read, wording
from anxin.triage.wages import signs_of

WEIGHTS = wording.Weights(-1.0, {"薪": 2.0, "讨薪": 2.0, "灯": -3.0})


def test_numbers_and_place_letters_are_not_wording():
    assert list(wording.letters("A3区欠1,200")) == list(wording.letters("K9县欠3".replace("县", "区")))


def test_known_letters_speak_for_or_against_and_unknown_ones_not_at_all():
    assert wording.tells("讨薪", WEIGHTS) > 0 > wording.tells("灯", WEIGHTS)
    assert wording.tells("某乡", WEIGHTS) == -1.0


def test_the_same_words_twice_as_long_do_not_weigh_twice():
    once, often = wording.tells("讨薪", WEIGHTS), wording.tells("讨薪" * 50, WEIGHTS)
    assert often == pytest.approx(once)


def test_the_clause_shown_is_one_of_the_text():
    text = "路灯又坏了，老板拖欠我们工资不给，请管一管。"
    assert "工资" in wording.clause(text, True)
    assert wording.clause(text, False) in text


def test_every_message_has_its_wording_among_the_signs_and_it_moves_the_score():
    text = "路灯不亮，请来修。"
    told = next(sign for sign in signs_of("", text) if sign.name == "wording")
    assert told.strength < 0
    assert told.words in text
    assert read("", text).score < 0.05
