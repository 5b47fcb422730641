"""A voice that comes alone: numbered, sealed, read, and what was known beforehand stays."""

from __future__ import annotations

import dataclasses

import pytest

from anxin.clues import states
from anxin.clues.access import visible_clue
from anxin.clues.intake import LONGEST_TEXT, Voice, take_in
from anxin.clues.models import Clue
from anxin.clues.queries import ClueFilters, clue_page
from anxin.clues.services import triage_new
from anxin.evidence.journal import SYSTEM
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.registry.models import Employer, Project
from tests.clues.conftest import NOW, OWED
from tests.monitoring.factories import id_number
from tests.signals.conftest import uscc


def voice(text: str = OWED, **more) -> Voice:
    given = {"channel": Clue.Channel.TELEPHONE, "kind": Clue.Kind.COMPLAINT, "region": "990101"}
    return Voice(received_at=NOW, text=text, **{**given, **more})


@pytest.fixture
def project(office) -> Project:
    return Project.objects.create(
        code="P1", name="云河学校工程", region=office.there, industry="housing", recorded_at=NOW
    )


def test_a_telephone_call_becomes_a_numbered_clue_with_sealed_words(office, home):
    (clue,) = take_in([voice(name="赵某某", phone="13900001234")], actor=SYSTEM, now=NOW)
    assert clue.number == "990101〔2026〕线索00001号"
    assert (clue.state, clue.closed_at, clue.title) == (Clue.State.NEW, None, OWED[:40])
    telling = clue.tellings.get()
    assert telling.name.open() == "赵某某"
    assert telling.phone_hash
    entry = JournalEntry.objects.get(action="clue.told")
    assert entry.object_id == str(clue.pk)
    assert "13900001234" not in str(entry.summary) + str(entry.after)


def test_it_is_read_like_a_list(office, home):
    (clue,) = take_in([voice()], actor=SYSTEM, now=NOW)
    assert triage_new(actor=SYSTEM, now=NOW).read == 1
    clue.refresh_from_db()
    assert (clue.arrears, clue.people) == (True, 14)


def test_a_project_known_beforehand_stays_whatever_the_text_says(office, home, project):
    employer = Employer.objects.create(name="众力劳务有限公司", uscc=uscc(1))
    given = voice("工资一直没发，三个月了。", project=project, employer=employer)
    (clue,) = take_in([given], actor=SYSTEM, now=NOW)
    triage_new(actor=SYSTEM, now=NOW)
    clue.refresh_from_db()
    assert (clue.project_id, clue.employer_id) == (project.pk, employer.pk)
    assert {row.field for row in clue.corrections.all()} == {"project", "employer"}


def test_many_voices_are_numbered_in_their_order_and_by_county(office, home):
    clues = take_in([voice(), voice(region="990102"), voice()], actor=SYSTEM, now=NOW)
    assert [clue.number[:6] + clue.number[-4:-1] for clue in clues] == ["990101001", "990102001", "990101002"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "欠" * (LONGEST_TEXT + 1)}, "text"),
        ({"region": ""}, "region"),
        ({"title": "题" * 201}, "title"),
        ({"place": "地" * 201}, "place"),
        ({"sender_number": "9" * 81}, "sender_number"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_is_written(office, home, changed, field):
    with pytest.raises(Refused) as refusal:
        take_in([voice(), dataclasses.replace(voice(), **changed)], actor=SYSTEM, now=NOW)
    assert refusal.value.field == field
    assert not Clue.objects.exists()


def test_an_id_number_in_the_heading_is_masked_where_lists_show_it(office, home):
    (clue,) = take_in([voice(f"身份证{id_number(1)}，欠我工资")], actor=SYSTEM, now=NOW)
    assert id_number(1) not in clue.title


def test_a_clue_told_here_of_a_site_there_is_seen_in_both_places(office, home, project):
    (clue,) = take_in([voice(project=project)], actor=SYSTEM, now=NOW)
    (other,) = take_in([voice()], actor=SYSTEM, now=NOW)
    assert visible_clue(office.outsider, clue.pk)
    assert visible_clue(office.inspector, clue.pk)
    assert visible_clue(office.outsider, other.pk) is None


# --- how far it has come


def test_what_is_closed_has_its_moment_and_opens_again_under_its_number(office, home):
    (clue,) = take_in([voice()], actor=SYSTEM, now=NOW)
    closed = states.move(clue.pk, Clue.State.CLOSED, now=NOW)
    assert (closed.state, closed.closed_at) == (Clue.State.CLOSED, NOW)
    again = states.move(clue.pk, Clue.State.REFERRED, now=NOW)
    assert (again.number, again.closed_at) == (clue.number, None)


def test_a_state_that_does_not_follow_is_refused(office, home):
    (clue,) = take_in([voice()], actor=SYSTEM, now=NOW)
    states.move(clue.pk, Clue.State.CLOSED, now=NOW)
    with pytest.raises(Refused, match="已办结"):
        states.move(clue.pk, Clue.State.CONCLUDED, now=NOW)


def test_the_list_is_narrowed_to_a_state(office, home):
    first, second = take_in([voice(), voice()], actor=SYSTEM, now=NOW)
    states.move(first.pk, Clue.State.REFERRED, now=NOW)
    new = ClueFilters.read({"state": "new"})
    assert [clue.pk for clue in clue_page(office.leader, new).items] == [second.pk]
    assert ClueFilters.read({"state": "nonsense"}).state == ""
