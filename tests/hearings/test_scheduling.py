"""Rooms and people are never in two hearings at once, and the notice comes in time."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from anxin.arbitration import places, scheduling
from anxin.arbitration.letter_facts import of_hearings
from anxin.arbitration.models import Booking
from anxin.arbitration.scheduling import Wanted
from anxin.kernel.refusal import Refused
from anxin.typesetting.filling import fill
from anxin.typesetting.templates import template
from tests.hearings.conftest import TODAY, a_case, a_hearing, at, formed
from tests.support.letters import cite


def test_the_last_day_of_the_notice_is_the_fifth_working_day_before_and_one_day_later_is_refused(court):
    case = formed(court, a_case(court))
    # five working days before Monday 13 April over the holiday of the 6th: Friday 3 April
    notice = scheduling.notice_for(case, dt.date(2026, 4, 13), court.law)
    assert notice.by == dt.date(2026, 4, 3)
    assert "第三十五条" in notice.words
    assert "5个工作日" in notice.words
    wanted = Wanted(at(dt.date(2026, 4, 13)), 60, "room", room=court.rooms[0])
    with pytest.raises(Refused, match="今天是2026-04-04，已经来不及"):
        scheduling.set_hearing(case, wanted, by=court.officer, now=at(dt.date(2026, 4, 4)), law=court.law)
    made = scheduling.set_hearing(case, wanted, by=court.xu_user, now=at(dt.date(2026, 4, 3)), law=court.law)
    assert (made.notice_by, made.notice_words) == (notice.by, notice.words)


def test_a_simple_case_may_be_heard_sooner_only_with_the_words_of_both(court):
    case = formed(court, a_case(court, "arbitration_simple"), of=("xu",))
    soon = {
        "begins_at": at(TODAY + dt.timedelta(days=1)),
        "minutes": 60,
        "way": "room",
        "room": court.rooms[0],
    }
    with pytest.raises(Refused, match="双方怎样同意"):
        scheduling.set_hearing(case, Wanted(**soon), by=court.officer, now=at(TODAY), law=court.law)
    agreed = Wanted(**soon, shorter_why="双方电话同意明天开庭")
    assert scheduling.set_hearing(case, agreed, by=court.officer, now=at(TODAY), law=court.law).shorter_why


def test_room_and_people_are_taken_once_and_free_again_after_a_postponement(court):
    first = formed(court, a_case(court), of=("xu",))
    hearing = a_hearing(court, first)
    second = a_case(court)
    from anxin.arbitration.tribunals import Named, form

    form(second, Named([court.spare], court.relief, "仲裁院院长提出"), by=court.officer, now=at(TODAY))
    with pytest.raises(Refused, match="第一仲裁庭在2026-04-20 09:00至10:30已有另一场"):
        a_hearing(court, second, hour=10)
    a_hearing(court, second, hour=11)  # right after is not at once
    third = formed(court, a_case(court), of=("zheng",))  # the same secretary
    with pytest.raises(Refused, match="唐某在"):
        a_hearing(court, third, room=court.rooms[1])
    with pytest.raises(Refused, match="请写明延期"):
        scheduling.call_off(
            hearing,
            state="postponed",
            why="",
            asked_by="申请人",
            by=court.officer,
            now=at(TODAY),
            law=court.law,
        )
    with pytest.raises(Refused, match="没有权限"):
        scheduling.call_off(
            hearing,
            state="postponed",
            why="申请人住院治疗",
            asked_by="申请人",
            by=court.outsider,
            now=at(TODAY),
            law=court.law,
        )
    off = scheduling.call_off(
        hearing,
        state="postponed",
        why="申请人住院治疗",
        asked_by="申请人",
        by=court.xu_user,
        now=at(TODAY),
        law=court.law,
    )
    assert (off.state, off.changed_for, off.changed_by_name) == ("postponed", "申请人", "某xu_user")
    a_hearing(court, third)
    with pytest.raises(Refused, match="已经登记为延期"):
        scheduling.call_off(
            hearing,
            state="cancelled",
            why="申请人住院治疗",
            asked_by="申请人",
            by=court.officer,
            now=at(TODAY),
            law=court.law,
        )


def test_the_database_itself_refuses_the_second_booking(court):
    hearing = a_hearing(court, formed(court, a_case(court)))
    taken = hearing.bookings.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.create(hearing=hearing, what=taken.what, starts_at=taken.starts_at)


def test_a_hearing_needs_a_tribunal_a_time_ahead_and_a_place_of_the_commission(court):
    case = a_case(court)
    with pytest.raises(Refused, match="还没有组成仲裁庭"):
        a_hearing(court, case)
    formed(court, case)
    for why, change in (
        ("已经过去", {"day": TODAY - dt.timedelta(days=1)}),
        ("预计时长", {"minutes": 5}),
        ("请选择某区仲裁院正在使用的仲裁庭", {"room": None}),
        ("会议号或者链接", {"way": "online"}),
        ("核对到庭人员的身份", {"way": "online", "meeting": "123-456"}),
        ("没有取消的巡回庭日", {"way": "circuit"}),
    ):
        with pytest.raises(Refused, match=why):
            a_hearing(court, case, **change)
    made = a_hearing(
        court, case, way="online", room=None, meeting="123-456", identity_check="开庭前出示身份证，与照片比对"
    )
    assert made.place == "网上开庭"
    with pytest.raises(Refused, match="已有还没有开的庭"):
        a_hearing(court, case, day=dt.date(2026, 4, 21))


def test_a_circuit_day_is_of_its_place_and_its_date_and_is_cancelled_only_when_empty(court):
    on = dt.date(2026, 4, 22)
    said = {
        "body": court.body,
        "region": court.region,
        "place": "东台工地会议室",
        "hours": "9:00–12:00",
        "phone": "",
        "now": at(TODAY),
    }
    with pytest.raises(Refused, match="不由您维护"):
        places.add_circuit_day(**said, on=on, by=court.outsider)
    with pytest.raises(Refused, match="已经过去"):
        places.add_circuit_day(**said, on=TODAY - dt.timedelta(days=1), by=court.officer)
    day = places.add_circuit_day(**said, on=on, by=court.officer)
    case = formed(court, a_case(court))
    with pytest.raises(Refused, match="与开庭日期不同"):
        a_hearing(court, case, way="circuit", room=None, circuit=day)
    made = a_hearing(court, case, day=on, way="circuit", room=None, circuit=day)
    assert made.place == "巡回庭（东台工地会议室）"
    with pytest.raises(Refused, match="请先改期"):
        places.cancel_circuit_day(day, why="工地停工放假", by=court.officer, now=at(TODAY))
    scheduling.call_off(
        made,
        state="cancelled",
        why="双方达成和解",
        asked_by="双方",
        by=court.officer,
        now=at(TODAY),
        law=court.law,
    )
    places.cancel_circuit_day(day, why="工地停工放假", by=court.officer, now=at(TODAY))
    day.refresh_from_db()
    assert day.cancelled_why == "工地停工放假"


def test_rooms_are_named_once_and_not_closed_under_a_hearing(court):
    said = {"body": court.body, "region": court.region, "address": "演示路8号", "now": at(TODAY)}
    with pytest.raises(Refused, match="已经有叫"):
        places.add_room(**said, name="第一仲裁庭", by=court.officer)
    with pytest.raises(Refused, match="不由您维护"):
        places.add_room(**said, name="第三仲裁庭", by=court.xu_user)
    a_hearing(court, formed(court, a_case(court)))
    with pytest.raises(Refused, match="请先改期"):
        places.close_room(court.rooms[0], by=court.officer, now=at(TODAY))
    places.close_room(court.rooms[1], by=court.officer, now=at(TODAY))


def test_letters_begin_with_who_sits_and_when_it_is_heard(court):
    case = formed(court, a_case(court))
    a_hearing(court, case)
    known = of_hearings(case.matter)
    base = {"issuer": "某仲裁委", "issued_on": TODAY, "case_number": str(case), "contact": "某人", "contact_phone": "0999-5550100",
            "contact_address": "演示路8号"}  # fmt: skip
    for key, words in (
        ("arbitration_hearing_notice", "2026年4月20日上午9时在演示路8号第一仲裁庭"),
        ("tribunal_notice", "许某（首席仲裁员）、郑某、王某"),
    ):
        wanted = {name: value for name, value in (known | base).items() if name in template(key).fields}
        assert words in str(fill(template(key), wanted, cite=cite).blocks)
