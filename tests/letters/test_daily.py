"""The day's look: whose day of service has come is told once to whoever works on the matter, until the day is given."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.casework import tasks
from anxin.casework.models import Matter
from anxin.letters import daily, manners, queries, serving
from anxin.letters.models import Letter, Service
from anxin.notices.models import Notice
from tests.letters.conftest import fresh_matter, sealed
from tests.letters.test_serving import EVENT, serve, to_service
from tests.support.letters import needs_faces

DAY = dt.timedelta(days=1)


@pytest.fixture
def letter(office) -> Letter:
    needs_faces()
    return sealed(office, kind="defence_notice")


@pytest.fixture
def announced(office, letter) -> Service:
    """Served by public notice: its day comes weeks later and is the day from which the answer is due."""
    to_service(office)
    target = manners.targets(letter, office.law)[0]
    return serve(office, letter, manner="public_notice", place="某日报", target=target.key)


def moment(office, day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(6), office.now.tzinfo)


def told() -> list[Notice]:
    return list(Notice.objects.filter(kind="service_day"))


def test_the_day_before_nothing_on_the_day_once_and_never_again(office, letter, announced):
    day = announced.served_on
    assert daily.remind_of_days(day - DAY, moment(office, day - DAY)) == 0
    tasks.run_day(day, now=moment(office, day))
    (notice,) = told()
    assert notice.to == office.inspector
    assert letter.number in notice.title and EVENT in notice.body
    assert notice.link == f"/letters/{letter.pk}#services"
    tasks.run_day(day, now=moment(office, day))
    tasks.run_day(day + DAY, now=moment(office, day + DAY))
    assert told() == [notice]


def test_a_day_on_which_the_machine_stood_still_is_made_up_for(office, letter, announced):
    late = announced.served_on + 5 * DAY
    assert daily.remind_of_days(late, moment(office, late)) == 1


def test_without_a_handler_everybody_who_may_handle_it_is_told_and_nobody_else(office, announced):
    Matter.objects.filter(pk=office.matter.pk).update(handler=None)
    daily.remind_of_days(announced.served_on, moment(office, announced.served_on))
    people = {one.to for one in told()}
    assert {office.inspector, office.colleague} <= people
    assert not people & {office.outsider, office.auditor, office.keeper}


def test_nothing_waits_once_the_day_is_given(office, announced):
    later = moment(office, announced.served_on)
    serving.give_day(announced, by=office.inspector, now=later, law=office.law)
    assert daily.remind_of_days(announced.served_on, later) == 0


def test_nothing_waits_where_no_day_was_chosen_or_the_matter_is_closed(office, letter, announced):
    day = announced.served_on
    serve(office, letter, receiver="另一家公司", manner="public_notice", place="某日报")
    assert list(queries.days_to_give(day)) == [announced]
    Matter.objects.filter(pk=fresh_matter(office).pk).update(closed_on=day)
    assert not queries.days_to_give(day).exists()


def test_the_queue_holds_it_for_whoever_serves_there(office, letter, announced):
    day = announced.served_on
    assert queries.waiting(office.inspector, day)["days"] == 1
    assert queries.waiting(office.inspector, day - DAY)["days"] == 0
    assert queries.waiting(office.outsider, day)["days"] == 0
    assert "days" not in queries.waiting(office.auditor, day)
    assert list(queries.queue(office.inspector, "days", day)) == [letter]
