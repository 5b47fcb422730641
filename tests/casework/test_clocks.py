"""Pauses, extensions, restarts, events, hours: what is kept, and what it leads to."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.casework import queries, services
from anxin.casework.models import Deadline, Matter
from anxin.casework.statuses import Standing, status
from anxin.kernel.refusal import Refused
from tests.casework.conftest import day
from tests.monitoring import factories as make


def clock(matter: Matter, key: str) -> Deadline:
    return matter.deadlines.filter(clock=key).latest("pk")


def standing(world, matter, key, on):
    return status(clock(matter, key), day(on), world.law.calendar)


def test_standings_over_the_days(world):
    matter = world.matter()  # 5 working days from Monday 2 March: Monday 9 March
    assert standing(world, matter, "decide", "2026-03-05").words == "还剩2个工作日"
    assert standing(world, matter, "decide", "2026-03-09").standing is Standing.DUE_TODAY
    late = standing(world, matter, "decide", "2026-03-16")
    assert (late.standing, late.working_days, late.words) == (Standing.OVERDUE, 5, "已逾期5个工作日")
    world.take(matter, "refuse", "2026-03-09")
    assert standing(world, matter, "decide", "2026-03-16").standing is Standing.MET
    assert standing(world, matter, "objection", "2026-03-20").standing is Standing.LAPSED


def test_met_late_says_by_how_much(world):
    matter = world.matter()
    world.take(matter, "refuse", "2026-03-11")
    found = standing(world, matter, "decide", "2026-04-01")
    assert (found.standing, found.working_days) == (Standing.MET_LATE, 2)


def test_least_period_passes_and_is_never_overdue(world):
    matter = world.accepted()
    world.paper(matter, "interview_notice")
    world.take(matter, "publish", "2026-03-10")
    assert standing(world, matter, "publicity", "2026-04-09").standing is Standing.DUE_TODAY
    assert standing(world, matter, "publicity", "2026-05-09").standing is Standing.PASSED


def test_pause_and_going_on(world):
    matter = world.accepted()
    due = clock(matter, "investigate").due_on
    world.take(matter, "suspend", "2026-03-09", pause_reason="等待鉴定")
    paused = clock(matter, "investigate")
    assert paused.paused_since == day("2026-03-09")
    assert standing(world, matter, "investigate", "2026-12-01").standing is Standing.PAUSED
    matter.refresh_from_db()
    assert matter.next_due_on is None
    assert matter.tasks.get(deadline=paused, state="open").due_on is None
    world.take(matter, "resume", "2026-03-16")
    after = clock(matter, "investigate")
    pause = after.pauses.get()
    assert (pause.first, pause.resumed_on, pause.reason) == (day("2026-03-09"), day("2026-03-16"), "等待鉴定")
    # five working days were not counted: from 2 June to 9 June
    assert (due, after.due_on) == (day("2026-06-02"), day("2026-06-09"))
    steps = queries.deadline_steps(after, world.law)
    assert steps.due == after.due_on
    assert any("等待鉴定" in step.text for step in steps.steps)


def test_pause_of_no_day_changes_nothing(world):
    matter = world.accepted()
    due = clock(matter, "investigate").due_on
    world.take(matter, "suspend", "2026-03-09", pause_reason="误点")
    world.take(matter, "resume", "2026-03-09")
    assert clock(matter, "investigate").due_on == due


def test_pause_needs_a_reason(world):
    matter = world.accepted()
    with pytest.raises(Refused, match="请写明中止") as caught:
        world.take(matter, "suspend", "2026-03-09")
    assert caught.value.field == "pause_reason"


def test_extension_is_kept_with_its_paper(world):
    matter = world.accepted()
    option = world.option(matter, "extend", "2026-05-20", world.leader)
    need = option.needs.extensions[0]
    assert (need.clock, need.most, need.unit) == ("investigate", 30, "工作日")
    step = world.take(
        matter, "extend", "2026-05-20", by=world.leader, extension_amount=20, extension_paper="批〔2026〕3号"
    )
    found = clock(matter, "investigate")
    assert (found.due_on, step.effects[0]["was"]) == (day("2026-07-01"), "2026-06-02")
    assert found.extensions.get().paper == "批〔2026〕3号"
    assert world.option(matter, "extend", "2026-05-21", world.leader).needs.extensions[0].most == 10


@pytest.mark.parametrize(
    ("on", "words", "field"),
    [
        ("2026-05-20", {"extension_amount": 31, "extension_paper": "批1号"}, "extension_amount"),
        ("2026-05-20", {"extension_amount": 0, "extension_paper": "批1号"}, "extension_amount"),
        ("2026-05-20", {"extension_paper": "批1号"}, "extension_amount"),
        ("2026-05-20", {"extension_amount": 5}, "extension_paper"),
        ("2026-06-03", {"extension_amount": 5, "extension_paper": "批1号"}, "extension_amount"),
    ],
    ids=["too long", "nothing", "no amount", "no paper", "after the last day"],
)
def test_extension_that_cannot_be(world, on, words, field):
    matter = world.accepted()
    with pytest.raises(Refused) as caught:
        world.take(matter, "extend", on, by=world.leader, **words)
    assert caught.value.field == field
    assert not clock(matter, "investigate").extensions.exists()


def test_extension_of_the_province_is_another_one(world):
    region = make.region("440402")
    matter = world.accepted(region=region, by=world.leader)
    assert clock(matter, "investigate").due_on == day("2026-05-12")  # 45 working days in Guangdong


def test_papers_completed_restart_the_count(world):
    matter = world.matter()
    world.take(matter, "ask_papers", "2026-03-04")
    world.take(matter, "complete", "2026-03-20")
    found = clock(matter, "decide")
    assert found.due_on == day("2026-03-27")
    assert found.restarts.get().on == day("2026-03-20")
    assert matter.deadlines.count() == 1


def test_event_ahead_is_counted_back_from(world):
    with pytest.raises(Refused, match="听证会") as caught:
        world.matter("test_hearing")
    assert caught.value.field == "events"
    assert services.opening_events(world.law, "test_hearing", "990102") == (("听证会", True),)
    matter = world.matter("test_hearing", events={"听证会": day("2026-03-31")})
    assert clock(matter, "notice").due_on == day("2026-03-20")


def test_event_put_off_counts_from_the_new_day(world):
    matter = world.matter("test_hearing", events={"听证会": day("2026-03-31")})
    services.set_event(
        matter, "听证会", day("2026-04-28"), by=world.inspector, now=make.at("2026-03-10"), law=world.law,
        expected_version=1,
    )  # fmt: skip
    first, second = matter.deadlines.filter(clock="notice").order_by("pk")
    assert (first.ended_on, second.due_on) == (day("2026-03-10"), day("2026-04-17"))
    assert matter.event_dates.get().on == day("2026-04-28")
    with pytest.raises(Refused, match="没有名为"):
        services.set_event(
            matter, "开工", day("2026-04-28"), by=world.inspector, now=make.at("2026-03-10"), law=world.law,
            expected_version=2,
        )  # fmt: skip


def _received(matter, on, by, world, *, now="2026-03-25"):
    return services.set_event(
        matter, "接到投诉之日", day(on), by=by, now=make.at(now), law=world.law,
        expected_version=matter.version,
    )  # fmt: skip


def test_a_day_that_has_not_come_is_refused(world):
    """A receipt has happened or has not; a hearing is set in advance (above)."""
    matter = world.matter("complaint_intake")
    with pytest.raises(Refused, match="“接到投诉之日”2026-05-01在将来") as caught:
        _received(matter, "2026-05-01", world.leader, world)
    assert caught.value.field == "events"
    with pytest.raises(Refused, match="在将来"):
        world.matter("complaint_intake", events={"接到投诉之日": day("2027-01-01")})


def test_only_who_decides_puts_the_bureau_s_own_limit_later(world):
    matter = world.matter("complaint_intake")
    due = matter.deadlines.get().due_on
    later, earlier = matter.opened_on + dt.timedelta(days=5), matter.opened_on - dt.timedelta(days=5)
    with pytest.raises(Refused, match=f"将由{due}推迟到"):
        _received(matter, str(later), world.inspector, world)
    assert matter.deadlines.get().due_on == due
    _received(matter, str(earlier), world.inspector, world)
    matter.refresh_from_db()
    sooner = matter.deadlines.get(ended_on=None).due_on
    assert sooner < due
    _received(matter, str(later), world.leader, world)
    assert matter.deadlines.get(ended_on=None).due_on > due


def test_hours_count_from_the_moment(world):
    matter = world.matter("test_hearing", events={"听证会": day("2026-03-31")})
    world.take(matter, "tell", "2026-03-10")
    assert world.option(matter, "approve", "2026-03-11", world.leader).needs.moment
    approved = make.at("2026-03-11", 9)
    world.take(matter, "approve", "2026-03-11", by=world.leader, at=approved)
    found = clock(matter, "hours")
    assert found.due_at == approved + dt.timedelta(hours=24)
    in_time = status(found, day("2026-03-12"), world.law.calendar, at=make.at("2026-03-12", 8))
    too_late = status(found, day("2026-03-12"), world.law.calendar, at=make.at("2026-03-12", 10))
    assert (in_time.standing, too_late.standing) == (Standing.DUE_TODAY, Standing.OVERDUE)
    world.take(matter, "send", "2026-03-12", at=make.at("2026-03-12", 11))
    assert standing(world, matter, "hours", "2026-03-12").standing is Standing.MET_LATE


def test_a_moment_of_another_day_is_refused(world):
    matter = world.matter("test_hearing", events={"听证会": day("2026-03-31")})
    with pytest.raises(Refused, match="同一天"):
        world.take(matter, "tell", "2026-03-10", at=make.at("2026-03-09"))


def test_what_cannot_be_counted_says_why_and_closes_nothing(world):
    """Before the first recorded value of the law nothing is counted, and nothing is invented."""
    matter = world.matter(on=day("2003-06-02"))
    found = clock(matter, "decide")
    assert found.due_on is None
    assert found.problem.endswith("。")
    assert standing(world, matter, "decide", "2026-03-05").standing is Standing.UNKNOWN
    assert world.option(matter, "refuse", "2026-03-05").allowed


def test_what_nothing_can_meet_any_more_ends(world):
    matter = world.accepted()
    world.paper(matter, "interview_notice")
    world.take(matter, "publish", "2026-03-10")
    world.take(matter, "finish", "2026-04-10")
    assert clock(matter, "publicity").ended_on == day("2026-04-10")
    matter.refresh_from_db()
    assert (matter.closed_on, matter.next_due_on) == (day("2026-04-10"), None)


def test_a_clock_begun_again_replaces_its_last_run(world):
    matter = world.accepted()
    for kind, publish, back in (("a", "2026-03-10", "2026-03-12"), ("b", "2026-03-20", "2026-03-23")):
        world.paper(matter, "interview_notice", text=kind)
        world.take(matter, "publish", publish)
        world.take(matter, "back", back)
    first, second = matter.deadlines.filter(clock="publicity").order_by("pk")
    assert (first.ended_on, second.started_on) == (day("2026-03-20"), day("2026-03-20"))
