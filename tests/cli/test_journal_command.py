from __future__ import annotations

import json

import pytest

from anxin.cli.main import main
from anxin.evidence.journal import record
from anxin.evidence.models import JournalEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries(actor, now):
    for number in range(3):
        record(actor=actor, action="a", object_type="t", object_id=number, summary="s", now=now)


def verified(capsys):
    code = main(["journal", "verify", "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_whole_journal_is_0(entries, capsys):
    code, document = verified(capsys)
    assert code == 0
    assert document.pop("seconds") >= 0
    assert document == {"intact": True, "entries": 3, "broken_at": None, "problem": ""}


def test_a_changed_journal_is_1_and_names_the_entry(entries, capsys):
    JournalEntry.objects.filter(sequence=2).update(summary="改过")
    code, document = verified(capsys)
    assert (code, document["intact"], document["broken_at"]) == (1, False, 2)


def test_without_json_it_is_a_sentence(entries, capsys):
    assert main(["journal", "verify"]) == 0
    assert capsys.readouterr().out == "日志完整，共3条。\n"
