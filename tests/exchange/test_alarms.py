"""A queue that stands still is told within a quarter of an hour."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.cli.main import main
from anxin.exchange.models import Platform, UploadRecord
from anxin.exchange.uploads import services
from anxin.exchange.uploads.alarms import raise_alarms, stalled
from anxin.exchange.uploads.draining import drain
from anxin.exchange.uploads.filling import fill_all
from anxin.notices.models import Notice
from tests.exchange.test_uploads import admin, clerk, joined, run
from tests.exchange.world import full
from tests.support.province import province

__all__ = ["admin", "clerk", "joined"]
pytestmark = pytest.mark.django_db


def minutes(now: dt.datetime, count: float) -> dt.datetime:
    return now + dt.timedelta(minutes=count)


def test_a_platform_that_does_not_answer_is_told_within_15_minutes_and_once(joined, admin, clerk, now):
    full(now)
    with province(down=True) as there:
        platform = joined(there.url)
        fill_all(platform, now=now)
        told_at = None
        for minute in range(1, 40):
            drain(minutes(now, minute))
            if raise_alarms(minutes(now, minute)) and told_at is None:
                told_at = minute
    assert told_at is not None
    assert told_at <= 15
    told = Notice.objects.all()
    assert {notice.to for notice in told} == {admin, clerk}
    assert told.count() == 2
    assert "没有进展" in told[0].title
    assert "22" not in told[0].title  # what waits for others does not count
    assert told[0].link == "/system/uploads"


def test_a_queue_that_moves_or_is_empty_or_off_raises_no_alarm(joined, admin, now):
    full(now)
    with province() as there:
        platform = joined(there.url)
        assert stalled(platform, minutes(now, 60)) is None
        fill_all(platform, now=now)
        assert stalled(Platform.objects.get(), minutes(now, 5)) is None
        run(now)
        assert stalled(Platform.objects.get(), minutes(now, 60)) is None
        UploadRecord.objects.update(state="queued", next_try=now)
        services.switch_platform(platform, on=False, user=admin, now=now)
        assert raise_alarms(minutes(now, 60)) == 0


def test_what_only_waits_for_a_record_that_came_back_raises_no_alarm(joined, now):
    full(now)
    judge = lambda kind, body: ("projectName", "名称不符") if kind == "project" else None  # noqa: E731
    with province(judge=judge) as there:
        fill_all(joined(there.url), now=now)
        run(now, rounds=3)
    assert UploadRecord.objects.filter(state="queued").exists()
    assert raise_alarms(minutes(now, 60)) == 0


def test_a_second_stand_still_is_another_occasion(joined, admin, now):
    full(now)
    with province() as there:
        platform = joined(there.url)
        fill_all(platform, now=now)
        assert raise_alarms(minutes(now, 12)) == 1
        drain(minutes(now, 13))
        UploadRecord.objects.update(state="queued", next_try=now)
        assert raise_alarms(minutes(now, 14)) == 0
        assert raise_alarms(minutes(now, 30)) == 1


def test_the_schedulers_look_raises_the_alarm_also_where_no_worker_runs(joined, admin, monkeypatch, now):
    from django.utils import timezone

    full(now)
    with province() as there:
        fill_all(joined(there.url), now=now)
    monkeypatch.setattr(timezone, "now", lambda: minutes(now, 11))
    # The test's transaction lives in this connection.
    monkeypatch.setattr("django.db.close_old_connections", lambda: None)
    assert main(["scheduler", "--once"]) == 0
    assert Notice.objects.filter(kind="upload_stalled", to=admin).count() == 1
