"""A year's calendar: imported as a table, looked at, confirmed by a second person, computed with."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin import law as law_data
from anxin.evidence import journal
from anxin.evidence.models import JournalEntry, StoredFile
from anxin.kernel.refusal import Refused
from anxin.law import DayKind
from anxin.local_law import actions, queries, services
from anxin.local_law.calendars import marks_of
from anxin.local_law.models import CalendarYear, State
from anxin.local_law.notice_checks import checks, counts, statutory_days
from tests.local_law import notices
from tests.local_law.conftest import FIRST, SECOND

NUMBER = "国办发明电〔2026〕99号"


@pytest.fixture
def bring(db, home, now):
    def brought(data=None, **changes):
        values = {
            "data": notices.stretches() if data is None else data,
            "filename": "2027.csv",
            "year": 2027,
            "notice": NUMBER,
            "actor": FIRST,
            "now": now,
        }
        (home / "law").mkdir(exist_ok=True)
        return services.import_calendar(**(values | changes))

    return brought


def test_until_a_second_person_agrees_the_year_stays_provisional(bring, now):
    record = bring()
    assert not queries.current().calendar.is_published(dt.date(2027, 5, 4))
    services.confirm(record, actor=SECOND, now=now)
    calendar = queries.current().calendar
    assert calendar.kind(dt.date(2027, 5, 4)) is DayKind.HOLIDAY
    assert calendar.kind(dt.date(2027, 5, 8)) is DayKind.MAKE_UP
    assert calendar.festival(dt.date(2027, 2, 20)) == "春节"
    assert calendar.notice(2027) == NUMBER
    assert calendar.published_through == dt.date(2027, 12, 31)


def test_a_due_day_is_no_longer_provisional(bring, now):
    before = queries.current().calendar.add_working_days(dt.date(2027, 2, 4), 1)
    assert (before.day, before.provisional) == (dt.date(2027, 2, 5), True)
    services.confirm(bring(), actor=SECOND, now=now)
    after = queries.current().calendar.add_working_days(dt.date(2027, 2, 4), 1)
    assert (after.day, after.provisional) == (dt.date(2027, 2, 15), False)


def test_confirming_is_told_to_whoever_computes_due_dates(bring, now):
    heard = []

    def hear(entry):
        heard.append(entry.after)

    journal.react_to(actions.CALENDAR_CONFIRMED, hear)
    try:
        services.confirm(bring(), actor=SECOND, now=now)
    finally:
        journal._reactions[actions.CALENDAR_CONFIRMED].remove(hear)
    assert [(one["year"], one["days_off"], one["make_up_days"]) for one in heard] == [(2027, 28, 5)]
    assert JournalEntry.objects.order_by("-sequence").first().basis == NUMBER


def test_the_same_file_twice_changes_nothing(bring, now):
    first = bring()
    assert bring().pk == first.pk
    services.confirm(first, actor=SECOND, now=now)
    digest = queries.current().digest()
    again = bring(filename="另存.csv")
    assert (again.pk, again.state) == (first.pk, State.CONFIRMED)
    assert (CalendarYear.objects.count(), StoredFile.objects.count(), JournalEntry.objects.count()) == (
        1,
        1,
        2,
    )
    assert queries.current().digest() == digest


def test_another_table_waits_until_the_first_is_decided(bring):
    bring()
    with pytest.raises(Refused, match="已有一份"):
        bring(notices.stretches(notices.STRETCHES_2027[:-1]))


def test_an_amended_notice_replaces_the_year(bring, now):
    first = services.confirm(bring(), actor=SECOND, now=now)
    amended = (*notices.STRETCHES_2027[:-1], ("国庆节", "2027-10-10", "", "上班"))
    services.confirm(bring(notices.stretches(amended), notice="国办发明电〔2027〕1号"), actor=SECOND, now=now)
    first.refresh_from_db()
    assert first.state == State.SUPERSEDED
    calendar = queries.current().calendar
    assert calendar.is_workday(dt.date(2027, 10, 10))
    assert not calendar.is_workday(dt.date(2027, 10, 9))


def test_a_make_up_day_in_the_old_year_reaches_the_old_year(bring, now):
    """As on 2011-12-31: the notice of the new year makes a Saturday of the old one a working day."""
    extra = (("元旦", "2026-12-26", "", "上班"), *notices.STRETCHES_2027)
    services.confirm(bring(notices.stretches(extra)), actor=SECOND, now=now, doubts_settled=True)
    calendar = queries.current().calendar
    assert calendar.kind(dt.date(2026, 12, 26)) is DayKind.MAKE_UP
    shipped = law_data.load().calendar
    assert calendar.kind(dt.date(2026, 10, 1)) is shipped.kind(dt.date(2026, 10, 1))


def test_who_imports_cannot_confirm(bring, now):
    with pytest.raises(Refused, match="另一位"):
        services.confirm(bring(), actor=FIRST, now=now)


@pytest.mark.parametrize(
    ("changes", "field"), [({"notice": "  "}, "notice"), ({"year": 1990}, "year"), ({"data": b""}, "file")]
)
def test_what_is_missing_is_said_beside_its_field(changes, field, bring):
    with pytest.raises(Refused) as refusal:
        bring(**changes)
    assert refusal.value.field == field
    assert not CalendarYear.objects.exists()


def test_an_ordinary_year_passes_every_check(bring):
    record = bring()
    assert record.doubts == []
    found = counts(marks_of(record))
    assert (found.days_off, found.off_on_workdays, found.make_up) == (28, 18, 5)
    assert all(check.passed for check in checks(2026, marks_of(CalendarYear(days=notices.published(2026)))))


@pytest.mark.parametrize(
    ("left_out", "added", "sentence"),
    [
        (("清明节",), (), "04-05（清明节）"),
        (("端午节",), (), "06-09（端午节）"),
        ((), (("国庆节", "2027-10-13", "", "上班"),), "本来就是工作日：2027-10-13"),
        ((), (("中秋节", "2027-09-17", "", "放假"),), "中秋节的放假日中间断开"),
        ((), (("国庆节", "2027-10-16", "", "上班"),), "相差12天"),
    ],
)
def test_what_does_not_agree_is_shown_to_both_persons(left_out, added, sentence, bring):
    rows = [row for row in notices.STRETCHES_2027 if row[0] not in left_out]
    record = bring(notices.stretches((*rows, *added)))
    assert any(sentence in doubt for doubt in record.doubts)


def test_the_days_of_the_moving_feasts_agree_with_a_public_package():
    """holidays 0.x computes the lunar calendar by itself."""
    holidays = pytest.importorskip("holidays")
    for year in range(2025, 2041):
        theirs = set(holidays.China(years=year, observed=False))
        ours = set(statutory_days(year))
        assert ours <= theirs, (year, sorted(ours - theirs))
        assert len(ours) == 13 - (year in (2028, 2031, 2039))  # 中秋 falls within the National Day


def test_what_does_not_agree_must_be_looked_at_before_it_counts(bring, now):
    record = bring(notices.stretches([row for row in notices.STRETCHES_2027 if row[0] != "清明节"]))
    with pytest.raises(Refused, match="对照通知原文") as refusal:
        services.confirm(record, actor=SECOND, now=now)
    assert refusal.value.field == "doubts_settled"
    assert services.confirm(record, actor=SECOND, now=now, doubts_settled=True).state == State.CONFIRMED
