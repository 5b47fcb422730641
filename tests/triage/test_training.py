"""A bureau's own judgements: learnt from, and tried on what was not seen."""

from __future__ import annotations

import pytest

from anxin.triage.model import from_json, shipped
from anxin.triage.training import example, measure, train, try_out
from anxin.triage.trials import TooFewExamples

#: this bureau counts unpaid training allowances as wages, which the shipped model does not know
_OWN = "培训补贴没到位，学校一直推。"
_OTHER = "路灯不亮，请来修。"


def judged(own: int, other: int):
    return [
        *(example("", f"{_OWN}第{n}期。", True) for n in range(own)),
        *(example("", f"{_OTHER}第{n}盏。", False) for n in range(other)),
    ]


def test_too_few_judgements_are_refused_with_what_is_missing():
    with pytest.raises(TooFewExamples, match="已核定为欠薪的来文只有3条"):
        train(judged(3, 40), shipped(), "x")


def test_a_bureaus_own_reading_is_learnt_and_the_old_model_did_not_have_it():
    examples = judged(60, 60)
    assert measure(examples, shipped()).recall == 0
    assert try_out(examples, shipped()).f1 > 0.9


def test_a_trained_model_survives_its_file():
    model = train(judged(40, 40), shipped(), "2026-11-29+80")
    again = from_json(model.as_json())
    assert again == model
    assert again.version == "2026-11-29+80"


def test_a_model_of_another_version_is_refused():
    data = shipped().as_json() | {"body": {"nobody_knows": 1.0}}
    with pytest.raises(ValueError, match="nobody_knows"):
        from_json(data)
