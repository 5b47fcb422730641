"""One message read: is it wages owed, how many people, how much, by whom, where, how urgent, and which words say so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from anxin.triage import lengths, parties, quantities
from anxin.triage.construction import SHIPPED as BUILDING
from anxin.triage.construction import building
from anxin.triage.model import Model, shipped
from anxin.triage.numerals import numbers
from anxin.triage.quantities import Amount, Quantity
from anxin.triage.spans import Name
from anxin.triage.urgency import ORDINARY, Urgency, urgency, urgency_of_others
from anxin.triage.wages import signs_of
from anxin.triage.weights import Weights


@dataclass(frozen=True)
class Reason:
    """A judgement in a person's words, and the words of the text that it rests on."""

    about: str
    says: str
    words: str


@dataclass(frozen=True)
class Reading:
    """What a message says. Where wages are not the matter, the fields of the claim are empty; threats are read all the same."""

    arrears: bool
    score: float
    construction: bool
    people: int | None
    #: with its cents where the text has them
    amount_yuan: int | Decimal | None
    months: int | None
    debtor: str | None
    project: str | None
    place: str | None
    urgency: int
    reasons: Sequence[Reason]

    def as_json(self) -> dict[str, Any]:
        """The reading as ``anxin triage --json`` prints it."""
        return {
            "arrears": self.arrears,
            "score": round(self.score, 4),
            "construction": self.construction,
            "people": self.people,
            "amount_yuan": float(self.amount_yuan)
            if isinstance(self.amount_yuan, Decimal)
            else self.amount_yuan,
            "months": self.months,
            "debtor": self.debtor,
            "project": self.project,
            "urgency": self.urgency,
            "reasons": [asdict(reason) for reason in self.reasons],
        }


def read(title: str, body: str, model: Model | None = None, built_by: Weights = BUILDING) -> Reading:
    """Read one message; ``title`` may be empty. ``score`` is the chance, 0 to 1, that wages are owed.

    ``built_by``: the weights that tell whether the work was construction.
    """
    title, body = headed(plain(title), plain(body))
    model = model or shipped()
    found = signs_of(title, body)
    score = model.chance(found)
    reasons = [
        Reason("arrears" if model.weight(sign) >= 0 else "not_arrears", sign.says, sign.words)
        for sign in model.strongest(found)
    ]
    text = title + "\n" + body
    if score < model.threshold:
        how_urgent = urgency_of_others(text)
        reasons += _feared(how_urgent)
        return Reading(False, score, False, None, None, None, None, None, None, how_urgent.level, reasons)
    figures = numbers(text)
    people = quantities.people(text, figures)
    amount = quantities.amount(text, figures)
    months = lengths.months(text)
    debtor, project, place = (
        parties.debtor(title, body),
        parties.project(title, body),
        parties.place(title, body),
    )
    built = building(text, project, built_by)
    how_urgent = urgency(text, people.value if people else None)
    reasons += [
        *_stated("people", "人数", people),
        *_stated("amount_yuan", "金额", amount),
        *_stated("months", "时长", months),
        *_named("debtor", "谁欠", debtor),
        *_named("project", "项目", project),
        *_named("place", "地点", place),
    ]
    if built:
        reasons.append(Reason("construction", "工程建设领域", built.words))
    reasons += _feared(how_urgent)
    return Reading(
        True, score, built is not None,
        people.value if people else None, amount.value if amount else None, months.value if months else None,
        debtor.words if debtor else None, project.words if project else None, place.words if place else None,
        how_urgent.level, reasons,
    )  # fmt: skip


#: full-width letters, digits and signs to their plain forms, one for one, so that places in the text stay
_PLAIN = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B)} | {0x3000: " ", 0xFF0E: ".", 0xFF05: "%"}


def plain(text: str) -> str:
    """The text with full-width letters and digits as plain ones, white space within lines closed up."""
    return re.sub(r"[ \t\u00a0]+", " ", text.translate(_PLAIN)).strip()


#: a first line no longer than this, with more below it, is a title
_LONGEST_TITLE = 45


def headed(title: str, body: str) -> tuple[str, str]:
    """Title and body; where no title is given, a short first line of the body is one."""
    if not title:
        first, _, rest = body.partition("\n")
        if rest.strip() and len(first) <= _LONGEST_TITLE:
            return first.strip(), rest.strip()
    return title, body


def _stated(about: str, says: str, quantity: Quantity | Amount | None) -> list[Reason]:
    return [Reason(about, says, quantity.words)] if quantity else []


def _feared(how_urgent: Urgency) -> list[Reason]:
    return [Reason("urgency", how_urgent.says, how_urgent.words)] if how_urgent.level > ORDINARY else []


def _named(about: str, says: str, name: Name | None) -> list[Reason]:
    return [Reason(about, says, name.words)] if name else []
