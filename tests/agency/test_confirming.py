"""What workers say to their lines: yes, no, or nothing, which is not yes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from anxin.agency import services
from anxin.agency.models import Channel, Confirmation
from anxin.agency.queries import line_states
from anxin.agency.services import LineEdit
from anxin.evidence import files
from anxin.evidence.journal import Actor
from anxin.kernel.refusal import Refused
from tests.agency.factories import (
    CHECKER,
    DRAFTER,
    NOW,
    approved,
    confirm,
    drafted,
    lines,
    opened,
    site,
    submitted,
    worker_actor,
)

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(hours=1)


def contest(line, says="少算两天", now=NOW):
    return services.contest_line(
        line, says=says, channel=Channel.OWN_PHONE, actor=worker_actor(line), now=now
    )


def answers(run):
    return [state.answer for state in line_states(run)]


def test_nobody_has_answered_means_unknown():
    assert answers(opened(site(2))) == ["unknown", "unknown"]


def test_a_yes_is_confirmed_and_the_same_yes_again_is_one():
    run = opened(site(2))
    first, again = confirm(lines(run)[0]), confirm(lines(run)[0], LATER)
    assert first.pk == again.pk
    assert answers(run) == ["confirmed", "unknown"]


def test_a_line_that_is_still_being_made_is_not_asked():
    run = drafted(site(1))
    with pytest.raises(Refused, match="不能确认"):
        confirm(lines(run)[0])


def test_somebody_else_cannot_speak_from_a_workers_phone():
    line = lines(opened(site(2)))[0]
    with pytest.raises(Refused, match="只有工人本人"):
        services.confirm_line(line, channel=Channel.OWN_PHONE, actor=DRAFTER, now=NOW)


def test_one_worker_cannot_answer_for_another():
    one, two = lines(opened(site(2)))
    with pytest.raises(Refused, match="这不是您的工资"):
        services.confirm_line(one, channel=Channel.TABLET, actor=worker_actor(two), now=NOW)
    assert not Confirmation.objects.exists()


def test_paper_needs_its_picture(home):
    line = lines(opened(site(1)))[0]
    with pytest.raises(Refused, match="须附照片"):
        services.confirm_line(line, channel=Channel.PAPER, actor=DRAFTER, now=NOW)
    photo = files.store(b"\x89PNG signed", name="签字.png", now=NOW)
    assert (
        services.confirm_line(line, channel=Channel.PAPER, photo=photo, actor=DRAFTER, now=NOW).photo == photo
    )


def test_one_touch_contests_a_line_without_a_word():
    run = opened(site(1))
    assert contest(lines(run)[0], says="").says == ""
    assert answers(run) == ["contested"]


def test_touching_twice_is_one_objection_and_words_may_follow():
    run = opened(site(1))
    first = contest(lines(run)[0], says="")
    second = contest(lines(run)[0], says="10月28日上班了")
    assert (first.pk, second.says) == (second.pk, "10月28日上班了")


def test_single_days_are_contested_each_for_itself():
    run = opened(site(1))
    line = lines(run)[0]
    for number in (28, 29):
        services.contest_day(
            line,
            dt.date(2026, 10, number),
            says="",
            channel=Channel.OWN_PHONE,
            actor=worker_actor(line),
            now=NOW,
        )
    assert [one.day.day for one in line_states(run)[0].words.objections] == [28, 29]


def test_a_day_of_another_month_is_not_contested():
    line = lines(opened(site(1)))[0]
    with pytest.raises(Refused, match="不在2026年10月内"):
        services.contest_day(
            line, dt.date(2026, 11, 1), says="", channel=Channel.OWN_PHONE, actor=worker_actor(line), now=NOW
        )


def test_who_has_objected_confirms_only_after_the_answer():
    run = opened(site(1))
    objection = contest(lines(run)[0])
    with pytest.raises(Refused, match="还没有答复"):
        confirm(lines(run)[0])
    services.answer_objection(objection, answer="当天停工，无考勤记录", actor=DRAFTER, now=LATER)
    assert answers(run) == ["answered"]
    confirm(lines(run)[0], LATER + dt.timedelta(hours=1))
    assert answers(run) == ["confirmed"]


def test_an_accepted_objection_changes_the_line_and_stays_visible():
    run = opened(site(1))
    line = lines(run)[0]
    correction = LineEdit(line.pk, "day", 30_000, Decimal(22), reason="漏打卡两天，班组长证明")
    services.answer_objection(
        contest(line), answer="核实后补两天", correction=correction, actor=DRAFTER, now=LATER
    )
    state = line_states(run)[0]
    assert (state.line.net_fen, state.answer) == (660_000, "answered")
    assert [(one.get_state_display(), one.net_fen) for one in state.words.objections] == [("已采纳", 600_000)]


def test_accepting_without_changing_anything_is_refused():
    run = opened(site(1))
    line = lines(run)[0]
    same = LineEdit(line.pk, "day", 30_000, Decimal(20))
    with pytest.raises(Refused, match="同时更正"):
        services.answer_objection(contest(line), answer="同意补发", correction=same, actor=DRAFTER, now=NOW)


def test_an_answer_needs_words_and_comes_once():
    objection = contest(lines(opened(site(1)))[0])
    with pytest.raises(Refused, match="请写明怎样处理"):
        services.answer_objection(objection, answer="行", actor=DRAFTER, now=NOW)
    services.answer_objection(objection, answer="当天停工无考勤", actor=DRAFTER, now=NOW)
    with pytest.raises(Refused, match="已由分包小王答复"):
        services.answer_objection(objection, answer="另一种说法", actor=CHECKER, now=NOW)


def test_a_run_with_an_open_objection_is_neither_submitted_nor_approved():
    place = site(2)
    run = submitted(place)
    contest(lines(run)[0], now=LATER)
    with pytest.raises(Refused, match="还有1条工人异议"):
        services.approve_run(run, employer=place.general, actor=CHECKER, now=LATER)
    other = site(1, code="P2")
    waiting = opened(other)
    contest(lines(waiting)[0])
    with pytest.raises(Refused, match="还有1条工人异议"):
        services.submit_run(waiting, actor=DRAFTER, now=NOW)


def test_after_approval_an_objection_is_heard_but_the_promise_stands():
    run = approved(site(1))
    line = lines(run)[0]
    objection = contest(line, now=LATER)
    correction = LineEdit(line.pk, "day", 30_000, Decimal(22), reason="漏打卡两天")
    with pytest.raises(Refused, match="下月工资表中怎样补发"):
        services.answer_objection(
            objection, answer="核实后补发两天", correction=correction, actor=DRAFTER, now=LATER
        )
    services.answer_objection(objection, answer="11月工资中补发两天600元", actor=DRAFTER, now=LATER)
    assert line_states(run)[0].line.net_fen == 600_000


def test_unanswered_workers_go_along_as_unknown_with_a_reason_never_as_yes():
    run = opened(site(2))
    confirm(lines(run)[0])
    with pytest.raises(Refused, match="还有1人没有确认，没有答复不等于同意"):
        services.submit_run(run, actor=DRAFTER, now=NOW)
    services.submit_run(run, actor=DRAFTER, now=NOW, unanswered_note="已退场，电话告知两次")
    assert answers(run) == ["confirmed", "unknown"]
    assert Confirmation.objects.count() == 1


def test_a_strangers_actor_key_is_not_the_worker():
    line = lines(opened(site(1)))[0]
    with pytest.raises(Refused):
        services.confirm_line(line, channel=Channel.OWN_PHONE, actor=Actor("worker:999999", "别人"), now=NOW)


def test_an_answer_that_the_worker_has_not_accepted_is_no_yes_either():
    run = opened(site(1))
    services.answer_objection(contest(lines(run)[0]), answer="当天停工，无考勤记录", actor=DRAFTER, now=LATER)
    with pytest.raises(Refused, match="还有1人没有确认"):
        services.submit_run(run, actor=DRAFTER, now=LATER)
