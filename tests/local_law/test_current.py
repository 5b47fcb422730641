"""The law as it stands here: as known at a moment, kept per stamp, one small query."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin import law as law_data
from anxin.local_law import queries, services
from tests.local_law.conftest import SECOND, WAGE

DAY = dt.date(2026, 11, 20)
HOUR = dt.timedelta(hours=1)


def known(moment):
    try:
        return queries.current(known_at=moment).value(WAGE, DAY, "9901").value
    except law_data.NoValue:
        return None


def test_without_records_it_is_the_shipped_law(db, settings):
    assert queries.current() is law_data.load(settings.ANXIN_LAW_DIRS)


def test_what_was_known_at_a_moment_comes_again(in_force, now):
    first = in_force(value=2100, confirmed_at=now + HOUR)
    in_force(value=2150, confirmed_at=now + 2 * HOUR)
    latest = queries.local_values(state="confirmed").get()
    services.withdraw(latest, reason="重新发文", actor=SECOND, now=now + 3 * HOUR)
    assert first.pk != latest.pk
    assert [known(now + half * HOUR / 2) for half in (1, 2, 3, 4, 5, 6, 7)] == [
        None,
        2100,
        2100,
        2150,
        2150,
        None,
        None,
    ]
    assert known(None) is None


def test_the_same_content_has_the_same_digest_and_another_another(in_force, now):
    bare = queries.current().digest()
    in_force(confirmed_at=now + HOUR)
    with_value = queries.current().digest()
    assert with_value != bare
    assert queries.current().digest() == with_value
    assert queries.current(known_at=now).digest() == bare
    assert queries.current(known_at=now + HOUR).digest() == with_value


def test_one_small_query_where_nothing_has_changed(in_force, django_assert_num_queries, now):
    in_force()
    first = queries.current()
    with django_assert_num_queries(1):
        assert queries.current() is first
    with django_assert_num_queries(1):
        assert queries.current(known_at=now + HOUR) is first


def test_a_change_of_another_process_is_seen_at_once(in_force, now):
    record = in_force()
    assert known(None) == 2100
    services.withdraw(record, reason="废止", actor=SECOND, now=now)
    assert known(None) is None


def test_a_change_that_was_rolled_back_is_not_remembered(propose, now):
    from django.db import transaction

    record = propose()
    with pytest.raises(RuntimeError), transaction.atomic():
        services.confirm(record, actor=SECOND, now=now)
        assert known(None) == 2100
        raise RuntimeError
    assert known(None) is None


def test_searching_finds_by_name_and_by_key(db):
    assert WAGE in queries.matching_keys("最低工资")
    assert WAGE in queries.matching_keys("min_wage monthly")
    assert queries.matching_keys("没有这样的参数") == []
