"""Deadlines that were reckoned from the law text without the engine (``deadlines/README.md``)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest

from anxin.kernel.months import Month
from anxin.law import (
    BadQuestion,
    Extension,
    NotYetInForce,
    NoValue,
    Pause,
    Restart,
    Unconfirmed,
    UnknownKey,
    load,
    pay_day,
)
from tests.law.golden import cases

LAW = load()
DEADLINES = {name: entry for name, entry in cases(without="pay_days") if "refused" not in entry}
REFUSED = dict(cases(only="refused"))
PAY_DAYS = dict(cases(only="pay_days"))
KINDS: dict[str, type[Exception] | tuple[type[Exception], ...]] = {
    "早于规定": NotYetInForce,
    "没有此键": UnknownKey,
    "地方未定": (NoValue, Unconfirmed),
    "不能计算": BadQuestion,
}


def ask(entry: dict[str, Any]) -> Any:
    """The engine's answer to one entry."""
    return LAW.deadline(
        entry["key"],
        entry["start"],
        entry.get("region", ""),
        pauses=[Pause(first, last) for first, last in entry.get("pauses", ())],
        extensions=[Extension(entry["extend"])] if "extend" in entry else [],
        restarts=[Restart(entry["restart"])] if "restart" in entry else [],
        part=entry.get("part", ""),
        only_for=entry.get("only_for", ""),
        counterpart=entry.get("counterpart", ""),
    )


@pytest.mark.parametrize("entry", DEADLINES.values(), ids=DEADLINES)
def test_due_date_is_the_one_reckoned_without_the_engine(entry):
    answer = ask(entry)
    assert answer.due == entry["due"], entry["worked"]
    assert answer.provisional == entry.get("provisional", False)
    if "act_from" in entry:
        assert answer.act_from == entry["act_from"]


@pytest.mark.parametrize("entry", DEADLINES.values(), ids=DEADLINES)
def test_steps_tell_the_start_the_count_and_the_article(entry):
    answer = ask(entry)
    kinds = [step.kind for step in answer.steps]
    assert kinds[0] in ("start", "restart")
    assert len(kinds) >= 2
    assert all(step.text.endswith("。") for step in answer.steps)
    assert answer.basis
    assert ("pause" in kinds) == ("pauses" in entry)
    assert ("extend" in kinds) == ("extend" in entry)
    assert ("provisional" in kinds) == entry.get("provisional", False)


@pytest.mark.parametrize("entry", REFUSED.values(), ids=REFUSED)
def test_question_the_law_does_not_answer_is_refused_with_a_sentence(entry):
    with pytest.raises(KINDS[entry["refused"]]) as refusal:
        ask(entry)
    sentence = str(refusal.value)
    assert sentence.endswith("。")
    assert entry.get("says", "") in sentence


@pytest.mark.parametrize("entry", PAY_DAYS.values(), ids=PAY_DAYS)
def test_pay_day_moves_earlier_as_reckoned_without_the_engine(entry):
    answer = pay_day(Month.parse(entry["month"]), entry["day_of_month"], entry["months_later"], LAW.calendar)
    assert answer.due == entry["due"], entry["worked"]
    assert answer.provisional == entry.get("provisional", False)


def test_every_length_of_time_in_the_law_has_a_case():
    # ``warning`` is the project's own table of days to act, not a provision
    provisions = [key for key in LAW.keys() if not key.startswith("warning.")]  # noqa: SIM118
    lengths = {key for key in provisions if LAW.parameter(key).type in ("deadline", "period")}
    covered = {entry["key"] for _, entry in cases(without="pay_days")}
    assert lengths - covered == set()


def test_there_are_at_least_300_cases_none_twice():
    questions = Counter(
        repr({name: value for name, value in entry.items() if name not in ("case", "worked")})
        for entry in DEADLINES.values()
    )
    assert len(DEADLINES) >= 300
    assert questions.most_common(1)[0][1] == 1


def test_worked_text_ends_where_the_due_date_is():
    for name, entry in DEADLINES.items():
        due = entry["due"]
        written = (
            f"{due:%Y-%m-%d %H:%M}"
            if isinstance(due, dt.datetime)
            else f"{due.year}年{due.month}月{due.day}日"
        )
        assert written in entry["worked"], name
