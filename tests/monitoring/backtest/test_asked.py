"""A back-test that a person asks for, with another number on trial."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.accounts.models import User
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.monitoring import backtesting
from anxin.monitoring.models import Backtest, Warning
from tests.monitoring import factories as make

pytestmark = pytest.mark.django_db

NOW = make.at("2026-12-20")
PERIOD = {"first": dt.date(2026, 10, 20), "last": dt.date(2026, 12, 8)}
#: late wages are red from the second day on instead of the 61st
SOONER = {
    "key": "warning.w03",
    "region": "99",
    "from": "2026-01-01",
    "value": [{"level": "red", "words": "逾期", "when": {"days": {"min": 2}}}],
    "source": "试算",
}


@pytest.fixture
def leader() -> User:
    return make.user("郑组长", "leader", region="99")


def unpaid() -> None:
    make.line(make.project(), "2026-09", make.worker(1))


def test_a_number_on_trial_shows_what_would_be_red_and_changes_no_warning(leader):
    unpaid()
    asked = backtesting.ask(user=leader, now=NOW, rules=["W03"], changes=[SOONER], **PERIOD)
    done = backtesting.run(asked.pk, now=NOW)
    assert done.state == Backtest.State.DONE
    before, after = done.report["scores_before"], done.report["scores"]
    assert [row["fired"] for row in before] == [1, 0]
    assert [row["fired"] for row in after] == [1, 1]
    assert done.report["changed"] == {"higher": 1, "lower": 0, "earlier": 0, "later": 0}
    assert done.report["workload"] == [{"organisation": "", "warnings": 1, "red": 1}]
    assert not Warning.objects.exists()


def test_a_milder_number_lets_warnings_vanish(leader):
    unpaid()
    never = SOONER | {"value": [{"level": "red", "words": "逾期", "when": {"days": {"min": 900}}}]}
    asked = backtesting.ask(user=leader, now=NOW, rules=["W03"], changes=[never], **PERIOD)
    report = backtesting.run(asked.pk, now=NOW).report
    assert (report["appeared"]["count"], report["vanished"]["count"]) == (0, 1)
    assert report["vanished"]["examples"][0]["rule"] == "W03"


def test_progress_is_told_day_by_day(leader):
    unpaid()
    asked = backtesting.ask(user=leader, now=NOW, rules=["W03"], **PERIOD)
    backtesting.run(asked.pk, now=NOW)
    asked.refresh_from_db()
    assert asked.days_done == asked.days == 8


def test_asking_stands_in_the_journal_with_the_numbers(leader):
    backtesting.ask(user=leader, now=NOW, rules=["W03"], changes=[SOONER], **PERIOD)
    entry = JournalEntry.objects.get(action="monitoring.backtest_asked")
    assert entry.after["changes"][0]["key"] == "warning.w03"


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"first": dt.date(2026, 11, 2), "last": dt.date(2026, 11, 1)}, "早于"),
        ({"first": dt.date(2026, 11, 2), "last": dt.date(2026, 12, 21)}, "还没有到"),
        ({"first": dt.date(2025, 1, 1), "last": dt.date(2026, 12, 1)}, "一次最多"),
        (PERIOD | {"rules": ["X9"]}, "没有规则"),
        (PERIOD | {"changes": [SOONER | {"key": "warning.none"}]}, "试用的数值不对"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_kept(leader, asked, sentence):
    with pytest.raises(Refused, match=sentence):
        backtesting.ask(user=leader, now=NOW, **asked)
    assert not Backtest.objects.exists()
