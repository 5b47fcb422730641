"""What was reported of one business, as an export attaches it: by month back from the day, with what happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from checker.reading import Claim

#: how many months back a report is remembered
REMEMBERED = 15

Entry = Mapping[str, Any]


def month_number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7])


@dataclass(frozen=True)
class Firm:
    """One business on the day of a warning."""

    number: int
    as_of: dt.date
    #: months back → what was reported of that month
    months: Mapping[int, Entry]
    happened: Sequence[Entry]
    clues: Sequence[Entry]
    register: Entry
    #: thresholds in force on the day, by their last word
    limits: Mapping[str, int]

    @property
    def this_month(self) -> int:
        return self.as_of.year * 12 + self.as_of.month

    def said(self, what: str, back: int) -> Any:
        """The value of a month, ``None`` where nobody told it."""
        return self.months.get(back, {}).get(what)

    def latest(self, what: str) -> int | None:
        """Months back to the latest word, ``None`` where it is too old to say how things are."""
        told = [back for back in sorted(self.months) if self.said(what, back) is not None]
        return told[0] if told and told[0] <= self.limits["fresh_months"] else None

    def key_of_month(self, back: int) -> str:
        index = self.this_month - back
        year, month = divmod(index - 1, 12)
        return f"employer_month:{self.number}@{year:04d}-{month + 1:02d}"

    @property
    def insured(self) -> int | None:
        """People insured by the latest word that is not too old."""
        back = self.latest("insured")
        return None if back is None else int(self.said("insured", back))

    def age(self, day: str | None) -> int | None:
        return None if day is None else (self.as_of - dt.date.fromisoformat(day)).days

    def begun(self, *kinds: str) -> Iterator[Entry]:
        """What happened by the day."""
        for entry in self.happened:
            age = self.age(entry["on"])
            if entry["kind"] in kinds and age is not None and age >= 0:
                yield entry

    def standing(self, *kinds: str) -> Iterator[Entry]:
        """What happened and has not ended by the day."""
        for entry in self.begun(*kinds):
            over = self.age(entry.get("until"))
            if over is None or over < 0:
                yield entry


@dataclass(frozen=True)
class Told:
    """Everything an export attaches to one warning about a business."""

    claim: Claim

    def firm(self, number: int) -> Firm:
        told = self.claim["facts"]

        def own(table: str) -> list[Entry]:
            return [row for row in told[table] if row["employer_id"] == number]

        as_of = self.claim.as_of
        this = as_of.year * 12 + as_of.month
        back = {this - month_number(row["month"]): row for row in own("employer_months")}
        return Firm(
            number=number,
            as_of=as_of,
            months={ago: row for ago, row in back.items() if 0 <= ago <= REMEMBERED},
            happened=own("employer_events"),
            clues=own("clues"),
            register=next(iter(own("employers")), {}),
            limits=self.claim["limits"],
        )

    @property
    def itself(self) -> Firm:
        return self.firm(self.claim["subject_id"])

    def linked(self) -> list[int]:
        """Businesses with a common owner or representative on the day, each once."""
        here, as_of = self.claim["subject_id"], self.claim.as_of
        found = set()
        for link in self.claim["facts"]["employer_links"]:
            since, until = link.get("since"), link.get("until")
            begun = since is None or dt.date.fromisoformat(since) <= as_of
            over = until is not None and dt.date.fromisoformat(until) <= as_of
            if begun and not over:
                pair = (link["employer_id"], link["other_id"])
                found |= {pair[1]} if pair[0] == here else {pair[0]} if pair[1] == here else set()
        return sorted(found)

    def least(self, code: str, measure: str) -> int:
        """The mildest limit of a measure in the grading table of another rule."""
        steps = self.claim["sign_gradings"][code]
        return min(step["when"][measure]["min"] for step in steps if "min" in step["when"].get(measure, {}))
