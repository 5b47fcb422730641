"""Clues are worked out without holding up anybody; what moves meanwhile is not written over and nothing is done twice."""

from __future__ import annotations

import pytest
from django.db import connection

from anxin.clues import holding
from anxin.clues.models import Candidate, Clue, Likeness, Reading
from anxin.clues.services import correct, triage_new
from anxin.clues.triaging import hold_again
from anxin.evidence.journal import SYSTEM
from anxin.evidence.models import JournalEntry
from anxin.registry.models import Employer
from tests.clues.conftest import NOW, OWED, ticket
from tests.signals.conftest import uscc


@pytest.fixture
def meanwhile(monkeypatch):
    """``meanwhile(act)``: do it once while claims are being held against each other, before anything is written."""

    def arrange(act) -> list[int]:
        real, depths, acts = holding.alike, [], [act]

        def interrupted(*said):
            found = real(*said)
            depths.append(len(connection.savepoint_ids))
            if acts:
                acts.pop()()
            return found

        monkeypatch.setattr(holding, "alike", interrupted)
        return depths

    return arrange


def entries(action: str) -> int:
    return JournalEntry.objects.filter(action=action).count()


def test_nothing_is_locked_while_clues_are_worked_out(deliver, office, meanwhile):
    deliver(ticket("1"))
    before = len(connection.savepoint_ids)
    depths = meanwhile(lambda: None)
    triage_new(actor=SYSTEM, now=NOW)
    hold_again(Clue.objects.get().pk, actor=SYSTEM, now=NOW)
    assert depths == [before, before] and Clue.objects.get().arrears is True


def test_what_another_pass_has_read_meanwhile_is_left_to_it(deliver, meanwhile):
    deliver(ticket("1"), ticket("2"))
    meanwhile(lambda: triage_new(actor=SYSTEM, now=NOW))
    done = triage_new(actor=SYSTEM, now=NOW)
    assert (done.read, done.left) == (0, False)
    assert Reading.objects.count() == 2 and entries("clues.read") == 1 and Likeness.objects.count() == 1


def test_what_comes_in_meanwhile_is_read_by_the_same_task(deliver, meanwhile):
    deliver(ticket("1"))
    meanwhile(lambda: deliver(ticket("2")))
    done = triage_new(actor=SYSTEM, now=NOW)
    assert (done.read, done.alike) == (2, 1) and entries("clues.read") == 2


def test_a_persons_word_meanwhile_stands_and_is_held_against_the_register(deliver, office, meanwhile):
    meant = Employer.objects.create(uscc=uscc(1), name="云州同心劳务有限公司", region=office.here)
    Employer.objects.create(uscc=uscc(2), name="云州众力劳务有限公司", region=office.here)
    deliver(ticket("1"))
    clue = Clue.objects.get()
    meanwhile(lambda: correct(clue, "debtor", "同心劳务", why="反映人当面更正", by=office.inspector, now=NOW))
    done = triage_new(actor=SYSTEM, now=NOW)
    clue.refresh_from_db()
    assert (clue.debtor, clue.employer, clue.people) == ("同心劳务", meant, 14)
    assert [one.employer for one in Candidate.objects.filter(employer__isnull=False)] == [meant]
    assert done.read == 1 and Reading.objects.count() == 1 and entries("clues.read") == 1


def test_a_ticket_that_changes_meanwhile_is_read_as_it_says_now(deliver, meanwhile):
    deliver(ticket("1"))
    meanwhile(lambda: deliver(ticket("1", OWED.replace("18.6万元", "20万元"))))
    triage_new(actor=SYSTEM, now=NOW)
    assert Clue.objects.get().amount_fen == 20_000_000 and Reading.objects.count() == 1


def test_who_corrects_without_end_is_waited_for_by_the_next_task(deliver, office, monkeypatch):
    deliver(ticket("1"))
    clue, said = Clue.objects.get(), iter(range(2, 100))
    real = holding.alike

    def interrupted(*asked):
        correct(clue, "people", str(next(said)), why="电话回访核实", by=office.inspector, now=NOW)
        return real(*asked)

    monkeypatch.setattr(holding, "alike", interrupted)
    assert triage_new(actor=SYSTEM, now=NOW).left and not Reading.objects.exists()
    assert hold_again(clue.pk, actor=SYSTEM, now=NOW) is False
    monkeypatch.setattr(holding, "alike", real)
    assert triage_new(actor=SYSTEM, now=NOW).read == 1


def test_a_clue_corrected_while_it_is_held_again_is_held_again_once_more(told, office, meanwhile):
    firms = [
        Employer.objects.create(uscc=uscc(number), name=name, region=office.here)
        for number, name in ((1, "云州同心劳务有限公司"), (2, "云州长风劳务有限公司"))
    ]
    (clue,) = told(ticket("1"))
    correct(clue, "debtor", "同心劳务", why="反映人当面更正", by=office.inspector, now=NOW)
    meanwhile(lambda: correct(clue, "debtor", "长风劳务", why="反映人又更正", by=office.leader, now=NOW))
    assert hold_again(clue.pk, actor=SYSTEM, now=NOW) is True
    clue.refresh_from_db()
    assert clue.employer == firms[1] and entries("clue.held_again") == 1
