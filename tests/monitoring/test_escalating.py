"""The ladder: who is told when nobody acts, once each, and what never climbs."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.evidence.models import JournalEntry
from anxin.local_law import queries as local_law
from anxin.monitoring import services
from anxin.monitoring.escalating import escalate
from anxin.monitoring.models import Escalation, Warning
from anxin.monitoring.snapshot import take
from anxin.notices.models import Notice
from tests.monitoring import factories as make
from tests.monitoring.warnings import a_warning

pytestmark = pytest.mark.django_db
#: a Monday; 20 November 2026 is the Friday after
OPENED = dt.date(2026, 11, 16)


def climb(day: str) -> int:
    return escalate(on=dt.date.fromisoformat(day), now=make.at(day, 23), law=local_law.current())


def told() -> list[str]:
    return list(Notice.objects.order_by("pk").values_list("to__username", flat=True))


@pytest.fixture
def people():
    return make.user("lin"), make.user("boss", "leader", region="")


def red(**fields) -> Warning:
    return a_warning(level=4, opened_on=OPENED, **fields)


def test_first_the_handler_then_the_leaders_each_step_in_history_and_journal(people):
    lin, _ = people
    warning = red(assigned_to=lin, state="assigned")
    assert climb("2026-11-16") == 0
    assert climb("2026-11-17") == 1 and told() == ["lin"]
    assert climb("2026-11-18") == 1 and told() == ["lin", "boss"]
    assert climb("2026-11-19") == 1
    assert climb("2026-11-20") == 0
    assert [event.kind for event in warning.events.all()] == ["escalated"] * 3
    assert JournalEntry.objects.filter(action="warning.escalated").count() == 3


def test_running_twice_takes_a_rung_once_and_a_missed_night_only_the_highest(people):
    red()
    assert climb("2026-11-20") == 1
    assert climb("2026-11-20") == 0
    assert Escalation.objects.get().rung == 3 and told() == ["boss"]


def test_working_on_it_starts_the_ladder_anew(people):
    lin, _ = people
    warning = red(assigned_to=lin, state="assigned")
    climb("2026-11-17")
    services.note(warning.pk, user=lin, now=make.at("2026-11-18"), text="已到工地")
    assert climb("2026-11-18") == 0
    assert climb("2026-11-19") == 1 and told() == ["lin", "lin"]


@pytest.mark.parametrize(
    "fields",
    [
        {"advice": True},
        {"muted_until": dt.date(2026, 11, 30)},
        {"state": "cleared"},
        {"state": "clearing"},
    ],
)
def test_what_waits_for_nobody_never_climbs(people, fields):
    red(**fields)
    assert climb("2026-11-20") == 0


def test_leaders_of_other_places_are_not_told(people):
    make.user("far", "leader", region="9902")
    red()
    climb("2026-11-20")
    assert told() == ["boss"]


def test_the_snapshot_says_what_was_given_and_what_was_done(people):
    lin, _ = people
    warning = red()
    red(advice=True)
    services.assign(warning.pk, user=lin, now=make.at("2026-11-17"), to_user=lin)
    services.note(warning.pk, user=lin, now=make.at("2026-11-18"), text="已到工地")
    table = take(as_of=dt.date(2026, 11, 20), known_at=make.at("2026-11-20"))["warning_tasks"]
    (row,) = table.to_pylist()
    assert (row["warning_id"], row["opened_on"]) == (warning.pk, OPENED)
    assert (row["assigned_on"], row["answered_on"]) == (dt.date(2026, 11, 17), dt.date(2026, 11, 18))
    before = take(as_of=dt.date(2026, 11, 20), known_at=make.at("2026-11-17", 12))[
        "warning_tasks"
    ].to_pylist()
    assert before[0]["answered_on"] is None


def test_many_at_once_are_told_in_one_notice(people):
    for _ in range(6):
        red()
    assert climb("2026-11-20") == 6
    assert told() == ["boss"]
    assert "有6条预警" in Notice.objects.get().title
    assert climb("2026-11-20") == 0 and told() == ["boss"]
