"""What a hotline's callers say later: content or not, urging, more to tell."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from anxin.casework.models import Urging
from anxin.casework.urging import answer as answer_urging
from anxin.casework.urging import urge
from anxin.clues.models import Clue, TicketNote
from anxin.evidence.models import JournalEntry
from anxin.notices.models import Notice
from anxin.referral import services as referral
from anxin.referral.models import Word
from anxin.web import clock
from tests.referral.conftest import NOW
from tests.web.api.hotline.calls import (
    TICKETS,
    changes,
    concluded,
    read,
    sent,
    state,
    ticket,
)

REVISIT = {"kind": "revisit", "at": "2026-11-20T10:30:00+08:00", "contacted": True, "solved": False, "satisfied": False,
           "words": "只拿到一半"}  # fmt: skip


@pytest.fixture
def later(monkeypatch, hotline):
    """An hour on, by our clock and by the hotline's."""
    at = NOW + dt.timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: at)
    hotline.timestamp = int(at.timestamp())
    return at


def test_a_caller_who_is_not_content_with_what_was_concluded_has_it_opened_again(hotline, city, later):
    sent(hotline)
    concluded(city)
    answer = hotline.post(f"{TICKETS}/YZ-1/words", REVISIT).json()
    assert (answer["fate"], answer["disagreed"], answer["ticket"]["state"]) == ("accepted", True, "handling")
    assert answer["ticket"]["agrees"] is False
    word = Word.objects.get()
    assert (word.agrees, word.heard_by_name, word.how) == (
        False,
        "云州市12345热线",
        "2026-11-20热线电话回访本人",
    )
    before = JournalEntry.objects.count()
    again = hotline.post(f"{TICKETS}/YZ-1/words", REVISIT).json()
    assert (again["fate"], again["disagreed"]) == ("unchanged", True)
    assert (Word.objects.count(), TicketNote.objects.count(), JournalEntry.objects.count()) == (1, 1, before)


@pytest.mark.parametrize(
    "said",
    [
        {"at": "2026-11-20T09:59:00+08:00"},  # before they were told
        {"satisfied": None},
        {"satisfied": True, "solved": True},
        {"contacted": False, "solved": None, "satisfied": None},
        {"kind": "urge", "contacted": None, "solved": None, "satisfied": None},
    ],
)
def test_everything_else_stands_beside_the_clue_and_opens_or_closes_nothing(said, hotline, city, later):
    sent(hotline)
    concluded(city)
    answer = hotline.post(f"{TICKETS}/YZ-1/words", REVISIT | said).json()
    assert (answer["fate"], answer["disagreed"], answer["ticket"]["state"]) == ("accepted", False, "told")
    assert not Word.objects.exists()
    assert TicketNote.objects.get().words.open() == "只拿到一半"
    entry = JournalEntry.objects.get(action="clue.hotline_said")
    assert "一半" not in entry.summary


URGE = {"kind": "urge", "at": "2026-11-20T09:00:00+08:00", "words": "请尽快办理，我急用钱"}


def test_an_urging_tells_who_has_the_clue_or_its_matter_once_a_day(hotline, city, later):
    sent(hotline)
    hotline.post(f"{TICKETS}/YZ-1/words", URGE)
    clue = Clue.objects.get()
    of_clue = Notice.objects.filter(kind="urging", about_type="clue")
    assert of_clue.filter(to=city.desk, link=f"/clues/{clue.pk}#ticket-notes").count() == 1
    referral.refer(read(), by=city.desk, now=NOW, law=city.law, lead=city.bodies["QRS"], why="由区局直接核处")
    for minute in (10, 20):  # two calls of one day are two notes and one urging
        assert (
            hotline.post(
                f"{TICKETS}/YZ-1/words", URGE | {"at": f"2026-11-20T09:{minute}:00+08:00"}
            ).status_code
            == 200
        )
    urging = Urging.objects.get()
    assert (urging.by, urging.by_name, urging.matter.referral.clue) == (None, "云州市12345热线", clue)
    told = Notice.objects.filter(kind="urging", about_type="matter")
    assert told.filter(to=city.desk).count() == 1 and TicketNote.objects.count() == 3
    assert not Notice.objects.filter(body__contains="急用钱").exists()


def test_the_answer_to_an_urging_goes_back_to_the_callers_hotline(hotline, city, later):
    """In the state and as a change; with the body's name, no person's, and long numbers masked."""
    sent(hotline)
    hotline.post(f"{TICKETS}/YZ-1/words", URGE)
    assert state(hotline)["urgings"] == [
        {"at": "2026-11-20T09:00:00+08:00", "body": "", "answer": "", "answered_at": None}
    ]
    referral.refer(read(), by=city.desk, now=NOW, law=city.law, lead=city.bodies["QRS"], why="由区局直接核处")
    again = URGE | {"at": "2026-11-20T09:10:00+08:00"}
    assert hotline.post(f"{TICKETS}/YZ-1/words", again).json()["ticket"]["urgings"][1]["answer"] == ""
    place = changes(hotline, 0)["next"]
    answer_urging(Urging.objects.get(), "已约负责人13900001234周三到场", by=city.desk, now=later)
    found = state(hotline)["urgings"]
    assert found[0]["answered_at"] is None
    assert (found[1]["body"], found[1]["answer"]) == ("云城区人社局", "已约负责人139****1234周三到场")
    assert found[1]["answered_at"] == clock.local(later).isoformat() and str(city.desk) not in str(found)
    assert [one["urgings"] for one in changes(hotline, place)["items"]] == [found]


def test_a_caller_joins_a_colleagues_urging_that_waits_and_reads_no_other(hotline, city, later):
    """Urgings among colleagues stay inside; one answered before the caller urged is not theirs."""
    sent(hotline, ticket(), ticket("YZ-2", text="另一个工地的12个人两个月没有拿到工资，共9万元。"))
    for number in ("YZ-1", "YZ-2"):
        referral.refer(
            read(number), by=city.desk, now=NOW, law=city.law, lead=city.bodies["QRS"], why="由区局直接核处"
        )
        urge(read(number).referrals.get().matter, "内部的话：请今天回复", by=city.desk, now=NOW)
    inside = read("YZ-2").referrals.get().matter.urgings.get()
    answer_urging(inside, "只给同事的答复", by=city.desk, now=later)
    for number in ("YZ-1", "YZ-2"):
        assert hotline.post(f"{TICKETS}/{number}/words", URGE).status_code == 200
    joined = read().referrals.get().matter.urgings.get()
    answer_urging(joined, "周三有结果", by=city.desk, now=later)
    assert [one["answer"] for one in state(hotline)["urgings"]] == ["周三有结果"]
    assert [(one["body"], one["answer"]) for one in state(hotline, "YZ-2")["urgings"]] == [("", "")]
    assert Urging.objects.count() == 2 and "内部的话" not in str(state(hotline))


def test_before_anything_is_concluded_a_discontented_caller_is_a_note(hotline, later):
    sent(hotline)
    answer = hotline.post(f"{TICKETS}/YZ-1/words", REVISIT).json()
    assert (answer["disagreed"], answer["ticket"]["state"]) == (False, "received")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"contacted": None}, "contacted"),
        ({"contacted": False}, "satisfied"),
        ({"kind": "urge"}, "kind"),
        (
            {"kind": "supplement", "contacted": None, "solved": None, "satisfied": None, "words": "  "},
            "words",
        ),
        ({"at": "2026-11-21T10:00:00+08:00"}, "at"),
        ({"at": "2026-11-20 10:00"}, "at"),
        ({"satisfied": "yes"}, "satisfied"),
    ],
)
def test_a_word_that_cannot_be_is_refused_in_a_sentence(said, field, hotline, later):
    sent(hotline)
    answer = hotline.post(f"{TICKETS}/YZ-1/words", REVISIT | said)
    assert (answer.status_code, answer.json()["field"].split(".")[0]) == (422, field)
    assert answer.json()["message"] and not TicketNote.objects.exists()


def test_the_description_that_is_exported_is_the_one_that_is_served(hotline, tmp_path, client):
    path = tmp_path / "api.json"
    from anxin.cli.main import main

    assert main(["api", "schema", str(path)]) == 0
    assert json.loads(path.read_text(encoding="utf-8")) == client.get("/api/v1/openapi.json").json()


def test_a_word_from_before_the_call_is_refused(hotline):
    sent(hotline)
    said = {"kind": "supplement", "words": "还有两个人", "at": "0547-06-23T04:49:59Z"}
    answer = hotline.post(f"{TICKETS}/YZ-1/words", said)
    assert (answer.status_code, answer.json()["field"]) == (422, "at")


def test_words_of_any_writing_are_kept_as_they_are(hotline):
    sent(hotline)
    words = "T0=\U0005474d!\U0008bf16\u00c9\U0008a4c25"
    said = {"kind": "supplement", "words": words, "at": "2026-11-20T01:00:00Z", "contacted": None}
    assert hotline.post(f"{TICKETS}/YZ-1/words", said).json()["fate"] == "accepted"
    assert TicketNote.objects.get().words.open() == words
