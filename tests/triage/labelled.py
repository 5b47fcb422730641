"""Every labelled text, for fitting the weights of parties and sites and for telling how well they do."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from anxin.triage import Message, candidates, fitting, read_messages, sites
from anxin.triage.reading import headed, plain
from tests.triage.scoring import same_disputes

FOLDER = Path(__file__).parent
#: the real messages, beside the project
SHARED = (
    Path(os.environ.get("ANXIN_SHARED_DATA") or FOLDER.resolve().parents[2] / "shared" / "data")
    / "complaints"
)


@dataclass(frozen=True)
class Labelled:
    """A message about wages owed; ``debtor``: the names a person would accept, empty where none is named; ``project`` likewise, ``None`` where
    nobody judged it."""

    key: str
    title: str
    body: str
    debtor: Sequence[str]
    project: Sequence[str] | None

    def judged(self, what: str) -> bool:
        return what == "debtor" or self.project is not None

    def names(self, what: str) -> Sequence[str]:
        return self.debtor if what == "debtor" else self.project or ()


def invented(name: str) -> list[Labelled]:
    """The claims of one file of invented texts."""
    found = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return [
        Labelled(
            one["id"], *headed(plain(one["title"] or ""), plain(one["text"])),
            [each for each in (one.get("debtor"), one.get("or_debtor")) if each],
            [one["project"]] if one.get("project") else [] if "project" in one else None,
        )
        for one in found
        if one.get("arrears", True)
    ]  # fmt: skip


def real() -> list[Labelled]:
    """The real messages about wages owed; empty where they are not at hand."""
    path = SHARED / "citizen_messages_dev.csv"
    if not path.is_file():
        return []
    labels = {one["id"]: one for one in map(json.loads, (FOLDER / "labels.jsonl").read_text().splitlines())}
    found = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["msg_id"] in labels:
                whole, where = row["title"] + "\n" + row["text"], labels[row["msg_id"]]["debtor"]
                found.append(
                    Labelled(
                        row["msg_id"], *headed(plain(row["title"]), plain(row["text"])),
                        [plain(whole[slice(*where)])] if where else [], None,
                    )
                )  # fmt: skip
    return found


@dataclass(frozen=True)
class Judged:
    """A message of a set ``where``, and whether wages are owed."""

    where: str
    title: str
    body: str
    arrears: bool

    @property
    def whole(self) -> str:
        return self.title + "\n" + self.body


SETS = (
    "board.yaml", "calls.yaml", "cases.yaml", "hotline.yaml", "letters.yaml", "mailbox.yaml", "platform.yaml",
)  # fmt: skip


def judged() -> list[Judged]:
    """Every message that says whether wages are owed, claims and others; the real ones where they are at hand."""
    found = [
        Judged(name, *headed(plain(one["title"] or ""), plain(one["text"])), one["arrears"])
        for name in SETS
        for one in yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    ]
    path = SHARED / "citizen_messages_dev.csv"
    if path.is_file():
        owed = {json.loads(line)["id"] for line in (FOLDER / "labels.jsonl").read_text().splitlines()}
        with path.open(encoding="utf-8-sig", newline="") as file:
            found += [
                Judged("real", *headed(plain(row["title"]), plain(row["text"])), row["msg_id"] in owed)
                for row in csv.DictReader(file)
            ]
    return found


FILES = ("board.yaml", "calls.yaml", "cases.yaml", "letters.yaml", "parties.yaml")


def learnt_from() -> list[Labelled]:
    """What the shipped weights were fitted on."""
    return [*real(), *(one for name in FILES for one in invented(name))]


def cases_of(messages: Sequence[Labelled], what: str) -> list[fitting.Case]:
    find = candidates.parties if what == "debtor" else sites.sites
    return [fitting.case(find(one.title, one.body), one.names(what)) for one in messages]


#: pairs of the real messages about one dispute, wages or not
SAME = {
    frozenset(pair)
    for pair in (
        ("213186", "235516"), ("224785", "233729"), ("208291", "234128"), ("253735", "229554"), ("233759", "360112"),
        ("9744", "4489"), ("206355", "278263"), ("206355", "207243"), ("278263", "207243"),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Delivery:
    """The messages of a set ``where``, read, and the pairs of their keys that are about one dispute."""

    where: str
    messages: Sequence[Message]
    same: set[frozenset[str]]


def deliveries() -> list[Delivery]:
    """Every set that says which messages are one dispute; the real ones where they are at hand."""
    found = []
    for name in SETS:
        cases = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
        messages = read_messages((one["id"], one["title"] or "", one["text"]) for one in cases)
        found.append(Delivery(name, messages, same_disputes(cases)))
    path = SHARED / "citizen_messages_dev.csv"
    if path.is_file():
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [(row["msg_id"], row["title"], row["text"]) for row in csv.DictReader(file)]
        found.append(Delivery("real", read_messages(rows), SAME))
    return found
