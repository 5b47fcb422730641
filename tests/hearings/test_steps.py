"""What is done on the page of hearings moves the matter: set, put off, heard; a step that lacks a paper waits for a person."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.arbitration import record_signing, recording, scheduling
from anxin.casework import flow
from anxin.casework.models import Matter, Step
from anxin.casework.services import attach
from tests.hearings.conftest import TODAY, a_case, a_hearing, at, formed
from tests.hearings.test_records import HEARD, NOW, WORDS, by_phone, signer


@pytest.fixture
def case(court):
    return formed(court, a_case(court))


def state(case) -> str:
    return Matter.objects.get(pk=case.matter_id).state


def off(court, hearing, **more):
    asked = {
        "state": "postponed",
        "why": "申请人住院治疗",
        "asked_by": "申请人",
        "by": court.officer,
        "now": at(TODAY, 15),
    }
    return scheduling.call_off(hearing, **asked | more, law=court.law)


def notified(court, case) -> None:
    """The notice goes out: a paper of the matter and its step."""
    attach(
        case.matter, kind="arbitration_hearing_notice", data=b"%PDF-1.7 notice", filename="开庭通知书.pdf", by=court.officer,
        now=at(TODAY, 16), law=court.law, dated=TODAY,
    )  # fmt: skip
    matter = Matter.objects.select_related("lead").get(pk=case.matter_id)
    flow.take(
        matter, "notify_hearing", by=court.officer, on=TODAY, now=at(TODAY, 16), law=court.law,
        expected_version=matter.version,
    )  # fmt: skip


def signed(court, hearing):
    """Held, its record closed and signed by one arbitrator; everybody else is written down as not signing."""
    record = recording.start(hearing, by=court.xu_user, now=NOW)
    recording.rewrite(record, text=WORDS, version=1, by=court.xu_user)
    closed = recording.close(
        record, present="申请人到庭", version=2, by=court.xu_user, now=NOW, law=court.law
    )
    by_phone(court, signer(closed, "arbitrator"))
    for one in closed.signers.filter(signed_at__isnull=True).select_related("record"):
        record_signing.note_refusal(one, why="先行离开，没有签名", by=court.xu_user, now=NOW)
    return closed


def test_a_hearing_that_is_set_and_put_off_moves_the_matter(court, case):
    hearing = a_hearing(court, case)
    assert state(case) == "hearing_set"
    off(court, hearing)
    assert state(case) == "tribunal"
    a_hearing(court, case, hour=14)
    assert state(case) == "hearing_set"
    steps = list(Step.objects.filter(matter=case.matter).order_by("pk").values_list("transition", "on"))
    assert steps[-3:] == [("set_hearing", TODAY), ("postpone", TODAY), ("set_hearing", TODAY)]


def test_a_record_that_is_signed_says_that_it_was_heard_on_the_day_of_the_hearing(court, case):
    hearing = a_hearing(court, case)
    notified(court, case)
    closed = signed(court, hearing)
    record_signing.finish(closed, by=court.xu_user, now=at(dt.date(2026, 4, 22)), law=court.law)
    assert state(case) == "heard"
    last = Step.objects.filter(matter=case.matter).order_by("-pk").first()
    assert (last.transition, last.on) == ("hear", HEARD)


def test_without_the_notice_the_record_is_kept_and_the_matter_waits(court, case):
    closed = signed(court, a_hearing(court, case))
    done = record_signing.finish(closed, by=court.xu_user, now=at(HEARD, 15), law=court.law)
    assert (done.state, state(case)) == ("done", "hearing_set")


@pytest.mark.parametrize("procedure", ["arbitration_simple", "arbitration_collective"])
def test_a_procedure_without_that_step_stays_where_it_is(court, procedure):
    case = formed(
        court,
        a_case(court, procedure),
        of=("xu",) if procedure == "arbitration_simple" else ("xu", "zheng", "wang"),
    )
    before = state(case)
    hearing = a_hearing(court, case)
    off(court, hearing)
    assert state(case) == before
