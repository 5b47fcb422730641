"""The general contractor's second person, and the promise that stands after the yes."""

from __future__ import annotations

import pytest

from anxin.agency import services
from anxin.agency.models import RunStep
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.monitoring.models import TouchedProject
from anxin.payroll.models import PayrollLine
from tests.agency.factories import CHECKER, DRAFTER, NOW, approved, drafted, enrol, lines, site, submitted
from tests.monitoring import factories

pytestmark = pytest.mark.django_db


def current():
    return PayrollLine.objects.filter(superseded_at__isnull=True)


def test_who_made_the_payroll_may_not_approve_it():
    place = site()
    run = submitted(place)
    with pytest.raises(Refused, match="请由另一人审核"):
        services.approve_run(run, employer=place.general, actor=DRAFTER, now=NOW)
    assert not current().exists()


def test_only_the_general_contractor_approves():
    place = site()
    with pytest.raises(Refused, match="不是该项目的施工总承包单位"):
        services.approve_run(submitted(place), employer=place.sub, actor=CHECKER, now=NOW)


def test_a_run_that_was_not_submitted_is_not_approved():
    place = site()
    with pytest.raises(Refused, match="编制中"):
        services.approve_run(drafted(place), employer=place.general, actor=CHECKER, now=NOW)


def test_approval_makes_the_promise_that_monitoring_and_matching_see():
    place = site()
    run = approved(place)
    assert [(one.net_fen, one.days_worked, one.team) for one in current()] == [(600_000, 20, "木工班")] * 3
    assert {line.payroll_line_id for line in lines(run)} == set(current().values_list("pk", flat=True))
    assert TouchedProject.objects.filter(project=place.project).exists()
    assert JournalEntry.objects.filter(action="payroll.promised").count() == 1


def test_a_line_of_a_file_that_spoke_of_the_same_wage_is_replaced():
    place = site(1)
    old = factories.line(place.project, "2026-10", place.workers[0], net_fen=500_000, team="木工班")
    approved(place)
    old.refresh_from_db()
    assert old.superseded_at == NOW
    assert [one.net_fen for one in current()] == [600_000]


def test_two_employers_of_one_worker_promise_two_wages():
    place = site(1)
    worker = place.workers[0]
    worker.enrolments.update(exit="2026-10-10")
    enrol(place.project, worker, place.general, number=1, team="杂工")
    worker.enrolments.filter(team="杂工").update(entry="2026-10-11")
    approved(place)
    own = services.draft_run(
        project=place.project, month=drafted_month(), employer=place.general, actor=DRAFTER, now=NOW
    )
    services.open_to_workers(own, actor=DRAFTER, now=NOW)
    services.submit_run(own, unanswered_note="当面告知未签", actor=DRAFTER, now=NOW)
    services.approve_run(own, employer=place.general, actor=CHECKER, now=NOW)
    assert sorted(one.net_fen for one in current()) == [300_000, 300_000]


def drafted_month():
    from tests.agency.factories import OCTOBER

    return OCTOBER


def test_a_returned_run_is_mended_shown_again_and_approved():
    place = site(1)
    run = services.return_run(
        submitted(place), reason="10月5日考勤重复", employer=place.general, actor=CHECKER, now=NOW
    )
    assert (run.state, run.return_reason) == ("returned", "10月5日考勤重复")
    services.open_to_workers(run, actor=DRAFTER, now=NOW)
    services.submit_run(run, actor=DRAFTER, now=NOW)
    run = services.approve_run(run, employer=place.general, actor=CHECKER, now=NOW)
    assert (run.state, run.return_reason) == ("approved", "")


def test_a_return_needs_a_reason():
    place = site(1)
    with pytest.raises(Refused, match="退回的原因"):
        services.return_run(submitted(place), reason=" ", employer=place.general, actor=CHECKER, now=NOW)


def test_an_approved_run_is_neither_edited_nor_given_up():
    run = approved(site(1))
    with pytest.raises(Refused):
        services.edit_lines(run, [], actor=DRAFTER, now=NOW)
    with pytest.raises(Refused):
        services.withdraw_run(run, reason="不要了不要了", actor=DRAFTER, now=NOW)


def test_every_step_says_who_and_when():
    run = approved(site(1))
    steps = RunStep.objects.filter(run=run).order_by("id")
    assert [(step.action, step.actor_name) for step in steps] == [
        ("drafted", "分包小王"),
        ("opened", "分包小王"),
        ("submitted", "分包小王"),
        ("approved", "总包小郑"),
    ]
