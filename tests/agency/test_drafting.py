"""A payroll from attendance, and what may be changed in it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from anxin.agency import services
from anxin.agency.models import RunLine
from anxin.agency.queries import line_states
from anxin.agency.services import LineEdit, LinesRefused
from anxin.agency.wages import Deduction
from anxin.evidence.models import JournalEntry
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused
from tests.agency.factories import (
    DRAFTER,
    NOW,
    OCTOBER,
    OTHER_USCC,
    confirm,
    drafted,
    employer,
    enrol,
    lines,
    opened,
    site,
)
from tests.monitoring import factories

pytestmark = pytest.mark.django_db


def edit(line: RunLine, **changes) -> LineEdit:
    values = {
        "unit": line.unit,
        "rate_fen": line.rate_fen,
        "quantity": line.quantity,
        "extra_fen": line.extra_fen,
    }
    return LineEdit(line.pk, **{**values, **changes})


def test_a_run_pays_every_attended_day_at_the_agreed_wage():
    run = drafted(site())
    assert [(line.quantity, line.net_fen) for line in lines(run)] == [(Decimal(20), 600_000)] * 3
    assert line_states(run)[0].told.startswith("考勤20天；日工资300.00元 × 20天 = 6,000.00元。")


def test_half_days_count_as_half():
    place = site(1)
    factories.attend(place.project, place.workers[0], "2026-10-25", share="0.50")
    assert lines(drafted(place))[0].net_fen == 615_000


def test_a_day_at_another_employer_of_the_site_is_not_paid_here():
    place = site(1)
    worker = place.workers[0]
    worker.enrolments.update(exit=dt.date(2026, 10, 10))
    enrol(place.project, worker, place.general, number=1, team="杂工")
    worker.enrolments.filter(team="杂工").update(entry=dt.date(2026, 10, 11))
    assert lines(drafted(place))[0].quantity == 10
    assert lines(drafted(place, firm=place.general))[0].quantity == 10


def test_months_given_as_totals_are_paid_too():
    place = site(1, days=0)
    factories.attend_month(place.project, place.workers[0], "2026-10", "18.5")
    assert lines(drafted(place))[0].net_fen == 555_000


def test_a_wage_that_cannot_be_read_stays_open_and_keeps_the_run_from_the_workers():
    run = drafted(site(1, wage="面议"))
    with pytest.raises(LinesRefused, match="能读懂的约定工资"):
        services.open_to_workers(run, actor=DRAFTER, now=NOW)


@pytest.mark.parametrize(
    "month, sentence",
    [(Month(2026, 12), "还没有到"), (Month(2026, 9), "没有“虚构劳务分包公司”人员的考勤")],
)
def test_a_month_without_work_gives_no_run(month, sentence):
    place = site()
    with pytest.raises(Refused, match=sentence):
        services.draft_run(project=place.project, month=month, employer=place.sub, actor=DRAFTER, now=NOW)


def test_an_employer_that_is_not_on_the_project_gets_no_run():
    place = site()
    with pytest.raises(Refused, match="不是该项目的总包"):
        drafted(place, firm=employer(OTHER_USCC, "虚构外来公司"))


@pytest.mark.parametrize("team", ["", "木工班"])
def test_the_same_people_are_not_put_on_two_payrolls(team):
    place = site()
    drafted(place)
    with pytest.raises(Refused, match="不能编制两次"):
        services.draft_run(
            project=place.project, month=OCTOBER, employer=place.sub, team=team, actor=DRAFTER, now=NOW
        )


def test_after_a_run_is_given_up_the_month_is_made_anew():
    place = site()
    services.withdraw_run(drafted(place), reason="考勤导错了项目", actor=DRAFTER, now=NOW)
    assert drafted(place).state == "draft"


def test_days_that_differ_from_attendance_need_a_reason():
    run = drafted(site(2))
    one, two = lines(run)
    with pytest.raises(LinesRefused) as refused:
        services.edit_lines(run, [edit(one, quantity=Decimal(22)), edit(two)], actor=DRAFTER, now=NOW)
    assert refused.value.problems == {one.pk: ("reason", "计薪22天，与考勤20天不一致，请写明原因。")}
    assert (
        services.edit_lines(
            run, [edit(one, quantity=Decimal(22), reason="两天漏打卡，班组长证明")], actor=DRAFTER, now=NOW
        )
        == 1
    )
    assert lines(run)[0].net_fen == 660_000
    assert lines(run)[0].attended_days == 20


def test_one_row_that_cannot_be_leaves_all_rows_as_they_were():
    run = drafted(site(2))
    one, two = lines(run)
    bad = edit(two, deductions=(Deduction("advance", 10**9),))
    with pytest.raises(LinesRefused):
        services.edit_lines(run, [edit(one, extra_fen=5_000, reason="高温津贴"), bad], actor=DRAFTER, now=NOW)
    assert [line.net_fen for line in lines(run)] == [600_000, 600_000]


def test_an_edit_that_changes_nothing_leaves_no_trace():
    run = drafted(site(1))
    before = JournalEntry.objects.count()
    assert services.edit_lines(run, [edit(lines(run)[0])], actor=DRAFTER, now=NOW) == 0
    assert JournalEntry.objects.count() == before


def test_the_journal_of_an_edit_holds_no_full_name():
    run = drafted(site(1))
    services.edit_lines(run, [edit(lines(run)[0], extra_fen=100, reason="津贴补贴")], actor=DRAFTER, now=NOW)
    entry = JournalEntry.objects.order_by("-sequence").first()
    assert entry.after["lines"][0]["net"] == "6001.00"
    assert lines(run)[0].name not in str(entry.after)


def test_attendance_that_arrives_later_is_read_into_the_run():
    place = site(2)
    run = drafted(place)
    factories.attend(place.project, place.workers[0], "2026-10-28", "2026-10-29")
    newcomer = factories.worker(9)
    enrol(place.project, newcomer, place.sub, number=9)
    factories.attend(place.project, newcomer, "2026-10-30")
    outcome = services.rebuild_run(run, actor=DRAFTER, now=NOW)
    assert (outcome.added, outcome.changed, outcome.kept) == (1, 1, 0)
    assert sorted(line.net_fen for line in lines(run)) == [30_000, 600_000, 660_000]
    assert services.rebuild_run(run, actor=DRAFTER, now=NOW) == type(outcome)(0, 0, 0)


def test_days_set_by_hand_stay_when_attendance_is_read_again():
    place = site(1)
    run = drafted(place)
    services.edit_lines(
        run, [edit(lines(run)[0], quantity=Decimal(22), reason="两天漏打卡")], actor=DRAFTER, now=NOW
    )
    factories.attend(place.project, place.workers[0], "2026-10-28")
    assert services.rebuild_run(run, actor=DRAFTER, now=NOW).kept == 1
    line = lines(run)[0]
    assert (line.attended_days, line.quantity) == (21, 22)


def test_somebody_without_attendance_comes_in_with_a_reason_and_may_go_again():
    place = site(1)
    absent = factories.worker(8)
    enrol(place.project, absent, place.sub, number=8)
    run = drafted(place)
    with pytest.raises(Refused, match="请写明为什么"):
        services.add_person(run, absent.pk, reason="", actor=DRAFTER, now=NOW)
    line = services.add_person(run, absent.pk, reason="考勤机故障三天", actor=DRAFTER, now=NOW)
    assert len(lines(run)) == 2
    services.remove_person(line, actor=DRAFTER, now=NOW)
    assert len(lines(run)) == 1


def test_who_worked_is_not_left_out():
    run = drafted(site(1))
    with pytest.raises(Refused, match="有考勤20天，不能移出"):
        services.remove_person(lines(run)[0], actor=DRAFTER, now=NOW)


def test_changed_figures_are_asked_anew():
    place = site(1)
    run = opened(place)
    confirm(lines(run)[0])
    assert line_states(run)[0].answer == "confirmed"
    services.edit_lines(run, [edit(lines(run)[0], extra_fen=100, reason="津贴补贴")], actor=DRAFTER, now=NOW)
    assert line_states(run)[0].answer == "unknown"
