"""The hash chain: whatever is done to the rows behind the product's back is found."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import pytest
from django.db import connection, transaction

from anxin.evidence.journal import Actor, Event, record, record_all, verify
from anxin.evidence.models import JournalEntry, JournalHead

pytestmark = pytest.mark.django_db


@pytest.fixture
def five_entries(actor, now):
    return [
        record(
            actor=actor,
            action="test.done",
            object_type="thing",
            object_id=number,
            summary=f"第{number}件事",
            now=now + dt.timedelta(minutes=number),
            before={"状态": "旧", "fen": number},
            after={"状态": "新", "fen": number * 100},
            basis="《保障农民工工资支付条例》",
        )
        for number in range(1, 6)
    ]


def test_an_untouched_chain_is_intact(five_entries):
    report = verify()
    assert (report.intact, report.entries, report.problem) == (True, 5, "")


def test_an_empty_journal_is_intact(db):
    assert verify().intact


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("summary", "另一件事"),
        ("actor", "user:2"),
        ("actor_name", "别人"),
        ("action", "test.undone"),
        ("object_type", "other"),
        ("object_id", "99"),
        ("at", dt.datetime(2026, 1, 1, tzinfo=dt.UTC)),
        ("before", None),
        ("after", {"状态": "新", "fen": 301}),
        ("basis", ""),
        ("hash", "0" * 64),
        ("previous_hash", "0" * 64),
    ],
)
def test_a_changed_row_is_named(five_entries, field, value):
    JournalEntry.objects.filter(sequence=3).update(**{field: value})
    report = verify()
    assert (report.intact, report.broken_at) == (False, 3)
    assert "第3条" in report.problem


def test_a_changed_row_whose_own_hash_was_made_to_fit_is_found_at_the_next(five_entries):
    forged = JournalEntry.objects.get(sequence=3)
    forged.summary = "另一件事"
    forged.hash = _hash(forged)
    forged.save()
    assert verify().broken_at == 4


def test_a_removed_row_is_named(five_entries):
    JournalEntry.objects.filter(sequence=3).delete()
    assert verify().broken_at == 3


def test_a_removed_first_row_is_named(five_entries):
    JournalEntry.objects.filter(sequence=1).delete()
    assert verify().broken_at == 1


def test_removed_last_rows_are_found(five_entries):
    JournalEntry.objects.filter(sequence__gte=4).delete()
    report = verify()
    assert (report.broken_at, report.entries) == (4, 3)


def test_an_emptied_journal_is_found(five_entries):
    JournalEntry.objects.all().delete()
    assert not verify().intact


def test_an_inserted_row_is_found(five_entries):
    last = JournalEntry.objects.get(sequence=5)
    JournalEntry.objects.create(**_copy(last), sequence=6, previous_hash=last.hash, hash="f" * 64)
    assert verify().broken_at == 6


def test_an_inserted_row_with_a_right_hash_is_found_by_the_head(five_entries):
    last = JournalEntry.objects.get(sequence=5)
    forged = JournalEntry(**_copy(last), sequence=6, previous_hash=last.hash)
    forged.hash = _hash(forged)
    forged.save()
    report = verify()
    assert not report.intact


def test_a_removed_head_is_found(five_entries):
    JournalHead.objects.all().delete()
    assert not verify().intact


def test_two_rows_in_the_other_order_are_found(five_entries):
    JournalEntry.objects.filter(sequence=2).update(sequence=100)
    JournalEntry.objects.filter(sequence=3).update(sequence=2)
    JournalEntry.objects.filter(sequence=100).update(sequence=3)
    assert verify().broken_at == 2


def test_the_hash_can_be_computed_by_a_stranger(five_entries):
    """From the published description alone: SHA-256 of the previous hash, a line feed and canonical JSON."""
    entry = JournalEntry.objects.get(sequence=4)
    assert entry.hash == _hash(entry)


def test_an_entry_leaves_with_the_transaction_that_made_it(actor, now):
    with pytest.raises(RuntimeError), transaction.atomic():
        record(actor=actor, action="a", object_type="t", object_id=1, summary="s", now=now)
        raise RuntimeError
    assert JournalEntry.objects.count() == 0
    record(actor=actor, action="a", object_type="t", object_id=1, summary="s", now=now)
    assert verify().entries == 1


def test_the_order_of_keys_and_the_time_zone_do_not_matter(five_entries, now):
    """JSON columns and timestamps come back from a database in its own form."""
    entry = JournalEntry.objects.get(sequence=1)
    entry.after = dict(reversed(list(entry.after.items())))
    entry.at = entry.at.astimezone(dt.timezone(dt.timedelta(hours=-5)))
    entry.save()
    assert verify().intact


def test_a_reaction_runs_in_the_same_transaction(actor, now, monkeypatch):
    from anxin.evidence import journal

    seen = []
    monkeypatch.setattr(journal, "_reactions", type(journal._reactions)(list))

    def reaction(entry):
        assert connection.in_atomic_block
        seen.append(entry.object_id)

    journal.react_to("thing.done", reaction)
    journal.react_to("thing.done", reaction)  # registering twice is registering once
    record(actor=actor, action="thing.done", object_type="t", object_id=7, summary="s", now=now)
    record(actor=actor, action="thing.other", object_type="t", object_id=8, summary="s", now=now)
    assert seen == ["7"]


def test_a_failing_reaction_takes_the_entry_with_it(actor, now, monkeypatch):
    from anxin.evidence import journal

    monkeypatch.setattr(journal, "_reactions", type(journal._reactions)(list))

    def refuse(entry):
        raise RuntimeError("no")

    journal.react_to("thing.done", refuse)
    with pytest.raises(RuntimeError):
        record(actor=actor, action="thing.done", object_type="t", object_id=7, summary="s", now=now)
    assert JournalEntry.objects.count() == 0


def test_a_long_summary_is_cut_and_still_verifies(actor, now):
    record(actor=actor, action="a", object_type="t", object_id=1, summary="长" * 900, now=now)
    assert verify().intact


def test_many_at_once_make_the_chain_that_one_by_one_makes(
    actor, now, five_entries, django_assert_max_num_queries
):
    hashes = list(JournalEntry.objects.order_by("sequence").values_list("hash", flat=True))
    events = [
        Event(one.action, "thing", n, one.summary, one.before, one.after, one.basis)
        for n, one in enumerate(five_entries, 1)
    ]
    JournalEntry.objects.all().delete()
    JournalHead.objects.all().delete()
    for number in (1, 2):
        record_all(events[number - 1 : number], actor=actor, now=now + dt.timedelta(minutes=number))
    assert list(JournalEntry.objects.order_by("sequence").values_list("hash", flat=True)) == hashes[:2]

    with django_assert_max_num_queries(30):
        made = record_all(events[2:] * 400, actor=actor, now=now)
    assert [entry.sequence for entry in made] == list(range(3, 1203))
    assert verify().intact and verify().entries == 1202
    assert record_all([], actor=actor, now=now) == []


def test_each_of_many_is_reacted_to_once_all_are_written(actor, now, monkeypatch):
    from anxin.evidence import journal

    seen = []
    monkeypatch.setattr(journal, "_reactions", type(journal._reactions)(list))
    journal.react_to("thing.done", lambda entry: seen.append((entry.object_id, JournalEntry.objects.count())))
    record_all([Event("thing.done", "t", n, "s") for n in (7, 8)], actor=actor, now=now)
    assert seen == [("7", 2), ("8", 2)]


@pytest.mark.django_db(transaction=True)
def test_two_writers_at_once_make_one_chain(now):
    import threading

    from django.db import connections

    def write(writer):
        try:
            for number in range(15):
                record(
                    actor=Actor(f"user:{writer}", "甲"),
                    action="a",
                    object_type="t",
                    object_id=number,
                    summary="s",
                    now=now,
                )
        finally:
            connections.close_all()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    report = verify()
    assert (report.intact, report.entries) == (True, 60)


def _copy(entry):
    names = (
        "at",
        "actor",
        "actor_name",
        "action",
        "object_type",
        "object_id",
        "summary",
        "before",
        "after",
        "basis",
    )
    return {name: getattr(entry, name) for name in names}


def _hash(entry):
    fields = _copy(entry) | {
        "sequence": entry.sequence,
        "at": entry.at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f+00:00"),
    }
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256((entry.previous_hash + "\n" + text).encode()).hexdigest()
