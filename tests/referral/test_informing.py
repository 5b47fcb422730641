"""Telling the worker what came of it: who may and may not, by which way, reached or in vain, late, and what follows from it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from anxin.channels.reaching import workers_phone
from anxin.clues.models import Clue
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.referral import informing, services, texting
from anxin.referral.access import merged_to_be_told, waiting_to_be_told
from anxin.referral.informing import late_of, tell_by
from anxin.referral.models import Conclusion, WorkerTold
from tests.referral.clues import a_clue, paper
from tests.referral.conftest import NOW
from tests.referral.test_concluding import UNTRUE, conclude, matter_of, paid, review

LATER = NOW + dt.timedelta(hours=5)
PHONE = "13900001234"


@pytest.fixture
def concluded(city):
    """A clue of the hotline whose money is proved: its conclusion stands and nobody has told the worker."""
    clue = a_clue(city)
    services.refer(clue, by=city.desk, now=NOW, law=city.law)
    services.accept(clue, by=city.housing, now=NOW, law=city.law)
    paid(city, clue)
    conclude(city, clue)
    return clue


def call(city, clue, *, reached: bool = True, now=LATER, **more) -> WorkerTold:
    return services.tell(
        clue, "phone", by=more.pop("by", city.housing), now=now, number=PHONE, reached=reached, **more
    )


def test_saving_a_conclusion_tells_nobody_and_a_call_that_reached_the_worker_does(city, concluded):
    found = Conclusion.objects.get()
    assert (found.told_at, found.get_standing_display()) == (None, "待告知")
    made = call(city, concluded)
    found.refresh_from_db()
    assert (found.told_at, found.get_standing_display()) == (LATER, "待劳动者确认")
    assert (made.way, made.by_name, made.number.open()) == ("phone", "某housing", PHONE)
    entry = JournalEntry.objects.get(action="referral.told")
    assert PHONE not in entry.summary + str(entry.after), "the number stays sealed"


def test_calls_in_vain_start_no_clock_and_are_counted(city, concluded):
    for hours in range(3):
        call(city, concluded, reached=False, now=LATER + dt.timedelta(hours=hours))
    found = Conclusion.objects.get()
    assert found.told_at is None and found.tellings.count() == 3 and found.to_be_told
    assert informing.most_tries(city.law, NOW.date(), "990101") == 3
    with pytest.raises(Refused, match="还没有告知劳动者"):
        services.ask_to_close(concluded, by=city.housing, now=NOW + dt.timedelta(days=60), law=city.law)
    services.tell(concluded, "letter", by=city.desk, now=LATER, words="挂号信寄本人住址，11月25日签收")
    assert Conclusion.objects.get().told_at == LATER


def test_the_same_form_sent_twice_is_one_try_and_what_was_told_is_not_told_again(city, concluded):
    assert call(city, concluded, reached=False).pk == call(city, concluded, reached=False).pk
    call(city, concluded, now=LATER + dt.timedelta(minutes=5))
    with pytest.raises(Refused, match="已经告知过"):
        call(city, concluded, now=LATER + dt.timedelta(hours=2))
    assert WorkerTold.objects.count() == 2


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ({"way": "pigeon"}, "请选择怎样告知的"),
        ({"way": "receipt"}, "请选择怎样告知的"),
        ({"way": "phone", "number": "没有"}, "拨打的号码"),
        ({"way": "face"}, "当面告知了谁"),
        ({"way": "face", "words": "在窗口等他", "reached": False}, "一定见到了本人"),
        ({"way": "sender"}, "哪个单位"),
        ({"way": "letter", "words": "寄了"}, "哪天签收"),
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_is_kept(city, concluded, said, asks):
    with pytest.raises(Refused, match=asks):
        services.tell(concluded, by=city.housing, now=LATER, **said)
    assert not WorkerTold.objects.exists() and Conclusion.objects.get().told_at is None


def test_the_desk_and_the_body_that_has_it_tell_and_nobody_else(city, concluded):
    for person in (city.outsider, city.transport, city.clerk):
        with pytest.raises(Refused, match="没有处理这条线索的权限"):
            call(city, concluded, by=person)
    assert not WorkerTold.objects.exists()
    call(city, concluded, by=city.desk)


def test_what_waits_for_a_second_person_is_told_to_nobody(city):
    clue = a_clue(city)
    with pytest.raises(Refused, match="还没有结论"):
        call(city, clue, by=city.desk)
    services.refer(clue, by=city.desk, now=NOW, law=city.law)
    services.accept(clue, by=city.housing, now=NOW, law=city.law)
    paper(matter_of(clue), "clue_check_form", by=city.housing)
    conclude(city, clue, UNTRUE)
    with pytest.raises(Refused, match="等另一人复核"):
        call(city, clue)
    assert services.seen(clue, now=LATER) is None and not waiting_to_be_told(city.desk).exists()
    review(clue, city.head, now=LATER)
    assert waiting_to_be_told(city.desk).get().stands_since == LATER
    call(city, clue)


def test_late_is_what_was_not_told_within_the_days_of_the_place(city, concluded):
    found = Conclusion.objects.select_related("clue").get()
    until = tell_by(found, city.law)
    assert until == dt.date(2026, 11, 25), "three working days after Friday 20 November"
    rows = list(waiting_to_be_told(city.housing))
    assert late_of(rows, city.law, until) == set()
    assert late_of(rows, city.law, until + dt.timedelta(days=1)) == {found.pk}
    assert not waiting_to_be_told(city.outsider).exists() and not waiting_to_be_told(city.transport).exists()


def test_who_says_something_of_it_knows_it(city, concluded):
    services.worker_says(concluded, True, "", LATER, heard_by=city.desk, how="11月20日电话回访本人")
    row = WorkerTold.objects.get()
    assert (row.way, row.by_name, Conclusion.objects.get().told_at) == ("heard", "某desk", LATER)


def test_the_receipts_own_page_tells_once(city, concluded):
    assert services.seen(concluded, now=LATER).by_name == ""
    assert services.seen(concluded, now=LATER + dt.timedelta(days=1)) is None
    assert WorkerTold.objects.get().way == "receipt" and Conclusion.objects.get().told_at == LATER


def test_the_database_keeps_no_call_without_a_number_and_no_meeting_in_vain(city, concluded):
    found = Conclusion.objects.get()
    for said in (
        {"way": "phone", "by_name": "某甲"},
        {"way": "face", "by_name": "某甲", "reached": False},
        {"way": "face"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            WorkerTold.objects.create(clue=concluded, conclusion=found, at=NOW, **said)


def test_without_a_telephone_or_a_gateway_no_text_is_sent_and_nothing_is_told(city, concluded, settings):
    settings.ANXIN_SMS_URL = ""
    assert workers_phone(concluded) == ""
    with pytest.raises(Refused, match="没有登记本人的手机号"):
        texting.text_conclusion(concluded, by=city.housing, now=LATER)
    assert Conclusion.objects.get().told_at is None


@pytest.fixture
def merged(city, concluded):
    """Another caller's clue that was merged into the concluded one."""
    found = a_clue(city, channel="visit")
    Clue.objects.filter(pk=found.pk).update(dispute=concluded)
    return Clue.objects.get(pk=found.pk)


def test_each_caller_of_merged_clues_is_told_and_each_telling_stands_under_their_own_clue(
    city, concluded, merged
):
    assert [one.pk for one in merged_to_be_told(city.housing)] == [merged.pk]
    call(city, concluded)
    assert [one.pk for one in merged_to_be_told(city.desk)] == [merged.pk], (
        "one caller's telling is not another's"
    )
    call(city, merged, reached=False)
    assert merged_to_be_told(city.desk).exists(), "in vain is not told"
    made = call(city, merged, now=LATER + dt.timedelta(hours=1))
    assert (made.clue, made.conclusion) == (merged, Conclusion.objects.get())
    assert not merged_to_be_told(city.desk).exists()
    assert Conclusion.objects.get().told_at == LATER, "the clock of the one on which it is settled"
    entry = JournalEntry.objects.filter(action="referral.told").latest("pk")
    assert entry.object_id == str(merged.pk) and PHONE not in entry.summary
    with pytest.raises(Refused, match=r"这位反映人.*已经告知过"):
        call(city, merged, now=LATER + dt.timedelta(hours=2))


def test_telling_the_caller_of_a_merged_clue_first_starts_no_clock(city, concluded, merged):
    call(city, merged)
    found = Conclusion.objects.get()
    assert found.told_at is None and found.to_be_told
    assert waiting_to_be_told(city.desk).get() == found


def test_the_same_call_to_two_callers_is_two_tellings(city, concluded, merged):
    assert call(city, concluded, reached=False).pk != call(city, merged, reached=False).pk


def test_who_has_neither_place_nor_matter_sees_and_tells_no_merged_caller(city, concluded, merged):
    for person in (city.outsider, city.transport):
        assert not merged_to_be_told(person).exists()
        with pytest.raises(Refused, match="没有处理这条线索的权限"):
            call(city, merged, by=person)
    assert not WorkerTold.objects.exists()


def test_a_merged_caller_is_told_nothing_that_waits_for_a_second_person_or_was_ended(city, concluded, merged):
    Conclusion.objects.update(standing=Conclusion.Standing.REVIEW)
    assert not merged_to_be_told(city.desk).exists()
    with pytest.raises(Refused, match="等另一人复核"):
        call(city, merged)
    Conclusion.objects.update(standing=Conclusion.Standing.TOLD, ended_at=NOW)
    assert not merged_to_be_told(city.desk).exists()
    with pytest.raises(Refused, match="还没有结论"):
        call(city, merged)
