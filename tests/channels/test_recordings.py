"""Recordings: one records, another hears, workers hear it while the words stay as they are."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.channels import guide_writing, recording
from anxin.channels import queries_recordings as queries
from anxin.channels.models import Recording
from anxin.channels.spoken import SENTENCES, Passage, passages, sentences
from anxin.evidence.journal import Actor
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused

SECOND = Actor("user:2", "另一人")
#: two frames of silence
MP3 = b"\xff\xfb\x90\x64" + bytes(413)


def recorded(actor, now, key="form.owes", language="普通话", data=MP3):
    return recording.add_recording(
        key, language=language, data=data, filename="录音.mp3", on=now.date(), actor=actor, now=now
    )


def heard(made, now, by=SECOND):
    return recording.hear_recording(made, on=now.date(), actor=by, now=now)


def languages(*begins):
    return [(one.key, one.language) for one in queries.played(sentences(*begins))]


def test_workers_hear_it_only_once_a_second_person_has(db, actor, now):
    made = recorded(actor, now)
    assert queries.playable(made.pk) is None and languages() == []
    with pytest.raises(Refused, match="请另一位同事听一遍"):
        heard(made, now, by=actor)
    heard(made, now)
    assert queries.playable(made.pk) == made and languages() == [("form.owes", "普通话")]
    assert list(JournalEntry.objects.filter(object_type="recording").values_list("action", flat=True)) == [
        "recording.added",
        "recording.heard",
    ]


def test_the_same_file_again_changes_nothing_and_another_one_replaces_it_once_heard(db, actor, now):
    first = recorded(actor, now)
    heard(first, now)
    assert recorded(actor, now) == first and Recording.objects.count() == 1
    second = recorded(actor, now, data=MP3 + MP3)
    assert queries.playable(first.pk) is not None
    heard(second, now)
    assert queries.playable(first.pk) is None and queries.playable(second.pk) is not None


def test_each_language_has_its_own_and_mandarin_comes_first(db, actor, now):
    heard(recorded(actor, now, language="四川话", data=MP3 + b"\0"), now)
    heard(recorded(actor, now), now)
    assert languages() == [("form.owes", "普通话"), ("form.owes", "四川话")]


def test_a_recording_of_other_words_is_not_played(db, actor, now, monkeypatch):
    made = heard(recorded(actor, now), now)
    monkeypatch.setitem(SENTENCES, "form.owes", "是谁欠您的工资？")
    assert languages() == []
    (kept,) = [one for passage, rows in queries.kept(sentences()) for one in rows]
    assert kept.row == made and kept.stale and kept.state == "文字已改，请重新录"


def test_what_was_recorded_before_a_change_cannot_be_let_through_after_it(db, actor, now, monkeypatch):
    made = recorded(actor, now)
    monkeypatch.setitem(SENTENCES, "form.owes", "是谁欠您的工资？")
    with pytest.raises(Refused, match="文字已改"):
        heard(made, now)


def test_a_guide_needs_another_recording_from_the_day_its_new_version_begins(db, actor, now):
    heard(recorded(actor, now, key="guide.questions"), now)
    draft = guide_writing.draft_guide(
        "questions", title="问", summary="新的一版", body="能。", source="某局通知",
        valid_from=now.date() + dt.timedelta(days=1), actor=actor, now=now,
    )  # fmt: skip
    guide_writing.publish_guide(draft, actor=SECOND, now=now)

    def played(on: dt.date) -> int:
        return len(queries.played(passages(on)))

    assert (played(now.date()), played(now.date() + dt.timedelta(days=1))) == (1, 0)


def test_a_recording_taken_back_is_silent_and_says_why(db, actor, now):
    made = heard(recorded(actor, now), now)
    with pytest.raises(Refused, match="为什么停用"):
        recording.end_recording(made, why="", actor=actor, now=now)
    ended = recording.end_recording(made, why="念错了一个字", actor=actor, now=now)
    assert queries.playable(made.pk) is None and ended.ended_why == "念错了一个字"
    with pytest.raises(Refused, match="已经停用"):
        heard(made, now)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"data": "一段话".encode()}, "只收 MP3"),
        ({"data": MP3 + bytes(4 * 1024 * 1024)}, "超过4MB"),
        ({"language": " "}, "哪种话"),
        ({"language": "一种名字特别特别长的方言叫法"}, "最长12个字"),
        ({"key": "form.nothing"}, "没有这一段文字"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_a_sentence(db, actor, now, changes, says):
    with pytest.raises(Refused, match=says):
        recorded(actor, now, **changes)
    assert not Recording.objects.exists()


def test_every_passage_has_its_own_key_and_mark(db, now):
    found = passages(now.date())
    assert len({one.key for one in found}) == len({one.mark for one in found}) == len(found) > len(SENTENCES)
    assert Passage("a", "b", "c").mark == Passage("x", "y", "c").mark
