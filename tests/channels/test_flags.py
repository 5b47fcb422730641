"""What is odd about a code is told once, to who answers for the site, and cleared by a person with a reason."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from anxin.accounts.models import User
from anxin.channels import codes, scans
from anxin.channels.flags import clear_flag, cleared_of, watch_flags
from anxin.channels.models import CodeFlag, ScanCode, ScanDay
from anxin.channels.queries_codes import flagged, row_of
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.notices.models import Notice
from tests.monitoring import factories as make

DAY = dt.timedelta(days=1)
WHY = "已到现场看过，告示牌在大门内侧"


@pytest.fixture
def lin(db) -> User:
    return make.user("lin", role="inspector", region="990101")


@pytest.fixture
def elsewhere(db) -> User:
    return make.user("he", role="inspector", region="990102")


@pytest.fixture
def leader(db) -> User:
    return make.user("zhou", role="leader", region="990101")


def flags_of(code: ScanCode, now: dt.datetime) -> list[str]:
    return row_of(flagged(ScanCode.objects.filter(pk=code.pk), now).get()).keys


def told(user: User) -> list[str]:
    return list(
        Notice.objects.filter(kind="code_flag", to=user).order_by("pk").values_list("title", flat=True)
    )


def odd(code: ScanCode, day: dt.date, **counted: int) -> None:
    ScanDay.objects.create(code=code, day=day, **counted)
    ScanCode.objects.filter(pk=code.pk).update(last_scanned_at=dt.datetime.combine(day, dt.time(4), dt.UTC))


def test_who_answers_for_the_site_is_told_once_in_one_message(
    board, sites, lin, elsewhere, leader, actor, now
):
    helmets = codes.issue_helmets([sites.here], count=14, actor=actor, now=now)
    for helmet in helmets:
        odd(helmet, now.date(), scans=600)
    odd(board, now.date(), scans=3, far=1)
    assert watch_flags(now=now) == 15
    (title,) = told(lin)
    assert "1张离工地很远" in title and "14张扫得异常多" in title
    body = Notice.objects.get(to=lin).body
    assert "东台安置房工程 · 告示牌：离工地很远" in body and "另有5张" in body
    assert told(elsewhere) == told(leader) == []  # another district; one who neither prints nor replaces
    assert watch_flags(now=now) == 0 and watch_flags(now=now + DAY) == 0
    assert len(told(lin)) == 1


def test_what_is_over_ends_by_itself_and_what_comes_again_is_told_again(board, lin, now):
    late = now + 8 * DAY
    assert watch_flags(now=now + 6 * DAY) == 0 and watch_flags(now=late) == 1
    scans.record_scan(board, visitor="a", now=late)
    assert watch_flags(now=late + DAY) == 0
    row = CodeFlag.objects.get()
    assert row.cleared_at == late + DAY and row.cleared_by is None and not cleared_of(board).exists()
    odd_day = late + 2 * DAY
    odd(board, odd_day.date(), scans=600)
    assert watch_flags(now=odd_day) == 1 and len(told(lin)) == 2


def test_a_person_clears_it_with_a_reason_and_only_something_new_raises_it_again(board, lin, now):
    odd(board, now.date(), far=1, scans=1)
    watch_flags(now=now)
    clear_flag(board, "far", why=WHY, by=lin, now=now)
    assert flags_of(board, now) == [] and watch_flags(now=now) == 0
    (row,) = cleared_of(board)
    assert (row.cleared_by, row.cleared_why) == (lin, WHY)
    entry = JournalEntry.objects.get(action="scan_code.flag_cleared")
    assert WHY in entry.summary and "离工地很远" in entry.summary
    with pytest.raises(Refused, match="已经消除"):
        clear_flag(board, "far", why=WHY, by=lin, now=now)
    odd(board, (now + DAY).date(), far=1, scans=1)
    assert flags_of(board, now + DAY) == ["far"] and watch_flags(now=now + DAY) == 1
    assert len(told(lin)) == 2


def test_one_flag_is_cleared_and_the_other_stays(board, lin, now):
    odd(board, now.date(), far=1, scans=900)
    clear_flag(board, "mass", why=WHY, by=lin, now=now)  # also before the day's run has noted it
    assert flags_of(board, now) == ["far"]


@pytest.mark.parametrize(("later", "asked"), [(29, False), (30, True)])
def test_a_board_that_somebody_has_seen_hanging_is_asked_for_again_after_thirty_days(
    board, lin, now, later, asked
):
    seen = now + 8 * DAY
    clear_flag(board, "missing", why=WHY, by=lin, now=seen)
    assert ("missing" in flags_of(board, seen + later * DAY)) is asked


def test_a_board_printed_anew_after_it_was_seen_is_given_its_seven_days_again(board, lin, actor, now):
    seen = now + 8 * DAY
    clear_flag(board, "missing", why=WHY, by=lin, now=seen)
    codes.mark_printed([board], actor=actor, now=seen + DAY)
    assert flags_of(board, seen + 7 * DAY) == []
    assert flags_of(board, seen + 8 * DAY) == ["missing"]


def test_an_old_code_is_told_again_only_when_it_is_scanned_again(board, lin, actor, now):
    codes.rotate([board], reason="丢失", actor=actor, now=now)
    scans.record_scan(board, visitor="a", now=now + DAY)
    clear_flag(board, "old", why="旧的一张已经取下", by=lin, now=now + 2 * DAY)
    assert flags_of(board, now + 3 * DAY) == []
    scans.record_scan(board, visitor="a", now=now + 4 * DAY)
    assert flags_of(board, now + 4 * DAY) == ["old"]


def test_who_may_not_print_there_clears_nothing(board, elsewhere, leader, now):
    odd(board, now.date(), far=1)
    for other in (elsewhere, leader):
        with pytest.raises(Refused, match="没有办理"):
            clear_flag(board, "far", why=WHY, by=other, now=now)
    assert flags_of(board, now) == ["far"] and not JournalEntry.objects.filter(
        action="scan_code.flag_cleared"
    )


@pytest.mark.parametrize(("why", "says"), [("", "核实的情况"), ("看过", "核实的情况"), ("看" * 201, "200")])
def test_without_a_reason_nothing_is_cleared(board, lin, now, why, says):
    odd(board, now.date(), far=1)
    with pytest.raises(Refused, match=says):
        clear_flag(board, "far", why=why, by=lin, now=now)
    assert flags_of(board, now) == ["far"]


@pytest.mark.parametrize("kind", ["mass", "", "cheap"])
def test_a_flag_that_is_not_raised_cannot_be_cleared(board, lin, now, kind):
    with pytest.raises(Refused, match="已经消除"):
        clear_flag(board, kind, why=WHY, by=lin, now=now)
    assert not CodeFlag.objects.exists()


def test_the_database_too_wants_a_reason_and_one_open_row(board, lin, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        CodeFlag.objects.create(code=board, kind="far", raised_at=now, cleared_at=now, cleared_by=lin)
    CodeFlag.objects.create(code=board, kind="far", raised_at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        CodeFlag.objects.create(code=board, kind="far", raised_at=now)


def test_the_look_costs_the_same_however_many_codes(sites, lin, actor, now, django_assert_max_num_queries):
    for helmet in codes.issue_helmets([sites.here], count=100, actor=actor, now=now):
        ScanDay.objects.create(code=helmet, day=now.date(), scans=600)
    with django_assert_max_num_queries(16):
        assert watch_flags(now=now) == 100
