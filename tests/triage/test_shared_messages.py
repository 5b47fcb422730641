"""The real messages, where they are at hand, against labels by judgement (places in the text, no words of it)."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest

from anxin.triage import read_messages
from tests.triage.labelled import SAME
from tests.triage.scoring import construction, figures, pairs_f1

_ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("ANXIN_SHARED_DATA") or _ROOT.parent / "shared" / "data") / "complaints"
#: number of each message about wages owed → what people found in it
LABELS = {
    one["id"]: one
    for one in map(json.loads, Path(__file__).with_name("labels.jsonl").read_text().splitlines())
}

needs_messages = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"the shared messages are not in {FOLDER} (set ANXIN_SHARED_DATA)"
)
pytestmark = needs_messages


@pytest.fixture(scope="module")
def labelled():
    found = []
    with (FOLDER / "citizen_messages_dev.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            label = LABELS.get(row["msg_id"], {"people": None, "amount_yuan": None, "debtor": None})
            whole = row["title"] + "\n" + row["text"]
            found.append(
                {
                    **label,
                    "id": row["msg_id"],
                    "title": row["title"],
                    "text": row["text"],
                    "arrears": row["msg_id"] in LABELS,
                    "debtor": whole[slice(*label["debtor"])] if label["debtor"] else None,
                }
            )
    return found


def test_figures_keep_their_floors(labelled):
    reached = figures(labelled)
    assert reached.f1 >= 0.93
    assert min(reached.people_right, reached.people_none, reached.amount_right, reached.amount_none) >= 0.85
    assert reached.debtor_found >= 0.88
    assert reached.first_fifth >= 0.7


def test_all_construction_is_found_and_two_others_are_taken_for_it_at_most(labelled):
    recall, precision = construction(labelled)
    assert recall == 1
    assert precision >= 30 / 32


def test_pairs_about_one_dispute_are_found(labelled):
    messages = read_messages((one["id"], one["title"], one["text"]) for one in labelled)
    assert pairs_f1(messages, SAME) >= 0.85


def test_hardly_any_message_about_something_else_is_called_urgent(labelled):
    messages = read_messages((one["id"], one["title"], one["text"]) for one in labelled)
    others = [one.reading.urgency for one in messages if not one.reading.arrears]
    assert sum(level > 1 for level in others) <= 0.01 * len(others)
