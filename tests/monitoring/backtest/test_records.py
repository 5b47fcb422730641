"""A bureau's own past: what the rules would have said, and what turned out."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.monitoring.backtest import records, running, scoring
from anxin.monitoring.rules import RULES
from tests.monitoring import factories as make

pytestmark = pytest.mark.django_db

NOW = make.at("2026-12-20")
LAST = dt.date(2026, 12, 19)


def test_a_line_paid_after_its_day_was_late_and_one_paid_on_it_was_not():
    site = make.project()
    late = make.line(site, "2026-09", make.worker(1), net_fen=500_000)
    punctual = make.line(site, "2026-09", make.worker(2), net_fen=700_000)
    make.pay(late, paid_on="2026-11-02")
    make.pay(punctual, paid_on="2026-10-15")
    (spell,) = records.hindsight(records.RecordedFacts(), LAST, NOW).arrears
    assert (spell.subject_id, spell.month, spell.people, spell.amount_fen) == (site.pk, "2026-09", 1, 500_000)
    assert (spell.due, spell.settled) == (dt.date(2026, 10, 15), dt.date(2026, 11, 2))


def test_what_is_still_owed_has_no_day_of_settlement():
    site = make.project()
    make.line(site, "2026-09", make.worker(1))
    late = make.line(site, "2026-09", make.worker(2))
    make.pay(late, paid_on="2026-11-02")
    (spell,) = records.hindsight(records.RecordedFacts(), LAST, NOW).arrears
    assert (spell.people, spell.settled) == (2, None)


def test_a_past_period_is_seen_as_it_was_known_then():
    site = make.project()
    promised = make.line(site, "2026-09", make.worker(1))
    make.pay(promised, paid_on="2026-10-15", recorded_at=make.at("2026-11-25"))
    source = records.RecordedFacts()
    days = running.days_between(dt.date(2026, 11, 2), LAST)
    rules = {"W03": RULES["W03"]}
    episodes = running.run(source, records.law_known_at, rules, days)
    (episode,) = episodes
    # the bank's answer arrived late: until then nobody could know that the money had come
    assert (episode.first, episode.last) == (dt.date(2026, 11, 2), dt.date(2026, 11, 23))
    truth = records.hindsight(source, LAST, NOW)
    score, red = scoring.score_all(episodes, rules, truth, first=days[0], last=days[-1])
    assert (score.fired, score.true, score.precision) == (1, 0, 0.0)
    assert (red.code, red.fired) == ("RED-WAGES", 0)


def test_what_comes_in_once_a_month_is_looked_at_once_a_month():
    days = running.days_between(dt.date(2026, 3, 1), dt.date(2026, 5, 4))
    assert days[-2:] == [dt.date(2026, 5, 3), dt.date(2026, 5, 4)]
    monthly = running.monthly_days(days)
    assert monthly == [dt.date(2026, 3, 29), dt.date(2026, 4, 26), dt.date(2026, 5, 4)]
