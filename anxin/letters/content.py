"""The words of a letter: a draft filled from its fields, and the issued letter kept as data."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Iterable, Mapping
from typing import Any

from anxin.evidence.sealing import Sealed
from anxin.law import Law
from anxin.letters import sums
from anxin.letters.models import Letter as Kept
from anxin.letters.models import LetterHead, PartyPaper
from anxin.letters.sources import OWN
from anxin.local_law import queries as local_law
from anxin.typesetting.errors import Problem
from anxin.typesetting.fields import Field
from anxin.typesetting.filling import checked, fill
from anxin.typesetting.letters import (
    ISSUED,
    Annex,
    Block,
    Column,
    Form,
    Heading,
    Letter,
    Paragraph,
    Signatures,
    Table,
)
from anxin.typesetting.templates import Template, template, templates

_RARE = ("attachments", "copies")
#: what stands where the number will stand
UNNUMBERED = "（文号在签发时编出）"


def offered() -> list[Template]:
    """The templates of what an office issues, seals and serves, by name. What parties sign is no letter."""
    return sorted(
        (one for one in templates().values() if one.style in ISSUED and one.register),
        key=lambda one: one.name,
    )


def asked(one: Template) -> list[Field]:
    """The fields that a person fills in: all but what the office itself sets at issue; what few letters have, last."""
    fields = [field for name, field in one.fields.items() if name not in OWN]
    return sorted(fields, key=lambda field: field.name in _RARE)


def suited(fields: Iterable[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that these fields can begin with: rows for tables, no rows for others; one name means both in different papers."""
    return {
        one.name: values[one.name]
        for one in fields
        if one.name in values and isinstance(values[one.name], list | tuple) == bool(one.columns)
    }


def values_of(letter: Kept | PartyPaper) -> dict[str, Any]:
    """The fields as they were typed; opening them is a look at what may be personal."""
    return dict(json.loads(opened(letter.fields)))


def sealed_values(values: Mapping[str, Any]) -> Sealed:
    """The fields for the sealed column."""
    return Sealed.of(json.dumps(values, ensure_ascii=False, sort_keys=True, default=_plain))


def with_own(values: Mapping[str, Any], head: LetterHead | None, number: str, on: dt.date) -> dict[str, Any]:
    """The fields with what the office sets."""
    return {**values, "issuer": head.issuer if head else "", "number": number, "issued_on": on}


def problems(
    kind: str, values: Mapping[str, Any], head: LetterHead | None, on: dt.date
) -> tuple[Problem, ...]:
    """Every field that is missing or wrong, in the order of the template; then what does not agree with the others."""
    own = with_own(values, head, "", on)
    own["issuer"] = own["issuer"] or "机关"  # that the office has no head is told by itself, not as a field
    read, wrong = checked(template(kind), own)
    return wrong or sums.problems(kind, read, local_law.current(), on)


def filled(
    letter: Kept, values: Mapping[str, Any], head: LetterHead | None, *, number: str, on: dt.date, law: Law
) -> Letter:
    """The letter with these fields, and a last line where it takes an earlier letter's place.

    Raises :class:`~anxin.typesetting.errors.NotFilled` with every field that is missing or wrong.
    """
    made = fill(template(letter.kind), with_own(values, head, number, on), cite=law.cite)
    if letter.replaces is None:
        return made
    said = f"本文书替代{letter.replaces.number}，原文书自本文书送达之日起不再使用。"
    cut = next((at for at, one in enumerate(made.blocks) if isinstance(one, Annex)), len(made.blocks))
    return dataclasses.replace(made, blocks=(*made.blocks[:cut], Paragraph(said), *made.blocks[cut:]))


def sealed_words(letter: Letter) -> Sealed:
    """The filled letter, to be kept."""
    words = json.dumps(dataclasses.asdict(letter), ensure_ascii=False, sort_keys=True, default=_plain)
    return Sealed.of(words)


def opened(kept: Any) -> str:
    """The plain text of a sealed column, which a type checker takes for its bytes."""
    assert isinstance(kept, Sealed)
    return kept.open()


def words_of(kept: Any) -> Letter:
    """What :func:`sealed_words` kept."""
    said = json.loads(opened(kept))
    return Letter(
        **{
            **said,
            "date": dt.date.fromisoformat(said["date"]),
            "blocks": tuple(_block(one) for one in said["blocks"]),
            "attachments": tuple(said["attachments"]),
        }
    )


def _block(said: dict[str, Any]) -> Block:
    match said["kind"]:
        case "heading":
            return Heading(**said)
        case "paragraph":
            return Paragraph(**said)
        case "annex":
            return Annex(**said)
        case "form":
            return Form(tuple((label, rest) for label, rest in said["pairs"]))
        case "signatures":
            return Signatures(tuple(tuple(lines) for lines in said["signers"]))
    columns = tuple(Column(**one) for one in said["columns"])
    return Table(columns, tuple(tuple(row) for row in said["rows"]), tuple(said["foot"]))


def _plain(value: object) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{value!r} is no value of a letter")
