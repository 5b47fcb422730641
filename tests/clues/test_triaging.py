"""Clues are read in one pass, matched to the register, and held against each other."""

from __future__ import annotations

import datetime as dt

import pytest
from django_tasks_db.models import DBTaskResult

from anxin.clues.models import Candidate, Clue, Likeness, Reading
from anxin.clues.services import correct, triage_new
from anxin.clues.tasks import hold_again_task, triage_task
from anxin.clues.triaging import hold_again
from anxin.evidence.journal import SYSTEM
from anxin.evidence.models import JournalEntry
from anxin.registry.models import Employer, Project
from anxin.triage.model import shipped
from tests.clues.conftest import NOW, OTHER, OWED, ticket
from tests.signals.conftest import uscc


@pytest.fixture
def firm(office):
    return lambda number, name: Employer.objects.create(uscc=uscc(number), name=name, region=office.here)


def test_a_clue_shows_what_was_read_and_the_reading_keeps_its_reasons(told):
    (clue,) = told(ticket("1"))
    assert (clue.arrears, clue.people, clue.amount_fen, clue.construction) == (True, 14, 18_600_000, True)
    assert clue.score > 5000 and clue.urgency == Clue.Urgency.ORDINARY
    reading = Reading.objects.get()
    assert reading.model_version == shipped().version
    assert {"arrears", "people", "amount_yuan"} <= {reason["about"] for reason in reading.reasons}
    assert all(reason["words"] in OWED for reason in reading.reasons)


def test_what_is_no_claim_has_no_fields_of_one(told):
    (clue,) = told(ticket("1", OTHER))
    assert (clue.arrears, clue.people, clue.amount_fen, clue.debtor) == (False, None, None, "")


def test_a_threat_in_what_is_no_claim_goes_to_the_top_of_the_list(told):
    (clue,) = told(ticket("1", "小区停水三天了没有人管，我活够了，今天就从楼顶跳下去。"))
    assert (clue.arrears, clue.urgency) == (False, Clue.Urgency.NOW)


def test_reading_again_reads_only_what_is_new(told):
    told(ticket("1"))
    assert triage_new(actor=SYSTEM, now=NOW).read == 0
    told(ticket("1"), ticket("2", OTHER))
    assert Reading.objects.count() == 2
    assert [
        entry.after["read"] for entry in JournalEntry.objects.filter(action="clues.read").order_by("sequence")
    ] == [1, 1]


def test_accepting_a_list_queues_its_reading(deliver):
    deliver(ticket("1"))
    queued = DBTaskResult.objects.get()
    assert queued.task_path == "anxin.clues.tasks.triage_task"
    triage_task.call()
    assert Clue.objects.get().arrears is True


def test_a_changed_order_is_read_again_and_a_persons_word_stands(told, office):
    (clue,) = told(ticket("1"))
    correct(clue, "people", "20", why="电话核实共有20人", by=office.inspector, now=NOW)
    (clue,) = told(ticket("1", OWED.replace("18.6万元", "20万元")), now=NOW + dt.timedelta(days=1))
    assert (clue.people, clue.amount_fen) == (20, 20_000_000)
    assert clue.looked_at is None
    assert Reading.objects.count() == 2


def test_a_name_that_fits_one_entry_of_the_register_is_taken(told, firm):
    meant = firm(1, "云州众力劳务有限公司")
    firm(2, "云州同心劳务有限公司")
    (clue,) = told(ticket("1"))
    assert clue.debtor == "众力劳务"
    assert clue.employer == meant
    assert "众力劳务" in Candidate.objects.get(employer=meant).why


def test_what_the_register_has_lost_without_a_word_is_not_meant(told, firm):
    """Nothing here takes an employer out; what somebody did to the database by hand must not stop the reading."""
    lost = firm(1, "云州众力劳务有限公司")
    told(ticket("1"))
    Clue.objects.update(employer=None)
    lost.delete()
    (clue,) = told(ticket("2"))
    assert clue.arrears is True and clue.employer is None and not Candidate.objects.exists()


def test_a_misspelt_name_is_proposed_and_not_taken(told, firm):
    meant = firm(1, "云州众利建筑劳务有限公司")
    (clue,) = told(ticket("1", OWED.replace("众力劳务", "众力建筑劳务公司")))
    assert clue.employer is None
    assert "只差几个字" in Candidate.objects.get(employer=meant).why


def test_a_name_that_fits_several_entries_is_proposed_and_not_taken(told, firm):
    firms = {firm(1, "云州众力劳务有限公司").pk, firm(2, "江北众力劳务有限公司").pk}
    (clue,) = told(ticket("1"))
    assert clue.employer is None
    assert set(Candidate.objects.values_list("employer", flat=True)) == firms


def test_a_whole_name_goes_before_parts_of_names(told, firm):
    meant = firm(1, "众力劳务有限公司")
    firm(2, "江北众力劳务有限公司")
    (clue,) = told(ticket("1"))
    assert clue.employer == meant


def test_a_name_that_says_only_the_trade_means_nobody(told, firm):
    firm(1, "云州建筑劳务有限公司")
    (clue,) = told(ticket("1", OWED.replace("众力劳务", "建筑劳务公司")))
    assert clue.employer is None and not Candidate.objects.exists()


def test_a_site_is_matched_by_its_name(told, office):
    meant = Project.objects.create(
        code="P-1", name="东台安置房工程", region=office.here, industry="housing", recorded_at=NOW
    )
    (clue,) = told(ticket("1"))
    assert clue.project == meant


def test_the_same_dispute_told_twice_is_proposed_with_reasons(told):
    first, second, _other = told(
        ticket("1"),
        ticket("2", "东台安置房工地众力劳务欠我们14个木工工资18.6万元，三个月没发钱。", name="钱某某"),
        ticket("3", OTHER),
    )
    pair = Likeness.objects.get()
    assert (pair.first, pair.second, pair.state) == (first, second, "proposed")
    assert any("众力" in reason for reason in pair.reasons)
    assert pair.score >= 1500


def test_a_claim_older_than_the_window_is_not_held_against(told):
    told(ticket("1", time="2026-04-01 09:00:00"))
    told(ticket("2"))
    assert not Likeness.objects.exists()


def test_a_list_of_former_years_is_compared_within_itself(told):
    told(
        ticket("1", time="2019-03-01 09:00:00"),
        ticket("2", time="2019-05-01 09:00:00"),
        ticket("3", time="2012-05-01 09:00:00"),
    )
    pair = Likeness.objects.get()
    assert {pair.first.sender_number, pair.second.sender_number} == {"1", "2"}


def test_words_that_change_take_their_open_proposals_with_them(told):
    told(ticket("1"), ticket("2"))
    assert Likeness.objects.count() == 1
    told(ticket("2", OTHER), now=NOW + dt.timedelta(days=1))
    assert not Likeness.objects.exists()


def test_a_corrected_name_is_held_against_the_register_again(told, office, firm):
    meant = firm(1, "云州同心劳务有限公司")
    (clue,) = told(ticket("1"))
    assert clue.employer is None
    correct(clue, "debtor", "同心劳务", why="反映人当面更正", by=office.inspector, now=NOW)
    queued = DBTaskResult.objects.get(task_path="anxin.clues.tasks.hold_again_task")
    hold_again_task.call(*queued.args_kwargs["args"])
    clue.refresh_from_db()
    assert (clue.employer, clue.debtor) == (meant, "同心劳务")


def test_what_a_person_chose_is_not_matched_away(told, office, firm):
    firms = [firm(1, "云州众力劳务有限公司"), firm(2, "江北众力劳务有限公司")]
    (clue,) = told(ticket("1"))
    correct(clue, "employer", str(firms[1].pk), why="与反映人核对", by=office.inspector, now=NOW)
    correct(clue, "debtor", "云州众力劳务", why="反映人说的全名", by=office.inspector, now=NOW)
    hold_again(clue.pk, actor=SYSTEM, now=NOW)
    clue.refresh_from_db()
    assert clue.employer == firms[1]


def test_a_claim_that_was_not_read_as_one_is_compared_once_a_person_says_so(told, office):
    told(ticket("1"))
    (clue,) = told(ticket("2", "东台安置房工地，众力劳务，14个木工，18.6万元。"))
    assert clue.arrears is False and not Likeness.objects.exists()
    for field, value in (
        ("arrears", "yes"),
        ("debtor", "众力劳务"),
        ("people", "14"),
        ("amount_fen", "186000"),
    ):
        clue.refresh_from_db()
        correct(clue, field, value, why="电话回访核实", by=office.inspector, now=NOW)
    hold_again(clue.pk, actor=SYSTEM, now=NOW)
    assert Likeness.objects.count() == 1
