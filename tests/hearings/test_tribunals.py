"""Who may sit, who may not, and who follows."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.arbitration import access, scheduling, tribunals
from anxin.arbitration.models import Arbitrator, Seat
from anxin.arbitration.tribunals import Named, Withdrawal
from anxin.casework.access import works_on
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from tests.hearings.conftest import TODAY, a_case, a_hearing, at, formed


def test_three_sit_the_first_presides_and_only_they_work_the_case(court):
    case = formed(court, a_case(court))
    assert [(one.part, one.arbitrator.code) for one in scheduling.seats(case)] == [
        ("presiding", "ZC-xu"), ("member", "ZC-zheng"), ("member", "ZC-wang"), ("secretary", "ZC-tang"),
    ]  # fmt: skip
    assert access.works(court.xu_user, case)
    assert works_on(court.xu_user, case.matter)  # the officer's steps of the matter, by register_working
    assert access.visible_case(court.xu_user, case.pk) is not None
    other = formed(court, a_case(court), of=("spare",))
    assert not access.works(court.xu_user, other)
    assert not works_on(court.xu_user, other.matter)
    assert access.visible_case(court.xu_user, other.pk) is None
    assert not access.works(court.outsider, case)
    assert tribunals.loads([court.xu.pk, court.spare.pk, court.relief.pk]) == {
        court.xu.pk: 1,
        court.spare.pk: 1,
    }


@pytest.mark.parametrize(
    ("procedure", "number", "why"),
    [
        ("arbitration_collective", 1, "集体"),
        ("arbitration_simple", 3, "独任"),
        ("arbitration", 2, "现在选了2名"),
    ],
)
def test_a_number_that_the_law_does_not_know_is_refused(court, procedure, number, why):
    case = a_case(court, procedure)
    named = Named([court.xu, court.zheng, court.wang][:number], court.tang, "仲裁院院长提出")
    with pytest.raises(Refused, match=why):
        tribunals.form(case, named, by=court.officer, now=at(TODAY))


def test_who_is_of_the_firm_a_party_or_of_another_duty_is_refused(court):
    case = a_case(court)

    def refused(why: str, by=court.officer, **change) -> None:
        Arbitrator.objects.filter(pk=court.wang.pk).update(**change)
        named = Named(
            [court.xu, court.zheng, Arbitrator.objects.get(pk=court.wang.pk)], court.tang, "仲裁院院长提出"
        )
        with pytest.raises(Refused, match=why):
            tribunals.form(case, named, by=by, now=at(TODAY))

    refused("在被申请人单位工作", works_for="91990101MA0000009P")
    refused("同名", works_for="", name="赵某甲")
    refused("同名", name="周大成")
    refused("不能担任仲裁员", name="王某", kind="secretary")
    refused("已经离任", kind="arbitrator", left_on=TODAY)
    refused("没有权限", by=court.xu_user, left_on=None)
    tribunals.form(
        case,
        Named([court.xu, court.zheng, court.wang], court.tang, "仲裁院院长提出"),
        by=court.officer,
        now=at(TODAY),
    )
    refused("已经组成仲裁庭")


def test_nothing_is_formed_or_set_before_the_case_is_accepted(court):
    case = a_case(court)
    case.matter.state = "applied"
    case.matter.save(update_fields=["state"])
    with pytest.raises(Refused, match="还没有受理"):
        formed(court, case)


def test_a_challenge_keeps_the_old_seat_and_moves_the_hearings_to_who_follows(court):
    case = formed(court, a_case(court))
    hearing = a_hearing(court, case)
    seat = Seat.objects.get(tribunal__case=case, arbitrator=court.zheng)
    said = Withdrawal("challenged", "与申请人是同乡近邻", "仲裁委员会主任", TODAY)
    told = tribunals.replace(
        seat, said, follower=court.spare, by=court.officer, now=at(TODAY, 15), law=court.law
    )
    assert "在期限（2026-04-08）内" in told  # three working days; the 6th is a holiday
    seat.refresh_from_db()
    assert (seat.left_on, seat.left_kind, seat.decided_by) == (TODAY, "challenged", "仲裁委员会主任")
    assert hearing.bookings.filter(what=f"person:{court.spare.pk}").count() == 3
    assert not hearing.bookings.filter(what=f"person:{court.zheng.pk}").exists()
    assert not access.works(court.zheng_user, case)  # who withdrew sees the case no more
    again = Seat.objects.get(tribunal__case=case, arbitrator=court.spare)
    with pytest.raises(Refused, match="退出本案"):
        tribunals.replace(again, Withdrawal("other", "长期病假不能履职", "主任"), follower=court.zheng, by=court.officer,
                          now=at(TODAY, 16), law=court.law)  # fmt: skip
    with pytest.raises(Refused, match="没有权限"):
        tribunals.replace(
            again, said, follower=court.wang, by=court.xu_user, now=at(TODAY, 16), law=court.law
        )
    assert JournalEntry.objects.filter(action="arbitration.withdrawal").count() == 1


def test_a_late_decision_on_a_challenge_is_said_and_who_is_busy_cannot_follow(court):
    case, other = formed(court, a_case(court)), formed(court, a_case(court), of=("spare",))
    seat = Seat.objects.get(tribunal__case=other, part="secretary")
    tribunals.replace(seat, Withdrawal("other", "长期病假不能履职", "主任"), follower=court.relief, by=court.officer,
                      now=at(TODAY), law=court.law)  # fmt: skip
    a_hearing(court, case)
    a_hearing(court, other, room=court.rooms[1])
    seat = Seat.objects.get(tribunal__case=case, arbitrator=court.zheng)
    said = Withdrawal("challenged", "与申请人是同乡近邻", "仲裁委员会主任", TODAY - dt.timedelta(days=20))
    with pytest.raises(Refused, match="备某在2026-04-20 09:00至10:30已有另一场开庭"):
        tribunals.replace(seat, said, follower=court.spare, by=court.officer, now=at(TODAY), law=court.law)
    seat.refresh_from_db()
    assert seat.left_on is None
    other.hearings.get().bookings.all().delete()
    assert "已经晚了" in tribunals.replace(
        seat, said, follower=court.spare, by=court.officer, now=at(TODAY), law=court.law
    )


def test_the_roster_is_kept_by_whom_the_place_is_given_and_nobody_leaves_with_cases(court):
    new = tribunals.NewArbitrator("ZC-9", "新某", "arbitrator", court.body, court.region, phone="19900009999")
    with pytest.raises(Refused, match="不由您维护"):
        tribunals.register(new, by=court.outsider, now=at(TODAY))
    made = tribunals.register(new, by=court.officer, now=at(TODAY))
    assert made.phone.open() == "19900009999"
    with pytest.raises(Refused, match="已经登记过"):
        tribunals.register(new, by=court.officer, now=at(TODAY))
    formed(court, a_case(court))
    with pytest.raises(Refused, match="还有1件在办"):
        tribunals.leave(court.xu, by=court.officer, now=at(TODAY))
    tribunals.leave(made, by=court.officer, now=at(TODAY))
    made.refresh_from_db()
    assert made.left_on == TODAY
